"""With another secret key nobody would know again who asked not to be here: everything that relies on it refuses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.core import mail
from django_tasks_db.models import DBTaskResult

from tests.makers import make_work
from undying.cli import care
from undying.exchange import again, departures, letters, optouts, tasks, undo
from undying.exchange.contacts import receive
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState
from undying.exchange.optouts import Askers, OtherKey, Person
from undying.exchange.private import Asked, Invitation, OptOut
from undying.formats import Contact as Told
from undying.library.models import Work
from undying.manuscript import Credit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

MINA = Credit(name="Mina", key="2")
LUCY = Credit(name="Lucy", key="3")
STORY = '+++\ntitle = "{title}"\ncreators = ["Mina"]\nsource = {{site = "whitby.example", key = "1"}}\n+++\n{text}\n'


@pytest.fixture
def file(home: Path) -> Path:
    """Where the key lies."""
    optouts.key_mark()  # makes it
    return home / "secret_key"


@pytest.fixture
def lose(file: Path) -> Callable[[], str]:
    """Loses the key, as a database that comes back beside a fresh data folder does; gives the old one."""

    def swap() -> str:
        old = file.read_text()
        file.unlink()
        return old

    return swap


@pytest.fixture
def batch(settings: SettingsWrapper) -> Batch:
    """Mina and Lucy can be reached, and their works are here; the archive can write."""
    values = settings.UNDYING.values | {"base_url": "https://archive.example"}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    made = Batch.objects.create(digest="d" * 64, label="Whitby", state=BatchState.DONE)
    people = ((MINA, ("mina@mail.example",)), (LUCY, ("lucy@mail.example",)))
    receive([Told(site="tests.example", credit=credit, emails=emails) for credit, emails in people], made)
    make_work("Alone", credits=(MINA,))
    make_work("Lucy's", credits=(LUCY,))
    return made


def saved(tmp_path: Path, text: str = "A ship.", title: str = "Night") -> Path:
    place = tmp_path / "saved"
    place.mkdir(exist_ok=True)
    (place / "night.md").write_text(STORY.format(title=title, text=text))
    return place


def test_under_the_same_key_all_goes_on(batch, tmp_path):
    optouts.note(Person(email="mina@mail.example"), Asked.NO_MAIL)

    assert letters.queue() == 1
    assert bring_in(Wish(paths=[saved(tmp_path)])).created == 1
    assert care._opt_out_troubles() == []


def test_letters_are_neither_planned_nor_queued_under_another_key(batch, lose):
    optouts.note(Person(email="mina@mail.example"), Asked.NO_MAIL)
    lose()

    with pytest.raises(OtherKey):
        letters.to_write_to()
    with pytest.raises(OtherKey, match=r"put the old key back \(the file secret_key"):
        letters.queue()
    assert not Invitation.objects.exists()


def test_letters_that_were_queued_wait_until_the_key_is_back(batch, lose, file):
    letters.queue()
    optouts.note(Person(email="mina@mail.example"), Asked.NO_MAIL)
    old = lose()
    with pytest.raises(OtherKey):
        letters.send_due()
    tasks.send_letters.func()
    assert mail.outbox == []
    assert DBTaskResult.objects.get().run_after is not None, "the worker tries again"

    file.write_text(old)
    tasks.send_letters.func()
    assert [each.to for each in mail.outbox] == [["lucy@mail.example"]]


@pytest.mark.parametrize("dry_run", [False, True])
def test_nothing_is_brought_in_under_another_key(tmp_path, home, lose, file, dry_run):
    optouts.note(Person(name="Mina"), Asked.NOT_HERE)
    old = lose()
    with pytest.raises(OtherKey, match="1 opt-out was noted under another secret key"):
        bring_in(Wish(paths=[saved(tmp_path)], dry_run=dry_run))
    assert not Batch.objects.exists()
    assert not (home / "originals").exists()

    file.write_text(old)
    assert bring_in(Wish(paths=[saved(tmp_path)], dry_run=dry_run)).created == 0


def test_who_only_asked_for_no_letters_keeps_no_import_waiting(tmp_path, lose):
    optouts.note(Person(name="Mina"), Asked.NO_MAIL)
    lose()
    assert bring_in(Wish(paths=[saved(tmp_path)])).created == 1


def test_nothing_is_read_again_or_put_back_under_another_key(tmp_path, lose):
    bring_in(Wish(paths=[saved(tmp_path)]))
    bring_in(Wish(paths=[saved(tmp_path, text="A ship came in, and nobody was on board.")]))
    optouts.note(Person(name="Lucy"), Asked.NOT_HERE)
    lose()
    first, second = Batch.objects.order_by("pk")

    with pytest.raises(OtherKey):
        again.read_again(first)
    with pytest.raises(OtherKey):
        undo.undo(second)
    assert Work.objects.get().chapters.get().words == 9
    optouts.remove_unknown()
    assert undo.undo(second) == 1


def test_an_opt_out_can_be_noted_and_carried_out_whatever_key_others_have(batch, lose):
    optouts.note(Person(name="Quincey"), Asked.NOT_HERE)
    lose()
    taken = departures.opt_out(Person(name="Mina", site="tests.example"), Asked.NOT_HERE, by="ari")

    assert taken.works == 1
    assert departures.carry_out() == 1
    assert optouts.holds(Person(name="Mina", site="tests.example"))
    with pytest.raises(OtherKey):
        optouts.holds(Person(name="Lucy"))


def test_taken_off_the_list_nothing_stands_in_the_way(batch, lose):
    optouts.note(Person(email="mina@mail.example"), Asked.NOT_HERE)
    lose()
    [mine] = optouts.note(Person(name="Lucy"), Asked.NO_MAIL)
    assert optouts.remove_unknown() == 1

    assert list(OptOut.objects.all()) == [mine]
    assert bool(Askers(Asked.NO_MAIL))
    assert letters.queue() == 1


def test_the_doctor_says_so(lose):
    optouts.note(Person(name="Mina"), Asked.NOT_HERE)
    optouts.note(Person(name="Lucy"), Asked.NOT_HERE)
    lose()
    [trouble] = care._opt_out_troubles()
    assert trouble.startswith("2 opt-outs were noted under another secret key")
    assert str(optouts.settings.UNDYING.home) in trouble


def test_what_was_noted_before_keys_were_is_of_the_present_one(lose):
    optouts.note(Person(name="Mina"), Asked.NOT_HERE)
    OptOut.objects.update(key="")
    import_module("undying.exchange.migrations.0015_keys_of_opt_outs").note_the_key(apps, None)
    assert not optouts.unknown().exists()
    lose()
    assert optouts.unknown().exists()


def test_the_mark_of_a_key_tells_nothing_of_it(file):
    assert optouts.key_mark() not in file.read_text()
    assert len(optouts.key_mark()) == 16
