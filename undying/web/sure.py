"""Before what opens an account to others is changed, the archive makes sure that it is she: by her password, lately."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponseRedirect

from undying.kernel import limits
from undying.kernel.clock import now
from undying.people.passwords import MOST
from undying.web import links, own
from undying.web.by_letter import AN_HOUR
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.passwords import GUESSES
from undying.web.typed import Typed, password_field, sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from undying.web.request import Request

FOR = timedelta(minutes=15)
_SURE = "sure_since"


@dataclass(frozen=True, kw_only=True)
class SurePage(Page):
    """Asks for her password, before a page that changes how she signs in."""

    template: ClassVar[str] = "account/sure.html"
    kind: ClassVar[str] = "account-sure"

    field: Typed = told("The field for her password")
    next: str = told("Where she goes on to")
    back: str = told("Where her account is")


def note(request: HttpRequest) -> None:
    """She has just shown who she is."""
    request.session[_SURE] = now().timestamp()


def is_sure(request: HttpRequest) -> bool:
    """Whether she has shown that lately."""
    since = request.session.get(_SURE, 0.0)
    return bool(0 <= now().timestamp() - since < FOR.total_seconds())


def who_is_sure(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for who has shown lately that it is she; others are asked first, and led back. After `only_hers`."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if is_sure(request):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(links.with_query(links.own_sure(request.viewer.name), {"next": request.path}))

    return guarded


@only_hers
def show_sure(request: Request) -> HttpResponse:
    """Ask for the password, and go on."""
    user, problem = request.user, ""
    assert user.is_authenticated
    back = links.own_account(user.username)
    going_on = own.ours(request, request.POST.get("next", request.GET.get("next", ""))) or back
    if request.method == "POST":
        limits.count("password", str(user.pk), most=GUESSES, within=AN_HOUR)
        if user.check_password(sent(request, "password")[:MOST]):
            note(request)
            return HttpResponseRedirect(going_on)
        problem = "That is not your password."
    field = password_field("password", "Your password", problem=problem, is_new=False)
    return show(request, SurePage(title="Is it you?", field=field, next=going_on, back=back))
