"""What strangers and accidents put into a folder: each thing ends in one clear line, and the rest is brought in."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.manuscripts import make_manuscript
from undying.exchange import imports, survey
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import BatchState, Entry
from undying.formats import Outcome, Unreadable
from undying.formats.registry import readers
from undying.kernel import store
from undying.library.models import Work
from undying.manuscript import Source
from undying.manuscript.codec import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from undying.exchange.report import Report
    from undying.formats import Event, Request

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

STORY = "# {title}\n\nThe schooner came in with a dead man at the wheel. {title}\n"
DUMP = """CREATE TABLE `fanfiction_stories` (`sid` int, `title` text, `uid` int, `validated` int);
INSERT INTO `fanfiction_stories` VALUES (1,'The Log of the Demeter',7,1);
CREATE TABLE `fanfiction_chapters` (`chapid` int, `title` text, `inorder` int, `storytext` text, `validated` int,
 `sid` int, `uid` int);
INSERT INTO `fanfiction_chapters` VALUES (11,'Varna',1,'{text}',1,1,7);
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good story."""
    place = tmp_path / "saved"
    place.mkdir()
    (place / "good.md").write_text(STORY.format(title="Good"))
    return place


def ends(report: Report) -> dict[str, str]:
    """How each file of the batch ended."""
    return {f"{each.container}{each.key}": each.outcome for each in Entry.objects.filter(batch=report.batch)}


def why(name: str) -> str:
    return Entry.objects.get(key=name).detail


def zipped(members: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def rehearsed_alike(wish: Wish) -> Report:
    """The report of the import, which adds up and is what its rehearsal had said."""
    dry = bring_in(Wish(paths=wish.paths, site=wish.site, stories=wish.stories, install=wish.install, dry_run=True))
    real = bring_in(wish)
    assert real.adds_up, real.containers
    assert (dry.created, dry.revised, dry.containers, dry.reasons) == (
        real.created,
        real.revised,
        real.containers,
        real.reasons,
    )
    assert sorted(dry.remarks) == sorted(real.remarks)
    return real


def test_links_and_pipes_are_refused_and_never_opened(folder: Path) -> None:
    (folder / "passwords.txt").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    os.mkfifo(folder / "pipe.txt")
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {
        "./good.md": "imported",
        "./passwords.txt": "refused",
        "./etc/": "refused",
        "./pipe.txt": "refused",
    }
    assert "link" in why("passwords.txt")
    assert "pipe" in why("pipe.txt")


def test_hidden_files_are_kept_raw_and_hidden_folders_named(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0\1")
    (folder / ".git").mkdir()
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {"./good.md": "imported", "./.DS_Store": "kept raw", "./.git/": "refused"}


def test_a_file_that_may_not_be_read_costs_only_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "secret.md").write_text(STORY.format(title="Secret"))
    readable = store.digest_of

    def forbidden(path: Path) -> str:
        if path.name == "secret.md":
            raise PermissionError(13, "Permission denied", str(path))
        return readable(path)

    monkeypatch.setattr(store, "digest_of", forbidden)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {"./good.md": "imported", "./secret.md": "refused"}
    assert "Permission denied" in why("secret.md")


def test_a_folder_that_may_not_be_entered_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "shut").mkdir()
    listed = os.scandir

    def forbidden(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    assert ends(bring_in(Wish(paths=[folder])))["./shut/"] == "refused"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (b"two\nlines.md", "two\\nlines.md"),
        (b"bad\xff\xfe.md", "bad\\xff\\xfe.md"),
        (b"red\x1b[31m.md", "red\\u001b[31m.md"),
        ("\u202egpj.md".encode(), "\\u202egpj.md"),
        ("\U0001f987 over Carfax.md".encode(), "\U0001f987 over Carfax.md"),
        (b"back\\slash.md", "back\\\\slash.md"),
    ],
)
def test_strange_names_are_told_apart_and_shown_harmlessly(folder: Path, name: bytes, told: str) -> None:
    (folder / os.fsdecode(name)).write_text(STORY.format(title="Strange"))
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {"./good.md": "imported", f"./{told}": "imported"}
    assert json.dumps(report.as_json()).encode()


def test_a_path_that_is_longer_than_the_columns_keeps_its_ends(folder: Path) -> None:
    deep = folder
    for letter in "abc":
        deep /= letter * 220
    deep.mkdir(parents=True)
    (deep / "far.md").write_text(STORY.format(title="Far"))
    report = rehearsed_alike(Wish(paths=[folder]))
    longest = max((each.container for each in report.containers), key=len)
    assert (len(longest) <= 500, longest[:3], longest[-3:]) == (True, "aaa", "cc/")


def test_two_roots_with_the_same_names_do_not_collide(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "story.md").write_text(STORY.format(title=name))
    paths = [tmp_path / "a", tmp_path / "b", tmp_path / "a", tmp_path / "a" / "story.md"]
    report = rehearsed_alike(Wish(paths=paths))
    assert ends(report) == {"a/story.md": "imported", "b/story.md": "imported"}
    assert report.created == 2


def test_a_pipe_or_nothing_where_a_path_was_named_is_one_sentence(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="neither a file nor a folder"):
        bring_in(Wish(paths=[tmp_path / "pipe"]))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(Unreadable, match="There is no file or folder"):
        bring_in(Wish(paths=[loop]))


def test_the_data_folder_is_not_brought_into_itself(home: Path) -> None:
    (home.parent / "story.md").write_text(STORY.format(title="Outside"))
    report = bring_in(Wish(paths=[home.parent]))
    assert ends(report) == {"./story.md": "imported", "./home/": "refused"}


def test_a_zip_in_a_zip_is_opened_and_too_many_are_refused(folder: Path) -> None:
    data = b""
    for depth in range(5):
        inside: dict[str, bytes | str] = {f"at-{depth}.md": STORY.format(title=str(depth))}
        data = zipped(inside | ({f"zip-{depth}.zip": data} if data else {}))
    (folder / "outer.zip").write_bytes(data)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert report.created == 4
    assert ends(report)["outer.zip/zip-4.zip/zip-3.zip/zip-2.zip"] == "refused"


def test_a_zip_bomb_is_refused_whole_and_leaves_nothing(folder: Path, home: Path) -> None:
    (folder / "bomb.zip").write_bytes(zipped({"a.md": STORY.format(title="Bait"), "z.txt": b"\0" * 20_000_000}))
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {"./good.md": "imported", "./bomb.zip": "refused"}
    assert "as traps do" in why("bomb.zip")
    assert not list((home / "scratch").iterdir())


def test_a_damaged_file_in_a_zip_costs_only_itself(folder: Path) -> None:
    packed = bytearray(zipped({"a.md": STORY.format(title="Whole"), "b.md": STORY.format(title="Hurt") * 50}))
    at = packed.index(b"b.md") + 10
    packed[at : at + 8] = b"\xff" * 8
    (folder / "hurt.zip").write_bytes(packed)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert {key: end for key, end in ends(report).items() if key.startswith("hurt")} == {
        "hurt.zip/a.md": "imported",
        "hurt.zip/b.md": "refused",
    }
    assert "damaged" in why("b.md")


def test_names_in_a_zip_that_cannot_all_be_files_cost_only_themselves(folder: Path) -> None:
    (folder / "odd.zip").write_bytes(zipped({"a": "x", "a/b.md": STORY.format(title="Under"), "n" * 300 + ".md": "x"}))
    report = rehearsed_alike(Wish(paths=[folder]))
    assert list(ends(report).values()).count("refused") == 2


@pytest.mark.parametrize("kind", ["path", "absolute", "link"])
def test_a_zip_that_reaches_outside_is_refused(folder: Path, tmp_path: Path, kind: str) -> None:
    name = {"path": "../../evil.md", "absolute": str(tmp_path / "evil.md"), "link": "evil.md"}[kind]
    member = zipfile.ZipInfo(name)
    if kind == "link":
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "bad.zip", "w") as archive:
        archive.writestr(member, "/etc/passwd")
    assert ends(rehearsed_alike(Wish(paths=[folder])))["./bad.zip"] == "refused"
    assert not list(tmp_path.rglob("evil.md"))


def test_a_big_dump_in_a_zip_is_read(folder: Path) -> None:
    text = " ".join(f"wave {number}" for number in range(40_000))
    (folder / "site.zip").write_bytes(zipped({"back/up.sql": DUMP.format(text=text)}))
    report = rehearsed_alike(Wish(paths=[folder]))
    assert (report.created, Work.objects.filter(title="The Log of the Demeter").count()) == (2, 1)


def test_two_dumps_in_one_batch_keep_their_tables_apart(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "site.sql").write_text(DUMP.format(text=f"Of archive {name}."))
    report = rehearsed_alike(Wish(paths=[tmp_path / "a", tmp_path / "b"]))
    assert {"a/site.sql: fanfiction_stories", "b/site.sql: fanfiction_stories"} <= {
        each.container for each in report.containers
    }


def test_chapter_files_elsewhere_are_told_under_one_name_and_name_the_batch(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    (tmp_path / "dump" / "site.sql").write_text(DUMP.format(text=""))
    chapter = tmp_path / "far" / "away" / "7" / "11.txt"
    chapter.parent.mkdir(parents=True)
    chapter.write_text("Rain and fog over the bay.")
    wish = Wish(paths=[tmp_path / "dump"], stories=tmp_path / "far" / "away")
    report = rehearsed_alike(wish)
    assert ends(report)["far/away/7/11.txt"] == "imported"
    chapter.write_text("Rain and fog over the bay, all night.")
    assert bring_in(wish).batch != report.batch, "other chapters are another import"


def test_chapters_of_a_dump_that_cannot_be_read_do_not_become_stories(tmp_path: Path) -> None:
    (tmp_path / "site.sql").write_text(DUMP.format(text=""))
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "11.txt").write_text("Rain and fog over the bay.")
    report = rehearsed_alike(Wish(paths=[tmp_path], install="another_"))
    assert (report.created, report.read_anything) == (0, False)
    assert ends(report)["7/11.txt"] == "kept raw"
    assert "another_" in why("site.sql")


def test_a_folder_in_which_nothing_can_be_read_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.epub").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\1" * 100)
    (tmp_path / "saved" / "b.zip").write_bytes(zipped({"c.bin": b"\1"}))
    (tmp_path / "saved" / "d.jsonl").write_text('{"format":"undying-manuscript","version":1}\n')
    report = rehearsed_alike(Wish(paths=[tmp_path / "saved"]))
    assert not report.read_anything


def test_a_reader_that_fails_costs_only_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_path: Path, _request: Request) -> Iterator[Event]:
        raise ZeroDivisionError("division by zero")
        yield

    (folder / "other.txt").write_text("A lamp in the abbey.\n\nIt burned.")
    monkeypatch.setattr(next(each for each in readers() if each.name == "Markdown"), "read", broken, raising=False)
    report = rehearsed_alike(Wish(paths=[folder]))
    assert ends(report) == {"./good.md": "refused", "./other.txt": "imported"}
    assert "report this as a bug" in why("good.md")


@pytest.mark.parametrize("moment", ["before", "during"])
def test_a_file_that_changes_or_goes_away_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    (folder / "zz.md").write_text(STORY.format(title="Going"))
    read = imports.reader_for

    def meddling(path: Path, head: bytes) -> object:
        if path.name == "zz.md" and moment == "before":
            path.unlink()
        elif path.name == "zz.md":
            path.write_text(STORY.format(title="Gone on"))
        return read(path, head)

    monkeypatch.setattr(imports, "reader_for", meddling)
    report = bring_in(Wish(paths=[folder]))
    assert (report.state, report.adds_up) == (BatchState.DONE, True)
    assert any("zz.md changed while it was read" in text for text, _ in report.remarks)


def test_bytes_that_change_while_they_are_kept_are_named_by_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log.txt"
    file.write_text("before")
    monkeypatch.setattr(store, "digest_of", lambda _: "0" * 64)
    assert [store.fetch(name) for name in store.keep_files([file])] == [b"before"]


def test_a_value_that_no_column_holds_refuses_its_story_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = imports.Library._take

    def fussy(self: imports.Library, manuscript: object, *rest: object) -> None:
        if getattr(manuscript, "title", "") == "Too long":
            raise OverflowError("Python int too large to convert to SQLite INTEGER")
        taken(self, manuscript, *rest)  # type: ignore[arg-type] - passed on as it came

    monkeypatch.setattr(imports.Library, "_take", fussy)
    lines = [to_json(make_manuscript(title=title)) for title in ("Too long", "Fits")]
    (tmp_path / "dump.jsonl").write_text("\n".join(lines))
    report = bring_in(Wish(paths=[tmp_path / "dump.jsonl"]))
    assert (report.created, report.adds_up) == (1, True)
    assert "cannot hold it" in report.reasons[0].detail


def test_stories_without_a_source_are_not_taken_for_one_another(tmp_path: Path) -> None:
    written = [make_manuscript(title=title, source=Source()) for title in ("One", "Two")]
    (tmp_path / "dump.jsonl").write_text("".join(to_json(each) + "\n" for each in written))
    report = rehearsed_alike(Wish(paths=[tmp_path / "dump.jsonl"]))
    assert report.created == 2
    (tmp_path / "again.jsonl").write_text("".join(to_json(each) + "\n" for each in reversed(written)))
    assert rehearsed_alike(Wish(paths=[tmp_path / "again.jsonl"])).sum(Outcome.MERGED) == 2


def test_a_huge_file_is_refused_without_being_read_into_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "digest_of", lambda path: path.name.ljust(64, "0"))  # a gigabyte takes seconds to hash
    for ending in ("txt", "md", "html", "rtf", "epub", "docx", "odt"):
        with (folder / f"huge.{ending}").open("wb") as file:
            file.truncate(1 << 30)
    report = bring_in(Wish(paths=[folder]))
    assert (report.created, report.sum(Outcome.REFUSED)) == (1, 7)


def test_a_pile_of_small_files_is_surveyed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(600):
        (folder / f"{number}.bin").write_bytes(b"%d" % number)
    seen: list[Path] = []
    digest: Callable[[Path], str] = store.digest_of
    monkeypatch.setattr(survey.store, "digest_of", lambda path: seen.append(path) or digest(path))
    report = bring_in(Wish(paths=[folder]))
    assert (report.sum(Outcome.KEPT_RAW), report.adds_up) == (600, True)
    assert len(seen) <= 2 * 601


def test_pipes_among_chapter_files_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "site.sql").write_text(DUMP.format(text="Kept in the dump."))
    (tmp_path / "stories" / "7").mkdir(parents=True)
    (tmp_path / "stories" / "7" / "11.txt").write_text("Rain and fog over the bay.")
    os.mkfifo(tmp_path / "stories" / "7" / "12.txt")
    (tmp_path / "stories" / "7" / "13.txt").symlink_to("/etc/passwd")
    report = rehearsed_alike(Wish(paths=[tmp_path], stories=tmp_path / "stories"))
    assert report.created == 1
    assert not Entry.objects.filter(key__in=["12.txt", "13.txt"]).exclude(original="").exists()
