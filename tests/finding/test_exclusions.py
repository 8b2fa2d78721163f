"""What a member has excluded stays out of every answer, in full pages and with counts that are right."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import viewer
from tests.makers import make_work
from undying.community import excluding
from undying.community.excluding import exclusions_of
from undying.finding import engine, indexer
from undying.finding.backends import IndexGone
from undying.finding.criteria import Criteria
from undying.library import wrangling
from undying.library.creators import give
from undying.library.models import Tag, Work
from undying.manuscript import State, TagKind
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
DRACULA = {TagKind.FANDOM: ["Dracula"]}
DEATH = {TagKind.FANDOM: ["Dracula"], TagKind.WARNING: ["Major Character Death"]}


@pytest.fixture(autouse=True, params=["memory.MemoryBackend", "embedded.EmbeddedBackend"])
def _backend(request, settings, home):
    settings.SEARCH_BACKEND = f"undying.finding.backends.{request.param}"
    engine._backend.cache_clear()


def titles(listing: engine.Listing) -> list[str]:
    return [work.title for work in listing.works]


def tag(name: str) -> int:
    return Tag.objects.get(name=name).pk


def test_pages_stay_full_and_counts_right(cast):
    for number in range(9):
        make_work(f"Mild {number}", tags=DRACULA)
        make_work(f"Sad {number}", tags=DEATH)
    rey = viewer(cast.rey)
    excluding.exclude_tag(rey, tag("Major Character Death"))
    listing = engine.find(Criteria(), rey, size=5)

    assert (listing.total, listing.pages, listing.left_out) == (9, 2, 9)
    assert [title.split()[0] for title in titles(listing)] == ["Mild"] * 5
    assert [each.count for each in listing.facets[TagKind.FANDOM]] == [9]
    assert listing.facets[TagKind.WARNING] == []
    assert engine.count(Criteria(), rey) == 9
    assert engine.find(Criteria(), viewer(cast.ada)).total == 18
    assert engine.find(Criteria(), Viewer.anyone()).total == 18


def test_show_anyway_lifts_them_once_and_says_how_many_they_hide(cast):
    make_work("Mild", tags=DRACULA)
    make_work("Sad", tags=DEATH)
    rey = viewer(cast.rey)
    excluding.exclude_tag(rey, tag("Major Character Death"))
    lifted = engine.find(Criteria(anyway=True), rey)

    assert (lifted.total, lifted.left_out, len(lifted.works)) == (2, 1, 2)
    assert engine.find(Criteria(include=(tag("Major Character Death"),)), rey).left_out == 1
    assert engine.find(Criteria(query="mild"), rey).left_out == 0


def test_each_kind_of_exclusion_hides_its_works(cast):
    make_work("English", language="en-GB")
    make_work("German", language="de")
    make_work("Hers", author="mina", language="fr")
    single = make_work("Single", language="fr")
    rey, ada = viewer(cast.rey), viewer(cast.ada)
    make_work("Ada's", owner=cast.ada, language="fr")
    excluding.exclude_language(rey, "en")
    excluding.exclude_pen_name(rey, Work.objects.get(title="Hers").creatorships.get().pseud_id)
    excluding.exclude_work(rey, single.pk)
    excluding.exclude_account(rey, "ada")

    assert titles(engine.find(Criteria(), rey)) == ["German"]
    assert engine.find(Criteria(), rey).left_out == 4
    assert engine.find(Criteria(), ada).total == 5


def test_what_stands_below_a_tag_goes_with_it_and_so_do_synonyms(cast):
    make_work("Wide", tags={TagKind.ADDITIONAL: ["Death"]})
    make_work("Narrow", tags={TagKind.ADDITIONAL: ["Death by Garlic"]})
    make_work("Other word", tags={TagKind.ADDITIONAL: ["Dying"]})
    make_work("Mild", tags=DRACULA)
    tags = {each.name: each for each in Tag.objects.all()}
    wrangling.set_parent(tags["Death by Garlic"], tags["Death"])
    wrangling.make_synonym(tags["Dying"], tags["Death"])
    indexer.drain_if_free()
    rey = viewer(cast.rey)
    excluding.exclude_tag(rey, tags["Dying"].pk)

    assert titles(engine.find(Criteria(), rey)) == ["Mild"]
    assert list(Work.objects.filter(exclusions_of(rey).spared()).values_list("title", flat=True)) == ["Mild"]


def test_her_own_works_stay(cast):
    make_work("Mine", tags=DEATH, owner=cast.rey)
    make_work("My draft", tags=DEATH, owner=cast.rey, state=State.DRAFT)
    make_work("Theirs", tags=DEATH)
    rey = viewer(cast.rey)
    excluding.exclude_tag(rey, tag("Major Character Death"))
    listing = engine.find(Criteria(), rey)

    assert (sorted(titles(listing)), listing.left_out) == (["Mine", "My draft"], 1)


def test_without_an_index_they_hold_as_well(cast, monkeypatch):
    def gone(*_args: object, **_options: object) -> None:
        raise IndexGone("no such folder")

    make_work("Mild", tags=DRACULA)
    make_work("Sad", tags=DEATH)
    rey = viewer(cast.rey)
    excluding.exclude_tag(rey, tag("Major Character Death"))
    monkeypatch.setattr(type(engine._backend()), "find", gone)

    assert titles(engine.find(Criteria(), rey)) == ["Mild"]
    assert engine.find(Criteria(), rey).left_out == 1
    assert engine.find(Criteria(anyway=True), rey).total == 2


def test_who_does_not_want_a_pen_name_does_not_want_it_when_it_is_claimed(cast):
    work = make_work("Hers", author="mina")
    pseud = work.creatorships.get().pseud
    rey = viewer(cast.rey)
    excluding.exclude_pen_name(rey, pseud.pk)
    give(work, [pseud.pk], cast.ada)
    indexer.drain_if_free()

    assert engine.find(Criteria(), rey).total == 0
    assert [str(each.pseud) for each in excluding.kept_by(rey)] == ["mina"]


KINDS = ("tag", "author", "work", "language")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from([(kind, number) for kind in KINDS for number in range(3)]), max_size=5))
def test_the_database_and_the_index_leave_out_the_same(cast, wanted):
    if not Work.objects.exists():
        for number in range(12):
            make_work(
                f"Work {number}",
                tags={TagKind.ADDITIONAL: [f"Tag {number % 3}", f"Other {number % 5}"]},
                author=f"Author {number // 4}",
                language=("en", "en-GB", "de", "")[number % 4],
                owner=cast.rey if number % 6 == 0 else None,
            )
    rey = viewer(cast.rey)
    excluding.Exclusion.objects.filter(member=cast.rey).delete()
    for kind, number in wanted:
        work = Work.objects.get(title=f"Work {number * 4 + 1}")
        match kind:
            case "tag":
                excluding.exclude_tag(rey, tag(f"Tag {number}"))
            case "author":
                excluding.exclude_pen_name(rey, work.creatorships.get().pseud_id)
            case "work":
                excluding.exclude_work(rey, work.pk)
            case "language":
                excluding.exclude_language(rey, ("en", "en-GB", "de")[number])
    listing = engine.find(Criteria(), rey, size=50)

    spared = Work.objects.visible_to(rey).filter(exclusions_of(rey).spared())
    assert set(titles(listing)) == set(spared.values_list("title", flat=True))
    assert listing.total == len(listing.works)
    assert listing.left_out == 12 - listing.total
