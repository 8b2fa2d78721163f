"""From the dump to spools: one pass; every table counted, every row of a known table put down or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Progress, Remark, Unreadable
from undying.formats.efiction.dumpfile import DumpFile
from undying.formats.efiction.encodings import Decoder
from undying.formats.efiction.forums import Forums
from undying.formats.efiction.spool import Places, Refusals, Spool
from undying.formats.efiction.tables import ENTITIES, columns_by_count, normalised, parsed_name
from undying.formats.efiction.tokenizer import Definition, Dump, LostRow, Row, Stop, TableName
from undying.formats.efiction.xml_dump import LOOKS_LIKE_XML_DUMP, XmlDump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from undying.formats.efiction.values import Value

_ROWS_PER_PROGRESS = 20_000
_MOST_TABLES = 20_000
_MOST_ARCHIVES = 100
_MOST_REMARKS = 20


@dataclass
class Table:
    """What is known of one table of the dump."""

    number: int
    name: TableName
    install: tuple[str, str] | None
    entity: str
    columns: tuple[str, ...] | None = None
    rows: int = 0
    lost: int = 0
    refused: int = 0
    why: str = ""
    how: dict[tuple[str, ...], Callable[[tuple[Value, ...]], Iterator[tuple[str, dict[str, Value]]]]] = field(
        default_factory=dict
    )

    @property
    def is_spooled(self) -> bool:
        """Whether its rows are put down, and not only counted."""
        return self.install is not None and self.entity in ENTITIES


class Loader:
    """Loads a dump into one spool for each archive in it."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self.tables: dict[TableName, Table] = {}
        self.spools: dict[tuple[str, str], Spool] = {}
        self.refusals = Refusals(scratch / "refused.sqlite")
        self.places = Places(scratch / "places")
        self.forums = Forums(scratch / "forums.sqlite")
        self.decoder = Decoder()
        self._remarks: list[Remark] = []

    def load(self, path: Path) -> Iterator[Progress | Remark]:
        """Read it all. Remarks say where the dump stops, if it stops early."""
        file = DumpFile(path)
        try:
            dump = (XmlDump if LOOKS_LIKE_XML_DUMP.match(file.head) else Dump)(file.read_text)
            for number, item in enumerate(dump.items()):
                self._take(item, path.name)
                if number % _ROWS_PER_PROGRESS == 0:
                    yield Progress(done=file.position, total=file.size, unit="bytes")
                if self._remarks:
                    yield from self._remarks
                    self._remarks.clear()
            if file.failure:
                yield Remark(text=f"{path.name}: {file.failure} after {dump.bytes_read:,} bytes.", grave=True)
            elif file.lacks_its_end:
                yield Remark(
                    text=f"{path.name} lacks the closing line that mysqldump writes: its end may have been cut off. "
                    "Compare the numbers with those of the old site.",
                    grave=True,
                )
        finally:
            file.close()
        yield from self._summary(path.name)
        for spool in self.spools.values():
            spool.seal()

    def _take(self, item: Definition | Row | LostRow | Stop, name: str) -> None:
        if isinstance(item, Row):
            self._add(self._table(item.table), item)
        elif isinstance(item, Definition):
            self._table(item.table).columns = tuple(column.lower() for column in item.columns)
        elif isinstance(item, LostRow):
            table = self._table(item.table)
            table.lost += 1
            self.refusals.add(table.number, f"lost row {table.lost} (line {item.line})", item.why, (item.at, item.size))
            if table.lost <= _MOST_REMARKS:
                where = f"{name}, line {item.line}, table {item.table.name}"
                self._remarks.append(Remark(text=f"{where}: a row could not be read, because {item.why}.", grave=True))
        else:
            where = f"in the table {item.table.name}" if item.table else "between two tables"
            self._remarks.append(
                Remark(
                    text=f"{name} stops at line {item.line} (byte {item.byte:,}), {where}: {item.why}. "
                    "Everything before was read; ask the host for a whole dump.",
                    grave=True,
                )
            )

    def container(self, table: Table) -> str:
        """The table's full name, with its database when the dump holds several tables of that name."""
        alone = sum(name.name == table.name.name for name in self.tables) == 1
        return table.name.name if alone else f"{table.name.database}.{table.name.name}"

    def _table(self, name: TableName) -> Table:
        table = self.tables.get(name)
        if table is None:
            if len(self.tables) >= _MOST_TABLES:
                raise Unreadable(f"The dump holds more than {_MOST_TABLES:,} tables, as no database does.")
            parsed = parsed_name(name.name)
            install = (name.database, parsed[0]) if parsed else None
            table = self.tables[name] = Table(len(self.tables), name, install, parsed[1] if parsed else "")
        return table

    def _add(self, table: Table, row: Row) -> None:
        table.rows += 1
        self.places.add(table.number, row.at, row.size)
        if table.install is not None and not table.is_spooled:
            return
        columns = tuple(name.lower() for name in row.columns) if row.columns else table.columns
        if table.install is None:
            self.forums.add(table.number, columns or (), row)
            return
        if columns is None:
            columns = columns_by_count(table.entity, row.values)
        why = _unfit(columns, row) if columns is None or len(columns) != len(row.values) else ""
        if columns is not None and not why:
            why = self._put(table, columns, row)
        if why:
            table.refused += 1
            table.why = why
            self.refusals.add(table.number, f"row {table.rows}", why, (row.at, row.size))

    def _put(self, table: Table, columns: tuple[str, ...], row: Row) -> str:
        assert table.install is not None
        spool = self.spool(table.install)
        how = table.how.get(columns)
        if how is None:
            how = table.how[columns] = normalised(table.entity, columns)
            spool.has_chapters_as_stories |= table.entity == "stories" and "psid" in columns
            spool.has_old_names |= bool({"psid", "member", "gid"} & set(columns))
        if ENTITIES[table.entity].votes:
            self._vote(row.values)
        container = str(table.number)
        for entity, values in how(row.values):
            why = spool.add(entity, container, values, table.rows, (row.at, row.size))
            if why and container:
                return why
            if why and spool.take_back_half(str(table.number), values):
                return why
            container = ""
        return ""

    def _vote(self, values: tuple[Value, ...]) -> None:
        for value in values:
            if value and not value.isascii():
                self.decoder.vote(value)

    def spool(self, install: tuple[str, str]) -> Spool:
        """The rows of one archive."""
        spool = self.spools.get(install)
        if spool is None:
            if len(self.spools) >= _MOST_ARCHIVES:
                raise Unreadable(
                    f"The dump holds more than {_MOST_ARCHIVES} archives of eFiction; take out some and try again."
                )
            path = self._scratch / f"archive-{len(self.spools)}.sqlite"
            spool = self.spools[install] = Spool(path)
        return spool

    def _summary(self, name: str) -> Iterator[Remark]:
        for table in self.tables.values():
            if table.lost > _MOST_REMARKS:
                yield Remark(
                    text=f"{name}: in all, {table.lost:,} rows of {table.name.name} could not be read.", grave=True
                )
            if table.refused:
                yield Remark(
                    text=f"{name}: {table.refused} of {table.rows} rows of {table.name.name} were refused; "
                    f"the last because {table.why}.",
                    grave=True,
                )

    def close(self) -> None:
        """Let go of all files."""
        for spool in self.spools.values():
            spool.close()
        self.refusals.close()
        self.forums.close()
        self.places.close()


def _unfit(columns: tuple[str, ...] | None, row: Row) -> str:
    if columns is None:
        return (
            f"the dump does not name its columns, and its {len(row.values)} values fit no known version of eFiction; "
            "export it again with CREATE TABLE"
        )
    return f"it has {len(row.values)} values for {len(columns)} columns"
