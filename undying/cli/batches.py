"""What can be done about an import afterwards: `undying import undo`, `open`, `list`, `report`."""

from __future__ import annotations

from typing import TextIO

import click

from undying.cli import preparing
from undying.cli.words import report_lines
from undying.exchange import announcing, report, tasks, undo
from undying.exchange.models import Batch
from undying.finding import indexer


@click.command("undo")
@click.argument("batch", type=int)
def undo_(batch: int) -> None:
    """Take a batch back whole."""
    preparing.prepare_database()
    works = undo.undo(undo.batch_numbered(batch))
    indexer.drain_if_free()
    click.echo(f"Batch {batch} is taken back; that was {works} works.")


@click.command("open")
@click.argument("batch", type=int)
@click.option("--reason", default="", help="Why it is opened before its announced day; recorded.")
def open_(batch: int, reason: str) -> None:
    """Let everybody read what a batch brought in, once its announced time is over."""
    preparing.prepare_database()
    opened = announcing.open_now(undo.batch_numbered(batch), by="operator", reason=reason)
    indexer.drain_if_free()
    click.echo(f"{opened} works are open to everybody now.")


@click.command("announce")
@click.argument("batch", type=int)
@click.option("--name", required=True, help="What the collection is called.")
@click.option("--notice", required=True, type=click.File(encoding="utf-8"), help="A text file (- for standard input).")
@click.option("--open-by-itself", is_flag=True, help="Have the worker open it when the time is over.")
def announce(batch: int, name: str, notice: TextIO, open_by_itself: bool) -> None:
    """Tell the world, on the page /rescue, that a batch will be opened."""
    preparing.prepare_database()
    found = undo.batch_numbered(batch)
    told = announcing.announce(found, name=name, notice=notice.read(), opens_by_itself=open_by_itself)
    if open_by_itself:
        tasks.open_on_its_day(batch, told.opens)
    click.echo(f"Batch {batch} is announced; it may be opened on {told.opens:%Y-%m-%d}.")


@click.command("list")
def list_() -> None:
    """List all batches."""
    preparing.prepare_database()
    for batch in Batch.objects.order_by("pk"):
        click.echo(f"{batch.pk}\t{batch.state}\t{batch.started:%Y-%m-%d %H:%M}\t{batch.label}")


@click.command("report")
@click.argument("batch", type=int)
def report_(batch: int) -> None:
    """Show the report of a batch again."""
    preparing.prepare_database()
    click.echo("\n".join(report_lines(report.of_batch(undo.batch_numbered(batch)))))
