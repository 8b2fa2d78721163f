"""Public ids: short enough for JavaScript, too long and too scattered to walk."""

from __future__ import annotations

import itertools

import pytest
from django.db import models
from django.urls import resolve, reverse

from tests.makers import make_work
from undying.kernel.ids import new_id
from undying.library.models import Chapter, Series, Work
from undying.people.models import Pseud


def test_ids_stay_between_a_trillion_and_what_javascript_counts_exactly():
    drawn = {new_id() for _ in range(5000)}
    assert len(drawn) == 5000
    assert min(drawn) >= 2**40
    assert max(drawn) < 2**53


def test_ids_do_not_follow_each_other():
    drawn = [new_id() for _ in range(400)]
    rises = sum(later > earlier for earlier, later in itertools.pairwise(drawn))
    assert 120 < rises < 280
    assert min(abs(a - b) for a, b in itertools.pairwise(drawn)) > 1


@pytest.mark.parametrize("model", [Work, Chapter, Series, Pseud])
def test_what_has_an_address_has_such_an_id(model: type[models.Model]):
    key = model._meta.pk
    assert isinstance(key, models.BigIntegerField)
    assert key.default is new_id


@pytest.mark.django_db
def test_works_and_chapters_get_theirs_from_the_draw():
    work = make_work(chapters=3)
    numbers = [work.pk, *work.chapters.values_list("pk", flat=True)]
    assert all(2**40 <= number < 2**53 for number in numbers)
    assert len(set(numbers)) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("number", [2**31 + 1, 2**53 + 1, 2**63 - 1])
def test_database_and_addresses_take_any_64_bit_id(number: int):
    work = make_work()
    Work.objects.filter(pk=work.pk).update(title="Moved")
    twin = Work.objects.get(pk=work.pk)
    twin.pk, twin.key = number, f"twin-{number}"
    twin.save(force_insert=True)
    assert Work.objects.get(pk=number).pk == number
    address = reverse("work", args=[number])
    assert resolve(address).kwargs == {"work_id": number}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 2**63, 10**30])
def test_a_number_beyond_the_column_is_not_found_and_no_error(client, number: int):
    assert client.get(f"/works/{number}").status_code == 404
    assert client.get(f"/chapters/{number}").status_code == 404
    assert client.get(f"/series/{number}").status_code == 404
