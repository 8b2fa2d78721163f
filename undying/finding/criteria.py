"""The filter form as a value, to an address and from one.

An address is short and readable (`?with=fandom:Dracula&without=tag:Fluff&words=10k-50k&complete=yes`): tags stand in it
by kind and name, and by number where a name would not come back. What arrives is read under AO3's long names as well
(`include_work_search[fandom_ids][]`, `work_search[words_from]`), because readers' tools, forms and old bookmarks use
them. See docs/searching.md for the whole list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlencode

from undying.finding.given import GROUPS_READ, NAMES_READ, TAG_FIELDS, TAGS_READ, Given, Misread, spelled
from undying.finding.question import Sort
from undying.finding.spans import ANY_DAY, ANY_NUMBER, BIGGEST, Days, Span, whole, written_days, written_span
from undying.kernel.clock import now
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from undying.community.excluding import Exclusions

__all__ = [
    "BIGGEST",
    "DEEPEST_PAGE",
    "GROUPS_READ",
    "NAMES_READ",
    "SORT_WORDS",
    "TAGS_READ",
    "TAG_FIELDS",
    "Criteria",
    "Crossover",
    "Days",
    "Misread",
    "PlacementFilter",
    "Span",
    "Spelling",
    "from_query",
]

DEEPEST_PAGE = 5000
SORT_WORDS = {
    "best": Sort.BEST,
    "updated": Sort.REVISED,
    "posted": Sort.PUBLISHED,
    "title": Sort.TITLE,
    "creator": Sort.AUTHOR,
    "words": Sort.WORDS,
    "kudos": Sort.KUDOS,
    "comments": Sort.COMMENTS,
    "bookmarks": Sort.BOOKMARKS,
    "hits": Sort.HITS,
    "kudos-per-hit": Sort.KUDOS_PER_HIT,
    "random": Sort.RANDOM,
}
_SORTED = {sort: word for word, sort in SORT_WORDS.items()}


class Crossover(StrEnum):
    """Works of several fandoms: with the others, only these, or none of these."""

    ANY = ""
    ONLY = "T"
    NONE = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFilter:
    """A place in canon. Empty fields allow anything; `episode` is searched as words."""

    unit: str = ""
    part: str = ""
    relation: str = ""
    divergence: str = ""
    episode: str = ""

    def __bool__(self) -> bool:
        return any((self.part, self.relation, self.divergence, self.episode))


@dataclass(frozen=True, slots=True)
class Spelling:
    """How an address names things: tags by kind and name, people by what leads to one of them alone."""

    tags: Mapping[int, tuple[TagKind, str]] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)

    def tag(self, number: int) -> str:
        """A tag's kind and name, else its number."""
        return (spelled(*self.tags[number]) if number in self.tags else "") or str(number)

    def person(self, number: int) -> str:
        """A pen name that comes back, else its number."""
        name = self.people.get(number, "")
        return name if name == name.strip() and name and "\0" not in name and not name.isdecimal() else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a reader asked for. Tags, people and series are named by id; in the fields that begin with `other_`, by what
    she typed (a tag as "Fluff" or as "ship:Mina/Lucy").

    `any_of` are groups of tags of which one must be there; tags in `exact` are meant without what stands below them.
    `scope` is the tag whose listing this is, by id; it is part of the path, not of the query. `page` counts from 1;
    `reverse` turns the natural order of `sort`; `seed` shuffles a random order. `standing` is what the one who asks has
    excluded once and for all, which no address holds and no form asks; `anyway` lifts it once.
    """

    query: str = ""
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    any_of: tuple[tuple[int, ...], ...] = ()
    exact: tuple[int, ...] = ()
    other_include: tuple[str, ...] = ()
    other_exclude: tuple[str, ...] = ()
    other_any: tuple[tuple[str, ...], ...] = ()
    other_exact: tuple[str, ...] = ()
    scope: int | None = None
    creators: tuple[int, ...] = ()
    not_creators: tuple[int, ...] = ()
    other_creators: tuple[str, ...] = ()
    other_not_creators: tuple[str, ...] = ()
    series: int | None = None
    other_series: str = ""
    complete: bool | None = None
    status: str = ""
    is_single: bool = False
    crossover: Crossover = Crossover.ANY
    words: Span = ANY_NUMBER
    chapters: Span = ANY_NUMBER
    kudos: Span = ANY_NUMBER
    comments: Span = ANY_NUMBER
    bookmarks: Span = ANY_NUMBER
    hits: Span = ANY_NUMBER
    updated: Days = ANY_DAY
    published: Days = ANY_DAY
    language: str = ""
    placement: PlacementFilter = PlacementFilter()
    sort: Sort | None = None
    reverse: bool = False
    seed: int = 0
    page: int = 1
    anyway: bool = False
    standing: Exclusions | None = None
    troubles: tuple[Misread, ...] = ()

    @property
    def order(self) -> Sort:
        """The sorting in force: the one chosen, else best match for a search, else latest change."""
        usual = Sort.BEST if self.query else Sort.REVISED
        return usual if self.sort is None or (self.sort is Sort.BEST and not self.query) else self.sort

    @property
    def ascends(self) -> bool:
        """Which way the list goes."""
        return self.order.ascends != (self.reverse and self.order is not Sort.BEST)

    @property
    def narrows(self) -> bool:
        """Whether any filter is in force."""
        bare = replace(self, scope=None, sort=None, reverse=False, seed=0, page=1, anyway=False, troubles=())
        return replace(bare, standing=None) != Criteria()

    @property
    def people(self) -> tuple[int, ...]:
        """Every pen name that is named by its number."""
        return (*self.creators, *self.not_creators)

    @property
    def tags(self) -> tuple[int, ...]:
        """Every tag that is named by its number, but the one whose listing this is."""
        groups = (number for group in self.any_of for number in group)
        return tuple(dict.fromkeys((*self.include, *self.exclude, *groups, *self.exact)))

    def without_tag(self, tag_id: int) -> Criteria:
        """The same but for this tag."""
        groups = (tuple(each for each in group if each != tag_id) for group in self.any_of)
        return replace(
            self,
            include=_less(self.include, tag_id),
            exclude=_less(self.exclude, tag_id),
            exact=_less(self.exact, tag_id),
            any_of=tuple(group for group in groups if group),
            page=1,
        )

    def including(self, tag_id: int) -> Criteria:
        """The same, and with this tag."""
        bare = self.without_tag(tag_id)
        return replace(bare, include=(*bare.include, tag_id))

    def excluding(self, tag_id: int) -> Criteria:
        """The same, and without this tag."""
        bare = self.without_tag(tag_id)
        return replace(bare, exclude=(*bare.exclude, tag_id))

    def to_query(self, spelling: Spelling | None = None) -> str:
        """The query string that `from_query` reads back: the same criteria have the same one."""
        known = spelling or Spelling()
        pairs = [*self._things(known), *self._facts(), *self._turns()]
        return urlencode([pair for pair in pairs if pair[1]], quote_via=quote_plus, safe=":,/()")

    def fields(self) -> dict[str, str]:
        """The values of the filter form's fields by AO3's names, but for the boxes of tags."""
        place = self.placement
        spans = {"kudos_count": self.kudos, "comments_count": self.comments, "bookmarks_count": self.bookmarks}
        days = {"date_from": self.updated.first, "date_to": self.updated.last}
        return {
            "query": self.query,
            "other_tag_names": ", ".join(self.other_include),
            "excluded_tag_names": ", ".join(self.other_exclude),
            "creators": ", ".join(self.other_creators),
            "complete": "" if self.complete is None else "T" if self.complete else "F",
            "status": self.status,
            "single_chapter": "1" if self.is_single else "",
            "crossover": self.crossover.value,
            "words_from": "" if self.words.low is None else str(self.words.low),
            "words_to": "" if self.words.high is None else str(self.words.high),
            **{
                name: written_span(span)
                for name, span in {**spans, "chapters": self.chapters, "hits": self.hits}.items()
            },
            **{name: "" if day is None else day.isoformat() for name, day in days.items()},
            "revised_at": written_days(self.updated) if self.updated.last_days else "",
            "published": written_days(self.published),
            "language_id": self.language,
            "placement_unit": place.unit,
            "placement_part": place.part,
            "placement_relation": place.relation,
            "placement_divergence": place.divergence,
            "placement_episode": place.episode,
            "sort_column": self.order.value,
            "sort_direction": "asc" if self.ascends else "desc",
        }

    def _things(self, known: Spelling) -> Iterator[tuple[str, str]]:
        yield "q", self.query
        yield from (("with", known.tag(each)) for each in self.include)
        yield from (("with", name) for name in self.other_include)
        for group in self.any_of:
            # A comma in a name would end it.
            yield "any", ",".join(str(each) if "," in known.tag(each) else known.tag(each) for each in group)
        yield from (("any", ",".join(group)) for group in self.other_any)
        yield from (("without", known.tag(each)) for each in self.exclude)
        yield from (("without", name) for name in self.other_exclude)
        yield from (("exact", known.tag(each)) for each in self.exact)
        yield from (("exact", name) for name in self.other_exact)
        yield from (("by", known.person(each)) for each in self.creators)
        yield from (("by", name) for name in self.other_creators)
        yield from (("not-by", known.person(each)) for each in self.not_creators)
        yield from (("not-by", name) for name in self.other_not_creators)
        yield "series", self.other_series if self.series is None else str(self.series)

    def _facts(self) -> Iterator[tuple[str, str]]:
        place = self.placement
        yield "complete", "" if self.complete is None else "yes" if self.complete else "no"
        yield "status", self.status
        yield "single", "yes" if self.is_single else ""
        yield "crossovers", {Crossover.ONLY: "only", Crossover.NONE: "no"}.get(self.crossover, "")
        for name in ("words", "chapters", "kudos", "comments", "bookmarks", "hits"):
            yield name, written_span(getattr(self, name))
        yield "updated", written_days(self.updated)
        yield "posted", written_days(self.published)
        yield "lang", self.language
        yield "when", place.relation
        yield "part", f"{place.unit}:{place.part}" if place.part and (place.unit or ":" in place.part) else place.part
        yield "episode", place.episode
        yield "canon", place.divergence

    def _turns(self) -> Iterator[tuple[str, str]]:
        """What turns the list and does not narrow it."""
        usual = replace(self, sort=None).order
        yield "sort", "" if self.order is usual else _SORTED[self.order]
        yield "direction", "" if self.ascends == self.order.ascends else "asc" if self.ascends else "desc"
        yield "seed", str(self.seed) if self.seed and self.order is Sort.RANDOM else ""
        yield "page", str(self.page) if self.page > 1 else ""
        yield "anyway", "yes" if self.anyway else ""


def from_query(given: Mapping[str, Sequence[str]], *, scope: int | None = None, today: date | None = None) -> Criteria:
    """What a query string asks for; it never fails. What cannot be read is left out and told in `troubles`."""
    reader = Given(given, today or now().date())
    reader.told_strangers()
    criteria = _arranged(_filtered(_named(Criteria(query=_query(reader), scope=scope), reader), reader), reader)
    criteria = _without_contradictions(criteria, reader)
    reader.told_foreign()
    return replace(criteria, troubles=tuple(reader.troubles))


def _query(reader: Given) -> str:
    """The search, with what AO3's form asks of titles; there words stand in any order."""
    words = "".join(each if each.isalnum() or each in "'’-" else " " for each in reader.text("", "title")).split()
    titles = [f"title:{word}" for word in words if word.strip("-")]
    return " ".join(filter(None, (reader.text("q", "query"), *titles)))


