"""A story that its author brings as a file becomes a draft of hers, chapter by chapter, for her to check.

Refused
└── NoStory     the file is none that holds one story; says why
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from undying.exchange.pipeline import WORTH_A_PROCESS, Task, events
from undying.formats import Remark, Request, Story, Unreadable
from undying.formats.registry import reader_for
from undying.kernel.errors import Refused
from undying.library import writing
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import State, Wishes
from undying.people.actions import wishes_of

if TYPE_CHECKING:
    from undying.library.models import Work
    from undying.manuscript import Manuscript
    from undying.people.viewer import Viewer

SUFFIXES = (".docx", ".odt", ".rtf", ".epub", ".html", ".htm", ".md", ".txt", ".fb2")
READERS = frozenset(
    {
        "AO3 download (HTML)",
        "EPUB",
        "FanFicFare (HTML)",
        "FanFicFare (text)",
        "FictionBook",
        "HTML",
        "Markdown",
        "OpenDocument",
        "Rich Text",
        "Word",
        "plain text",
    }
)
"""The readers of files that hold one story each; what holds an archive is the archivist's to bring in."""
HEAD = 64 * 1024
LONGEST_STEM = 60
"""Characters: four bytes each are still a name that every file system takes."""


class NoStory(Refused):
    """There is no story in that file, or none that could be read."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A story as it was read, and what its author should know of how."""

    story: Manuscript
    remarks: tuple[str, ...]


def read(name: str, data: bytes) -> Upload:
    """The story in a file of this name. Raises NoStory."""
    shown = PurePosixPath(name.replace("\\", "/")).name or "the file"
    if PurePosixPath(shown).suffix.lower() not in SUFFIXES:
        raise NoStory(f"{shown} is none of the files that can be read here: {', '.join(SUFFIXES)}.")
    with tempfile.TemporaryDirectory(prefix="undying-upload-") as folder:
        path = Path(folder, _safe(PurePosixPath(shown)))
        path.write_bytes(data)
        return _read(path, shown, data)


def _safe(name: PurePosixPath) -> str:
    """The same name, which may become the story's title, without what a file system would not take."""
    stem = "".join(each if each.isalnum() or each in " -_.,'()" else " " for each in name.stem)
    return f"{' '.join(stem.split())[:LONGEST_STEM] or 'upload'}{name.suffix.lower()}"


def _read(path: Path, shown: str, data: bytes) -> Upload:
    reader = reader_for(path, data[:HEAD])
    if reader is None or reader.name not in READERS:
        raise NoStory(f"{shown} is not what its name says: it holds no story, or more than one.")
    request = Request(scratch=path.parent, root=path.parent)
    stories, remarks = [], []
    try:
        # In a process of its own, whatever its size: a file that takes much memory takes it from nobody else.
        task = Task(reader=reader.name, path=path, request=request, as_told=True)
        for event in events(task, size=WORTH_A_PROCESS):
            if isinstance(event, Story):
                stories.append(event.manuscript)
            elif isinstance(event, Remark):
                remarks.append(event.text.replace(path.name, shown))
    except Unreadable as reason:
        raise NoStory(str(reason).replace(path.name, shown)) from reason
    if len(stories) != 1:
        raise NoStory(f"{shown} holds {len(stories)} stories: bring a file with one.")
    if not any(each.body.has_words() or "<img" in each.body for each in stories[0].chapters):
        raise NoStory(f"{shown} holds no text: open it and look whether it is the right one.")
    return Upload(stories[0], tuple(remarks))


def bring(viewer: Viewer, upload: Upload, *, token: int = 0) -> Work:
    """Make a draft of it under her own name, whoever the file says wrote it. Raises Unfinished."""
    story = upload.story
    fields = WorkFields(
        title=story.title,
        taggings=story.taggings,
        summary=story.summary,
        notes_before=story.notes_before,
        notes_after=story.notes_after,
        language=story.language,
        status=story.status,
        planned_chapters=story.planned_chapters,
        placements=story.placements,
        gifts=story.gifts,
        wishes=story.wishes if story.wishes != Wishes() else wishes_of(viewer),
    )
    chapters = [
        ChapterFields(
            body=each.body,
            title=each.title,
            summary=each.summary,
            notes_before=each.notes_before,
            notes_after=each.notes_after,
        )
        for each in story.chapters
    ]
    return writing.start(viewer, fields, *chapters, state=State.DRAFT, token=token, pictures=story.pictures)
