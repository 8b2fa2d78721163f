"""Typing a filter into the search box ticks its box in the form."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.makers import make_work
from undying.finding import engine
from undying.finding.criteria import Criteria, Crossover, Days, PlacementFilter, Span
from undying.finding.question import Sort
from undying.kernel import clock
from undying.library.models import Series, Tag
from undying.manuscript import Audience, Credit, SeriesPlace, Status, TagKind
from undying.people.models import Pseud
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()


def number(name: str, kind: TagKind | None = None) -> int:
    return Tag.objects.get(name=name, **({"kind": kind} if kind else {})).pk


def read(query: str, **wanted) -> Criteria:
    """What the form has after somebody typed this."""
    return engine.find(Criteria(query=query, **wanted), GUEST).criteria


def found(query: str, **wanted) -> set[str]:
    return {work.title for work in engine.find(Criteria(query=query, **wanted), GUEST).works}


@pytest.fixture
def works(home, db):
    make_work("One", text="A lamp.", tags={TagKind.FANDOM: ["Dracula (1931)"], TagKind.ADDITIONAL: ["Slow Burn"]})
    make_work("Two", text="A lamp.", tags={TagKind.FANDOM: ["Dracula (1992)"]}, credits=(Credit(name="Ann"),))
    make_work(
        "Three",
        text="The sea.",
        tags={TagKind.FANDOM: ["Carmilla"]},
        credits=(Credit(name="Bea"),),
        series=(SeriesPlace(title="Nights", position=1, key="n"),),
        status=Status.COMPLETE,
    )


@pytest.mark.usefixtures("works")
def test_tags_that_were_typed_are_ticked_and_leave_the_box():
    carmilla, slow = number("Carmilla"), number("Slow Burn")
    both = (number("Dracula (1931)"), number("Dracula (1992)"))

    assert read("fandom:carmilla") == Criteria(include=(carmilla,))
    assert read("sea fandom:carmilla lamp") == Criteria(query="sea lamp", include=(carmilla,))
    assert read('-tag:"slow burn" lamp') == Criteria(query="lamp", exclude=(slow,))
    assert read("fandom:=carmilla") == Criteria(include=(carmilla,), exact=(carmilla,))
    assert read(f"tag:#{slow}") == Criteria(include=(slow,))
    assert sorted(read("fandom:dracula").any_of[0]) == sorted(both)
    assert read("fandom:carmilla", include=(slow,)) == Criteria(include=(slow, carmilla))


@pytest.mark.usefixtures("works")
def test_every_filter_of_the_form_can_be_typed():
    ann, nights = Pseud.objects.get(name="Ann").pk, Series.objects.get(title="Nights").pk

    for query, wanted in {
        "by:ann": Criteria(creators=(ann,)),
        "by:ann,stranger": Criteria(creators=(ann,), other_creators=("stranger",)),
        "-by:ann": Criteria(not_creators=(ann,)),
        "series:nights": Criteria(series=nights),
        "complete:yes": Criteria(complete=True),
        "complete:no": Criteria(complete=False),
        "status:abandoned": Criteria(status="abandoned"),
        "crossover:no": Criteria(crossover=Crossover.NONE),
        "lang:fr": Criteria(language="fr"),
        "words:>10k": Criteria(words=Span(low=10_001)),
        "words:5k-20k": Criteria(words=Span(5_000, 20_000)),
        "chapters:1": Criteria(chapters=Span(1, 1)),
        "kudos:>=5": Criteria(kudos=Span(low=5)),
        "comments:0": Criteria(comments=Span(0, 0)),
        "bookmarks:<3": Criteria(bookmarks=Span(high=2)),
        "hits:<=3": Criteria(hits=Span(high=3)),
        "updated:<30d": Criteria(updated=Days(last_days=30)),
        "posted:2020-05": Criteria(published=Days(date(2020, 5, 1), date(2020, 5, 31))),
        "updated:>2020-05-01": Criteria(updated=Days(first=date(2020, 5, 2))),
        "season:4": Criteria(placement=PlacementFilter(part="4")),
        "book:2": Criteria(placement=PlacementFilter(unit="book", part="2")),
        'after:"Wild at Heart"': Criteria(placement=PlacementFilter(relation="after", episode="Wild at Heart")),
        "canon:au": Criteria(placement=PlacementFilter(divergence="alternate-universe")),
        "sort:kudos": Criteria(sort=Sort.KUDOS),
        "sort:words-reversed": Criteria(sort=Sort.WORDS, reverse=True),
    }.items():
        assert read(query) == wanted, query
        assert read(f"moon {query}").query == "moon", query
        assert read(Criteria(query=query).query) == read(query)


@pytest.mark.usefixtures("works")
def test_a_filter_finds_the_same_in_the_box_and_in_the_form():
    for query in (
        "fandom:dracula",
        "-fandom:dracula",
        "fandom:dracula lamp",
        "by:ann",
        "-by:ann",
        "by:bea complete:yes",
        "series:nights",
        "complete:no words:<100",
        "updated:<1y",
        "fandom:nonsense",
    ):
        listing = engine.find(Criteria(query=query), GUEST)
        boxed = found(f"({query} zzz) OR ({query})")
        assert {work.title for work in listing.works} == boxed, query
        assert {work.title for work in engine.find(listing.criteria, GUEST).works} == boxed, query


@pytest.mark.usefixtures("works")
@pytest.mark.parametrize(
    "query",
    [
        "fandom:carmilla OR lamp",
        "fandom:carmilla OR complete:yes",
        "(fandom:carmilla lamp) OR sea",
        "-(fandom:carmilla lamp)",
        "-words:>10",
        "-lang:fr",
        "status:abandoned,hiatus",
        "work:#5",
        "title:lamp",
        "in:title lamp",
    ],
)
def test_what_the_form_has_no_room_for_stays_in_the_box(query):
    assert read(query) == Criteria(query=query)


@pytest.mark.usefixtures("works")
def test_a_second_filter_of_a_kind_that_the_form_has_once_stays_in_the_box():
    ann = Pseud.objects.get(name="Ann").pk

    assert read("by:ann by:bea") == Criteria(query="by:bea", creators=(ann,))
    assert found("by:ann by:bea") == set()
    assert read("words:>5 words:<20") == Criteria(query="words:<20", words=Span(low=6))
    assert read("lang:fr", language="de") == Criteria(query="lang:fr", language="de")
    assert read("complete:yes status:abandoned") == Criteria(query="status:abandoned", complete=True)
    carmilla = number("Carmilla")
    assert read("fandom:carmilla -fandom:carmilla") == Criteria(query="-fandom:carmilla", include=(carmilla,))


@pytest.mark.usefixtures("works")
def test_an_unknown_name_becomes_a_chip_and_is_told_once_with_what_was_meant():
    listing = engine.find(Criteria(query="lamp fandom:carmila"), GUEST)

    assert listing.criteria == Criteria(query="lamp", other_include=("fandom:carmila",))
    assert [each.sentence for each in listing.troubles] == ["No work here carries the fandom “carmila”."]
    assert [tag.name for tag in listing.instead["fandom:carmila"]] == ["Carmilla"]


def test_a_name_that_only_secret_works_carry_is_as_unknown_as_nonsense():
    make_work("Closed", tags={TagKind.FANDOM: ["Varney"]}, audience=Audience.MEMBERS, author="Ada", series=())

    for query in ("fandom:Varney", "by:Ada", "-fandom:Varney", "fandom:Varney OR moon"):
        secret = engine.find(Criteria(query=query), GUEST)
        nonsense = engine.find(Criteria(query=query.replace("Varney", "Qwxyz").replace("Ada", "Qwxyz")), GUEST)
        assert str(secret).replace("Varney", "Qwxyz").replace("Ada", "Qwxyz") == str(nonsense)


def test_what_is_wrong_in_the_box_is_told_though_the_rest_was_taken(works):
    listing = engine.find(Criteria(query='fandom:carmilla words:many "sea'), GUEST)

    assert listing.criteria.include == (number("Carmilla"),)
    assert "“many” is no number" in listing.troubles[0].sentence
    assert "A quotation mark has no second one." in listing.troubles[1].sentence


def test_the_last_so_many_days_stay_so_and_are_no_moment(works, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 1, tzinfo=UTC))

    assert read("updated:<2w").to_query() == "updated=14d"


def test_hundreds_of_names_are_answered(works):
    listing = engine.find(Criteria(query=" ".join(f"tag:t{each}" for each in range(150))), GUEST)

    assert listing.total == 0
    assert len(listing.criteria.other_include) <= 40
