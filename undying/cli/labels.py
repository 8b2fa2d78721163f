"""`undying import labels`: what a source's categories, classes and characters are taken for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from undying.cli import preparing
from undying.exchange import meanings, undo
from undying.exchange.labels_csv import LARGEST, choices, shown_tags, written
from undying.kernel.whole import written_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undying.exchange.models import BatchMeaning

_CSV = click.Path(dir_okay=False, path_type=Path)


@click.command("labels")
@click.argument("batch", type=int)
@click.option("--csv", "csv_file", type=_CSV, help="Write them as a table to edit.")
@click.option(
    "--from",
    "edited",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take what this edited table says, whole or not at all.",
)
def labels(batch: int, csv_file: Path | None, edited: Path | None) -> None:
    """Tell what a batch's labels are taken for, write them as a table, or take an edited one.

    What is decided comes true when the batch is read again.
    """
    preparing.prepare_database()
    found = undo.batch_numbered(batch)
    if edited is not None:
        with edited.open("rb") as file:
            changed = meanings.decide(found, choices(file.read(LARGEST + 1), found.meanings.all()))
        click.echo(f"{changed:,} decisions changed. They come true when batch {batch} is read again.")
    if csv_file is not None:
        write(written(found.meanings.iterator(chunk_size=500)), csv_file)
        click.echo(f"{found.meanings.count():,} labels are in {csv_file}.")
    if csv_file is None and edited is None:
        for row in found.meanings.iterator(chunk_size=500):
            click.echo(_line(row))


def _line(row: BatchMeaning) -> str:
    tags = meanings.effective(row)
    kinds = "/".join(dict.fromkeys(tagging.kind.value for tagging in tags)) or "section"
    sure = "decided" if row.is_decided else "sure" if row.is_certain else "not sure"
    return "\t".join((row.table, row.key, row.name, f"{row.uses:,}", kinds, shown_tags(tags), sure))


def write(lines: Iterable[str], file: Path) -> None:
    """A table, with the mark at its start by which spreadsheets know UTF-8."""
    try:
        with written_whole(file, encoding="utf-8-sig", newline="") as out:
            out.writelines(lines)
    except OSError as error:
        raise click.ClickException(f"{file} could not be written ({error.strerror}).") from error
