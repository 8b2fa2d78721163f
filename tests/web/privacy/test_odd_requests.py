"""Addresses and query strings that nobody types: every one is answered, none with an error of the archive's own."""

from __future__ import annotations

from urllib.parse import quote, quote_from_bytes

import pytest
from django.test.client import FakePayload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.makers import make_work
from tests.web.privacy.archive import Secrets, make_batch
from undying.finding import engine
from undying.finding.criteria import NAMES_READ, TAG_FIELDS, TAGS_READ
from undying.kernel.ids import SMALLEST
from undying.manuscript import TagKind
from undying.web import links

BIG = 2**63
NUMBERS = [str(BIG - 1), str(BIG), str(BIG * 2), "9" * 5000, "0", "-1", "٣", "१२", "³", "1e3", "+1", "%00", "1%00"]
ROUTES = [
    "/works/{}",
    "/works/{}?view_full_work=true",
    "/works/1/chapters/{}",
    "/works/{}/chapters/1",
    "/chapters/{}",
    "/works/{}/navigate",
    "/works/{}/comments",
    "/works/{}/cover.jpg",
    "/works/{}/cover-small.jpg",
    "/works/{}/pictures/" + "0" * 64,
    "/downloads/{}/x.epub",
    "/downloads/{}/x.html",
    "/series/{}",
    "/users/unclaimed-{}",
    "/users/unclaimed-{}/pseuds/x",
    "/imports/{}",
    "/imports/{}/undo",
    "/imports/{}/again",
    "/imports/{}/entries/1",
    "/imports/1/entries/{}",
    "/imports/1/entries/{}/original",
]
ODD = [
    "",
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%FF%FE",
    "*s*",
    "*t*",
    "**",
    "*x*",
    "*",
    "%2F",
    "%252F",
    "..",
    "%F0%9F%A6%87",
    "%0A",
    "unclaimed-",
    "x" * 5000,
]
NAMED = [
    "/tags/{}",
    "/tags/{}/works",
    "/users/{}",
    "/users/{}/works",
    "/users/{}/pseuds/{}",
    "/works?tag_id={}",
    "/downloads/1/{}.epub",
]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda each: each[:20])
def test_a_number_that_no_row_has_is_not_there(browser, cast, number):
    number = number if "%" in number else quote(number)
    for client in (browser(None), browser(cast.ari)):
        for route in ROUTES:
            assert client.get(route.format(number)).status_code == 404, route


def test_an_id_in_other_digits_is_another_address(guest):
    work = make_work()
    arabic = "".join(chr(0x660 + int(digit)) for digit in str(work.pk))

    for address in (links.of(work), links.download(work, "html"), links.cover(work)):
        assert guest.get(address).status_code == 200
        assert guest.get(address.replace(str(work.pk), quote(arabic))).status_code == 404


@pytest.mark.parametrize("name", ODD, ids=lambda each: each[:12])
def test_a_name_that_nothing_has_is_not_there(guest, name):
    for route in NAMED:
        assert guest.get(route.replace("{}", name)).status_code in {200, 301, 404}


def test_names_are_asked_of_no_database_that_could_not_hold_them(guest, django_assert_num_queries):
    with django_assert_num_queries(0):
        for address in ("/tags/%00", "/tags/a%00b/works", "/users/%00", "/users/x/pseuds/%00"):
            assert guest.get(address).status_code == 404


QUERIES = [
    "page=" + "1" + "0" * 30,
    "page=-1",
    "page=%D9%A3",
    "page=%00",
    "page=1&page=2",
    "kind=%00",
    "kind=fandom%00",
    "view_adult=%00",
    "tag_id=%00",
    "next=%00",
    "%00=%00",
    "=&=&&",
    "work_search%5Bquery%5D=" + "(" * 2000,
    "work_search%5Bquery%5D=" + "not+" * 500 + "x",
    "work_search%5Bquery%5D=" + "x+or+" * 400,
    "work_search%5Bquery%5D=%ED%A0%80%00%FF",
    "work_search%5Bquery%5D=" + "%22",
    "work_search%5Bother_tag_names%5D=" + "%2C".join(f"t{each}" for each in range(1000)),
    "work_search%5Bwords_from%5D=" + "9" * 19,
    "work_search%5Bwords_from%5D=" + "9" * 5000,
    "work_search%5Bwords_to%5D=-1",
    "work_search%5Bdate_from%5D=0001-01-01&work_search%5Bdate_to%5D=9999-12-31",
    "work_search%5Bdate_from%5D=9999-12-31",
    "work_search%5Bdate_to%5D=0001-01-01",
    "work_search%5Blanguage_id%5D=%00",
    "work_search%5Blanguage_id%5D=" + "-" * 2000,
    "work_search%5Bplacement_part%5D=%D9%A3&work_search%5Bplacement_unit%5D=%00",
    f"include_work_search%5Bfandom_ids%5D%5B%5D={BIG - 1}",
    f"include_work_search%5Bfandom_ids%5D%5B%5D={BIG}",
    "container=%00&outcome=%00",
]


