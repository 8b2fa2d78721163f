"""The contract of search back ends: one suite for all; the memory back end is the oracle."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undying.finding import asking
from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria, Crossover, Days, PlacementFilter, Span
from undying.finding.document import Document, Sight, fingerprint
from undying.finding.question import (
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Measure,
    Not,
    Prefix,
    Question,
    Sort,
    Term,
    Within,
    Words,
)
from undying.manuscript import Audience, Divergence, Placement, PlacementRelation, State, TagKind

if TYPE_CHECKING:
    from undying.finding.backends import SearchBackend

DAY = 24 * 3600
GUEST = Sight(everything=False, hidden_too=False, members_too=False, own=None)
OPERATOR = Sight(everything=True, hidden_too=True, members_too=True, own=None)
WORDS = ["moon", "Rain", "lighthouse", "Straße", "café", "吸血鬼", "don't", "ギリシャ", "שלום", "the"]

TAGS = [
    (TagKind.FANDOM, 1, "Dracula"),
    (TagKind.FANDOM, 2, "Carmilla"),
    (TagKind.CHARACTER, 3, "Mina Harker"),
    (TagKind.RELATIONSHIP, 4, "Mina Harker/Lucy Westenra"),
    (TagKind.ADDITIONAL, 5, "Slow Burn"),
    (TagKind.RATING, 6, "Mature"),
]


def document(work_id: int = 1, **changes: object) -> Document:
    """A plain posted work for everybody."""
    plain: dict[str, object] = {
        "work_id": work_id,
        "title": "Rain",
        "creators": ("ada",),
        "summary": "",
        "text": "",
        "tags": (),
        "language": "en",
        "status": "complete",
        "words": 100,
        "revised": 1_000_000,
        "published": 1_000_000,
        "placements": (),
        "audience": Audience.EVERYONE,
        "state": State.POSTED,
        "is_hidden": False,
        "owners": (),
    }
    return Document(**{**plain, **changes})


texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
placements = st.builds(
    Placement,
    relation=st.sampled_from(PlacementRelation),
    part=st.sampled_from(["", "3", "4"]),
    part_to=st.sampled_from(["", "5"]),
    episodes=st.sampled_from([(), ("Moon rain",), ("The Lighthouse", "Rain")]),
    divergence=st.sampled_from(Divergence),
    words=texts,
)
documents = st.lists(
    st.builds(
        Document,
        work_id=st.integers(1, 2**53),
        title=texts,
        creators=st.lists(st.sampled_from(["ada", "Rey lighthouse", "quiet_tide"]), max_size=2, unique=True).map(tuple),
        summary=texts,
        text=texts,
        tags=st.lists(st.sampled_from(TAGS), unique=True).map(tuple),
        language=st.sampled_from(["en", "en-GB", "de", ""]),
        status=st.sampled_from(["complete", "in-progress", "abandoned"]),
        words=st.integers(0, 300),
        revised=st.integers(-10, 10).map(lambda day: day * DAY + 5),
        published=st.integers(-10, 10).map(lambda day: day * DAY),
        placements=st.lists(placements, max_size=2).map(tuple),
        audience=st.sampled_from(Audience),
        state=st.sampled_from(State),
        is_hidden=st.booleans(),
        owners=st.sampled_from([(), (7,), (7, 8)]),
        ancestors=st.sampled_from([(), ((TagKind.FANDOM, 10),), ((TagKind.FANDOM, 10), (TagKind.CHARACTER, 11))]),
        synonyms=st.sampled_from([(), ("Lighthouse fic",)]),
        creator_ids=st.sampled_from([(), (21,), (21, 22)]),
        series=st.sampled_from([(), (31,)]),
        chapters=st.integers(0, 3),
        kudos=st.integers(0, 5),
        comments=st.integers(0, 5),
        bookmarks=st.integers(0, 5),
        hits=st.integers(0, 20),
    ),
    max_size=12,
    unique_by=lambda each: each.work_id,
)
pieces = st.sampled_from(
    [*WORDS, "-moon", '"moon rain"', "OR", "(", ")", "title:rain", "author:ada", "tag:burn", '"', "-"]
)
days = st.none() | st.dates(date(1969, 12, 20), date(1970, 1, 12))
tag_ids = st.lists(st.integers(1, 6), max_size=2, unique=True).map(tuple)
criterias = st.builds(
    Criteria,
    query=st.lists(pieces, max_size=4).map(" ".join),
    include=tag_ids,
    exclude=st.lists(st.integers(1, 6), max_size=1).map(tuple),
    scope=st.none() | st.integers(1, 2),
    complete=st.none() | st.booleans(),
    status=st.sampled_from(["", "complete", "abandoned"]),
    crossover=st.sampled_from(Crossover),
    words=st.builds(Span, st.none() | st.integers(0, 300), st.none() | st.integers(0, 300)),
    updated=st.builds(Days, days, days),
    language=st.sampled_from(["", "en", "en-GB", "de"]),
    placement=st.builds(
        PlacementFilter,
        part=st.sampled_from(["", "", "", "3", "4", "5"]),
        relation=st.sampled_from(["", "", "", *PlacementRelation]),
        divergence=st.sampled_from(["", "", "", *Divergence]),
        episode=st.sampled_from(["", "", "", "rain", "the lighthouse"]),
    ),
    sort=st.none() | st.sampled_from(Sort),
    page=st.integers(1, 3),
)
leaves = st.one_of(
    st.builds(Words, st.sampled_from([("moon",), ("moon", "rain")]), st.sampled_from(["", "title", "episode"])),
    st.builds(Prefix, st.sampled_from(["mo", "li", "don"]), st.sampled_from(["", "title", "author", "tag"])),
    st.builds(HasTag, st.sampled_from([(1,), (10,), (3, 11), ()]), st.booleans()),
    st.builds(HasTerm, st.just(Term.CREATOR), st.sampled_from([("21",), ("22", "23")])),
    st.builds(HasTerm, st.just(Term.SERIES), st.just(("31",))),
    st.builds(Within, st.sampled_from(Measure), st.none() | st.integers(-2, 5), st.none() | st.integers(-2, 300)),
    st.builds(IsWork, st.lists(st.integers(1, 2**53), max_size=2).map(tuple)),
)
nodes = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=5,
)
questions = st.one_of(
    criterias.map(lambda criteria: asking.question(criteria, size=4)),
    st.builds(
        Question,
        node=st.none() | nodes,
        sort=st.sampled_from(Sort),
        ascending=st.booleans(),
        seed=st.integers(0, 2**33),
        page=st.integers(1, 3),
        size=st.integers(1, 4),
        kinds=st.sampled_from([(), (TagKind.FANDOM,), tuple(TagKind)]),
    ),
)
sights = st.builds(
    Sight,
    everything=st.sampled_from([False, False, True]),
    hidden_too=st.booleans(),
    members_too=st.booleans(),
    own=st.sampled_from([None, 7, 8, 9]),
)


class Contract:
    """Inherit, and give `make`."""

    @pytest.fixture
    def backend(self) -> SearchBackend:
        """A fresh, empty back end."""
        raise NotImplementedError

    def ids(self, backend: SearchBackend, sight: Sight = OPERATOR, **wanted: object) -> list[int]:
        """What is found, in order."""
        criteria = Criteria(**wanted)
        return list(backend.find(asking.question(criteria, size=50), sight, leave_out=()).ids)

    def test_a_word_is_found_in_every_field(self, backend: SearchBackend) -> None:
        backend.put(
            [
                document(1, title="The Moon"),
                document(2, creators=("moon",)),
                document(3, summary="a moon"),
                document(4, tags=((TagKind.ADDITIONAL, 9, "Full Moon"),)),
                document(5, text="under the MOON!"),
                document(6, text="moonless"),
            ]
        )
        assert sorted(self.ids(backend, query="moon")) == [1, 2, 3, 4, 5]
        assert self.ids(backend, query="text:moon") == [5]
        assert self.ids(backend, query="moon in:tags") == [4]

    def test_a_phrase_must_stand_together_and_a_ban_must_hold(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="rain on the moon"), document(2, text="moon and rain"), document(3, text="rain")])
        assert self.ids(backend, query='"the moon"') == [1]
        assert self.ids(backend, query="rain -moon text:rain") == [3]
        assert sorted(self.ids(backend, query="text:and OR text:on")) == [1, 2]

    def test_scripts_without_spaces_are_found_by_any_run_of_characters(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="夜の吸血鬼が来た"), document(2, text="鬼が吸血")])
        assert self.ids(backend, query="吸血鬼") == [1]
        assert sorted(self.ids(backend, query="血")) == [1, 2]
        assert self.ids(backend, query="夜の来") == []

    def test_other_forms_of_a_word_are_found_in_works_of_their_language(self, backend: SearchBackend) -> None:
        backend.put(
            [
                document(1, text="She runs.", language="en"),
                document(2, text="running", language="en-GB"),
                document(3, text="runs", language=""),
                document(4, text="ran on", language="en"),
                document(5, text="run"),
            ]
        )
        assert sorted(self.ids(backend, query="run")) == [1, 2, 5]
        assert self.ids(backend, query='"run"') == [5]
        assert sorted(self.ids(backend, query="ra* OR ru* -run")) == [3, 4]
        assert sorted(self.ids(backend, query="ru* -run")) == [3]

    def test_accents_and_case_do_not_matter(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="Café Straße don’t")])
        for query in ("cafe", "CAFÉ", "strasse", "dont", "don't"):
            assert self.ids(backend, query=query) == [1], query

    def test_a_phrase_does_not_run_from_one_tag_into_the_next(self, backend: SearchBackend) -> None:
        backend.put([document(1, tags=((TagKind.CHARACTER, 1, "Mina"), (TagKind.CHARACTER, 2, "Lucy")))])
        assert self.ids(backend, query='"mina lucy"') == []

    def test_facets_count_the_result_and_only_what_the_viewer_may_see(self, backend: SearchBackend) -> None:
        backend.put(
            [
                document(1, tags=(TAGS[0], TAGS[2])),
                document(2, tags=(TAGS[0],), audience=Audience.MEMBERS),
                document(3, tags=(TAGS[1],)),
            ]
        )
        everything = backend.find(Question(size=1), OPERATOR, leave_out=()).facets
        assert everything[TagKind.FANDOM] == ((1, 2), (2, 1))
        for_guests = backend.find(Question(node=HasTag((1,)), size=1), GUEST, leave_out=()).facets
        assert for_guests[TagKind.FANDOM] == ((1, 1),)
        assert for_guests[TagKind.CHARACTER] == ((3, 1),)

    def test_drafts_hidden_and_members_works_are_for_those_who_may(self, backend: SearchBackend) -> None:
        backend.put(
            [
                document(1),
                document(2, audience=Audience.MEMBERS),
                document(3, is_hidden=True),
                document(4, state=State.DRAFT, owners=(7,)),
                document(5, audience=Audience.LINK, owners=(7,)),
            ]
        )
        member = Sight(everything=False, hidden_too=False, members_too=True, own=9)
        author = Sight(everything=False, hidden_too=False, members_too=True, own=7)
        moderator = Sight(everything=False, hidden_too=True, members_too=True, own=9)
        assert self.ids(backend, GUEST) == [1]
        assert sorted(self.ids(backend, member)) == [1, 2]
        assert sorted(self.ids(backend, author)) == [1, 2, 4, 5]
        assert sorted(self.ids(backend, moderator)) == [1, 2, 3]
        assert sorted(self.ids(backend)) == [1, 2, 3, 4, 5]

    def test_what_changed_replaces_what_was_and_what_is_dropped_is_gone(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="moon"), document(2, text="moon")])
        backend.put([document(1, text="rain")])
        backend.drop([2])
        assert self.ids(backend, query="moon") == []
        assert self.ids(backend, query="text:rain") == [1]
        assert backend.fingerprints() == {1: fingerprint(document(1, text="rain"))}

    def test_pages_follow_one_another_without_gap_or_overlap(self, backend: SearchBackend) -> None:
        backend.put([document(number, revised=number % 3) for number in range(1, 25)])
        seen = [
            number
            for page in range(1, 6)
            for number in backend.find(Question(page=page, size=5), OPERATOR, leave_out=()).ids
        ]
        assert seen == sorted(range(1, 25), key=lambda number: (-(number % 3), -number))

    def test_what_is_left_out_is_neither_found_nor_counted(self, backend: SearchBackend) -> None:
        backend.put([document(1, tags=(TAGS[0],)), document(2, tags=(TAGS[0],))])
        hits = backend.find(Question(size=5), OPERATOR, leave_out=[2])
        assert (hits.total, hits.ids, hits.facets[TagKind.FANDOM]) == (1, (1,), ((1, 1),))

    def test_a_tag_is_found_by_what_stands_above_it_and_counted_there_unless_only_itself_is_meant(
        self, backend: SearchBackend
    ) -> None:
        above = ((TagKind.FANDOM, 10),)
        backend.put(
            [document(1, tags=(TAGS[0],), ancestors=above), document(2, tags=((TagKind.FANDOM, 10, "Gothic"),))]
        )
        found = backend.find(Question(node=HasTag((10,))), OPERATOR, leave_out=())
        assert (sorted(found.ids), found.facets[TagKind.FANDOM]) == ([1, 2], ((10, 2), (1, 1)))
        assert backend.find(Question(node=HasTag((10,), direct=True)), OPERATOR, leave_out=()).ids == (2,)

    def test_a_random_order_is_a_walk_round_a_circle(self, backend: SearchBackend) -> None:
        backend.put([document(number) for number in range(1, 31)])

        def walk(seed: int, size: int = 30) -> list[int]:
            pages = range(1, 30 // size + 1)
            asked = [Question(sort=Sort.RANDOM, ascending=True, seed=seed, page=page, size=size) for page in pages]
            return [number for each in asked for number in backend.find(each, OPERATOR, leave_out=()).ids]

        first, second = walk(5), walk(2**31)
        assert sorted(first) == list(range(1, 31)) != first != second
        assert walk(2**31, size=7) == second[:28]
        start = second.index(first[0])
        assert second[start:] + second[:start] == first

    def test_several_questions_are_counted_at_once(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="moon"), document(2, text="rain"), document(3, is_hidden=True, text="moon")])
        nodes = [None, Words(("moon",)), Not(Words(("moon",))), Either(()), All(())]
        assert backend.count(nodes, GUEST, leave_out=()) == [2, 1, 1, 0, 2]
        assert backend.count(nodes, OPERATOR, leave_out=[2]) == [2, 2, 0, 0, 2]

    def test_numbers_that_changed_are_found_and_sorted_by_and_the_rest_stays(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="moon", kudos=1, hits=10), document(2, text="moon", kudos=2, hits=10)])
        before = backend.generation()
        changed = document(1, text="moon", kudos=9, hits=20, comments=3, bookmarks=4)
        backend.recount([changed])
        assert backend.generation() != before
        assert backend.fingerprints()[1] == fingerprint(changed)
        for measure in (Measure.KUDOS, Measure.HITS, Measure.COMMENTS, Measure.BOOKMARKS):
            number = changed.measure(measure)
            node = All((Words(("moon",)), Within(measure, number, number)))
            assert backend.count([node], OPERATOR, leave_out=()) == [1]
        for sort in (Sort.KUDOS, Sort.KUDOS_PER_HIT, Sort.COMMENTS):
            assert backend.find(Question(sort=sort), OPERATOR, leave_out=()).ids == (1, 2), sort

    def test_all_tags_of_a_kind_are_tallied_with_those_above_and_for_one_viewer(self, backend: SearchBackend) -> None:
        many = tuple((TagKind.CHARACTER, 100 + each, f"Sailor {each}") for each in range(40))
        backend.put([document(1, tags=(TAGS[0], *many), ancestors=((TagKind.FANDOM, 10),))])
        backend.put([document(2, tags=(TAGS[0], TAGS[1]), text="moon"), document(3, tags=(TAGS[0], TAGS[2]))])
        backend.put([document(4, tags=((TagKind.FANDOM, 11, "Secret"), TAGS[0]), audience=Audience.MEMBERS)])
        assert backend.tally(TagKind.FANDOM, None, GUEST, leave_out=()) == {1: 3, 2: 1, 10: 1}
        assert backend.tally(TagKind.FANDOM, None, OPERATOR, leave_out=[2]) == {1: 3, 10: 1, 11: 1}
        assert backend.tally(TagKind.FANDOM, Words(("moon",)), OPERATOR, leave_out=()) == {1: 1, 2: 1}
        assert len(backend.tally(TagKind.CHARACTER, None, GUEST, leave_out=())) == 41
        assert backend.tally(TagKind.RATING, None, GUEST, leave_out=()) == {}

    def test_works_that_nobody_may_see_do_not_move_the_best_matches(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="rain rain moon"), document(2, text="moon moon rain", summary="rain")])
        asked = [Either((Words(("moon",), field), Words(("rain",)))) for field in ("", "text")]

        def order() -> list[tuple[int, ...]]:
            return [backend.find(Question(node=node, sort=Sort.BEST), GUEST, leave_out=()).ids for node in asked]

        before = order()
        for text in ("moon", "rain"):
            backend.put([document(each, text=f"{text} " * each, is_hidden=True) for each in range(10, 40)])
            assert order() == before

    def test_every_change_begins_a_generation(self, backend: SearchBackend) -> None:
        seen = [backend.generation()]
        backend.put([document(1)])
        seen.append(backend.generation())
        assert backend.generation() == seen[-1]
        backend.drop([1])
        seen.append(backend.generation())
        assert len(set(seen)) == 3


def agrees_with_memory(backend: SearchBackend) -> None:
    """A random small archive, searched at random: ids, order, totals and counts are the oracle's."""

    @settings(max_examples=60, deadline=None)
    @given(documents, st.lists(st.tuples(questions, sights), min_size=1, max_size=8))
    def property_(archive: list[Document], searches: list[tuple[Question, Sight]]) -> None:
        memory = MemoryBackend()
        backend.clear()
        for each in (memory, backend):
            each.put(archive)
        for question, sight in searches:
            expected = memory.find(question, sight, leave_out=())
            found = backend.find(question, sight, leave_out=())
            assert (found.total, found.facets, found.languages) == (
                expected.total,
                expected.facets,
                expected.languages,
            ), question
            assert backend.count([question.node], sight, leave_out=()) == [expected.total]
            for kind in question.kinds[:1]:
                told = backend.tally(kind, question.node, sight, leave_out=())
                assert told == memory.tally(kind, question.node, sight, leave_out=())
            assert found.ids == expected.ids, question

    property_()
