"""The filter form as a value, to an address and from one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.finding.criteria import (
    BIGGEST,
    DEEPEST_PAGE,
    GROUPS_READ,
    NAMES_READ,
    SORT_WORDS,
    TAG_FIELDS,
    TAGS_READ,
    Criteria,
    Crossover,
    Days,
    PlacementFilter,
    Span,
    Spelling,
    from_query,
)
from undying.finding.question import Sort
from undying.kernel.ids import LIMIT, SMALLEST
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind

TODAY = date(2026, 3, 1)
DRACULA, FLUFF, DEATH, ADA = range(SMALLEST, SMALLEST + 4)
SPELLING = Spelling(
    {
        DRACULA: (TagKind.FANDOM, "Dracula"),
        FLUFF: (TagKind.ADDITIONAL, "Fluff, and more"),
        DEATH: (TagKind.WARNING, "Major Character Death"),
    },
    {ADA: "Ada (ada_l)"},
)

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
typed = st.text(letters, max_size=30).map(str.strip)
tidy = st.text(letters, min_size=1, max_size=12).map(str.strip).filter(lambda text: text and not text.isdecimal())
bare = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0,，、"), min_size=1, max_size=12)
plain = bare.map(str.strip).filter(lambda text: text and not text.isdecimal())
ids = st.integers(SMALLEST, LIMIT)
some_ids = st.lists(ids, max_size=4, unique=True).map(tuple)
some_names = st.lists(tidy, max_size=3, unique=True).map(tuple)
numbers = st.none() | st.integers(0, BIGGEST)
spans = st.builds(Span, numbers, numbers).filter(lambda span: not span.is_empty)
days = st.none() | st.dates()
stretches = st.builds(Days, days, days).filter(lambda each: not each.is_empty) | st.builds(
    Days, last_days=st.integers(1, 36_500)
)
placements = st.builds(
    PlacementFilter,
    unit=typed.map(lambda text: text.replace(":", " ").strip()),
    part=typed,
    relation=st.sampled_from(["", *PlacementRelation]),
    divergence=st.sampled_from(Divergence),
    episode=typed,
).map(lambda place: place if place.part else replace(place, unit=""))
drawn = st.builds(
    Criteria,
    query=typed,
    include=some_ids,
    exclude=some_ids,
    any_of=st.lists(st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple), max_size=2, unique=True).map(tuple),
    exact=some_ids,
    other_include=some_names,
    other_exclude=some_names,
    other_any=st.lists(st.lists(plain, min_size=1, max_size=3, unique=True).map(tuple), max_size=2, unique=True).map(
        tuple
    ),
    other_exact=some_names,
    scope=st.none() | st.integers(1, 9),
    creators=some_ids,
    not_creators=some_ids,
    other_creators=some_names,
    other_not_creators=some_names,
    series=st.none() | ids,
    complete=st.none() | st.booleans(),
    status=st.sampled_from(["", *Status]),
    is_single=st.booleans(),
    crossover=st.sampled_from(Crossover),
    words=spans,
    chapters=spans,
    kudos=spans,
    comments=spans,
    bookmarks=spans,
    hits=spans,
    updated=stretches,
    published=stretches,
    language=st.sampled_from(["", "en", "pt-BR", "zh-Hant-TW"]),
    placement=placements,
    sort=st.none() | st.sampled_from(Sort),
    reverse=st.booleans(),
    seed=st.integers(0, BIGGEST),
    page=st.integers(1, DEEPEST_PAGE),
    anyway=st.booleans(),
)


def read(query: str, scope: int | None = None) -> Criteria:
    return from_query(parse_qs(query, keep_blank_values=True, max_num_fields=500), scope=scope, today=TODAY)


def ao3(**fields: str) -> Criteria:
    """What one of AO3's forms asks for."""
    return read(urlencode([(f"work_search[{name}]", value) for name, value in fields.items()]))


