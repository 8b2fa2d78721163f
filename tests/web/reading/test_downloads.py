"""Works as files."""

from __future__ import annotations

import io
import zipfile

from tests.makers import make_work
from tests.manuscripts import prose
from undying.manuscript import Review
from undying.web import links


def test_an_epub_is_one_and_is_named_after_its_work(guest):
    work = make_work('The "Lamp" / Фонарь', text="Rain")

    answer = guest.get(links.download(work, "epub"))

    assert answer.headers["Content-Type"] == "application/epub+zip"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="The Lamp ______.epub"; '
        "filename*=UTF-8''The%20Lamp%20%D0%A4%D0%BE%D0%BD%D0%B0%D1%80%D1%8C.epub"
    )
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert book.read("mimetype") == b"application/epub+zip"


def test_the_title_in_the_address_is_not_checked_and_the_ending_is(guest):
    work = make_work()

    assert guest.get(f"/downloads/{work.pk}/anything.html").status_code == 200
    assert guest.get(f"/downloads/{work.pk}/anything.exe").status_code == 404


def test_a_download_carries_the_reviews_that_its_reader_may_see(guest):
    work = make_work(reviews=(Review(name="Lucy", body=prose("<p>Oh, Arthur!</p>")),))

    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(work, "epub")).content)) as book:
        assert any("Oh, Arthur!" in book.read(name).decode("utf-8", "replace") for name in book.namelist())


def test_the_same_file_is_not_sent_twice(guest):
    address = links.download(make_work(), "html")
    first = guest.get(address)

    assert guest.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_a_download_runs_nothing_even_where_a_browser_opens_it(guest):
    answer = guest.get(links.download(make_work(), "html"))

    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
