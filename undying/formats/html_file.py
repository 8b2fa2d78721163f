"""HTML files (.html) that no known tool made: saved pages, home pages of the nineties, exports of office programs."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from lxml import html

from undying.formats import Story
from undying.formats.blocks import blocks_of
from undying.formats.language_names import plain_tag
from undying.formats.onefile import file_bytes, file_fate, file_source, file_text, title_from_name
from undying.formats.plain import About, manuscript_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Reader, Request

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*([\"'])(.*?)\2", re.DOTALL)
_HEAD = 64 * 1024
_CLASS_RULE = re.compile(r"(?:^|[},;\s])(?:[a-z]+)?\.([\w-]+)\s*\{([^}]*)\}", re.IGNORECASE)


class _HtmlReader:
    name = "HTML"

    def claims(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  the protocol's
        return path.suffix.lower() in {".html", ".htm", ".xhtml", ".shtml"}

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path)
        declared = _CHARSET.search(data[:_HEAD])
        text, remark = file_text(data, path.name, declared=declared[1].decode("ascii").lower() if declared else "")
        if remark:
            yield remark
        about = About(
            name=path.name,
            fallback_title=title_from_name(path),
            source=file_source(data, request),
            title=_tag_text(text, "title"),
            authors=_authors(text),
            language=_language(text),
        )
        manuscript = manuscript_of(blocks_of(with_inline_styles(text)), about)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER: Reader = _HtmlReader()


def _tag_text(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}\s*>", text[:_HEAD], re.IGNORECASE | re.DOTALL)
    return " ".join(html.fromstring(f"<p>{found[1]}</p>").text_content().split()) if found else ""


def _authors(text: str) -> tuple[str, ...]:
    for found in re.finditer(r"<meta\b[^>]*>", text[:_HEAD], re.IGNORECASE):
        said = {key.lower(): value for key, _, value in _ATTRIBUTE.findall(found[0])}
        name = " ".join(unescape(said.get("content", "")).split())
        if said.get("name", "").lower() == "author" and name:
            return (name,)
    return ()


def _language(text: str) -> str:
    found = re.search(r"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z-]+)", text[:_HEAD], re.IGNORECASE)
    return plain_tag(found[1]) if found else ""


def with_inline_styles(text: str) -> str:
    """The page with what its style sheet says of a class put on the elements of that class.

    Office programs and online editors write italics as `<span class="c3">` and `.c3{font-style:italic}`; the cleaner
    keeps what stands on the element and knows no style sheet.
    """
    sheets = " ".join(re.findall(r"<style\b[^>]*>(.*?)</style\s*>", text, re.IGNORECASE | re.DOTALL))
    rules = {name: kept for name, rule in _CLASS_RULE.findall(sheets) if (kept := _kept(rule))}
    if not rules:
        return text
    return re.sub(
        r"<([a-z][a-z0-9]*)\b([^<>]*?)\bclass\s*=\s*([\"']?)([\w -]+?)\3(?=[\s/>])([^<>]*)>",
        lambda found: _restyled(found, rules),
        text,
        flags=re.IGNORECASE,
    )


def _kept(rule: str) -> str:
    """The declarations that mean something in prose."""
    wanted = re.findall(
        r"(font-style\s*:\s*italic|font-weight\s*:\s*(?:bold|[6-9]00)|text-decoration(?:-line)?\s*:[^;]*|"
        r"text-align\s*:\s*(?:center|right|justify)|vertical-align\s*:\s*(?:super|sub))",
        rule,
        re.IGNORECASE,
    )
    return ";".join(wanted)


def _restyled(found: re.Match[str], rules: dict[str, str]) -> str:
    styles = ";".join(rules[name] for name in found[4].split() if name in rules)
    if not styles or "style=" in found[0].lower():
        return found[0]
    return f'{found[0][:-1].rstrip("/")} style="{styles}">'