def settled(criteria: Criteria) -> Criteria:
    """Without what an address does not tell, because it is so anyway or cannot be."""
    sort = None if criteria.order is replace(criteria, sort=None).order else criteria.order
    needless = criteria.complete or (criteria.complete is False and criteria.status == Status.COMPLETE)
    return replace(
        criteria,
        exclude=tuple(each for each in criteria.exclude if each not in criteria.include),
        other_exclude=tuple(each for each in criteria.other_exclude if each not in criteria.other_include),
        sort=sort,
        reverse=criteria.reverse and criteria.order is not Sort.BEST,
        seed=criteria.seed if criteria.order is Sort.RANDOM else 0,
        status="" if needless else criteria.status,
        troubles=(),
    )


@given(drawn.filter(lambda each: not (each.is_single and each.chapters)))
def test_what_is_written_into_an_address_is_read_out_of_it(criteria):
    assert replace(read(criteria.to_query(), scope=criteria.scope), troubles=()) == settled(criteria)


@given(drawn)
def test_an_address_written_again_is_the_same_address(criteria):
    once = read(criteria.to_query()).to_query()

    assert read(once).to_query() == once


def test_an_address_names_tags_and_people_as_people_do():
    criteria = Criteria(
        include=(DRACULA,), exclude=(DEATH,), any_of=((DRACULA, FLUFF), (DRACULA, DEATH)), creators=(ADA, 2**50)
    )

    assert criteria.to_query(SPELLING) == (
        f"with=fandom:Dracula&any=fandom:Dracula,{FLUFF}&any=fandom:Dracula,warning:Major+Character+Death"
        f"&without=warning:Major+Character+Death&by=Ada+(ada_l)&by={2**50}"
    )


@pytest.mark.parametrize("name", [" Fluff", "Fluff\t", "", "a\0b", "x" * 501])
def test_a_name_that_would_not_come_back_stands_as_its_number(name):
    query = Criteria(include=(FLUFF,)).to_query(Spelling({FLUFF: (TagKind.ADDITIONAL, name)}))

    assert query == f"with={FLUFF}"


def test_a_name_of_digits_comes_back_as_a_name():
    query = Criteria(include=(FLUFF,)).to_query(Spelling({FLUFF: (TagKind.ADDITIONAL, "1984")}, {}))

    assert read(query) == Criteria(other_include=("tag:1984",))
    assert Criteria(creators=(ADA,)).to_query(Spelling({}, {ADA: "1984"})) == f"by={ADA}"
    typed = read("work_search[other_tag_names]=1984")
    assert typed.other_include == ("1984",)
    assert read(typed.to_query()) == typed


def test_an_address_is_short_and_can_be_read():
    criteria = Criteria(
        include=(DRACULA,),
        words=Span(10_000, 50_000),
        kudos=Span(low=100),
        hits=Span(high=2_000_000),
        chapters=Span(3, 3),
        complete=True,
        updated=Days(last_days=30),
        published=Days(date(2024, 1, 1), date(2024, 12, 31)),
        placement=PlacementFilter(unit="season", part="4", relation="after"),
        crossover=Crossover.NONE,
        sort=Sort.KUDOS,
        page=2,
    )

    assert criteria.to_query(SPELLING) == (
        "with=fandom:Dracula&complete=yes&crossovers=no&words=10k-50k&chapters=3&kudos=100-&hits=-2m&updated=30d"
        "&posted=2024-01-01..2024-12-31&when=after&part=season:4&sort=kudos&page=2"
    )
    assert Criteria(sort=Sort.REVISED).to_query() == Criteria(query="moon", sort=Sort.BEST).to_query()[6:] == ""


