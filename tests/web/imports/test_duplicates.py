"""The desk for duplicates and the one for old addresses, through the client."""

from __future__ import annotations

import lxml.html
import pytest

from tests.exchange.test_duplicates import text, work
from undying.exchange import duplicates, optouts
from undying.exchange.models import Batch, BatchWork
from undying.exchange.optouts import Person
from undying.exchange.pairs import Decision, Duplicate
from undying.exchange.private import Asked
from undying.kernel.tasks import run_due
from undying.library.models import Work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser, cast):
    """The archivist's browser."""
    return browser(cast.ari)


@pytest.fixture
def pair(home) -> Duplicate:
    """Two works of which one has a word more."""
    work("1", text(1))
    work("2", f"{text(1)} farewell", site="b.example", title="The Lamp Again")
    duplicates.look()
    return Duplicate.objects.get()


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def test_the_worker_looks_and_the_pairs_are_listed(desk, home):
    work("1", text(1))
    work("2", text(1), title="The Lamp Again")
    assert desk.post("/imports/duplicates", follow=True).status_code == 200
    assert "being compared" in desk.get("/imports/duplicates").content.decode()
    run_due()
    (row,) = page_of(desk, "/imports/duplicates").cssselect("table.desk tbody tr")
    assert "The Lamp Again" in row.text_content()
    assert "100 %" in row.text_content()


def test_a_pair_stands_side_by_side_with_what_differs(desk, pair):
    page = page_of(desk, f"/imports/duplicates/{pair.pk}")
    facts = {
        row.cssselect("th")[0].text_content().split()[0]: row
        for row in page.cssselect("table tbody tr")
        if row.cssselect("th")
    }
    assert "differs" in facts["Title"].text_content()
    assert "differs" not in facts["State"].text_content()
    (passage,) = page.cssselect("table.passages tbody tr")
    assert "farewell" in passage.text_content()


@pytest.mark.parametrize(
    ("act", "decision", "works"),
    [
        ("keep", Decision.KEPT, 2),
        ("link", Decision.LINKED, 2),
        ("merge-one", Decision.MERGED, 1),
        ("merge-other", Decision.MERGED, 1),
    ],
)
def test_what_the_archivist_says_is_done_and_can_be_undone(desk, pair, act, decision, works):
    address = f"/imports/duplicates/{pair.pk}"
    desk.post(address, {"act": act})
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by, Work.objects.count()) == (decision, "ari", works)
    page = page_of(desk, address)
    (back,) = [each.get("value") for each in page.cssselect("form button[name=act]")]
    desk.post(address, {"act": back})
    pair.refresh_from_db()
    assert (pair.decision, Work.objects.count()) == (Decision.OPEN, 2)


def test_a_decision_that_comes_too_late_is_told_and_changes_nothing(desk, pair):
    address = f"/imports/duplicates/{pair.pk}"
    desk.post(address, {"act": "keep"})
    answer = desk.post(address, {"act": "merge-one"}, follow=True)
    assert "decided about this pair already" in answer.content.decode()
    assert Work.objects.count() == 2


def test_an_unknown_act_changes_nothing(desk, pair):
    desk.post(f"/imports/duplicates/{pair.pk}", {"act": "burn"})
    pair.refresh_from_db()
    assert pair.decision == Decision.OPEN


def test_old_addresses_are_told_and_handed_out_as_a_map(desk, pair):
    batch = Batch.objects.create(digest="a" * 64, label="lighthouse.sql")
    numbers = Work.objects.order_by("title").values_list("pk", flat=True)
    for number in numbers:
        BatchWork.objects.create(batch=batch, work_number=number, result="created")
    told = page_of(desk, f"/imports/{batch.pk}/addresses").text_content()
    assert "2 addresses of the old site" in " ".join(told.split())
    sent = b"".join(desk.get(f"/imports/{batch.pk}/addresses.tsv").streaming_content).decode()
    first, second = numbers
    assert sent.splitlines() == [
        f"http://a.example/viewstory.php?sid=1\t/works/{first}",
        f"http://b.example/viewstory.php?sid=2\t/works/{second}",
    ]
    named = page_of(desk, f"/imports/{batch.pk}").cssselect(".desks a")
    assert {"Duplicates", "Old addresses"} <= {each.text_content().strip() for each in named}


@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_for_everybody_else_there_is_no_such_page(browser, cast, pair, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    nowhere = client.get("/imports/99").content
    for address in ("/imports/duplicates", f"/imports/duplicates/{pair.pk}", "/imports/1/addresses"):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nowhere)
        assert client.post(address).status_code in {404, 405}


def test_a_merge_that_stands_for_good_says_so_on_the_list(desk, pair):
    duplicates.merge(pair, keep=pair.one, by="ari")
    optouts.note(Person(name="quiet_tide"), Asked.NOT_HERE)
    answer = desk.post(f"/imports/duplicates/{pair.pk}", {"act": "take-back"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/imports/duplicates"
    assert "The merge stands for good." in answer.content.decode()
    assert desk.get(f"/imports/duplicates/{pair.pk}").status_code == 404
