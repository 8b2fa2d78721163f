"""What an archive holds beside its stories: taken in, told again, taken back, and nothing of it twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.keepsakes import (
    ALL,
    CHALLENGE,
    FAVOURITES,
    FULLER,
    LUCY,
    MINA,
    NEWS,
    PAGE,
    PROFILE,
    SERIES,
    SITE,
    takable,
    write_dump,
)
from tests.manuscripts import make_manuscript
from undying.community import access as community
from undying.community.models import Challenge, ChallengeAnswer, Favourite, NewsItem, Review, SitePage
from undying.exchange import exports, keepsakes, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchKeepsake, BatchState, Entry
from undying.exchange.takers import Library, open_batch
from undying.formats import Fate, Kept, Outcome
from undying.kernel import store
from undying.kernel.errors import NotVisible
from undying.library.actions import Result, withdraw
from undying.library.creators import give
from undying.library.models import Series, SeriesAccount, Work
from undying.manuscript import Audience, Credit, Keepsake, Manuscript, SeriesPlace, Source, State
from undying.manuscript.codec import keepsake_from_json, keepsake_to_json, to_json
from undying.people.models import Profile, Pseud
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from undying.exchange.report import Report

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

ANYONE, MEMBER, OPERATOR = Viewer.anyone(), Viewer(user_id=-1), Viewer.operator()
TABLES = (Profile, SeriesAccount, Challenge, ChallengeAnswer, Favourite, NewsItem, SitePage, Review, Pseud, Series)


def line(value: Manuscript | Keepsake) -> str:
    return to_json(value) if isinstance(value, Manuscript) else keepsake_to_json(value)


def take_in(path: Path, *values: Manuscript | Keepsake, **options: Any) -> Report:
    return bring_in(Wish(paths=[write_dump(path, [line(each) for each in values])], **options))


def told() -> list[Keepsake]:
    return list(keepsakes.all_told())


def dumped(path: Path) -> bytes:
    exports.dump(path)
    return path.read_bytes()


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in TABLES}


def story(key: str, **changes: Any) -> Manuscript:
    return make_manuscript(title=f"Story {key}", source=Source(site=SITE, key=key), credits=(MINA,), **changes)


def test_every_kind_comes_in_and_is_told_equal(tmp_path):
    report = take_in(tmp_path / "dump.jsonl", *ALL)

    assert (report.adds_up, report.sum(Outcome.IMPORTED)) == (True, len(ALL) + 1)
    assert told() == sorted(told(), key=lambda each: list(keepsakes.KINDS).index(each.KIND))
    assert set(told()) == set(ALL)
    assert report.read_anything


def test_a_dump_comes_back_as_the_same_bytes(tmp_path):
    place = SeriesPlace(title="Shorthand", position=1, key="4")
    take_in(tmp_path / "one.jsonl", *ALL, story("334", series=(place,)), story("335"))
    first = dumped(tmp_path / "first.jsonl")

    undo.undo(Batch.objects.get())
    assert counts() == dict.fromkeys(counts(), 0)
    bring_in(Wish(paths=[tmp_path / "first.jsonl"]))

    assert dumped(tmp_path / "second.jsonl") == first
    assert first.count(b"undying-keepsake") == len(ALL)


def test_equal_archives_give_equal_dumps_in_whatever_order_things_came(tmp_path):
    take_in(tmp_path / "one.jsonl", *ALL)
    first = dumped(tmp_path / "first.jsonl")
    undo.undo(Batch.objects.get())

    take_in(tmp_path / "two.jsonl", *reversed(ALL))

    assert dumped(tmp_path / "second.jsonl") == first


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keepsake=takable())
def test_any_keepsake_is_told_as_it_came(keepsake: Keepsake, home):
    batch = Batch.objects.create(digest="p" * 64, label="properties")
    kept = keepsakes.prepared(keepsake)

    assert keepsakes.receive(kept, batch) is Result.CREATED
    again = keepsakes.receive(kept, batch)

    assert (told(), again) == ([kept], Result.UNCHANGED)
    undo.undo(batch)
    assert counts() == dict.fromkeys(counts(), 0)
    batch.delete()


@pytest.mark.parametrize(("old", "new"), FULLER, ids=lambda each: each.KIND)
def test_a_fuller_telling_revises_and_undoing_it_puts_back_what_was(old: Keepsake, new: Keepsake, tmp_path):
    take_in(tmp_path / "one.jsonl", old)
    before = dumped(tmp_path / "before.jsonl")
    take_in(tmp_path / "two.jsonl", new)
    first, second = Batch.objects.order_by("pk")
    assert told() == [new]

    with pytest.raises(undo.Overtaken, match=str(second.pk)):
        undo.undo(first)
    kept_before = BatchKeepsake.objects.get(batch=second).before
    undo.undo(second)

    assert dumped(tmp_path / "after.jsonl") == before
    assert not store.path_of(kept_before).exists()
    undo.undo(first)
    assert counts() == dict.fromkeys(counts(), 0)


def test_the_same_or_less_again_is_merged_and_changes_nothing(tmp_path):
    take_in(tmp_path / "one.jsonl", *ALL)
    first = dumped(tmp_path / "first.jsonl")
    bare = replace(PROFILE, fields=(), joined=None)

    report = take_in(tmp_path / "two.jsonl", *ALL, bare)

    assert report.sum(Outcome.MERGED) == len(ALL) + 1
    assert dumped(tmp_path / "second.jsonl") == first
    assert not BatchKeepsake.objects.filter(batch=report.batch).exists()


def test_a_credit_that_says_less_of_the_same_pen_name_is_no_difference(tmp_path):
    take_in(tmp_path / "one.jsonl", PROFILE)
    elsewhere = replace(PROFILE, member=replace(LUCY, url="https://mirror.example/7"))

    report = take_in(tmp_path / "two.jsonl", elsewhere)

    assert (report.sum(Outcome.MERGED), told()) == (1, [PROFILE])


TOO_MUCH = (
    (replace(PROFILE, source=Source(site=SITE, key="k" * 256)), "key is longer than 255"),
    (replace(PROFILE, source=Source()), "which site it comes from"),
    (replace(PROFILE, member=Credit(name="n" * 256)), "name is longer than 255"),
    (replace(PROFILE, member=Credit(name="")), "whose it is"),
    (replace(PAGE, title="t" * 1001), "title is longer than 1000"),
    (replace(CHALLENGE, works=("w" * 501,)), "works is longer than 500"),
    (replace(FAVOURITES[0], target="t" * 501), "target is longer than 500"),
    (replace(SERIES, reviews=(replace(SERIES.reviews[0], score=2**40),)), "score is greater"),
    (replace(NEWS, comments=(replace(NEWS.comments[0], scale="s" * 21),)), "scale is longer than 20"),
)


@pytest.mark.parametrize(("keepsake", "reason"), TOO_MUCH)
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_cannot_be_held_is_refused_with_a_reason_and_costs_the_others_nothing(
    keepsake: Keepsake, reason: str, dry_run: bool, tmp_path
):
    report = take_in(tmp_path / "one.jsonl", FAVOURITES[1], keepsake, PAGE, dry_run=dry_run)

    assert reason in report.reasons[0].detail
    assert (report.sum(Outcome.REFUSED), report.adds_up) == (1, True)
    assert told() == ([] if dry_run else [FAVOURITES[1], PAGE])


def test_a_nul_is_taken_out_and_what_the_cleaner_left_out_is_told(tmp_path):
    text = keepsake_to_json(PAGE).replace("Rules", "Ru\\u0000les").replace("Invite", "<script>x()</script>Invite")
    bring_in(Wish(paths=[write_dump(tmp_path / "one.jsonl", [text])]))

    assert told() == [PAGE]
    assert "left out" in Entry.objects.get(key="1").detail


def test_a_rehearsal_tells_the_same_and_writes_nothing(tmp_path):
    take_in(tmp_path / "one.jsonl", PAGE)
    values = (*ALL, PROFILE, replace(PAGE, title="Other rules"))

    rehearsed = take_in(tmp_path / "two.jsonl", *values, dry_run=True)
    assert told() == [PAGE]
    done = take_in(tmp_path / "two.jsonl", *values)

    assert rehearsed.containers == done.containers
    assert rehearsed.keepsakes == done.keepsakes


def test_the_report_counts_what_came_in(tmp_path):
    report = take_in(tmp_path / "one.jsonl", *ALL)

    assert dict(report.keepsakes) == {"profile": 1, "series": 1, "challenge": 1, "favourite": 3, "news": 1, "page": 1}
    assert report.as_json()["keepsakes"]["favourite"] == 3


@pytest.mark.parametrize("at", range(5))
def test_a_run_that_was_killed_among_keepsakes_ends_the_same_when_started_again(tmp_path, monkeypatch, at):
    class Killed(BaseException):
        pass

    original, seen = Library._write, []

    def dying(self: Library, *args: Any) -> None:
        seen.append(1)
        if len(seen) == at + 1:
            raise Killed
        original(self, *args)

    monkeypatch.setattr("undying.exchange.takers.KEEPSAKES_AT_A_TIME", 3)
    monkeypatch.setattr(Library, "_write", dying)
    with pytest.raises(Killed):
        take_in(tmp_path / "one.jsonl", *ALL)
    monkeypatch.setattr(Library, "_write", original)
    report = take_in(tmp_path / "one.jsonl", *ALL)

    assert (report.adds_up, report.state) == (True, BatchState.DONE)
    assert set(told()) == set(ALL)
    assert dict(report.keepsakes)["favourite"] == 3


def test_one_that_the_database_refuses_costs_the_others_nothing(monkeypatch):
    batch = Batch.objects.create(digest="x" * 64, label="x")
    library = Library(batch)
    receive = keepsakes.receive_all

    def picky(values: Sequence[Keepsake], *args: Any, **options: Any) -> list[Result]:
        results = receive(values, *args, **options)
        if PAGE in values:
            raise ValueError("no room for pages")
        return results

    monkeypatch.setattr(keepsakes, "receive_all", picky)
    for number, each in enumerate(ALL):
        fate = Fate(container="things", key=str(number), outcome=Outcome.IMPORTED)
        library.kept(Kept(keepsake=each, fates=(fate,)))
    library.finish()

    assert set(told()) == {each for each in ALL if each != PAGE}
    assert Entry.objects.get(outcome=Outcome.REFUSED).detail.endswith("(no room for pages)")


# -- Who may see it ---------------------------------------------------------------------------------------------------


def seen_by(viewer: Viewer) -> dict[str, int]:
    models = (Profile, SeriesAccount, Challenge, Favourite, NewsItem, SitePage, Series)
    return {model.__name__: model.objects.visible_to(viewer).count() for model in models}


def test_keepsakes_are_for_members_until_their_batch_is_opened(tmp_path):
    report = take_in(tmp_path / "one.jsonl", *ALL)
    assert set(seen_by(ANYONE).values()) == {0}
    assert seen_by(MEMBER) == {
        "Profile": 1,
        "SeriesAccount": 1,
        "Challenge": 1,
        "Favourite": 2,  # the series, which has an account, and Mina, who owns it; the work is not here
        "NewsItem": 1,
        "SitePage": 1,
        "Series": 1,
    }

    open_batch(Batch.objects.get(pk=report.batch))

    assert seen_by(ANYONE) == seen_by(MEMBER)
    later = take_in(tmp_path / "two.jsonl", replace(PAGE, source=Source(site=SITE, key="help")))
    assert SitePage.objects.visible_to(ANYONE).count() == 1
    undo.undo(Batch.objects.get(pk=later.batch))


def test_opening_at_once_opens_keepsakes_too(tmp_path):
    take_in(tmp_path / "one.jsonl", *ALL, open_at_once=True)
    assert seen_by(ANYONE)["SitePage"] == 1


def test_opening_one_batch_opens_nothing_of_another(tmp_path):
    first = take_in(tmp_path / "one.jsonl", PAGE)
    take_in(tmp_path / "two.jsonl", replace(PAGE, source=Source(site="other.example", key="rules")))

    open_batch(Batch.objects.get(pk=first.batch))

    assert [each.site for each in SitePage.objects.visible_to(ANYONE)] == [SITE]


def favourites(viewer: Viewer) -> list[str]:
    return sorted(Favourite.objects.visible_to(viewer).values_list("key", flat=True))


def answers(viewer: Viewer) -> list[str]:
    return sorted(ChallengeAnswer.objects.visible_to(viewer).values_list("target", flat=True))


def test_a_favourite_and_an_answer_show_once_their_work_is_here_and_no_longer_when_it_goes(tmp_path):
    take_in(tmp_path / "one.jsonl", FAVOURITES[0], CHALLENGE)
    assert (favourites(MEMBER), answers(MEMBER)) == ([], [])
    assert favourites(OPERATOR) == ["7/ST/334"]

    take_in(tmp_path / "two.jsonl", story("334"))
    assert (favourites(MEMBER), answers(MEMBER)) == (["7/ST/334"], ["334"])

    withdraw(Work.objects.get())
    assert (favourites(MEMBER), answers(MEMBER)) == ([], [])
    assert told() == [CHALLENGE, FAVOURITES[0]]


@pytest.mark.parametrize("change", [{"state": State.DRAFT}, {"is_hidden": True}, {"audience": Audience.MEMBERS}])
def test_a_favourite_of_what_a_viewer_may_not_see_is_not_there(tmp_path, change):
    take_in(tmp_path / "one.jsonl", *FAVOURITES, CHALLENGE, story("334"), open_at_once=True)
    assert favourites(ANYONE) == ["7/AU/1", "7/ST/334"]

    Work.objects.update(**change)

    assert favourites(ANYONE) == ["7/AU/1"]  # she called for stories, which all may know
    assert answers(ANYONE) == []


def pseud_named(name: str) -> Pseud:
    return Pseud.objects.get(name=name)


def knows(viewer: Viewer, name: str) -> bool:
    try:
        community.pseud_for(viewer, pseud_named(name).handle)
    except NotVisible:
        return False
    return True


def test_a_member_without_stories_is_seen_by_what_is_hers_and_not_by_what_is_secret(tmp_path):
    take_in(tmp_path / "one.jsonl", PROFILE, story("1", state=State.DRAFT), open_at_once=True)
    assert knows(ANYONE, "Lucy W.")
    assert not knows(ANYONE, "Mina M.")

    take_in(tmp_path / "two.jsonl", CHALLENGE)
    assert knows(MEMBER, "Mina M.")
    assert not knows(ANYONE, "Mina M.")


def test_a_member_whose_favourites_are_all_secret_is_not_seen(tmp_path):
    take_in(tmp_path / "one.jsonl", FAVOURITES[0], story("334", state=State.DRAFT), open_at_once=True)
    assert not knows(MEMBER, "Lucy W.")

    Work.objects.update(state=State.POSTED)
    assert knows(ANYONE, "Lucy W.")


# -- Beside works -----------------------------------------------------------------------------------------------------


def test_withdrawing_her_only_work_keeps_a_member_who_told_of_herself(tmp_path):
    place = SeriesPlace(title="Shorthand", position=1, key="4")
    take_in(tmp_path / "one.jsonl", story("334", series=(place,)), replace(PROFILE, member=MINA), SERIES)

    withdraw(Work.objects.get())

    assert Profile.objects.get().pseud.name == "Mina M."
    assert Series.objects.get().account.title == "Shorthand"


def test_who_claims_a_work_gets_all_that_stands_under_the_name(tmp_path, cast):
    series = replace(SERIES, credits=(MINA,))
    take_in(tmp_path / "one.jsonl", story("334"), replace(PROFILE, member=MINA), CHALLENGE, series)
    old = pseud_named("Mina M.")

    give(Work.objects.get(), [old.pk], cast.ada)

    hers = cast.ada.pseuds.get(name="Mina M.")
    assert (Profile.objects.get().pseud, Challenge.objects.get().challenger) == (hers, hers)
    assert [each.pseud for each in SeriesAccount.objects.get().owners.all()] == [hers]
    assert not Pseud.objects.filter(pk=old.pk).exists()
    report = take_in(tmp_path / "two.jsonl", replace(PROFILE, member=MINA, joined=None, bio=PAGE.body))
    assert (report.sum(Outcome.MERGED), Profile.objects.get().bio) == (1, PROFILE.bio)


def test_undoing_an_account_leaves_the_series_to_its_works(tmp_path):
    place = SeriesPlace(title="Shorthand, as works call it", position=1, key="4")
    take_in(tmp_path / "one.jsonl", story("334", series=(place,)))
    before = dumped(tmp_path / "before.jsonl")
    later = take_in(tmp_path / "two.jsonl", SERIES)
    assert Series.objects.count() == 1

    undo.undo(Batch.objects.get(pk=later.batch))

    assert dumped(tmp_path / "after.jsonl") == before


def test_a_keepsake_that_changes_her_name_lets_go_of_the_old_one(tmp_path):
    take_in(tmp_path / "one.jsonl", PROFILE)
    take_in(tmp_path / "two.jsonl", replace(PROFILE, member=replace(LUCY, name="Lucy H.")))
    assert [each.name for each in Pseud.objects.all()] == ["Lucy H."]

    undo.undo(Batch.objects.latest("pk"))
    assert [each.name for each in Pseud.objects.all()] == ["Lucy W."]
    assert told() == [PROFILE]


def test_what_was_here_before_is_kept_in_a_form_that_reads(tmp_path):
    take_in(tmp_path / "one.jsonl", PAGE)
    report = take_in(tmp_path / "two.jsonl", FULLER[3][1])

    before = BatchKeepsake.objects.get(batch=report.batch).before
    assert keepsake_from_json(store.fetch(before).decode()) == PAGE


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tellings=st.lists(takable(), min_size=1, max_size=4))
def test_undoing_goes_back_through_any_tellings_of_one_thing(tellings: list[Keepsake], home):
    same = [replace(each, source=Source(site="a", key="b")) for each in tellings if each.KIND == tellings[0].KIND]
    states = []
    for number, each in enumerate(same):
        batch = Batch.objects.create(digest=f"{number:064}", label="tellings")
        states.append(told())
        keepsakes.receive(keepsakes.prepared(each), batch)
    for batch, state in zip(Batch.objects.order_by("-pk"), reversed(states), strict=True):
        undo.undo(batch)
        assert told() == state
    Batch.objects.all().delete()
    assert counts() == dict.fromkeys(counts(), 0)
