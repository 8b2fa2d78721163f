"""Finding what is no work: people, tags and series, by their names, straight from the database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Length, Lower

from undying.community.excluding import exclusions_of
from undying.finding.models import PersonWord, SeriesWord
from undying.finding.names import begins
from undying.library import names
from undying.library.models import Creatorship, Series, SeriesEntry, Tag, TagWord, Work
from undying.manuscript import TagKind
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet

    from undying.people.viewer import Viewer

MOST_FOUND = 500
"""So many are counted and turned through: names are there to be typed more exactly."""
OFTEN = 3
"""Words of a name that begin as one that was typed, of those that have several."""
MOST_WORDS = 8
Thing = TypeVar("Thing", Pseud, Series, Tag)
_NOTHING = Q()

_PIECE = re.compile(r"""(?P<not>-?)(?:(?P<field>[a-z]+):(?=\S))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s()"]+))""")
PEOPLE = frozenset({"by", "author", "creator"})
TITLES = frozenset({"title", "series"})
TAGS = frozenset({"tag", "fandom", "ship", "relationship", "character", "rating", "warning", "category"})


def words_of(query: str, fields: frozenset[str]) -> tuple[str, ...]:
    """What a search says of names, as it was typed: its words that stand in one of these fields or in none, without
    what must not occur.
    """
    found: dict[str, None] = {}
    for piece in _PIECE.finditer(query):
        if not piece["not"] and (piece["field"] is None or piece["field"] in fields) and piece["word"] != "OR":
            words = (piece["phrase"] or piece["word"] or "").replace("*", " ").replace("\0", " ")
            found |= dict.fromkeys(words.split())
    return tuple(found)[:MOST_WORDS]


@dataclass(frozen=True, kw_only=True)
class Names(Generic[Thing]):
    """Things of one kind that have words in their names which begin as each word of a search. The words are looked
    through only until enough things are found: what many names have costs no more than what few have.

    `things` have their names in a `column`; those that a viewer may know of are `known`. Their words stand in a `table`
    that names their `owner`. `very` finds, by an index, things that have the very name.
    """

    things: QuerySet[Thing]
    known: QuerySet[Thing]
    column: str
    table: type[Model]
    owner: str
    typed: str
    very: Q = _NOTHING

    @cached_property
    def _beginning(self) -> list[int]:
        return self._having([begins(word) for word in self._words])[:MOST_FOUND]

    @property
    def _words(self) -> list[str]:
        """The longest first, which the fewest names have."""
        return sorted(set(names.words_of(self.typed)[:MOST_WORDS]), key=len, reverse=True)

    def _having(self, words: Sequence[Q]) -> list[int]:
        """What has each of these words, each thing once. One query, which ends with so many."""
        if not words:
            return []
        rows = self.table._default_manager.filter(words[0])
        for word in words[1:]:
            also = self.table._default_manager.filter(word, **{self.owner: OuterRef(self.owner)})
            rows = rows.filter(Exists(also))
        # Last, as SQLite looks at them in this order: of the few that are left.
        rows = rows.filter(Exists(self.known.filter(pk=OuterRef(self.owner))))
        return list(dict.fromkeys(rows.values_list(self.owner, flat=True)[: MOST_FOUND * OFTEN]))

    def count(self) -> int:
        """How many there are, up to MOST_FOUND. One query."""
        return len(self._beginning)

    def part(self, start: int, stop: int) -> list[Thing]:
        """Some of them: the very name first, then the shorter ones, which are the plainer ones. Four queries."""
        numbers = {*self._having([Q(word=word) for word in self._words]), *self._beginning}
        if self.very:
            numbers.update(self.known.filter(self.very).values_list("pk", flat=True))
        exactly = Case(When(**{f"{self.column}__iexact": self.typed}, then=Value(0)), default=Value(1))
        found = self.things.filter(pk__in=numbers)
        return list(found.order_by(exactly, Length(self.column), Lower(self.column), "pk")[start:stop])


def people(query: str, viewer: Viewer) -> Names[Pseud]:
    """Pen names under which this viewer may read something. Who has nothing to be read is not found, or being found
    would tell of what may not be.
    """
    hers = Exists(Creatorship.objects.visible_to(viewer).filter(pseud=OuterRef("pk")))
    return Names(
        things=Pseud.objects.select_related("user"),
        known=Pseud.objects.filter(hers),
        column="name",
        table=PersonWord,
        owner="pseud",
        typed=" ".join(words_of(query, PEOPLE)),
    )


def series(query: str, viewer: Viewer) -> Names[Series]:
    """Series in which this viewer may read something."""
    readable = Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work")))
    known = Series.objects.filter(Exists(SeriesEntry.objects.filter(readable, series=OuterRef("pk"))))
    return Names(
        things=Series.objects.all(),
        known=known,
        column="title",
        table=SeriesWord,
        owner="series",
        typed=" ".join(words_of(query, TITLES)),
    )


def tags(query: str, viewer: Viewer) -> Names[Tag]:
    """Tags on works that this viewer may read."""
    typed = " ".join(words_of(query, TAGS))
    spellings = {typed, typed.lower(), typed.capitalize(), typed.title()}
    return Names(
        things=Tag.objects.select_related("canonical"),
        known=Tag.objects.visible_to(viewer),
        column="name",
        table=TagWord,
        owner="tag",
        typed=typed,
        very=Q(kind__in=list(TagKind), name__in=spellings),
    )


def works_of_people(found: Sequence[Pseud], viewer: Viewer) -> dict[int, int]:
    """How many works of each this viewer may read, without what she has excluded. One query beside those for that."""
    hers = Creatorship.objects.visible_to(viewer).filter(pseud__in=found)
    if exclusions := exclusions_of(viewer):
        hers = hers.filter(work__in=Work.objects.filter(exclusions.spared()))
    counted = hers.order_by().values("pseud").annotate(works=Count("work", distinct=True))
    return dict(counted.values_list("pseud", "works"))


def works_of_series(found: Sequence[Series], viewer: Viewer) -> dict[int, int]:
    """How many works in each this viewer may read, without what she has excluded. One query beside those for that."""
    works = Work.objects.visible_to(viewer).filter(exclusions_of(viewer).spared())
    entries = SeriesEntry.objects.filter(series__in=found, work__in=works)
    return dict(entries.order_by().values("series").annotate(works=Count("work")).values_list("series", "works"))
