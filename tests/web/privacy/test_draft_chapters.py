"""What a draft chapter would give away, one leak at a time: its number, its creators, their pages."""

from __future__ import annotations

import pytest

from tests.makers import make_work, prose
from tests.manuscripts import make_picture
from undying.manuscript import Chapter, Credit, Review, State
from undying.web import links

DRAFT = Chapter(title="Kept back", body=prose("unsaid"), state=State.DRAFT, credits=(Credit(name="Arminius", key="9"),))


@pytest.fixture
def work(cast):
    """A draft, and after it a posted chapter with a review and a word to be found by."""
    last = Chapter(title="Told", body=prose("Wolves at the gate."))
    said = Review(name="Rey", body=prose("Yes."), chapter=3)
    work = make_work(chapters=(Chapter(body=prose("First.")), DRAFT, last), reviews=(said,))
    work.creatorships.filter(chapter=None).update(pseud=cast.ada.pseuds.get())
    return work


def pages(client, work) -> str:
    last = work.chapters.get(position=3)
    addresses = [
        links.of(last),
        links.work(work, whole=True),
        links.navigate(work),
        links.reviews(work),
        "/works/search?work_search%5Bquery%5D=wolves",
    ]
    return "".join(client.get(each).content.decode() for each in addresses)


def test_the_chapters_are_numbered_without_it_for_those_who_may_not_see_it(guest, work):
    told = pages(guest, work)

    assert "2. Told" in told
    assert "Chapter 2: Told" in told
    assert "2 of 2" in told
    assert "chapter 2</a>" in told
    assert "hapter 3" not in told
    assert "hapter-3" not in told


def test_its_author_counts_it(browser, cast, work):
    told = pages(browser(cast.ada), work)

    assert "3. Told" in told
    assert "Chapter 3: Told" in told
    assert "3 of 3" in told


def test_its_creator_has_no_page_and_finds_nothing(guest, work):
    name = work.creatorships.exclude(chapter=None).get().pseud

    assert guest.get(links.of(name)).status_code == 404
    assert guest.get(links.account(name.handle)).status_code == 404
    assert "No works" in guest.get("/works/search?work_search%5Bquery%5D=author%3AArminius").content.decode()


def test_its_creator_who_has_an_account_is_not_listed_with_the_work(guest, cast, work):
    work.creatorships.exclude(chapter=None).update(pseud=cast.rey.pseuds.get())

    assert work.title not in guest.get("/users/rey").content.decode()


def test_its_creator_may_read_it_and_finds_it_among_her_works(browser, cast, work):
    work.creatorships.exclude(chapter=None).update(pseud=cast.rey.pseuds.get())
    client = browser(cast.rey)

    assert work.title in client.get("/users/rey").content.decode()
    assert "unsaid" in client.get(links.of(work.chapters.get(position=2))).content.decode()


@pytest.mark.parametrize("whole", [False, True])
def test_a_posted_work_with_nothing_but_drafts_is_not_there(guest, whole):
    work = make_work(chapters=(DRAFT,))

    assert guest.get(links.work(work, whole=whole)).status_code == 404


def test_a_picture_of_the_notes_shows_though_a_draft_has_it_too(guest):
    picture = make_picture(5)
    shown = prose(f'<img src="picture:{picture.sha256}" alt="A map">')
    draft = Chapter(body=shown, state=State.DRAFT)
    work = make_work(chapters=(Chapter(body=prose("First.")), draft), notes_before=shown, pictures=(picture,))

    assert guest.get(links.picture(work.pk, picture.sha256)).status_code == 200
