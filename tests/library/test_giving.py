"""Works that are given to somebody: who is meant by a name, and what she can say to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import Cast, viewer
from tests.library.test_writing import TEXT, WHOLE
from undying.kernel.errors import NotVisible
from undying.library import giving, pen_names, writing
from undying.library.models import Gift, Work
from undying.library.pen_names import PenName
from undying.library.writing import Unfinished
from undying.manuscript import State
from undying.people.actions import prefer
from undying.people.models import Pseud
from undying.people.viewer import Preferences, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def given(cast: Cast, *names: str, state: State = State.POSTED) -> Work:
    return writing.start(viewer(cast.ada), replace(WHOLE, gifts=names), TEXT, state=state)


def save(cast: Cast, work: Work, *names: str) -> None:
    work.refresh_from_db()
    writing.save_work(viewer(cast.ada), work, replace(writing.fields_of(work), gifts=names))


def meant(cast: Cast, *names: str) -> dict[str, str]:
    return {name: str(pseud.user) for name, pseud in giving.meant(viewer(cast.ada), names).items()}


def test_a_name_means_a_member_where_it_is_the_only_one_that_anybody_can_come_across(cast: Cast) -> None:
    assert cast.rey
    Pseud.objects.create(user=cast.mo, name="Moth", is_linked=True)
    Pseud.objects.create(user=cast.rey, name="Nobody Knows")
    assert cast.sam
    assert meant(cast, "REY", "Moth", "Nobody Knows", "sam", "Lucy") == {"REY": "rey", "Moth": "moderator_mo"}
    Pseud.objects.create(user=cast.rey, name="Moth", is_linked=True)
    assert meant(cast, "Moth", "Moth (rey)", "moth (moderator_mo)", "Moth (ada)") == {
        "Moth (rey)": "rey",
        "moth (moderator_mo)": "moderator_mo",
    }


def test_a_gift_is_found_by_who_may_read_the_work_and_refused_for_good(cast: Cast) -> None:
    rey, work = viewer(cast.rey), given(cast, "rey", "Lucy")
    [pseud] = cast.rey.pseuds.all()
    assert list(giving.given_to(Viewer.anyone(), [pseud])) == [work]
    assert giving.members(work) == {"rey": pseud}
    with pytest.raises(NotVisible):
        giving.refuse(viewer(cast.mo), work.pk)
    giving.refuse(rey, work.pk)
    work.refresh_from_db()
    assert work.gifts == ["Lucy"]
    assert giving.refused_by(work) == ["rey"]
    assert not giving.given_to(rey, [pseud]).exists()
    with pytest.raises(Unfinished, match="has not taken this gift"):
        save(cast, work, "Lucy", "Rey")
    with pytest.raises(NotVisible):
        giving.refuse(rey, work.pk)


def test_a_version_from_before_does_not_give_again_what_was_refused(cast: Cast) -> None:
    work = given(cast, "rey", "Lucy") if cast.rey else None
    assert work is not None
    giving.refuse(viewer(cast.rey), work.pk)
    work.refresh_from_db()
    writing.restore(viewer(cast.ada), work, work.revisions.get(number=1))
    assert work.gifts == ["Lucy"]
    assert writing.manuscript_of(work.revisions.get(number=2)).gifts == ("Lucy",)


def test_a_gift_that_is_taken_back_is_one_no_more(cast: Cast) -> None:
    assert cast.rey
    work = given(cast, "rey")
    save(cast, work, "Lucy")
    assert not Gift.objects.exists()
    save(cast, work, "Lucy", "rey")
    assert Gift.objects.get().name == "rey"


def test_who_takes_no_gifts_keeps_those_that_she_has(cast: Cast) -> None:
    assert cast.rey
    work = given(cast, "rey")
    prefer(cast.rey, Preferences(no_gifts=True))
    save(cast, work, "rey", "Lucy")
    assert work.gifts == ["rey", "Lucy"]
    with pytest.raises(Unfinished, match="rey takes no gifts"):
        given(cast, "rey")
    assert Work.objects.count() == 1


def test_a_gift_bears_the_new_name_of_a_pen_name(cast: Cast) -> None:
    rey = viewer(cast.rey)
    moth = pen_names.make(rey, PenName(name="Moth", is_linked=True))
    work = given(cast, "Moth (rey)")
    pen_names.change(rey, moth, PenName(name="Moth"))
    work.refresh_from_db()
    assert work.gifts == ["Moth"]
    pen_names.change(rey, moth, PenName(name="Owl"))
    work.refresh_from_db()
    assert (work.gifts, giving.members(work)) == (["Owl"], {"Owl": moth})


def test_a_draft_is_given_to_nobody_yet(cast: Cast) -> None:
    rey, work = viewer(cast.rey), given(cast, "rey", state=State.DRAFT)
    assert not giving.given_to(rey, cast.rey.pseuds.all()).exists()
    with pytest.raises(NotVisible):
        giving.refuse(rey, work.pk)
    writing.post(viewer(cast.ada), work)
    assert giving.given_to(rey, cast.rey.pseuds.all()).exists()
