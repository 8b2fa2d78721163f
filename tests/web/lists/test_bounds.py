"""Addresses that ask for too much: each is answered, soon, and says what was not read."""

from __future__ import annotations

import time

import pytest

from tests.makers import make_work
from undying.finding import engine
from undying.kernel.ids import SMALLEST
from undying.manuscript import TagKind

pytestmark = pytest.mark.usefixtures("home")
MANY = {
    "numbers": "&".join(f"include_work_search[fandom_ids][]={SMALLEST + each}" for each in range(5000)),
    "foreign numbers": "&".join(f"with={each}" for each in range(5000)),
    "names": "&".join(f"with=tag:Tag+{each}" for each in range(5000)),
    "names shut out": "&".join(f"without=tag:tag+{each}" for each in range(5000)),
    "groups": "&".join(f"any=tag:Tag+{each},tag:tag+{each}" for each in range(2500)),
    "one group": "any=" + ",".join(f"tag:Tag+{each}" for each in range(5000)),
    "people": "&".join(f"by=nobody{each}" for each in range(5000)),
    "words": "q=" + "moon+" * 20_000,
    "brackets": "q=" + "(" * 100_000,
    "fields": "q=" + "+".join(f"fandom:drac{each}" for each in range(2000)),
    "any of fields": "q=" + "+OR+".join(f"tag:tag{each}" for each in range(2000)),
    "a long name": "with=" + "x" * 100_000,
    "a long number": "words=" + "9" * 100_000,
    "dashes": "words=" + "-" * 100_000,
    "spaces": "updated=" + "+" * 100_000 + "x",
}
TOLD = {"numbers", "foreign numbers", "names", "names shut out", "groups", "one group", "people", "words", "brackets"}


@pytest.fixture
def shelf(guest, db, settings):
    settings.SEARCH_BACKEND = "undying.finding.backends.embedded.EmbeddedBackend"
    engine._backend.cache_clear()
    for each in range(5):
        make_work(f"Night {each}", tags={TagKind.ADDITIONAL: [f"Tag {each} {other}" for other in range(8)]})
    guest.get("/works")
    return guest


def test_a_hundred_thousand_characters_are_answered_soon_and_the_cut_is_told(shelf):
    for what, query in MANY.items():
        begun = time.process_time()
        answer = shelf.get(f"/works?{query}")
        spent = time.process_time() - begun

        text = answer.content.decode()
        assert answer.status_code == 200, what
        assert spent < 2, (what, spent)
        assert len(text) < 400_000, what
        assert len(answer.headers["HX-Push-Url"]) < 10_000, what
        if what in TOLD:
            assert "Only the first" in text or "every archive has its own" in text, what


def test_a_page_that_cannot_be_is_not_there_and_nothing_is_asked_of_the_index_for_it(shelf):
    for page in ("1000000000", "9" * 5000, "5001"):
        assert shelf.get(f"/works?page={page}").status_code in {200, 404}
    assert shelf.get("/works?page=1000000000").status_code == 404


@pytest.mark.parametrize("byte", ["%00", "a%00b", "%ED%A0%80", "%FF", "%F0%9F%A6%87"])
def test_odd_bytes_in_any_parameter_are_answered(shelf, byte):
    names = (
        "q with without any exact by not-by series complete status single crossovers words chapters kudos comments "
        "bookmarks hits updated posted lang when part episode canon sort direction seed page anyway"
    )
    for name in names.split():
        assert shelf.get(f"/works?{name}={byte}").status_code == 200, name
