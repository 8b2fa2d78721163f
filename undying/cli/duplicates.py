"""`undying import duplicates`: stories that stand here more than once."""

from __future__ import annotations

import click

from undying.cli import preparing
from undying.cli.progress import Bar
from undying.exchange import duplicates as pairs
from undying.library.models import Work


@click.command("duplicates")
def duplicates() -> None:
    """Compare all works with each other and list the pairs that may be one story.

    What to make of them is decided in the archive, side by side; nothing is merged by itself.
    """
    preparing.prepare_database()
    with Bar("works") as bar:
        new = pairs.look(tick=bar.of)
    waiting = list(pairs.open_pairs())
    titles = dict(Work.objects.in_bulk({number for each in waiting for number in (each.one, each.other)}))
    for each in waiting:
        names = f"{each.one} {titles[each.one].title}\t{each.other} {titles[each.other].title}"
        click.echo(f"{each.likeness} %\t{each.overlap} %\t{each.get_kind_display()}\t{names}")
    click.echo(f"{new:,} new pairs; {len(waiting):,} wait for a decision.")