SHORT = (
    "q with without any exact by not-by series complete status single crossovers words chapters kudos comments "
    "bookmarks hits updated posted lang when part episode canon sort direction seed page anyway whatever"
)
LONG = (
    "query complete status crossover words_from words_to word_count date_from revised_at language_id hits title "
    "creators placement_relation sort_column sort_direction other_tag_names fandom_names rating_ids single_chapter "
    "nonsense"
)
names = st.sampled_from([*SHORT.split(), *map("work_search[{}]".format, LONG.split())])
more_names = st.sampled_from(
    ["include_work_search[fandom_ids][]", "exclude_work_search[rating_ids]", "work_search[", "", "[]", "\0"]
)
scribbles = st.text(max_size=40) | st.from_regex(r"\A[-<>=0-9kmdwy. :,–]{1,12}\Z")


@given(st.dictionaries(names | more_names, st.lists(scribbles, max_size=3), max_size=6))
def test_nothing_that_is_sent_makes_reading_fail(given_):
    criteria = from_query(given_)

    assert 1 <= criteria.page <= DEEPEST_PAGE
    assert all(each.sentence for each in criteria.troubles)
    assert read(criteria.to_query()).to_query() == criteria.to_query()


@pytest.mark.parametrize("digits", ["9" * 20, "9" * 5000, "9223372036854775808"])
def test_numbers_too_big_for_a_database_are_misread_and_do_not_fail(digits):
    criteria = from_query(
        {"work_search[words_from]": [digits], "include_work_search[fandom_ids][]": [digits], "page": [digits]}
    )

    assert (criteria.words.low, criteria.include, criteria.page) == (None, (), 1)
    assert [each.field for each in criteria.troubles] == ["", "words_from"]
    assert all(len(each.sentence) < 200 for each in criteria.troubles)


def test_each_kind_of_tag_has_ao3s_field():
    assert set(TAG_FIELDS) == set(TagKind)


def test_what_ao3s_sidebar_writes_is_read():
    criteria = read(
        f"utf8=%E2%9C%93&work_search%5Bsort_column%5D=word_count&include_work_search%5Bfandom_ids%5D%5B%5D={DRACULA}"
        f"&include_work_search%5Bfreeform_ids%5D%5B%5D={FLUFF}&exclude_work_search%5Barchive_warning_ids%5D%5B%5D=18"
        "&work_search%5Bother_tag_names%5D=Slow+Burn%2CFluff&work_search%5Bexcluded_tag_names%5D=&work_search"
        "%5Bcrossover%5D=F&work_search%5Bcomplete%5D=T&work_search%5Bwords_from%5D=1000&work_search%5Bwords_to%5D="
        "&work_search%5Bdate_from%5D=&work_search%5Bdate_to%5D=2024-01-31&work_search%5Bquery%5D=&work_search"
        "%5Blanguage_id%5D=de&commit=Sort+and+Filter&page=3"
    )

    assert criteria == Criteria(
        sort=Sort.WORDS,
        include=(DRACULA, FLUFF),
        other_include=("Slow Burn", "Fluff"),
        other_exclude=("warning:Major Character Death",),
        crossover=Crossover.NONE,
        complete=True,
        words=Span(low=1000),
        updated=Days(last=date(2024, 1, 31)),
        language="de",
        page=3,
    )


