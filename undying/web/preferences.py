"""How a member wants to read: the page on which she says so. Hers alone to see."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import available_timezones

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect

from undying.manuscript import Wishes
from undying.people.actions import NoSuchZone, TooLong, prefer, wish
from undying.people.viewer import Preferences
from undying.web import links, wishing
from undying.web.fields import Maker
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpResponse

    from undying.people.models import User
    from undying.web.fields import Field
    from undying.web.request import Request

TICKS = {
    "adult": ("Adult works", "I am willing to see them: do not ask before each"),
    "whole_work": ("Chapters", "Show all chapters of a work on one page"),
    "hides_warnings": ("Warnings", "Do not show them on lists and works"),
    "hides_tags": ("Additional tags", "Do not show them on lists and works"),
    "hides_counts": ("Counters", "Do not show how often works were read, bookmarked or given kudos"),
    "no_invitations": ("Writing together", "Nobody may invite me to be a co-author"),
    "no_gifts": ("Gifts", "Nobody may give me a work"),
}
HELP = {
    "adult": "Guests are asked once in each browser.",
    "hides_warnings": "A link on each work shows them. On your own works they stay.",
    "hides_tags": "A link on each work shows them. On your own works they stay.",
    "hides_counts": "For you alone: others see them as before.",
    "no_invitations": "Whoever tries is told that you take no invitations.",
    "no_gifts": "Whoever tries is told that you take no gifts. What you were given before stays.",
}


@dataclass(frozen=True, kw_only=True)
class PreferencesPage(Page):
    """A member's preferences."""

    template: ClassVar[str] = "own/preferences.html"
    kind: ClassVar[str] = "preferences"

    fields: tuple[Field, ...] = told("What she can choose")
    for_works: tuple[Field, ...] = told("What she lets others do with works that she begins")
    is_refused: bool = told("Whether what was sent will not do")


@only_hers
def show_preferences(request: Request) -> HttpResponse:
    """The page; on POST they are changed."""
    user, problems = request.user, {}
    assert user.is_authenticated
    wanted, wishes = user.preferences, user.wishes
    if request.method == "POST":
        wanted = Preferences(
            time_zone=sent(request, "time_zone"), **{name: bool(sent(request, name)) for name in TICKS}
        )
        wishes = wishing.said(dict(request.POST.lists()), Wishes())
        try:
            _keep(user, wanted, wishes)
        except NoSuchZone as refused:
            problems["time_zone"] = str(refused)
        except TooLong as refused:
            problems["words"] = str(refused)
        else:
            messages.success(request, "Saved.")
            return HttpResponseRedirect(links.preferences(user.username))
    page = PreferencesPage(
        title="Your preferences",
        fields=tuple(_fields(wanted, problems)),
        for_works=tuple(wishing.fields(Maker(wishing.typed(wishes), problems))),
        is_refused=bool(problems),
    )
    return show(request, page)


@transaction.atomic
def _keep(user: User, wanted: Preferences, wishes: Wishes) -> None:
    """All of it, or nothing. Raises NoSuchZone, TooLong."""
    prefer(user, wanted)
    wish(user, wishes)


def _fields(wanted: Preferences, problems: Mapping[str, str]) -> Iterator[Field]:
    values = asdict(wanted)
    typed = {name: ("yes",) for name in TICKS if values[name]}
    make = Maker({**typed, "time_zone": (wanted.time_zone,)}, problems)
    for name, (label, words) in TICKS.items():
        yield make.choice(name, label, [("yes", words)], help=HELP.get(name, ""))
    zones = [("", "UTC"), *((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone)]
    yield make.choice("time_zone", "Time zone", zones, "select", help="Where your days begin.")
