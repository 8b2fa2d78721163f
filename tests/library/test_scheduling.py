"""Drafts that go up by themselves: at their time, once, late rather than never, and only what can be posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import viewer
from tests.makers import prose
from undying.finding import engine
from undying.finding.criteria import Criteria
from undying.kernel import chosen
from undying.kernel.errors import NotVisible
from undying.library import scheduling, writing
from undying.library.models import Chapter, HandedIn, Scheduled, Work
from undying.library.scheduling import BadTime
from undying.library.writing import ChapterFields, Unfinished, WorkFields
from undying.manuscript import State, Tagging, TagKind
from undying.people.viewer import Viewer

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=6)
WHOLE = WorkFields(
    title="The Lamp",
    taggings=(
        Tagging(kind=TagKind.RATING, name="Not Rated"),
        Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
    ),
    language="en",
)


class Clock:
    """A clock that is put forward."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    for module in (scheduling, writing):
        monkeypatch.setattr(module, "now", made)
    return made


@pytest.fixture
def ada(cast) -> Viewer:
    return viewer(cast.ada)


@pytest.fixture
def draft(ada, clock, home) -> Work:
    return writing.start(ada, WHOLE, ChapterFields(body=prose("Rain.")), state=State.DRAFT)


def state(thing: Work | Chapter) -> State:
    thing.refresh_from_db()
    return State(thing.state)


def test_a_draft_goes_up_at_its_time_and_not_before(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)

    clock.time = EVENING - timedelta(seconds=1)
    assert scheduling.post_due() == []
    assert state(draft) is State.DRAFT
    clock.time = EVENING
    (told,) = scheduling.post_due()
    assert told == f"work {draft.pk} was posted, at its time"
    assert state(draft) is State.POSTED
    assert draft.published == EVENING
    assert not Scheduled.objects.exists()
    assert draft.revisions.latest("number").what == "Posted"


