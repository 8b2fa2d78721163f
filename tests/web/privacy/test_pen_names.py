"""Nothing public tells that two pen names are one person's, unless she says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.apps import apps as installed
from django.db import transaction

from tests.cast import viewer
from tests.makers import make_work
from tests.manuscripts import prose
from tests.web.privacy.archive import stand_still
from tests.web.privacy.surfaces import PLAIN, crawl
from tests.web.privacy.test_non_interference import differences, first_difference
from undying.community import excluding
from undying.finding import engine, indexer, names
from undying.finding.models import PersonWord
from undying.kernel import ledger
from undying.kernel.errors import NotVisible
from undying.library import manuscripts, writing
from undying.library.models import Creatorship, Series, Work
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import Source, State, Tagging, TagKind
from undying.people.models import Pseud
from undying.web import links

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast
    from undying.people.models import User

MOTH = "Moth at Midnight"


def moth(user: User, *, is_linked: bool = False) -> Pseud:
    return Pseud.objects.create(user=user, name=MOTH, is_linked=is_linked)


def signed(work: Work, pseud: Pseud) -> Work:
    Creatorship.objects.filter(work=work, position=0).update(pseud=pseud)
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    return work


def seen(client: Client, cast: Cast, monkeypatch, whose: str):
    """All that there is to be asked in an archive where the moth is this account's."""
    engine._backend.cache_clear()
    stand_still(monkeypatch)
    point = transaction.savepoint()
    make_work("By day", owner=cast.ada, source=Source(site="open.example", key="1"))
    pseud = moth(getattr(cast, whose))
    work = signed(make_work("By night", source=Source(site="open.example", key="2")), pseud)
    asked = [
        *PLAIN,
        links.of(work),
        links.of(pseud),
        f"{links.of(pseud)}/works",
        links.favourites(links.of(pseud)),
        links.account(pseud.handle),
        links.favourites(links.account(pseud.handle)),
        f"/users/ada/pseuds/{MOTH}",
        f"/users/ada/pseuds/{MOTH}/bookmarks",
        links.download(work, "epub"),
        links.download(work, "html"),
        "/search/people?q=ada",
        "/search/people?q=moth",
        "/works/search?work_search%5Bquery%5D=by%3Aada",
        "/works/search?work_search%5Bquery%5D=by%3A%22Moth%20at%20Midnight%20%28ada%29%22",
        f"/works/search?work_search%5Bcreators%5D={MOTH}",
    ]
    found = crawl(client, (), asked)
    transaction.savepoint_rollback(point)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_whose_a_pen_name_is_changes_no_byte_of_any_page(cast, browser, home, monkeypatch, who):
    assert [cast.ada, cast.rey, cast.mo, cast.ari]
    client = browser(None if who == "guest" else getattr(cast, who))
    hers, anothers = (seen(client, cast, monkeypatch, whose) for whose in ("ada", "ari"))

    differ = differences(hers, anothers)
    assert not differ, first_difference(differ[0], hers, anothers)
    assert MOTH in hers["/search/people?q=moth"][0].text
    assert MOTH not in hers["/search/people?q=ada"][0].text


def test_one_that_is_linked_is_named_on_both_pages(cast, guest):
    linked, alone = moth(cast.ada, is_linked=True), Pseud.objects.create(user=cast.ada, name="Nobody Knows")
    told = guest.get("/users/ada").content.decode()
    assert links.of(linked) == f"/users/ada/pseuds/{MOTH.replace(' ', '%20')}"
    assert MOTH in told
    assert "Nobody Knows" not in told
    assert "A pen name of" in guest.get(links.of(linked)).content.decode()
    assert "ada" not in guest.get(links.of(alone)).content.decode()
    assert guest.get("/users/ada/pseuds/Nobody%20Knows").status_code == 404
    assert guest.get(f"/users/pen-{linked.pk}").status_code == 404
    assert guest.get(f"/users/pen-{alone.pk}").status_code == 200


