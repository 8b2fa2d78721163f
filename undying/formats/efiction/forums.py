"""Members who are kept in another program's table: sites had eFiction use their forum's, for one login to both.

Such a table is known by its name's end and its columns. Its rows come into play only where eFiction's own table of
authors does not know most of those who wrote: numbers of another program would else name the wrong people.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats.efiction.spool import span_of
from undying.formats.efiction.tables import integer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.tokenizer import Row

_TABLE = re.compile(r"(?:members?|users?)\Z", re.IGNORECASE)
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Program:
    """A program with members: its column for the number, those for the name (the shown one first), for the address."""

    name: str
    number: str
    names: tuple[str, ...]
    email: str


@dataclass(frozen=True, slots=True)
class Adopted:
    """A row that became an author: of what, and where it stands in the dump."""

    source: str
    at: int


_PROGRAMS = (
    Program("Simple Machines Forum 1", "id_member", ("realname", "membername"), "emailaddress"),
    Program("Simple Machines Forum 2", "id_member", ("real_name", "member_name"), "email_address"),
    Program("e107", "user_id", ("user_name", "user_loginname"), "user_email"),
    Program("PHP-Fusion", "user_id", ("user_name",), "user_email"),
    Program("phpBB or PHP-Nuke", "user_id", ("username",), "user_email"),
    Program("Invision Power Board 3", "member_id", ("members_display_name", "name"), "email"),
    Program("Invision Power Board 2", "id", ("members_display_name", "name"), "email"),
    Program("vBulletin", "userid", ("username",), "email"),
    Program("XenForo", "user_id", ("username",), "email"),
    Program("MyBB", "uid", ("username",), "email"),
    Program("XOOPS", "uid", ("uname",), "email"),
    Program("Drupal", "uid", ("name",), "mail"),
    Program("WordPress", "id", ("display_name", "user_login"), "user_email"),
    Program("Joomla", "id", ("username", "name"), "email"),
    Program("FluxBB", "id", ("username",), "email"),
)


def program_of(table: str, columns: Iterable[str]) -> Program | None:
    """Whose members' table this is, by its name and its columns (in small letters)."""
    there = set(columns)
    if not _TABLE.search(table):
        return None
    return next((each for each in _PROGRAMS if {each.number, each.names[0], each.email} <= there), None)


class Forums:
    """The members of other programs in the dump, put down in a file: number, name and address, nothing else."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute(
            "CREATE TABLE members (container TEXT, uid INTEGER, penname BLOB, email BLOB, at INTEGER, size INTEGER)"
        )
        self._db.execute("BEGIN")
        self._programs: dict[tuple[int, tuple[str, ...]], Program | None] = {}
        self.names: dict[int, str] = {}
        """By the number of a table: the program that it is of."""

    def add(self, table: int, columns: tuple[str, ...], row: Row) -> None:
        """A row of the table of this number, which is none of eFiction's: kept when it is a member's."""
        known = (table, columns)
        if known not in self._programs:
            self._programs[known] = program_of(row.table.name, columns)
        program = self._programs[known]
        if program is None or len(columns) != len(row.values):
            return
        self.names[table] = program.name
        values = dict(zip(columns, row.values, strict=True))
        uid = integer(values[program.number])
        name = next((values[each] for each in program.names if values.get(each)), None)
        if uid and name:
            told = (str(table), uid, name, values[program.email], row.at, row.size)
            self._db.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?, ?)", told)

    def members(self, table: int) -> Iterator[sqlite3.Row]:
        """The members of one table, in its order."""
        return iter(self._db.execute("SELECT * FROM members WHERE container = ? ORDER BY at", (str(table),)))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def adopt(spool: Spool, sources: Mapping[str, Callable[[], Iterable[sqlite3.Row]]]) -> Iterator[Adopted]:
    """Give an archive the authors that its own table does not know, from the source that knows most of them.

    `sources` are tables of members by name, each giving rows with container, uid, penname, email, at and size.
    """
    missing = _missing(spool)
    best, most = "", 0
    for name, members in sources.items() if missing else ():
        known = sum(row["uid"] in missing for row in members())
        if known > most:
            best, most = name, known
    if most < len(missing) * _ENOUGH:
        return
    for row in sources[best]() if best else ():
        if row["uid"] in missing:
            values = {name: row[name] for name in row.keys() if name in {"uid", "penname", "email"}}  # noqa: SIM118 - sqlite3.Row
            span = span_of(row)
            if not spool.add("authors", row["container"], {**values, "uid": b"%d" % row["uid"]}, 0, span):
                yield Adopted(best, span[0])


def _missing(spool: Spool) -> set[int]:
    """The members that the archive's rows name and its authors do not hold; none where most writers are there."""
    writers = {row["uid"] for row in spool.stream("SELECT DISTINCT uid FROM stories WHERE uid > 0")}
    here = {row["uid"] for row in spool.stream("SELECT uid FROM authors")}
    if len(writers & here) > len(writers) * _ENOUGH:
        return set()
    for entity in ("chapters", "coauthors", "series", "reviews", "favorites", "challenges", "authorinfo"):
        statement = f"SELECT DISTINCT uid FROM {entity} WHERE uid > 0"  # noqa: S608 - our own names
        writers |= {row["uid"] for row in spool.stream(statement)}
    return writers - here
