"""What a list shows, said in one line of plain English, with a chip for each filter that lifts it."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from tests.web.lists.pages import read, sentence, texts, titles
from undying.manuscript import Audience, Credit, SeriesPlace, Status, TagKind

pytestmark = pytest.mark.usefixtures("home")
TAGS = {
    TagKind.RATING: ["Mature"],
    TagKind.FANDOM: ["Dracula"],
    TagKind.RELATIONSHIP: ["Mina/Lucy"],
    TagKind.ADDITIONAL: ["Slow Burn", "Fluff"],
}


@pytest.fixture
def shelf(guest, db):
    place = SeriesPlace(title="Nights", position=1, key="n")
    make_work("Lamp", tags=TAGS, status=Status.COMPLETE, credits=(Credit(name="Ann"),), series=(place,))
    make_work("Salt", tags={TagKind.FANDOM: ["Carmilla"], TagKind.RATING: ["Explicit"]}, credits=(Credit(name="Bea"),))
    return guest


@pytest.mark.parametrize(
    ("query", "said", "chips"),
    [
        ("with=fandom:Dracula&with=tag:Fluff", "1 work in Dracula, with Fluff", ["in Dracula", "with Fluff"]),
        ("any=fandom:Dracula,fandom:Carmilla", "2 works in Dracula or Carmilla", ["in Dracula or Carmilla"]),
        ("any=rating:Mature,rating:Explicit", "2 works rated Mature or Explicit", ["rated Mature or Explicit"]),
        ("any=fandom:Dracula,tag:Fluff", "1 work with Dracula or Fluff", ["with Dracula or Fluff"]),
        ("by=Ann", "1 work by Ann", ["by Ann"]),
        ("by=ann&by=Bea", "2 works by Ann or Bea", ["by Ann or Bea"]),
        ("not-by=Ann", "1 work not by Ann", ["not by Ann"]),
        ("by=Nobody", "No works by Nobody", ["by Nobody"]),
        ("series=nights", "1 work in the series Nights", ["in the series Nights"]),
        (f"series={2**50}", "No works in a series that is not here", ["in a series that is not here"]),
        (f"by={2**50}", "No works by somebody who is not here", ["by somebody who is not here"]),
        ("single=yes", "2 works of a single chapter", ["of a single chapter"]),
        ("chapters=1", "2 works of 1 chapter", ["of 1 chapter"]),
        ("chapters=2-", "No works of at least 2 chapters", ["of at least 2 chapters"]),
        ("words=>1", "2 works of at least 2 words", ["of at least 2 words"]),
        ("words=1-10k", "2 works of 1 to 10,000 words", ["of 1 to 10,000 words"]),
        ("kudos=0", "2 works with no kudos", ["with no kudos"]),
        ("kudos=100-", "No works with at least 100 kudos", ["with at least 100 kudos"]),
        ("comments=-4", "2 works with at most 4 comments", ["with at most 4 comments"]),
        ("bookmarks=<2", "2 works with at most 1 bookmark", ["with at most 1 bookmark"]),
        ("hits=10-20", "No works with 10 to 20 hits", ["with 10 to 20 hits"]),
        ("updated=30d", "2 works updated in the last 30 days", ["updated in the last 30 days"]),
        ("updated=1y", "2 works updated in the last year", ["updated in the last year"]),
        ("updated=90y", "2 works updated in the last 90 years", ["updated in the last 90 years"]),
        ("posted=2001", "No works posted in 2001", ["posted in 2001"]),
        ("posted=2001-02", "No works posted in February 2001", ["posted in February 2001"]),
        ("posted=2001-02-03", "No works posted on 3 February 2001", ["posted on 3 February 2001"]),
        ("posted=..2001-02-03", "No works posted by 3 February 2001", ["posted by 3 February 2001"]),
        (
            "posted=2001-02-03..2001-04-05",
            "No works posted from 3 February 2001 to 5 April 2001",
            ["posted from 3 February 2001 to 5 April 2001"],
        ),
        (
            "with=fandom:Dracula&by=Ann&complete=yes&words=2-&without=tag:Nope&q=rain",
            "1 work in Dracula, matching rain, by Ann, complete, of at least 2 words",
            ["in Dracula", "matching rain", "by Ann", "complete", "of at least 2 words", "without Nope"],
        ),
    ],
)
def test_each_filter_is_said_and_has_a_chip_that_lifts_it(shelf, query, said, chips):
    page = read(shelf, f"/works?{query}")

    assert sentence(page) == said
    assert texts(page, "a.chip bdi") == chips
    if len(chips) == 1:
        assert sentence(read(shelf, page.cssselect("a.chip")[0].get("href"))) == "2 works"


def test_of_many_tags_the_sentence_names_a_few(guest, db):
    make_work("One", tags={TagKind.ADDITIONAL: [f"Tag {each}" for each in range(9)]})
    page = read(guest, "/works?" + "&".join(f"with=tag:Tag+{each}" for each in range(9)))

    assert sentence(page) == "1 work with Tag 0, Tag 1, Tag 2, Tag 3, Tag 4, Tag 5 and 3 others"
    assert len(texts(page, "a.chip")) == 9


def test_an_address_that_came_in_long_leaves_short_and_leads_to_the_same(shelf):
    long = (
        "/works?utf8=%E2%9C%93&work_search%5Bquery%5D=&work_search%5Bfandom_names%5D=dracula"
        "&work_search%5Bcomplete%5D=T&work_search%5Bwords_from%5D=2&work_search%5Bwords_to%5D="
        "&work_search%5Bsort_column%5D=revised_at&work_search%5Bsort_direction%5D=desc&commit=Search"
    )
    short = shelf.get(long).headers["Location"]

    assert short == "/works?with=fandom:Dracula&complete=yes&words=2-"
    assert sentence(read(shelf, short)) == sentence(read(shelf, long))
    assert shelf.get(short).headers["HX-Push-Url"] == short
    assert read(shelf, short).cssselect("link[rel=canonical]")[0].get("href") == short
    by_tag = read(shelf, "/works?tag_id=Dracula&work_search%5Bcomplete%5D=T")
    assert by_tag.cssselect("link[rel=canonical]")[0].get("href") == "/tags/Dracula/works?complete=yes"


def test_a_name_that_is_misspelt_leads_to_the_one_that_was_meant(shelf):
    page = read(shelf, "/works?with=fandom:Drakula&complete=yes")

    assert titles(page) == []
    assert "No work here carries the fandom “Drakula”." in page.text_content()
    (link,) = page.cssselect("p.notice a")
    assert texts(page, "p.notice a") == ["in Dracula"]
    assert sentence(read(shelf, link.get("href"))) == "1 work in Dracula, complete"
    assert texts(page, ".nothing li") == ["Take away “in Drakula” 1 work"]


def test_what_was_meant_is_offered_beside_works_too_and_never_what_is_secret(shelf):
    make_work("Closed", tags={TagKind.ADDITIONAL: ["Fluffier Still"]}, audience=Audience.MEMBERS)
    page = read(shelf, "/works?without=Fluf")

    assert len(titles(page)) == 2
    assert texts(page, "p.notice a") == ["without Fluff"]
    assert not read(shelf, "/works?without=Fluffier+Stil").cssselect("p.notice a")


def test_another_archives_numbers_are_told_and_the_rest_applies(shelf):
    page = read(shelf, "/works?include_work_search%5Bfandom_ids%5D%5B%5D=414093&work_search%5Bcomplete%5D=T")

    assert sentence(page) == "1 work, complete"
    assert "414093 is no tag’s number here" in page.text_content()


def test_where_no_single_filter_is_to_blame_the_fewest_are_lifted_together(shelf):
    page = read(shelf, "/works?with=fandom:Carmilla&complete=yes&words=100k-&without=rating:Mature")

    assert texts(page, ".nothing li") == ["Take away “complete, of at least 100,000 words, without Mature” 1 work"]
    assert sentence(read(shelf, page.cssselect(".nothing li a")[0].get("href"))) == "1 work in Carmilla"
