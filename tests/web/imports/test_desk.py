"""The archivist's desk."""

from __future__ import annotations

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from tests.makers import make_work
from undying.exchange import report, takers, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchRemark, BatchState, ContainerCount, Entry
from undying.exchange.private import Announcement
from undying.finding import indexer
from undying.formats import Outcome
from undying.kernel.clock import now
from undying.kernel.tasks import run_due
from undying.library.models import Work
from undying.web import imports, links
from undying.web.desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)
STORY = """+++
title = "{title}"
creators = ["lamplighter"]
fandoms = ["Dracula - Bram Stoker"]
source = {{site = "saved.example", key = "{title}"}}
+++
The *Demeter* lay on the sand. {text}
"""


@pytest.fixture
def saved(tmp_path):
    """Three stories, a readme and a picture that says that it is a book."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"story-{number}.md").write_text(STORY.format(title=f"Night {number}", text="Sand."))
    (folder / "README.md").write_text("# What lies here\n")
    (folder / "cover.epub").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    return folder


@pytest.fixture
def desk(browser, cast):
    """The archivist's browser."""
    return browser(cast.ari)


def taken_in(folder) -> Batch:
    batch = Batch.objects.get(pk=bring_in(Wish(paths=[folder])).batch)
    indexer.drain_if_free()
    return batch


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return lxml.html.fromstring(answer.content.decode())


def rows(page, heading):
    """The cells of the table in the part with this heading."""
    table = page.cssselect(f"[aria-labelledby={heading}] table")[0]
    return [
        [" ".join(cell.text_content().split()) for cell in row.cssselect("th, td")] for row in table.cssselect("tr")
    ]


def test_every_import_is_listed_with_whether_it_adds_up(desk, saved, tmp_path):
    taken_in(saved)
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.md").write_text(STORY.format(title="Alone", text="Sea."))
    broken = taken_in(other)
    ContainerCount.objects.filter(batch=broken).update(total=5)
    page = page_of(desk, "/imports")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in page.cssselect("table.desk tbody tr")]

    assert [[row[1], row[2], row[4], row[5], row[6]] for row in cells] == [
        ["other", "Done", "1", "Members", "No"],
        ["saved", "Done", "3", "Members", "Yes"],
    ]


def test_an_archive_without_imports_says_what_to_do(desk):
    assert "undying import" in page_of(desk, "/imports").get_element_by_id("main").text_content()


def test_the_report_accounts_for_every_file_and_gives_every_reason(desk, saved):
    batch = taken_in(saved)
    page = page_of(desk, f"/imports/{batch.pk}")

    assert rows(page, "sums-heading")[1:] == [
        ["./", "5", "3", "0", "1", "1", "Yes"],
        ["All", "5", "3", "0", "1", "1", "Yes"],
    ]
    assert "Everything adds up" in page.cssselect(".verdict")[0].text_content()
    reasons = rows(page, "reasons-heading")[1:]
    assert [(row[0], row[1], row[3]) for row in reasons] == [
        ("1", "Refused", "./ cover.epub"),
        ("1", "Kept raw", "./ README.md"),
    ]
    entries = rows(page, "entries-heading")[1:]
    assert sorted((row[1], row[2], row[4]) for row in entries) == [
        ("README.md", "Kept raw", ""),
        ("cover.epub", "Refused", ""),
        ("story-1.md", "Imported", "Night 1"),
        ("story-2.md", "Imported", "Night 2"),
        ("story-3.md", "Imported", "Night 3"),
    ]
    link = next(each for each in page.cssselect("table.desk a") if each.text_content() == "Night 2")
    assert desk.get(link.get("href")).status_code == 200


def test_the_report_names_the_pages_beside_it_that_have_something_to_show(desk, saved, monkeypatch):
    batch = taken_in(saved)
    labels = Desk(name="Labels", note="12 to look at", url=links.batch(batch.pk, act="labels"))
    monkeypatch.setattr(imports, "DESKS", (lambda _: None, lambda batch: labels if batch.pk else None))
    [line] = page_of(desk, f"/imports/{batch.pk}").cssselect(".desks li")

    assert " ".join(line.text_content().split()) == "Labels 12 to look at"
    assert line.cssselect("a")[0].get("href") == f"/imports/{batch.pk}/labels"


