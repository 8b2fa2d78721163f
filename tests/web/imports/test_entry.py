"""One row or file on the archivist's desk: its bytes beside what became of it."""

from __future__ import annotations

import html

import pytest

from tests.formats.efiction_archive import small
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.kernel import store
from undying.web import links

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser, cast):
    """The archivist's browser."""
    return browser(cast.ari)


@pytest.fixture
def batch(home, tmp_path) -> Batch:
    archive = small().story(1, "They rode on; write to mina@example.com.", summary="All night.")
    archive.add("reviews", reviewid=5, item=1, chapid=10, reviewer="Lucy", review="Brr.", type="ST")
    archive.add("settings", sitekey="x", sitename="Whitby", smtp_password="hunter2")
    archive.files = {"stories/2/99.txt": b"Nobody's <script>alert(1)</script>", "logo.bin": b"\x00\x01\x02\xff" * 9}
    archive.write(tmp_path / "old")
    return Batch.objects.get(pk=bring_in(Wish(paths=[tmp_path / "old"])).batch)


def entry(batch, container, key=""):
    rows = batch.entries.filter(container=container)
    return rows.get(key=key) if key else rows.get()


def address(batch, container, key=""):
    return links.entry(batch.pk, entry(batch, container, key).pk)


def test_a_row_stands_beside_what_became_of_it(desk, batch):
    page = desk.get(address(batch, "fanfiction_chapters", "10")).content.decode()
    assert "(10, &#x27;One&#x27;" in page
    assert "<h4>" in page
    chapter = entry(batch, "fanfiction_chapters", "10").work.chapters.get()
    assert links.of(chapter) in page
    review = desk.get(address(batch, "fanfiction_reviews", "5")).content.decode()
    assert "by Lucy" in review
    assert "Brr." in review.split("What became of it")[1]


def test_the_list_of_rows_leads_to_each(desk, batch):
    assert address(batch, "stories/2/", "99.txt") in desk.get(links.batch(batch.pk)).content.decode()
    first = batch.entries.order_by("pk").first()
    page = desk.get(links.entry(batch.pk, first.pk)).content.decode()
    second = batch.entries.order_by("pk")[1]
    assert f'href="{links.entry(batch.pk, second.pk)}" rel="next"' in " ".join(page.split())


@pytest.mark.parametrize(
    ("row", "secrets"),
    [
        (("fanfiction_authors", "2"), ["mina@example.com", "fedcba9876543210"]),
        (("fanfiction_settings",), ["hunter2"]),
        (("fanfiction_chapters", "10"), ["mina@example.com"]),
    ],
)
def test_what_is_personal_is_masked_until_asked(desk, batch, row, secrets, caplog):
    where = address(batch, *row)
    masked = desk.get(where).content.decode()
    assert not [secret for secret in secrets if secret in masked]
    asked = desk.post(where)
    assert not [secret for secret in secrets if secret not in asked.content.decode()]
    assert asked.headers["Cache-Control"] == "no-store"
    assert not [secret for secret in secrets if secret in caplog.text]


def test_the_bytes_can_be_taken_away_exactly_and_never_run(desk, batch):
    where = address(batch, "stories/2/", "99.txt")
    assert "<script>alert" not in desk.get(where).content.decode()
    assert html.escape("Nobody's <script>alert(1)</script>") in desk.get(where).content.decode()
    answer = desk.get(f"{where}/original")
    assert b"".join(answer.streaming_content) == b"Nobody's <script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_bytes_that_are_no_text_are_shown_as_numbers(desk, batch):
    assert "00000000  00 01 02 ff" in desk.get(address(batch, "./", "logo.bin")).content.decode()


def test_missing_bytes_are_said_and_cannot_be_taken_away(desk, batch):
    lost = entry(batch, "stories/2/", "99.txt")
    store.forget(lost.original)
    where = links.entry(batch.pk, lost.pk)
    assert "is missing" in desk.get(where).content.decode()
    assert desk.get(f"{where}/original").status_code == 404


@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_for_everybody_else_there_is_no_row(browser, cast, batch, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    where = address(batch, "fanfiction_authors", "2")
    nothing = client.get("/nowhere").content
    for answer in (client.get(where), client.post(where), client.get(f"{where}/original")):
        assert (answer.status_code, answer.content) == (404, nothing)


def test_a_row_of_another_import_is_not_found(desk, batch):
    other = Batch.objects.create(digest="e" * 64, label="other", state="done")
    assert desk.get(links.entry(other.pk, batch.entries.first().pk)).status_code == 404
