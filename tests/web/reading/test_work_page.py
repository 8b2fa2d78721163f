"""The page that a story is read on, and the hooks that readers' tools know from AO3."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest

from tests.makers import make_work, put
from tests.manuscripts import DAY, make_chapter, make_manuscript, make_picture, prose, sample_one_chapter
from undying.library.actions import set_hidden
from undying.manuscript import (
    Chapter,
    Credit,
    RelatedWork,
    RelationKind,
    Review,
    SeriesPlace,
    Source,
    Status,
)
from undying.web import links


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def texts(page, selector):
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


@pytest.fixture
def typewriter(home, db):
    """A one-shot with nearly every field, for all eyes."""
    return put(sample_one_chapter())


def test_the_head_carries_what_fanficfare_reads(guest, typewriter):
    page = page_of(guest, links.of(typewriter))

    assert texts(page, "h2.title.heading") == ["What the Typewriter Kept"]
    assert texts(page, "h3.byline.heading a[rel=author]") == ["Quincey's Hat", "Dr. Seward"]
    assert all("/pseuds/" in each.get("href") for each in page.cssselect("h3.byline a"))
    assert "[archived by The Archivist]" in texts(page, "h3.byline")[0]
    assert texts(page, "dl.work.meta.group dd.rating.tags a.tag") == ["General Audiences"]
    assert texts(page, "dd.warning.tags a.tag") == ["No Archive Warnings Apply"]
    assert texts(page, "dd.category.tags a.tag") == ["F/M"]
    assert texts(page, "dd.fandom.tags a.tag") == ["Dracula - Bram Stoker"]
    assert len(texts(page, "dd.relationship.tags a.tag")) == 2
    assert texts(page, "dd.character.tags a.tag") == ["Mina Harker"]
    assert texts(page, "dd.freeform.tags a.tag") == ["Epistolary, mostly"]
    assert texts(page, "dd.language") == ["English"]
    assert texts(page, "dl.stats dd.published") == ["2004-03-09"]
    assert texts(page, "dl.stats dt.status") == ["Completed:"]
    assert texts(page, "dl.stats dd.chapters") == ["1/1"]


def test_the_first_quotation_is_the_summary_and_the_place_in_a_series_stands_before_its_link(guest, typewriter):
    page = page_of(guest, links.of(typewriter))

    assert "leaves one page out" in page.cssselect("blockquote.userstuff")[0].text_content()
    link = page.cssselect("dd.series a")[0]
    assert (link.getparent().text or "").strip() == "Part 2 of"
    assert link.get("href").startswith("/series/")


def test_both_files_are_offered_where_tools_look(guest, typewriter):
    page = page_of(guest, links.of(typewriter))

    files = page.cssselect("li.download ul li a")

    assert [each.text for each in files] == ["EPUB", "HTML"]
    assert all(each.get("href").startswith(f"/downloads/{typewriter.pk}/") for each in files)


def test_the_disclaimer_stands_at_the_very_end_of_the_head_notes(guest, typewriter):
    notes = page_of(guest, links.of(typewriter)).cssselect("div.notes.module")[0]

    assert notes[-1].text_content().strip() == "Dracula is Bram Stoker's and everyone's."


def test_gifts_placement_and_parents_are_told(guest, typewriter):
    page = page_of(guest, links.of(typewriter))

    assert texts(page, ".given") == ["for Lucy"]
    assert texts(page, ".work-head .placement") == ["after Dr. Seward's Diary, chapter 21; canon divergence"]
    assert texts(page, "ul.associations li") == ["Inspired by Phonograph by Jack (English)"]


@pytest.fixture
def serial(home, db):
    """Three chapters of five."""
    return make_work("Bloofer", chapters=3, status=Status.IN_PROGRESS, planned_chapters=5)


def test_a_serial_opens_at_its_first_chapter_with_a_way_on(guest, serial):
    page = page_of(guest, links.of(serial))

    assert [each.get("id") for each in page.cssselect("#chapters > div.chapter")] == ["chapter-1"]
    assert [each.get("href") for each in page.cssselect("link[rel=next]")] == [
        links.of(serial.chapters.get(position=2))
    ]
    assert page.cssselect("link[rel=prev]") == []
    assert "Rain came in from the sea. 2" not in page.text_content()


def test_a_middle_chapter_has_both_ways_and_a_folded_head(guest, serial):
    page = page_of(guest, links.of(serial.chapters.get(position=2)))

    assert page.cssselect("nav.turn li.chapter.previous a[rel=prev]")
    assert page.cssselect("nav.turn li.chapter.next a[rel=next]")
    assert page.cssselect("details.about.folded:not([open])")
    assert texts(page, "h2.title a") == ["Bloofer"]


def test_the_whole_view_has_every_chapter_and_says_how_to_leave_it(guest, serial):
    page = page_of(guest, links.work(serial, whole=True))

    assert [each.get("id") for each in page.cssselect("#chapters > div.chapter")] == [
        "chapter-1",
        "chapter-2",
        "chapter-3",
    ]
    assert len(page.cssselect('div[class="userstuff module"][role=article]')) == 3
    assert page.cssselect("li.bychapter a")


def test_a_chapter_title_reads_as_on_ao3(guest, serial):
    page = page_of(guest, links.of(serial.chapters.get(position=2)))

    assert texts(page, "div.chapter.preface.group h3.title") == ["Chapter 2: Chapter the 2"]


def test_no_two_elements_of_a_whole_work_share_an_id(guest):
    body = '<p><a href="#fn1" id="back">1</a></p><p id="fn1">Note</p>'
    chapters = tuple(
        replace(make_chapter(body), summary=prose("<p>S</p>"), notes_before=prose("<p>N</p>")) for _ in "12"
    )
    work = put(make_manuscript(chapters=chapters))

    ids = page_of(guest, links.work(work, whole=True)).xpath("//@id")

    assert len(ids) == len(set(ids))


def test_a_one_shot_has_no_chapter_furniture(guest, typewriter):
    page = page_of(guest, links.of(typewriter))

    assert page.cssselect("nav.turn, li.chapter, #chapters div.chapter") == []
    assert len(page.cssselect("#chapters > div.userstuff")) == 1


def test_the_index_lists_chapters_as_tools_read_them(guest):
    chapters = tuple(Chapter(title=f"Night {n}", body=prose("<p>Rain.</p>"), published=DAY) for n in (1, 2))
    work = put(make_manuscript(title="Nights", chapters=chapters))

    page = page_of(guest, links.navigate(work))

    first = page.xpath('//a[re:test(@href, "/works/\\d+$")]', namespaces={"re": "http://exslt.org/regular-expressions"})
    assert first[0].text == "Nights"
    rows = page.cssselect("ol.chapter.index.group li")
    assert [row.cssselect("a")[0].text for row in rows] == ["1. Night 1", "2. Night 2"]
    assert [row.cssselect("a")[0].getnext().text for row in rows] == ["(2004-03-09)", "(2004-03-09)"]


def test_reviews_stand_under_the_work_with_the_answer_further_in_and_the_score_in_words(guest):
    review = Review(
        name="Lucy", body=prose("<p>Oh.</p>"), score=9, scale="1-10", response=prose("<p>Thank you.</p>"), posted=DAY
    )
    page = page_of(guest, links.of(make_work(reviews=(review,))))

    assert texts(page, "#feedback li.comment h4.byline")[0].startswith("Lucy · 9 out of 10")
    assert texts(page, "li.comment .response blockquote") == ["Thank you."]


def test_a_review_of_another_chapter_waits_for_that_chapter(guest):
    work = make_work(chapters=2, reviews=(Review(name="Lucy", body=prose("<p>Second!</p>"), chapter=2),))

    assert "Second!" not in page_of(guest, links.of(work)).text_content()
    assert "Second!" in page_of(guest, links.of(work.chapters.get(position=2))).text_content()
    assert "on chapter 2" in texts(page_of(guest, links.work(work, whole=True)), "li.comment h4")[0]


def test_many_reviews_lead_to_a_page_of_their_own(guest):
    work = make_work(reviews=tuple(Review(name=f"R{n}", body=prose(f"<p>Word {n}</p>")) for n in range(130)))

    assert len(page_of(guest, links.of(work)).cssselect("li.comment")) == 40
    everything = [
        each
        for number in (1, 2, 3)
        for each in texts(page_of(guest, f"{links.reviews(work)}?page={number}"), "li.comment blockquote")
    ]
    assert everything == [f"Word {n}" for n in range(130)]


def test_the_neighbours_in_a_series_are_linked_and_only_readable_ones(guest, cast):
    make = [
        make_work(f"Part {n}", series=(SeriesPlace(title="Shorthand", position=n, key="4"),), hidden=n == 2)
        for n in (1, 2, 3)
    ]
    page = page_of(guest, links.of(make[0]))

    assert [each.get("href") for each in page.cssselect("#series a.next")] == [links.of(make[2])]


def test_where_it_comes_from_is_said_at_the_end(guest):
    source = Source(site="castle.example", key="9", url="https://castle.example/works/9", archivist="Mo")
    page = page_of(guest, links.of(put(make_manuscript(source=source, extras=(("Beta", "Lucy W."),)))))

    assert texts(page, ".source") == ["First published at castle.example, archived by Mo."]
    assert texts(page, "details.extras dd") == ["Lucy W."]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://"])
def test_an_address_from_a_source_becomes_a_link_only_when_a_browser_just_follows_it(guest, url):
    work = make_work(
        related=(RelatedWork(kind=RelationKind.INSPIRED_BY, title="Trap", url=url),),
        credits=(Credit(name="Eve", url=url),),
        source=Source(site="castle.example", key="66", url=url),
    )

    for address in (links.of(work), links.of(work.byline[0].pseud)):
        assert url not in [each.get("href") for each in page_of(guest, address).cssselect("a")]


def test_a_story_in_hebrew_runs_from_the_right(guest):
    page = page_of(guest, links.of(make_work(language="he")))

    assert page.cssselect("#chapters .userstuff")[0].get("dir") == "rtl"
    assert page.cssselect("#chapters .userstuff")[0].get("lang") == "he"


def test_a_title_is_text_whatever_it_looks_like(guest):
    page = page_of(guest, links.of(make_work("<script>alert(1)</script> & sons")))

    assert texts(page, "h2.title") == ["<script>alert(1)</script> & sons"]


def test_a_picture_comes_from_its_work(guest):
    picture = make_picture(5)
    chapter = Chapter(body=prose(f'<p><img src="picture:{picture.sha256}" alt="The tower"></p>'))
    work = put(make_manuscript(chapters=(chapter,), pictures=(picture,)))

    (image,) = page_of(guest, links.of(work)).cssselect("#chapters img")

    assert image.get("src") == f"/works/{work.pk}/pictures/{picture.sha256}"
    answer = guest.get(image.get("src"))
    assert (answer.content, answer.headers["Content-Type"]) == (picture.data, picture.media_type)
    assert guest.get(f"/works/{make_work().pk}/pictures/{picture.sha256}").status_code == 404


def test_a_page_that_the_reader_has_is_not_sent_again(guest, serial):
    first = guest.get(links.of(serial))

    again = guest.get(links.of(serial), headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "Cookie" in first.headers["Vary"]


def test_no_page_has_styles_or_scripts_of_its_own_inside(guest, serial):
    for address in (links.of(serial), "/", "/fandoms", "/users/login", links.navigate(serial), "/works/5"):
        page = lxml.html.fromstring(guest.get(address).content.decode())
        assert page.xpath("//@style") == []
        assert page.xpath("//style") == []
        assert page.xpath("//script[not(@src)]") == []
        assert page.xpath("//@*[starts-with(name(), 'on')]") == []


def test_a_related_work_that_is_here_is_linked_for_those_who_may_read_it(guest, home):
    told = RelatedWork(kind=RelationKind.TRANSLATION_OF, title="The Original", author="lamplighter")
    original = make_work("The Original", author="lamplighter")
    make_work("The Original", author="somebody else")
    page = page_of(guest, links.of(make_work("Das Original", related=(told,))))
    assert links.of(original) in [each.get("href") for each in page.cssselect("a")]

    set_hidden(original, hidden=True)
    page = page_of(guest, links.of(make_work("Das Original, again", related=(told,))))
    assert links.of(original) not in [each.get("href") for each in page.cssselect("a")]
