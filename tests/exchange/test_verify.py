"""The ledger recomputed from the originals: clean after an import, and exact about what is wrong."""

from __future__ import annotations

import gzip
import os
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.test_originals import bytes_of, rich, same_rows, told_rows
from tests.formats.efiction_archive import Archive, small
from undying.exchange import undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState, ContainerCount, Entry
from undying.exchange.verify import Unfinished, Verdict, verify
from undying.formats import Outcome
from undying.kernel import store
from undying.library.actions import withdraw
from undying.library.models import Work

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
STORY = '+++\ntitle = "{0}"\ncreators = ["Mina"]\nsource = {{site = "saved.example", key = "{0}"}}\n+++\nIt rained.\n'


def imported(*paths: Path, **wish: Any) -> Batch:
    return Batch.objects.get(pk=bring_in(Wish(paths=paths, **wish)).batch)


def verified(batch: Batch) -> tuple[Verdict, list[str]]:
    lines: list[str] = []
    verdict = verify(batch, tell=lines.append)
    assert verdict.mismatches == len(lines)
    return verdict, lines


def generated(seed: int, folder: Path) -> bytes:
    """An archive with all that rows and files can come to, in one of the ways in which backups lie; its dump."""
    chance = random.Random(seed)
    archive: Archive = small()
    for sid in range(1, chance.randint(2, 6)):
        in_file = chance.random() < 0.5
        archive.story(sid, None, title=chance.choice(["", "Night", "Größe “7”", "A; B (c), 'd'"]) + str(sid))
        for number in range(chance.randint(0, 3)):
            chapid = sid * 10 + number
            text = chance.choice(
                ["They rode on.", "", "L’été; (é) 'x'", "<script>alert(1)</script> They rode.", "\n\n"]
            )
            archive.chapter(chapid, chance.choice([sid, sid, sid, 99]), "" if in_file else text, inorder=number + 1)
            if in_file and chance.random() < 0.8:
                archive.files[f"stories/2/{chapid}.txt"] = text.encode(chance.choice(["utf-8", "cp1252"]))
        archive.add("reviews", reviewid=sid, item=chance.choice([sid, 77]), reviewer="Lucy", review="Brr\n;", type="ST")
    archive.add("favorites", uid=3, item=1, type="ST", comments="é")
    archive.add("authors", uid=2, penname="again the same number")
    archive.files["stories/2/999.txt"] = b"nobody's"
    archive.files["saved/one.md"] = STORY.format("Alone").encode()
    archive.files["saved/copy.md"] = STORY.format("Alone").encode()
    archive.files["saved/cover.epub"] = b"\x89PNG\r\n\x1a\n" + bytes([seed])
    path = archive.write(folder)
    dump = path.read_bytes()
    way = chance.choice(["plain", "gz", "zip"])
    if way == "gz":
        path.with_suffix(".sql.gz").write_bytes(gzip.compress(dump))
        path.unlink()
    elif way == "zip":
        with zipfile.ZipFile(folder / "all.zip", "w") as pack:
            for each in sorted(folder.rglob("*")):
                if each.is_file() and each.name != "all.zip":
                    pack.write(each, each.relative_to(folder).as_posix())
                    each.unlink()
    return dump


@pytest.mark.parametrize("seed", range(12))
def test_any_archive_adds_up_gives_its_bytes_and_verifies(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "backup"
    dump = generated(seed, folder)
    report = bring_in(Wish(paths=[folder]))
    assert report.adds_up
    batch = Batch.objects.get(pk=report.batch)
    rows = told_rows(batch)
    assert same_rows({table: each for table, each in rows.items() if table.startswith("fanfiction_")}, dump)
    for entry in batch.entries.exclude(original=""):
        assert store.name_of(bytes_of(entry)) == entry.original
    verdict, lines = verified(batch)
    assert lines == []
    assert (verdict.entries, verdict.works) == (batch.entries.count(), batch.works.count())


def test_strange_names_links_and_several_paths_are_put_back_as_they_lay(tmp_path: Path) -> None:
    folder, other = tmp_path / "backup", tmp_path / "more" / ("x" * 200) / ("y" * 200) / ("z" * 150)
    for place in (folder, other):
        place.mkdir(parents=True)
    for number, name in enumerate([b"new\nline.md", b"caf\xe9.md", rb"back\slash.md", "ü\u202eright.md".encode()]):
        (folder / os.fsdecode(name)).write_text(STORY.format(number))
    (folder / "way-out").symlink_to("/etc/hostname")
    (folder / ".git").mkdir()
    (folder / ".hidden").write_text("x")
    (other / "far.md").write_text(STORY.format("far"))
    batch = imported(other, folder)
    assert verified(batch)[1] == []
    assert batch.works.count() == 5


def test_a_stories_folder_elsewhere_is_put_back_elsewhere(tmp_path: Path) -> None:
    archive = small().story(1, None, title="Far")
    archive.chapter(10, 1, "")
    (tmp_path / "backup").mkdir()
    path = archive.write(tmp_path / "backup")
    (tmp_path / "texts" / "2").mkdir(parents=True)
    (tmp_path / "texts" / "2" / "10.txt").write_text("They rode on.")
    batch = imported(path, stories=tmp_path / "texts")
    assert batch.works.count() == 1
    assert verified(batch)[1] == []


@pytest.mark.parametrize("kind", ["file", "dump"])
def test_one_flipped_byte_in_an_original_is_named(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    batch = imported(folder)
    name = "dump.sql" if kind == "dump" else "22.txt"
    path = store.path_of(batch.entries.get(key=name).original)
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 1
    path.write_bytes(packed)
    lines = verified(batch)[1]
    assert f"{name}: The original" in lines[0]
    assert "is damaged" in lines[0]
    assert len(lines) == (2 if kind == "dump" else 1)


def test_every_way_in_which_the_ledger_can_be_wrong_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    batch = imported(folder)
    batch.entries.filter(container="fanfiction_stories", key="1").update(outcome=Outcome.KEPT_RAW)
    batch.entries.filter(container="fanfiction_ratings").delete()
    batch.entries.filter(container="fanfiction_authors", key="3").update(at=5)
    Entry.objects.create(batch=batch, container="fanfiction_authors", key="666", outcome=Outcome.IMPORTED)
    ContainerCount.objects.filter(batch=batch, container="stories/2/").update(total=7)
    Work.objects.get(title="The Count’s café").delete()
    lines = verified(batch)[1]
    told = "\n".join(lines)
    assert len(lines) == 6
    assert "fanfiction_stories 1: the ledger says kept raw, and its original says imported" in told
    assert "fanfiction_ratings 1: merged by its original, and unknown to the ledger" in told
    assert "fanfiction_authors 3: it stands elsewhere" in told
    assert "fanfiction_authors 666: the ledger says imported, and reading the originals tells nothing of it" in told
    assert "stories/2/: the ledger counted 7, and the originals hold 2" in told
    assert "is gone, and nobody withdrew it" in told


def test_a_work_that_was_withdrawn_is_not_missed(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    batch = imported(folder)
    withdraw(Work.objects.get(title="Story 1"))
    assert verified(batch)[1] == []


def test_what_is_not_done_or_was_taken_back_is_not_verified(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    rich().write(folder)
    batch = imported(folder)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.STOPPED)
    with pytest.raises(Unfinished, match="not done"):
        verified(Batch.objects.get(pk=batch.pk))
    undo.undo(batch)
    with pytest.raises(Unfinished, match="taken back"):
        verified(Batch.objects.get(pk=batch.pk))