def _named(criteria: Criteria, reader: Given) -> Criteria:
    include = reader.named("include", "with", "other_tag_names")
    exclude = reader.named("exclude", "without", "excluded_tag_names")
    exact = reader.named("exact", "exact", "exact")
    any_of, other_any = reader.groups()
    creators, not_creators = reader.things("by", "creators"), reader.things("not-by")
    series = reader.things("series", "series")
    if {*include.ids, *include.names} & {*exclude.ids, *exclude.names}:
        reader.misread("", "A tag was both asked for and shut out; it is asked for.")
    return replace(
        criteria,
        include=include.ids,
        exclude=tuple(each for each in exclude.ids if each not in include.ids),
        other_include=include.names,
        other_exclude=tuple(each for each in exclude.names if each not in include.names),
        any_of=tuple(any_of),
        other_any=tuple(other_any),
        exact=exact.ids,
        other_exact=exact.names,
        creators=creators.ids,
        other_creators=creators.names,
        not_creators=not_creators.ids,
        other_not_creators=not_creators.names,
        series=series.ids[0] if series.ids else None,
        other_series=series.names[0] if series.names and not series.ids else "",
    )


def _filtered(criteria: Criteria, reader: Given) -> Criteria:
    return replace(
        criteria,
        complete=reader.truth("complete", "complete"),
        status=reader.choice("status", "status", tuple(Status)),
        is_single=bool(reader.truth("single", "single_chapter")),
        crossover=Crossover(reader.choice("crossovers", "crossover", tuple(Crossover), _CROSSOVERS)),
        words=reader.span("words", "word_count", pair=("words_from", "words_to")),
        chapters=reader.span("chapters", "chapters"),
        kudos=reader.span("kudos", "kudos_count"),
        comments=reader.span("comments", "comments_count"),
        bookmarks=reader.span("bookmarks", "bookmarks_count"),
        hits=reader.span("hits", "hits"),
        updated=reader.days("updated", "revised_at", pair=("date_from", "date_to")),
        published=reader.days("posted", "published"),
        language=reader.language(),
        placement=_placement(reader),
    )


