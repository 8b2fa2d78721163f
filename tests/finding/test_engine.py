"""The one door to finding works."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import viewer
from tests.makers import make_work
from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria, Misread, PlacementFilter, Span
from undying.finding.question import Sort
from undying.kernel import ledger
from undying.library.models import Creatorship, Tag, Work
from undying.manuscript import Audience, Placement, State, Status, TagKind
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()
TAGS = {TagKind.FANDOM: ["Dracula"], TagKind.ADDITIONAL: ["Slow Burn"]}


def titles(listing: engine.Listing) -> set[str]:
    return {work.title for work in listing.works}


def number(name: str, kind: TagKind | None = None) -> int:
    return Tag.objects.get(name=name, **({"kind": kind} if kind else {})).pk


def authors(title: str) -> tuple[int, ...]:
    return tuple(Creatorship.objects.filter(work__title=title).values_list("pseud_id", flat=True))


@pytest.fixture
def no_index(monkeypatch):
    def gone(*_args, **_options):
        raise IndexGone("no such folder")

    monkeypatch.setattr(MemoryBackend, "find", gone)
    monkeypatch.setattr(MemoryBackend, "count", gone)


def test_a_listing_holds_works_counts_and_the_tags_it_names():
    make_work("One", tags=TAGS, language="de-AT")
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"]}, language="de")
    listing = engine.find(Criteria(exclude=(number("Slow Burn"),)), GUEST)

    assert (titles(listing), listing.total, listing.pages) == ({"Two"}, 1, 1)
    assert [(each.tag.name, each.count, each.asked) for each in listing.facets[TagKind.FANDOM]] == [
        ("Dracula", 1, None)
    ]
    assert {tag.name for tag in listing.tags.values()} == {"Dracula", "Slow Burn"}
    assert list(engine.find(Criteria(), GUEST).languages) == [("de", 2)]


def test_a_facet_says_what_was_asked():
    make_work(tags=TAGS)
    listing = engine.find(Criteria(include=(number("Dracula"),)), GUEST)

    assert listing.facets[TagKind.FANDOM][0].asked is True
    assert listing.facets[TagKind.ADDITIONAL][0].asked is None


def test_tags_that_were_asked_about_are_counted_though_others_are_commoner():
    for each in range(12):
        make_work(f"Night {each}", tags={TagKind.ADDITIONAL: [f"Tag {one:02}" for one in range(11)]})
    make_work("Odd", tags={TagKind.ADDITIONAL: ["Odd", "Rare"]})
    make_work("Old", tags={TagKind.ADDITIONAL: ["Old"]})
    odd, rare, old = number("Odd"), number("Rare"), number("Old")

    def counts(**wanted) -> dict[str, tuple[int, bool | None]]:
        found = engine.find(Criteria(**wanted), GUEST).facets[TagKind.ADDITIONAL]
        return {each.tag.name: (each.count, each.asked) for each in found if not each.tag.name.startswith("Tag")}

    assert counts() == {}
    assert counts(exclude=(odd,)) == {"Odd": (1, False)}
    assert counts(exclude=(odd, rare)) == {"Odd": (0, False), "Rare": (0, False)}
    assert counts(any_of=((odd, old, number("Tag 10")),)) == {"Odd": (1, True), "Old": (1, True)}
    assert counts(include=(odd,), exclude=(old,)) == {"Odd": (1, True), "Old": (0, False), "Rare": (1, None)}


def test_what_was_shut_out_is_counted_by_what_it_would_bring_back():
    make_work("One", tags=TAGS)
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"]})
    listing = engine.find(Criteria(include=(number("Dracula"),), exclude=(number("Slow Burn"),)), GUEST)

    assert listing.total == 1
    assert [(each.count, each.asked) for each in listing.facets[TagKind.ADDITIONAL]] == [(1, False)]


def test_any_other_tag_of_the_result_is_found_by_typing():
    make_work("One", tags={TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker", "Mína Other"]})
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker"]})
    make_work("Three", tags={TagKind.FANDOM: ["Carmilla"], TagKind.CHARACTER: ["Mina Third", "Laura"]})
    make_work("Closed", tags={TagKind.CHARACTER: ["Mina Secret"]}, audience=Audience.MEMBERS)
    dracula = Criteria(include=(number("Dracula"),))

    def more(criteria: Criteria, text: str, kind: TagKind = TagKind.CHARACTER) -> list[tuple[str, int]]:
        return [(each.tag.name, each.count) for each in engine.more_tags(criteria, GUEST, kind, text)]

    assert more(dracula, "min") == [("Mina Harker", 2), ("Mína Other", 1)]
    assert more(Criteria(), "MÍNA") == [("Mina Harker", 2), ("Mina Third", 1), ("Mína Other", 1)]
    assert more(dracula, "mina har") == [("Mina Harker", 2)]
    assert more(dracula, "laura") == more(dracula, "mina", TagKind.FANDOM) == more(dracula, "♥") == []
    assert more(dracula, " ") == [("Mina Harker", 2), ("Mína Other", 1)]
    assert more(Criteria(), "Mina Secret") == []


def test_typing_for_more_tags_says_what_was_asked_and_does_without_an_index(no_index):
    make_work("One", tags=TAGS)

    assert engine.more_tags(Criteria(), GUEST, TagKind.FANDOM, "dra") == []


def test_several_lists_are_counted_in_one_look(monkeypatch):
    make_work("One", tags=TAGS)
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"]})
    looks = []
    count = MemoryBackend.count
    monkeypatch.setattr(MemoryBackend, "count", lambda *each, **rest: looks.append(1) or count(*each, **rest))
    asked = [Criteria(), Criteria(include=(number("Slow Burn"),)), Criteria(other_include=("Nope",))]

    assert engine.counts(asked, GUEST) == [2, 1, 0]
    assert engine.counts([], GUEST) == []
    assert len(looks) == 1


def test_tags_typed_by_name_become_ids_whatever_their_case():
    make_work("One", tags=TAGS)
    listing = engine.find(Criteria(other_include=("slow BURN",), other_exclude=("carmilla",)), GUEST)

    assert titles(listing) == {"One"}
    assert listing.criteria.include == (number("Slow Burn"),)
    assert (listing.criteria.other_include, listing.criteria.other_exclude) == ((), ("carmilla",))
    assert listing.troubles == (Misread("excluded_tag_names", "No work here carries the tag “carmilla”."),)


def test_a_name_that_two_kinds_share_means_the_fandom_to_include_and_all_to_exclude():
    make_work("Book", tags={TagKind.FANDOM: ["Dracula"]})
    make_work("Count", tags={TagKind.CHARACTER: ["Dracula"]})

    assert titles(engine.find(Criteria(other_include=("Dracula",)), GUEST)) == {"Book"}
    assert titles(engine.find(Criteria(other_exclude=("Dracula",)), GUEST)) == set()


def test_a_name_that_only_secret_works_carry_is_no_tag():
    make_work("Open")
    make_work("Closed", tags=TAGS, audience=Audience.MEMBERS)
    secret, nonsense = (engine.find(Criteria(other_include=(name,)), GUEST) for name in ("Slow Burn", "Nonsense"))

    assert titles(secret) == titles(nonsense) == set()
    assert secret.tags == nonsense.tags == {}
    assert secret.troubles[0].sentence.replace("Slow Burn", "Nonsense") == nonsense.troubles[0].sentence
    assert titles(engine.find(Criteria(other_include=("Slow Burn",)), Viewer(user_id=7))) == {"Closed"}


def test_troubles_name_their_field():
    listing = engine.find(Criteria(query='"moon', troubles=(Misread("words_to", "No."),)), GUEST)

    assert [each.field for each in listing.troubles] == ["words_to", "query"]


def test_what_changed_since_the_index_saw_it_is_left_out_of_works_and_counts():
    make_work("Still", tags=TAGS)
    moving = make_work("Moving", tags=TAGS)
    ledger.mark("work", [moving.pk])
    listing = engine.find(Criteria(), GUEST)

    assert (titles(listing), listing.total) == ({"Still"}, 1)
    assert listing.facets[TagKind.FANDOM][0].count == 1


def test_what_the_index_shows_too_much_is_not_loaded():
    closed = make_work("Closed", text="lamp", tags=TAGS)
    Work.objects.filter(pk=closed.pk).update(is_hidden=True)
    listing = engine.find(Criteria(query="lamp"), GUEST)

    assert titles(listing) == set()
    assert (listing.passages, listing.tags) == ({}, {})
    assert all(not each for each in listing.facets.values())


def test_a_listing_costs_the_same_queries_for_any_number(django_assert_max_num_queries):
    for count in (10, 20):
        for place in range(10):
            make_work(f"Night {count} {place}", text="lamp", tags=TAGS)
        with django_assert_max_num_queries(10):
            assert len(engine.find(Criteria(query="lamp"), GUEST).works) == count


def test_the_pages_of_a_listing_are_of_the_size_asked_for():
    for place in range(5):
        make_work(f"Night {place}")
    listing = engine.find(Criteria(page=2, sort=Sort.TITLE), GUEST, size=2)

    assert ([work.title for work in listing.works], listing.total, listing.pages) == (["Night 2", "Night 3"], 5, 3)


def test_counting_is_finding_without_the_works(cast):
    make_work("One", tags=TAGS)
    make_work("Two", state=State.DRAFT, owner=cast.ada)

    assert engine.count(Criteria(), GUEST) == 1
    assert engine.count(Criteria(), viewer(cast.ada)) == 2
    assert engine.count(Criteria(other_include=("Nope",)), GUEST) == 0


def test_without_an_index_lists_go_on_by_what_the_database_knows(no_index):
    make_work("Done", tags=TAGS, status=Status.COMPLETE, text="word " * 20, language="en-GB")
    make_work("Going", tags=TAGS, status=Status.IN_PROGRESS, language="eng")
    make_work("Closed", tags=TAGS, audience=Audience.MEMBERS)
    dracula, slow = number("Dracula"), number("Slow Burn")

    def found(**wanted) -> set[str]:
        return titles(engine.find(Criteria(**wanted), GUEST))

    assert found() == found(scope=dracula) == found(include=(dracula, slow)) == {"Done", "Going"}
    assert found(any_of=((slow, 2**50),)) == found(creators=authors("Done")) == {"Done", "Going"}
    assert found(not_creators=authors("Done")) == found(other_include=("Nope",)) == set()
    assert found(other_include=("dracula",), exact=(dracula,)) == {"Done", "Going"}
    assert found(series=2**50) == set()
    assert found(exclude=(slow,)) == set()
    assert (
        found(complete=True)
        == found(status="complete")
        == found(words=Span(low=10))
        == found(language="en")
        == {"Done"}
    )
    assert found(complete=False) == found(words=Span(high=10)) == {"Going"}
    assert engine.count(Criteria(), GUEST) == 0


def test_without_an_index_a_listing_owns_up_to_what_was_not_looked_at(no_index):
    make_work("One", tags=TAGS, placements=(Placement(part="4"),))
    asked = Criteria(query="nothing of that", complete=False, placement=PlacementFilter(part="9"))
    listing = engine.find(asked, GUEST)

    assert listing.is_partial
    assert listing.criteria == asked
    assert listing.in_force == Criteria(complete=False)
    assert "The search index is being made" in listing.troubles[-1].sentence
    assert listing.facets == {kind: [] for kind in TagKind}


def test_a_random_order_is_another_each_time_until_the_address_says_which():
    for place in range(30):
        make_work(f"Night {place}")
    first, second = (engine.find(Criteria(sort=Sort.RANDOM), GUEST) for _ in range(2))
    rest = engine.find(replace(first.criteria, page=2), GUEST)

    assert first.criteria.seed != second.criteria.seed
    assert titles(first).isdisjoint(titles(rest))
    assert f"seed={first.criteria.seed}" in first.criteria.to_query()
    assert [work.pk for work in engine.find(first.criteria, GUEST).works] == [work.pk for work in first.works]
    assert engine.find(Criteria(sort=Sort.TITLE), GUEST).criteria.seed == 0
