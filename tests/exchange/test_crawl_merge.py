"""A crawl beside the dump of the same site: nothing twice, nothing worse, and what the dump had lost comes back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.formats.crawled_site import BASE, Skin, TableSkin, arc, mirror, pages, response, saved, warc, whitby
from undying.community.models import Review
from undying.exchange import exports, originals, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, Entry
from undying.exchange.sameness import told
from undying.formats import CAPTURED, Outcome
from undying.library.models import Chapter, Work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from undying.exchange.report import Report

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def crawl_in(form: str, skin: Skin, folder: Path) -> Path:
    """The whole site, captured."""
    folder.mkdir()
    found = pages(whitby(), skin)
    match form:
        case "warc":
            (folder / "crawl.warc.gz").write_bytes(warc(found))
        case "arc":
            (folder / "crawl.arc").write_bytes(arc(found, packed=False))
        case "mirror":
            mirror(found, folder)
        case "saved":
            saved(found, folder)
    return folder


def dump_in(folder: Path, change: Callable[[bytes], bytes] = lambda dump: dump) -> Path:
    folder.mkdir()
    (folder / "whitby.sql").write_bytes(change(whitby().dump()))
    return folder


def import_(path: Path) -> Report:
    report = bring_in(Wish(paths=[path]))
    assert report.adds_up, report.text()
    return report


def archive(tmp_path: Path) -> list[str]:
    """All that the archive holds, without the numbers that it gives by chance."""
    target = tmp_path / "out.jsonl"
    target.unlink(missing_ok=True)
    exports.dump(target)
    return sorted(target.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("form", ["warc", "arc", "mirror", "saved"])
@pytest.mark.parametrize("skin", [pytest.param(Skin(), id="own"), pytest.param(TableSkin(), id="tables")])
def test_dump_and_crawl_give_what_the_dump_gives_in_either_order(form, skin, tmp_path):
    crawl, dump = crawl_in(form, skin, tmp_path / "crawl"), dump_in(tmp_path / "dump")
    import_(dump)
    alone = archive(tmp_path)
    after = import_(crawl)
    both = archive(tmp_path)
    for batch in Batch.objects.order_by("-pk"):
        undo.undo(batch)
    assert not Work.objects.exists()
    Batch.objects.all().delete()

    first = import_(crawl)
    assert first.created == 3
    addresses = set(Chapter.objects.values_list("pk", flat=True))
    import_(dump)
    assert works(archive(tmp_path)) == works(alone) == works(both)
    assert archive(tmp_path) == both
    assert (after.created, after.revised) == (0, 0)
    assert set(Chapter.objects.values_list("pk", flat=True)) == addresses


def works(lines: list[str]) -> list[str]:
    return [line for line in lines if '"undying-manuscript"' in line]


def test_a_crawl_twice_changes_nothing(tmp_path):
    crawl = crawl_in("warc", Skin(), tmp_path / "crawl")
    import_(crawl)
    before = archive(tmp_path)
    again = crawl_in("mirror", Skin(), tmp_path / "again")
    report = import_(again)
    assert (report.created, report.revised) == (0, 0)
    assert archive(tmp_path) == before


def without_a_chapter_and_a_review(dump: bytes) -> bytes:
    """The dump of a site that had lost the text of a chapter, and a review, when it was made."""
    lines = [line for line in dump.split(b"\n") if b"Those steps!" not in line]
    return re.sub(rb"'<p>Mina counted.*?slowly\.</p>'", b"''", b"\n".join(lines))


@pytest.mark.parametrize("order", ["dump first", "crawl first"])
def test_what_the_dump_had_lost_comes_back_from_the_crawl(order, tmp_path):
    crawl = crawl_in("warc", Skin(), tmp_path / "crawl")
    dump = dump_in(tmp_path / "dump", without_a_chapter_and_a_review)
    for each in (dump, crawl) if order == "dump first" else (crawl, dump):
        import_(each)
    story = told(Work.objects.get(key="5"))
    assert [chapter.key for chapter in story.chapters] == ["51", "52", "53"]
    assert "Mina counted the steps" in story.chapters[1].body
    assert [(review.name, review.chapter) for review in story.reviews] == [
        ("Arthur", 1),
        ("Arthur", 2),
        ("Renfield", 3),
    ]
    assert CAPTURED not in story.extras
    assert Work.objects.count() == 3
    assert Review.objects.count() == 3


def without_a_story(dump: bytes) -> bytes:
    """The dump of a site whose author of one story had deleted it before."""
    kept = (line for line in dump.split(b"\n") if b"The Lamp" not in line and b"trimmed the lamp" not in line)
    return b"\n".join(kept)


def test_a_story_that_the_dump_does_not_have_is_named_for_its_author_may_have_deleted_it(tmp_path):
    import_(dump_in(tmp_path / "dump", without_a_story))
    report = import_(crawl_in("warc", Skin(), tmp_path / "crawl"))
    said = "In the crawl and not in the data of whitby.example.org/fic: 1 stories (7 “The Lamp”)"
    assert any(said in remark for remark, _grave in report.remarks)


def test_a_crawl_alone_names_nobody_as_deleted(tmp_path):
    report = import_(crawl_in("warc", Skin(), tmp_path / "crawl"))
    assert not any("not in the data of" in remark for remark, _grave in report.remarks)


def test_both_in_one_import_are_as_both_one_after_the_other(tmp_path):
    folder = tmp_path / "all"
    crawl_in("warc", Skin(), folder)
    (folder / "whitby.sql").write_bytes(whitby().dump())
    rehearsed = bring_in(Wish(paths=[folder], dry_run=True))
    report = import_(folder)
    assert (report.created, report.revised) == (3, 0)
    assert (rehearsed.created, rehearsed.revised) == (3, 0)
    assert all(CAPTURED not in told(work).extras for work in Work.objects.all())


def test_two_crawls_complete_each_other(tmp_path):
    everything = list(pages(whitby(), Skin(), printed=False))
    for number in (0, 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        mine = [(url, page) for url, page in everything if f"chapter={2 - number}" not in url]
        (folder / "crawl.warc").write_bytes(warc(mine, packed=False))
        import_(folder)
    story = told(Work.objects.get(key="5"))
    assert [chapter.key for chapter in story.chapters] == ["51", "52", "53"]
    assert [review.chapter for review in story.reviews] == [1, 2, 3]


def test_a_records_bytes_are_given_back(tmp_path):
    crawl = crawl_in("warc", Skin(), tmp_path / "crawl")
    import_(crawl)
    url = f"{BASE}viewstory.php?sid=7"
    entry = Entry.objects.get(key=url)
    assert b"".join(originals.of(entry).portions()) == response(url, dict(pages(whitby(), Skin()))[url])[:-4]
    assert entry.work == Work.objects.get(key="7")


def test_every_missing_address_is_a_row_of_the_ledger(tmp_path):
    found = [(url, page) for url, page in pages(whitby(), Skin(), printed=False) if "chapter=3" not in url]
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "crawl.warc").write_bytes(warc(found, packed=False))
    report = import_(folder)
    missing = Entry.objects.filter(container="not captured of whitby.example.org/fic")
    assert [(each.key, each.outcome) for each in missing] == [
        (f"{BASE}viewstory.php?sid=5&chapter=3", Outcome.REFUSED.value)
    ]
    assert "viewstory.php?sid=5&chapter=3" in json.dumps(report.as_json())
