"""Counts of what the cleaner left out, and the words for them."""

from __future__ import annotations

from collections import Counter

_PHRASES = (
    ("script", "{n} script", "{n} scripts"),
    ("handler", "{n} event handler", "{n} event handlers"),
    ("link", "{n} link with a forbidden address", "{n} links with forbidden addresses"),
    ("relative link", "{n} link to another page of its old site", "{n} links to other pages of their old site"),
    ("image", "{n} image with a forbidden address", "{n} images with forbidden addresses"),
    ("frame", "{n} frame with another page", "{n} frames with other pages"),
    ("embedded object", "{n} embedded object", "{n} embedded objects"),
    ("sound or film player", "{n} sound or film player", "{n} sound or film players"),
    ("drawing", "{n} drawing (its text is kept)", "{n} drawings (their text is kept)"),
    ("formula", "the layout of {n} formula", "the layout of {n} formulas"),
    ("form", "{n} form", "{n} forms"),
    ("form field", "{n} form field", "{n} form fields"),
    ("style sheet", "{n} style sheet", "{n} style sheets"),
    ("unseen", "{n} part of the page that no reader saw", "{n} parts of the page that no reader saw"),
    ("flattened", "nesting too deep to keep, in {n} place", "nesting too deep to keep, in {n} places"),
    ("hidden", "the hiding of {n} passage", "the hiding of {n} passages"),
    ("colour", "colour on {n} passage", "colour on {n} passages"),
    ("background", "a background on {n} passage", "backgrounds on {n} passages"),
    ("typeface", "the typeface of {n} passage", "the typefaces of {n} passages"),
    ("size", "the size of {n} passage", "the sizes of {n} passages"),
    ("moving line", "the movement of {n} line", "the movement of {n} lines"),
    ("blinking passage", "the blinking of {n} passage", "the blinking of {n} passages"),
    ("class", "class names on {n} element", "class names on {n} elements"),
    ("style", "other styling on {n} element", "other styling on {n} elements"),
    ("id", "{n} repeated or empty id", "{n} repeated or empty ids"),
    ("half character", "{n} half character (shown as \ufffd)", "{n} half characters (shown as \ufffd)"),
    ("control character", "{n} control character", "{n} control characters"),
    ("markup", "all markup, because it would not come to rest", "all markup, because it would not come to rest"),
)


class Tally(Counter[str]):
    """How often each kind of thing was left out, by the first words of `_PHRASES`."""

    def note(self, kind: str, times: int = 1) -> None:
        """Count `times` more of a kind."""
        self[kind] += times

    def phrases(self) -> tuple[str, ...]:
        """Short phrases for the report, most telling first."""
        return tuple(
            (one if self[kind] == 1 else many).format(n=f"{self[kind]:,}") for kind, one, many in _PHRASES if self[kind]
        )
