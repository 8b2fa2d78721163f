"""Fields of the filter form as a page shows them: what was typed, as it was typed, with what was wrong beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.finding.question import Sort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from undying.finding.engine import Listing

SORTS = {
    Sort.BEST: "Best match",
    Sort.REVISED: "Date updated",
    Sort.PUBLISHED: "Date posted",
    Sort.TITLE: "Title",
    Sort.AUTHOR: "Creator",
    Sort.WORDS: "Length",
    Sort.KUDOS: "Kudos",
    Sort.COMMENTS: "Comments",
    Sort.BOOKMARKS: "Bookmarks",
    Sort.HITS: "Hits",
    Sort.KUDOS_PER_HIT: "Kudos for each hit",
    Sort.RANDOM: "Random",
}
_TURNED = {
    Sort.REVISED: "Oldest first",
    Sort.PUBLISHED: "Oldest first",
    Sort.TITLE: "From Z to A",
    Sort.AUTHOR: "From Z to A",
    Sort.WORDS: "Shortest first",
}
_UNTURNABLE = frozenset({Sort.BEST, Sort.RANDOM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of several."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A field: text that was typed, or `options` to choose from. `troubles` are sentences on what could not be read."""

    id: str
    name: str
    label: str
    value: str = ""
    kind: str = "text"
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether something was chosen or typed, or went wrong."""
        return bool(self.value or self.troubles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A box to tick."""

    id: str
    name: str
    value: str
    label: str
    is_ticked: bool


class Maker:
    """Makes boxes from what was typed and what was wrong with it."""

    def __init__(self, listing: Listing, given: QueryDict) -> None:
        self.listing = listing
        self.given = given
        self.fields = listing.criteria.fields()

    def text(self, name: str, label: str, *, kind: str = "text", placeholder: str = "") -> Box:
        """A field to type into."""
        return self._box(name, label, self._typed(name), kind=kind, placeholder=placeholder)

    def query(self) -> Box:
        """The search box. Filters that were typed into it are ticked in the form by now, so that it has the rest; but
        where something was wrong, all that was typed.
        """
        box = self._box(
            "query",
            "Search these works",
            self.fields["query"],
            kind="search",
            placeholder="Words, “a phrase”, -not, by:name",
        )
        return self.text("query", box.label, kind=box.kind, placeholder=box.placeholder) if box.troubles else box

    def names(self, name: str, label: str, unknown: Sequence[str], placeholder: str = "") -> Box:
        """Names that are known have places of their own by now; the others stay where they were typed."""
        return self._box(name, label, ", ".join(unknown), placeholder=placeholder)

    def choice(self, name: str, label: str, choices: Mapping[str, str]) -> Box:
        """A field to choose from."""
        chosen = self._typed(name)
        chosen = chosen if chosen in choices else ""
        options = tuple(
            Option(value=str(value), text=text, is_chosen=value == chosen) for value, text in choices.items()
        )
        return self._box(name, label, chosen, options=options)

    def lately(self, name: str, label: str, choices: Mapping[str, str]) -> Box:
        """A stretch of time up to today: one of these, or the one that was asked for."""
        asked = self.fields[name]
        return self.choice(name, label, {**choices, **({} if asked in choices else {asked: f"The last {asked}"})})

    def sort(self) -> Box:
        """What the list is sorted by; best match is for searches."""
        order, query = self.listing.criteria.order, self.listing.criteria.query
        options = tuple(
            Option(value=sort.value, text=text, is_chosen=sort is order)
            for sort, text in SORTS.items()
            if query or sort is not Sort.BEST
        )
        return self._box("sort_column", "Sort by", order.value, options=options)

    def turned(self) -> Tick | None:
        """The other way round. It says which way, so that another order, chosen later, has its own natural one."""
        criteria = self.listing.criteria
        if criteria.order in _UNTURNABLE:
            return None
        return Tick(
            id="work_search_sort_direction",
            name="work_search[sort_direction]",
            value="desc" if criteria.order.ascends else "asc",
            label=_TURNED.get(criteria.order, "Fewest first"),
            is_ticked=criteria.ascends != criteria.order.ascends,
        )

    def tick(self, name: str, label: str) -> Tick:
        """A box to tick."""
        is_ticked = bool(self.fields[name])
        return Tick(id=f"work_search_{name}", name=f"work_search[{name}]", value="1", label=label, is_ticked=is_ticked)

    def has_trouble(self, *names: str) -> bool:
        """Whether something was wrong with one of these fields."""
        return any(each.field in names for each in self.listing.troubles)

    def _box(
        self,
        name: str,
        label: str,
        value: str,
        *,
        kind: str = "text",
        placeholder: str = "",
        options: tuple[Option, ...] = (),
    ) -> Box:
        troubles = tuple(each.sentence for each in self.listing.troubles if each.field == name)
        return Box(
            id=f"work_search_{name}",
            name=f"work_search[{name}]",
            label=label,
            value=value,
            kind="text" if troubles and kind == "date" else kind,  # a date field would drop what is no date
            placeholder=placeholder,
            options=options,
            troubles=troubles,
        )

    def _typed(self, name: str) -> str:
        """What was typed, as it was typed; of a short address, what was read."""
        typed = self.given.get(f"work_search[{name}]", "").replace("\x00", "").strip()
        return typed or self.fields.get(name, "")
