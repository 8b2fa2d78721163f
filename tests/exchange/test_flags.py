"""What the archivist should see first is shown to her and changed by nobody else."""

from __future__ import annotations

import pytest

from tests.manuscripts import make_chapter, make_manuscript, prose
from undying.community.models import NewsItem
from undying.community.models import Review as ReviewRow
from undying.exchange import departures, flags, takers
from undying.exchange.models import Batch, BatchState
from undying.exchange.private import Flag, Flagged, Record
from undying.exchange.takers import Library
from undying.exchange.undo import undo
from undying.formats import Fate, Outcome, Story
from undying.library.models import Chapter, Work
from undying.manuscript import Audience, Review, Source, Tagging, TagKind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
EMAIL = "mina.harker@mail.example"


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(digest="d" * 64, label="Whitby", state=BatchState.RUNNING)


def taken_in(batch: Batch, key: str = "1", **changes: object) -> Work:
    manuscript = make_manuscript(title=f"Story {key}", source=Source(site="whitby.example", key=key), **changes)
    library = Library(batch)
    library.story(
        Story(manuscript=manuscript, fates=(Fate(container="stories", key=key, outcome=Outcome.IMPORTED),)),
        as_told=False,
    )
    library.finish()
    return Work.objects.get(key=key)


def with_addresses(batch: Batch) -> Work:
    return taken_in(
        batch,
        notes_before=prose(f'<p>Write to <a href="mailto:{EMAIL}">{EMAIL}</a>!</p>'),
        chapters=(make_chapter(f"<p>“Send it to {EMAIL},” he said, “or to x{EMAIL}.”</p>"), make_chapter("<p>No.</p>")),
        reviews=(Review(name="Lucy", body=prose("<p>Mine is lucy@mail.example.</p>")),),
    )


def texts(work: Work) -> str:
    chapters = Chapter.objects.filter(work=work).order_by("position")
    reviews = ReviewRow.objects.filter(work=work)
    return "\n".join([Work.objects.get(pk=work.pk).notes_before, *(each.body for each in [*chapters, *reviews])])


def test_every_address_in_a_text_is_flagged_with_its_place_and_nothing_is_changed(batch):
    work = with_addresses(batch)

    told = {(flags.where(each), each.text) for each in Flag.objects.filter(kind=Flagged.ADDRESS)}
    assert told == {
        ("Story 1, notes before", EMAIL),
        ("chapter 1 of Story 1, body", EMAIL),
        ("chapter 1 of Story 1, body", f"x{EMAIL}"),
        ("a review of Story 1, body", "lucy@mail.example"),
    }
    assert texts(work).count(EMAIL) == 4
    assert "in 4 places" in batch.remarks.get().text
    before, after = flags.around(Flag.objects.get(place="review"))
    assert (before.strip(), after.strip()) == ("Mine is", ".")


def test_addresses_in_what_belongs_to_no_work_are_flagged_and_what_was_decided_stays(
    batch, django_assert_max_num_queries
):
    news = NewsItem.objects.create(site="whitby.example", key="1", audience=Audience.EVERYONE, title="Open")
    for number in range(60):
        body, response = (prose(f"<p>{each}{number}@mail.example</p>") for each in ("a", "b"))
        ReviewRow.objects.create(news=news, position=number, name="Lucy", body=body, response=response)
    ReviewRow.objects.create(news=news, position=60, name="Jack", body=prose("Yes."), response=prose(f"Ask {EMAIL}"))
    with django_assert_max_num_queries(30):
        assert flags.flag_the_rest(batch) == 121
    assert flags.where(Flag.objects.get(text=EMAIL)) == "a comment, response"

    flags.decide([Flag.objects.get(text=EMAIL)], "leave", by="ari")
    assert flags.flag_the_rest(batch) == 120


def test_a_masked_address_is_gone_and_comes_back_as_it_was(batch):
    work = with_addresses(batch)
    as_it_was = texts(work)
    found = list(Flag.objects.all())

    assert flags.decide(found, "mask", by="ari") == 4
    assert "mail.example" not in texts(work)
    assert flags.decide(list(Flag.objects.all()), "mask", by="ari") == 0
    assert flags.decide(list(Flag.objects.all()), "leave", by="ari") == 4
    assert texts(work) == as_it_was
    assert not [each for each in Record.objects.all() if EMAIL in each.reason]


def test_masking_one_leaves_the_longer_one_that_holds_it(batch):
    work = with_addresses(batch)
    flags.decide([Flag.objects.get(place="chapter", text=EMAIL)], "mask", by="ari")

    assert f"x{EMAIL}" in texts(work)
    assert f"to {EMAIL}," not in texts(work)


@pytest.mark.parametrize(
    "words",
    [
        "Please do not archive this anywhere else.",
        "Don't repost without permission!",
        "This story may not be copied to another site.",
        "DO NOT POST MY WORK ON OTHER SITES",
    ],
)
def test_a_wish_not_to_be_copied_is_seen_and_the_work_is_kept_for_members(batch, words):
    work = taken_in(batch, notes_after=prose(f"<p>{words}</p>"))
    other = taken_in(batch, "2")
    takers.open_batch(batch)

    assert Flag.objects.get().kind == Flagged.WISH
    assert {each.key for each in Work.objects.filter(audience=Audience.EVERYONE)} == {other.key}
    flags.decide([Flag.objects.get()], "everyone", by="ari")
    assert Work.objects.get(pk=work.pk).audience == Audience.EVERYONE


@pytest.mark.parametrize("words", ["I do not own these characters.", "Archive: anywhere, just ask.", "Do not worry."])
def test_what_is_no_such_wish_holds_nothing(batch, words):
    taken_in(batch, notes_after=prose(f"<p>{words}</p>"))
    assert not Flag.objects.exists()


def test_a_label_that_is_to_be_looked_at_holds_a_work_until_it_was(batch):
    work = taken_in(batch, taggings=(Tagging(kind=TagKind.WARNING, name="UNDERAGE"),))
    takers.open_batch(batch)
    assert Work.objects.get(pk=work.pk).audience == Audience.MEMBERS
    flags.decide([Flag.objects.get()], "members", by="ari")
    takers.open_batch(batch)
    assert Work.objects.get(pk=work.pk).audience == Audience.MEMBERS
    flags.decide([Flag.objects.get()], "delete", by="ari")
    departures.carry_out()
    assert not Work.objects.exists()


def test_a_work_that_comes_after_its_import_was_opened_is_held_as_well(batch):
    taken_in(batch)
    takers.open_batch(batch)
    work = taken_in(Batch.objects.get(), "2", taggings=(Tagging(kind=TagKind.ADDITIONAL, name="RPF"),))

    assert work.audience == Audience.MEMBERS


def test_taking_the_import_back_forgets_what_was_flagged(batch):
    with_addresses(batch)
    undo(batch)
    assert not Flag.objects.exists()


def test_only_what_is_offered_can_be_decided(batch):
    with_addresses(batch)
    with pytest.raises(flags.NoSuchFlag):
        flags.decide(list(Flag.objects.all()), "delete", by="ari")


def test_members_closes_what_was_opened_to_everyone(batch):
    work = taken_in(batch, taggings=(Tagging(kind=TagKind.ADDITIONAL, name="RPF"),))
    takers.open_batch(batch)
    flags.decide([Flag.objects.get()], "everyone", by="ari")
    work.refresh_from_db()
    assert work.audience == Audience.EVERYONE
    flags.decide([Flag.objects.get()], "members", by="ari")
    work.refresh_from_db()
    assert work.audience == Audience.MEMBERS
