"""Works go back to their authors: one letter each, a link that works once, every decision recorded, none half done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail

from tests.makers import make_work
from undying.exchange import announcing, claims, contacts, departures, letters, optouts, tasks
from undying.exchange.claims import Choice, Decision
from undying.exchange.contacts import receive
from undying.exchange.models import Batch, BatchState
from undying.exchange.optouts import Askers, Person
from undying.exchange.private import Announcement, Asked, Contact, Done, Invitation, Message, Record
from undying.exchange.undo import undo
from undying.formats import Contact as Told
from undying.kernel.clock import now
from undying.library.models import Creatorship, Work
from undying.manuscript import Audience, Credit, Source
from undying.people.models import Profile, Pseud

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

SITE = "tests.example"
MINA = Credit(name="Mina", key="2")
LUCY = Credit(name="Lucy", key="3")


@pytest.fixture
def address(settings):
    """The archive knows its own address, and mail goes nowhere."""
    values = settings.UNDYING.values | {"base_url": "https://archive.example"}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(digest="d" * 64, label="Whitby", state=BatchState.DONE)


def told(batch: Batch, *people: tuple[Credit, tuple[str, ...]], site: str = SITE) -> None:
    receive([Told(site=site, credit=credit, emails=emails) for credit, emails in people], batch)


@pytest.fixture
def minas(batch) -> list[Work]:
    """Mina's alone, Mina's with Lucy, and Lucy's; how both can be reached."""
    told(batch, (MINA, ("mina@mail.example",)), (LUCY, ("lucy@mail.example",)))
    return [
        make_work("Alone", credits=(MINA,)),
        make_work("Together", credits=(MINA, LUCY)),
        make_work("Lucy's", credits=(LUCY,)),
    ]


def contact(name: str = "Mina") -> Contact:
    return Contact.objects.get(name=name)


def bylines() -> dict[str, list[str]]:
    return {work.title: [each.pseud.name for each in work.creatorships.all()] for work in Work.objects.all()}


def sent() -> str:
    """The token of the only letter."""
    letters.queue()
    letters.send_due()
    return re.findall(r"/claims/(\S+)", str(mail.outbox[0].body))[0]


def test_each_author_gets_one_letter_for_all_her_works_from_all_sites(batch, minas, address):
    make_work("Elsewhere", credits=(Credit(name="M. Harker", key="9"),), source=Source(site="other.example", key="1"))
    told(batch, (Credit(name="M. Harker", key="9"), ("MINA@mail.example", "m@old.example")), site="other.example")

    assert letters.queue() == 2
    assert letters.send_due() == 2
    mine = next(each for each in mail.outbox if "Mina" in each.body)
    assert (mine.to, mine.bcc) == (["mina@mail.example"], ["m@old.example"])
    assert all(title in mine.body for title in ("Alone", "Together", "Elsewhere"))
    assert "Lucy's" not in mine.body
    assert "\n" not in mine.subject
    with pytest.raises(letters.NoLetters):
        letters.queue()


def test_only_a_hash_of_the_token_is_kept(minas, address):
    token = sent()

    kept = [str(value) for model in (Invitation, Record) for row in model.objects.values() for value in row.values()]
    assert not [value for value in kept if token in value]
    assert claims.invitation_for(token).contacts.get().name == "Mina"


def test_no_letter_goes_to_one_who_asked_for_none(minas, address):
    optouts.note(Person(email="mina@mail.example"), Asked.NO_MAIL)
    optouts.note(Person(name="lucy"), Asked.NOT_HERE)

    with pytest.raises(letters.NoLetters):
        letters.queue()


def test_one_who_asks_while_her_letter_waits_gets_none(minas, address):
    letters.queue()
    optouts.note(Person(email="mina@mail.example"), Asked.NO_MAIL)
    letters.send_due()

    assert [each.to for each in mail.outbox] == [["lucy@mail.example"]]
    assert not letters.is_waiting()


def test_letters_are_sent_a_few_an_hour(minas, address, settings):
    values = settings.UNDYING.values | {"mails_per_hour": 1}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)
    letters.queue()

    assert [letters.send_due(), letters.send_due()] == [1, 0]
    Invitation.objects.exclude(sent=None).update(sent=now() - timedelta(hours=2))
    assert letters.send_due() == 1


