"""Who may read what: said once as a query, once more in every search back end; this holds the two together."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work, prose
from tests.manuscripts import make_picture
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel.errors import NotVisible
from undying.library import access, actions, manuscripts
from undying.library.models import Chapter, Series, Tag, Work
from undying.manuscript import Audience, Credit, Picture, Prose, RawHtml, SeriesPlace, State, TagKind
from undying.manuscript import Chapter as StoryChapter
from undying.manuscript.clean import clean
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

STATES = list(product(State, Audience, [False, True], [False, True]))


def viewers(cast: Cast) -> dict[str, Viewer]:
    return {
        "guest": Viewer.anyone(),
        "operator": Viewer.operator(),
        **{name: viewer(getattr(cast, name)) for name in ("ada", "rey", "mo", "ari")},
    }


def titles(works: Iterable[Work]) -> set[str]:
    return {work.title for work in works}


@pytest.fixture
def every_state(cast: Cast) -> None:
    for state, audience, hidden, is_adas in STATES:
        make_work(
            f"{state} {audience} {'hidden' if hidden else 'shown'} {'ada' if is_adas else 'other'}",
            state=state,
            audience=audience,
            hidden=hidden,
            owner=cast.ada if is_adas else None,
        )


@pytest.mark.usefixtures("every_state")
def test_the_rule_for_every_state_and_viewer(cast: Cast) -> None:
    def may(who: str, state: str, audience: str, hidden: bool, is_adas: bool) -> bool:
        if who in {"operator", "ari"} or (who == "ada" and is_adas):
            return True
        shown = state == State.POSTED and (not hidden or who == "mo")
        return shown and (audience == Audience.EVERYONE or (audience == Audience.MEMBERS and who != "guest"))

    for name, each in viewers(cast).items():
        expected = {
            f"{state} {audience} {'hidden' if hidden else 'shown'} {'ada' if is_adas else 'other'}"
            for state, audience, hidden, is_adas in STATES
            if may(name, state, audience, hidden, is_adas)
        }
        assert titles(Work.objects.visible_to(each)) == expected, name


@pytest.mark.usefixtures("every_state")
def test_search_finds_and_counts_exactly_what_the_rule_allows(cast: Cast) -> None:
    # The makers put ownership and hiding behind the ledger's back; the index must see them as the database does.
    indexer.rebuild()
    for name, each in viewers(cast).items():
        found = engine.find(Criteria(), each, size=100)
        assert titles(found.works) == titles(Work.objects.visible_to(each)), name
        assert found.total == len(found.works), name


def test_what_changed_since_the_index_saw_it_is_out_of_sight_and_not_counted() -> None:
    work = make_work(tags={TagKind.FANDOM: ["Dracula"]})
    actions.set_hidden(work, hidden=True)
    found = engine.find(Criteria(), Viewer.anyone())
    assert (found.total, list(found.works), list(found.facets[TagKind.FANDOM])) == (0, [], [])


def test_absent_and_forbidden_are_the_same_refusal(cast: Cast) -> None:
    secret = make_work(state=State.DRAFT)
    refusals = []
    for number in (secret.pk, secret.pk + 1, 2**63, 2**70, 0):
        with pytest.raises(NotVisible) as refused:
            access.work_for(viewer(cast.rey), number)
        refusals.append(str(refused.value))
    assert len(set(refusals)) == 1
    for ask in (
        lambda: access.chapter_for(viewer(cast.rey), secret.chapters.get().pk),
        lambda: access.series_for(viewer(cast.rey), 12),
        lambda: access.tag_for(viewer(cast.rey), "nothing"),
        lambda: access.pseud_for(viewer(cast.rey), "nobody"),
    ):
        with pytest.raises(NotVisible):
            ask()


def test_a_draft_chapter_is_its_creators_alone(cast: Cast) -> None:
    work = make_work(owner=cast.ada)
    draft = Chapter.objects.create(work=work, position=2, body=prose("secret"), state=State.DRAFT, words=1)
    assert len(access.chapters_for(viewer(cast.ada), work)) == 2
    for each in (Viewer.anyone(), viewer(cast.rey)):
        assert [chapter.position for chapter in access.whole_text_for(each, work)] == [1]
        with pytest.raises(NotVisible):
            access.chapter_for(each, draft.pk)


def test_a_tag_series_or_pen_name_used_only_in_secret_is_a_secret(cast: Cast) -> None:
    work = make_work(
        tags={TagKind.ADDITIONAL: ["Moonlit Secret"]},
        series=(SeriesPlace(title="Secret Nights", position=1, within=SeriesPlace(title="All Nights", position=1)),),
        author="night_owl",
        audience=Audience.MEMBERS,
    )
    pseud = work.byline[0].pseud
    inner, outer = Series.objects.get(title="Secret Nights"), Series.objects.get(title="All Nights")
    asks = (
        lambda each: access.tag_for(each, "Moonlit Secret"),
        lambda each: access.series_for(each, inner.pk),
        lambda each: access.series_for(each, outer.pk),
        lambda each: access.pseud_for(each, pseud.handle, "night_owl"),
    )
    for ask in asks:
        ask(viewer(cast.rey))
        with pytest.raises(NotVisible):
            ask(Viewer.anyone())
    assert not Tag.objects.by_size(Viewer.anyone()).exists()


def test_a_pen_name_and_an_account_of_the_same_name_are_two(cast: Cast) -> None:
    imported = make_work(author="ada").byline[0].pseud
    own = make_work("Her own", owner=cast.ada, credits=(Credit(name="someone"),)).byline[0].pseud
    assert access.pseud_for(Viewer.anyone(), imported.handle) == imported
    assert access.pseud_for(Viewer.anyone(), "ada") == own
    assert imported.handle != own.handle


def test_words_and_chapters_count_what_is_posted() -> None:
    work = make_work(
        chapters=(
            StoryChapter(body=prose("one two three")),
            StoryChapter(body=prose("four five"), state=State.DRAFT),
        )
    )
    assert (work.words, work.chapter_count) == (3, 1)


def showing(picture: Picture) -> Prose:
    return clean(RawHtml(f'<p>Look: <img src="picture:{picture.sha256}" alt="a"></p>'))


def test_a_picture_that_only_a_draft_chapter_shows_is_as_secret_as_the_chapter(cast: Cast) -> None:
    shown, secret = make_picture(1), make_picture(2)
    work = make_work(
        chapters=(
            StoryChapter(body=clean(RawHtml(f'<p>a <img src="picture:{shown.sha256}" alt="a"></p>'))),
            StoryChapter(
                body=clean(RawHtml(f'<p>b <img src="picture:{secret.sha256}" alt="b"></p>')), state=State.DRAFT
            ),
        ),
        pictures=(shown, secret),
        owner=cast.ada,
    )
    for each, pictures in ((Viewer.anyone(), {shown.sha256}), (viewer(cast.ada), {shown.sha256, secret.sha256})):
        told = manuscripts.of(work, access.whole_text_for(each, work))
        assert {picture.sha256 for picture in told.pictures} == pictures
    access.picture_for(Viewer.anyone(), work, shown.sha256)
    with pytest.raises(NotVisible):
        access.picture_for(Viewer.anyone(), work, secret.sha256)


def test_a_series_around_one_is_named_only_to_those_who_may_see_it(cast: Cast) -> None:
    place = SeriesPlace(title="Nights", position=1, within=SeriesPlace(title="All Nights", position=1))
    make_work(series=(place,), hidden=True)
    inner = Series.objects.get(title="Nights")
    assert access.outer_of(Viewer.anyone(), inner) is None
    assert access.outer_of(viewer(cast.mo), inner) == Series.objects.get(title="All Nights")
