"""A bound on nesting before the parser sees it: html5ever takes time with the square of the depth.

`too_deep` is a quick estimate that errs on the side of alarm. Only when it alarms does `flatten` write the markup anew,
every tag closed by hand and none deeper than a limit, so that the parser has nothing left to repair. A text that
people wrote never gets there.
"""

from __future__ import annotations

import re

from undying.manuscript._schema import VOID

DEEPEST = 300
MOST_FORMATTING = 30
_FEW_TAGS = 1_000
_MOST_MISMATCHES = 400
_MOST_COPIES = 1_000_000

_VOID = VOID | {"input", "embed", "frame", "area", "base", "col", "link", "meta", "param", "source", "track", "keygen"}
_SELF_CLOSING = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "option", "rt", "rp", "rb", "body", "html", "head"})
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_RAW = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
_QUICK = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]*)"
    r"((?:\s++[\w:-]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=`]++))?)*+\s*+/?>)?|<!--"
)
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>\x00]*+)"
    r"(?P<attributes>(?:[^>\"'=]|=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>\"']|(?=>))|[\"'])*+)>"
)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']*)))?")


def too_deep(markup: str) -> bool:
    """Whether the parser might have to work hard. Linear."""
    if markup.count("<") < _FEW_TAGS:
        return False
    return _Estimate().alarms(markup)


class _Estimate:
    def __init__(self) -> None:
        self.open: list[str] = []
        self.formatting: list[tuple[str, int]] = []
        self.formatting_length = 0
        self.mismatches = 0
        self.copies = 0

    def alarms(self, markup: str) -> bool:
        for found in _QUICK.finditer(markup):
            name = (found[2] or "").lower()
            if name in _RAW or not found[3]:
                self.mismatches += 1
            if found[1]:
                self._close(name)
            elif name and name not in _VOID:
                self._begin(name, len(found[0]))
            if self._is_too_much():
                return True
        return False

    def _is_too_much(self) -> bool:
        return (
            len(self.open) > DEEPEST
            or len(self.formatting) > MOST_FORMATTING
            or self.mismatches > _MOST_MISMATCHES
            or self.copies > _MOST_COPIES
        )

    def _begin(self, name: str, length: int) -> None:
        # Formatting that is open when a paragraph ends is written again in the next.
        self.copies += self.formatting_length
        if name in _FORMATTING:
            self.formatting.append((name, length))
            self.formatting_length += length
        elif name not in _SELF_CLOSING:
            self.open.append(name)

    def _close(self, name: str) -> None:
        if name in _FORMATTING:
            if self.formatting and self.formatting[-1][0] == name:
                self.formatting_length -= self.formatting.pop()[1]
            else:
                self.mismatches += 1
        elif name not in _SELF_CLOSING:
            if self.open and self.open[-1] == name:
                self.open.pop()
            else:
                self.mismatches += 1


def flatten(markup: str) -> str:
    """The same markup, well nested and shallow. Comments go; tags that are too deep go, what they hold stays."""
    return "".join(_Flattener(markup).pieces())


class _Flattener:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.open: list[str] = []
        self.skipped: dict[str, int] = {}
        self.formatting = 0

    def pieces(self) -> list[str]:
        written: list[str] = []
        place = 0
        while (bracket := self.markup.find("<", place)) >= 0:
            written.append(self.markup[place:bracket])
            place = self._token(bracket, written)
        written.append(self.markup[place:])
        return written

    def _token(self, start: int, written: list[str]) -> int:
        """Write what begins at `start`; returns where it ends."""
        tag = _TAG.match(self.markup, start)
        if tag is None:
            return self._no_tag(start, written)
        name = tag["name"].lower()
        if tag["close"]:
            self._close(name, written)
        elif name in _RAW:
            return self._raw(name, tag, written)
        elif not re.fullmatch(r"[a-z][a-z0-9:-]*", name):
            pass
        elif name in _VOID:
            written.append(_rewritten(name, tag["attributes"]))
        else:
            self._open(name, tag["attributes"], written)
        return tag.end()

    def _no_tag(self, start: int, written: list[str]) -> int:
        if self.markup.startswith("<!--", start):
            end = self.markup.find("-->", start + 4)
            return len(self.markup) if end < 0 else end + 3
        following = self.markup[start + 1 : start + 2]
        if following in {"!", "?", "/"}:
            end = self.markup.find(">", start)
            return len(self.markup) if end < 0 else end + 1
        if following.isalpha() and following.isascii():
            return len(self.markup)  # a tag that the end of the text cut off
        written.append("&lt;")
        return start + 1

    def _raw(self, name: str, tag: re.Match[str], written: list[str]) -> int:
        end = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(self.markup, tag.end())
        stop = end.start() if end else len(self.markup)
        if name in {"textarea", "xmp"}:
            written.append(self.markup[tag.end() : stop].replace("<", "&lt;"))
        if end is None:
            return stop
        closing = self.markup.find(">", stop)
        return len(self.markup) if closing < 0 else closing + 1

    def _open(self, name: str, attributes: str, written: list[str]) -> None:
        formats = name in _FORMATTING
        if name == "p" and "p" in self.open:
            self._close("p", written)
        if len(self.open) >= DEEPEST or (formats and self.formatting >= MOST_FORMATTING):
            self.skipped[name] = self.skipped.get(name, 0) + 1
            return
        self.open.append(name)
        self.formatting += formats
        written.append(_rewritten(name, attributes))

    def _close(self, name: str, written: list[str]) -> None:
        if self.skipped.get(name):
            self.skipped[name] -= 1
        elif name in self.open:
            while True:
                last = self.open.pop()
                self.formatting -= last in _FORMATTING
                written.append(f"</{last}>")
                if last == name:
                    break


def _rewritten(name: str, attributes: str) -> str:
    pairs = []
    for found in _ATTRIBUTE.finditer(attributes):
        value = found[2] or found[3] or found[4] or ""
        value = value.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
        pairs.append(f' {found[1]}="{value}"')
    return f"<{name}{''.join(pairs)}>"
