"""All that is a member's, as one zip that she takes home: it can be read without any archive, and read in by another.

docs/running/leaving.md says what lies where in it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from undying.community import access as community
from undying.community import statistics
from undying.community.excluding import kept_by
from undying.community.saving import saved_by
from undying.exchange import keepsakes
from undying.exchange.spreadsheet import line
from undying.formats.epub import EpubWriter
from undying.formats.html_write import HtmlWriter
from undying.formats.markdown_write import MarkdownWriter
from undying.kernel import store
from undying.library import access, manuscripts
from undying.library.bringing import brought_by
from undying.library.counters import Counter
from undying.library.models import Draft, Work
from undying.library.packing import manuscript_of
from undying.library.writing import pseuds_of
from undying.manuscript.codec import keepsake_to_json, to_json
from undying.people.models import Icon, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from undying.formats.colophon import Archive
    from undying.manuscript import Manuscript
    from undying.people.viewer import Viewer

LONGEST_NAME = 80
"""Characters of a title in a file's name: what every file system takes, in any script."""
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/avif": "avif"}
_MADE_UP = zipfile.ZIP_STORED

README = """\
What was yours at {name}, on {day}

works/           each of your works as an EPUB for e-readers, as HTML for any browser, and as Markdown for writing on
pictures/        the pictures that the Markdown files show, and those that you brought for texts that are not saved
archive.jsonl    the same works with everything that the archive knows of them, drafts, comments and all, and what else
                 you brought: another Undying takes this file in as it is ("undying import archive.jsonl")
revisions/       every state of each work that was saved, a line each, oldest first, with what was changed
drafts.json      what you had typed and not yet saved
icons/           the pictures of your pen names
statistics.csv   what your works gained on each day: a table for spreadsheets
account.json     your names, your address, what you leave out of lists, your searches
"""


def pack(viewer: Viewer, file: BinaryIO, *, name: str, day: str, place: Callable[[Work], Archive]) -> None:
    """Write the zip for a member.

    `name` is the archive's and `day` today, for its README; `place` says what a work's files tell of their origin.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as home, tempfile.TemporaryFile() as lines:
        home.writestr("README.txt", README.format(name=name, day=day))
        for work in works_of(viewer):
            story = _told(viewer, work)
            lines.write(f"{to_json(story)}\n".encode())
            _write_files(home, work, story, place(work))
            _write_revisions(home, work)
        for each in keepsakes.told_of({each.pk for each in pseuds_of(viewer)}):
            lines.write(f"{keepsake_to_json(each)}\n".encode())
        lines.seek(0)
        with home.open("archive.jsonl", "w") as told:
            shutil.copyfileobj(lines, told)
        for icon in Icon.objects.filter(pseud__user=viewer.user_id).select_related("pseud").order_by("pk"):
            home.writestr(f"icons/{icon.pseud_id}.jpg", bytes(icon.data), _MADE_UP)
        _write_brought(home, viewer)
        home.writestr("drafts.json", _as_json([_draft(each) for each in Draft.objects.visible_to(viewer)]))
        home.writestr("statistics.csv", grown(statistics.works_of(viewer)))
        home.writestr("account.json", _as_json(_account(viewer)))


def grown(works: Sequence[Work]) -> str:
    """A table for spreadsheets with a row for each work and day on which anything was added, in the order of time."""
    days = statistics.growth(works, statistics.first_day(works))
    titles = {work.pk: work.title for work in works}
    rows = [line(["day", "work", "title", *(each.value for each in Counter)])]
    for day, number in sorted((day, number) for number, added in days.items() for day in added):
        added = days[number][day]
        rows.append(line([day, number, titles[number], *(getattr(added, each) for each in Counter)]))
    return "".join(rows)


def works_of(viewer: Viewer) -> Iterator[Work]:
    """The works that she is a creator of, drafts and hidden ones included, by title."""
    mine = Work.objects.visible_to(viewer).filter(creatorships__pseud__user=viewer.user_id).distinct()
    numbers = list(mine.order_by("title", "pk").values_list("pk", flat=True))
    return (access.work_for(viewer, number) for number in numbers)


def _told(viewer: Viewer, work: Work) -> Manuscript:
    chapters = access.whole_text_for(viewer, work)
    reviews = community.as_told(community.reviews_for(viewer, work), chapters)
    return replace(manuscripts.of(work, chapters), reviews=reviews)


def _write_files(home: zipfile.ZipFile, work: Work, story: Manuscript, place: Archive) -> None:
    name = f"works/{file_name(work)}"
    pictures = {
        each.sha256: f"pictures/{each.sha256}.{_ENDINGS.get(each.media_type, 'bin')}" for each in story.pictures
    }
    for each in story.pictures:
        if pictures[each.sha256] not in home.namelist():
            home.writestr(pictures[each.sha256], each.data, _MADE_UP)
    home.writestr(f"{name}.epub", EpubWriter().write(story, place=place), _MADE_UP)
    home.writestr(f"{name}.html", HtmlWriter().write(story, place=place))
    beside = {sha256: f"../{path}" for sha256, path in pictures.items()}
    home.writestr(f"{name}.md", MarkdownWriter().write(story, pictures=beside))


def _write_brought(home: zipfile.ZipFile, viewer: Viewer) -> None:
    for each in brought_by(viewer):
        path = f"pictures/{each.sha256}.{_ENDINGS[each.media_type]}"
        if path not in home.namelist():
            home.writestr(path, store.fetch(each.sha256), _MADE_UP)


def file_name(work: Work) -> str:
    """A name for the work's files that no two works share and that every system takes."""
    title = " ".join(_UNFIT.sub(" ", work.title).split()).strip(" .")[:LONGEST_NAME]
    return f"{title or 'work'} ({work.pk})"


def _write_revisions(home: zipfile.ZipFile, work: Work) -> None:
    rows = work.revisions.order_by("number")
    if rows.exists():
        with home.open(f"revisions/{file_name(work)}.jsonl", "w") as lines:
            for each in rows.iterator(chunk_size=20):
                told = {"number": each.number, "saved": each.saved.isoformat(), "what": each.what}
                told["work"] = json.loads(to_json(manuscript_of(each)))
                lines.write(f"{json.dumps(told, ensure_ascii=False)}\n".encode())


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "form": draft.kind,
        "work": draft.work.title if draft.work else "",
        "chapter": draft.chapter.position if draft.chapter else None,
        "saved": draft.saved.isoformat(),
        "where": draft.device,
        "fields": draft.fields,
    }


def _account(viewer: Viewer) -> dict[str, Any]:
    user = User.objects.get(username=viewer.name)
    return {
        "name": user.username,
        "email": user.email,
        "joined": user.joined.isoformat(),
        "pen_names": [
            {
                "name": each.name,
                "is_linked": each.is_linked,
                "description": each.description,
                "icon": f"icons/{each.pk}.jpg" if Icon.objects.filter(pseud=each).exists() else "",
            }
            for each in pseuds_of(viewer)
        ],
        "about": user.about,
        "answers": user.answers,
        "preferences": user.preferred,
        "wishes": user.wished,
        "left_out_of_lists": [str(each) for each in kept_by(viewer)],
        "searches": [{"name": each.name, "query": each.query} for each in saved_by(viewer)],
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
