"""`undying import`, `undying dump` and the demo archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import undying.exchange
from undying.cli import preparing
from undying.cli.progress import Bar
from undying.cli.words import report_lines
from undying.exchange import exports, report, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.exchange.takers import open_batch
from undying.finding import indexer
from undying.formats import Unreadable
from undying.library.models import Work

if TYPE_CHECKING:
    from undying.exchange.report import Report

DEMO = Path(undying.exchange.__file__).parent / "demo"


class PathsOrCommand(click.Group):
    """`undying import PATH…` is the main thing; `undo`, `open`, `list` and `report` are commands beside it.

    A file that bears one of these names is named by `./undo`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the hidden command's name in front of paths and options."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["files", *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options of the main thing stand in the group's own help."""
        records = [each.get_help_record(ctx) for each in self.commands["files"].params]
        with formatter.section("Options with PATH…"):
            formatter.write_dl([record for record in records if record is not None])
        super().format_options(ctx, formatter)


@click.group("import", cls=PathsOrCommand, subcommand_metavar="PATH… | COMMAND")
def import_() -> None:
    """Bring stories in: eFiction dumps, AO3 downloads, EPUBs, plain files, folders and zips of these.

    \b
      undying import PATH… [--dry-run] [--report FILE.json] [--site NAME]
                           [--stories DIR] [--install PREFIX] [--open]

    Imported works are for members until you open them. The same command again changes nothing; one that was cut off
    goes on where it stopped.
    """


@import_.command("files", hidden=True)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read everything, write nothing, tell what would happen.")
@click.option("--report", "report_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write it as JSON.")
@click.option("--site", default="", help="Name the source where the files do not, such as old-archive.example.")
@click.option("--stories", type=click.Path(file_okay=False, path_type=Path), help="eFiction's folder of chapter files.")
@click.option("--install", default="", help="The table prefix, when one dump holds several archives.")
@click.option("--open", "open_at_once", is_flag=True, help="Let everybody read at once, not members only.")
def files(report_file: Path | None, **wish: Any) -> None:
    """Bring in the files and folders at PATHS."""
    if report_file is not None and not report_file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {report_file.parent} to write the report into.")
    preparing.prepare_database()
    try:
        with Bar() as bar:
            told = bring_in(Wish(**wish), tick=bar.tick)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    _finish(told, report_file)


def _finish(told: Report, report_file: Path | None) -> None:
    if told.state != "stopped":  # what is not indexed stays due, and the disk may be full
        indexer.drain_if_free()
    click.echo("\n".join(report_lines(told)))
    if report_file is not None:
        report_file.write_text(json.dumps(told.as_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if told.state == "stopped" or not told.read_anything:
        sys.exit(1)


@import_.command("undo")
@click.argument("batch", type=int)
def undo_(batch: int) -> None:
    """Take a batch back whole."""
    preparing.prepare_database()
    works = undo.undo(undo.batch_numbered(batch))
    indexer.drain_if_free()
    click.echo(f"Batch {batch} is taken back; that was {works} works.")


@import_.command("open")
@click.argument("batch", type=int)
def open_(batch: int) -> None:
    """Let everybody read what a batch brought in."""
    preparing.prepare_database()
    opened = open_batch(undo.batch_numbered(batch))
    indexer.drain_if_free()
    click.echo(f"{opened} works are open to everybody now.")


@import_.command("list")
def list_() -> None:
    """List all batches."""
    preparing.prepare_database()
    for batch in Batch.objects.order_by("pk"):
        click.echo(f"{batch.pk}\t{batch.state}\t{batch.started:%Y-%m-%d %H:%M}\t{batch.label}")


@import_.command("report")
@click.argument("batch", type=int)
def report_(batch: int) -> None:
    """Show the report of a batch again."""
    preparing.prepare_database()
    click.echo("\n".join(report_lines(report.of_batch(undo.batch_numbered(batch)))))


def fill_with_demo() -> bool:
    """The demo stories, open to everybody; nothing (False) in an archive that holds works already."""
    if Work.objects.exists():
        return False
    told = bring_in(Wish(paths=[DEMO], open_at_once=True))
    indexer.drain_if_free()
    click.echo(f"The demo archive holds {told.created} stories.")
    return True


def dump(file: Path) -> None:
    """Everything, to one file."""
    with Bar("works") as bar:
        works = exports.dump(file, tick=bar.of)
    click.echo(f"{works} works are in {file}.")
