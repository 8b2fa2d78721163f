"""The commands, each a few lines over the package that does the work."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.core.management import call_command
from django.db import DatabaseError, OperationalError

from undying.cli import authors, care, importing, preparing, serving, tags
from undying.kernel import conf, store
from undying.kernel.errors import Refused
from undying.kernel.upkeep import is_damage
from undying.kernel.version import version
from undying.library.access import work_for
from undying.moderation.actions import decide
from undying.moderation.models import Verdict
from undying.people import second_factor
from undying.people.actions import create_user
from undying.people.models import User
from undying.people.viewer import Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

HELP = """A fan fiction archive that does not die.

\b
The first five minutes:
  undying serve                          start the archive at http://127.0.0.1:8000
  undying user create ada --role archivist
                                         an account for yourself (asks for a password)
  undying import OLD-SITE.sql --dry-run  what would happen to a dying eFiction site
  undying import OLD-SITE.sql stories/   bring it in, for members first
  undying import announce 1 --name "Old site" --notice notice.txt
                                         tell its authors and readers what is coming
  undying import open 1                  let everybody read batch 1, a month later

\b
Everything lives in one folder: $UNDYING_HOME, now
  {home}
Settings come from the environment (UNDYING_SITE_NAME=…) or from undying.toml in that folder; `undying settings` lists
them with what is in force.
"""


class NobodyHere(Refused):
    """There is no account of that name."""


class WordedRefusals(click.Group):
    """Refusals and a disk or database that will not have it become one line and exit code 1; never a traceback."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command."""
        try:
            return super().main(*args, **extra)
        except Refused as refusal:
            told = str(refusal)
        except (OSError, DatabaseError) as error:
            told = _told(error)
            if not told:
                raise
            _let_go_of_output()
        click.echo(f"undying: {told}", err=True)
        sys.exit(1)


def _let_go_of_output() -> None:
    """Output that cannot be written is not to be written at the very end again, where nobody could say why."""
    try:
        sys.stdout.flush()
    except OSError:
        with contextlib.suppress(OSError):
            sys.stdout.close()


def _told(error: OSError | DatabaseError) -> str:
    """What is wrong with a disk or a database, in a sentence; empty when that is not what it is."""
    if store.is_full(error):
        return str(store.full_at(error))
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename or 'a file'}."
    if isinstance(error, OperationalError):
        what = str(error).strip()
        return f"The database cannot be used: {what}. Look at the disk and at the setting database_url."
    return care.damaged(error) if is_damage(error) else ""


@click.group(cls=WordedRefusals, help=HELP.format(home=conf.home()), context_settings={"max_content_width": 110})
@click.version_option(version())
def undying() -> None:
    """Hold the commands."""


PARENT = click.option("--parent", type=int, hidden=True, help="Stop when this is no longer the parent process.")


@undying.command()
@click.option("--host", help="The address to listen on. [default: the setting `host`]")
@click.option("--port", type=click.IntRange(1, 65535), help="The port. [default: the setting `port`]")
@click.option("--demo", is_flag=True, help="Fill an empty archive with the demo stories first.")
@PARENT
def serve(host: str | None, port: int | None, demo: bool, parent: int | None) -> None:
    """Start the archive: web server and background worker, until Ctrl-C."""
    preparing.prepare()
    if demo:
        importing.fill_with_demo()
    sys.exit(serving.serve(host, port, parent=parent))


@undying.command()
@PARENT
def web(parent: int | None) -> None:
    """Run the web server alone, on the settings `host` and `port`. (`serve` runs it with the worker.)"""
    if parent is None:
        preparing.prepare()
    serving.web(parent=parent)


@undying.command()
@PARENT
def worker(parent: int | None) -> None:
    """Run the background worker alone: search index, tasks, upkeep. One for each archive."""
    serving.worker(parent=parent)


@undying.command()
def setup() -> None:
    """Make the database and the static files ready. `serve` does this by itself."""
    preparing.prepare()
    click.echo(f"Ready in {conf.home()}.")


@undying.command()
def demo() -> None:
    """Fill an empty archive with the demo stories."""
    preparing.prepare()
    if not importing.fill_with_demo():
        click.echo("The archive holds works already, so nothing was added.")


@undying.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def dump(file: Path) -> None:
    """Write every work, and all that is kept beside works, to FILE, a line of JSON each. `undying import FILE` reads
    it back.
    """
    preparing.prepare_database()
    importing.dump(file)


undying.add_command(importing.import_)
undying.add_command(authors.optout)
undying.add_command(authors.letters_)
undying.add_command(authors.sever)
undying.add_command(tags.tags)


@undying.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value, show_default=True)
@click.option("--email", default="", help="For mail; may stay empty.")
@click.option("--password-file", type=click.File(), help="Read the password from this file (- for standard input).")
def create(name: str, role: str, email: str, password_file: Any) -> None:
    """Make an account. Asks for the password unless --password-file is given."""
    preparing.prepare_database()
    password = (
        password_file.read().strip()
        if password_file
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    made = create_user(name, password=password, role=Role(role), email=email)
    click.echo(f"{made.username} is here, as {made.role}.")


@user.command("list")
def list_users() -> None:
    """List the accounts with their roles."""
    preparing.prepare_database()
    for each in User.objects.order_by("username"):
        click.echo(f"{each.username}\t{each.role}")


@user.command("forget-second-factor")
@click.argument("name")
def forget_second_factor(name: str) -> None:
    """Take off app, passkeys and recovery codes of somebody who has lost them: the password alone signs in again."""
    preparing.prepare_database()
    found = User.objects.filter(username__iexact=name).first()
    if found is None:
        raise NobodyHere(f"There is no account named {name}.")
    taken = second_factor.forget(found)
    click.echo(f"{found.username} signs in with the password alone." if taken else f"{found.username} had none.")


@undying.group()
def work() -> None:
    """Single works, by the number in their address."""


@work.command("hide")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; kept with the decision.")
def hide(number: int, reason: str) -> None:
    """Take a work out of sight of all but its creators and the moderators."""
    _decide(number, Verdict.HIDE, reason)


@work.command("show")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; kept with the decision.")
def show(number: int, reason: str) -> None:
    """Put a hidden work back."""
    _decide(number, Verdict.SHOW, reason)


def _decide(number: int, verdict: Verdict, reason: str) -> None:
    preparing.prepare_database()
    decision = decide(work_for(Viewer.operator(), number), verdict, by=Viewer.operator(), reason=reason)
    click.echo(f"Work {number} is {decision.get_verdict_display()}.")


@undying.group()
def search() -> None:
    """The search index."""


@search.command()
def rebuild() -> None:
    """Make the index anew from the database, beside the one that answers; cut off, it goes on where it was."""
    preparing.prepare_database()
    care.rebuild_search()


@search.command()
def verify() -> None:
    """Compare the index with its checksums and with the database; exit code 1 when they differ."""
    preparing.prepare_database()
    sys.exit(care.verify_search())


search.add_command(click.Command("check", callback=verify.callback, help="As verify.", hidden=True))


@undying.command()
def doctor() -> None:
    """Look for trouble: database, disk, search index, versions."""
    preparing.prepare_database()
    sys.exit(care.doctor())


@undying.command()
def settings() -> None:
    """List every setting, its value and what it does."""
    care.settings()


@undying.command(context_settings={"ignore_unknown_options": True}, hidden=True)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands, for developers."""
    run: Callable[..., Any] = call_command
    run(*arguments)
