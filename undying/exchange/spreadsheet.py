"""Tables that people edit in spreadsheets, and give back.

What spreadsheets do to files is expected: marks at the start, semicolons or tabs, Windows-1252. A cell that a
spreadsheet would run as a formula is written with an apostrophe before it, which is taken off on the way back.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ftfy.bad_codecs  # noqa: F401 - registers "sloppy-windows-1252", in which every byte means something

from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LARGEST = 16 * 1024 * 1024
MOST_FAULTS = 20
_BETWEEN = " | "
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in which line of the file; line 0 is the file as a whole."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}" if self.line else self.text


class Faulty(Refused):
    """A file that cannot be taken as it is."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        more = f" And {len(faults) - MOST_FAULTS} more." if len(faults) > MOST_FAULTS else ""
        super().__init__(" ".join(map(str, faults[:MOST_FAULTS])) + more)


def line(cells: Iterable[object]) -> str:
    """One line of a file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_guarded(str(cell)) for cell in cells])
    return out.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(names: Iterable[str]) -> str:
    """Names in one cell; a bar that is part of a name has a backslash before it."""
    return _BETWEEN.join(re.sub(r"([\\|])", r"\\\1", name) for name in names)


def split(cell: str) -> list[str]:
    """The names in a cell."""
    parts, is_escaped = [""], False
    for char in cell:
        if char == "|" and not is_escaped:
            parts.append("")
        elif char != "\\" or is_escaped:
            parts[-1] += char
        is_escaped = char == "\\" and not is_escaped
    return [part.strip() for part in parts]


def rows(
    data: bytes, columns: Sequence[str], *, needed: Iterable[str], largest: int = LARGEST
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines that say anything, with their numbers; their cells by the names of the columns, in lower case.

    Raises Faulty for a file that is no such table.
    """
    if len(data) > largest:
        raise Faulty([Fault(0, f"The file is larger than {largest:,} bytes; such a table is not.")])
    text = _decoded(data)
    heading = text.lstrip().partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        reader.fieldnames = [str(name).strip().strip("'").casefold() for name in reader.fieldnames or ()]
        if missing := sorted(set(needed).difference(reader.fieldnames)):
            names = f"{', '.join(missing)}; it must name {', '.join(columns)}"
            raise Faulty([Fault(1, f"the heading lacks {names}.")])
        for cells in reader:
            values = {name: _unguarded((cell or "").strip()) for name, cell in cells.items() if isinstance(cell, str)}
            if any(values.values()):
                yield reader.line_num, values
    except csv.Error as error:
        raise Faulty([Fault(reader.line_num, f"it is no line of a table ({error}).")]) from error


def _decoded(data: bytes) -> str:
    """As spreadsheets save: UTF-8 with or without a mark, UTF-16 with one, or Windows-1252."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("sloppy-windows-1252")
