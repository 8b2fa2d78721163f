"""What htmx gets is a piece of what everybody gets."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from tests.manuscripts import prose
from undying.manuscript import Review, SeriesPlace
from undying.web import links


@pytest.fixture
def addresses(home, db):
    """A page of each kind that has a part."""
    review = Review(name="Lucy", body=prose("<p>Oh.</p>"))
    work = make_work(series=(SeriesPlace(title="Nights", position=1),), reviews=(review,))
    return {
        "author": links.of(work.byline[0].pseud),
        "series": links.of(work.series_entries.get().series),
        "reviews": links.reviews(work),
    }


@pytest.mark.parametrize("name", ["author", "series", "reviews"])
def test_a_part_stands_in_the_whole_as_it_is_and_has_no_head(guest, addresses, name):
    whole = guest.get(addresses[name])
    part = guest.get(addresses[name], headers={"HX-Request": "true"})

    assert part.content.strip()
    assert part.content in whole.content
    assert b"<head>" not in part.content
    assert part.headers["ETag"] != whole.headers["ETag"]


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_a_boosted_link_and_the_way_back_get_the_whole(guest, addresses, header):
    answer = guest.get(addresses["author"], headers={"HX-Request": "true", header: "true"})

    assert b"<head>" in answer.content


def test_caches_keep_part_and_whole_apart(guest, addresses):
    assert "HX-Request" in guest.get(addresses["author"]).headers["Vary"]
