"""What an author types."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from undying.library.models import Work

if TYPE_CHECKING:
    from django.test import Client

WHOLE = {
    "rating": "General Audiences",
    "warning": "No Archive Warnings Apply",
    "fandom": "Dracula",
    "relationship": "Mina Harker/Jonathan Harker, Lucy Westenra & Mina Harker",
    "title": "The Keeper's Daughter",
    "summary": "Rain, and *more* rain.",
    "language": "en",
    "status": "complete",
    "audience": "everyone",
    "body": "Rain came in from the sea.\n\nIt stayed.",
    "act": "post",
}


def token_in(markup: str) -> str:
    """The number of the form in a page."""
    found = re.search(r'name="token"\s+value="(\d+)"', markup)
    assert found
    return found[1]


def written(client: Client, **changes: object) -> Work:
    """The work that a whole form makes."""
    answer = client.post("/works/new", {**WHOLE, **changes})
    assert answer.status_code == 302, said(answer)
    return Work.objects.get(pk=answer["Location"].rpartition("/")[2])


def said(answer) -> str:
    """A page as somebody reads it, more or less."""
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))
