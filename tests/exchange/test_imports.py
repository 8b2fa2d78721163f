"""Bringing stories in: everything accounted for, nothing twice, nothing lost when it is cut off."""

from __future__ import annotations

import errno
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.makers import make_work
from undying.exchange import exports, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState, Entry
from undying.exchange.takers import Library, open_batch
from undying.formats import Outcome, Unreadable
from undying.formats.colophon import Archive
from undying.formats.epub import EpubWriter
from undying.formats.html_write import HtmlWriter
from undying.kernel import store
from undying.library import manuscripts
from undying.library.access import whole_text_for
from undying.library.actions import set_hidden
from undying.library.models import Chapter, Series, Tag, Work
from undying.manuscript import Audience, TagKind
from undying.people.models import Pseud
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

STORY = """+++
title = "{title}"
creators = ["lamplighter"]
fandoms = ["Dracula - Bram Stoker"]
rating = "General Audiences"
series = [{{title = "Whitby Nights", position = {number}}}]
status = "complete"
published = 2019-10-{number:02d}
updated = 2019-10-{number:02d}
notes_before = "Disclaimer: I own nothing; Mr Stoker does. Set after chapter 21."
source = {{site = "saved.example", key = "{number}"}}
+++
The *Demeter* lay on the sand, and nobody would go near her. {number}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine stories, a readme and a picture that says that it is a book."""
    place = tmp_path / "saved"
    (place / "more").mkdir(parents=True)
    for number in range(1, 10):
        file = place / ("more" if number > 5 else ".") / f"story-{number}.md"
        file.write_text(STORY.format(title=f"Night {number}", number=number), encoding="utf-8")
    (place / "README.md").write_text("# What lies here\n", encoding="utf-8")
    (place / "cover.epub").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    return place


def dumped(tmp_path: Path, name: str = "dump.jsonl") -> str:
    exports.dump(tmp_path / name)
    return (tmp_path / name).read_text(encoding="utf-8")


def test_every_file_ends_in_exactly_one_way_and_the_report_adds_up(folder: Path) -> None:
    report = bring_in(Wish(paths=[folder]))
    assert (report.created, report.adds_up) == (9, True)
    assert {each.container: each.total for each in report.containers} == {"./": 7, "more/": 4}
    assert (report.sum(Outcome.IMPORTED), report.sum(Outcome.KEPT_RAW), report.sum(Outcome.REFUSED)) == (9, 1, 1)
    refused = next(each for each in report.reasons if each.outcome == Outcome.REFUSED)
    assert "picture" in refused.detail
    assert json.loads(json.dumps(report.as_json()))["adds_up"] is True


def test_imported_works_are_for_members_until_the_batch_is_opened(folder: Path) -> None:
    report = bring_in(Wish(paths=[folder]))
    assert not Work.objects.visible_to(Viewer.anyone()).exists()
    assert Work.objects.visible_to(Viewer(user_id=1)).count() == 9
    assert open_batch(Batch.objects.get(pk=report.batch)) == 9
    assert Work.objects.visible_to(Viewer.anyone()).count() == 9


def test_open_at_once_opens_but_never_what_the_source_kept_for_members(folder: Path) -> None:
    closed = folder / "story-1.md"
    closed.write_text(closed.read_text().replace('status = "complete"', 'status = "complete"\naudience = "members"'))
    bring_in(Wish(paths=[folder], open_at_once=True))
    assert Work.objects.visible_to(Viewer.anyone()).count() == 8


def test_the_pen_name_stands_with_who_archived_it(folder: Path) -> None:
    bring_in(Wish(paths=[folder]))
    creatorship = Work.objects.get(title="Night 1").byline[0]
    assert (creatorship.pseud.name, creatorship.pseud.user, creatorship.archived_by) == (
        "lamplighter",
        None,
        "the archivist",
    )
    assert Pseud.objects.count() == 1


def test_rights_and_place_in_canon_are_read_from_the_notes_and_stay_in_them(folder: Path) -> None:
    bring_in(Wish(paths=[folder]))
    work = Work.objects.get(title="Night 1")
    assert "I own nothing" in work.rights
    assert "I own nothing" in work.notes_before
    assert [each.relation for each in work.placements.all()] == ["after"]


def test_the_same_command_again_changes_nothing(folder: Path, tmp_path: Path) -> None:
    first = bring_in(Wish(paths=[folder]))
    before = dumped(tmp_path), list(Work.objects.order_by("pk").values()), Entry.objects.count()
    again = bring_in(Wish(paths=[folder]))
    assert again == first
    assert before == (dumped(tmp_path), list(Work.objects.order_by("pk").values()), Entry.objects.count())


