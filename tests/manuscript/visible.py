"""What a reader sees of some markup: the one definition of "visible text" that the cleaner is held to.

docs/formats/prose.md has it in words. It shares no code with the cleaner but the HTML5 parser.
"""

from __future__ import annotations

import html
import re

import nh3


def _names(words):
    return frozenset(words.split())


INLINE = _names(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rb rp rt rtc ruby s "
    "samp small span strike strong sub sup time tt u var wbr"
)
BLOCK = _names(
    "address applet article aside audio blockquote br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr img legend li listing main marquee menu nav "
    "object ol optgroup option p pre search section select summary table tbody td textarea tfoot th thead tr ul video"
)
UNSEEN = _names("script style title iframe frame noembed noframes template")

_PARSER = nh3.Cleaner(
    tags=set(INLINE | BLOCK), clean_content_tags=set(UNSEEN), attributes={}, generic_attribute_prefixes=None
)
_TAG = re.compile(r"</?([a-z0-9]+)[^>]*>")
_NOSCRIPT = re.compile(r"<(/?)noscript(?=[\s/>])", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
_NEVER_SHOWN = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


def visible_text(markup: str) -> str:
    """The text that a browser without style sheets would show, every run of white space as one space."""
    markup = markup.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    markup = _NEVER_SHOWN.sub("", markup)
    # What stands in for scripts is shown where none run, and here none do.
    markup = _NOSCRIPT.sub(r"<\1x-noscript", markup)
    regular = _PARSER.clean(markup)
    text = html.unescape(_TAG.sub(lambda tag: " " if tag[1] in BLOCK else "", regular))
    text = _NEVER_SHOWN.sub("", text)
    return _SPACE.sub(" ", text).strip()


def letters(markup: str) -> str:
    """Visible text without any space: for markup whose block edges are in doubt (misnested tables and the like)."""
    return visible_text(markup).replace(" ", "")
