"""`undying optout`: what authors asked of the archive for good. `undying letters`: the one letter to each of them."""

from __future__ import annotations

import sys

import click

from undying.cli import preparing
from undying.exchange import contacts, departures, letters, optouts, severing, undo
from undying.exchange.optouts import Person
from undying.exchange.private import Asked, OptOut
from undying.finding import indexer
from undying.kernel.turns import Busy

OPERATOR = "operator"


@click.group()
def optout() -> None:
    """Who asked not to be brought in, or not to be written to.

    What you type here is not stored: the archive keeps a keyed digest, which it recognises and nobody can read.
    """


def _person(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--site", default="", help="The site of the pen name; any site when left out."),
        click.option("--name", default="", help="A pen name."),
        click.option("--email", default="", help="An e-mail address."),
    ):
        command = option(command)
    return command


@optout.command("add")
@_person
@click.option("--mail-only", is_flag=True, help="She may be brought in, but never written to.")
def add(email: str, name: str, site: str, mail_only: bool) -> None:
    """Never bring her in again, and take out what is here of her."""
    preparing.prepare_database()
    asked = Asked.NO_MAIL if mail_only else Asked.NOT_HERE
    taken = departures.opt_out(Person(email=email, name=name, site=site), asked, by=OPERATOR)
    click.echo(f"Noted: {asked.label}.")
    if mail_only:
        return
    click.echo(
        f"Taken out of sight: {taken.works} works; {taken.struck} more stay without her name, {taken.reviews} reviews "
        "are deleted."
    )
    try:
        departures.carry_out()
        click.echo("Their rows and original bytes are deleted. Backups that you made yourself still hold them.")
    except Busy:
        click.echo("An import is under way; the worker deletes their rows and original bytes when it is done.")
    indexer.drain_if_free()


@optout.command("list")
def list_() -> None:
    """List what was asked and when; of whom, nobody can tell."""
    preparing.prepare_database()
    key = optouts.key_mark()
    for each in OptOut.objects.all():
        other = "" if each.key == key else "\tunder another key"
        click.echo(f"{each.pk}\t{each.since}\t{each.get_asked_display()}\t{each.digest[:8]}{other}")


@optout.command("check")
@_person
def check(email: str, name: str, site: str) -> None:
    """Tell whether somebody is on the list; exit code 1 when not."""
    preparing.prepare_database()
    found = optouts.holds(Person(email=email, name=name, site=site))
    for each in found:
        click.echo(f"{each.pk}\t{each.since}\t{each.get_asked_display()}")
    if not found:
        click.echo("Not on the list.")
        sys.exit(1)


@optout.command("remove")
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Take an opt-out off the list, by its number. What was taken out does not come back by itself."""
    preparing.prepare_database()
    optouts.remove(number)
    click.echo(f"Opt-out {number} is off the list.")


@optout.command("forget")
@click.confirmation_option(prompt="From then on nothing keeps these people out. Is the old secret key lost for good?")
def forget() -> None:
    """Take off the list whoever was noted under another secret key, where that key is lost."""
    preparing.prepare_database()
    click.echo(f"{optouts.remove_unknown()} opt-outs are off the list.")


@click.group("letters")
def letters_() -> None:
    """The one letter to each author, with the link to what is here of hers."""


BATCH = click.option("--batch", "number", type=int, help="Only authors whom this batch told of.")


@letters_.command("plan")
@BATCH
@click.option("--text", is_flag=True, help="Show the first letter in its words.")
def plan(number: int | None, text: bool) -> None:
    """Tell whom letters would go to. Nothing is sent."""
    preparing.prepare_database()
    waiting = letters.to_write_to(None if number is None else undo.batch_numbered(number))
    for each in waiting:
        shown = ", ".join(map(contacts.masked, each.emails))
        click.echo(f"{' / '.join(each.names)}\t{shown}\t{len(each.works())} works")
    click.echo(f"{len(waiting)} letters would be written.")
    if text and waiting:
        sample = letters.message(letters.letter_to(waiting[0], "LINK"), waiting[0].emails)
        click.echo(f"\n{sample.subject}\n\n{sample.body}")


@letters_.command("queue")
@BATCH
def queue(number: int | None) -> None:
    """Queue a letter for each author who got none; `send`, or the worker, sends them."""
    preparing.prepare_database()
    total = letters.queue(None if number is None else undo.batch_numbered(number))
    click.echo(f"{total} letters are queued.")


@letters_.command("send")
@click.option("--again", is_flag=True, help="Also those that could not be sent.")
def send(again: bool) -> None:
    """Send what is queued, as many as the setting mails_per_hour allows now."""
    preparing.prepare_database()
    if again:
        letters.try_again()
    click.echo(f"{letters.send_due()} letters are sent.")


@click.command("sever")
@click.argument("name")
@click.option("--site", default="", help="The site of the pen name; any site when left out.")
@click.option("--as", "new", default="", help="What stands there instead. Without it nothing is changed, only shown.")
@click.option("--texts", default="none", help="Which texts that mention it: all, none, or their keys, with commas.")
def sever(name: str, site: str, new: str, texts: str) -> None:
    """Replace an author's old NAME everywhere: pen names, bylines, reviews, gifts, links, kept rows.

    Texts that mention it are shown with their keys, since a character may bear the name too. Give the name as it is
    written; with an account's pen name, the account keeps it under the new one.
    """
    preparing.prepare_database()
    found = severing.look(name, site)
    click.echo(
        f"It is borne by {found.pen_names} pen names, {found.works} works, {found.reviews} reviews and "
        f"{found.contacts} contacts; {len(found.mentions)} texts mention it."
    )
    if not new:
        for each in found.mentions:
            click.echo(f"{each.key}\t{each.where}: …{each.before}{each.name}{each.after}…")
        click.echo("Nothing was changed. --as says what shall stand there, --texts in which of these texts.")
        return
    chosen = {each.key for each in found.mentions} if texts == "all" else set(texts.split(","))
    severing.sever(name, site, new, mentions=chosen, by=OPERATOR)
    indexer.drain_if_free()
    click.echo("Severed. Beyond reach are: " + "; ".join(severing.BEYOND_REACH) + ".")
