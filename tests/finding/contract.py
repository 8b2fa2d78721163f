"""The contract of search back ends: one suite for all; the memory back end is the oracle."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria, Crossover, PlacementFilter, Sort
from undying.finding.document import Document, Sight, fingerprint
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
    words_from=st.none() | st.integers(0, 300),
    words_to=st.none() | st.integers(0, 300),
    date_from=days,
    date_to=days,
    language=st.sampled_from(["", "en", "en-GB", "de"]),
    placement=st.builds(
        PlacementFilter,
        part=st.sampled_from(["", "", "", "3", "4", "5"]),
        relation=st.sampled_from(["", "", "", *PlacementRelation]),
        divergence=st.sampled_from(["", "", "", *Divergence]),
        episode=st.sampled_from(["", "", "", "rain", "the lighthouse"]),
    ),
    sort=st.none() | st.sampled_from([each for each in Sort if each is not Sort.BEST]),
    page=st.integers(1, 3),
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
        return list(backend.find(criteria, sight, leave_out=(), size=50).ids)

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
        assert self.ids(backend, query="tag:moon") == [4]

    def test_a_phrase_must_stand_together_and_a_ban_must_hold(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="rain on the moon"), document(2, text="moon and rain"), document(3, text="rain")])
        assert self.ids(backend, query='"the moon"') == [1]
        assert self.ids(backend, query="rain -moon text:rain") == [3]
        assert sorted(self.ids(backend, query="text:and OR text:on")) == [1, 2]

    def test_scripts_without_spaces_are_found_by_any_run_of_characters(self, backend: SearchBackend) -> None:
        backend.put([document(1, text="夜の吸血鬼が来た"), document(2, text="鬼が吸血")])
        assert self.ids(backend, query="吸血鬼") == [1]

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
        everything = backend.find(Criteria(), OPERATOR, leave_out=(), size=1).facets
        assert everything[TagKind.FANDOM] == ((1, 2), (2, 1))
        for_guests = backend.find(Criteria(include=(1,)), GUEST, leave_out=(), size=1).facets
        assert for_guests[TagKind.FANDOM] == ((1, 1),)
        assert for_guests[TagKind.CHARACTER] == ((3, 1),)

    def test_drafts_hidden_and_members_works_are_for_those_who_may(self, backend: SearchBackend) -> None:
        backend.put(
            [
                document(1),
                document(2, audience=Audience.MEMBERS),
                document(3, is_hidden=True),
                document(4, state=State.DRAFT, owners=(7,)),
            ]
        )
        member = Sight(everything=False, hidden_too=False, members_too=True, own=9)
        author = Sight(everything=False, hidden_too=False, members_too=True, own=7)
        moderator = Sight(everything=False, hidden_too=True, members_too=True, own=9)
        assert self.ids(backend, GUEST) == [1]
        assert sorted(self.ids(backend, member)) == [1, 2]
        assert sorted(self.ids(backend, author)) == [1, 2, 4]
        assert sorted(self.ids(backend, moderator)) == [1, 2, 3]
        assert sorted(self.ids(backend)) == [1, 2, 3, 4]

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
            for number in backend.find(Criteria(page=page), OPERATOR, leave_out=(), size=5).ids
        ]
        assert seen == sorted(range(1, 25), key=lambda number: (-(number % 3), -number))

    def test_what_is_left_out_is_neither_found_nor_counted(self, backend: SearchBackend) -> None:
        backend.put([document(1, tags=(TAGS[0],)), document(2, tags=(TAGS[0],))])
        hits = backend.find(Criteria(), OPERATOR, leave_out=[2], size=5)
        assert (hits.total, hits.ids, hits.facets[TagKind.FANDOM]) == (1, (1,), ((1, 1),))


def agrees_with_memory(backend: SearchBackend) -> None:
    """A random small archive, searched at random: ids, order, totals and counts are the oracle's."""

    @settings(max_examples=60, deadline=None)
    @given(documents, st.lists(st.tuples(criterias, sights), min_size=1, max_size=8))
    def property_(archive: list[Document], searches: list[tuple[Criteria, Sight]]) -> None:
        memory = MemoryBackend()
        backend.clear()
        for each in (memory, backend):
            each.put(archive)
        for criteria, sight in searches:
            expected = memory.find(criteria, sight, leave_out=(), size=4)
            found = backend.find(criteria, sight, leave_out=(), size=4)
            assert (found.total, found.facets, found.languages) == (
                expected.total,
                expected.facets,
                expected.languages,
            ), criteria
            if criteria.order is not Sort.BEST:
                assert found.ids == expected.ids, criteria

    property_()