_CROSSOVERS = {"only": "T", "no": "F", "yes": "", "include": ""}


def _placement(reader: Given) -> PlacementFilter:
    unit, part = reader.text("", "placement_unit"), reader.text("", "placement_part")
    if not part:
        unit, part = _unit_and_part(reader.text("part"))
    return PlacementFilter(
        unit=unit.replace(":", " ").strip() if part else "",
        part=part.strip(),
        relation=reader.choice("when", "placement_relation", tuple(PlacementRelation)),
        divergence=reader.choice("canon", "placement_divergence", tuple(Divergence), _DIVERGENCES),
        episode=reader.text("episode", "placement_episode"),
    )


def _unit_and_part(text: str) -> tuple[str, str]:
    unit, colon, part = text.partition(":")
    return (unit, part.strip()) if colon else ("", text)


_DIVERGENCES = {"divergent": Divergence.DIVERGENT.value, "au": Divergence.ALTERNATE.value}


def _arranged(criteria: Criteria, reader: Given) -> Criteria:
    words = {word: sort.value for word, sort in SORT_WORDS.items()}
    chosen = reader.choice("sort", "sort_column", tuple(Sort), words)
    criteria = replace(criteria, sort=Sort(chosen) if chosen else None)
    usual = replace(criteria, sort=None).order
    criteria = replace(criteria, sort=None if criteria.order is usual else criteria.order)
    way = reader.choice("direction", "sort_direction", tuple(_Way))
    turned = bool(way) and (way == _Way.UP) != criteria.order.ascends
    pages = list(reader.values("page"))
    return replace(
        criteria,
        reverse=turned and criteria.order is not Sort.BEST,
        seed=reader.number("seed") if criteria.order is Sort.RANDOM else 0,
        page=min(max(whole(pages[-1]) or 1, 1), DEEPEST_PAGE) if pages else 1,
        anyway=bool(reader.truth("anyway", "anyway")),
    )


class _Way(StrEnum):
    UP = "asc"
    DOWN = "desc"


def _without_contradictions(criteria: Criteria, reader: Given) -> Criteria:
    """Of two filters that no work can meet, the second is left out, and told."""
    if criteria.status and criteria.complete is not None:
        if criteria.complete != (criteria.status == Status.COMPLETE):
            done = "complete" if criteria.complete else "not complete"
            reader.misread("status", f"No work is both {done} and “{criteria.status}”, so the second was left out.")
        needless = criteria.complete or criteria.status == Status.COMPLETE
        criteria = replace(criteria, status="" if needless else criteria.status)
    if criteria.is_single and criteria.chapters and not _holds(criteria.chapters, 1):
        reader.misread("chapters", "A work of a single chapter has no other number of them; the number was left out.")
        criteria = replace(criteria, chapters=Span())
    return criteria


def _holds(span: Span, number: int) -> bool:
    return (span.low is None or span.low <= number) and (span.high is None or number <= span.high)


def _less(numbers: Iterable[int], number: int) -> tuple[int, ...]:
    return tuple(each for each in numbers if each != number)
