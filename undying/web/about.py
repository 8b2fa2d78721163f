"""What a member tells of herself on the page of her account: the form, hers alone to see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.formats.markdown import typed_prose
from undying.kernel import chosen
from undying.people.actions import LONGEST_ANSWER, TooLong, tell_about
from undying.web import links
from undying.web.fields import Field
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpResponse

    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class AboutPage(Page):
    """The text on the page of a member's account, to be changed."""

    template: ClassVar[str] = "own/about.html"
    kind: ClassVar[str] = "about"

    account: str = told("The name of the account")
    url: str = told("The page on which the text stands")
    fields: tuple[Field, ...] = told("The text, and the archive's questions with her answers")


@only_hers
def show_about(request: Request) -> HttpResponse:
    """The page; on POST the text is changed."""
    user, problem = request.user, ""
    assert user.is_authenticated
    text, answers = str(user.about), {each: str(user.answers.get(each, "")) for each in chosen.questions()}
    if request.method == "POST":
        text = sent(request, "about")
        answers = {each: sent(request, _name(each)).strip() for each in answers}
        try:
            tell_about(user, typed_prose(text), answers)
        except TooLong as refused:
            problem = str(refused)
        else:
            messages.success(request, "Saved.")
            return HttpResponseRedirect(links.account(user.username))
    page = AboutPage(
        title="About you",
        account=user.username,
        url=links.account(user.username),
        fields=tuple(_fields(text, answers, problem)),
    )
    return show(request, page)


def _fields(text: str, answers: Mapping[str, str], problem: str) -> Iterator[Field]:
    is_text = all(len(answer) <= LONGEST_ANSWER for answer in answers.values())
    yield Field(
        name="about",
        label="About you",
        kind="lines",
        value=text,
        rows=10,
        problem=problem if is_text else "",
        help="Plain text, Markdown or HTML.",
    )
    for question, answer in answers.items():
        is_wrong = len(answer) > LONGEST_ANSWER
        yield Field(
            name=_name(question),
            label=question,
            kind="line",
            value=answer,
            problem=problem if is_wrong else "",
            most=LONGEST_ANSWER,
        )


def _name(question: str) -> str:
    """The name of a question's field: the same for as long as its words are."""
    return "answer-" + hashlib.sha256(question.encode()).hexdigest()[:12]
