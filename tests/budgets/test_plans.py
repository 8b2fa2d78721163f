"""How SQLite means to answer what pages ask: things at hand are looked up one by one, and nothing is gone through."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import viewer
from undying.finding import others
from undying.library.models import Chapter, Creatorship, Series, Tag
from undying.people.viewer import Viewer

ASKED = {
    "chapters": lambda viewer: list(Chapter.objects.visible_to(viewer).filter(work__in=[1, 2])),
    "bylines": lambda viewer: list(Creatorship.objects.visible_to(viewer).filter(pseud__in=[1, 2])),
    "series": lambda viewer: list(Series.objects.visible_to(viewer).filter(pk__in=[1, 2])),
    "tags": lambda viewer: list(Tag.objects.visible_to(viewer).filter(pk__in=[1, 2])),
    "people found": lambda viewer: others.people("lucy west", viewer).part(0, 20),
    "tags found": lambda viewer: others.tags("lucy west", viewer).part(0, 20),
    "series found": lambda viewer: others.series("lucy west", viewer).part(0, 20),
}


@pytest.fixture(params=["guest", "member"])
def onlooker(request, cast):
    if connection.vendor != "sqlite":
        pytest.skip("each database plans for itself; this reads what SQLite says of it")
    return Viewer.anyone() if request.param == "guest" else viewer(cast.rey)


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_gone_through_for_the_few_things_on_a_page(onlooker, name):
    with CaptureQueriesContext(connection) as asked:
        ASKED[name](onlooker)
    plans = [step for query in asked.captured_queries for step in plan(query["sql"])]

    assert plans
    assert [step for step in plans if re.match(r"SCAN (?!\d+ CONSTANT)|.*LIST SUBQUERY", step)] == []


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]
