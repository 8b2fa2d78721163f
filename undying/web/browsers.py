"""The page of the browsers that a member is signed in with, and how requests keep it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.clock import now
from undying.people import browsers
from undying.web import links
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import number_in, sent
from undying.web.wording import counted

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from undying.people.models import User
    from undying.web.request import Request

SEEN_EVERY = timedelta(hours=1)
"""A request writes that it came once in this time: most pages stay pages that only read."""
_NUMBER, _SEEN = "browser", "browser_seen"
_PROGRAMS = (
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In the order that matters: all of the later ones name an earlier one too, or are named by it."""
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLine:
    """A browser that she is signed in with. `is_here`: it is the one that asks."""

    number: int
    device: str
    began: datetime
    seen: datetime
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class BrowsersPage(Page):
    """Where she is signed in."""

    template: ClassVar[str] = "account/browsers.html"
    kind: ClassVar[str] = "account-browsers"

    lines: tuple[BrowserLine, ...] = told("The browsers, the one that was used last first")
    password: str = told("Where she changes her password")
    back: str = told("Where her account is")


@only_hers
def show_browsers(request: Request) -> HttpResponse:
    """The list; on POST one of them, or all the others, are signed out."""
    user = request.user
    assert user.is_authenticated
    here = request.session.session_key
    if request.method == "POST":
        messages.success(request, _ended(request, user))
        return HttpResponseRedirect(links.own_browsers(user.username))
    page = BrowsersPage(
        title="Where you are signed in",
        lines=tuple(
            BrowserLine(
                number=each.pk,
                device=each.device,
                began=each.began,
                seen=each.seen,
                is_here=each.session_key == here,
            )
            for each in browsers.of(user)
        ),
        password=links.own_password(user.username),
        back=links.own_account(user.username),
    )
    return show(request, page)


def _ended(request: Request, user: User) -> str:
    if "others" in request.POST:
        ended = browsers.end_all(user, but=request.session.session_key or "")
        return f"Signed out of {counted(ended, 'other browser')}." if ended else "You are signed in nowhere else."
    done = browsers.end(user, number_in(sent(request, "end")))
    return "Signed out there." if done else "You are not signed in there any more."


def remember(request: HttpRequest) -> None:
    """Somebody has just signed in here, or her session has another key now."""
    if not request.user.is_authenticated:
        return
    if request.session.session_key is None:
        request.session.save()
    key = request.session.session_key or ""
    row = browsers.remember(request.user, key, device(request.headers.get("User-Agent", "")))
    request.session[_NUMBER], request.session[_SEEN] = row.pk, now().timestamp()


def see(request: HttpRequest) -> None:
    """She is here. Asks the database nothing but once an hour."""
    number, seen = request.session.get(_NUMBER), request.session.get(_SEEN, 0.0)
    if number is not None and now().timestamp() - seen > SEEN_EVERY.total_seconds():
        browsers.see(number, request.session.session_key or "")
        request.session[_SEEN] = now().timestamp()


def device(agent: str) -> str:
    """What a browser calls itself, in words: "Firefox on Windows"."""
    program = next((name for sign, name in _PROGRAMS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if not program:
        return agent.partition("/")[0][:40].strip() or "A browser"
    return f"{program} on {system}" if system else program