def test_what_ao3s_advanced_search_writes_is_read():
    criteria = read(
        urlencode(
            [
                ("work_search[query]", "moon"),
                ("work_search[title]", "wild hearts"),
                ("work_search[creators]", "Ada"),
                ("work_search[revised_at]", "< 30 days"),
                ("work_search[single_chapter]", "1"),
                ("work_search[word_count]", ">1000"),
                ("work_search[fandom_names]", "Dracula,Carmilla"),
                ("work_search[rating_ids]", "13"),
                ("work_search[archive_warning_ids][]", "16"),
                ("work_search[category_ids][]", "116"),
                ("work_search[character_names]", "Mina Harker"),
                ("work_search[relationship_names]", "Mina/Lucy"),
                ("work_search[freeform_names]", "Fluff"),
                ("work_search[hits]", "10-20"),
                ("work_search[kudos_count]", ">=100"),
                ("work_search[comments_count]", "<5"),
                ("work_search[bookmarks_count]", "7"),
                ("work_search[sort_column]", "authors_to_sort_on"),
                ("work_search[sort_direction]", "desc"),
                ("commit", "Search"),
            ]
        )
    )

    assert criteria == Criteria(
        query="moon title:wild title:hearts",
        other_creators=("Ada",),
        updated=Days(last_days=30),
        is_single=True,
        words=Span(low=1001),
        other_include=(
            "rating:Explicit",
            "warning:No Archive Warnings Apply",
            "category:F/F",
            "fandom:Dracula",
            "fandom:Carmilla",
            "ship:Mina/Lucy",
            "character:Mina Harker",
            "tag:Fluff",
        ),
        hits=Span(10, 20),
        kudos=Span(low=100),
        comments=Span(high=4),
        bookmarks=Span(7, 7),
        sort=Sort.AUTHOR,
        reverse=True,
    )


def test_ao3s_own_numbers_of_tags_are_told_and_the_rest_applies():
    one = read("include_work_search[fandom_ids][]=414093&complete=yes")
    some = "include_work_search[fandom_ids][]=1&include_work_search[fandom_ids][]=2"
    many = read(f"{some}&exclude_work_search[freeform_ids][]=110&any=3,4&any=5,{2**50}")

    assert replace(one, troubles=()) == Criteria(complete=True)
    assert [each.sentence for each in one.troubles] == [
        "414093 is no tag’s number here; every archive has its own. Ask by name instead."
    ]
    assert replace(many, troubles=()) == Criteria(any_of=((2**50,),))
    assert [each.sentence for each in many.troubles] == [
        "1, 2, 110, 3 more are no tags’ numbers here; every archive has its own. Ask by name instead."
    ]


def test_what_is_no_filter_here_is_told():
    criteria = read("work_search[collection_ids][]=5&work_search[bookmarker]=ada&fbclid=x&work_search[sneaky]=")

    assert [each.sentence for each in criteria.troubles] == [
        "There are no collections here, so that filter was left out.",
        "“bookmarker” is no filter here, and was left out.",
    ]


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("words=many", "words_from", "“many” is no number"),
        ("words=50k-10k", "words_to", "both over 50,000 words and under 10,000"),
        ("kudos=<0", "kudos_count", "“<0” is no number"),
        ("updated=someday", "date_from", "“someday” is no date"),
        ("updated=2025..2024", "date_to", "2024-12-31 is before 2025-01-01"),
        ("updated=2023-02-29", "date_from", "“2023-02-29” is no date"),
        ("complete=maybe", "complete", "“maybe” is neither yes nor no"),
        ("complete=yes&status=abandoned", "status", "No work is both complete and “abandoned”"),
        ("single=yes&chapters=3", "chapters", "a single chapter"),
        ("status=lost", "status", "“lost” is none of the choices"),
        ("sort=shoe-size", "sort_column", "“shoe-size” is none of the choices"),
        ("direction=sideways", "", "“sideways” is none"),
        ("lang=<script>", "language_id", "“<script>” is no language’s code"),
        (f"with={FLUFF}&without={FLUFF}", "", "both asked for and shut out"),
    ],
)
def test_what_cannot_be_is_told_by_name_and_the_rest_applies(query, field, says):
    criteria = read(f"{query}&hits=7")

    assert criteria.hits == Span(7, 7)
    assert [each.field for each in criteria.troubles] == [field]
    assert says in criteria.troubles[0].sentence


def test_what_cannot_be_narrows_nothing():
    for query in ("words=50k-10k", "updated=2025..2024", "complete=yes&status=abandoned"):
        assert read(query).to_query() in {"", "complete=yes"}


