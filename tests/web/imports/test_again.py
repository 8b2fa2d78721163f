"""Reading an import again on the archivist's desk: compared, looked at, accepted; the worker does it."""

from __future__ import annotations

import pytest

from tests.formats.efiction_archive import small
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState, Reread
from undying.exchange.repairs import decide
from undying.formats.repairs import RULES
from undying.kernel import store
from undying.kernel.tasks import run_due
from undying.library.models import Work
from undying.web import links

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser, cast):
    """The archivist's browser."""
    return browser(cast.ari)


@pytest.fixture
def batch(home, tmp_path) -> Batch:
    (tmp_path / "old").mkdir()
    small().story(1, "It wasnr17;t late.").story(2, "All was well.").write(tmp_path / "old")
    return Batch.objects.get(pk=bring_in(Wish(paths=[tmp_path / "old"])).batch)


@pytest.fixture
def where(batch):
    return links.batch(batch.pk, act="again")


def text_of(desk, address):
    return " ".join(desk.get(address).content.decode().split())


def test_the_difference_is_shown_and_taken_over_when_it_is_accepted(desk, batch, where):
    assert where in text_of(desk, links.batch(batch.pk))
    decide(batch, RULES["efiction-entities"], allow=True)
    desk.post(where)
    assert "is being compared" in text_of(desk, where)
    run_due()
    page = text_of(desk, where)
    assert "What would change" in page
    assert "<del>" in page
    assert "It wasnr17;t late." in page
    assert "It wasn’t late." in page
    assert "r17;" in Work.objects.get(title="Story 1").chapters.get().body
    desk.post(where, {"accept": Reread.objects.get().pk})
    assert "is being changed" in text_of(desk, where)
    run_due()
    assert "What was changed" in text_of(desk, where)
    assert "wasn’t" in Work.objects.get(title="Story 1").chapters.get().body
    assert "1 work changed by the last reading" in text_of(desk, links.batch(batch.pk))


def test_nothing_to_change_is_said(desk, where):
    desk.post(where)
    run_due()
    page = text_of(desk, where)
    assert "what is here is what the originals give" in page
    assert 'name="accept"' not in page


def test_only_what_was_seen_is_accepted(desk, batch, where):
    desk.post(where)
    run_due()
    seen = Reread.objects.get().pk
    desk.post(where)
    run_due()
    desk.post(where, {"accept": seen})
    assert not run_due()
    assert "Another comparison was made meanwhile" in text_of(desk, where)
    decide(batch, RULES["efiction-entities"], allow=True)
    page = text_of(desk, where)
    assert "made with other rules or labels" in page
    assert 'name="accept"' not in page


def test_what_cannot_be_read_again_is_told(desk, batch, where):
    store.forget(batch.counts.exclude(original="")[0].original)
    desk.post(where)
    run_due()
    assert "It could not be compared" in text_of(desk, where)


def test_an_import_that_is_not_done_has_nothing_to_read_again(desk, batch, where):
    Batch.objects.update(state=BatchState.STOPPED)
    assert where not in text_of(desk, links.batch(batch.pk))
    desk.post(where)
    assert not run_due()


@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_for_everybody_else_there_is_no_such_page(browser, cast, where, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    nothing = client.get("/nowhere").content
    for answer in (client.get(where), client.post(where), client.post(where, {"accept": 1})):
        assert (answer.status_code, answer.content) == (404, nothing)
    assert not run_due()
