"""What markup there is: what a story may keep, what stands in for old markup, what is dropped with its contents."""

from __future__ import annotations

import nh3


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


ALIGNMENTS = ("center", "right", "left", "justify")
INKS = ("red", "orange", "gold", "green", "teal", "blue", "purple", "pink", "brown", "grey")
CLASSES = frozenset(
    {f"align-{side}" for side in ALIGNMENTS}
    | {f"ink-{ink}" for ink in INKS}
    | {"big", "small-caps", "typewriter", "scene-break", "gap", "letter", "message", "verse", "spoiler"}
)

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ul", "ol"})
ROW_GROUPS = frozenset({"thead", "tbody", "tfoot"})
TABLE_PARTS = ROW_GROUPS | {"table", "tr"}

INLINE = _names(
    "em i strong b u s small sub sup q cite abbr mark code kbd samp var ins del dfn a span bdi bdo ruby rb rt rp"
)
BLOCKS = (
    _names("p pre ul ol li dl dt dd blockquote div figure figcaption details summary caption td th")
    | HEADINGS
    | TABLE_PARTS
)
VOID = frozenset({"br", "hr", "img", "wbr"})
KEPT = INLINE | BLOCKS | VOID

RENAMED_BLOCKS = {
    **dict.fromkeys(
        _names(
            "address article aside center dialog fieldset footer form header hgroup legend main marquee nav object "
            "optgroup option search section select textarea button audio video applet"
        ),
        "div",
    ),
    "menu": "ul",
    "dir": "ul",
    "listing": "pre",
}
RENAMED_INLINE = {"strike": "s", "tt": "code", "acronym": "abbr", "font": "span", "big": "span"}
REPORTED = {
    "form": "form",
    "input": "form field",
    "select": "form field",
    "textarea": "form field",
    "button": "form field",
    "object": "embedded object",
    "embed": "embedded object",
    "applet": "embedded object",
    "audio": "sound or film player",
    "video": "sound or film player",
    "marquee": "moving line",
    "blink": "blinking passage",
}

INVISIBLE = frozenset({"script", "style", "iframe", "frame", "title", "noembed", "noframes", "template"})
"""Elements whose contents no reader saw; they go with all that is in them."""

KNOWN = (
    KEPT
    | set(RENAMED_BLOCKS)
    | set(RENAMED_INLINE)
    | set(REPORTED)
    | INVISIBLE
    | _names(
        "html head body frameset nobr time label area base basefont bgsound col colgroup image keygen link meta param "
        "source track rtc data output meter progress picture map slot datalist center"
    )
) - {"plaintext", "xmp"}
"""The names that html5ever may see."""

_COMMON = frozenset({"class", "id", "lang", "dir", "title"})
_OWN = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "ins": {"cite"},
    "del": {"cite"},
    "details": {"open"},
}
_HANDLERS = frozenset(
    f"on{event}"
    for event in _names(
        "abort animationcancel animationend animationiteration animationstart auxclick beforeinput beforematch "
        "beforetoggle beforeunload begin blur cancel canplay canplaythrough change click close contextmenu copy cut "
        "dblclick drag dragend dragenter dragleave dragover dragstart drop end ended error focus focusin focusout "
        "formdata gotpointercapture hashchange input invalid keydown keypress keyup load loadeddata loadedmetadata "
        "loadstart lostpointercapture message mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup "
        "mousewheel pagehide pageshow paste pause play playing pointercancel pointerdown pointerenter pointerleave "
        "pointermove pointerout pointerover pointerrawupdate pointerup popstate progress propertychange "
        "readystatechange repeat reset resize scroll scrollend search seeked seeking select selectionchange "
        "selectstart show stalled start submit suspend timeupdate toggle touchcancel touchend touchmove touchstart "
        "transitioncancel transitionend transitionrun transitionstart unload volumechange waiting wheel"
    )
)
_OLD_ATTRIBUTES = frozenset({"style", "name", "align", "color", "face", "size", "bgcolor", "background", "xml:lang"})
_NAMED_SCHEMES = _names(
    "about blob callto chrome data feed file ftp gopher irc javascript jar livescript magnet mhtml ms-its mocha "
    "resource sms ssh tel urn vbscript view-source ws wss xmpp"
)
"""Schemes that the first parse lets through, so that the report can count what the second step refuses."""

PARSER = nh3.Cleaner(
    tags=set(
        KEPT | set(RENAMED_BLOCKS) | set(RENAMED_INLINE) | set(REPORTED) | {"nobr", "time", "label"},
    ),
    clean_content_tags=set(INVISIBLE),
    attributes={
        "*": set(_COMMON | _HANDLERS | _OLD_ATTRIBUTES),
        **{tag: set(names) for tag, names in _OWN.items()},
    },
    url_schemes={"http", "https", "mailto", "picture", *_NAMED_SCHEMES},
    link_rel=None,
)
"""html5ever as a parser only: what it gives is regular and still hostile."""

JUDGE = nh3.Cleaner(
    tags=set(KEPT),
    clean_content_tags=set(INVISIBLE),
    attributes={tag: set(_COMMON - {"class"}) | _OWN.get(tag, set()) for tag in KEPT},
    allowed_classes={tag: set(CLASSES) for tag in KEPT},
    tag_attribute_values={"a": {"rel": {"nofollow noopener"}}},
    url_schemes={"http", "https", "mailto", "picture"},
    link_rel=None,
)
"""The security decision: nothing is prose that this cleaner would change."""


def is_handler(name: str) -> bool:
    """Whether an attribute is code that waits for an event."""
    return name in _HANDLERS
