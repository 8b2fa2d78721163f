"""The bytes of every row and file: there when the import is done, or stops, and exactly those of the source."""

from __future__ import annotations

import gzip
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.formats.efiction_archive import Archive, small
from undying.exchange import originals, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState, Entry
from undying.exchange.takers import Library
from undying.formats import Outcome
from undying.kernel import store

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
TABLE_OF_ROW = re.compile(rb"INSERT INTO (\w+) VALUES (\(.*\));")


def rich() -> Archive:
    """Tables that become stories, tables that are only kept, a row that is refused, chapter files and an orphan."""
    archive = small().story(1, "“They” rode on; (all) night.").story(2, None, title="The Count’s café")
    archive.chapter(21, 2, "", inorder=1).chapter(10, 1, "the same number again", title="Two")
    archive.add("reviews", reviewid=1, item=1, chapid=10, reviewer="Lucy", review="Brr; 'brr'\nbrr", type="ST")
    archive.add("reviews", reviewid=2, item=99, chapid=0, reviewer="Lucy", review="Lost", type="ST")
    archive.add("favorites", uid=3, item=1, type="ST", comments="é")
    archive.files = {"stories/2/21.txt": "Whitby — at night.".encode("cp1252"), "stories/2/22.txt": b"Nobody's."}
    return archive


def rows_of(dump: bytes) -> dict[str, list[bytes]]:
    """The rows of each table in a dump that has one row a line."""
    rows: dict[str, list[bytes]] = {}
    for line in dump.split(b"\n"):
        if match := TABLE_OF_ROW.fullmatch(line):
            rows.setdefault(match[1].decode(), []).append(match[2])
    return rows


def bytes_of(entry: Entry) -> bytes:
    return b"".join(originals.of(entry).portions())


def told_rows(batch: Batch) -> dict[str, list[bytes]]:
    """The bytes of every row in the ledger, by table."""
    rows: dict[str, list[bytes]] = {}
    for entry in batch.entries.exclude(container__endswith="/"):
        rows.setdefault(entry.container.split(": ")[-1], []).append(bytes_of(entry))
    return rows


def same_rows(told: dict[str, list[bytes]], dump: bytes) -> bool:
    return {table: sorted(rows) for table, rows in told.items()} == {
        table: sorted(rows) for table, rows in rows_of(dump).items()
    }


@pytest.mark.parametrize("packed", ["plain", "gz", "utf-16", "zip", "two"])
def test_each_row_gives_exactly_its_bytes_in_the_dump(tmp_path: Path, packed: str) -> None:
    folder = tmp_path / "backup"
    folder.mkdir()
    path = rich().write(folder)
    dump = path.read_bytes()
    if packed == "gz":
        path.with_suffix(".sql.gz").write_bytes(gzip.compress(dump[:400]) + gzip.compress(dump[400:]))
        path.unlink()
    elif packed == "utf-16":
        path.write_bytes(dump.decode().encode("utf-16"))
        dump = b"\xef\xbb\xbf" + dump
    elif packed == "zip":
        with zipfile.ZipFile(folder / "backup.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "db/dump.sql")
        path.unlink()
    elif packed == "two":
        (folder / "other").mkdir()
        small().story(7).write(folder / "other")
        dump += small().story(7).dump()
    batch = Batch.objects.get(pk=bring_in(Wish(paths=[folder])).batch)
    assert same_rows(told_rows(batch), dump)


def test_each_file_gives_its_bytes_whatever_became_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    (folder / "cover.epub").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    batch = Batch.objects.get(pk=bring_in(Wish(paths=[folder])).batch)
    files = {entry.container.removeprefix("./") + entry.key: entry for entry in batch.entries.exclude(original="")}
    assert {name: bytes_of(entry) for name, entry in files.items()} == {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    assert {entry.outcome for entry in files.values()} == {Outcome.IMPORTED, Outcome.KEPT_RAW, Outcome.REFUSED}


def test_what_has_no_bytes_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    (folder / "way-out").symlink_to("/etc/hostname")
    batch = Batch.objects.get(pk=bring_in(Wish(paths=[folder])).batch)
    with pytest.raises(originals.NotKept, match="kept no bytes"):
        originals.of(batch.entries.get(key="way-out"))
    with pytest.raises(originals.NotKept, match="was not noted"):
        originals.of(Entry(batch=batch, container="fanfiction_stories", key="1"))


def test_the_dump_is_kept_before_its_first_row_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "backup"
    path = rich().write(folder)
    dump = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Library, "fate", full)
    report = bring_in(Wish(paths=[folder]))
    assert report.state == BatchState.STOPPED
    batch = Batch.objects.get(pk=report.batch)
    path.unlink()
    told = [bytes_of(entry) for entry in batch.entries.exclude(container__endswith="/")]
    assert told
    assert set(told) <= {row for rows in rows_of(dump).values() for row in rows}
    undo.undo(batch)
    assert not store.path_of(store.name_of(dump)).exists()


@pytest.mark.parametrize("harm", ["gone", "torn", "other"])
def test_bytes_that_are_not_what_they_were_are_told(home: Path, tmp_path: Path, harm: str) -> None:
    name = store.keep(b"3 May. Bistritz." * 9_999)
    path = store.path_of(name)
    packed = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(packed[:-20] if harm == "torn" else gzip.compress(b"4 May."))
    with pytest.raises(store.Missing if harm == "gone" else store.Damaged, match=name):
        store.check(name)
    with pytest.raises(store.Unwhole):
        store.restore(name, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    path.write_bytes(packed)
    assert store.check(name) == 16 * 9_999
    store.restore(name, tmp_path / "back")
    assert b"".join(store.portions(name, 16 * 9_998, 99)) == b"3 May. Bistritz."
    assert (tmp_path / "back").read_bytes() == store.fetch(name)
