"""Reviews that came with imported works."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work, prose
from undying.community import access
from undying.community.access import as_told, reviews_for
from undying.community.actions import receive_reviews
from undying.library.access import whole_text_for
from undying.manuscript import Chapter, Review, State
from undying.people.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

ON_THE_WORK = Review(name="Rey", body=prose("Lovely."), posted=datetime(2006, 3, 12, 16, tzinfo=UTC))
ON_A_CHAPTER = Review(
    name="Sam",
    body=prose("More!"),
    chapter=2,
    score=9,
    scale="1-10",
    response=prose("Soon."),
    key="4",
    reviewer_key="7",
)


def test_reviews_come_back_as_they_were_told_in_their_order() -> None:
    work = make_work(chapters=2, reviews=(ON_A_CHAPTER, ON_THE_WORK))
    reviews, chapters = reviews_for(Viewer.anyone(), work), whole_text_for(Viewer.anyone(), work)
    assert as_told(reviews, chapters) == (ON_A_CHAPTER, ON_THE_WORK)


def test_receiving_them_again_leaves_each_once() -> None:
    work = make_work(chapters=2, reviews=(ON_THE_WORK,))
    receive_reviews(work, (ON_THE_WORK, ON_A_CHAPTER))
    assert len(reviews_for(Viewer.anyone(), work)) == 2


def test_a_review_of_a_draft_chapter_is_as_secret_as_the_chapter(cast: Cast) -> None:
    chapters = (Chapter(body=prose("one")), Chapter(body=prose("two"), state=State.DRAFT))
    work = make_work(chapters=chapters, reviews=(ON_THE_WORK, ON_A_CHAPTER), owner=cast.ada)
    assert [each.name for each in reviews_for(viewer(cast.rey), work)] == ["Rey"]
    assert [each.name for each in reviews_for(viewer(cast.ada), work)] == ["Rey", "Sam"]


def test_a_thousand_answers_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    work = make_work(
        reviews=tuple(replace(ON_THE_WORK, key=str(each), answers=str(each - 1)) for each in range(1, 200))
    )
    calls: list[int] = []
    looked = access.answers_to
    monkeypatch.setattr(access, "answers_to", lambda *given: calls.append(1) or looked(*given))
    assert len(reviews_for(Viewer.anyone(), work)) == 199
    assert calls == [1]
