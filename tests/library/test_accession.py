"""Taking stories into the library and giving them back unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.makers import make_work, prose, put
from tests.manuscripts import make_manuscript, manuscripts, sample_pictures
from undying.exchange.sameness import told
from undying.kernel.ids import LIMIT, SMALLEST
from undying.library.actions import Result, Unfit, accession, withdraw
from undying.library.fields import ProseField
from undying.library.models import Chapter, Placement, Series, SeriesEntry, Tag, Work, WorkTag
from undying.manuscript import Audience, Manuscript, SeriesPlace, Source, Tagging, TagKind
from undying.manuscript import Chapter as StoryChapter
from undying.manuscript.codec import storable
from undying.people.models import Pseud

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(manuscripts())
def test_what_goes_in_comes_out(manuscript: Manuscript) -> None:
    manuscript = replace(_distinct(storable(manuscript)), source=Source(site="tests.example", key="same"))
    Work.objects.all().delete()
    Series.objects.all().delete()
    Pseud.objects.all().delete()
    try:
        work = put(manuscript)
    except Unfit:
        return
    assert told(work) == manuscript


def _distinct(manuscript: Manuscript) -> Manuscript:
    """Series titles, tags and names once each: the archive has a tag on a work, and a work in a series, once."""
    return replace(
        manuscript,
        taggings=tuple(dict.fromkeys(manuscript.taggings)),
        series=tuple(
            SeriesPlace(title=f"{number} {each.title}", position=each.position, summary=each.summary)
            for number, each in enumerate(manuscript.series)
        ),
        reviews=tuple(
            replace(each, chapter=min(each.chapter, len(manuscript.chapters))) for each in manuscript.reviews
        ),
        credits=tuple(replace(each, key=str(number)) for number, each in enumerate(manuscript.credits)),
        chapters=tuple(replace(each, credits=(), key=f"k{number}") for number, each in enumerate(manuscript.chapters)),
        pictures=tuple({each.sha256: each for each in manuscript.pictures}.values()),
    )


def test_an_equal_manuscript_changes_nothing() -> None:
    manuscript = sample_pictures()
    manuscript = replace(manuscript, source=Source(site="tests.example", key="1"))
    first = accession(manuscript)
    again = accession(manuscript)
    assert (first.result, again.result) == (Result.CREATED, Result.UNCHANGED)
    assert first.work == again.work


def test_a_revision_keeps_addresses_of_chapters_also_when_they_change_places() -> None:
    one, two, three = (StoryChapter(title=name, body=prose(name), key=name) for name in ("one", "two", "three"))
    source = Source(site="tests.example", key="1")
    work = put(make_manuscript(chapters=(one, two), source=source))
    before = dict(work.chapters.values_list("key", "pk"))
    put(make_manuscript(chapters=(three, two, one), source=source))
    after = dict(work.chapters.values_list("key", "pk"))
    assert {name: after[name] for name in ("one", "two")} == before
    assert list(work.chapters.in_order().values_list("key", flat=True)) == ["three", "two", "one"]
    put(make_manuscript(chapters=(two,), source=source))
    assert list(work.chapters.values_list("pk", flat=True)) == [before["two"]]


def test_a_work_keeps_the_audience_that_was_chosen_here() -> None:
    source = Source(site="tests.example", key="1")
    work = accession(make_manuscript(source=source), audience=Audience.MEMBERS).work
    Work.objects.filter(pk=work.pk).update(audience=Audience.EVERYONE)
    revised = accession(make_manuscript(source=source, title="New title"), audience=Audience.MEMBERS)
    assert (revised.result, revised.work.audience) == (Result.REVISED, Audience.EVERYONE)


@pytest.mark.parametrize(
    ("manuscript", "reason"),
    [
        (make_manuscript(title="  "), "title"),
        (make_manuscript(chapters=()), "text"),
        (make_manuscript(chapters=(StoryChapter(body=prose("")),)), "text"),
    ],
)
def test_a_story_without_title_or_text_is_refused(manuscript: Manuscript, reason: str) -> None:
    with pytest.raises(Unfit, match=reason):
        accession(manuscript)
    assert not Work.objects.exists()


def test_withdrawing_takes_along_what_only_that_work_held() -> None:
    shared = {TagKind.FANDOM: ["Dracula"]}
    series = (SeriesPlace(title="Nights", within=SeriesPlace(title="All")),)
    kept = make_work(tags=shared, author="ada")
    gone = make_work(tags={**shared, TagKind.CHARACTER: ["Renfield"]}, author="night_owl", series=series)
    withdraw(gone)
    assert list(Work.objects.all()) == [kept]
    assert list(Tag.objects.values_list("name", flat=True)) == ["Dracula"]
    assert list(Pseud.objects.values_list("name", flat=True)) == ["ada"]
    for table in (Series, SeriesEntry, Placement):
        assert not table.objects.exists()
    assert (Chapter.objects.count(), WorkTag.objects.count()) == (1, 1)


def test_series_that_claim_to_hold_each_other_do_not_make_a_ring() -> None:
    inner = SeriesPlace(title="A", key="a", within=SeriesPlace(title="B", key="b"))
    outer = SeriesPlace(title="B", key="b", within=SeriesPlace(title="A", key="a"))
    make_work(series=(inner,))
    make_work(series=(outer,))
    assert [series.within for series in Series.objects.filter(key="b")] == [None]


def test_tags_stay_in_the_authors_order_and_spelling() -> None:
    names = ["zeta", "Alpha", "alpha", "μ"]
    work = make_work(tags={TagKind.ADDITIONAL: names})
    assert [tag.name for tag in work.tags(TagKind.ADDITIONAL)] == names


@pytest.mark.parametrize(
    ("rating", "is_adult"),
    [
        ("Explicit", True),
        ("Mature", True),
        ("Not Rated", True),
        ("NC-17 (slash)", True),
        ("Teen And Up Audiences", False),
        ("PG", False),
        (None, False),
    ],
)
def test_which_works_ask_first(rating: str | None, is_adult: bool) -> None:
    taggings = (Tagging(kind=TagKind.RATING, name=rating),) if rating else ()
    assert put(make_manuscript(taggings=taggings)).is_adult is is_adult


def test_public_ids_are_random_and_of_use_to_every_tool() -> None:
    numbers = [make_work().pk for _ in range(5)] + list(Chapter.objects.values_list("pk", flat=True))
    assert all(SMALLEST <= number < LIMIT for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert sorted(numbers) != numbers


def test_the_prose_column_takes_nothing_that_was_not_cleaned() -> None:
    with pytest.raises(TypeError, match="Prose"):
        Work(title="x", summary="<script>").save()  # type: ignore[misc]  # the point of the test
    assert isinstance(Work._meta.get_field("summary"), ProseField)


def test_what_its_source_has_locked_since_is_locked_here_too() -> None:
    source = Source(site="tests.example", key="1")
    work = accession(make_manuscript(source=source)).work
    assert accession(make_manuscript(source=source, audience=Audience.MEMBERS)).work.audience == Audience.MEMBERS
    Work.objects.filter(pk=work.pk).update(audience=Audience.EVERYONE)
    again = accession(make_manuscript(source=source, audience=Audience.MEMBERS, title="New")).work
    assert again.audience == Audience.EVERYONE, "the archivist opened it after it was locked"


def test_titles_of_series_and_names_may_be_long_in_every_script() -> None:
    make_work(series=(SeriesPlace(title="夜" * 990),), author="夜" * 250)
    make_work(series=(SeriesPlace(title="夜" * 990),), author="夜" * 250)
    assert (Series.objects.count(), Pseud.objects.count()) == (1, 1)