def test_a_report_that_does_not_add_up_says_so_and_where(desk, saved):
    batch = taken_in(saved)
    Entry.objects.filter(batch=batch, key="README.md").delete()
    page = page_of(desk, f"/imports/{batch.pk}")

    assert "does not add up" in page.cssselect(".verdict")[0].text_content()
    assert rows(page, "sums-heading")[1] == ["./", "5", "3", "0", "0", "1", "No"]


def test_grave_remarks_come_first(desk, saved):
    batch = taken_in(saved)
    BatchRemark.objects.create(batch=batch, text="A table had no charset.")
    BatchRemark.objects.create(batch=batch, text="The dump ends in the middle of a row.", grave=True)
    remarks = page_of(desk, f"/imports/{batch.pk}").cssselect(".remarks li")

    assert [" ".join(each.text_content().split()) for each in remarks] == [
        "Grave: The dump ends in the middle of a row.",
        "A table had no charset.",
    ]


def test_entries_are_filtered_by_container_and_outcome_and_come_in_pages(desk, saved):
    batch = taken_in(saved)
    Entry.objects.bulk_create(
        Entry(batch=batch, container="users", key=f"{number:03}", outcome=Outcome.IMPORTED, detail="an account")
        for number in range(60)
    )
    address = f"/imports/{batch.pk}?container=users&outcome=imported"
    first, second = page_of(desk, address), page_of(desk, f"{address}&page=2")

    assert [len(rows(page, "entries-heading")) - 1 for page in (first, second)] == [50, 10]
    assert "container=users" in first.cssselect("li.next a")[0].get("href")
    assert [each.text for each in first.cssselect("option[selected]")] == ["users", "Imported"]
    assert len(rows(page_of(desk, f"/imports/{batch.pk}?outcome=refused"), "entries-heading")) == 2
    assert "No row or file like that" in page_of(desk, f"{address}x").get_element_by_id("entries").text_content()


def test_opening_goes_to_the_worker_and_then_guests_may_read(desk, saved, guest):
    batch = taken_in(saved)
    Announcement.objects.create(batch=batch, name="Ring", notice="It is closing.", opens=now())
    page = page_of(desk, f"/imports/{batch.pk}")
    form = next(each for each in page.forms if each.get("action", "").endswith("/open"))
    answer = desk.post(form.get("action"), follow=True)

    assert "is being opened to everyone" in answer.content.decode()
    waiting = lxml.html.fromstring(answer.content.decode())
    assert not [each for each in waiting.forms if each.get("action", "").endswith(("/open", "/undo"))]
    desk.post(form.get("action"))
    assert DBTaskResult.objects.count() == 1  # asked for twice, done once
    run_due()
    indexer.drain_if_free()
    assert Work.objects.filter(audience="everyone").count() == 3
    assert guest.get("/works").content.decode().count('<li class="work blurb') == 3
    opened = page_of(desk, f"/imports/{batch.pk}")
    assert not [each for each in opened.forms if each.get("action", "").endswith("/open")]
    assert "for everyone" in " ".join(opened.cssselect(".lead")[0].text_content().split())


def test_taking_back_asks_first_and_then_the_worker_does_it(desk, saved):
    batch = taken_in(saved)
    link = next(
        each for each in page_of(desk, f"/imports/{batch.pk}").cssselect("a.button") if "Take back" in each.text
    )
    asked = page_of(desk, link.get("href"))

    assert "3 works that this import created will be removed" in " ".join(asked.text_content().split())
    assert Work.objects.count() == 3
    assert not DBTaskResult.objects.exists()
    assert "is being taken back" in desk.post(link.get("href"), follow=True).content.decode()
    assert Work.objects.count() == 3
    run_due()
    assert Work.objects.count() == 0
    page = page_of(desk, f"/imports/{batch.pk}")
    assert "taken back" in page.cssselect(".lead")[0].text_content()
    assert not page.cssselect("a.button")
    assert "already" in page_of(desk, link.get("href")).text_content()


