"""A work for whoever has its link: the link opens it and all beneath it, nothing else does, and nothing tells of it."""

from __future__ import annotations

import re

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.manuscripts import make_picture, prose
from tests.web.privacy.surfaces import Answer, ask, links_in
from tests.web.writing.forms import WHOLE, said, written
from undying.exchange import taking_home
from undying.kernel.errors import NotVisible
from undying.library import access, actions, manuscripts, sharing, writing
from undying.library.models import Work, WorkLink
from undying.manuscript import Audience, Chapter, Review, SeriesPlace, Source, State, TagKind
from undying.people.viewer import Viewer
from undying.web import links

PICTURE = make_picture(1)


@pytest.fixture
def secret(cast, home) -> Work:
    """A work of Ada's for whoever has its link, in two chapters."""
    shown = Chapter(title="One", body=prose(f'<p>Quelmoor. <img src="picture:{PICTURE.sha256}" alt="A map"></p>'))
    return make_work(
        "Quelmoor",
        chapters=(shown, Chapter(title="Two", body=prose("<p>Quelmoor again.</p>"))),
        audience=Audience.LINK,
        owner=cast.ada,
        pictures=(PICTURE,),
        tags={TagKind.RATING: ["General Audiences"], TagKind.FANDOM: ["Dracula", "Quelmoorish"]},
        series=(SeriesPlace(title="Nights", key="1", position=1),),
        reviews=(Review(name="Rey", body=prose("<p>Oh.</p>"), chapter=1),),
    )


def through(work: Work) -> str:
    """What stands before its addresses for whoever has the link."""
    return f"/by-link/{work.link.token}"


def beneath(work: Work) -> list[str]:
    """Every address of the work that is for readers."""
    return [
        links.of(work),
        links.work(work, whole=True),
        *(links.of(each) for each in work.chapters.order_by("position")),
        links.navigate(work),
        links.reviews(work),
        links.cover(work),
        links.cover(work, small=True),
        links.picture(work.pk, PICTURE.sha256),
        links.download(work, "epub"),
        links.download(work, "html"),
    ]


def test_the_link_opens_the_work_and_all_beneath_it_and_nothing_else(cast, browser, secret):
    other = make_work("Open", tags={TagKind.FANDOM: ["Dracula"]})
    second = make_work("Another", audience=Audience.LINK, owner=cast.ada)

    for client in (browser(None), browser(cast.rey), browser(cast.mo)):
        for address in beneath(secret):
            assert client.get(address).status_code == 404, address
            answer = client.get(through(secret) + address)
            assert answer.status_code == 200, address
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer.headers["X-Robots-Tag"]
        assert same(ask(client, through(secret) + links.of(other)), ask(client, f"/by-link/x{links.of(other)}"))
        for address in (links.of(second), "/works", "/works/feed.atom", "/", "/works/search?q=abbey"):
            assert client.get(through(secret) + address).status_code == 404, address
        for address in (
            links.edit(secret),
            links.work_link(secret),
            links.revisions(secret),
            links.delete_work(secret),
        ):
            assert client.get(through(secret) + address).status_code == 404, address
        for address in (
            "/works",
            "/works/feed.atom",
            "/",
            "/works/search?q=-abbey",
            "/users/ada",
            "/tags/Dracula/works",
        ):
            assert b"uelmoor" not in client.get(address).content, address
        assert client.get("/tags/Quelmoorish").status_code == 404


def test_a_page_that_the_link_opened_leads_on_through_it(browser, guest, secret):
    before = through(secret)
    page = ask(guest, before + links.of(secret))

    own = [each for each in links_in(page) if str(secret.pk) in each]
    assert len(own) > 5
    assert [each for each in own if not each.startswith(before)] == []
    for each in own:
        assert guest.get(each).status_code == 200, each
    assert f'src="{before}{links.picture(secret.pk, PICTURE.sha256)}"' in page.text


def test_a_page_asked_for_afterwards_knows_nothing_of_the_link(guest, secret, cast, browser):
    guest.get(through(secret) + links.of(secret))

    assert guest.get(links.of(secret)).status_code == 404
    assert "/by-link/" not in browser(cast.ada).get(links.of(secret)).content.decode()


def test_a_link_that_opens_nothing_looks_like_any_page_that_is_not_there(guest, secret, cast):
    token = secret.link.token
    never = ask(guest, f"/by-link/{'a' * 32}/works/12345")
    assert never.status == 404
    flipped = ("b" if token[0] == "a" else "a") + token[1:]
    for address in (
        f"/by-link/{flipped}{links.of(secret)}",
        f"/by-link/{token}/works/12345",
        f"/by-link/{token[:-1]}{links.of(secret)}",
        f"/by-link/{token.swapcase()}{links.of(secret)}",
        f"/by-link/{token}x{links.of(secret)}",
        f"/by-link/{'a' * 400}{links.of(secret)}",
        f"/by-link/{token}/works/{'9' * 19}",
        f"/by-link/{token}/works/{secret.pk}0",
    ):
        assert same(ask(guest, address), never), address
    nowhere = ask(guest, "/by-link/")
    for address in (f"/by-link/{token}", f"/by-link/{token}/works", f"/by-link/{token}/feeds/{token}.atom"):
        assert same(ask(guest, address), nowhere), address
    for change in ({"state": State.DRAFT}, {"is_hidden": True}):
        Work.objects.filter(pk=secret.pk).update(state=State.POSTED, is_hidden=False)
        Work.objects.filter(pk=secret.pk).update(**change)
        assert same(ask(guest, through(secret) + links.of(secret)), never), change


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same but for the token of the page's forms."""

    def plain(answer: Answer) -> tuple[object, ...]:
        return answer.status, answer.headers, re.sub(rb'value="\w{64}"', b"", answer.body)

    return plain(one) == plain(other)


