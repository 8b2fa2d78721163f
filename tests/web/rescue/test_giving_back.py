"""The pages on which works go back: the author's, behind her link, and the archivist's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from tests.makers import make_work
from undying.exchange import announcing, claims
from undying.exchange.contacts import receive
from undying.exchange.models import Batch, BatchState
from undying.exchange.private import Asked, Contact, Invitation, Message, OptOut, Record
from undying.formats import Contact as Told
from undying.kernel.clock import now
from undying.kernel.tasks import run_due
from undying.library.models import Work
from undying.manuscript import Credit
from undying.people.models import User
from undying.people.viewer import Role

pytestmark = pytest.mark.django_db(transaction=True)
MINA = Credit(name="Mina <Harker>", key="2")
EMAIL = "mina.harker@mail.example"
TOKEN = "a-token-that-nobody-guesses"
PASSWORD = "a lamp in the abbey window"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def batch(home) -> Batch:
    return Batch.objects.create(digest="d" * 64, label="Whitby", state=BatchState.DONE)


@pytest.fixture
def works(batch) -> list[Work]:
    receive([Told(site="tests.example", credit=MINA, emails=(EMAIL,))], batch)
    return [make_work("Alone", credits=(MINA,)), make_work("Together", credits=(MINA, Credit(name="Lucy")))]


@pytest.fixture
def link(works) -> str:
    invitation = Invitation.objects.create(digest=claims.digest_of(TOKEN), sent=now(), until=now() + timedelta(days=1))
    invitation.contacts.set(Contact.objects.all())
    return f"/claims/{TOKEN}"


def text(answer) -> str:
    return answer.content.decode()


def test_her_page_lists_her_works_and_keeps_itself_to_itself(guest, link):
    answer = guest.get(link)

    assert "Alone" in text(answer)
    assert "Mina &lt;Harker&gt;" in text(answer)
    assert EMAIL not in text(answer)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")
    assert guest.get(link).status_code == 200


def test_she_makes_an_account_and_takes_one_work_back(guest, link, works):
    answer = guest.post(link, {f"work-{works[0].pk}": "claim", "username": "mina", "password": PASSWORD}, follow=True)

    assert answer.redirect_chain == [("/users/mina", 302)]
    assert "Sign out" in text(answer)
    assert works[0].creatorships.get().pseud.user == User.objects.get(username="mina")
    assert User.objects.get(username="mina").role == Role.MEMBER
    assert not works[1].creatorships.filter(pseud__user__isnull=False).exists()
    assert text(guest.get(link)) == text(guest.get("/nowhere"))
    assert not Contact.objects.exists()


def test_signed_in_she_takes_all_into_that_account(browser, cast, link):
    client = browser(cast.rey)
    assert "rey" in text(client.get(link))
    client.post(link, {"all": "claim"})

    assert {work.creatorships.first().pseud.user for work in Work.objects.all()} == {cast.rey}


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({}, "sign in first"),
        ({"username": "rey", "password": PASSWORD}, "an account named rey"),
        ({"username": "m", "password": PASSWORD}, "3 to 40"),
        ({"username": "mina", "password": "short"}, "password"),
        ({"username": "mina", "password": PASSWORD, "all": "burn"}, "Choose one"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_says_why(guest, cast, link, changes, trouble):
    assert cast.rey.username == "rey"
    answer = guest.post(link, {"all": "claim", "never_write": "on", **changes})

    assert trouble in text(answer)
    assert not Record.objects.exists()
    assert not OptOut.objects.exists()
    assert not User.objects.filter(username__in=["m", "mina"]).exists()
    assert guest.get(link).status_code == 200


def test_deleting_takes_it_out_of_sight_at_once_and_the_worker_does_the_rest(guest, link, works):
    guest.post(link, {f"work-{works[0].pk}": "delete", "never_import": "on"})

    assert guest.get(f"/works/{works[0].pk}").status_code == 404
    run_due()
    assert not Work.objects.filter(pk=works[0].pk).exists()
    assert OptOut.objects.filter(asked=Asked.NOT_HERE).count() == 3


@pytest.mark.parametrize("token", ["x", "a" * 300, "%00"])
def test_a_link_that_is_none_is_a_page_that_is_not_there(guest, link, token):
    assert text(guest.get(f"/claims/{token}")) == text(guest.get("/nowhere"))
    assert guest.post(f"/claims/{token}").status_code == 404


def test_the_archivist_sees_addresses_masked_until_she_asks(browser, cast, works):
    desk = browser(cast.ari)

    masked, shown = (text(desk.get("/authors-to-find" + query)) for query in ("", "?addresses=shown"))
    assert EMAIL not in masked
    assert "m…@m….example" in masked
    assert EMAIL in shown
    assert desk.get("/authors-to-find")["Cache-Control"] == "no-store"
    assert "Harker" in text(desk.get("/authors-to-find?words=mina"))
    assert "Nobody like that." in text(desk.get("/authors-to-find?words=jack%00"))


def test_the_archivist_decides_without_a_letter_and_says_why(browser, cast, works):
    desk = browser(cast.ari)
    number = Contact.objects.get().pk
    assert cast.rey.username == "rey"
    assert "Give a reason" in text(desk.post(f"/authors-to-find/{number}", {"all": "claim", "account": "rey"}))
    assert "there is none" in text(desk.post(f"/authors-to-find/{number}", {"all": "claim", "reason": "x"}))
    desk.post(f"/authors-to-find/{number}", {"all": "claim", "account": "REY", "reason": "She knew her drafts."})

    assert {each.reason for each in Record.objects.all()} == {"She knew her drafts."}
    assert {work.creatorships.first().pseud.user for work in Work.objects.all()} == {cast.rey}
    assert not Contact.objects.exists()


def test_an_orphaning_is_taken_back_from_the_list(browser, cast, works):
    desk = browser(cast.ari)
    desk.post(f"/authors-to-find/{Contact.objects.get().pk}", {"all": "orphan", "reason": "By mail."})
    record = Record.objects.get(work_number=works[0].pk)
    assert f"/authors-to-find/records/{record.pk}/take-back" in text(desk.get("/authors-to-find"))
    desk.post(f"/authors-to-find/records/{record.pk}/take-back")

    assert works[0].creatorships.get().pseud.name == "Mina <Harker>"


def test_letters_are_rehearsed_and_sent_only_when_told(browser, cast, works, settings, mailoutbox):
    values = settings.UNDYING.values | {"base_url": "https://archive.example"}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)
    desk = browser(cast.ari)
    rehearsal = text(desk.get("/authors-to-find/letters"))
    assert "1 letter would be written" in rehearsal
    assert EMAIL not in rehearsal
    assert not Invitation.objects.exists()
    run_due()
    assert not mailoutbox
    desk.post("/authors-to-find/letters")
    run_due()

    [letter] = mailoutbox
    assert letter.to == [EMAIL]
    assert "https://archive.example/claims/" in letter.body
    assert "Mina <Harker>" in letter.body


def test_letters_without_a_base_url_say_what_to_set(browser, cast, works):
    assert "Set base_url first" in text(browser(cast.ari).post("/authors-to-find/letters"))


def test_an_opt_out_is_noted_looked_up_and_taken_off(browser, cast, works):
    desk = browser(cast.ari)
    assert "Not on the list" in text(desk.post("/opt-outs", {"email": EMAIL, "act": "check"}))
    assert "Give an e-mail address" in text(desk.post("/opt-outs", {"act": "not-here"}))
    desk.post("/opt-outs", {"email": EMAIL.upper(), "act": "not-here"})
    assert set(Work.objects.filter(is_hidden=False).values_list("title", flat=True)) == {"Together"}
    answer = text(desk.post("/opt-outs", {"email": EMAIL, "act": "check"}))
    assert "On the list" in answer
    assert "mina" not in answer.lower()
    run_due()
    assert set(Work.objects.values_list("title", flat=True)) == {"Together"}
    desk.post(f"/opt-outs/{OptOut.objects.get().pk}/remove")
    assert not OptOut.objects.exists()


def test_under_another_key_the_desk_says_what_to_do_and_writes_to_nobody(browser, cast, works, settings):
    desk = browser(cast.ari)
    desk.post("/opt-outs", {"name": "Quincey", "act": "not-here"})
    assert "another secret key" not in text(desk.get("/opt-outs"))
    (settings.UNDYING.home / "secret_key").write_text("a key of another archive")

    for page in ("/opt-outs", "/authors-to-find", "/authors-to-find/letters"):
        answer = desk.get(page)
        assert answer.status_code == 200
        assert "1 opt-out was noted under another secret key" in text(answer)
    assert "another secret key" in text(desk.post("/authors-to-find/letters"))
    assert "another secret key" in text(desk.post("/opt-outs", {"name": "Quincey", "act": "check"}))
    assert not Invitation.objects.exists()
    assert "Tick first" in text(desk.post("/opt-outs", {"act": "remove-unknown"}))
    desk.post("/opt-outs", {"act": "remove-unknown", "sure": "on"})
    assert not OptOut.objects.exists()
    assert "another secret key" not in text(desk.get("/authors-to-find/letters"))


def test_what_is_announced_is_told_to_all_and_what_is_not_to_nobody(browser, cast, guest, batch):
    assert "Nothing is announced" in text(guest.get("/rescue"))
    desk = browser(cast.ari)
    desk.post(f"/imports/{batch.pk}/announce", {"name": "Whitby <Nights>", "notice": "It is closing.\n\nWrite."})
    told = text(guest.get("/rescue"))

    assert "Whitby &lt;Nights&gt;" in told
    assert "It is closing." in told
    assert batch.label not in told.replace("Whitby &lt;", "")
    announcing.open_now(batch, by="ari", reason="x")
    assert "Nothing is announced" in text(guest.get("/rescue"))


def test_an_import_is_not_opened_before_its_day_but_for_a_reason(browser, cast, batch):
    desk = browser(cast.ari)
    assert "Open to everyone" not in text(desk.get(f"/imports/{batch.pk}"))
    assert desk.post(f"/imports/{batch.pk}/open").status_code == 400
    run_due()
    assert not Batch.objects.get().is_open
    desk.post(f"/imports/{batch.pk}/open", {"reason": "They all agreed."})
    run_due()
    assert Batch.objects.get().is_open
    assert "They all agreed." in Record.objects.get().reason


def test_a_message_reaches_the_desk_and_nobody_else(browser, cast, guest):
    answer = guest.post(
        "/rescue", {"name": "M.", "reply_to": EMAIL, "text": "Is <b>mine</b> there?", "website": ""}, follow=True
    )
    assert "with the archivist" in text(answer)
    desk = browser(cast.ari)
    told = text(desk.get("/rescue/messages"))
    assert "Is &lt;b&gt;mine&lt;/b&gt; there?" in told
    assert EMAIL in told
    for url in ("/rescue/messages", f"/rescue/messages/{Message.objects.get().pk}"):
        assert text(guest.get(url)) == text(guest.get("/nowhere"))
    number = Message.objects.get().pk
    desk.post(f"/rescue/messages/{number}", {"act": "answered"})
    assert Message.objects.get().answered
    desk.post(f"/rescue/messages/{number}", {"act": "delete"})
    assert not Message.objects.exists()


def test_the_form_is_not_for_machines_nor_for_floods(guest, home):
    guest.post("/rescue", {"text": "Buy", "website": "http://spam.example"})
    assert not Message.objects.exists()
    for _ in range(8):
        answer = guest.post("/rescue", {"text": "Me again"})
    assert "wait a while" in text(answer)
    assert Message.objects.count() == 4


def test_the_form_says_the_same_of_one_who_is_known_and_one_who_is_not(guest, works):
    known, unknown = (
        re.sub(
            r'(csrfmiddlewaretoken" value=")\w+',
            r"\1",
            text(guest.post("/rescue", {"reply_to": address, "text": "Hello"}, follow=True)),
        )
        for address in (EMAIL, "nobody@mail.example")
    )
    assert known == unknown
