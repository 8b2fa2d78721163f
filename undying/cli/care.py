"""Looking after an archive: search index, settings, a check-up."""

from __future__ import annotations

import shutil
import sqlite3

import click
from django.conf import settings as django_settings
from django.db import connection

from undying.finding import indexer
from undying.kernel import conf, ledger
from undying.library.models import Work
from undying.people.viewer import Viewer

FIXED_SQLITE = (3, 51, 3)
LITTLE_ROOM = 500 * 1024 * 1024


def rebuild_search() -> None:
    """The index, anew."""
    click.echo(f"{indexer.rebuild():,} works are in the index.")


def check_search() -> int:
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
        shown = "(set)" if setting.name in {"secret_key", "database_url"} and value else repr(value)
        click.echo(f"{setting.name} = {shown}\n    {setting.help}\n    {setting.variable}\n")


def doctor() -> int:
    """1 when something is wrong, else 0."""
    indexer.drain_if_free()
    troubles = [*_database_troubles(), *_disk_troubles(), *indexer.check()]
    click.echo(f"Data folder: {django_settings.UNDYING.home}")
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


def _database_troubles() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(5)")
        damage = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        broken = len(cursor.fetchall())
    troubles = [f"The database file is damaged: {each}" for each in damage]
    if broken:
        troubles.append(f"{broken} rows point to rows that are not there.")
    return troubles


def _disk_troubles() -> list[str]:
    free = shutil.disk_usage(django_settings.UNDYING.home).free
    return [f"Only {free // 1024**2} MB are free on the disk."] if free < LITTLE_ROOM else []