@pytest.fixture(params=["memory", "embedded"])
def archive(request, settings, home):
    """An archive of one work, under each search back end."""
    if request.param == "embedded":
        settings.SEARCH_BACKEND = "undying.finding.backends.embedded.EmbeddedBackend"
        engine._backend.cache_clear()
    return make_work(tags={TagKind.FANDOM: ["Dracula"]})


@pytest.mark.parametrize("path", ["/works", "/works/search", "/tags/Dracula/works"])
def test_any_query_string_is_answered(guest, archive, path):
    for query in QUERIES:
        assert guest.get(f"{path}?{query}").status_code in {200, 404}, query


def test_other_pages_take_no_notice(guest, db, home):
    work = make_work(tags={TagKind.FANDOM: ["Dracula"]}, series=())
    for path in ("/", "/fandoms", "/tags/Dracula", links.of(work), links.reviews(work), "/users/login", "/imports"):
        for query in QUERIES:
            assert guest.get(f"{path}?{query}").status_code in {200, 404}, (path, query)


def test_the_archivists_desk_takes_any_filter(browser, cast):

    batch = make_batch(Secrets(), make_work())
    client = browser(cast.ari)

    for query in ("container=%00", "outcome=%00", "container=" + "x" * 5000, "page=" + "9" * 30):
        assert client.get(f"/imports/{batch.pk}?{query}").status_code in {200, 404}


@pytest.mark.parametrize("count", [400, 10_000])
def test_too_many_tags_are_read_in_part(guest, archive, count):
    answer = guest.get("/works?" + asked_for(count))

    assert answer.status_code == 200
    assert f"Only the first {TAGS_READ} of these tags were read." in answer.content.decode()
    assert len(answer.content) < 500_000


def test_more_fields_than_any_form_has_are_refused(guest, archive, settings):
    assert guest.get("/works?" + asked_for(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)).status_code == 400


def asked_for(count):
    return "&".join(f"include_work_search%5Bfandom_ids%5D%5B%5D={SMALLEST + each}" for each in range(count))


def test_as_many_tags_as_are_read_can_be_asked_of_the_database_alone(guest, settings, home, db):
    """Without an index every tag is a join, of which SQLite allows 64."""
    settings.SEARCH_BACKEND = "undying.finding.backends.embedded.EmbeddedBackend"
    engine._backend.cache_clear()
    query = "&".join(
        f"include_work_search%5B{field}%5D%5B%5D={SMALLEST + each}"
        for field in TAG_FIELDS.values()
        for each in range(TAGS_READ)
    )
    names = "%2C".join(f"t{each}" for each in range(NAMES_READ))

    assert guest.get(f"/works?{query}&work_search%5Bother_tag_names%5D={names}").status_code == 200


def test_bytes_that_are_no_text_come_through_the_wire_as_well(guest, db):
    for path in (b"/tags/\xed\xa0\x80", b"/users/\xff\xfe", b"/works/\x00", b"/tags/\xf0\x9f\xa6"):
        environ = {
            "PATH_INFO": path.decode("latin-1"),
            "QUERY_STRING": "page=\xed\xa0\x80",
            "wsgi.input": FakePayload(b""),
        }
        assert guest.generic("GET", "/", **environ).status_code in {200, 400, 404}


_PIECES = (
    "works chapters users tags pseuds series downloads imports navigate comments search 1 0 ٣ 9999999999999999999 "
    "99999999999999999999999 x.epub x.html cover.jpg Dracula *s* \0 \ud800 unclaimed-1 ada .. ."
)
_FIELDS = (
    "query other_tag_names excluded_tag_names complete status crossover words_from words_to date_from date_to "
    "language_id placement_unit placement_part placement_relation placement_divergence placement_episode sort_column"
)
_VALUES = (
    'T F true complete 2024-02-29 0001-01-01 ( " - author: or not _score word_count season after 1-2 '
    "revised_at title_to_sort_on authors_to_sort_on created_at canon-divergent within between"
)
_words = st.sampled_from(_PIECES.split(" ")) | st.text(max_size=8)
_names = st.sampled_from(
    (
        *["page", "kind", "tag_id", "view_adult", "view_full_work", "next", "updated_at"],
        *(f"work_search[{each}]" for each in _FIELDS.split()),
        *(f"{side}_work_search[{field}][]" for side in ("include", "exclude") for field in TAG_FIELDS.values()),
    )
)
_values = st.text(max_size=12) | st.integers().map(str) | st.sampled_from(_VALUES.split(" "))


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


@given(
    path=st.lists(_words, max_size=5),
    query=st.lists(st.tuples(_names, _values), max_size=4),
    part=st.booleans(),
)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_address_at_all_is_an_error(guest, path, query, part):
    asked = "&".join(f"{quote(name)}={_quoted(value)}" for name, value in query)
    headers = {"HX-Request": "true"} if part else {}

    answer = guest.get("/" + "/".join(map(_quoted, path)) + f"?{asked}", headers=headers)

    assert answer.status_code in {200, 301, 302, 400, 404}


@given(
    path=st.sampled_from(["/works", "/works/search"]),
    query=st.lists(st.tuples(_names, _values), min_size=1, max_size=6),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_search_at_all_is_an_error(guest, path, query):
    asked = "&".join(f"{quote(name)}={_quoted(value)}" for name, value in query)

    assert guest.get(f"{path}?{asked}").status_code in {200, 302, 404}
