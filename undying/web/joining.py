"""Joining: a page that asks for an address, a letter, and the page behind its link, where the account begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.kernel.chosen import Joining
from undying.people import joining, letters, passwords
from undying.people.joining import Answers
from undying.web import browsers, links, sure
from undying.web.by_letter import base, behind_a_link, count_letter, trouble_with
from undying.web.page import Page, show, told
from undying.web.typed import Typed, email_field, new_password_field, number_in, sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from undying.people.models import Letter
    from undying.web.request import Request

ON_ITS_WAY = (
    "A letter is on its way to that address. It says how to go on; it can take some minutes, so look among unwanted "
    "mail too."
)
HOW = {
    Joining.OPEN: "Everybody may join. Write your address, and a letter tells you how to go on.",
    Joining.QUEUE: "Some are let in each day, in the order in which they asked. A letter tells you your place in the "
    "line, and another when it is your turn. With an invitation you need not wait.",
    Joining.INVITATION: "This archive is for those who are invited. Write your address and the code of your "
    "invitation, and a letter tells you how to go on.",
    Joining.CLOSED: "Nobody can join at present: the people who keep this archive make the accounts.",
}


@dataclass(frozen=True, kw_only=True)
class JoinPage(Page):
    """Asks for the address of somebody who wants to join, and for her invitation where one is needed or helps."""

    template: ClassVar[str] = "joining/join.html"
    kind: ClassVar[str] = "joining"

    how: str = told("Who may join, and what happens next")
    fields: tuple[Typed, ...] = told("The fields; none when nobody may join")


@dataclass(frozen=True, kw_only=True)
class BeginPage(Page):
    """Asks who came by her letter for a name, a password, and what members agree to."""

    template: ClassVar[str] = "joining/begin.html"
    kind: ClassVar[str] = "joining-begin"

    fields: tuple[Typed, ...] = told("The fields for name and password")
    age: int = told("How old members are at least; 0 when nobody asks")
    is_old_enough: bool = told("Whether she has said that she is")
    age_problem: str = told("Why what she said of her age will not do; empty when it does")
    terms: str = told("The terms that members accept; empty when there are none")
    terms_version: int = told("Their version; 0 when there are none")
    accepts: bool = told("Whether she has accepted them")
    terms_problem: str = told("Why what she said of the terms will not do; empty when it does")


def show_join(request: Request) -> HttpResponse:
    """The form; on POST a letter is asked for, and the answer is the same whatever the address is."""
    mode, problems = chosen.joining(), dict[str, str]()
    email, code = sent(request, "email").strip(), sent(request, "invitation").strip()
    if request.method == "POST" and mode is not Joining.CLOSED:
        if trouble := trouble_with(email):
            problems["email"] = trouble
        else:
            here = base(request)
            count_letter(request, "join", email)
            try:
                joining.ask(email, base=here, code=code)
            except (joining.NeedsInvitation, joining.NoSuchInvitation) as refused:
                problems["invitation"] = str(refused)
            else:
                messages.success(request, ON_ITS_WAY)
                return HttpResponseRedirect(links.JOIN)
    code = code or request.GET.get("invitation", "").replace("\0", "")
    page = JoinPage(title="Join", how=HOW[mode], fields=tuple(_asked(mode, email, code, problems)))
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(mode: Joining, email: str, code: str, problems: Mapping[str, str]) -> list[Typed]:
    if mode is Joining.CLOSED:
        return []
    invitation = Typed(
        name="invitation",
        label="Your invitation" if mode is Joining.INVITATION else "Your invitation, if you have one",
        value=code,
        help="Its code: four groups of four letters and figures.",
        problem=problems.get("invitation", ""),
        is_needed=mode is Joining.INVITATION,
    )
    address = email_field(
        email, problems.get("email", ""), help_="Nobody sees it. It is there for letters to you alone."
    )
    return [address] if mode is Joining.OPEN else [address, invitation]


@behind_a_link
def show_begin(request: Request, token: str) -> HttpResponse:
    """The page behind the link: on POST the account begins, and she is signed in."""
    letter = letters.opened(token, *letters.JOINS)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            return _begun(request, letter)
        except joining.BadAnswers as refused:
            problems = refused.problems
    return show(request, _begin_page(request, problems))


def _begun(request: Request, letter: Letter) -> HttpResponse:
    answers = Answers(
        name=sent(request, "name").strip(),
        password=sent(request, "password"),
        is_old_enough="age" in request.POST,
        terms_version=number_in(sent(request, "terms")),
    )
    user = joining.join(letter, answers)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    sure.note(request)
    browsers.remember(request)
    messages.success(request, f"Welcome, {user.username}. Your account begins.")
    return HttpResponseRedirect(links.account(user.username))


def _begin_page(request: Request, problems: Mapping[str, str]) -> BeginPage:
    name = Typed(
        name="name",
        label="Your name here",
        value=sent(request, "name"),
        fills="username",
        help="You sign in with it, and it is your first pen name: everybody sees it. 3 to 40 letters, digits and "
        "underscores.",
        problem=problems.get("name", ""),
    )
    password = new_password_field("password", "A password", passwords.LEAST, problems.get("password", ""))
    return BeginPage(
        title="Join",
        fields=(name, password),
        age=chosen.number("minimum_age"),
        is_old_enough="age" in request.POST,
        age_problem=problems.get("age", ""),
        terms=chosen.text("terms"),
        terms_version=joining.terms_in_force(),
        accepts=bool(sent(request, "terms")) and "terms" not in problems,
        terms_problem=problems.get("terms", ""),
    )
