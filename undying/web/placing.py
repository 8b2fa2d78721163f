"""Where in canon a work or a chapter stands, as it is typed: a row of fields for each place, and one that is empty."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from undying.manuscript import Divergence, Placement, PlacementRelation
from undying.web.boxes import Option
from undying.web.fields import Field, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PARTS = ("relation", "episodes", "unit", "part", "part_to", "fandom", "divergence")
WORK, CHAPTER = "place", "chapter_place"
FIELDS = {prefix: tuple(f"{prefix}_{each}" for each in PARTS) for prefix in (WORK, CHAPTER)}
LABELS = {
    f"{prefix}_{part}": label
    for prefix in (WORK, CHAPTER)
    for part, label in zip(
        PARTS,
        (
            "Where in canon",
            "Where in canon: episodes",
            "Where in canon: what it is counted in",
            "Where in canon: which",
            "Where in canon: up to which",
            "Where in canon: of which fandom",
            "How far it keeps to canon",
        ),
        strict=True,
    )
}
RELATIONS = (
    ("", "Not said"),
    (PlacementRelation.WITHIN.value, "In"),
    (PlacementRelation.BEFORE.value, "Before"),
    (PlacementRelation.DURING.value, "During"),
    (PlacementRelation.AFTER.value, "After"),
    (PlacementRelation.BETWEEN.value, "Between"),
)
DIVERGENCES = (
    (Divergence.UNSAID.value, "Not said"),
    (Divergence.DIVERGENT.value, "Canon goes another way: canon divergence"),
    (Divergence.ALTERNATE.value, "Another world: alternate universe"),
)
UNITS = ("season", "book", "volume", "film", "year", "chapter")
USUAL = "season"
LEAST_ROWS = 2
Row = dict[str, str]


def typed(placements: Iterable[Placement], prefix: str) -> dict[str, tuple[str, ...]]:
    """As a form with these placements would send them, the empty rows behind them too."""
    rows = [*map(_row, placements)]
    rows += [dict.fromkeys(PARTS, "")] * max(1, LEAST_ROWS - len(rows))
    return {f"{prefix}_{part}": tuple(row[part] for row in rows) for part in PARTS}


def _row(placement: Placement) -> Row:
    return {
        "relation": placement.relation.value,
        "episodes": "\n".join(placement.episodes),
        "unit": "" if placement.unit == USUAL else placement.unit,
        "part": placement.part,
        "part_to": placement.part_to,
        "fandom": placement.fandom,
        "divergence": placement.divergence.value,
    }


def read(
    given: Mapping[str, Sequence[str]], prefix: str, had: Sequence[Placement] | None
) -> tuple[Placement, ...] | None:
    """What was typed. Of a place that was there before, the words it was read from stay. A form without such fields
    says nothing: what was there stays.
    """
    if f"{prefix}_relation" not in given:
        return None if had is None else tuple(had)
    known = {replace(each, words=""): each for each in had or ()}
    found = (_placement(row) for row in _rows(given, prefix))
    return tuple(dict.fromkeys(known.get(each, each) for each in found if each is not None))


def _rows(given: Mapping[str, Sequence[str]], prefix: str) -> list[Row]:
    columns = (given.get(f"{prefix}_{part}", ()) for part in PARTS)
    return [dict(zip(PARTS, values, strict=True)) for values in zip_longest(*columns, fillvalue="")]


def _placement(row: Row) -> Placement | None:
    """None for a row that says nothing: "in", and not in what."""
    line = {name: " ".join(text.split()) for name, text in row.items()}
    told = {each.value: each for each in PlacementRelation}.get(line["relation"])
    relation = told or PlacementRelation.WITHIN
    divergence = {each.value: each for each in Divergence}.get(line["divergence"], Divergence.UNSAID)
    episodes = tuple(dict.fromkeys(filter(None, (" ".join(each.split()) for each in row["episodes"].split("\n")))))
    part, part_to = line["part"] or line["part_to"], line["part_to"] if line["part"] else ""
    if relation is PlacementRelation.WITHIN and not (part or episodes or divergence):
        return None
    return Placement(
        fandom=line["fandom"],
        relation=relation,
        unit=line["unit"] or USUAL,
        part=part,
        part_to=part_to,
        episodes=episodes,
        divergence=divergence,
    )


def field(given: Mapping[str, Sequence[str]], prefix: str, problem: str, fandoms: Sequence[str], most: int) -> Field:
    """The rows as a field of a form; `fandoms` are those whose episodes are offered, where the form has no field for
    them; `most` is how many characters the name of an episode may have.
    """
    rows = [row for row in _rows(given, prefix) if any(row.values())]
    rows += [dict.fromkeys(PARTS, "")] * max(1, LEAST_ROWS - len(rows))
    places = tuple(_place(row, prefix, number) for number, row in enumerate(rows, start=1))
    return Field(
        name=f"{prefix}s",
        label="",
        kind="places",
        options=_options(((each, each) for each in UNITS), ""),
        problem=problem,
        places=places,
        whole=tuple(fandoms),
        most=most,
    )


def _place(row: Row, prefix: str, number: int) -> Place:
    return Place(
        number=number,
        prefix=prefix,
        episodes=row["episodes"],
        unit=row["unit"],
        part=row["part"],
        part_to=row["part_to"],
        fandom=row["fandom"],
        relations=_options(RELATIONS, row["relation"]),
        divergences=_options(DIVERGENCES, row["divergence"]),
        is_empty=not any(row.values()),
    )


def _options(options: Iterable[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value=value, text=text, is_chosen=value == chosen) for value, text in options)
