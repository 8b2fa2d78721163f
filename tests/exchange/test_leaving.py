"""An author takes her name off, steps down, or leaves: what stays is nobody's, and nothing ties it to her."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work, prose
from undying.community.models import Favourite
from undying.exchange import claims, departures, leaving
from undying.exchange.leaving import Fate
from undying.exchange.optouts import Askers
from undying.exchange.private import Asked, Done, Record
from undying.kernel.clock import now
from undying.library import writing
from undying.library.models import Creatorship, Revision, Work
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import Source, State, Tagging, TagKind
from undying.people.models import Profile, Pseud, User
from undying.people.viewer import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

FIELDS = WorkFields(
    title="The Keeper's Daughter",
    taggings=(
        Tagging(kind=TagKind.RATING, name="General Audiences"),
        Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
    ),
    language="en",
)
TEXT = ChapterFields(body=prose("Rain came in from the sea."))


def posted(cast: Cast) -> Work:
    return writing.start(viewer(cast.ada), FIELDS, TEXT, state=State.POSTED)


def shared(cast: Cast) -> Work:
    work = posted(cast)
    Creatorship.objects.create(work=work, pseud=cast.rey.pseuds.get(), position=1)
    return work


def names(work: Work) -> list[str]:
    return list(work.creatorships.order_by("position").values_list("pseud__name", flat=True))


def kept_texts(work: Work) -> str:
    return "".join(zlib.decompress(bytes(each.manuscript)).decode() for each in Revision.objects.filter(work=work))


def three_days_pass() -> None:
    Record.objects.update(at=now() - claims.GRACE - timedelta(minutes=1))
    claims.forget_old_names()


def test_an_orphaned_work_is_nobodys_and_hers_again_within_three_days(cast: Cast) -> None:
    work = posted(cast)
    leaving.orphan(cast.ada, work)

    assert names(work) == ["Orphaned"]
    assert not writing.may_write(viewer(cast.ada), work)
    (record,) = leaving.orphaned_by(cast.ada)
    claims.adopt(record, by="its author")
    assert names(work) == ["ada"]
    assert not leaving.orphaned_by(cast.ada)


def test_after_three_days_nothing_kept_ties_it_to_her(cast: Cast) -> None:
    work = posted(cast)
    leaving.orphan(cast.ada, work)
    assert '"ada"' in kept_texts(work)
    three_days_pass()

    assert not leaving.orphaned_by(cast.ada)
    assert '"ada"' not in kept_texts(work)
    assert '"Orphaned"' in kept_texts(work)
    record = Record.objects.get(done=Done.ORPHANED)
    assert (record.by, record.undo) == ("its author", {})
    assert cast.ada.pseuds.count() == 1


def test_a_name_that_she_leaves_there_stays_in_what_is_kept(cast: Cast) -> None:
    work = posted(cast)
    leaving.orphan(cast.ada, work, keep_name=True)
    three_days_pass()

    assert names(work) == ["ada"]
    assert Pseud.objects.get(creatorships__work=work).user is None
    assert '"ada"' in kept_texts(work)


def test_one_of_two_steps_down_and_the_only_one_may_not(cast: Cast) -> None:
    work = shared(cast)
    leaving.step_down(cast.ada, work)

    assert names(work) == ["rey"]
    with pytest.raises(leaving.NobodyElse):
        leaving.step_down(cast.rey, work)
    with pytest.raises(leaving.NothingOfHers):
        leaving.step_down(cast.ada, work)
    with pytest.raises(leaving.NothingOfHers):
        leaving.orphan(cast.ada, work)


@pytest.mark.parametrize(
    ("fate", "alone", "together"),
    [
        (Fate.KEEP_NAME, ["ada"], ["ada", "rey"]),
        (Fate.NO_NAME, ["Orphaned"], ["Orphaned", "rey"]),
        (Fate.DELETE, None, ["rey"]),
    ],
)
def test_her_works_end_as_she_says_and_the_others_keep_theirs(cast: Cast, fate: Fate, alone, together) -> None:
    hers, both = posted(cast), shared(cast)
    number = cast.ada.pk
    leaving.leave(cast.ada, fate)
    departures.carry_out()

    assert not User.objects.filter(pk=number).exists()
    assert not Pseud.objects.filter(user=number).exists()
    assert names(both) == together
    assert both.creatorships.filter(pseud__user=cast.rey).exists()
    if alone is None:
        assert not Work.objects.filter(pk=hers.pk).exists()
    else:
        assert names(hers) == alone
        assert ('"ada"' in kept_texts(hers)) is (fate is Fate.KEEP_NAME)


@pytest.mark.parametrize("fate", [Fate.KEEP_NAME, Fate.NO_NAME])
def test_a_draft_of_hers_alone_is_not_left_behind(cast: Cast, fate: Fate) -> None:
    draft = writing.start(viewer(cast.ada), FIELDS, TEXT, state=State.DRAFT)
    with pytest.raises(leaving.NobodyReads):
        leaving.orphan(cast.ada, draft)
    leaving.leave(cast.ada, fate)
    departures.carry_out()

    assert not Work.objects.filter(pk=draft.pk).exists()


def test_what_is_deleted_is_out_of_sight_at_once_and_no_import_brings_it_again(cast: Cast) -> None:
    work = make_work(owner=cast.ada)
    leaving.leave(cast.ada, Fate.DELETE)

    assert Askers(Asked.NOT_HERE).include_work(Source(site=work.site, key=work.key))

    assert not Work.objects.visible_to(viewer(cast.rey)).filter(pk=work.pk).exists()


def test_what_an_import_brought_her_goes_with_her(cast: Cast) -> None:
    mine = cast.ada.pseuds.get()
    work = make_work(owner=cast.ada)
    Profile.objects.create(pseud=mine, site="old.example", key="1", audience="everyone")
    Favourite.objects.create(member=mine, site="old.example", key="1", audience="everyone", kind="work", target="2")
    leaving.leave(cast.ada, Fate.NO_NAME)

    assert not Profile.objects.exists()
    assert not Favourite.objects.exists()
    assert names(work) == ["Orphaned"]


def test_an_orphaning_is_final_when_she_leaves(cast: Cast) -> None:
    work = posted(cast)
    leaving.orphan(cast.ada, work)
    leaving.leave(cast.ada, Fate.KEEP_NAME)

    assert names(work) == ["Orphaned"]
    assert '"ada"' not in kept_texts(work)


def test_the_only_archivist_stays_until_there_is_another(cast: Cast) -> None:
    with pytest.raises(leaving.LastArchivist):
        leaving.leave(cast.ari, Fate.NO_NAME)
    User.objects.filter(pk=cast.mo.pk).update(role=Role.ARCHIVIST)
    leaving.leave(cast.ari, Fate.NO_NAME)
    assert not User.objects.filter(username="ari").exists()
