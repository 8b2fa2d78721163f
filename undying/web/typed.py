"""A field of a form as a value: what it asks, what was typed, and why that will not do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undying.web.request import Request

LONGEST_EMAIL = 254
LONGEST_NUMBER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A field. `kind` is the input's type, `fills` what the browser may fill in, `help` one sentence under it."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    fills: str = "off"
    help: str = ""
    problem: str = ""
    is_needed: bool = True


def sent(request: Request, name: str) -> str:
    """What was typed into a field, without what no database takes."""
    return request.POST.get(name, "").replace("\0", "")


def email_field(value: str, problem: str, *, label: str = "Your e-mail address", help_: str = "") -> Typed:
    """The field for an address."""
    return Typed(name="email", label=label, value=value, kind="email", fills="email", help=help_, problem=problem)


def password_field(name: str, label: str, *, help_: str = "", problem: str = "", is_new: bool = True) -> Typed:
    """A field for a password. What was typed is never sent back."""
    fills = "new-password" if is_new else "current-password"
    return Typed(name=name, label=label, kind="password", fills=fills, help=help_, problem=problem)


def new_password_field(name: str, label: str, least: int, problem: str) -> Typed:
    """The field for a new password of so many characters at least."""
    advice = "Four or five words that have nothing to do with each other are a good one."
    return password_field(name, label, help_=f"At least {least} characters. {advice}", problem=problem)


def number_in(text: str) -> int:
    """The number that was sent; 0 for what is none, or longer than any that is asked for."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER else 0
