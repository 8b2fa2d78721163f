"""Looking after an archive: search index, settings, a check-up."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time

import click
from django.conf import settings as django_settings
from django.db import DatabaseError, connection

from undying.exchange import optouts
from undying.exchange.models import Batch
from undying.finding import indexer
from undying.kernel import conf, ledger, store, tasks
from undying.kernel.turns import Busy
from undying.kernel.upkeep import is_damage
from undying.library.models import Work
from undying.people.viewer import Viewer

FIXED_SQLITE = (3, 51, 3)
EVERY = 5.0
"""Seconds between two lines about something that takes long."""
LOST = (
    "The folder originals holds what imports kept, and the database knows of no import: is it the right one? If it was "
    "lost, put it back from a copy."
)
LITTLE_ROOM = 500 * 1024 * 1024


def rebuild_search() -> None:
    """The index, anew, beside the one that answers; where a worker is at it, that one does it. Tells how far it is."""
    told = _Told()
    try:
        indexer.rebuild(told)
    except Busy:
        click.echo("The worker of this archive makes it; this only looks on. Ctrl-C does not stop the worker.")
        indexer.ask_for_rebuild()
        _look_on(told)
    click.echo(f"{Work.objects.count():,} works are in the index.")


def _look_on(told: _Told) -> None:
    while not indexer.is_rebuilt():
        if (making := indexer.making()) is not None:
            told(making)
        time.sleep(1)
        with contextlib.suppress(Busy):
            indexer.rebuild(told)  # the worker was stopped


class _Told:
    """A line now and then about how far it is."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def __call__(self, making: indexer.Making) -> None:
        if time.monotonic() - self.at >= EVERY:
            self.at = time.monotonic()
            click.echo(f"{making.done:,} of {making.of:,} works")


def verify_search() -> int:
    """1 when index and database differ, else 0."""
    troubles = indexer.check()
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        click.echo("`undying search rebuild` mends this.")
        return 1
    click.echo("Index and database agree.")
    return 0


def settings() -> None:
    """Every setting."""
    in_force = conf.load()
    for setting in conf.SETTINGS:
        value = in_force.values[setting.name]
        shown = "(set)" if setting.name in conf.SECRET and value else repr(value)
        click.echo(f"{setting.name} = {shown}\n    {setting.help}\n    {setting.variable}\n")


def damaged(what: object) -> str:
    """What to do when the database's own files are spoilt."""
    return (
        f"The database is damaged ({what}). Close the archive and change nothing in {django_settings.UNDYING.home}; "
        "copy all of it somewhere else, then put your last copy back. Without a copy: docs/running/upkeep.md, "
        "“When the database is damaged”."
    )


def doctor() -> int:
    """1 when something is wrong, else 0."""
    click.echo(f"Data folder: {django_settings.UNDYING.home}")
    if damage := _damage():  # nothing else can be believed then, and nothing may be written
        click.echo(f"! {damaged(damage)}")
        return 1
    indexer.drain_if_free()
    troubles = [*_database_troubles(), *_opt_out_troubles(), *tasks.given_up(), *_disk_troubles(), *indexer.check()]
    click.echo(f"Works: {Work.objects.visible_to(Viewer.operator()).count():,}")
    click.echo(f"Waiting to be indexed: {ledger.backlog(indexer.CONSUMER):,}")
    click.echo(f"Database: {connection.vendor}{_sqlite_note()}")
    for trouble in troubles:
        click.echo(f"! {trouble}")
    click.echo("Something needs your attention." if troubles else "All is well.")
    return 1 if troubles else 0


def _sqlite_note() -> str:
    if connection.vendor != "sqlite":
        return ""
    note = f" {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < FIXED_SQLITE:
        note += " (older than 3.51.3: only the worker folds the log back, see docs/decisions/0003)"
    return note


def _damage() -> str:
    if connection.vendor != "sqlite":
        return ""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            found = cursor.fetchone()[0]
    except DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def _database_troubles() -> list[str]:
    troubles = [] if Batch.objects.exists() or not store.holds_any() else [LOST]
    if connection.vendor != "sqlite":
        return troubles
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        broken = len(cursor.fetchall())
    return [*troubles, f"{broken} rows point to rows that are not there."] if broken else troubles


def _opt_out_troubles() -> list[str]:
    total = optouts.unknown().count()
    return [str(optouts.OtherKey(total))] if total else []


def _disk_troubles() -> list[str]:
    free = shutil.disk_usage(django_settings.UNDYING.home).free
    return [f"Only {free // 1024**2} MB are free on the disk."] if free < LITTLE_ROOM else []