def test_a_batch_that_a_later_one_builds_on_cannot_be_taken_back_and_says_why(desk, saved):
    first = taken_in(saved)
    (saved / "story-1.md").write_text(STORY.format(title="Night 1", text="And then much more came in. " * 40))
    second = taken_in(saved)
    page = page_of(desk, f"/imports/{first.pk}/undo")

    assert f"Later batches changed the same works: {second.pk}" in page.text_content()
    assert not page.cssselect("form button")
    assert "Take those back first" in desk.post(f"/imports/{first.pk}/undo").content.decode()
    assert not DBTaskResult.objects.exists()


def test_a_job_that_failed_is_told_and_can_be_tried_again(desk, saved, monkeypatch):
    batch = taken_in(saved)

    def fails(_batch):
        raise OSError("the disk went away")

    with monkeypatch.context() as patch:
        patch.setattr(undo, "undo", fails)
        desk.post(f"/imports/{batch.pk}/undo")
        run_due()
    page = page_of(desk, f"/imports/{batch.pk}")

    assert "could not be taken back" in page.cssselect(".notice.stop")[0].text_content()
    desk.post(f"/imports/{batch.pk}/undo")
    run_due()
    assert Work.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "told"), [(BatchState.STOPPED, "The disk is full."), (BatchState.RUNNING, "The same command goes on")]
)
def test_an_import_that_is_not_done_says_how_it_goes_on_and_is_not_opened(desk, saved, state, told):
    batch = taken_in(saved)
    Batch.objects.update(state=state, reason="The disk is full." if state == BatchState.STOPPED else "")
    page = page_of(desk, f"/imports/{batch.pk}")

    assert told in page.cssselect(".notice.care")[0].text_content()
    assert not [each for each in page.forms if each.get("action", "").endswith("/open")]
    desk.post(f"/imports/{batch.pk}/open")
    assert not DBTaskResult.objects.exists()


def test_who_opens_the_address_of_a_button_is_told_so_in_a_sentence(desk):
    acts = ("imports/1/open", "opt-outs/1/remove", "rescue/messages/1", "authors-to-find/records/1/take-back")
    for address in (f"/{act}" for act in acts):
        answer = desk.get(address)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), address
        assert "This address does not answer to GET." in answer.content.decode()


@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_for_everybody_else_there_is_no_such_page(browser, cast, saved, who):
    batch = taken_in(saved)
    client = browser(None if who == "guest" else getattr(cast, who))
    nowhere = client.get("/no-such-page").content

    for address in (
        "/imports",
        f"/imports/{batch.pk}",
        "/imports/999",
        f"/imports/{batch.pk}/undo",
        f"/imports/{batch.pk}/open",
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nowhere), address
    for act in ("open", "undo"):
        assert client.post(f"/imports/{batch.pk}/{act}").status_code == 404
    assert not DBTaskResult.objects.exists()
    assert b'href="/imports"' not in client.get("/").content


def test_only_the_archivist_has_the_way_there_in_her_head_of_the_page(desk):
    assert b'href="/imports"' in desk.get("/").content


def test_a_batch_that_is_not_there_is_not_found(desk):
    for number in ("7", "9" * 30):
        assert desk.get(f"/imports/{number}").status_code == 404


def test_forms_need_their_token(saved, cast):
    batch = taken_in(saved)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ari, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.post(f"/imports/{batch.pk}/undo").status_code == 403
    assert not DBTaskResult.objects.exists()


def test_a_report_costs_the_same_queries_whatever_its_size(desk, saved):
    batch = taken_in(saved)
    costs = []
    for size in (10, 20):
        works = [make_work(f"Work {size} {number}") for number in range(10)]
        Entry.objects.bulk_create(
            Entry(
                batch=batch,
                container="stories",
                key=f"{size}.{place}",
                outcome=Outcome.REFUSED,
                detail=f"reason {size} {place}",
                work=work,
            )
            for place, work in enumerate(works)
        )
        with CaptureQueriesContext(connection) as queries:
            page_of(desk, f"/imports/{batch.pk}?container=stories")
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_the_list_and_the_report_agree_on_what_adds_up(desk, saved):
    batch = taken_in(saved)
    for change in (
        lambda: None,
        lambda: ContainerCount.objects.filter(batch=batch).update(total=4),
        lambda: ContainerCount.objects.filter(batch=batch).delete(),
        lambda: Entry.objects.filter(batch=batch).delete(),
    ):
        change()
        assert report.adding_up([batch])[batch.pk] == report.of_batch(batch).adds_up
    assert takers.open_batch(batch) == 3
