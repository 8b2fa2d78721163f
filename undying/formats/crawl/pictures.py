"""Pictures that a story shows: those that were captured too go into it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from undying.formats.crawl.views import original
from undying.formats.pictures import kind_of
from undying.manuscript import Picture, RawHtml
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from undying.formats.crawl.index import Capture, Index
    from undying.manuscript import Manuscript, Prose

_SOURCE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]+)(")')
_MOST = 32 * 1024 * 1024
"""Bytes of pictures in one story."""


@dataclass(slots=True)
class Illustrated:
    """A story with its pictures, and the captures that they were."""

    story: Manuscript
    captures: list[Capture]


def with_pictures(story: Manuscript, index: Index, base: str) -> Illustrated:
    """The story with every captured picture in it; others keep the address that they had."""
    found: dict[str, tuple[Picture, Capture]] = {}

    def resolve(address: str) -> str:
        capture = index.picture(address)
        kind = kind_of(capture.body) if capture is not None else None
        if capture is None or kind is None or sum(len(each.data) for each, _c in found.values()) > _MOST:
            return address
        name = hashlib.sha256(capture.body).hexdigest()
        found[name] = (Picture(sha256=name, media_type=kind.media_type, data=capture.body), capture)
        return f"picture:{name}"

    chapters = tuple(
        replace(
            chapter,
            body=_settled(chapter.body, base, resolve),
            notes_before=_settled(chapter.notes_before, base, resolve),
            notes_after=_settled(chapter.notes_after, base, resolve),
        )
        for chapter in story.chapters
    )
    pictures = tuple(picture for picture, _capture in found.values())
    return Illustrated(
        replace(story, chapters=chapters, pictures=pictures), [capture for _p, capture in found.values()]
    )


def _settled(prose: Prose, base: str, resolve: Callable[[str], str]) -> Prose:
    if "<img" not in prose:
        return prose

    def settle(match: re.Match[str]) -> str:
        try:
            address = urljoin(base, original(unescape(match[2])))
        except ValueError:
            return match[0]
        return f"{match[1]}{escape(resolve(address))}{match[3]}"

    return clean(RawHtml(_SOURCE.sub(settle, prose)))
