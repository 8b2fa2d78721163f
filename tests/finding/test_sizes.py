"""Sizes of tags: what the index counts is what the database counts, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import viewer
from tests.makers import make_work
from undying.community import excluding
from undying.community.excluding import NOTHING, exclusions_of
from undying.finding import engine, indexer, sizes
from undying.finding.backends import IndexGone
from undying.library import actions, tag_accounts, wrangling
from undying.library.models import Tag
from undying.manuscript import Audience, Medium, TagAccount, Tagging, TagKind
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()


@pytest.fixture
def shelf(home: Path, db: None) -> None:
    for number in range(3):
        make_work(f"Sea {number}", tags={TagKind.FANDOM: ["Odyssey"], TagKind.WARNING: ["Death"][:number]})
    make_work("Castle", tags={TagKind.FANDOM: ["dracula", "Odyssey"]})
    make_work("Coffin", tags={TagKind.FANDOM: ["Carmilla"]})
    make_work("Secret", tags={TagKind.FANDOM: ["Secret Garden", "Carmilla"]}, audience=Audience.MEMBERS)

    def of(name: str, **said: object) -> TagAccount:
        return TagAccount(tag=Tagging(kind=TagKind.FANDOM, name=name), **said)  # type: ignore[arg-type]  # its fields

    tag_accounts.keep(
        [
            of("dracula", canonical="Dracula"),
            of("Dracula", parents=("Gothic",), medium=Medium.BOOKS),
            of("Carmilla", parents=("Gothic",)),
        ]
    )
    indexer.drain_if_free()


def told(who: Viewer) -> dict[str, int]:
    tags = Tag.objects.filter(kind=TagKind.FANDOM).canonical()
    out = exclusions_of(who)
    found = sizes.sized(tags, TagKind.FANDOM, who, out)
    visible = sizes.seen(found, who)
    shown = [tag for tag in found if tag.pk in visible]
    assert [tag.pk for tag in sizes.largest(TagKind.FANDOM, who, out, 3)] == [tag.pk for tag in shown[:3]]
    return {tag.name: vars(tag)["uses"] for tag in shown}


@pytest.mark.usefixtures("shelf")
def test_index_and_database_tell_the_same_and_nothing_of_secret_works(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    excluding.exclude_tag(viewer(cast.rey), Tag.objects.get(name="Death").pk)
    people = (GUEST, viewer(cast.rey), viewer(cast.ada), Viewer.operator())
    indexed = [told(who) for who in people]
    assert list(indexed[0].items()) == [("Odyssey", 4), ("Gothic", 2), ("Carmilla", 1), ("Dracula", 1)]
    assert (indexed[1]["Odyssey"], indexed[2]["Odyssey"], indexed[2]["Secret Garden"]) == (2, 4, 1)

    def gone() -> str:
        raise IndexGone("away")

    monkeypatch.setattr(engine._backend(), "generation", gone)
    assert [told(who) for who in people] == indexed


@pytest.mark.usefixtures("shelf")
def test_an_index_that_lags_behind_shows_too_little_and_never_too_much():
    assert told(GUEST)["Carmilla"] == 1
    coffin = Tag.objects.get(name="Carmilla").worktags.get(work__title="Coffin").work
    actions.close_to_guests([coffin.pk])
    assert told(GUEST) == {"Odyssey": 4, "Gothic": 1, "Dracula": 1}
    gothic, dracula = Tag.objects.get(name="Gothic"), Tag.objects.get(name="Dracula")
    wrangling.remove_parent(dracula, gothic)
    assert told(GUEST) == {"Odyssey": 4, "Dracula": 1}


@pytest.mark.usefixtures("shelf")
def test_the_index_is_asked_once_while_it_stands_as_it_is_and_again_for_another_viewer(
    monkeypatch: pytest.MonkeyPatch,
):
    asked: list[object] = []
    tally = engine._backend().tally

    def counting(kind: TagKind, node: object, sight: object, **rest: object) -> dict[int, int]:
        asked.append(sight)
        return tally(kind, node, sight, **rest)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(engine._backend(), "tally", counting)
    for who, times in ((GUEST, 1), (GUEST, 1), (Viewer.operator(), 2), (GUEST, 2)):
        engine.tally(TagKind.FANDOM, who, NOTHING)
        assert len(asked) == times
    make_work("Another", tags={TagKind.FANDOM: ["Odyssey"]})
    indexer.drain_if_free()
    assert max(engine.tally(TagKind.FANDOM, GUEST, NOTHING).values()) == 5
