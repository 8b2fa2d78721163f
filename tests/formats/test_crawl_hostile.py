"""Crawls that are damaged or made to hurt: as far as they go, in bounded memory, with one clear line each."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.crawled_site import BASE, Skin, pages, record, response, warc, whitby
from tests.formats.test_crawl import Heard, read
from undying.formats import Outcome, Request, Unreadable
from undying.formats.crawl import READER
from undying.formats.crawl.tape import LARGEST_BODY, Records

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read"]
PAGES = list(pages(whitby(), Skin()))
LAMP = f"{BASE}viewstory.php?sid=7"
LAST = PAGES[-1][0]


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(read):
    data = warc(PAGES, packed=False)
    heard = read(data[: len(data) * 2 // 3], "cut.warc")
    assert heard.stories["5"].chapters
    assert "the file ends in the middle of a record" in heard.remarks


def test_a_packed_file_that_was_cut_off_is_read_as_far_as_it_goes(read):
    data = warc(PAGES)
    heard = read(data[: len(data) * 2 // 3])
    assert heard.stories["5"].chapters
    assert "the packed file ends in the middle" in heard.remarks


def test_one_packing_around_the_whole_file_is_read(read):
    assert read(gzip.compress(warc(PAGES, packed=False))).stories.keys() == {"5", "7", "12"}


def test_a_damaged_packing_costs_its_record_alone(read):
    data = bytearray(warc(PAGES))
    at = data.index(b"\x1f\x8b", len(data) // 2)
    data[at + 20 : at + 60] = b"\xff" * 40
    heard = read(bytes(data))
    assert heard.stories.keys() == {"5", "7", "12"}
    assert "damaged parts of the packing were passed over" in heard.remarks


@pytest.mark.parametrize("off", [-300, 300, 5000], ids=["short", "long", "far too long"])
def test_a_wrong_length_costs_no_other_record(off, read):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<html>" + b"x" * 400 + b"</html>"
    wrong = record("response", f"{BASE}news.php", block, length=len(block) + off)
    data = warc(PAGES[:8], packed=False) + wrong + warc(PAGES[8:], packed=False)
    heard = read(data, "wrong.warc")
    assert {fate.key for fate in heard.fates} >= {url for url, _page in PAGES}
    assert "than it says; it was read on from here" in heard.remarks


@pytest.mark.parametrize("length", ["-5", "99999999999999999", "many", "", "1e9"])
def test_a_length_that_is_none_costs_no_other_record(length, read):
    wrong = warc([(f"{BASE}news.php", "<html>x</html>")], packed=False)
    head, _, tail = wrong.rpartition(b"Content-Length: ")
    wrong = head + b"Content-Length: " + length.encode() + tail[tail.index(b"\r\n") :]
    heard = read(wrong + warc(PAGES, packed=False), "wrong.warc")
    assert heard.stories.keys() == {"5", "7", "12"}


def test_headers_without_end_are_passed_over(read):
    endless = b"WARC/1.0\r\nWARC-Type: response\r\nX: " + b"y" * 3_000_000 + b"\r\n\r\n"
    many = b"WARC/1.0\r\n" + b"X: y\r\n" * 300_000 + b"\r\n\r\n"
    heard = read(endless + many + warc(PAGES, packed=False), "endless.warc")
    assert heard.stories.keys() == {"5", "7", "12"}


PLAIN = dict(PAGES)[LAMP].encode()
RAW = zlib.compressobj(wbits=-15)
BODIES = {
    "chunked": ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PLAIN), PLAIN)),
    "said to be chunked": ("Transfer-Encoding: chunked", PLAIN),
    "gzip": ("Content-Encoding: gzip", gzip.compress(PLAIN)),
    "said to be gzip": ("Content-Encoding: gzip", PLAIN),
    "deflate": ("Content-Encoding: deflate", zlib.compress(PLAIN)),
    "raw deflate": ("Content-Encoding: deflate", RAW.compress(PLAIN) + RAW.flush()),
    "chunked gzip": (
        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip",
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(PLAIN)), gzip.compress(PLAIN)),
    ),
}


@pytest.mark.parametrize("packing", BODIES)
def test_a_body_is_read_however_the_server_packed_it(packing, read):
    headers, body = BODIES[packing]
    heard = read(response(LAMP, body, headers=f"Content-Type: text/html\r\n{headers}"), "one.warc")
    assert "trimmed the lamp" in heard.stories["7"].chapters[0].body


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(size)) + packer.flush()


def test_a_page_that_unpacks_without_end_is_kept_raw(read):
    data = response(LAMP, bomb(200), headers="Content-Type: text/html\r\nContent-Encoding: gzip")
    tracemalloc.start()
    fate = read(data, "bomb.warc").fate(LAMP)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (fate.outcome, fate.detail) == (
        Outcome.KEPT_RAW,
        f"it unpacks to more than {LARGEST_BODY:,} bytes, which no page does",
    )
    assert peak < 6 * LARGEST_BODY


def test_a_file_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(record("warcinfo", "", b"x")) + gzip.compress(b"WARC/1.0\r\n") + bomb(300))
    with pytest.raises(Unreadable, match=r"bomb\.warc\.gz unpacks to more than 200 times its size, as traps do"):
        list(Records(path))


def test_a_page_that_is_too_large_is_kept_raw(read):
    data = response(LAMP, b"<html>" + b"x" * (LARGEST_BODY + 10))
    heard = read(data + warc(PAGES, packed=False), "large.warc")
    assert heard.stories.keys() == {"5", "7", "12"}
    (large,) = [fate for fate in heard.fates if "larger than" in fate.detail]
    assert large.outcome is Outcome.KEPT_RAW


@pytest.mark.parametrize(
    ("status", "reason"), [("404 Not Found", "HTTP 404"), ("302 Found", "another address"), ("500 No", "HTTP 500")]
)
def test_what_the_server_did_not_give_is_told_with_its_answer(status, reason, read):
    data = response(f"{BASE}viewstory.php?sid=99", "<html>No</html>", status=status)
    assert reason in read(data + warc(PAGES, packed=False), "a.warc").fate(f"{BASE}viewstory.php?sid=99").detail


def test_pages_made_to_hurt_bring_no_script_and_no_path_out(read):
    page = (
        "<html><body><div id='pagetitle'><a href='viewstory.php?sid=1'><script>alert(1)</script>T&lt;b&gt;</a> by "
        "<a href='viewuser.php?uid=2'>N</a></div><div id='story'><p onclick='x()'>Text<script>bad()</script>"
        "<img src='../../../../etc/passwd'><a href='javascript:bad()'>y</a></p></div></body></html>"
    )
    story = read(response(f"{BASE}viewstory.php?sid=1&chapter=../../1", page), "x.warc").stories["1"]
    assert "script" not in story.chapters[0].body
    assert "bad()" not in story.chapters[0].body
    assert "onclick" not in story.chapters[0].body
    assert story.source.key == "1"


def test_a_page_that_nests_without_end_costs_nothing_else(read):
    deep = "<html><body>" + "<div>" * 100_000 + "x"
    heard = read(response(f"{BASE}viewstory.php?sid=1", deep) + warc(PAGES, packed=False), "deep.warc")
    assert heard.stories.keys() == {"5", "7", "12"}


@pytest.mark.parametrize(
    "page", ["viewstory.php?sid=1", "reviews.php?type=ST&item=7", "viewuser.php?uid=2", "browse.php?x=1"]
)
def test_labels_at_the_bottom_of_a_deep_page_cost_nothing_else(page, read):
    labels = "".join(f"<b>{word}:</b> x " for word in ("Penname", "Summary", "Reviewer", "Date", "Rated", "Chapters"))
    deep = "<html><body><a href='viewstory.php?sid=3'>T</a>" + "<div>" * 1800 + labels + "<p>" + "word " * 50
    heard = read(response(f"{BASE}{page}", deep) + warc(PAGES, packed=False), "deep.warc")
    assert heard.stories.keys() >= {"5", "7", "12"}


def test_records_of_all_kinds_have_their_fate(read):
    others = [
        record(kind, f"{BASE}viewstory.php?sid=5", b"x")
        for kind in ("request", "metadata", "revisit", "continuation", "odd")
    ]
    heard = read(b"".join(others) + warc(PAGES, packed=False), "kinds.warc")
    assert heard.fate("request: http://whitby.example.org/fic/viewstory.php?sid=5").outcome is Outcome.KEPT_RAW


SMALL = warc(PAGES[3:7], packed=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hurt=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.binary(max_size=12), st.integers(0, 40)), max_size=8),
    packed=st.booleans(),
)
def test_no_damage_brings_a_traceback_and_everything_adds_up(hurt, packed, tmp_path_factory):
    data = bytearray(SMALL)
    for at, put, drop in hurt:
        data[at : at + drop] = put
    folder: Path = tmp_path_factory.mktemp("hurt")
    path = folder / "hurt.warc.gz"
    path.write_bytes(gzip.compress(bytes(data)) if packed else bytes(data))
    scratch = folder / "scratch"
    scratch.mkdir()
    Heard(
        list(READER.read(path, Request(scratch=scratch, root=folder))) if READER.claims(path, path.read_bytes()) else []
    )
