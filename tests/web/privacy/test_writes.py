"""Who may change nothing changes nothing, however she asks; and signing in gives nothing away."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, viewer
from tests.makers import make_work
from tests.web.privacy.archive import Secrets, make_batch, make_open_keepsakes
from tests.web.privacy.surfaces import routes
from undying.community import saving
from undying.exchange import optouts
from undying.exchange.optouts import Person
from undying.exchange.pairs import Duplicate
from undying.exchange.private import Asked, Message, Record
from undying.library.models import Draft, DraftKind
from undying.people.models import Invite
from undying.web import links
from undying.web.middleware import FORMS

EVERYBODY_BUT_ARI = ["guest", "rey", "ada", "mo"]
DESK = (
    "imports",
    "import",
    "import-open",
    "import-undo",
    "import-announce",
    "import-flags",
    "authors-to-find",
    "author-to-find",
    "letters",
    "sever",
    "record-take-back",
    "opt-outs",
    "opt-out-remove",
    "messages",
    "message-settle",
    "desk-settings",
    "first-works",
    "invitations",
    "invitation-take-back",
    "members",
    "member",
)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def everything() -> str:
    """A digest of every row but those of sessions."""
    told = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.label != "sessions.Session":
            told.update(repr((model._meta.label, list(model.objects.order_by("pk").values_list()))).encode())
    return told.hexdigest()


def draft_of(user, work) -> Draft:
    """What she has typed into the form of her work and not saved."""
    return Draft.objects.create(owner=user, work=work, kind=DraftKind.WORK, fields={"body": ["Lamp oil"]})


def version_of(work) -> int:
    """A version of it."""
    return work.revisions.create(number=1, manuscript=b"").number


@pytest.fixture
def addresses(home, cast) -> dict[str, str]:
    """One address of each route; all but the last of them lead to something."""
    work = make_work(owner=cast.ada)
    batch = make_batch(Secrets(), work)
    author = cast.ada.pseuds.get()
    keepsake = make_open_keepsakes()
    kept = saving.keep(viewer(cast.ada), "Lamps", "q=lamp")
    saving.open_feed(kept)
    return {
        "front": "/",
        "works": "/works",
        "search": "/works/search",
        "search-help": "/search/help",
        "more-tags": "/works/tags?kind=fandom",
        "search-people": "/search/people",
        "search-tags": "/search/tags",
        "search-series": "/search/series",
        "works-feed": "/works/feed.atom",
        "tag-feed": "/tags/Dracula/works/feed.atom",
        "own-feed": links.own_feed(kept.token),
        "exclusions": links.exclusions("ada"),
        "exclude": links.exclude("ada", work),
        "searches": links.searches("ada"),
        "new-search": links.new_search("ada", "q=lamp"),
        "saved-search": links.saved_search("ada", kept.pk),
        "new-work": links.NEW_WORK,
        "upload-work": links.UPLOAD,
        "episodes-to-write": f"{links.EPISODES_TO_WRITE}?like=a&fandom=Dracula",
        "tags-to-write": f"{links.TAGS_TO_WRITE}?of=fandom&like=d",
        "own-pictures": links.PICTURES,
        "own-picture": links.own_picture("0" * 64),
        "autosave": f"{links.AUTOSAVE}?kind=work&work={work.pk}",
        "draft": links.draft("ada", draft_of(cast.ada, work).pk),
        "edit-work": links.edit(work),
        "work-link": links.work_link(work),
        "schedule-work": links.schedule(work),
        "schedule-chapter": links.schedule(work, work.chapters.get()),
        "delete-work": links.delete_work(work),
        "creators": links.creators(work),
        "asked": links.asked("ada"),
        "blocks": links.blocks("ada"),
        "account-gifts": links.gifts(links.account("ada")),
        "author-gifts": links.gifts(links.of(author)),
        "revisions": links.revisions(work),
        "revision": links.revision(work, version_of(work)),
        "new-chapter": links.new_chapter(work),
        "chapters": links.chapters(work),
        "edit-chapter": links.chapter_act(work.chapters.get(), "edit"),
        "split-chapter": links.chapter_act(work.chapters.get(), "split"),
        "delete-chapter": links.chapter_act(work.chapters.get(), "delete"),
        "drafts": links.drafts("ada"),
        "edit-many": links.many("ada"),
        "statistics": links.statistics("ada"),
        "statistics-csv": links.statistics("ada", suffix=".csv"),
        "work-statistics": links.statistics("ada", work),
        "work-statistics-csv": links.statistics("ada", work, suffix=".csv"),
        "about": links.about("ada"),
        "preferences": links.preferences("ada"),
        "pen-names": links.pen_names("ada"),
        "pen-name": links.pen_name("ada", author),
        "leaving": links.leaving("ada"),
        "everything": links.everything("ada"),
        "let-go": links.let_go(work),
        "work": links.of(work),
        "chapter": links.of(work.chapters.get()),
        "chapter-alone": f"/chapters/{work.chapters.get().pk}",
        "navigate": links.navigate(work),
        "reviews": links.reviews(work),
        "cover": links.cover(work),
        "cover-small": links.cover(work, small=True),
        "picture": links.picture(work.pk, "0" * 64),
        "download": links.download(work, "html"),
        "series": "/series/1",
        "series-reviews": "/series/1/comments",
        "news": "/news",
        "news-item": keepsake[0],
        "pages": "/pages",
        "page": keepsake[1],
        "challenges": "/challenges",
        "challenge": keepsake[2],
        "account-favourites": "/users/ada/bookmarks",
        "author-favourites": links.favourites(links.of(author)),
        "fandoms": "/fandoms",
        "media": "/media",
        "medium": "/media/Movies/fandoms",
        "tag-works": "/tags/Dracula/works",
        "tag": "/tags/Dracula",
        "imports": "/imports",
        "import": f"/imports/{batch.pk}",
        "duplicates": "/imports/duplicates",
        "duplicate": links.duplicate(Duplicate.objects.get().pk),
        "import-addresses": f"/imports/{batch.pk}/addresses",
        "import-addresses-map": f"/imports/{batch.pk}/addresses.tsv",
        "import-open": f"/imports/{batch.pk}/open",
        "import-undo": f"/imports/{batch.pk}/undo",
        "import-again": f"/imports/{batch.pk}/again",
        "import-labels": f"/imports/{batch.pk}/labels",
        "import-labels-csv": f"/imports/{batch.pk}/labels.csv",
        "import-repairs": f"/imports/{batch.pk}/repairs",
        "import-entry": links.entry(batch.pk, batch.entries.get(container__endswith="/").pk),
        "import-original": links.entry(batch.pk, batch.entries.get(container__endswith="/").pk, original=True),
        "import-announce": f"/imports/{batch.pk}/announce",
        "import-flags": f"/imports/{batch.pk}/flags",
        "authors-to-find": "/authors-to-find",
        "author-to-find": f"/authors-to-find/{batch.contacts.get().pk}",
        "letters": "/authors-to-find/letters",
        "sever": "/authors-to-find/sever",
        "record-take-back": f"/authors-to-find/records/{Record.objects.create(done='left', by='ari').pk}/take-back",
        "opt-outs": "/opt-outs",
        "opt-out-remove": f"/opt-outs/{optouts.note(Person(name='Mina'), Asked.NOT_HERE)[0].pk}/remove",
        "claim": "/claims/unknown",
        "proof": "/claims",
        "rescue": "/rescue",
        "messages": "/rescue/messages",
        "message-settle": f"/rescue/messages/{Message.objects.create(text='Hello').pk}",
        "desk-settings": "/desk/settings",
        "forgotten": "/forgotten",
        "renew-password": "/forgotten/unknown",
        "own-account": "/users/ada/account",
        "own-password": "/users/ada/account/password",
        "own-address": "/users/ada/account/email",
        "own-browsers": "/users/ada/account/browsers",
        "own-sure": "/users/ada/account/sure",
        "own-factors": "/users/ada/account/second-factor",
        "own-app": "/users/ada/account/second-factor/app",
        "own-passkey": "/users/ada/account/second-factor/passkey",
        "own-codes": "/users/ada/account/second-factor/codes",
        "mfa_authenticate": "/users/login/second",
        "passkey": "/users/login/passkey",
        "confirm-address": "/new-address/unknown",
        "join": "/join",
        "begin": "/join/unknown",
        "terms": "/terms",
        "first-works": "/desk/first-works",
        "invitations": "/desk/invitations",
        "members": "/desk/members",
        "member": "/desk/members/ada",
        "invitation-take-back": links.invitation(Invite.objects.create(code="lamp", by="ari").pk),
        "account_login": "/users/login",
        "account_logout": "/users/logout",
        "account_inactive": "/users/suspended",
        "account": "/users/ada",
        "account-works": "/users/ada/works",
        "author": links.of(author),
        "author-works": f"{links.of(author)}/works",
        "icon": f"{links.of(author)}/icon.jpg",
        "token": "/token_dispenser.json",
        "theme": "/theme.css",
        "robots": "/robots.txt",
        "health": "/healthz",
        "moved": "/viewstory.php?sid=1",
    }


def test_every_route_is_here(addresses):
    assert set(addresses) == set(routes())


@pytest.mark.parametrize("checks", [True, False], ids=["as browsers come", "with a token"])
def test_nothing_but_reading_and_the_forms_is_answered_and_no_row_changes(cast, addresses, checks):
    client = Client(enforce_csrf_checks=checks)
    client.force_login(cast.mo, backend=settings.AUTHENTICATION_BACKENDS[0])
    before = everything()

    for name, address in addresses.items():
        for method in ("put", "patch", "delete", "options", "trace", "post"):
            if method == "post" and name in FORMS:
                continue
            answer = getattr(client, method)(address)
            assert answer.status_code == 405, (method, address)
            assert answer.headers["Allow"] == ("GET, HEAD, POST" if name in FORMS else "GET, HEAD")
        assert client.head(address).status_code == client.get(address).status_code
    assert everything() == before


def test_a_refused_method_tells_nothing_of_what_is_there(guest):
    work = make_work(hidden=True)

    assert guest.put(links.of(work)).content == guest.put("/works/123").content


def test_a_form_without_its_token_changes_nothing(cast, addresses):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.ari, backend=settings.AUTHENTICATION_BACKENDS[0])
    before = everything()

    for name in FORMS:
        answer = client.post(addresses[name], {"user[login]": "ada", "user[password]": PASSWORD})
        assert answer.status_code == 403, name
        assert "too old" in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("who", EVERYBODY_BUT_ARI)
def test_the_desk_is_not_there_for_anybody_else(cast, browser, addresses, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    before = everything()

    for name in [name for name in addresses if name.startswith("import") or name in DESK]:
        assert client.get(addresses[name]).content == client.get("/nowhere").content
        if name in FORMS:
            answer = client.post(addresses[name])
            assert (answer.status_code, answer.content) == (404, client.get("/nowhere").content)
    assert everything() == before


WRITING = (
    "autosave",
    "draft",
    "edit-work",
    "delete-work",
    "work-link",
    "schedule-work",
    "schedule-chapter",
    "creators",
    "asked",
    "blocks",
    "revisions",
    "revision",
    "new-chapter",
    "chapters",
    "edit-chapter",
    "split-chapter",
    "delete-chapter",
    "drafts",
    "edit-many",
)


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_pages_of_writing_are_there_for_a_works_creators_alone(cast, browser, addresses, who):
    """The same bytes as for a work that nobody has, and what was typed comes back the same from both."""
    client = browser(None if who == "guest" else getattr(cast, who))
    before = everything()
    work = addresses["work"].rpartition("/")[2]
    typed = {"title": "Mine now", "body": "A text\nof two lines", "act": "post"}

    for name in WRITING:
        address = addresses[name]
        nobodys = address.replace(work, "12345").replace("/ada/", "/zed/")
        assert page(client.get(address), work) == page(client.get(nobodys), "12345")
        assert client.get(address).status_code == (405 if name == "autosave" else 404)
        if name in FORMS:
            assert page(client.post(address, typed), work) == page(client.post(nobodys, typed), "12345")
    assert everything() == before


def sign_in(client, name, password=PASSWORD, **more):
    return client.post("/users/login", {"user[login]": name, "user[password]": password, **more})


def page(answer, name: str) -> tuple[int, str]:
    """What the form said, but for its token and the name that was typed."""
    told = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())
    return answer.status_code, told.replace(name, "")


def test_a_closed_account_a_wrong_password_and_an_unknown_name_look_the_same(cast, browser):
    told = {
        page(sign_in(browser(None), name, "not it"), name) for name in (cast.sam.username, cast.rey.username, "zed")
    }

    assert len(told) == 1


def test_a_closed_account_is_never_signed_in(cast, guest):
    sign_in(guest, cast.sam.username)

    assert "_auth_user_id" not in guest.session
    assert 'href="/users/logout' not in guest.get("/").content.decode()


def test_closing_an_account_ends_its_sessions(cast, browser):
    client = browser(cast.rey)
    cast.rey.is_active = False
    cast.rey.save()

    assert 'href="/users/logout' not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "/%09/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "//testserver@evil.example",
        "http://testserver.evil.example/",
    ],
)
def test_nobody_is_led_astray_after_signing_in(cast, browser, where):
    asked = [
        sign_in(browser(None), cast.rey.username, next=where),
        browser(None).post(
            f"/users/login?next={where}", {"user[login]": cast.rey.username, "user[password]": PASSWORD}
        ),
        browser(cast.rey).get("/users/login", {"next": where}),
    ]

    for answer in asked:
        assert answer.status_code == 302
        assert re.fullmatch(r"/(?![/\\]).*", answer.headers["Location"])


def test_a_session_from_before_is_not_the_one_after(cast, browser):
    client = browser(None)
    client.cookies["sessionid"] = "chosenbysomebodyelse00000000000"
    sign_in(client, cast.rey.username)

    first = client.cookies["sessionid"].value
    assert first != "chosenbysomebodyelse00000000000"
    client.post("/users/logout")
    other = browser(None)
    other.cookies["sessionid"] = first
    assert 'href="/users/logout' not in other.get("/").content.decode()


def test_cookies_keep_to_themselves(cast, browser, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True  # as behind a proxy with TLS
    client = browser(None)
    client.get("/users/login", secure=True)
    client.get("/?view_adult=true", secure=True)
    client.post("/users/login", {"user[login]": cast.rey.username, "user[password]": PASSWORD}, secure=True)

    assert set(client.cookies) == {"csrftoken", "view_adult", "sessionid"}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]
