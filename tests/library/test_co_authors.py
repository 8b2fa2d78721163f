"""Asking another member to be a creator too: what each of them may, and what is refused in words."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer
from tests.library.test_writing import TEXT, WHOLE
from tests.makers import make_work
from undying.exchange import leaving
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel.errors import NotVisible
from undying.library import access, authorship, co_authors, writing
from undying.library.co_authors import NotAsked
from undying.library.models import Creatorship, Work
from undying.manuscript import State
from undying.people.actions import prefer
from undying.people.models import Pseud
from undying.people.viewer import Preferences, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def draft(cast: Cast) -> Work:
    return writing.start(viewer(cast.ada), WHOLE, TEXT, state=State.DRAFT)


def reys(cast: Cast) -> Pseud:
    return cast.rey.pseuds.get(name="rey")


def test_who_accepts_is_a_creator_who_can_change_it(cast: Cast) -> None:
    ada, rey, work = viewer(cast.ada), viewer(cast.rey), draft(cast)
    row = co_authors.invite(ada, work, reys(cast).pk)
    with pytest.raises(NotVisible):
        access.work_for(rey, work.pk)
    assert [each.work for each in co_authors.asked_of(rey)] == [work]

    co_authors.accept(rey, row.pk, reys(cast).pk)
    assert [each.pseud.name for each in access.work_for(rey, work.pk).byline] == ["ada", "rey"]
    assert not co_authors.asked_of(rey).exists()
    writing.post(rey, work)
    indexer.drain_if_free()
    assert engine.find(Criteria(query="by:rey"), Viewer.anyone()).total == 1
    leaving.step_down(cast.ada, work)
    with pytest.raises(leaving.NobodyElse):
        leaving.step_down(cast.rey, work)


def test_she_answers_with_whichever_pen_name_of_hers(cast: Cast) -> None:
    work, moth = draft(cast), Pseud.objects.create(user=cast.rey, name="Moth")
    row = co_authors.invite(viewer(cast.ada), work, reys(cast).pk)
    with pytest.raises(NotVisible):
        co_authors.accept(viewer(cast.rey), row.pk, cast.ada.pseuds.get().pk)
    co_authors.accept(viewer(cast.rey), row.pk, moth.pk)
    assert list(work.creatorships.values_list("pseud__name", flat=True)) == ["ada", "Moth"]


def test_a_chapters_creator_changes_that_chapter_alone(cast: Cast) -> None:
    ada, rey = viewer(cast.ada), viewer(cast.rey)
    work = writing.start(ada, WHOLE, TEXT, TEXT, state=State.POSTED)
    first, second = work.chapters.in_order()
    row = co_authors.invite(ada, work, reys(cast).pk, second)
    with pytest.raises(NotVisible):
        writing.save_chapter(rey, second, TEXT)
    co_authors.accept(rey, row.pk, reys(cast).pk)

    assert Creatorship.objects.get(chapter=second).pseud == reys(cast)
    writing.save_chapter(rey, authorship.chapter_to_write(rey, work, second.pk), TEXT)
    for refused in (
        lambda: writing.save_chapter(rey, first, TEXT),
        lambda: authorship.chapter_to_write(rey, work, first.pk),
        lambda: writing.work_to_write(rey, work.pk),
        lambda: writing.delete_chapter(rey, second),
    ):
        with pytest.raises(NotVisible):
            refused()


def test_what_cannot_be_asked_is_refused_in_words(cast: Cast) -> None:
    ada, work = viewer(cast.ada), draft(cast)
    for number, sentence in ((cast.ada.pseuds.get().pk, "your own name"),):
        with pytest.raises(NotAsked, match=sentence):
            co_authors.invite(ada, work, number)
    row = co_authors.invite(ada, work, reys(cast).pk)
    with pytest.raises(NotAsked, match="invited already"):
        co_authors.invite(ada, work, reys(cast).pk)
    co_authors.refuse(viewer(cast.rey), row.pk)
    with pytest.raises(NotAsked, match="has said no"):
        co_authors.invite(ada, work, reys(cast).pk)
    assert [each.refused is not None for each in co_authors.invited_to(work)] == [True]
    other = draft(cast)
    co_authors.accept(viewer(cast.rey), co_authors.invite(ada, other, reys(cast).pk).pk, reys(cast).pk)
    with pytest.raises(NotAsked, match="among the creators"):
        co_authors.invite(ada, other, reys(cast).pk)
    prefer(cast.mo, Preferences(no_invitations=True))
    with pytest.raises(NotAsked, match="takes no invitations"):
        co_authors.invite(ada, work, cast.mo.pseuds.get().pk)


def test_no_more_wait_than_there_is_room_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(co_authors, "MOST_OPEN", 1)
    ada, work = viewer(cast.ada), draft(cast)
    row = co_authors.invite(ada, work, reys(cast).pk)
    with pytest.raises(NotAsked, match="1 invitations to this work wait"):
        co_authors.invite(ada, work, cast.mo.pseuds.get().pk)
    co_authors.withdraw(ada, work, row.pk)
    assert not co_authors.asked_of(viewer(cast.rey)).exists()
    co_authors.invite(ada, work, cast.mo.pseuds.get().pk)


def test_an_invitation_falls_with_her_who_asked_and_with_the_work(cast: Cast) -> None:
    ada, rey, work = viewer(cast.ada), viewer(cast.rey), draft(cast)
    row = co_authors.invite(ada, work, reys(cast).pk)
    writing.delete_work(ada, work)
    with pytest.raises(NotVisible):
        co_authors.accept(rey, row.pk, reys(cast).pk)
    writing.bring_back(ada, work)
    assert co_authors.asked_of(rey).exists()
    co_authors.stand_beside(work, cast.mo.pseuds.get())
    leaving.step_down(cast.ada, work)
    with pytest.raises(NotVisible):
        co_authors.accept(rey, row.pk, reys(cast).pk)
    assert co_authors.invite(viewer(cast.mo), work, reys(cast).pk).by == cast.mo.pseuds.get()


def test_only_she_who_is_asked_answers_and_only_creators_ask(cast: Cast) -> None:
    work = draft(cast)
    row = co_authors.invite(viewer(cast.ada), work, reys(cast).pk)
    for who in (viewer(cast.mo), viewer(cast.ari), viewer(cast.ada), Viewer.anyone()):
        with pytest.raises(NotVisible):
            co_authors.accept(who, row.pk, reys(cast).pk)
        with pytest.raises(NotVisible):
            co_authors.refuse(who, row.pk)
    for who in (viewer(cast.rey), viewer(cast.ari), Viewer.anyone()):
        with pytest.raises(NotVisible):
            co_authors.invite(who, work, cast.mo.pseuds.get().pk)
        with pytest.raises(NotVisible):
            co_authors.withdraw(who, work, row.pk)


def test_names_that_nobody_can_come_across_are_neither_offered_nor_taken(cast: Cast) -> None:
    ada, work = viewer(cast.ada), draft(cast)
    alone = Pseud.objects.create(user=cast.rey, name="Moth")
    closed = cast.sam.pseuds.get()
    assert [each.name for each in co_authors.like(ada, "re")] == ["rey"]
    for typed in ("Moth", "sam", "ada", "", " ", "\0"):
        assert co_authors.like(ada, typed) == [], typed
    for number in (alone.pk, closed.pk, 12345):
        with pytest.raises(NotVisible):
            co_authors.invite(ada, work, number)

    hidden = make_work("Hidden", hidden=True)
    Creatorship.objects.filter(work=hidden).update(pseud=alone)
    assert co_authors.like(ada, "Moth") == []
    Work.objects.filter(pk=hidden.pk).update(is_hidden=False)
    assert co_authors.like(ada, "moth") == [alone]
    co_authors.invite(ada, work, alone.pk)


def test_another_name_of_somebody_who_was_asked_can_be_asked_too(cast: Cast) -> None:
    """A refusal would tell that both names are hers."""
    ada, work, moth = viewer(cast.ada), draft(cast), Pseud.objects.create(user=cast.rey, name="Moth")
    Creatorship.objects.filter(work=make_work("By night")).update(pseud=moth)
    row = co_authors.invite(ada, work, reys(cast).pk)
    other = co_authors.invite(ada, work, moth.pk)
    co_authors.refuse(viewer(cast.rey), row.pk)
    assert list(co_authors.asked_of(viewer(cast.rey))) == [other]
