"""The one sanitiser: RawHtml -> Prose. docs/formats/prose.md says what it keeps and why.

Three steps: html5ever (through nh3) reads whatever came; `_builder` writes the story anew in sound, canonical markup;
nh3 judges the result. Nothing becomes prose that the judge would change or that a second cleaning would.
"""

from __future__ import annotations

import re

from undying.manuscript._builder import Builder
from undying.manuscript._parse import regular
from undying.manuscript._schema import JUDGE
from undying.manuscript._tally import Tally
from undying.manuscript.model import Prose, RawHtml

__all__ = ["Prose", "RawHtml", "clean", "scoped", "xhtml"]

KEPT_BACK = "[an e-mail address, kept back]"
_MOST_ROUNDS = 6
_TAG = re.compile(r"<[^>]*>")
_IMAGE = re.compile(r'<img\b(?:[^>"]|"[^"]*")*>')
# Looking behind, a long run of letters is tried once and not from each of them.
_TAG_OR_MAIL = re.compile(r"(<[^>]*>)|(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_MAIL_LINK = re.compile(r' href="mailto:[^"]*"', re.IGNORECASE)
_VOID_TAG = re.compile(r"<((?:br|hr|img|wbr)\b[^>]*)>")
_USER_ID = re.compile(r' (id="|href="#)user-')
_SCOPE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def clean(raw: RawHtml) -> Prose:
    """Markup that is safe to show, every visible character kept, old markup mapped to what the theme can draw.

    Never raises, whatever it is given. `removed` on the result says what was left out. Cleaning again changes nothing.
    About 0.1 s of CPU for 100,000 words.
    """
    tally = Tally()
    built = Builder(tally).build(regular(raw, tally))
    for _ in range(_MOST_ROUNDS):
        judged = JUDGE.clean(built)
        # What the judge leaves alone is html5ever's own spelling, so parsing it once more would change nothing.
        again = Builder(Tally()).build(judged if judged == built else regular(judged, Tally()))
        if again == judged:
            return _prose(judged, tally)
        built = again
    tally.note("markup")
    return _prose(_text_only(built), tally)


def scoped(prose: Prose, scope: str) -> Prose:
    """The same prose with its ids, and the links to them, set apart by a prefix: `user-fn1` becomes `c3-user-fn1`.

    For several chapters on one page. The result is for showing, not for storing. ValueError if `scope` is no name.
    """
    if not _SCOPE.fullmatch(scope):
        raise ValueError(f"{scope!r} cannot begin an id: use a letter, then letters, digits, hyphens.")
    if "user-" not in prose:
        return prose
    result = Prose(_TAG.sub(lambda tag: _USER_ID.sub(rf" \1{scope}-user-", tag[0]), prose))
    result.removed = prose.removed
    return result


def without_images(prose: Prose) -> Prose:
    """The same prose without its images: still clean, since each tag is cut out whole."""
    return Prose(_IMAGE.sub("", prose)) if "<img" in prose else prose


def without_addresses(prose: Prose) -> Prose:
    """The same prose with e-mail addresses kept back, for showing what somebody told on another site."""
    if "@" not in prose:
        return prose
    return Prose(_TAG_OR_MAIL.sub(lambda found: _MAIL_LINK.sub("", found[1]) if found[1] else KEPT_BACK, prose))


def xhtml(prose: str) -> str:
    """The prose as XML wants it: empty elements closed, no named entity that XML does not know."""
    return _VOID_TAG.sub(r"<\1/>", prose).replace("&nbsp;", "&#160;")


def _prose(markup: str, tally: Tally) -> Prose:
    prose = Prose(markup)
    prose.removed = tally.phrases()
    return prose


def _text_only(markup: str) -> str:
    """The last resort: each piece of text a paragraph of its own, nothing else."""
    pieces = (" ".join(piece.replace("&nbsp;", " ").split()) for piece in _TAG.split(markup))
    text = "".join(f"<p>{piece}</p>" for piece in pieces if piece)
    return JUDGE.clean(Builder(Tally()).build(text))
