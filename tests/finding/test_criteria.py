"""The filter form as a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.finding.criteria import (
    BIGGEST,
    DEEPEST_PAGE,
    NAMES_READ,
    TAG_FIELDS,
    Criteria,
    Crossover,
    PlacementFilter,
    Sort,
    from_query,
)
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind

typed = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30).map(str.strip)
names = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0,，、"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool),
    max_size=3,
    unique=True,
).map(tuple)
numbers = st.none() | st.integers(0, BIGGEST)
tag_ids = st.lists(st.integers(0, BIGGEST), max_size=4, unique=True).map(tuple)
days = st.none() | st.dates()
criterias = st.builds(
    Criteria,
    query=typed,
    include=tag_ids,
    exclude=tag_ids,
    other_include=names,
    other_exclude=names,
    scope=st.none() | st.integers(1, 9),
    complete=st.none() | st.booleans(),
    status=st.sampled_from(["", *Status]),
    crossover=st.sampled_from(Crossover),
    words_from=numbers,
    words_to=numbers,
    date_from=days,
    date_to=days,
    language=typed,
    placement=st.builds(
        PlacementFilter,
        unit=typed,
        part=typed,
        relation=st.sampled_from(["", *PlacementRelation]),
        divergence=st.sampled_from(Divergence),
        episode=typed,
    ),
    sort=st.none() | st.sampled_from(Sort),
    page=st.integers(1, DEEPEST_PAGE),
)


def read(query: str, scope: int | None = None) -> Criteria:
    return from_query(parse_qs(query, keep_blank_values=True, max_num_fields=500), scope=scope)


def settled(criteria: Criteria) -> Criteria:
    """The ids of a query string come kind by kind, so their order is free."""
    return replace(
        criteria, include=tuple(sorted(criteria.include)), exclude=tuple(sorted(criteria.exclude)), troubles=()
    )


@given(criterias, st.dictionaries(st.integers(0, BIGGEST), st.sampled_from(TagKind), max_size=3))
def test_what_is_written_into_a_query_string_is_read_out_of_it(criteria, kinds):
    kinds |= dict.fromkeys(criteria.include[:2], TagKind.FANDOM)

    assert settled(read(criteria.to_query(kinds), scope=criteria.scope)) == settled(criteria)


@given(criterias)
def test_an_address_written_again_is_the_same_address(criteria):
    once = read(criteria.to_query()).to_query()

    assert read(once).to_query() == once


fields = st.sampled_from(
    [
        "query",
        "complete",
        "status",
        "crossover",
        "words_from",
        "words_to",
        "date_from",
        "language_id",
        "placement_relation",
        "sort_column",
        "other_tag_names",
    ]
).map("work_search[{}]".format) | st.sampled_from(
    ["page", "include_work_search[fandom_ids][]", "exclude_work_search[rating_ids]", "whatever", ""]
)


@given(st.dictionaries(fields, st.lists(st.text(max_size=40), max_size=3), max_size=6))
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

    assert (criteria.words_from, criteria.include, criteria.page) == (None, (), 1)
    assert [each.field for each in criteria.troubles] == ["", "words_from"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10000", 10_000),
        ("10,000", 10_000),
        ("10.000", 10_000),
        ("1 000 000", 1_000_000),
        ("0", 0),
        ("1.5", None),
        ("10k", None),
        ("-5", None),
        ("٣", None),
        ("1,00", None),
    ],
)
def test_numbers_may_be_grouped_and_nothing_is_guessed(written, number):
    criteria = from_query({"work_search[words_from]": [written]})

    assert criteria.words_from == number
    assert [each.field for each in criteria.troubles] == ([] if number is not None else ["words_from"])


def test_each_tag_goes_under_ao3s_name_for_its_kind():
    query = Criteria(include=(1, 2), exclude=(3,)).to_query({1: TagKind.FANDOM, 2: TagKind.RATING, 3: TagKind.WARNING})

    assert parse_qs(query) == {
        "include_work_search[fandom_ids][]": ["1"],
        "include_work_search[rating_ids][]": ["2"],
        "exclude_work_search[archive_warning_ids][]": ["3"],
    }
    assert set(TAG_FIELDS) == set(TagKind)


def test_what_ao3_writes_is_read():
    criteria = read(
        "work_search%5Bsort_column%5D=word_count&include_work_search%5Bfandom_ids%5D%5B%5D=414093"
        "&include_work_search%5Bfreeform_ids%5D%5B%5D=110&exclude_work_search%5Barchive_warning_ids%5D%5B%5D=14"
        "&work_search%5Bother_tag_names%5D=Slow+Burn%2CFluff&work_search%5Bcrossover%5D=F&work_search%5Bcomplete%5D=T"
        "&work_search%5Bwords_from%5D=1000&work_search%5Bdate_to%5D=2024-01-31&work_search%5Blanguage_id%5D=de"
        "&commit=Sort+and+Filter&page=3"
    )

    assert criteria == Criteria(
        sort=Sort.WORDS,
        include=(414093, 110),
        exclude=(14,),
        other_include=("Slow Burn", "Fluff"),
        crossover=Crossover.NONE,
        complete=True,
        words_from=1000,
        date_to=date(2024, 1, 31),
        language="de",
        page=3,
    )


def test_a_tag_is_asked_for_shut_out_or_neither_but_never_both():
    criteria = Criteria(include=(1, 2), page=4)

    assert criteria.excluding(1) == Criteria(include=(2,), exclude=(1,))
    assert criteria.excluding(1).including(1) == Criteria(include=(2, 1))
    assert criteria.excluding(1).without_tag(1) == Criteria(include=(2,))
    assert criteria.including(1).page == 1


def test_the_best_match_needs_a_search():
    assert Criteria().order is Sort.REVISED
    assert Criteria(query="moon").order is Sort.BEST
    assert Criteria(sort=Sort.BEST).order is Sort.REVISED
    assert Criteria(sort=Sort.BEST, query="moon").order is Sort.BEST
    assert Criteria(sort=Sort.TITLE, query="moon").order is Sort.TITLE


def test_only_so_many_tags_may_be_typed_and_the_rest_is_told():
    criteria = from_query({"work_search[other_tag_names]": [",".join(f"tag {number}" for number in range(99))]})

    assert len(criteria.other_include) == NAMES_READ
    assert [each.field for each in criteria.troubles] == ["other_tag_names"]


def test_a_filter_narrows_and_a_page_or_an_order_does_not():
    assert not Criteria(page=2, sort=Sort.TITLE, scope=3).narrows
    assert Criteria(complete=False).narrows