def test_a_letter_that_cannot_be_sent_says_so_and_is_tried_again(minas, address, monkeypatch):
    def fails(_self: object) -> None:
        raise ConnectionRefusedError

    letters.queue()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", fails)
        assert letters.send_due() == 0
    assert {each.trouble for each in Invitation.objects.all()} == {"ConnectionRefusedError"}
    assert letters.send_due() == 0
    assert letters.try_again() == 2
    assert letters.send_due() == 2


def test_letters_need_an_address_for_their_links(minas):
    with pytest.raises(letters.NoAddressHere):
        letters.queue()


@pytest.mark.parametrize("change", ["used", "old", "wrong"])
def test_a_link_works_once_and_for_a_while(minas, address, change):
    token = sent()
    if change == "used":
        claims.answer(claims.invitation_for(token), Decision(), by="she")
    if change == "old":
        Invitation.objects.update(until=now() - timedelta(minutes=1))

    with pytest.raises(claims.NoSuchClaim):
        claims.invitation_for(token + "x" * (change == "wrong"))


def test_what_she_claims_is_hers_under_her_name_and_her_address_is_forgotten(minas, address, cast):
    alone, together, _ = minas
    choices = {alone.pk: Choice.CLAIM, together.pk: Choice.CLAIM}
    claims.answer(claims.invitation_for(sent()), Decision(choices=choices, user=cast.rey), by="she")

    assert bylines() == {"Alone": ["Mina"], "Together": ["Mina", "Lucy"], "Lucy's": ["Lucy"]}
    assert {each.pseud.user for each in Creatorship.objects.filter(pseud__name="Mina")} == {cast.rey}
    assert not Creatorship.objects.filter(pseud__user=cast.rey).exclude(archived_by="").exists()
    assert not Pseud.objects.filter(name="Mina", user=None).exists()
    assert [each.name for each in Contact.objects.all()] == ["Lucy"]
    assert Record.objects.filter(done=Done.CLAIMED, by="she").count() == 2


def test_what_is_claimed_no_import_changes_and_no_undoing_takes(minas, cast, batch):
    alone, *_ = minas
    claims.decide([contact()], Decision(choices={alone.pk: Choice.CLAIM}, user=cast.rey), by="ari")
    batch.works.create(work_number=alone.pk, result="created", fingerprint=alone.fingerprint)
    undo(batch)

    assert Work.objects.filter(pk=alone.pk).exists()


@pytest.mark.parametrize(("choice", "name"), [(Choice.ORPHAN, claims.NO_NAME), (Choice.ORPHAN_NAMED, "Mina")])
def test_an_orphan_is_nobodys_and_can_be_had_back_for_three_days(minas, choice, name):
    alone, together, _ = minas
    claims.decide([contact()], Decision(choices={alone.pk: choice, together.pk: choice}), by="she")

    assert bylines() == {"Alone": [name], "Together": [name, "Lucy"], "Lucy's": ["Lucy"]}
    assert not contacts.pen_names_of(contact()).filter(creatorships__isnull=False).exists()
    record = Record.objects.get(work_number=alone.pk)
    claims.adopt(record, by="ari")
    assert bylines()["Alone"] == ["Mina"]
    assert Pseud.objects.get(creatorships__work=alone).key == "2"
    with pytest.raises(claims.TooLate):
        claims.adopt(record, by="ari")


def test_after_three_days_the_name_of_an_orphan_is_kept_nowhere(minas):
    alone, together, _ = minas
    claims.decide([contact()], Decision(choices={alone.pk: Choice.ORPHAN, together.pk: Choice.ORPHAN}), by="she")
    Record.objects.update(at=now() - timedelta(hours=73))
    tasks.upkeep()

    with pytest.raises(claims.TooLate):
        claims.adopt(Record.objects.get(work_number=alone.pk), by="ari")
    assert not Pseud.objects.filter(name="Mina").exists()
    assert not Contact.objects.filter(name="Mina").exists()
    assert not Record.objects.exclude(undo={}).exists()


def test_what_she_deletes_is_gone_for_good_and_what_others_made_too_loses_her_name(minas):
    alone, together, _ = minas
    source = Source(site=alone.site, key=alone.key)
    claims.decide([contact()], Decision(choices={alone.pk: Choice.DELETE, together.pk: Choice.DELETE}), by="she")

    assert Work.objects.get(pk=alone.pk).is_hidden
    departures.carry_out()
    assert bylines() == {"Together": ["Lucy"], "Lucy's": ["Lucy"]}
    assert Askers(Asked.NOT_HERE).include_work(source)


