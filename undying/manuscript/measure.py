"""How long a text is, how it begins, and in which language it seems to be."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undying.manuscript.model import Prose

_RUBY_TEXT = re.compile(r"<r[tp]\b[^>]*>.*?</r[tp]>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|blockquote|pre|section|article|aside|figure|figcaption|details|summary|"
    r"table|tr|center|address|hr)|br)\b[^>]*>",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--.*?-->", re.DOTALL)


def plain_text(prose: Prose) -> str:
    """What a reader reads, without markup: one line per block element, ruby annotations left out.

    Line ends within the markup are spaces, as a browser shows them.
    """
    text = re.sub(r"\s+", " ", _RUBY_TEXT.sub("", prose))
    text = _TAG.sub("", _CELL.sub(" ", _BLOCK.sub("\n", text)))
    lines = (" ".join(line.split(" ")).strip() for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)