def test_a_draft_chapter_stays_a_draft_for_whoever_has_the_link(guest, secret):
    last = secret.chapters.order_by("position").last()
    type(last).objects.filter(pk=last.pk).update(state=State.DRAFT)

    assert guest.get(through(secret) + links.of(last)).status_code == 404
    assert b"uelmoor again" not in guest.get(through(secret) + links.work(secret, whole=True)).content


def test_a_new_link_is_the_only_one_that_opens(cast, browser, guest, secret):
    ada, old = browser(cast.ada), through(secret)
    page = said(ada.get(links.work_link(secret)))
    assert f'value="http://testserver{old}{links.of(secret)}"' in page

    assert ada.post(links.work_link(secret)).status_code == 302

    secret.link.refresh_from_db()
    assert through(secret) != old
    assert guest.get(old + links.of(secret)).status_code == 404
    assert guest.get(through(secret) + links.of(secret)).status_code == 200


def test_nobody_else_is_shown_the_link_or_renews_it(cast, browser, secret):
    before = secret.link.token

    for who in (None, cast.rey, cast.mo, cast.ari):
        client = browser(who)
        assert client.get(links.work_link(secret)).status_code == 404
        assert client.post(links.work_link(secret)).status_code == 404
        assert before not in client.get(links.of(secret)).content.decode()
    with pytest.raises(NotVisible):
        sharing.token_for(viewer(cast.rey), secret)
    assert WorkLink.objects.get().token == before


def test_she_chooses_it_in_the_form_and_what_is_for_others_has_no_link(cast, browser, guest):
    ada = browser(cast.ada)
    work = written(ada, audience="link")
    old = through(work)
    assert guest.get(old + links.of(work)).status_code == 200
    told = said(ada.get(links.of(work)))
    assert "For whoever has the link" in told
    assert f'href="{links.work_link(work)}"' in told

    ada.post(links.edit(work), {**WHOLE, "audience": "link", "title": "Still", "act": "save"})
    assert through(Work.objects.get()) == old
    ada.post(links.edit(work), {**WHOLE, "audience": "members", "act": "save"})
    assert not WorkLink.objects.exists()
    assert guest.get(old + links.of(work)).status_code == 404
    ada.post(links.edit(work), {**WHOLE, "act": "save"})
    assert guest.get(links.of(work)).status_code == 200
    assert guest.get(old + links.of(work)).status_code == 200  # what everybody may read is there for them too
    assert "has no link of its own" in said(ada.get(links.work_link(work)))
    ada.post(links.work_link(work))
    assert not WorkLink.objects.exists()
    ada.post(links.edit(work), {**WHOLE, "audience": "link", "act": "save"})
    assert through(Work.objects.get()) != old


def test_the_link_of_a_draft_opens_once_it_is_posted(cast, browser, guest):
    ada = browser(cast.ada)
    work = written(ada, audience="link", act="draft")
    assert "Once you post this work" in said(ada.get(links.work_link(work)))
    assert guest.get(through(work) + links.of(work)).status_code == 404

    writing.post(viewer(cast.ada), work)

    assert guest.get(through(work) + links.of(work)).status_code == 200


def test_consent_is_asked_behind_the_link_and_given_there(cast, browser, guest):
    work = written(browser(cast.ada), audience="link", rating="Explicit")

    asks = guest.get(through(work) + links.of(work)).content.decode()

    assert f'href="{through(work)}{links.of(work)}?view_adult=true"' in asks
    assert "Rain came in" not in asks
    assert "Rain came in" in guest.get(f"{through(work)}{links.of(work)}?view_adult=true").content.decode()


def test_a_file_had_by_the_link_does_not_hold_it(guest, secret):
    token = secret.link.token

    for suffix in ("html", "epub"):
        answer = ask(guest, through(secret) + links.download(secret, suffix))
        assert answer.status == 200
        assert token not in answer.text


def test_what_is_taken_elsewhere_is_for_nobody_but_whoever_has_a_link_there(cast, secret):
    story = manuscripts.of(
        access.work_for(Viewer.operator(), secret.pk), access.whole_text_for(Viewer.operator(), secret)
    )
    assert story.audience is Audience.LINK
    assert [each.pk for each in taking_home.works_of(viewer(cast.ada))] == [secret.pk]
    Work.objects.all().delete()

    again = actions.accession(story).work

    assert again.audience == Audience.LINK
    assert len(WorkLink.objects.get().token) >= 32
    actions.close_to_guests([again.pk])
    actions.open_to_everyone([again.pk])
    again.refresh_from_db()
    assert again.audience == Audience.LINK


def test_a_source_that_locks_a_work_does_not_open_it_to_members(db, home):
    source = Source(site="tests.example", key="again")
    work = make_work(source=source)
    Work.objects.filter(pk=work.pk).update(audience=Audience.LINK)

    make_work("Anew", source=source, audience=Audience.MEMBERS)

    work.refresh_from_db()
    assert (work.title, work.audience) == ("Anew", Audience.LINK)


def test_the_rule_opens_what_the_request_opened_and_no_more(cast, secret):
    opened = Viewer(opened=frozenset({secret.pk}))
    assert list(Work.objects.visible_to(opened)) == [secret]
    for change in ({"state": State.DRAFT}, {"is_hidden": True}, {"audience": Audience.MEMBERS}):
        Work.objects.filter(pk=secret.pk).update(state=State.POSTED, is_hidden=False, audience=Audience.LINK)
        Work.objects.filter(pk=secret.pk).update(**change)
        assert not Work.objects.visible_to(opened).exists(), change
