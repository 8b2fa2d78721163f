"""Attributes: read from html5ever's output, judged one by one, written back in one fixed order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from undying.manuscript._schema import ALIGNMENTS, CLASSES, is_handler

if TYPE_CHECKING:
    from undying.manuscript._tally import Tally

Attributes = dict[str, str]

_PAIR = re.compile(r'([^\s="]+)="([^"]*)"')
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.ASCII | re.IGNORECASE,
)
_WEB = re.compile(r"(https?)://([\w-]+(?:\.[\w-]+)*\.?(?::\d{1,5})?)((?:[/?#].*)?)", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*(?:\?.*)?", re.IGNORECASE)
_PICTURE = re.compile(r"picture:[0-9a-f]{64}")
_RISKY = re.compile(r"%(?![0-9A-Fa-f]{2})|[\s\"<>\\^`{|}\[\]\x7f-\x9f]")
_STRAY = re.compile(r"[^A-Za-z0-9_.-]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LONGEST_ADDRESS = 2_000


def read(markup: str) -> Attributes:
    """The attributes inside one tag of html5ever's output; the first of a name wins."""
    return {name: unescape(value) for name, value in reversed(_PAIR.findall(markup))}


def unescape(value: str) -> str:
    """The value itself: html5ever escapes five characters and no more."""
    if "&" not in value:
        return value
    value = value.replace("&nbsp;", "\xa0").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")
    return value.replace("&amp;", "&")


def escape(value: str) -> str:
    """The value as html5ever writes it, so that the judge finds nothing to change."""
    value = value.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace('"', "&quot;")
    return value.replace("<", "&lt;").replace(">", "&gt;")


def written(pairs: Attributes) -> str:
    """A string for the inside of a tag, with a leading space; empty for no attributes."""
    return "".join([f' {name}="{escape(value)}"' for name, value in pairs.items()])


def user_id(value: str) -> str:
    """An author's id inside the authors' own namespace, as a name that XML takes too; "" where nothing is left."""
    bare = value.strip().removeprefix("user-")
    return "user-" + _STRAY.sub(lambda odd: f"_{ord(odd[0]):x}", bare) if bare else ""


def link_address(value: str) -> str:
    """Where a link may lead: the web, a letter box, or a place in the same text. "" for anywhere else."""
    value = _tidy(value)
    if value.startswith("#"):
        target = user_id(unquote(value[1:]))
        return "#" + target if target else ""
    if _MAIL.fullmatch(value) and len(value) <= _LONGEST_ADDRESS:
        return _RISKY.sub(_quoted, value)
    return web_address(value)


def image_address(value: str) -> str:
    """Where an image may come from: the web, or the pictures that travel with the story."""
    value = _tidy(value)
    return value if _PICTURE.fullmatch(value) else web_address(value)


def web_address(value: str) -> str:
    """An http or https address that every reader of EPUB and HTML takes; "" for anything else.

    A user name before the host is refused: it only serves to make an address look like another.
    """
    value = _tidy(value)
    found = _WEB.fullmatch("https:" + value if value.startswith("//") else value)
    if not found or len(value) > _LONGEST_ADDRESS:
        return ""
    return f"{found[1].lower()}://{found[2]}{_RISKY.sub(_quoted, found[3])}"


def is_relative(value: str) -> bool:
    """Whether an address names a page beside the one it stood on."""
    return not _SCHEME.match(_tidy(value))


def common(attributes: Attributes, tally: Tally, *extra_classes: str) -> Attributes:
    """What any element may carry, apart from its id: class, lang, dir, title."""
    kept: Attributes = {}
    if classes := _classes(attributes, tally, *extra_classes):
        kept["class"] = classes
    language = (attributes.get("lang") or attributes.get("xml:lang", "")).replace("_", "-")
    if _LANGUAGE.fullmatch(language):
        kept["lang"] = language
    direction = attributes.get("dir", "").lower()
    if direction in {"ltr", "rtl", "auto"}:
        kept["dir"] = direction
    if title := attributes.get("title", "").strip():
        kept["title"] = title
    handlers = sum(1 for name in attributes if is_handler(name))
    if handlers:
        tally.note("handler", handlers)
    return kept


def own(tag: str, attributes: Attributes) -> Attributes:
    """What only this element may carry, where the value is one that the element can have."""
    kept: Attributes = {}
    for name, shape in _SHAPES.get(tag, {}).items():
        value = attributes.get(name)
        if value is not None and shape.fullmatch(value.strip()):
            kept[name] = "" if name in {"reversed", "open"} else value.strip()
    if tag in {"blockquote", "q", "ins", "del"} and (source := web_address(attributes.get("cite", ""))):
        kept["cite"] = source
    return kept


_SPAN = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_ANYTHING = re.compile(r"(?s:.*)")
_SHAPES = {
    "ol": {"start": re.compile(r"-?\d{1,6}", re.ASCII), "type": re.compile(r"[1aAiI]"), "reversed": _ANYTHING},
    "li": {"value": re.compile(r"-?\d{1,6}", re.ASCII)},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
    "th": {"colspan": _SPAN, "rowspan": _SPAN, "scope": re.compile(r"row|col|rowgroup|colgroup")},
    "details": {"open": _ANYTHING},
    "img": {"width": re.compile(r"[1-9]\d{0,3}", re.ASCII), "height": re.compile(r"[1-9]\d{0,3}", re.ASCII)},
}


def alignment(value: str) -> str:
    """The class for an `align` attribute or a `text-align`; "" where it says nothing lasting."""
    side = {"middle": "center"}.get(value, value)
    return f"align-{side}" if side in ALIGNMENTS else ""


def _classes(attributes: Attributes, tally: Tally, *extra: str) -> str:
    names = attributes.get("class", "").split()
    kept = [name for name in names if name in CLASSES]
    if len(kept) < len(names):
        tally.note("class")
    sides = [name for name in extra if name]
    if any(side.startswith("align-") for side in sides):
        kept = [name for name in kept if not name.startswith("align-")]
    return " ".join(dict.fromkeys([*kept, *sides]))


def _tidy(value: str) -> str:
    """As browsers do before they look at an address: no space around it, no line breaks and tabs in it."""
    return re.sub(r"[\t\n\r]", "", value).strip(" \x00\x0b\x0c\x1f")


def _quoted(risky: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in risky[0].encode())