def test_it_goes_up_once_however_often_the_worker_looks(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    clock.time = EVENING
    number = Scheduled.objects.get().pk

    assert len(scheduling.post_due()) == 1
    assert scheduling.post_due() == []
    assert scheduling._post_one(number) == ""
    assert draft.revisions.filter(what="Posted").count() == 1


def test_until_then_it_is_nobodys_but_hers(cast, ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)

    for who in (Viewer.anyone(), viewer(cast.rey), viewer(cast.mo)):
        assert not Work.objects.visible_to(who).exists()
        assert engine.find(Criteria(), who).total == 0


def test_what_was_missed_is_posted_late(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)

    clock.time = EVENING + timedelta(days=3)
    (told,) = scheduling.post_due()
    assert told.endswith("4320 min after its time")
    assert state(draft) is State.POSTED


def test_a_worker_that_is_killed_while_it_posts_leaves_a_draft_for_the_next(ada, draft, clock, monkeypatch):
    scheduling.go_up_at(ada, draft, None, EVENING)
    clock.time = EVENING

    def killed(self, *_args, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Scheduled, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            scheduling.post_due()
    assert state(draft) is State.DRAFT
    assert len(scheduling.post_due()) == 1
    assert state(draft) is State.POSTED


def test_another_time_replaces_the_first_and_no_time_calls_it_off(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    scheduling.go_up_at(ada, draft, None, EVENING + timedelta(days=1))
    clock.time = EVENING
    assert scheduling.post_due() == []

    scheduling.call_off(ada, draft, None)
    clock.time = EVENING + timedelta(days=2)
    assert scheduling.post_due() == []
    assert state(draft) is State.DRAFT


def test_what_lacks_something_cannot_be_put_on_the_clock(ada, draft, clock):
    writing.save_work(ada, draft, replace(WHOLE, language=""))
    before = draft.revisions.count()

    with pytest.raises(Unfinished, match="language"):
        scheduling.go_up_at(ada, draft, None, EVENING)
    assert not Scheduled.objects.exists()
    assert state(draft) is State.DRAFT
    assert draft.revisions.count() == before


def test_what_lacks_something_at_its_time_stays_a_draft_and_says_why(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    writing.save_work(ada, draft, replace(WHOLE, language=""))

    clock.time = EVENING
    (told,) = scheduling.post_due()
    assert "could not be posted at its time: Choose the language" in told
    assert state(draft) is State.DRAFT
    assert "Choose the language" in Scheduled.objects.get().failed
    assert scheduling.post_due() == []
    writing.save_work(ada, draft, WHOLE)
    scheduling.go_up_at(ada, draft, None, EVENING + timedelta(days=1))
    clock.time = EVENING + timedelta(days=1)
    assert len(scheduling.post_due()) == 1
    assert state(draft) is State.POSTED


def test_what_is_posted_by_hand_does_not_go_up_again_when_it_was_taken_back(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    writing.post(ada, draft)
    writing.take_back(ada, draft)

    clock.time = EVENING
    assert scheduling.post_due() == []
    assert state(draft) is State.DRAFT


def test_a_deleted_draft_does_not_come_back_by_itself(ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    writing.delete_work(ada, draft)
    with pytest.raises(Unfinished, match="deleted"):
        scheduling.go_up_at(ada, draft, None, EVENING)

    clock.time = EVENING
    assert scheduling.post_due() == []
    assert writing.deletion_of(draft) is not None


def test_a_draft_chapter_goes_up_by_itself_too(ada, draft, clock):
    writing.post(ada, draft)
    chapter = writing.add_chapter(ada, draft, ChapterFields(body=prose("More rain.")), state=State.DRAFT)
    scheduling.go_up_at(ada, draft, chapter, EVENING)

    assert not Chapter.objects.visible_to(Viewer.anyone()).filter(pk=chapter.pk).exists()
    clock.time = EVENING
    assert scheduling.post_due() == [f"work {draft.pk}, chapter {chapter.pk} was posted, at its time"]
    assert Chapter.objects.visible_to(Viewer.anyone()).filter(pk=chapter.pk).exists()
    draft.refresh_from_db()
    assert (draft.chapter_count, draft.revised) == (2, EVENING)


def test_a_chapter_without_text_is_refused(ada, draft, clock):
    writing.post(ada, draft)
    chapter = writing.add_chapter(ada, draft, ChapterFields(), state=State.DRAFT)

    with pytest.raises(Unfinished, match="no text yet"):
        scheduling.go_up_at(ada, draft, chapter, EVENING)


def test_nobody_else_says_when(cast, ada, draft, clock):
    for who in (cast.rey, cast.mo, cast.ari):
        with pytest.raises(NotVisible):
            scheduling.go_up_at(viewer(who), draft, None, EVENING)
        with pytest.raises(NotVisible):
            scheduling.call_off(viewer(who), draft, None)


def test_what_nobody_is_left_to_post_stays_a_draft(cast, ada, draft, clock):
    scheduling.go_up_at(ada, draft, None, EVENING)
    cast.ada.is_active = False
    cast.ada.save()

    clock.time = EVENING
    (told,) = scheduling.post_due()
    assert scheduling.NOBODY in told
    assert state(draft) is State.DRAFT


def test_a_new_authors_first_work_is_handed_in_at_its_time_where_such_works_wait(cast, ada, draft, clock):
    chosen.forget({"first_works": chosen.FIRST_WORKS_WAIT})
    scheduling.go_up_at(ada, draft, None, EVENING)
    assert not HandedIn.objects.exists()

    clock.time = EVENING
    (told,) = scheduling.post_due()
    assert told == f"work {draft.pk} was handed in, and waits for the archivist, at its time"
    assert state(draft) is State.DRAFT
    assert HandedIn.objects.get().work == draft
    assert scheduling.post_due() == []


def test_what_is_posted_cannot_be_put_off(ada, draft, clock):
    writing.post(ada, draft)

    with pytest.raises(Unfinished, match="posted already"):
        scheduling.go_up_at(ada, draft, None, EVENING)


# -- Times ------------------------------------------------------------------------------------------------------------


def test_a_time_is_read_by_her_clock(clock):
    assert scheduling.moment("2027-03-09", "18:30", "") == datetime(2027, 3, 9, 18, 30, tzinfo=UTC)
    assert scheduling.moment("2027-03-09", "18:30", "Europe/Berlin") == datetime(2027, 3, 9, 17, 30, tzinfo=UTC)
    assert scheduling.moment("2027-07-09", "18:30", "Europe/Berlin") == datetime(2027, 7, 9, 16, 30, tzinfo=UTC)
    assert scheduling.moment("2027-03-09", "18:30:59", "Nowhere/Else") == datetime(2027, 3, 9, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "sentence"),
    [
        ("2027-03-01", "12:00", "", "That time is past"),
        ("2027-03-01", "12:59", "Europe/Berlin", "That time is past"),
        ("2027-03-28", "02:30", "Europe/Berlin", "there is no 02:30"),
        ("2027-10-31", "02:30", "Europe/Berlin", "02:30 comes twice"),
        ("2027-11-07", "01:30", "America/New_York", "01:30 comes twice"),
        ("2027-04-04", "01:45", "Australia/Lord_Howe", "01:45 comes twice"),
        ("9999-12-31", "23:59", "Pacific/Kiritimati", "more than five years"),
        ("0001-01-01", "00:00", "Pacific/Kiritimati", "more than five years"),
        ("", "12:00", "", "Write the day"),
        ("2027-02-30", "12:00", "", "Write the day"),
        ("2027-03-09", "", "", "Write the time"),
        ("2027-03-09", "25:00", "", "Write the time"),
        ("2027-03-09", "12:00+02:00", "", "Write the time"),
    ],
)
def test_a_time_at_which_nobody_can_post_is_refused_in_words(clock, day, hour, zone, sentence):
    with pytest.raises(BadTime, match=sentence):
        scheduling.moment(day, hour, zone)
