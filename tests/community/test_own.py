"""What a member keeps for herself alone: exclusions and searches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.manuscripts import prose
from undying.community import excluding, saving
from undying.community.access import doings
from undying.community.models import Exclusion, Favourite, SavedSearch
from undying.kernel.errors import NotVisible
from undying.library.models import Tag, Work
from undying.manuscript import Audience, FavouriteKind, Review, State, TagKind
from undying.people.models import Pseud, User
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
WEREWOLVES = {TagKind.ADDITIONAL: ["Werewolves"]}


def names(kept: list[Exclusion]) -> set[str]:
    return {str(each) for each in kept}


def left(who: User) -> set[str]:
    spared = excluding.exclusions_of(viewer(who)).spared()
    return set(Work.objects.visible_to(viewer(who)).filter(spared).values_list("title", flat=True))


def test_an_exclusion_is_its_members_alone_and_can_be_taken_back(cast):
    make_work("Moon", tags=WEREWOLVES)
    rey, ada = viewer(cast.rey), viewer(cast.ada)
    tag = Tag.objects.get(name="Werewolves")
    excluding.exclude_tag(rey, tag.pk)
    excluding.exclude_tag(rey, tag.pk)
    kept = excluding.found(rey, tag)

    assert (names(excluding.kept_by(rey)), left(cast.rey)) == ({"Werewolves"}, set())
    assert (excluding.kept_by(ada), left(cast.ada), excluding.found(ada, tag)) == ([], {"Moon"}, None)
    for other in (ada, viewer(cast.mo), viewer(cast.ari), Viewer.anyone(), Viewer.operator()):
        with pytest.raises(NotVisible):
            excluding.take_back(other, kept.pk)
    excluding.take_back(rey, kept.pk)
    assert left(cast.rey) == {"Moon"}


def test_nobody_can_exclude_what_she_may_not_see(cast):
    hidden = make_work("Draft", tags=WEREWOLVES, author="mina", language="cy", state=State.DRAFT)
    rey = viewer(cast.rey)
    tries = (
        lambda who: excluding.exclude_tag(who, Tag.objects.get(name="Werewolves").pk),
        lambda who: excluding.exclude_work(who, hidden.pk),
        lambda who: excluding.exclude_pen_name(who, Pseud.objects.get(name="mina").pk),
        lambda who: excluding.exclude_language(who, "cy"),
        lambda who: excluding.exclude_account(who, cast.sam.username),
        lambda who: excluding.exclude_tag(who, 5),
    )
    for each in tries:
        with pytest.raises(NotVisible):
            each(rey)
    Work.objects.update(state=State.POSTED)
    tries[0](rey)
    with pytest.raises(NotVisible):
        tries[0](Viewer.anyone())


def test_there_is_room_for_so_many_and_no_more(cast, monkeypatch):
    monkeypatch.setattr(excluding, "MOST", 1)
    monkeypatch.setattr(saving, "MOST", 1)
    works = [make_work(title) for title in ("One", "Two")]
    rey = viewer(cast.rey)
    excluding.exclude_work(rey, works[0].pk)
    saving.keep(rey, "A", "q=lamp")

    with pytest.raises(excluding.TooMany):
        excluding.exclude_work(rey, works[1].pk)
    with pytest.raises(saving.TooMany):
        saving.keep(rey, "B", "q=lamp")


def test_a_guest_and_a_feed_have_no_exclusions_and_ask_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert excluding.exclusions_of(Viewer.anyone()) == excluding.NOTHING
        assert excluding.exclusions_of(Viewer.any_member()) == excluding.NOTHING


def test_exclusions_cost_two_queries_however_many(cast, django_assert_num_queries):
    rey = viewer(cast.rey)
    for number in range(5):
        excluding.exclude_work(rey, make_work(f"{number}").pk)
    with django_assert_num_queries(2):
        assert len(excluding.exclusions_of(rey).works) == 5


def test_any_member_sees_what_every_member_may_and_no_draft_of_anybody(cast):
    make_work("Open")
    make_work("Members", audience=Audience.MEMBERS)
    make_work("Draft", state=State.DRAFT)
    make_work("Ada's draft", state=State.DRAFT, owner=cast.ada)
    make_work("Hidden", hidden=True)

    seen = Work.objects.visible_to(Viewer.any_member()).values_list("title", flat=True)
    assert set(seen) == {"Open", "Members"}


def test_searches_keep_their_order(cast):
    rey = viewer(cast.rey)
    first, second, third = (saving.keep(rey, name, "q=lamp") for name in "ABC")

    def order() -> str:
        return "".join(each.name for each in saving.saved_by(rey))

    assert order() == "ABC"
    saving.move(third, -1)
    assert order() == "ACB"
    saving.move(first, 9)
    assert order() == "CBA"
    saving.move(third, -9)
    assert order() == "CBA"
    saving.remove(second)
    saving.rename(third, "  D \n d ")
    assert [each.name for each in saving.saved_by(rey)] == ["D d", "A"]
    with pytest.raises(saving.NoName):
        saving.rename(first, " \0 ")


def test_a_search_is_its_members_alone(cast):
    kept = saving.keep(viewer(cast.rey), "A", "q=lamp")

    assert saving.saved_for(viewer(cast.rey), kept.pk) == kept
    for other in (cast.ada, cast.mo, cast.ari):
        assert saving.saved_by(viewer(other)) == []
        with pytest.raises(NotVisible):
            saving.saved_for(viewer(other), kept.pk)
    for nobody in (Viewer.anyone(), Viewer.operator(), Viewer.any_member()):
        assert saving.saved_by(nobody) == []
        with pytest.raises(NotVisible):
            saving.keep(nobody, "A", "q=lamp")


def test_a_feeds_address_is_new_each_time_and_gone_when_it_is_closed(cast):
    kept = saving.keep(viewer(cast.rey), "A", "q=lamp")
    with pytest.raises(NotVisible):
        saving.saved_at(kept.token)
    saving.open_feed(kept)
    first = kept.token
    assert (len(first), saving.saved_at(first)) == (32, kept)
    saving.open_feed(kept)
    with pytest.raises(NotVisible):
        saving.saved_at(first)
    User.objects.filter(pk=cast.rey.pk).update(is_active=False)
    with pytest.raises(NotVisible):
        saving.saved_at(kept.token)
    User.objects.filter(pk=cast.rey.pk).update(is_active=True)
    saving.close_feed(kept)
    assert SavedSearch.objects.get().token == ""


def test_what_a_member_did_with_works_is_known_in_one_query(cast, django_assert_num_queries):
    said = Review(name="Rey", body=prose("<p>Yes.</p>"), reviewer_key="7")
    works = [make_work(str(number), reviews=(said, replace(said, reviewer_key="8"))) for number in range(3)]
    hers = cast.rey.pseuds.get()
    Pseud.objects.filter(pk=hers.pk).update(site=works[0].site, key="7")
    Work.objects.filter(pk=works[2].pk).update(site="elsewhere.example")
    Favourite.objects.create(
        site=works[1].site,
        key="f",
        member=hers,
        kind=FavouriteKind.WORK,
        target=works[1].key,
        audience=Audience.EVERYONE,
    )
    with django_assert_num_queries(1):
        did = doings(viewer(cast.rey), works)

    assert did == {
        works[0].pk: {"reviewed"},
        works[1].pk: {"favourite", "reviewed"},
        works[2].pk: frozenset(),
    }
    assert not any(doings(viewer(cast.ada), works).values())
