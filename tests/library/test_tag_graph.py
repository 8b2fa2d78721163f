"""The graph of tags: what is said of it, what follows from it, who sees it."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.cast import Cast, viewer
from tests.makers import make_work
from undying.kernel.models import Pending
from undying.library import wrangling
from undying.library.actions import withdraw
from undying.library.models import Tag, TagParent, TagReach, TagWord, WorkTag
from undying.library.tagging import tags_named
from undying.library.wrangling import Untrue
from undying.manuscript import Audience, Medium, State, TagKind
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
GUEST = Viewer.anyone()


def tag(name: str, kind: TagKind = TagKind.FANDOM) -> Tag:
    """The tag of that name, as it is now; made if need be."""
    return Tag.objects.get(pk=tags_named([(kind, name)])[kind, name])


def reached(name: str) -> set[str]:
    return {each.reached.name for each in TagReach.objects.filter(tag__name=name)}


def names(tags: Iterable[Tag]) -> list[str]:
    return [each.name for each in tags]


def sizes(who: Viewer = GUEST) -> dict[str, int]:
    return {each.name: vars(each)["uses"] for each in Tag.objects.filter(kind=TagKind.FANDOM).by_size(who)}


def retagged() -> set[int]:
    return set(Pending.objects.filter(kind=wrangling.RETAGGED, consumer="search").values_list("object_id", flat=True))


def work_in(*fandoms: str, **changes: object) -> int:
    return make_work(tags={TagKind.FANDOM: list(fandoms)}, **changes).pk  # type: ignore[arg-type]  # fields of a work


def test_a_synonym_reaches_its_canonical_tag_and_all_above_it():
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    wrangling.set_parent(tag("Gothic"), tag("Novels"))
    assert reached("dracula") == {"Dracula", "Gothic", "Novels"}
    assert reached("Dracula") == {"Gothic", "Novels"}
    assert reached("Novels") == set()
    assert names([tag("dracula").meant, tag("Dracula").meant]) == ["Dracula", "Dracula"]
    assert set(names(tag("dracula").ancestors)) == {"Gothic", "Novels"}


def test_what_is_taken_back_is_reached_no_more():
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    wrangling.set_parent(tag("Gothic"), tag("Novels"))
    wrangling.remove_parent(tag("Dracula"), tag("Gothic"))
    assert reached("dracula") == {"Dracula"}
    wrangling.free_synonym(tag("dracula"))
    assert reached("dracula") == set()
    assert reached("Gothic") == {"Novels"}


def test_two_ways_up_are_one_and_losing_one_leaves_the_other():
    for child, parent in (("a", "b"), ("a", "c"), ("b", "top"), ("c", "top")):
        wrangling.set_parent(tag(child), tag(parent))
    assert reached("a") == {"b", "c", "top"}
    wrangling.remove_parent(tag("b"), tag("top"))
    assert reached("a") == {"b", "c", "top"}
    wrangling.remove_parent(tag("c"), tag("top"))
    assert reached("a") == {"b", "c"}


def test_a_tag_that_becomes_a_synonym_hands_over_all_that_was_said_of_it():
    wrangling.make_synonym(tag("sherlock tv"), tag("Sherlock BBC"))
    wrangling.set_parent(tag("Sherlock BBC"), tag("Holmes"))
    wrangling.set_parent(tag("Mini episodes"), tag("Sherlock BBC"))
    wrangling.set_medium(tag("Sherlock BBC"), Medium.TELEVISION)
    wrangling.set_fandom(tag("Molly", TagKind.CHARACTER), tag("Sherlock BBC"))
    wrangling.make_synonym(tag("Sherlock BBC"), tag("Sherlock (TV)"))
    assert reached("sherlock tv") == reached("Sherlock BBC") == {"Sherlock (TV)", "Holmes"}
    assert reached("Mini episodes") == {"Sherlock (TV)", "Holmes"}
    assert tag("Sherlock (TV)").medium == Medium.TELEVISION
    assert tag("Sherlock BBC").medium == ""
    assert names(each.fandom for each in tag("Molly", TagKind.CHARACTER).fandom_links.all()) == ["Sherlock (TV)"]


def test_a_child_may_become_its_parents_synonym_and_a_parent_its_childs():
    wrangling.set_parent(tag("Sherlock"), tag("Holmes"))
    wrangling.make_synonym(tag("Sherlock"), tag("Holmes"))
    assert reached("Sherlock") == {"Holmes"}
    wrangling.set_parent(tag("Watson"), tag("Sir Arthur"))
    wrangling.make_synonym(tag("Sir Arthur"), tag("Watson"))
    assert reached("Sir Arthur") == {"Watson"}
    assert not TagParent.objects.exists()


def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing():
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    wrangling.set_parent(tag("Gothic"), tag("Novels"))
    wrangling.make_synonym(tag("gothick"), tag("Gothic"))
    before = set(TagReach.objects.values_list("tag__name", "reached__name"))
    mina, fandom = tag("Mina", TagKind.CHARACTER), tag("Dracula")
    refused = {
        "“Dracula” cannot be a synonym of itself.": partial(wrangling.make_synonym, fandom, fandom),
        "“Dracula” cannot be a part of itself.": partial(wrangling.set_parent, fandom, fandom),
        "would be a part of itself": partial(wrangling.set_parent, tag("Novels"), fandom),
        "part of itself, by way": partial(wrangling.make_synonym, tag("Novels"), fandom),
        "“gothick” is a synonym of “Gothic”": partial(wrangling.make_synonym, fandom, tag("gothick")),
        "Name that one": partial(wrangling.set_parent, fandom, tag("gothick")),
        "is a character and “Dracula” a fandom": partial(wrangling.make_synonym, mina, fandom),
        "one cannot be a part of the other": partial(wrangling.set_parent, mina, fandom),
        "only fandoms have a medium": partial(wrangling.set_medium, mina, Medium.BOOKS),
        "“Dracula” is a fandom, which belongs to no fandom": partial(wrangling.set_fandom, fandom, tag("Gothic")),
        "“Mina” is a character, no fandom": partial(wrangling.set_fandom, mina, mina),
    }
    for sentence, call in refused.items():
        with pytest.raises(Untrue, match=sentence):
            call()
    assert set(TagReach.objects.values_list("tag__name", "reached__name")) == before
    assert TagParent.objects.count() == 2


def test_what_is_said_together_comes_true_together_or_not_at_all():
    def a_ring() -> None:
        with wrangling.together():
            wrangling.set_parent(tag("a"), tag("b"))
            wrangling.set_parent(tag("b"), tag("a"))

    with pytest.raises(Untrue, match="part of itself"):
        a_ring()
    assert not TagParent.objects.exists()
    with wrangling.together():
        wrangling.set_parent(tag("a"), tag("b"))
        wrangling.set_parent(tag("b"), tag("c"))
    assert reached("a") == {"b", "c"}


def test_works_that_are_found_differently_are_marked_and_no_others():
    low, other = work_in("dracula"), work_in("Odyssey")
    upper = work_in("Gothic")
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    assert retagged() == {low}
    Pending.objects.all().delete()
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    assert retagged() == {low}
    Pending.objects.all().delete()
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    wrangling.set_medium(tag("Odyssey"), Medium.BOOKS)
    assert retagged() == set()
    wrangling.set_parent(tag("Gothic"), tag("Novels"))
    assert retagged() == {low, upper}
    assert other not in retagged()


def test_each_work_counts_once_whichever_ways_lead_to_a_tag():
    work_in("dracula", "Dracula")
    work_in("Dracula", "Gothic")
    work_in("Gothic")
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    assert sizes() == {"Gothic": 3, "Dracula": 2, "dracula": 1}
    assert names(Tag.objects.filter(kind=TagKind.FANDOM).canonical().by_size(GUEST)) == ["Gothic", "Dracula"]


@pytest.mark.parametrize(
    "secret",
    [{"audience": Audience.MEMBERS}, {"state": State.DRAFT}, {"hidden": True}],
    ids=["members", "draft", "hidden"],
)
def test_a_tag_is_as_secret_as_all_that_leads_to_it(secret: dict[str, object]):
    work_in("Dracula", **secret)
    wrangling.make_synonym(tag("vampyre"), tag("Dracula"))
    wrangling.set_parent(tag("Dracula"), tag("Gothic"))
    assert names(Tag.objects.filter(kind=TagKind.FANDOM).visible_to(GUEST)) == []
    assert sizes() == {}
    work_in("vampyre")
    assert set(names(Tag.objects.filter(kind=TagKind.FANDOM).visible_to(GUEST))) == {"Dracula", "Gothic", "vampyre"}
    assert sizes() == {"Dracula": 1, "Gothic": 1, "vampyre": 1}


def test_members_count_what_members_may_read(cast: Cast):
    work_in("Dracula", audience=Audience.MEMBERS)
    work_in("dracula")
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    assert sizes() == {"Dracula": 1, "dracula": 1}
    assert sizes(viewer(cast.rey)) == {"Dracula": 2, "dracula": 1}


def test_a_tag_of_which_a_wrangler_spoke_outlives_its_works():
    kept, gone = work_in("dracula"), work_in("Carmilla")
    wrangling.make_synonym(tag("dracula"), tag("Dracula"))
    for number in (kept, gone):
        withdraw(WorkTag.objects.get(work=number, tag__kind=TagKind.FANDOM).work)
    assert set(Tag.objects.filter(kind=TagKind.FANDOM).values_list("name", flat=True)) == {"dracula", "Dracula"}
    work_in("dracula")
    assert sizes() == {"Dracula": 1, "dracula": 1}


def test_tags_are_found_by_the_beginning_of_any_word_without_case_or_accents():
    tags_named([(TagKind.FANDOM, name) for name in ("Les Misérables", "The Mists of Avalon", "進撃の巨人", "Odyssey")])
    tag("Miserly", TagKind.CHARACTER)

    def found(text: str, kind: TagKind | None = TagKind.FANDOM) -> set[str]:
        return set(names(Tag.objects.named_like(text, kind)))

    assert found("mis") == {"Les Misérables", "The Mists of Avalon"}
    assert found("MISERA") == found("miséra") == {"Les Misérables"}
    assert found("mis", None) == {"Les Misérables", "The Mists of Avalon", "Miserly"}
    assert found("avalon the mi") == {"The Mists of Avalon"}
    assert found("巨人") == {"進撃の巨人"}
    assert found("yssey") == found("") == found("!?") == found("%") == set()


def test_the_words_of_a_tag_are_noted_once():
    for _ in range(2):
        tags_named([(TagKind.FANDOM, "Pride and Prejudice"), (TagKind.FANDOM, "Pride and Prejudice")])
    assert TagWord.objects.filter(tag__name="Pride and Prejudice").count() == 3


LETTERS = "abcdefg"
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["make_synonym", "set_parent", "remove_parent", "free_synonym"]),
        st.sampled_from(LETTERS),
        st.sampled_from(LETTERS),
    ),
    max_size=25,
)


def obviously_reached() -> set[tuple[str, str]]:
    """What follows from the links, by adding steps until nothing is new."""
    steps = set(TagParent.objects.values_list("child__name", "parent__name"))
    steps |= set(Tag.objects.exclude(canonical=None).values_list("name", "canonical__name"))
    found = set(steps)
    while more := {(a, d) for a, b in found for c, d in steps if b == c} - found:
        found |= more
    return found


class AnyGraph(TestCase):
    """Whatever is said in whatever order."""

    @settings(max_examples=60, deadline=None)
    @given(moves=MOVES)
    def test_what_is_reached_is_what_follows_from_the_links(self, moves: list[tuple[str, str, str]]) -> None:
        for what, one, other in moves:
            both = (tag(one),) if what == "free_synonym" else (tag(one), tag(other))
            try:
                getattr(wrangling, what)(*both)
            except Untrue:
                continue
        assert set(TagReach.objects.values_list("tag__name", "reached__name")) == obviously_reached()
        assert all(one != other for one, other in obviously_reached())
        assert not Tag.objects.exclude(canonical=None).exclude(canonical__canonical=None).exists()
        assert not TagParent.objects.exclude(child__canonical=None, parent__canonical=None).exists()


def test_a_long_line_of_parents_is_climbed_to_its_end():
    line = [f"part {number}" for number in range(60)]
    with wrangling.together():
        for child, parent in pairwise(line):
            wrangling.set_parent(tag(child), tag(parent))
    assert reached(line[0]) == set(line[1:])