def test_she_herself_sees_all_of_hers(cast, browser):
    moth(cast.ada)
    told = browser(cast.ada).get("/users/ada").content.decode()
    assert MOTH in told
    assert "only you see it here" in told


def test_an_account_that_shows_none_is_not_there(cast, browser, guest):
    moth(cast.ada)
    cast.ada.pseuds.update(is_linked=False)
    assert guest.get("/users/ada").content == guest.get("/users/nobody").content
    assert browser(cast.ada).get("/users/ada").status_code == 200


def test_leaving_out_an_account_leaves_what_it_does_not_own_up_to(cast, home):
    day, alone = make_work("By day", owner=cast.ada), moth(cast.ada)
    night = signed(make_work("By night"), alone)
    rey = viewer(cast.rey)
    excluding.exclude_account(rey, "ada")
    spared = Work.objects.filter(excluding.exclusions_of(rey).spared())
    assert list(spared) == [night]
    with pytest.raises(NotVisible):
        excluding.exclude_account(rey, alone.handle)
    Pseud.objects.filter(pk=alone.pk).update(is_linked=True)
    assert day not in spared.all()
    assert not Work.objects.filter(excluding.exclusions_of(rey).spared()).exists()


def test_a_series_is_one_pen_names_alone(cast, home):
    hers, alone = cast.ada.pseuds.get(), moth(cast.ada)
    me = viewer(cast.ada)
    made = [
        writing.start(me, fields(title, each), ChapterFields(body=prose("<p>Rain.</p>")), state=State.DRAFT)
        for title, each in (("One", hers), ("Two", alone))
    ]
    assert [each.title for each in Series.objects.all()] == ["Nights", "Nights"]
    assert writing.series_of(me) == ["Nights"]
    writing.save_work(me, made[0], fields("One", alone))
    assert {each.series_entries.get().series_id for each in made} == {made[1].series_entries.get().series_id}


def fields(title: str, pseud: Pseud) -> WorkFields:
    return WorkFields(
        title=title,
        pseuds=(pseud.pk,),
        taggings=(Tagging(kind=TagKind.FANDOM, name="Dracula"),),
        series=("Nights",),
    )


def test_a_story_that_leaves_names_the_account_of_one_that_is_linked_alone(cast, home):
    alone = moth(cast.ada)
    work = signed(make_work("By night"), alone)
    assert [each.account for each in manuscripts.of(work, []).credits] == [""]
    Pseud.objects.update(is_linked=True)
    assert [each.account for each in manuscripts.of(Work.objects.get(), []).credits] == ["ada"]


def test_words_by_which_unlinked_names_were_found_are_forgotten(cast, home):
    from importlib import import_module  # noqa: PLC0415 - a module whose name is a number

    alone = moth(cast.ada, is_linked=True)
    signed(make_work("By night"), alone)
    assert PersonWord.objects.filter(pseud=alone, word="ada").exists()
    Pseud.objects.update(is_linked=False)
    import_module("undying.finding.migrations.0003_names_of_their_own").forget_accounts(installed, None)
    alone.refresh_from_db()
    assert set(PersonWord.objects.filter(pseud=alone).values_list("word", flat=True)) == set(names.person_words(alone))
    import_module("undying.people.migrations.0008_pen_names").link_their_namesakes(installed, None)
    assert list(Pseud.objects.filter(is_linked=True).values_list("name", flat=True)) == ["ada"]


def test_who_writes_with_her_learns_her_pen_name_and_not_her_account(cast, browser):
    alone = moth(cast.ada)
    work = writing.start(
        viewer(cast.ada), fields("One", alone), ChapterFields(body=prose("<p>Rain.</p>")), state=State.DRAFT
    )
    Creatorship.objects.create(work=work, pseud=cast.rey.pseuds.get(), position=1)
    told = browser(cast.rey).get(links.revisions(work)).content.decode()
    assert MOTH in told
    assert "ada" not in told
