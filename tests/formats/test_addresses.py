"""One story has one identity, whatever address leads to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.formats.addresses import Person, chapter_key_of, person_of, series_key_of, source_of
from undying.manuscript import Source


@pytest.mark.parametrize(
    ("url", "site", "key"),
    [
        ("https://archiveofourown.org/works/1897", "archiveofourown.org", "1897"),
        (
            "http://www.archiveofourown.org/works/1897/chapters/12?view_adult=true#comments",
            "archiveofourown.org",
            "1897",
        ),
        ("https://archiveofourown.org/collections/gothic/works/1897", "archiveofourown.org", "1897"),
        ("https://ao3.org/works/1897", "archiveofourown.org", "1897"),
        ("https://archiveofourown.org/downloads/1897/Carmilla.epub?updated_at=1", "archiveofourown.org", "1897"),
        ("https://squidgeworld.org/works/7", "squidgeworld.org", "7"),
        ("https://www.fanfiction.net/s/5853767/1/Carmilla", "www.fanfiction.net", "5853767"),
        ("http://m.fanfiction.net/s/5853767/36", "www.fanfiction.net", "5853767"),
        ("https://www.fictionpress.com/s/12/1/", "www.fictionpress.com", "12"),
        ("http://www.vampires.example/viewstory.php?sid=51&chapter=2", "vampires.example", "51"),
        ("http://vampires.example/viewstory.php?action=printable&sid=51&ageconsent=ok", "vampires.example", "51"),
        ("http://example.org/archive/viewstory.php?sid=51", "example.org/archive", "51"),
        ("https://www.wattpad.com/story/33-carmilla", "www.wattpad.com", "33"),
        ("https://mina-m.livejournal.com/1234.html?style=mine", "livejournal.com", "mina_m/1234"),
        ("http://www.livejournal.com/users/mina_m/1234.html", "livejournal.com", "mina_m/1234"),
        ("http://community.livejournal.com/gothic/77.html", "livejournal.com", "gothic/77"),
        ("https://mina.dreamwidth.org/99.html", "dreamwidth.org", "mina/99"),
        ("http://Example.org/Stories/9/?utm_source=x#top", "example.org", "https://example.org/Stories/9"),
        ("http://test1.example?sid=12345", "test1.example", "https://test1.example/?sid=12345"),
        ("https://example.org:8443/a", "example.org:8443", "https://example.org:8443/a"),
    ],
)
def test_an_address_names_its_story(url, site, key):
    found = source_of(url)
    assert (found.site, found.key) == (site, key)
    assert found.url.startswith("http")


def test_the_address_kept_for_a_known_site_is_its_plainest():
    assert source_of("http://archiveofourown.org/works/1897/chapters/3").url == "https://archiveofourown.org/works/1897"
    assert source_of("http://m.fanfiction.net/s/12/3/X").url == "https://www.fanfiction.net/s/12"


@pytest.mark.parametrize(
    "text", ["", "urn:uuid:1234", "mailto:mina@example.org", "no address", "http://", "http://[x/y"]
)
def test_what_is_no_address_has_no_source(text):
    assert source_of(text) == Source()
    assert person_of(text) == Person()
    assert series_key_of(text) == ""
    assert chapter_key_of(text) == ""


@pytest.mark.parametrize(
    ("url", "person"),
    [
        ("https://archiveofourown.org/users/mina/pseuds/Madam%20Mina", Person(account="mina", pseud="Madam Mina")),
        ("https://archiveofourown.org/users/mina", Person(account="mina")),
        ("https://www.fanfiction.net/u/491287/Mina", Person(key="491287")),
        ("http://vampires.example/viewuser.php?uid=5", Person(key="5")),
        ("http://example.org/about", Person()),
    ],
)
def test_the_address_of_a_profile_names_its_owner(url, person):
    assert person_of(url) == person


def test_series_and_chapters_have_keys():
    assert series_key_of("https://archiveofourown.org/series/15213") == "15213"
    assert series_key_of("http://vampires.example/viewseries.php?seriesid=4") == "4"
    assert chapter_key_of("https://archiveofourown.org/works/1/chapters/45") == "45"
    assert chapter_key_of("https://www.fanfiction.net/s/6/49/X") == "49"
    assert chapter_key_of("http://vampires.example/viewstory.php?sid=1&chapter=3") == "3"
    assert chapter_key_of("https://example.org/one") == "https://example.org/one"


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_addresses(text):
    for url in (text, f"https://{text}", f"https://example.org/{text}"):
        source_of(url)
        person_of(url)
        series_key_of(url)
        chapter_key_of(url)


@given(st.from_regex(r"https?://(www\.)?[a-z]{1,8}\.example/[a-z]{1,5}/[0-9]{1,4}", fullmatch=True))
def test_identity_is_stable(url):
    found = source_of(url)
    again = source_of(found.url)
    assert (again.site, again.key) == (found.site, found.key)
    assert source_of(url.replace("https://", "http://")).key == found.key