@pytest.mark.parametrize("at", range(10))
def test_a_run_that_was_killed_ends_in_the_same_state_when_started_again(
    folder: Path, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    original, seen = Library._write, []

    def dying(self: Library, *args: Any) -> None:
        seen.append(1)
        if len(seen) == at + 1:
            raise Killed
        original(self, *args)

    monkeypatch.setattr(Library, "_write", dying)
    with pytest.raises(Killed):
        bring_in(Wish(paths=[folder]))
    monkeypatch.undo()
    report = bring_in(Wish(paths=[folder]))
    assert (report.created, report.adds_up, report.state) == (9, True, BatchState.DONE)
    resumed = dumped(tmp_path)
    undo.undo(Batch.objects.get())
    bring_in(Wish(paths=[folder]))
    assert resumed == dumped(tmp_path)


def test_a_dry_run_tells_the_same_and_writes_nothing(folder: Path) -> None:
    rehearsal = bring_in(Wish(paths=[folder], dry_run=True))
    assert not Batch.objects.exists()
    assert not Work.objects.exists()
    real = bring_in(Wish(paths=[folder]))
    assert (rehearsal.containers, rehearsal.created, rehearsal.adds_up) == (real.containers, real.created, True)
    assert bring_in(Wish(paths=[folder], dry_run=True)).created == 0


def test_a_batch_is_taken_back_whole(folder: Path, home: Path, tmp_path: Path) -> None:
    kept = make_work("Here before", tags={TagKind.FANDOM: ["Dracula - Bram Stoker"]})
    before = dumped(tmp_path)
    report = bring_in(Wish(paths=[folder]))
    assert undo.undo(Batch.objects.get(pk=report.batch)) == 9
    assert dumped(tmp_path) == before
    assert list(Work.objects.all()) == [kept]
    assert (Series.objects.count(), Chapter.objects.count(), Entry.objects.count()) == (0, 1, 0)
    assert list(Tag.objects.values_list("name", flat=True)) == ["Dracula - Bram Stoker"]
    assert not list((home / "originals").rglob("*.gz"))


def test_a_newer_copy_revises_and_undoing_it_brings_the_older_back(folder: Path, tmp_path: Path) -> None:
    bring_in(Wish(paths=[folder / "story-1.md"]))
    work = Work.objects.get()
    newer = tmp_path / "newer.md"
    text = (folder / "story-1.md").read_text().replace("updated = 2019-10-01", "updated = 2020-01-01")
    newer.write_text(text.replace("nobody would", "no one would"))
    old, address = dumped(tmp_path), (work.pk, work.chapters.get().pk)
    report = bring_in(Wish(paths=[newer]))
    work = Work.objects.get()
    assert (report.revised, report.created) == (1, 0)
    assert "no one would" in work.chapters.get().body
    assert (work.pk, work.chapters.get().pk) == address, "readers' bookmarks must go on working"
    with pytest.raises(undo.Overtaken):
        undo.undo(Batch.objects.order_by("pk")[0])
    undo.undo(Batch.objects.get(pk=report.batch))
    assert dumped(tmp_path) == old


def test_an_older_or_equal_copy_is_merged_and_its_bytes_are_kept(folder: Path, tmp_path: Path) -> None:
    bring_in(Wish(paths=[folder / "story-1.md"]))
    copy = tmp_path / "copy.md"
    copy.write_text((folder / "story-1.md").read_text() + "\n")
    report = bring_in(Wish(paths=[copy]))
    assert (report.created, report.revised, report.sum(Outcome.MERGED)) == (0, 0, 1)
    entry = Entry.objects.get(outcome=Outcome.MERGED)
    assert "Night 1" in entry.detail
    assert store.fetch(entry.original) == copy.read_bytes()


def test_original_bytes_are_kept(folder: Path) -> None:
    bring_in(Wish(paths=[folder]))
    entry = Entry.objects.get(key="story-7.md")
    assert store.fetch(entry.original) == (folder / "more" / "story-7.md").read_bytes()


def test_a_zip_is_read_as_the_folder_that_it_holds(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "saved.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(folder.rglob("*.md")):
            archive.write(file, file.relative_to(folder))
    report = bring_in(Wish(paths=[packed]))
    assert (report.created, report.adds_up) == (9, True)
    assert {each.container for each in report.containers} == {"./", "saved.zip/", "saved.zip/more/"}


def test_a_zip_that_climbs_out_is_refused_and_nothing_is_written_outside(tmp_path: Path) -> None:
    packed = tmp_path / "bad.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.md", "text")
    report = bring_in(Wish(paths=[packed]))
    assert (report.read_anything, report.sum(Outcome.REFUSED), report.adds_up) == (False, 1, True)
    assert not list(tmp_path.rglob("evil.md"))


def test_a_full_disk_stops_the_batch_cleanly_and_it_goes_on_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.keep_files

    def full(paths: list[Path], **options: Any) -> list[str]:
        if any(path.name == "story-4.md" for path in paths):
            raise store.StorageFull("here")
        return kept(paths, **options)

    monkeypatch.setattr(store, "keep_files", full)
    stopped = bring_in(Wish(paths=[folder]))
    assert (stopped.state, stopped.created) == (BatchState.STOPPED, 3)
    assert "full" in stopped.reason
    monkeypatch.undo()
    report = bring_in(Wish(paths=[folder]))
    assert (report.state, report.created, report.adds_up) == (BatchState.DONE, 9, True)


def test_bytes_that_do_not_fit_leave_no_file_behind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("undying.kernel.store.os.fsync", full)
    with pytest.raises(store.StorageFull):
        store.keep(b"a story")
    assert [each for each in (home / "originals").rglob("*") if each.is_file()] == []


def test_a_path_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There is no file or folder"):
        bring_in(Wish(paths=[tmp_path / "nowhere"]))


def test_a_dump_read_into_an_empty_archive_gives_an_equal_dump(folder: Path, tmp_path: Path) -> None:
    bring_in(Wish(paths=[folder]))
    first = dumped(tmp_path, "first.jsonl")
    undo.undo(Batch.objects.get())
    report = bring_in(Wish(paths=[tmp_path / "first.jsonl"]))
    assert (report.created, report.adds_up) == (9, True)
    assert dumped(tmp_path, "second.jsonl") == first


def test_bad_lines_of_a_dump_are_refused_by_number_and_the_rest_is_read(folder: Path, tmp_path: Path) -> None:
    bring_in(Wish(paths=[folder]))
    lines = dumped(tmp_path).splitlines()
    undo.undo(Batch.objects.get())
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join([lines[0], lines[1][: len(lines[1]) // 2], *lines[2:]]) + "\n", encoding="utf-8")
    report = bring_in(Wish(paths=[broken]))
    assert (report.created, report.adds_up) == (8, True)
    assert [each.example for each in report.reasons] == ["broken.jsonl (lines) 2"]


def test_a_member_only_source_stays_so_in_the_dump(tmp_path: Path) -> None:
    make_work("Locked", audience=Audience.MEMBERS)
    assert '"audience":"members"' in dumped(tmp_path)


def test_a_hidden_work_leaves_as_a_draft_so_that_no_archive_shows_it(tmp_path: Path) -> None:
    make_work("Hidden", hidden=True)
    assert '"state":"draft"' in dumped(tmp_path)


def test_a_batch_with_a_hidden_work_is_not_taken_back(folder: Path) -> None:
    report = bring_in(Wish(paths=[folder]))
    work = Work.objects.first()
    assert work is not None
    set_hidden(work, hidden=True)
    with pytest.raises(undo.Overtaken, match=str(work.pk)):
        undo.undo(Batch.objects.get(pk=report.batch))
    set_hidden(work, hidden=False)
    assert undo.undo(Batch.objects.get(pk=report.batch)) == 9


@pytest.mark.parametrize("writer", [EpubWriter(), HtmlWriter()])
def test_a_download_of_this_archive_is_merged_into_the_work_that_it_was_made_of(
    writer: EpubWriter | HtmlWriter, tmp_path: Path
) -> None:
    work = make_work("Taken away", updated=datetime(2020, 1, 2, tzinfo=UTC))
    chapters = whole_text_for(Viewer.anyone(), work)
    place = Archive(name="Ours", work_url=f"https://ours.example/works/{work.pk}")
    book = tmp_path / f"book.{writer.suffix}"
    book.write_bytes(writer.write(manuscripts.of(Work.objects.with_page().get(), chapters), place=place))
    report = bring_in(Wish(paths=[book]))
    assert (report.created, report.revised, report.sum(Outcome.MERGED)) == (0, 0, 1)
    assert bring_in(Wish(paths=[book], dry_run=True)).created == 0
