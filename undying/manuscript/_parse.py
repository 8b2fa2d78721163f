"""From anything to html5ever's regular markup, in bounded time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.manuscript._nesting import flatten, too_deep
from undying.manuscript._schema import KNOWN, PARSER

if TYPE_CHECKING:
    from undying.manuscript._tally import Tally

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
_OTHER_SPACE = re.compile("\r\n?|[\x0b\x0c]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOTABLE = re.compile(
    r"<(?=[sifmtnSIFMTN])(?:(script)|(style)|(i?frame)|(svg)|(math)|(template|noembed|noframes))(?=[\s/>])",
    re.IGNORECASE,
)
_KINDS = ("script", "style sheet", "frame", "drawing", "formula", "unseen")
_OFTEN = ["p", "em", "i", "br", "strong", "b", "span", "a", "div"]
_KNOWN = "|".join([*_OFTEN, *sorted(KNOWN - set(_OFTEN))])
_STRANGER = re.compile(rf"<(/?)(?=[a-z])(?!(?:{_KNOWN})[\s/>])", re.IGNORECASE)
_IN_TAG = "(?:[^<>\"']|\"[^\"]{0,500}+\"|'[^']{0,500}+'){0,500}+"
_LITERAL = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<plaintext(?=[\s/>]){_IN_TAG}>(?P<rest>.*)"
    rf"|<(?P<name>xmp|textarea)(?=[\s/>]){_IN_TAG}>(?P<inside>.*?)(?:</(?P=name)[^<>]*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_HAS_LITERAL = re.compile(r"<(?:xmp|textarea|plaintext)[\s/>]", re.IGNORECASE)


def regular(raw: str, tally: Tally) -> str:
    """What html5ever makes of the markup, serialised: `<` and `>` only in tags, every value quoted, no comments."""
    text = _characters(raw, tally)
    for found in _NOTABLE.finditer(text):
        tally.note(_KINDS[(found.lastindex or 1) - 1])
    text = _strangers(text)
    if too_deep(text):
        text = flatten(text)
        tally.note("flattened")
    # Character references can bring back what was taken out.
    return _characters(PARSER.clean(text), tally)


def _characters(text: str, tally: Tally) -> str:
    """Unicode as it came, less what no page and no book can hold."""
    if not text.isascii() and _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        tally.note("half character", max(text.count("\ufffd"), 1))
    if _CONTROLS.search(text):
        text, count = _CONTROLS.subn("", text)
        tally.note("control character", count)
    if "\r" in text or "\x0b" in text or "\x0c" in text:
        text = _OTHER_SPACE.sub("\n", text)
    return text


def _strangers(text: str) -> str:
    """Give what HTML does not know a name without rules, so that its text is kept like any other.

    SVG and MathML have parsing rules of their own, on which sanitisers have been broken; and ammonia throws out what
    an element holds when its name is one of theirs (`<text>`, `<set>`, `<min>`), wherever it stands.
    """
    if _HAS_LITERAL.search(text):
        text = _LITERAL.sub(_literally, text)
    return _STRANGER.sub(r"<\1x-", text)


def _literally(found: re.Match[str]) -> str:
    """Elements that show markup as text: what they hold is escaped once and for all."""
    if found[0].startswith("<!--"):
        return ""
    literal = found["rest"] or found["inside"] or ""
    if (found["name"] or "").lower() != "textarea":
        literal = literal.replace("&", "&amp;")
    literal = literal.replace("<", "&lt;").replace(">", "&gt;")
    return f"<div>{literal}</div>" if (found["name"] or "").lower() == "textarea" else f"<pre>{literal}</pre>"
