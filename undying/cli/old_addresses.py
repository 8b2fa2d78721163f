"""`undying import addresses`: where the links of a rescued site lead now."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from undying.cli import preparing
from undying.exchange import old_addresses, undo

if TYPE_CHECKING:
    from undying.exchange.old_addresses import Line


@click.command("addresses")
@click.argument("batch", type=int, required=False)
@click.option(
    "--from", "listed", type=click.File(encoding="utf-8", errors="replace"), help="Old addresses, one a line."
)
@click.option("--all", "shows_all", is_flag=True, help="Also those that answer, with what they lead to.")
def addresses(batch: int | None, listed: IO[str] | None, *, shows_all: bool) -> None:
    """List the old addresses of a batch, or of a list, that lead nowhere, each with the reason.

    The page of the batch has them as a map, from old to new, for a server that still answers for the old site.
    """
    if (batch is None) == (listed is None):
        raise click.UsageError("Name a batch, or a list with --from: one of the two.")
    preparing.prepare_database()
    lines = old_addresses.of_list(listed) if listed else old_addresses.of_batch(undo.batch_numbered(batch or 0))
    good = bad = 0
    for line in lines:
        good, bad = good + bool(line.answer), bad + (not line.answer)
        if shows_all or not line.answer:
            click.echo(_told(line))
    click.echo(f"{good:,} old addresses answer, {bad:,} do not.", err=True)


def _told(line: Line) -> str:
    return f"{line.url}\t{line.answer.words}" if line.answer else f"{line.url}\t\t{line.why}"
