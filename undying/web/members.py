"""The archivist's page of members: who they are, what they are trusted with, whose account is closed.

For everybody else there is no such page. It shows no e-mail addresses; who knows one can look it up.
"""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpResponseRedirect

from undying.kernel.errors import NotVisible, Refused
from undying.people import second_factor, staffing
from undying.people.models import StaffChange, User
from undying.people.staffing import Change
from undying.people.viewer import Role
from undying.web import links
from undying.web.desk import archivists_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.typed import sent

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from undying.web.request import Request

ROWS = 50
LATEST = 20
"""Changes that the list shows; a member's own page shows all of hers."""
LONGEST_FIND = 254
ROLES = {
    Role.MEMBER: "member: reads what is for members",
    Role.WRANGLER: "wrangler: also puts tags in order",
    Role.MODERATOR: "moderator: also sees what was hidden",
    Role.ARCHIVIST: "archivist: also sees all, and keeps the archive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member. `invited_by` made the invitation that she joined with."""

    name: str
    url: str
    role: str
    joined: datetime
    is_suspended: bool
    has_factor: bool
    invited_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """A change of somebody's role or account."""

    name: str
    url: str
    what: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembersPage(Page):
    """Members by name, found by a part of it or by a whole address."""

    template: ClassVar[str] = "desk/members.html"
    kind: ClassVar[str] = "desk-members"

    find: str = told("What was typed to find somebody")
    role: str = told("The role whose members are shown; empty for all")
    roles: tuple[tuple[str, str], ...] = told("The roles that can be asked for: (value, words)")
    total: int = told("How many there are")
    lines: tuple[MemberLine, ...] = told("This page of them")
    paging: Paging = told("Where in the list this page stands")
    changes: tuple[StaffLine, ...] = told("The latest changes of roles and accounts")


@dataclass(frozen=True, kw_only=True)
class MemberPage(Page):
    """One member, and what can be changed."""

    template: ClassVar[str] = "desk/member.html"
    kind: ClassVar[str] = "desk-member"

    member: MemberLine = told("Who she is")
    page: str = told("The address of her page")
    role: str = told("Her role")
    roles: tuple[tuple[str, str], ...] = told("What she can be trusted with: (value, words)")
    has_address: bool = told("Whether letters can reach her")
    trouble: str = told("What stands in the way; empty when nothing")
    reason: str = told("The reason that was typed")
    changes: tuple[StaffLine, ...] = told("Every change of her role or account, the latest first")


@archivists_only
def show_members(request: Request) -> HttpResponse:
    """The list."""
    find = request.GET.get("find", "").replace("\0", "").strip()[:LONGEST_FIND]
    role = request.GET.get("role", "")
    found = _found(find, role)
    place = paging(request, found.count(), ROWS)
    page = MembersPage(
        title="Members",
        find=find,
        role=role,
        roles=tuple((each.value, f"{each.value}s only") for each in Role),
        total=place.total,
        lines=_lines(list(found[place.start : place.stop])),
        paging=place,
        changes=_changes(StaffChange.objects.all()[:LATEST]),
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(find: str, role: str) -> QuerySet[User]:
    rows = User.objects.select_related("invited_with").order_by(Lower("username"), "pk")
    if role in set(Role):
        rows = rows.filter(role=role)
    return rows.filter(Q(username__icontains=find) | Q(email__iexact=find)) if find else rows


def _lines(rows: list[User]) -> tuple[MemberLine, ...]:
    with_factor = second_factor.who_have_one([each.pk for each in rows])
    return tuple(
        MemberLine(
            name=each.username,
            url=links.member(each.username),
            role=each.role,
            joined=each.joined,
            is_suspended=not each.is_active,
            has_factor=each.pk in with_factor,
            invited_by=each.invited_with.by if each.invited_with else "",
        )
        for each in rows
    )


def _changes(rows: QuerySet[StaffChange]) -> tuple[StaffLine, ...]:
    return tuple(
        StaffLine(
            name=each.user.username,
            url=links.member(each.user.username),
            what=_what(each),
            reason=each.reason,
            by=each.by,
            at=each.at,
        )
        for each in rows.select_related("user")
    )


def _what(row: StaffChange) -> str:
    words = {
        Change.ROLE: f"{row.before} → {row.after}",
        Change.SUSPENDED: "account closed",
        Change.RESTORED: "account opened again",
        Change.FACTOR: "second factor taken off",
    }
    return words[Change(row.what)]


@archivists_only
def show_member(request: Request, handle: str) -> HttpResponse:
    """One member; on POST one thing is changed, or the page says why not."""
    user = User.objects.select_related("invited_with").filter(username=handle).first()
    if user is None:
        raise NotVisible("page", handle)
    trouble = ""
    if request.method == "POST":
        try:
            messages.success(request, _changed(request, user))
            return HttpResponseRedirect(links.MEMBERS if user.pk == request.viewer.user_id else request.path)
        except Refused as refused:
            trouble = str(refused)
    [line] = _lines([user])
    page = MemberPage(
        title=user.username,
        member=line,
        page=links.account(user.username),
        role=user.role,
        roles=tuple((each.value, words) for each, words in ROLES.items()),
        has_address=bool(user.email),
        trouble=trouble,
        reason=sent(request, "reason"),
        changes=_changes(user.staff_changes.all()),
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _changed(request: Request, user: User) -> str:
    """Do what the form asks, and say so. Raises Refused."""
    by, reason, name = request.viewer.name, sent(request, "reason"), user.username
    match sent(request, "act"):
        case "suspend":
            done, words = staffing.suspend(user, by=by, reason=reason), f"{name} is signed out, and cannot sign in."
        case "restore":
            done, words = staffing.restore(user, by=by, reason=reason), f"{name} can sign in again."
        case "factor":
            done = staffing.forget_factor(user, by=by, reason=reason)
            words = f"{name} signs in with the password alone."
        case "role" if sent(request, "role") in set(Role):
            role = Role(sent(request, "role"))
            done, words = staffing.give_role(user, role, by=by), f"{name} is {role.value} now."
        case _:
            return "Nothing was changed."
    return words if done else "Nothing was changed."
