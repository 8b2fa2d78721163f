"""What the search box understands, by examples that lead to what they find."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.finding.examples import CHAPTERS
from undying.web import links
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.request import Request


@dataclass(frozen=True, slots=True)
class Example:
    """Something to type, the list that it leads to, and what is found."""

    query: str
    url: str
    finds: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Examples of one matter. `anchor` names it within the page."""

    anchor: str
    title: str
    text: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class SearchHelpPage(Page):
    """How to search."""

    template: ClassVar[str] = "search/help.html"
    kind: ClassVar[str] = "search-help"

    chapters: tuple[Chapter, ...] = told("Examples by matter, each with where it leads")
    search: str = told("Where the search box is")


def show_help(request: Request) -> HttpResponse:
    """The page. No query: it is the same for everybody."""
    chapters = tuple(
        Chapter(
            re.sub("[^a-z]+", "-", chapter.title.lower()),
            chapter.title,
            chapter.text,
            tuple(Example(each.query, links.search(each.query), each.finds) for each in chapter.examples),
        )
        for chapter in CHAPTERS
    )
    return show(request, SearchHelpPage(title="How to search", chapters=chapters, search=links.SEARCH))
