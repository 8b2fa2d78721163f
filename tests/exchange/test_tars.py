"""Backups in tars: a whole hosting account comes in, a cut one as far as it goes, and one made to harm not at all."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import random
import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.exchange.test_bad_input import DUMP, STORY, ends, folder, rehearsed_alike, why
from undying.exchange.imports import Wish, bring_in
from undying.formats import Unreadable
from undying.formats.packed import Tar
from undying.library.models import Chapter, Work

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
__all__ = ["folder"]

Members = dict[str, bytes | tarfile.TarInfo]


def tarred(members: Members, form: int = tarfile.GNU_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for name, data in members.items():
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
    return packed.getvalue()


def link(name: str, target: str = "/etc/passwd", kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def account() -> Members:
    """What cPanel writes of a whole account."""
    base = "backup-2.3.2010_12-00-00_old"
    return {
        f"{base}/version": b"pkgacct version: 10\n",
        f"{base}/homedir/www": link(f"{base}/homedir/www", "public_html"),
        f"{base}/homedir/.lastlogin": b"127.0.0.1\n",
        f"{base}/homedir/public_html/fanfic/stories/7/11.txt": b"The schooner came in with a dead man at the wheel.",
        f"{base}/homedir/public_html/fanfic/index.php": b"<?php\n",
        f"{base}/mysql/old_fic.sql": DUMP.format(text="").encode(),
    }


@pytest.mark.parametrize("name", ["a.tar", "backup-2.3.2010_old.tar.gz", "a.TGZ", "a.tar.bz2", "a.txz"])
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_the_backup_of_a_whole_account_comes_in_with_its_chapter_files(tmp_path: Path, name: str, form: int) -> None:
    pack = {"gz": gzip.compress, "gz.": gzip.compress, "z2": bz2.compress, "xz": lzma.compress}
    data = tarred(account(), form)
    (tmp_path / name).write_bytes(pack.get("gz" if name.lower().endswith("gz") else name[-2:], bytes)(data))
    report = rehearsed_alike(Wish(paths=[tmp_path / name]))
    assert report.created == 1
    assert "dead man at the wheel" in Chapter.objects.get().body
    told = ends(report)
    assert told[f"./{name}"] == "imported"
    assert [end for path, end in told.items() if path.endswith("/stories/7/11.txt")] == ["imported"]
    assert [end for path, end in told.items() if path.endswith("homedir/www")] == ["refused"]
    assert [end for path, end in told.items() if path.endswith("index.php")] == ["kept raw"]


def test_long_and_strange_names_are_unpacked(folder: Path) -> None:
    names = ["deep/" * 30 + "story.md", "/absolute/story.md", "./dot/./story.md", "caf\udce9/story.md"]
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        stories = {name: STORY.format(title=f"Story {form} {n}").encode() for n, name in enumerate(names)}
        (folder / f"{form}.tar").write_bytes(tarred(dict(stories), form))
    report = rehearsed_alike(Wish(paths=[folder]))
    assert report.created == 9


def test_a_tar_that_is_cut_off_gives_what_was_before_the_cut_and_says_where(tmp_path: Path) -> None:
    members = account()
    noise = random.Random(1897).randbytes(300_000)
    data = gzip.compress(tarred({**members, "late/noise.txt": noise, "later.md": STORY.format(title="Late").encode()}))
    (tmp_path / "cut.tar.gz").write_bytes(data[:150_000])
    report = rehearsed_alike(Wish(paths=[tmp_path / "cut.tar.gz"]))
    assert Work.objects.get().title == "The Log of the Demeter"
    assert "cut.tar.gz was read as far as it goes: the packed file is cut off (after " in str(report.remarks)
    assert "the tar is cut off inside it, after" in why("noise.txt")
    assert ends(report)["./cut.tar.gz"] == "imported"


def test_a_dump_in_a_tar_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    news = b"".join(b"INSERT INTO `fanfiction_news` VALUES (%d,'x');\n" % number for number in range(9000))
    data = tarred({"mysql/old.sql": DUMP.format(text="They rode on.").encode() + news})
    (tmp_path / "cut.tar").write_bytes(data[:100_000])
    report = rehearsed_alike(Wish(paths=[tmp_path / "cut.tar"]))
    assert Work.objects.get().title == "The Log of the Demeter"
    told = str(report.remarks)
    assert "cut.tar was read as far as it goes: it is cut off (after " in told
    assert "old.sql stops at line" in told


@pytest.mark.parametrize("trap", ["climbs", "bomb", "long name"])
def test_a_tar_made_to_harm_is_refused_and_leaves_nothing_outside(folder: Path, tmp_path: Path, trap: str) -> None:
    story = STORY.format(title="Bait").encode()
    data = {
        "climbs": lambda: tarred({"a.md": story, "x/../../../evil.md": story}),
        "bomb": lambda: gzip.compress(tarred({"a.md": story, "z.txt": b"\0" * 300_000_000}), 9),
        "long name": lambda: tarred({"a.md": story, "n" * 70_000: story}),
    }[trap]()
    (folder / "bad.tar.gz").write_bytes(data)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert report.created == 1 + (trap == "bomb")
    assert ends(report)["./bad.tar.gz"] == ("imported" if trap == "bomb" else "refused")
    assert not list(tmp_path.rglob("evil.md"))
    if trap == "bomb":
        assert "as traps do" in str(report.remarks)


def test_links_devices_and_second_copies_cost_only_themselves(folder: Path) -> None:
    members: Members = {
        "a.md": STORY.format(title="Once").encode(),
        "soft.md": link("soft.md"),
        "hard.md": link("hard.md", "a.md", tarfile.LNKTYPE),
        "pipe": link("pipe", kind=tarfile.FIFOTYPE),
        "device": link("device", kind=tarfile.CHRTYPE),
        "a.md/under.md": STORY.format(title="Under").encode(),
    }
    data = tarred(members)[:-10240] if len(tarred(members)) > 20480 else tarred(members)
    again = tarred({"a.md": STORY.format(title="Twice").encode()})
    body = data.rstrip(b"\0")
    (folder / "odd.tar").write_bytes(body + bytes(-len(body) % 512) + again)
    report = rehearsed_alike(Wish(paths=[folder]))
    told = ends(report)
    assert report.created == 2
    assert {
        name: told[f"odd.tar/{name}"] for name in ("soft.md", "hard.md", "pipe", "device", "a.md (2)")
    } == dict.fromkeys(("soft.md", "hard.md", "pipe", "device", "a.md (2)"), "refused")
    assert told["odd.tar/a.md"] == "imported"


def test_what_is_no_tar_is_refused_with_one_sentence(folder: Path) -> None:
    (folder / "no.tar").write_bytes(b"<html>Not found</html>" * 100)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert "is no tar that can be read: it is damaged" in why("no.tar")
    assert report.adds_up


def test_random_damage_never_raises_and_never_hangs() -> None:
    whole = tarred(account())
    chance = random.Random(7)
    for _ in range(300):
        data = bytearray(whole[: chance.randrange(len(whole))])
        for _flip in range(chance.randrange(6)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        packed = gzip.compress(bytes(data))[: chance.choice([None, -9, -40])]
        for stream in (bytes(data), packed):
            tar = Tar(io.BytesIO(stream), "x.tar")
            with contextlib.suppress(Unreadable):
                for _member in tar.members():
                    assert sum(map(len, tar.chunks())) <= len(whole)


def test_the_same_tar_again_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred(account()))
    first = bring_in(Wish(paths=[tmp_path / "a.tar"]))
    assert bring_in(Wish(paths=[tmp_path / "a.tar"])).batch == first.batch
    assert Work.objects.count() == 1
