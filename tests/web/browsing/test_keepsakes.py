"""Profiles, favourites, series with owners, challenges, news and pages of the site, as readers see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import lxml.html
import pytest

from tests.keepsakes import ALL, CHALLENGE, FAVOURITES, LUCY, MINA, NEWS, PAGE, PROFILE, SERIES, SITE, source
from tests.makers import put
from tests.manuscripts import make_chapter, make_manuscript, prose
from undying.community.models import Challenge, Favourite, NewsItem, Review, SitePage
from undying.exchange import keepsakes
from undying.exchange.models import Batch
from undying.library.models import Series
from undying.manuscript import Credit, FavouriteKind, SeriesPlace, Source, State, Status
from undying.manuscript import Favourite as FavouriteValue
from undying.manuscript import Review as ReviewValue
from undying.people.models import Profile, Pseud
from undying.web import links

if TYPE_CHECKING:
    from undying.library.models import Work
    from undying.manuscript import Keepsake


def keep(*values: Keepsake, is_open: bool = True) -> None:
    """Taken in under a batch that is open, or for members."""
    batch, _ = Batch.objects.get_or_create(digest=f"{is_open}", label="keepsakes", is_open=is_open)
    for each in values:
        keepsakes.receive(keepsakes.prepared(each), batch)


def story(key: str, **changes) -> Work:
    fields = {"title": f"Story {key}", "credits": (MINA,), "source": Source(site=SITE, key=key), **changes}
    return put(make_manuscript(**fields))


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return lxml.html.fromstring(answer.content.decode())


def texts(page, selector):
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


def lucy() -> Pseud:
    return Pseud.objects.get(key="7")


def test_a_member_without_stories_has_a_page_with_what_she_told(guest):
    keep(PROFILE)

    page = page_of(guest, links.of(lucy()))

    assert texts(page, ".profile .userstuff") == ["I walk in my sleep."]
    assert texts(page, ".profile dl.told div") == [
        "There since 9 March 2004",
        "Website https://whitby.example/lucy",
        "Picture as it stood there",
        "Beta-reader Yes",
        "LiveJournal lucy_w",
    ]
    outside = page.cssselect('a[href="https://whitby.example/lucy"]')[0]
    assert set(outside.get("rel").split()) >= {"nofollow", "noopener"}
    assert "This page was archived here" in page.text_content()


def test_no_page_shows_an_e_mail_address_and_no_link_is_more_than_a_link(guest):
    mail = '<p>Write to <a href="mailto:lucy@whitby.example">me</a> or lucy@whitby.example!</p>'
    told = replace(
        PROFILE, bio=prose(mail), website="javascript:alert(1)", fields=(("MSN", "lucy@whitby.example"), ("AIM", "lu"))
    )
    comment = replace(NEWS.comments[0], name="lucy@whitby.example", body=prose(mail))
    keep(
        told,
        replace(NEWS, body=prose(mail), comments=(comment,)),
        replace(PAGE, body=prose(mail)),
        replace(CHALLENGE, summary=prose(mail)),
        replace(SERIES, summary=prose(mail), extras=(("Contact", "lucy@whitby.example"),), reviews=(comment,)),
        replace(FAVOURITES[2], note=prose(mail)),
    )

    addresses = [
        links.of(lucy()),
        links.favourites(links.of(lucy())),
        links.of(NewsItem.objects.get()),
        links.of(SitePage.objects.get()),
        links.of(Challenge.objects.get()),
        links.of(Series.objects.get()),
        links.series_reviews(Series.objects.get()),
    ]
    for address in addresses:
        text = guest.get(address).content.decode()
        assert "@whitby.example" not in text, address
        assert "mailto:" not in text
        assert "javascript:" not in text
    assert "lucy@…" in guest.get(links.of(lucy())).content.decode()


def test_favourites_stand_with_notes_works_before_series_before_authors(guest):
    work = story("334", title="The Page")
    keep(*FAVOURITES, SERIES)
    address = links.favourites(links.of(lucy()))

    assert texts(page_of(guest, links.of(lucy())), f'a[href="{address}"]') == ["3 favourites"]
    page = page_of(guest, address)
    assert texts(page, "ol.favourites > li h4 > a:first-child") == ["The Page", "Shorthand", "Mina M."]
    assert texts(page, f"#work_{work.pk} .note") == ["Read it twice."]
    assert page_of(guest, links.favourites(links.account(lucy().handle))).text_content().count("Read it twice.") == 1


def test_what_is_not_here_is_no_favourite_but_for_the_archivist(guest, browser, cast):
    keep(*FAVOURITES, PROFILE)
    address = links.favourites(links.of(lucy()))

    assert texts(page_of(guest, address), "ol.favourites > li") == []
    seen = texts(page_of(browser(cast.ari), address), "ol.favourites > li h4")
    assert seen == ["The Page (not here) a work", "Shorthand (not here) a series", "Mina M. (not here) an author"]


def test_many_favourites_are_paged_and_htmx_gets_the_part(guest):
    for number in range(45):
        story(str(number))
        keep(
            FavouriteValue(
                source=source(f"f{number}"), member=LUCY, kind=FavouriteKind.WORK, target=str(number), target_title="x"
            )
        )
    address = links.favourites(links.of(lucy()))

    assert len(page_of(guest, f"{address}?page=3").cssselect("ol.favourites > li")) == 5
    assert guest.get(f"{address}?page=4").status_code == 404
    part = guest.get(address, headers={"HX-Request": "true"}).content
    assert part in guest.get(address).content


def test_a_favourite_finds_a_work_that_was_merged_into_another(guest):
    work = story("900", title="The same page elsewhere")
    work.also.create(position=0, site=SITE, key="334")
    keep(FAVOURITES[0], CHALLENGE)

    assert texts(page_of(guest, links.favourites(links.of(lucy()))), "ol.favourites h4 > a:first-child") == [work.title]
    assert texts(page_of(guest, links.of(Challenge.objects.get())), "ol.work h4 > a:first-child") == [work.title]


def test_news_are_listed_latest_first_and_lead_from_the_front_page(guest):
    undated = replace(NEWS, source=source("2"), title="Undated", posted=None)
    older = replace(NEWS, source=source("1"), title="Older", posted=PROFILE.joined)
    keep(undated, NEWS, older)

    assert texts(page_of(guest, "/news"), "#news li a") == ["The castle moves", "Older", "Undated"]
    front = page_of(guest, "/")
    assert front.cssselect('a[href="/news"]')
    assert texts(front, "#news-heading ~ ul a")[0] == "The castle moves"


def test_news_shows_who_told_it_and_the_comments_as_threads(guest):
    keep(NEWS)

    page = page_of(guest, links.of(NewsItem.objects.get()))

    assert texts(page, ".page-head .lead") == ["by Renfield on 1 November 2005"]
    assert texts(page, "#comments li h4") == ["Lucy W. · 1 November 2005", "Renfield to Lucy W."]
    assert [each.get("class") for each in page.cssselect("#comments li")] == ["comment group", "comment group depth-1"]
    author = Pseud.objects.get(name="Renfield")
    assert page_of(guest, links.of(author)) is not None


def test_the_texts_of_a_site_have_pages(guest):
    keep(PAGE)

    assert texts(page_of(guest, "/pages"), "main li a") == ["Rules"]
    assert texts(page_of(guest, links.of(SitePage.objects.get())), ".userstuff") == ["Invite before you enter."]
    assert texts(page_of(guest, "/"), "#about-heading ~ ul a") == ["Rules"]


def test_a_challenge_shows_its_answers_in_their_order(guest):
    for key in ("335", "334"):
        story(key)
    keep(CHALLENGE, SERIES)
    challenge = Challenge.objects.get()

    assert texts(page_of(guest, "/challenges"), "#challenges li") == ["Autumn Trains by Mina M. · 3 answers"]
    page = page_of(guest, links.of(challenge))
    assert texts(page, "ol.work h4 > a:first-child") == ["Story 334", "Story 335"]
    assert texts(page, ".inside a") == ["Shorthand"]
    assert texts(page, "dl.told div") == ["Characters Jonathan Harker"]


def test_answers_that_may_not_be_seen_are_not_counted(guest):
    story("334")
    story("335", state=State.DRAFT)
    keep(CHALLENGE)

    assert texts(page_of(guest, "/challenges"), "#challenges li .quiet") == ["· 1 answer"]
    assert texts(page_of(guest, links.of(Challenge.objects.get())), "#works h3") == ["1 work in answer"]


def test_a_series_shows_its_owners_who_may_add_to_it_and_the_order_of_its_list(guest):
    place = SeriesPlace(title="Shorthand", position=1, key="4")
    story("334", series=(place,), status=Status.COMPLETE)
    story("335", status=Status.COMPLETE)
    story("336", series=(replace(place, position=9),), status=Status.COMPLETE)
    keep(SERIES)

    page = page_of(guest, links.of(Series.objects.get()))

    assert texts(page, ".page-head .lead")[0] == "by Mina M., Lucy W."
    assert "others may add to it when its owners agree" in page.text_content()
    assert texts(page, "dl.told div") == ["Additional tags Epistolary", "Challenges Autumn Trains"]
    assert texts(page, "h4.heading > a:first-child") == ["Story 335", "Story 334", "Story 336"]
    assert texts(page, "dl.series dl.stats div")[1:] == ["Works: 3", "Complete: Yes"]
    assert texts(page, ".more-link a") == ["2 comments on the series as a whole"]
    reviews = page_of(guest, links.series_reviews(Series.objects.get()))
    assert texts(reviews, "ol.thread li h4") == ["Jack · 9 out of 10", "Mina M. to Jack"]
    assert texts(page_of(guest, links.of(Pseud.objects.get(key="7"))), ".inside a") == ["Shorthand"]


def test_a_series_whose_stories_are_lost_still_has_its_page(guest):
    keep(SERIES)
    page = page_of(guest, links.of(Series.objects.get()))
    assert "No work of it is here that you can read." in page.text_content()


def test_a_series_inside_another_by_its_account_leads_both_ways(guest):
    outer = replace(SERIES, source=source("2"), title="The Whole Machine", within="")
    keep(SERIES)
    inner = Series.objects.get()
    assert texts(page_of(guest, links.of(inner)), ".crumbs a") == []

    keep(outer)

    assert texts(page_of(guest, links.of(inner)), ".crumbs a") == ["The Whole Machine"]
    assert texts(page_of(guest, links.of(Series.objects.get(key="2"))), ".inside a") == ["Shorthand"]


def test_series_that_hold_each_other_have_pages(guest):
    keep(SERIES, replace(SERIES, source=source("2"), within="4"), replace(SERIES, source=source("5"), within="5"))
    for series in Series.objects.all():
        page_of(guest, links.of(series))


def test_before_the_import_is_opened_members_see_all_of_it_and_guests_nothing(guest, browser, cast):
    keep(*ALL, is_open=False)
    rows = (NewsItem.objects.get(), SitePage.objects.get(), Challenge.objects.get(), Series.objects.get(), lucy())
    addresses = [*map(links.of, rows), links.favourites(links.of(lucy())), links.series_reviews(Series.objects.get())]

    member = browser(cast.rey)
    assert [member.get(address).status_code for address in addresses] == [200] * len(addresses)
    assert [guest.get(address).status_code for address in addresses] == [404] * len(addresses)
    for address in ("/", "/news", "/pages", "/challenges"):
        text = guest.get(address).content.decode()
        assert not [word for word in ("castle moves", ">Rules<", "Autumn Trains") if word in text]
    assert guest.get("/news/99999999999999999999999").status_code == 404


def test_the_account_of_a_series_that_is_for_members_shows_guests_only_the_works(guest):
    story("334", series=(SeriesPlace(title="Shorthand, say the works", position=1, key="4"),))
    keep(SERIES, is_open=False)

    page = page_of(guest, links.of(Series.objects.get()))

    assert texts(page, "h2.heading") == ["Shorthand, say the works"]
    assert "typewriter" not in page.text_content()
    assert guest.get(links.series_reviews(Series.objects.get())).status_code == 404


def test_answers_to_a_review_stand_under_it_in_every_list(guest):
    reviews = (
        ReviewValue(name="A", body=prose("<p>1</p>"), key="1"),
        ReviewValue(name="B", body=prose("<p>2</p>"), key="2"),
        ReviewValue(name="C", body=prose("<p>3</p>"), key="3", answers="1"),
        ReviewValue(name="D", body=prose("<p>4</p>"), key="4", answers="3"),
        ReviewValue(name="E", body=prose("<p>5</p>"), key="5", answers="5"),
        ReviewValue(name="F", body=prose("<p>6</p>"), key="6", answers="7"),
        ReviewValue(name="G", body=prose("<p>7</p>"), key="7", answers="6"),
        ReviewValue(name="H", body=prose("<p>8</p>"), answers="gone"),
    )
    work = story("1", reviews=reviews)

    for address in (links.of(work), links.reviews(work)):
        page = page_of(guest, address)
        assert texts(page, "ol.thread li .userstuff") == ["1", "3", "4", "2", "5", "8", "6", "7"]
        deep = [each.get("class").removeprefix("comment group").strip() for each in page.cssselect("ol.thread li")]
        assert deep == ["", "depth-1", "depth-2", "", "", "", "", "depth-1"]


def test_an_answer_to_what_was_said_of_a_draft_chapter_stays_out_of_sight_with_it(guest, browser, cast):
    chapters = (make_chapter(), make_chapter("<p>Not yet.</p>", state=State.DRAFT))
    reviews = (
        ReviewValue(name="A", body=prose("<p>open</p>"), chapter=1, key="1"),
        ReviewValue(name="B", body=prose("<p>secret</p>"), chapter=2, key="2"),
        ReviewValue(name="C", body=prose("<p>on the secret</p>"), key="3", answers="2"),
        ReviewValue(name="D", body=prose("<p>on that</p>"), chapter=1, key="4", answers="3"),
    )
    work = story("1", chapters=chapters, reviews=reviews)

    assert texts(page_of(guest, links.reviews(work)), "ol.thread .userstuff") == ["open"]
    assert "1 comment" in page_of(guest, links.of(work)).text_content()
    assert len(page_of(browser(cast.ari), links.reviews(work)).cssselect("ol.thread li")) == 4


@pytest.mark.parametrize("name", ["/news", "/challenges", "news", "challenge", "series reviews"])
def test_a_part_stands_in_the_whole_as_it_is(guest, name):
    keep(*ALL)
    story("334")
    address = {
        "news": links.of(NewsItem.objects.get()),
        "challenge": links.of(Challenge.objects.get()),
        "series reviews": links.series_reviews(Series.objects.get()),
    }.get(name, name)

    whole, part = guest.get(address), guest.get(address, headers={"HX-Request": "true"})

    assert part.content.strip()
    assert part.content in whole.content
    assert b"<head>" not in part.content


def test_a_claimed_pen_name_shows_its_profile_on_the_accounts_page(guest, cast):
    keep(PROFILE, *FAVOURITES)
    mine = cast.ada.pseuds.get()
    Profile.objects.update(pseud=mine)
    Favourite.objects.update(member=mine)
    story("334", credits=(Credit(name="Mina M.", key="1"),))

    assert "I walk in my sleep." in guest.get("/users/ada").content.decode()
    assert len(page_of(guest, "/users/ada/bookmarks").cssselect("ol.favourites > li")) == 2
    keep(replace(PROFILE, bio=prose("<p>Somebody else.</p>")))
    assert Profile.objects.get().bio == PROFILE.bio, "what is a member's own is changed by no import"
    assert Review.objects.count() == 0