def test_a_tag_is_asked_for_shut_out_or_neither_but_never_both():
    criteria = Criteria(include=(1, 2), exact=(1,), any_of=((1, 2), (1,)), page=4)

    assert criteria.excluding(1) == Criteria(include=(2,), any_of=((2,),), exclude=(1,))
    assert Criteria(include=(1, 2)).excluding(1).including(1) == Criteria(include=(2, 1))
    assert Criteria(include=(1, 2)).excluding(1).without_tag(1) == Criteria(include=(2,))
    assert criteria.including(1).page == 1


def test_the_best_match_needs_a_search():
    assert Criteria().order is Sort.REVISED
    assert Criteria(query="moon").order is Sort.BEST
    assert Criteria(sort=Sort.BEST).order is Sort.REVISED
    assert Criteria(sort=Sort.BEST, query="moon").order is Sort.BEST
    assert Criteria(sort=Sort.TITLE, query="moon").order is Sort.TITLE


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("way", ["asc", "desc"])
def test_ao3s_direction_is_the_lists_direction_whatever_the_sort(sort, way):
    criteria = ao3(query="moon", sort_column=sort.value, sort_direction=way)

    assert criteria.order is sort
    assert criteria.ascends == (way == "asc" and sort is not Sort.BEST)


def test_each_sort_has_a_word():
    assert set(SORT_WORDS.values()) == set(Sort)


def test_a_form_is_filled_with_what_an_address_says():
    criteria = read("words=10k-50k&updated=30d&complete=no&kudos=>9&part=season:4&sort=title&direction=desc&q=moon")
    fields = {name: value for name, value in criteria.fields().items() if value}

    assert fields == {
        "query": "moon",
        "complete": "F",
        "words_from": "10000",
        "words_to": "50000",
        "revised_at": "30d",
        "kudos_count": "10-",
        "placement_unit": "season",
        "placement_part": "4",
        "sort_column": "title_to_sort_on",
        "sort_direction": "desc",
    }


@given(drawn.filter(lambda each: not (each.is_single and each.chapters)))
def test_a_form_sent_back_as_it_was_filled_asks_for_the_same(criteria):
    criteria = settled(replace(criteria, published=Days(), updated=Days()))
    again = read(urlencode([(f"work_search[{name}]", value) for name, value in criteria.fields().items()]))

    for name in ("query", "complete", "is_single", "crossover", "words", "kudos", "hits", "language", "placement"):
        assert getattr(again, name) == getattr(criteria, name), name
    assert (again.order, again.ascends) == (criteria.order, criteria.ascends)


def test_only_so_many_tags_may_be_typed_and_the_rest_is_told():
    criteria = from_query({"work_search[other_tag_names]": [",".join(f"tag {number}" for number in range(99))]})

    assert len(criteria.other_include) == NAMES_READ
    assert [each.field for each in criteria.troubles] == ["other_tag_names"]


def test_five_thousand_of_anything_are_read_in_part_and_told_in_a_few_sentences():
    many = [f"name {each}" for each in range(2500)] + [str(2**50 + each) for each in range(2500)]
    ours = ["with", "without", "exact", "by", "not-by", "any", "series"]
    theirs = ["include_work_search[fandom_ids][]", "exclude_work_search[fandom_ids][]", "work_search[words_from]"]
    criteria = from_query(dict.fromkeys([*ours, *theirs], many))

    assert len(criteria.include) + len(criteria.other_include) == TAGS_READ
    assert len(criteria.exclude) + len(criteria.other_exclude) <= TAGS_READ
    assert len(criteria.creators) + len(criteria.other_creators) == NAMES_READ
    assert len(criteria.any_of) + len(criteria.other_any) == GROUPS_READ
    assert 0 < len(criteria.troubles) < 20
    assert len(criteria.to_query()) < 10_000


def test_a_filter_narrows_and_a_page_or_an_order_does_not():
    assert not Criteria(page=2, sort=Sort.TITLE, scope=3, seed=5, reverse=True, anyway=True).narrows
    assert Criteria(complete=False).narrows
