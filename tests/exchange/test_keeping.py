"""Bytes that nothing needs do not outlive the next turn at the desk, whenever whoever had them in hand was killed."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.manuscripts import make_manuscript
from undying.exchange import blanking, duplicates
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import Batch, BatchState, ContainerCount, Entry
from undying.exchange.pairs import Duplicate, Kind
from undying.formats import Outcome
from undying.kernel import store
from undying.library import actions
from undying.library.models import Work
from undying.manuscript import Source

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

DUMP = b"INSERT INTO fanfiction_authors VALUES (1,'Lucy'),(2,'Mina');\n"


class Killed(BaseException):
    """What nobody can catch."""


def dying(*_: object) -> None:
    raise Killed


def kept(home: Path) -> list[bytes]:
    return [gzip.decompress(each.read_bytes()) for each in (home / "originals").rglob("*.gz")]


def a_pair() -> Duplicate:
    one, other = (
        actions.accession(make_manuscript(source=Source(site="a.example", key=key))).work.pk for key in ("1", "2")
    )
    return Duplicate.objects.create(one=one, other=other, kind=Kind.SAME, likeness=100, overlap=100)


def test_what_a_killed_merge_kept_goes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = a_pair()
    before = kept(home)
    monkeypatch.setattr(actions, "withdraw", dying)
    with pytest.raises(Killed):
        duplicates.merge(pair, keep=pair.one, by="ari")
    assert len(kept(home)) == len(before) + 2, "both works as they were"
    with at_the_desk():
        assert sorted(kept(home)) == sorted(before)
    assert Work.objects.count() == 2


def test_what_a_merge_needs_to_be_taken_back_stays(home: Path) -> None:
    pair = a_pair()
    duplicates.merge(pair, keep=pair.one, by="ari")
    before = kept(home)
    with at_the_desk():
        pass
    assert (len(before), kept(home)) == (2, before)


def test_an_original_that_was_blanked_goes_though_whoever_blanked_it_was_killed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = store.keep(DUMP)
    batch = Batch.objects.create(label="x", digest="x", wish={}, state=BatchState.DONE)
    ContainerCount.objects.create(batch=batch, container="authors", total=2, original=name, reader="efiction")
    place = {"at": DUMP.index(b"(2,"), "size": len("(2,'Mina')")}
    mina = Entry.objects.create(batch=batch, container="authors", key="2", outcome=Outcome.IMPORTED, **place)
    monkeypatch.setattr(store, "forget", dying)
    with pytest.raises(Killed):
        blanking.blank([mina], tmp_path)
    monkeypatch.undo()
    assert DUMP in kept(home)
    with at_the_desk():
        assert kept(home) == [DUMP.replace(b"Mina", b"    ")]


def test_what_is_let_go_of_goes_though_somebody_settled_before_the_commit(home: Path) -> None:
    batch = Batch.objects.create(label="x", digest="x", wish={}, state=BatchState.DONE)
    ContainerCount.objects.create(batch=batch, container="authors", total=2, original=store.keep(DUMP))
    with transaction.atomic():
        Promises().let_go([store.name_of(DUMP)])
        Promises().settle()
        assert kept(home) == [DUMP], "it is needed still"
        ContainerCount.objects.all().delete()
    with at_the_desk():
        assert not kept(home)
