"""What the tests of the plain-file readers share: reading one file, and a manuscript as text to compare."""

from __future__ import annotations

import io
import zipfile
from dataclasses import fields
from typing import TYPE_CHECKING

from undying.formats import Remark, Request, Story
from undying.manuscript import Chapter, Manuscript

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Reader

_SHOWN_APART = {"chapters", "pictures", "source"}


def read(reader: Reader, path: Path, **asked: object) -> tuple[Story, list[Remark]]:
    """The one story of a file, and the remarks on it."""
    request = Request(scratch=path.parent, root=path.parent, **asked)
    events = list(reader.read(path, request))
    (story,) = [event for event in events if isinstance(event, Story)]
    return story, [event for event in events if isinstance(event, Remark)]


def story_of(reader: Reader, folder: Path, name: str, data: bytes | str) -> Manuscript:
    """The manuscript in these bytes under this name."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(reader, path)[0].manuscript


def outline(manuscript: Manuscript, remarks: list[Remark]) -> str:
    """Everything that is known, one line each, then the chapters: for golden files."""
    lines = [f"remark: {remark.text}" for remark in remarks]
    lines += _stated(manuscript, Manuscript(title="", chapters=()))
    for number, chapter in enumerate(manuscript.chapters, 1):
        lines += ["", f"== {number}"]
        lines += _stated(chapter, Chapter(body=chapter.body))
        lines.append(str(chapter.body))
    return "\n".join(lines).rstrip() + "\n"


def _stated(value: object, empty: object) -> Iterator[str]:
    for item in fields(value):
        content = getattr(value, item.name)
        if item.name not in _SHOWN_APART and content != getattr(empty, item.name):
            yield f"{item.name}: {_shown(content)}"


def _shown(content: object) -> str:
    if isinstance(content, tuple) and content and hasattr(content[0], "kind") and hasattr(content[0], "name"):
        return "; ".join(f"{tagging.kind.value} {tagging.name}" for tagging in content)
    return str(content)


def zipped(members: dict[str, str | bytes]) -> bytes:
    """A zip of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()
