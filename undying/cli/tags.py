"""`undying tags`: which tags mean the same, which are parts of which, as tables that people edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from undying.cli import preparing
from undying.cli.labels import write as write_table
from undying.exchange import tags_csv
from undying.library import tag_accounts
from undying.library.models import Tag
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.manuscript import TagAccount

MOST_SHOWN = 20
_KIND = click.option("--kind", type=click.Choice([each.value for each in TagKind]), help="Only tags of this kind.")
_KNOWN = click.option("--known", is_flag=True, help="Only tags of which something is known.")


@click.group()
def tags() -> None:
    """Tags: synonyms, parents, the fandoms that they belong to, and media."""


def _wanted(kind: str | None, *, known: bool) -> QuerySet[Tag]:
    preparing.prepare_database()
    found = tag_accounts.spoken_of() if known else Tag.objects.all()
    return found.filter(kind=kind) if kind else found


@tags.command("list")
@_KIND
@_KNOWN
def list_(kind: str | None, known: bool) -> None:
    """List the tags, how many works carry each, and what is known of them."""
    for account, works in tags_csv.listed(_wanted(kind, known=known)):
        click.echo("\t".join((account.tag.kind.value, account.tag.name, f"{works:,}", _in_words(account))).rstrip("\t"))


def _in_words(account: TagAccount) -> str:
    if account.canonical:
        return f"means “{account.canonical}”"
    said = [f"part of {_quoted(account.parents)}"] if account.parents else []
    said += [f"of {_quoted(account.fandoms)}"] if account.fandoms else []
    said += [account.medium.value] if account.medium else []
    return "; ".join(said)


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"“{name}”" for name in names)


@tags.command("write")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_KIND
@_KNOWN
def write(file: Path, kind: str | None, known: bool) -> None:
    """Write the tags to FILE, a table to edit in a spreadsheet and to give to `undying tags apply`."""
    found = _wanted(kind, known=known)
    write_table(tags_csv.written(found), file)
    click.echo(f"{found.count():,} tags are in {file}.")


@tags.command("apply")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply(file: Path) -> None:
    """Take what the table FILE says of tags, whole or not at all.

    Tags that the table does not name, and columns that it does not have, stay as they are.
    """
    preparing.prepare_database()
    with file.open("rb") as opened:
        kept = tags_csv.apply(opened.read(tags_csv.LARGEST + 1))
    click.echo(f"{kept.changed:,} tags changed.")
    if kept.made:
        names = ", ".join(f"“{each.name}”" for each in kept.made[:MOST_SHOWN])
        more = f" and {len(kept.made) - MOST_SHOWN:,} more" if len(kept.made) > MOST_SHOWN else ""
        click.echo(f"No work carried these yet, so they were made: {names}{more}.")
