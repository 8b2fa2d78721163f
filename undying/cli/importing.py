"""`undying import`, `undying dump` and the demo archive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import undying.exchange
from undying.cli import batches, duplicates, labels, old_addresses, originals, preparing
from undying.cli.progress import Bar
from undying.cli.words import report_lines
from undying.exchange import exports, tags_csv
from undying.exchange.imports import Wish, bring_in
from undying.exchange.labels_csv import decisions, proposed
from undying.finding import indexer
from undying.formats import Unreadable
from undying.formats.repairs import choices
from undying.kernel.whole import written_whole
from undying.library.models import Work

if TYPE_CHECKING:
    from undying.exchange.rehearsal import Rehearsal
    from undying.exchange.report import Report

DEMO = Path(undying.exchange.__file__).parent / "demo"
DEMO_TAGS = DEMO.with_name("demo-tags.csv")


class PathsOrCommand(click.Group):
    """`undying import PATH…` is the main thing; the commands on what was imported stand beside it.

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
                           [--stories DIR] [--install PREFIX] [--repair RULE]
                           [--labels FILE.csv] [--labels-csv FILE.csv] [--open]

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
@click.option(
    "--repair",
    "repairs",
    multiple=True,
    metavar="RULE",
    type=click.Choice(choices()),
    callback=lambda _context, _option, named: frozenset(named),
    help=f"Apply a repair that is only offered, or withdraw one (no-…): {', '.join(choices())}. May be repeated.",
)
@click.option(
    "--labels",
    "labels_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take the source's categories, classes and characters for what this table says (from --labels-csv).",
)
@click.option(
    "--labels-csv",
    "labels_csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --dry-run: write what the source's labels are taken for, as a table to edit.",
)
@click.option(
    "--with-passwords",
    is_flag=True,
    help="Keep what the old site kept of authors' passwords, hashed again, so that they can prove who they are.",
)
@click.option("--open", "open_at_once", is_flag=True, help="Let everybody read at once, not members only.")
def files(report_file: Path | None, labels_file: Path | None, labels_csv: Path | None, **wish: Any) -> None:
    """Bring in the files and folders at PATHS."""
    for file in (report_file, labels_csv):
        if file is not None and not file.absolute().parent.is_dir():
            raise click.ClickException(f"There is no folder {file.parent} to write {file.name} into.")
    if labels_csv is not None and not wish["dry_run"]:
        raise click.ClickException(
            "--labels-csv goes with --dry-run; of an import that was made, `undying import labels BATCH --csv FILE` "
            "writes the table."
        )
    wish["meanings"] = {} if labels_file is None else decisions(labels_file)
    preparing.prepare_database()
    rehearsals: list[Rehearsal] = []
    try:
        with Bar() as bar:
            told = bring_in(Wish(**wish), tick=bar.tick, rehearsed=rehearsals.append)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    for rehearsal in rehearsals:
        if labels_csv is not None:
            labels.write(proposed(rehearsal.meanings.values()), labels_csv)
    _finish(told, report_file)


def _finish(told: Report, report_file: Path | None) -> None:
    if told.state != "stopped":  # what is not indexed stays due, and the disk may be full
        indexer.drain_if_free()
    click.echo("\n".join(report_lines(told)))
    if report_file is not None:
        with written_whole(report_file) as file:
            file.write(json.dumps(told.as_json(), ensure_ascii=False, indent=2) + "\n")
    if told.state == "stopped" or not told.read_anything:
        sys.exit(1)


BESIDE: tuple[click.Command, ...] = (
    batches.undo_,
    batches.announce,
    batches.open_,
    batches.list_,
    batches.report_,
    originals.verify_,
    originals.again_,
    old_addresses.addresses,
    duplicates.duplicates,
    labels.labels,
)
"""The commands of `undying import` that live in modules of their own: a new one is named here."""
for _command in BESIDE:
    import_.add_command(_command)


def fill_with_demo() -> bool:
    """The demo stories, open to everybody, and what their tags mean; nothing (False) in an archive that holds works
    already.
    """
    if Work.objects.exists():
        return False
    told = bring_in(Wish(paths=[DEMO], open_at_once=True))
    tags_csv.apply(DEMO_TAGS.read_bytes())
    indexer.drain_if_free()
    click.echo(f"The demo archive holds {told.created} stories.")
    return True


def dump(file: Path) -> None:
    """Everything, to one file."""
    with Bar("works") as bar:
        works = exports.dump(file, tick=bar.of)
    click.echo(f"{works} works are in {file}.")