def test_for_good_means_every_address_and_name(minas):
    claims.decide([contact()], Decision(never_import=True, never_write=True), by="she")

    for person in (Person(email="MINA@mail.example"), Person(name="mina", site=SITE)):
        assert {each.asked for each in optouts.holds(person)} == {Asked.NOT_HERE, Asked.NO_MAIL}
    assert bylines()["Alone"] == ["Mina"]


def test_a_decision_that_cannot_be_carried_out_changes_nothing(minas):
    alone, *_ = minas
    with pytest.raises(claims.NobodysWork):
        claims.settle(alone, {10**15}, Choice.DELETE, by="she")
    assert not Record.objects.exists()


def test_an_import_is_announced_before_it_is_opened(batch):
    with pytest.raises(announcing.NotAnnounced):
        announcing.open_now(batch, by="ari")
    told_of = announcing.announce(batch, name="Whitby", notice="It is closing.")
    with pytest.raises(announcing.NotAnnounced, match=f"{told_of.opens:%Y-%m-%d}"):
        announcing.open_now(batch, by="ari")
    assert told_of.opens - told_of.since == timedelta(days=30)
    Announcement.objects.update(opens=now())
    announcing.open_now(batch, by="ari")
    assert Batch.objects.get().is_open
    assert not Record.objects.exists()


def test_changing_the_notice_does_not_begin_the_time_anew(batch):
    first = announcing.announce(batch, name="Whitby", notice="It is closing.")
    again = announcing.announce(batch, name="Whitby", notice="It has closed.")

    assert (again.opens, Announcement.objects.get().notice) == (first.opens, "It has closed.")


def test_opening_early_takes_a_reason_that_is_recorded(batch):
    announcing.open_now(batch, by="ari", reason="All twelve authors agreed.")

    assert Batch.objects.get().is_open
    assert Record.objects.get().reason == f"Import {batch.pk}: All twelve authors agreed."


@pytest.mark.parametrize(("by_itself", "days", "is_open"), [(True, -1, True), (True, 1, False), (False, -1, False)])
def test_it_opens_by_itself_only_when_asked_and_due(batch, by_itself, days, is_open):
    work = make_work(audience=Audience.MEMBERS)
    Work.objects.update(original_audience=Audience.EVERYONE)
    batch.works.create(work_number=work.pk, result="created", fingerprint=work.fingerprint)
    announcing.announce(batch, name="Whitby", notice="It is closing.", opens_by_itself=by_itself)
    Announcement.objects.update(opens=now() + timedelta(days=days))
    tasks.open_announced.func(batch.pk)

    assert Batch.objects.get().is_open is is_open
    assert Work.objects.get().is_open is is_open


def test_messages_are_bounded():
    announcing.leave_message(name="M" * 500, reply_to="m@mail.example", text="Hello\0")
    assert (Message.objects.get().name, Message.objects.get().text) == ("M" * 100, "Hello")
    with pytest.raises(announcing.Enough):
        announcing.leave_message(name="", reply_to="", text="x" * 5001)
    with pytest.raises(announcing.NoNotice):
        announcing.leave_message(name="", reply_to="", text=" ")
    Message.objects.bulk_create(Message(text="x") for _ in range(60))
    with pytest.raises(announcing.Enough):
        announcing.leave_message(name="", reply_to="", text="One more")


def test_an_address_is_masked_so_that_it_cannot_be_written_to():
    assert contacts.masked("mina.harker@mail.example") == "m…@m….example"
    assert contacts.masked("m@localhost") == "m…@l…"


@pytest.mark.parametrize("choice", [Choice.ORPHAN, Choice.DELETE])
def test_what_she_told_of_herself_goes_when_she_keeps_no_work(minas, choice):
    Profile.objects.create(pseud=Pseud.objects.get(name="Mina"), site=SITE, key="2", audience=Audience.MEMBERS)
    claims.decide([contact()], Decision(choices={each.pk: choice for each in minas[:2]}), by="ari")
    departures.carry_out()

    assert not Profile.objects.exists()
