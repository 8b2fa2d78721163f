"""What is known of tags as a table for spreadsheets, and back: the whole file is taken or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Count

from undying.exchange.spreadsheet import Fault, Faulty, joined, line, rows, split
from undying.library import tag_accounts
from undying.library.models import Tag, WorkTag
from undying.manuscript import Medium, TagAccount, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from undying.library.tag_accounts import Kept

COLUMNS = ("kind", "name", "canonical", "parents", "fandoms", "medium", "works")
LARGEST = 256 * 1024 * 1024
AT_A_TIME = 500
_NEEDED = ("kind", "name")


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line says of a tag. A column that the file has not leaves what is known as it is."""

    number: int
    tag: Tagging
    cells: Mapping[str, str]

    def beside(self, here: TagAccount) -> TagAccount:
        """What is to be known of it. Raises ValueError with what is wrong, in words."""
        cells = self.cells
        canonical = cells.get("canonical", here.canonical)
        return TagAccount(
            tag=self.tag,
            # Tables of synonyms often name a canonical tag as its own.
            canonical="" if canonical == self.tag.name else canonical,
            parents=_names(cells["parents"]) if "parents" in cells else here.parents,
            fandoms=_names(cells["fandoms"]) if "fandoms" in cells else here.fandoms,
            medium=_medium(cells["medium"]) if "medium" in cells else here.medium,
        )


def _tagging(kind: str, name: str) -> Tagging:
    known = [each.value for each in TagKind]
    if kind not in known:
        raise ValueError(f"“{kind[:40]}” is no kind; the kinds are {', '.join(known)}.")
    if not name:
        raise ValueError("it names no tag.")
    return Tagging(kind=TagKind(kind), name=name)


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in split(cell) if name))


def _medium(cell: str) -> Medium | None:
    known = {each.value.casefold(): each for each in Medium}
    if cell and cell.casefold() not in known:
        raise ValueError(f"“{cell[:40]}” is no medium; the media are {', '.join(Medium)}.")
    return known[cell.casefold()] if cell else None


def written(tags: QuerySet[Tag]) -> Iterator[str]:
    """The file of these tags, line by line: by kind and name, with how many works carry each itself."""
    yield line(COLUMNS)
    for each, works in listed(tags):
        medium = each.medium.value if each.medium else ""
        said = (each.canonical, joined(each.parents), joined(each.fandoms), medium)
        yield line((each.tag.kind.value, each.tag.name, *said, works))


def listed(tags: QuerySet[Tag]) -> Iterator[tuple[TagAccount, int]]:
    """What is known of these tags, with how many works carry each itself; in bounded memory."""
    accounts = tag_accounts.told(tags)
    while portion := list(islice(accounts, AT_A_TIME)):
        uses = _uses(each.tag for each in portion)
        yield from ((each, uses.get(each.tag, 0)) for each in portion)


def _uses(tags: Iterable[Tagging]) -> dict[Tagging, int]:
    counted = WorkTag.objects.filter(tag__name__in={each.name for each in tags}).order_by()
    grouped = counted.values_list("tag__kind", "tag__name").annotate(times=Count("pk"))
    return {Tagging(kind=TagKind(kind), name=name): times for kind, name, times in grouped}


def apply(data: bytes) -> Kept:
    """Make what is known of the tags in a file what the file says. Raises Faulty, with all that is wrong by line."""
    lines, faults = _read(data)
    here = tag_accounts.accounts_of(lines)
    values: list[TagAccount] = []
    for said in lines.values():
        try:
            values.append(said.beside(here[said.tag]))
        except ValueError as error:
            faults.append(Fault(said.number, str(error)))
            values.append(here[said.tag])
    numbers = [said.number for said in lines.values()]
    if faults:
        raise _faulty([*faults, *_by_line(tag_accounts.judge(values), numbers)])
    try:
        return tag_accounts.keep(values)
    except tag_accounts.Faulty as faulty:
        raise _faulty(_by_line(faulty.faults, numbers)) from faulty


def _by_line(faults: Iterable[tag_accounts.Fault], numbers: list[int]) -> list[Fault]:
    return [Fault(0 if each.place is None else numbers[each.place], each.text) for each in faults]


def _faulty(faults: list[Fault]) -> Faulty:
    return Faulty(sorted(faults, key=lambda fault: fault.line))


def _read(data: bytes) -> tuple[dict[Tagging, _Said], list[Fault]]:
    lines: dict[Tagging, _Said] = {}
    faults: list[Fault] = []
    for number, values in rows(data, COLUMNS, needed=_NEEDED, largest=LARGEST):
        try:
            said = _Said(number, _tagging(values.get("kind", "").casefold(), values.get("name", "")), values)
        except ValueError as error:
            faults.append(Fault(number, str(error)))
            continue
        first = lines.setdefault(said.tag, said)
        if first.cells != said.cells:
            faults.append(Fault(number, f"it says something else of the same tag as line {first.number}."))
    return lines, faults
