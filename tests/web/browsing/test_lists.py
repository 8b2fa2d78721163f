"""Front page, fandoms, tags, series, authors."""

from __future__ import annotations

import lxml.html
import pytest

from tests.makers import make_work
from tests.manuscripts import DAY, LATER
from undying.finding import indexer
from undying.manuscript import SeriesPlace, Status, Tagging, TagKind
from undying.web import links

DRACULA = Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker")


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.content.decode())


def texts(page, selector):
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


def test_an_empty_archive_has_a_front_page_with_a_next_step(guest):
    page = page_of(guest, "/")

    assert "There is no story here yet" in page.text_content()
    assert page.cssselect('form[role=search] input[name="work_search[query]"]')


def test_the_front_page_shows_the_latest_works_first_and_the_fandoms_by_size(guest):
    make_work("Older", published=DAY, taggings=(DRACULA,))
    make_work("Newer", published=LATER, taggings=(DRACULA, Tagging(kind=TagKind.FANDOM, name="Carmilla")))

    page = page_of(guest, "/")

    assert texts(page, "li.work.blurb h4.heading > a:first-child") == ["Newer", "Older"]
    assert texts(page, ".shelves li") == ["Dracula - Bram Stoker 2", "Carmilla 1"]


def test_only_finished_works_for_every_eye_are_put_on_the_shelf(guest):
    make_work("Done", status=Status.COMPLETE)
    make_work("Going on", status=Status.IN_PROGRESS)
    make_work("Hot", status=Status.COMPLETE, tags={TagKind.RATING: ["Explicit"]})

    assert texts(page_of(guest, "/"), ".shelf .name") == ["Done"]


def test_the_shelf_shows_many_fandoms_before_two_of_one(guest):
    for number in range(8):
        make_work(f"Dracula {number}", status=Status.COMPLETE, tags={TagKind.FANDOM: ["Dracula"]})
    make_work("Laura", status=Status.COMPLETE, tags={TagKind.FANDOM: ["Carmilla"]})
    shown = texts(page_of(guest, "/"), ".shelf .name")

    assert len(shown) == 6
    assert "Laura" in shown[:2]


def test_a_card_has_the_hooks_of_readers_tools(guest):
    work = make_work(
        status=Status.COMPLETE,
        tags={
            TagKind.RATING: ["Teen And Up Audiences"],
            TagKind.WARNING: ["Major Character Death"],
            TagKind.CATEGORY: ["F/F"],
            TagKind.FANDOM: ["Carmilla"],
            TagKind.RELATIONSHIP: ["Carmilla/Laura"],
            TagKind.CHARACTER: ["Laura"],
            TagKind.ADDITIONAL: ["Cats"],
        },
    )
    card = page_of(guest, "/").get_element_by_id(f"work_{work.pk}")

    assert f"work-{work.pk}" in card.get("class").split()
    assert [each.get("class").split()[0] for each in card.cssselect("ul.required-tags li")] == [
        "rating-teen",
        "warning-yes",
        "category-femslash",
        "complete-yes",
    ]
    assert texts(card, "h5.fandoms a.tag") == ["Carmilla"]
    assert texts(card, "ul.tags.commas li.warnings strong a.tag") == ["Major Character Death"]
    assert texts(card, "ul.tags.commas li") == ["Major Character Death", "Carmilla/Laura", "Laura", "Cats"]
    assert texts(card, "dl.stats dd.chapters") == ["1/1"]


def test_fandoms_stand_under_their_letter_whatever_accent_or_article_they_have(guest):
    names = ("The Odyssey", "Émile", "emma", "1984", "Éclair")
    make_work(taggings=tuple(Tagging(kind=TagKind.FANDOM, name=name) for name in names))
    indexer.drain_if_free()

    page = page_of(guest, "/fandoms")

    assert texts(page, ".letters h3") == ["#", "E", "O"]
    assert texts(page, ".letters section:nth-child(2) a") == ["Éclair", "Émile", "emma"]


def test_a_tag_says_what_it_is_and_leads_to_its_works(guest):
    work = make_work(taggings=(DRACULA,))

    page = page_of(guest, links.of(work.tags(TagKind.FANDOM)[0]))

    assert page.find_class("crumbs")[0].text_content().strip() == "Fandoms"
    assert page.cssselect(f'a[href="{links.tag_works(work.tags(TagKind.FANDOM)[0])}"]')


def test_a_series_lists_its_works_in_order_with_its_totals(guest):
    for number in (2, 1, 3):
        make_work(
            f"Part {number}", status=Status.COMPLETE, series=(SeriesPlace(title="Shorthand", position=number, key="4"),)
        )
    series = make_work(series=(SeriesPlace(title="Shorthand", position=4, key="4"),), status=Status.IN_PROGRESS)

    page = page_of(guest, links.of(series.series_entries.get().series))

    assert texts(page, "h4.heading > a:first-child")[:3] == ["Part 1", "Part 2", "Part 3"]
    assert texts(page, "dl.series dl.stats div") == ["Words: 28", "Works: 4", "Complete: No"]


def test_a_series_inside_a_series_leads_both_ways(guest):
    place = SeriesPlace(title="Seafarers", position=1, within=SeriesPlace(title="Wine-Dark", position=2))
    inner = make_work(series=(place,)).series_entries.get().series

    assert texts(page_of(guest, links.of(inner)), ".crumbs a") == ["Wine-Dark"]
    assert texts(page_of(guest, links.of(inner.within)), ".inside a") == ["Seafarers"]


def test_a_long_series_is_paged_and_htmx_gets_the_part_of_the_page(guest):
    for number in range(1, 24):
        make_work(f"Part {number}", series=(SeriesPlace(title="Long", position=number, key="9"),))
    series = make_work(series=(SeriesPlace(title="Long", position=24, key="9"),)).series_entries.get().series
    address = f"{links.of(series)}?page=2"

    whole = guest.get(address)
    part = guest.get(address, headers={"HX-Request": "true"})

    assert texts(lxml.html.fromstring(whole.content.decode()), ".series-part") == [
        f"Part {n}" for n in (21, 22, 23, 24)
    ]
    assert part.content in whole.content
    assert b"<html" not in part.content
    assert guest.get(f"{links.of(series)}?page=3").status_code == 404
    assert guest.get(f"{links.of(series)}?page=x").status_code == 200


def test_an_account_shows_all_its_pen_names_and_a_pen_name_its_own_works(cast, guest):
    work = make_work("Under her own name", owner=cast.ada)
    other = cast.ada.pseuds.create(name="A. Lovelace", is_linked=True)
    second = make_work("Under another")
    second.creatorships.update(pseud=other)

    assert texts(page_of(guest, "/users/ada"), "h4.heading > a:first-child") == ["Under another", "Under her own name"]
    assert texts(page_of(guest, links.of(other)), "h4.heading > a:first-child") == ["Under another"]
    assert texts(page_of(guest, links.of(work.byline[0].pseud)), "h4.heading > a:first-child") == ["Under her own name"]


def test_an_unclaimed_name_says_so(guest):
    page = page_of(guest, links.of(make_work().byline[0].pseud))

    assert "nobody has claimed the name yet" in page.text_content()


@pytest.mark.parametrize(
    "path", ["/users/nobody", "/users/unclaimed-5", "/tags/none", "/series/4", "/users/x/pseuds/y"]
)
def test_what_is_not_there_is_a_worded_404(guest, path):
    assert guest.get(path).status_code == 404
