"""What can be done with an import's originals: `undying import verify` and `undying import again`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from undying.cli import preparing
from undying.cli.progress import Bar
from undying.exchange import again, undo
from undying.exchange.verify import verify
from undying.finding import indexer
from undying.formats.repairs import choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.exchange.models import Reread

SHOWN = 5
NAMED = 20


@click.command("verify")
@click.argument("batch", type=int)
def verify_(batch: int) -> None:
    """Compare a batch's ledger with its originals, and look for its works. Exit code 1 when something is wrong."""
    preparing.prepare_database()
    with Bar() as bar:
        verdict = verify(undo.batch_numbered(batch), tell=click.echo, tick=bar.tick)
    click.echo(
        f"{verdict.entries} rows and files, {verdict.originals} originals and {verdict.works} works were compared: "
        + (f"{verdict.mismatches} are not as the ledger says." if verdict.mismatches else "all is as the ledger says.")
    )
    if verdict.mismatches:
        sys.exit(1)


@click.command("again")
@click.argument("batch", type=int)
@click.option(
    "--repair",
    "repairs",
    multiple=True,
    metavar="RULE",
    type=click.Choice(choices()),
    help="Apply this rule; repeat it.",
)
@click.option("--no-repairs", is_flag=True, help="Forget what was decided about rules: read as at first.")
@click.option("--accept", is_flag=True, help="Change the works. Without this, only tell what would change.")
def again_(batch: int, repairs: tuple[str, ...], no_repairs: bool, accept: bool) -> None:
    """Read a batch again from its originals with today's cleaner and rules, and tell the difference.

    Without --repair and --no-repairs, with the rules that were decided for the batch.
    """
    if repairs and no_repairs:
        raise click.UsageError("Say either --repair or --no-repairs.")
    preparing.prepare_database()
    words = repairs if repairs or no_repairs else None
    with Bar() as bar:
        told = again.read_again(undo.batch_numbered(batch), repairs=words, accept=accept, tick=bar.tick)
    if accept:
        indexer.drain_if_free()
    click.echo("\n".join(_lines(told)))


def _lines(told: Reread) -> Iterator[str]:
    verb = "were" if told.is_accepted else "would be"
    yield f"{told.changed} works {verb} changed, {told.created} stories and other things {verb} added."
    if told.fates:
        yield f"{told.fates} other rows and files {'ended' if told.is_accepted else 'would end'} otherwise than before."
    for name, times in sorted(told.fields.items(), key=lambda each: (-each[1], each[0])):
        yield f"  {name}: in {times}"
    for each in told.examples[:SHOWN]:
        yield f"“{each['title']}” (work {each['work']}):"
        for where, before, after in each["passages"]:
            yield f"  {where}\n    - {before}\n    + {after}"
    for each in told.left[:NAMED]:
        yield f"“{each['title']}” (work {each['work']}) stays as it is: {each['why']}."
    if len(told.left) > NAMED:
        yield f"So do {len(told.left) - NAMED} others; the page of the batch names them."
    if not told.is_accepted and (told.changed or told.created or told.fates):
        yield "Nothing was written. Say --accept as well to have it so."
