"""A batch's labels as a table for spreadsheets, and back: the whole file is taken or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.exchange.meanings import as_json, effective, from_json
from undying.exchange.spreadsheet import Fault, Faulty, joined, line, rows, split
from undying.manuscript import Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from undying.exchange.meanings import Label, Tags
    from undying.exchange.models import BatchMeaning
    from undying.formats import Meaning

COLUMNS = ("table", "key", "name", "parent", "uses", "examples", "kind", "tag", "decided", "why")
SECTION = "section"
LARGEST = 16 * 1024 * 1024
LONGEST_TAG = 500
MOST_TAGS = 10
"""Tags of one label."""
_NEEDED = frozenset(("table", "key", "kind", "tag"))
_BETWEEN = " | "
_YES = frozenset(("yes", "y", "x", "1", "true", "ja", "oui", "si", "sí", "да"))
_NO = frozenset(("no", "n", "0", "false", "nein", "non", "нет"))


@dataclass(frozen=True, slots=True)
class Line:
    """One label as the file has it. `tags` None: what is proposed is to stand."""

    number: int
    label: Label
    tags: Tags
    word: str


def written(meanings: Iterable[BatchMeaning]) -> Iterator[str]:
    """The file of a batch's labels, line by line."""
    yield line(COLUMNS)
    for row in meanings:
        yield _row(
            (row.table, row.key, row.name, row.parent, row.uses),
            row.examples,
            effective(row),
            ("yes" if row.is_decided else "", row.why),
        )


def proposed(meanings: Iterable[Meaning]) -> Iterator[str]:
    """The file of what a rehearsal told of labels, line by line."""
    yield line(COLUMNS)
    for each in meanings:
        head = (each.table, each.key, each.name, each.parent, each.uses)
        yield _row(head, each.examples, each.taggings, ("", each.why))


def _row(head: tuple[object, ...], examples: Iterable[str], tags: Tags, tail: tuple[str, str]) -> str:
    kinds = _BETWEEN.join(tagging.kind.value for tagging in tags) or SECTION
    return line((*head, _BETWEEN.join(examples), kinds, shown_tags(tags), *tail))


def choices(data: bytes, meanings: Iterable[BatchMeaning]) -> dict[int, Tags | None]:
    """What the file decides about a batch's labels, by the numbers of their rows. Raises Faulty.

    A line that says what is proposed, and does not say "yes", decides nothing.
    """
    known = {(row.table, row.key): row for row in meanings}
    lines, faults = _read(data)
    chosen: dict[int, Tags | None] = {}
    for said in lines:
        row = known.get(said.label)
        if row is None:
            table, key = said.label
            faults.append(Fault(said.number, f"this import has no label {key!r} in the table {table!r}."))
        else:
            chosen[row.pk] = _decision(said, from_json(row.proposed))
    if faults:
        raise Faulty(sorted(faults, key=lambda fault: fault.line))
    return chosen


def _decision(said: Line, proposal: Tags) -> Tags | None:
    if said.word in _NO:
        return None
    return said.tags if said.word in _YES or as_json(said.tags) != as_json(proposal) else None


def decisions(file: Path) -> dict[Label, Tags]:
    """What a file says about labels before anything was read: each line but those that say "no". Raises Faulty."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise Faulty([Fault(0, f"{file.name} cannot be read ({error.strerror}).")]) from error
    lines, faults = _read(data)
    if faults:
        raise Faulty(faults)
    return {said.label: said.tags for said in lines if said.word not in _NO}


def _read(data: bytes) -> tuple[list[Line], list[Fault]]:
    lines: dict[Label, Line] = {}
    faults: list[Fault] = []
    for number, values in rows(data, COLUMNS[:9], needed=_NEEDED, largest=LARGEST):
        try:
            said = _parsed(number, values)
        except ValueError as error:
            faults.append(Fault(number, str(error)))
            continue
        first = lines.setdefault(said.label, said)
        if (first.tags, first.word) != (said.tags, said.word):
            faults.append(Fault(number, f"it says something else of the same label as line {first.number}."))
    return list(lines.values()), faults


def _parsed(number: int, values: Mapping[str, str]) -> Line:
    """Raises ValueError with what is wrong, in words."""
    word = values.get("decided", "").casefold()
    if word not in _YES | _NO | {""}:
        raise ValueError(f"“decided” is {values['decided']!r}; write yes, no, or nothing.")
    label = (values.get("table", ""), values.get("key", ""))
    if not all(label):
        raise ValueError("it names no label: “table” and “key” must stay as they were.")
    return Line(number, label, parsed_tags(values.get("kind", ""), values.get("tag", "")), word)


def shown_tags(tags: Tags) -> str:
    """The names of tags in one cell."""
    return joined(tagging.name for tagging in tags)


def parsed_tags(kinds: str, names: str) -> Tags:
    """Tags from "fandom | additional" and "Dracula | Whitby"; one kind does for several tags. Raises ValueError."""
    said = [kind.strip().casefold() for kind in kinds.split("|")]
    tags = split(names) if names.strip() else []
    if said == [SECTION]:
        if tags:
            raise ValueError("a section of the site gives no tag: empty “tag”, or say another kind.")
        return ()
    if not tags:
        raise ValueError(f"a tag lacks its name; without a tag the kind is “{SECTION}”.")
    if len(tags) > MOST_TAGS:
        raise ValueError(f"a label gives at most {MOST_TAGS} tags.")
    if len(said) not in {1, len(tags)}:
        raise ValueError(f"it names {len(said)} kinds for {len(tags)} tags.")
    kinds_of = said * len(tags) if len(said) == 1 else said
    return tuple(tagging(kind, name) for kind, name in zip(kinds_of, tags, strict=True))


def tagging(kind: str, name: str) -> Tagging:
    """One tag. Raises ValueError for a kind that there is not, and for a name that none can have."""
    name = " ".join(name.split())
    known = [each.value for each in TagKind]
    if kind not in known:
        raise ValueError(f"{kind!r} is no kind; the kinds are {', '.join(known)}, and {SECTION} for no tag.")
    if not name:
        raise ValueError(f"a tag lacks its name; without a tag the kind is “{SECTION}”.")
    if len(name) > LONGEST_TAG or "\0" in name:
        raise ValueError(f"a tag's name has at most {LONGEST_TAG} characters.")
    return Tagging(kind=TagKind(kind), name=name)
