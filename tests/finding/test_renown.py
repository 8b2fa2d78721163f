"""Renown: suggestions go by what everybody may read, and tell nothing of the rest."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from undying.finding import engine, indexer, names, renown
from undying.finding.backends import IndexGone
from undying.library import access, actions
from undying.library.models import Tag
from undying.manuscript import Audience, TagKind
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST, OPERATOR = Viewer.anyone(), Viewer.operator()


def known() -> dict[str, int]:
    return dict(Tag.objects.filter(renown__gt=0).values_list("name", "renown"))


def fill() -> None:
    for number in range(1, 7):
        for _ in range(number):
            make_work(tags={TagKind.CHARACTER: [f"Moon {number}"]})
    for _ in range(9):
        make_work(tags={TagKind.CHARACTER: ["Moon 1", "Moon Secret"]}, audience=Audience.MEMBERS)
    indexer.drain_if_free()


def test_it_counts_works_for_everybody_and_follows_what_changes(monkeypatch: pytest.MonkeyPatch):
    fill()
    assert renown.refresh() == 6
    assert known() == {f"Moon {number}": number for number in range(1, 7)}
    actions.close_to_guests([Tag.objects.get(name="Moon 2").worktags.all()[0].work_id])
    assert renown.refresh() == 1
    assert known()["Moon 2"] == 1
    assert renown.refresh() == 0

    def gone() -> str:
        raise IndexGone("away")

    monkeypatch.setattr(engine._backend(), "generation", gone)
    assert renown.refresh() == 0


@pytest.mark.parametrize(("number", "told"), [(0, 0), (7, 7), (99, 99), (100, 100), (1_999, 1_900), (123_456, 120_000)])
def test_large_numbers_are_rounded_down_to_two_digits(number: int, told: int):
    assert renown.rounded(number) == told


def test_suggestions_go_by_renown_and_in_one_order_for_everybody():
    fill()
    renown.refresh()
    shown = [each.tag.name for each in access.tags_like(GUEST, "moo", TagKind.CHARACTER)]
    assert shown == [f"Moon {number}" for number in (6, 5, 4, 3, 2, 1)]
    assert [each.tag.name for each in access.tags_like(OPERATOR, "moo")] == [*shown, "Moon Secret"]


def test_a_beginning_that_very_many_have_leads_to_the_best_known(monkeypatch: pytest.MonkeyPatch):
    fill()
    renown.refresh()
    monkeypatch.setattr(access, "MOST_MATCHES", 3)
    monkeypatch.setattr("undying.library.models.tags.RANKED", 4)
    for viewer in (GUEST, OPERATOR):
        assert [each.tag.name for each in access.tags_like(viewer, "m")] == ["Moon 6", "Moon 5", "Moon 4", "Moon 3"]
    assert [each.tag.name for each in access.tags_like(OPERATOR, "moon sec")] == ["Moon Secret"]
    assert access.tags_like(GUEST, "moon sec") == []
    monkeypatch.setattr(names, "MOST_NAMESAKES", 1)
    numbers = names.tags_beginning("m", TagKind.CHARACTER, Viewer.anyone())
    assert [Tag.objects.get(pk=number).name for number in numbers[:4]] == ["Moon 6", "Moon 5", "Moon 4", "Moon 3"]


def test_without_renown_a_beginning_that_many_have_still_finds_some(monkeypatch: pytest.MonkeyPatch):
    fill()
    monkeypatch.setattr(access, "MOST_MATCHES", 3)
    assert len(access.tags_like(GUEST, "m")) == 4
