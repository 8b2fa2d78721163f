"""What stands behind the fields of a form of writing: its number, what it began from, what of the same is unsaved."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from undying.formats.markdown import typed_prose
from undying.kernel.clock import now
from undying.kernel.ids import new_id
from undying.library import drafting, writing
from undying.library.access import BIGGEST_ID
from undying.library.drafting import Sheet, Target
from undying.library.models import DraftKind
from undying.manuscript.differing import Change, Piece, differences, side
from undying.manuscript.measure import plain_text
from undying.web import links, written
from undying.web.writing_forms import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from undying.library.models import Chapter, Draft, Work
    from undying.people.viewer import Viewer
    from undying.web.written import Written

PREVIEW, EDIT = "preview", "edit"
"""The buttons that save nothing."""
MEANWHILE = (
    "This was saved from another window after you opened it here. Nothing is lost: below you see where the two texts "
    "differ. Save again to put yours in place of the other, which stays among the revisions."
)
MOST_SHOWN = 5
"""Unsaved texts that a form tells of."""
LONGEST_SAME = 400
"""Characters on both sides of what differs that are shown of what does not."""
_PROSE = frozenset(
    {"summary", "notes_before", "notes_after", "body", "chapter_summary", "chapter_notes_before", "chapter_notes_after"}
)
_BOXES = frozenset({"warning", "category", "series"})
_31_BITS = 0x7FFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsavedLine:
    """A text that was typed and not saved: of what, when and where. `take` opens the form with it, `look` shows it
    beside what it would replace, and is where dropping it is sent.
    """

    title: str
    saved: datetime
    device: str
    take: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which two texts differ, in pieces."""

    label: str
    one: tuple[Piece, ...]
    other: tuple[Piece, ...]


def fresh(values: Written | None = None) -> Sheet:
    """Of a form that is opened now, on a work with these values."""
    return Sheet(token=new_id(), base=mark(values) if values else 0, opened=now())


def opened(viewer: Viewer, asked: QueryDict, target: Target, values: Written) -> tuple[Written, Sheet]:
    """What stands in a form that is opened: these values, or the unsaved text that its address names."""
    number_ = number(asked.get("draft", ""))
    draft = drafting.unsaved(viewer, target).filter(pk=number_).first() if number_ else None
    if draft is None:
        return values, fresh(None if target.kind in drafting.NEW else values)
    return _over(values_of(target), draft), taken_up(draft)


def _over(values: Written, draft: Draft) -> Written:
    """A draft's values; where its form had no such field (her only pen name), those that are saved. Of boxes, none that
    is ticked is an answer.
    """
    return {**{name: each for name, each in values.items() if name not in _BOXES}, **values_in(draft)}


def is_behind(sheet: Sheet, values: Written, act: str) -> bool:
    """Whether another window has saved since this form was opened, and this one is about to."""
    return bool(sheet.base) and sheet.base != mark(values) and act not in {PREVIEW, EDIT}


def taken_up(draft: Draft) -> Sheet:
    """Of a form that goes on with an unsaved text."""
    return Sheet(token=draft.pk, version=draft.version, base=draft.base, opened=now())


def sent(post: QueryDict) -> Sheet:
    """Of a form that came."""
    return Sheet(
        token=number(post.get("token", "")),
        version=min(number(post.get("version", "")), _31_BITS),
        base=min(number(post.get("base", "")), _31_BITS),
        opened=_moment(post.get("opened", "")),
    )


def hidden(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """The same as hidden fields."""
    opened = sheet.opened.isoformat() if sheet.opened else ""
    return (
        ("token", str(sheet.token or new_id())),
        ("version", str(sheet.version)),
        ("base", str(sheet.base)),
        ("opened", opened),
    )


def mark(values: Written) -> int:
    """A number that another text hardly has: never 0."""
    told = {name: list(each) for name, each in values.items() if any(each)}
    return (zlib.crc32(json.dumps(told, sort_keys=True).encode()) & _31_BITS) or 1


def values_of(target: Target) -> Written:
    """What stands in a form on what is saved; nothing for a new one."""
    if target.kind is DraftKind.CHAPTER and target.chapter is not None:
        return written.of_chapter(writing.text_of(target.chapter))
    if target.kind is DraftKind.WORK and target.work is not None:
        only = writing.only_chapter(target.work)
        text = written.of_chapter(writing.text_of(only)) if only else {}
        here = {name: text[name] for name in written.TEXT if name in text}
        return {**written.of_work(writing.fields_of(target.work)), **here}
    return {}


def values_in(draft: Draft) -> Written:
    """What was typed."""
    return {name: tuple(draft.fields[name]) for name in written.FIELDS if name in draft.fields}


def autosave(target: Target) -> str:
    """Where such a form saves itself."""
    query = {"kind": target.kind.value}
    if target.work is not None:
        query["work"] = str(target.work.pk)
    if target.chapter is not None:
        query["chapter"] = str(target.chapter.pk)
    return links.with_query(links.AUTOSAVE, query)


def form_of(kind: DraftKind, work: Work | None, chapter: Chapter | None) -> str:
    """The address of a form."""
    if kind is DraftKind.CHAPTER and chapter is not None:
        return links.chapter_act(chapter, "edit")
    if work is None:
        return links.NEW_WORK
    return links.edit(work) if kind is DraftKind.WORK else links.new_chapter(work)


def lines(viewer: Viewer, drafts: Iterable[Draft]) -> tuple[UnsavedLine, ...]:
    """Unsaved texts as a page lists them."""
    return tuple(_line(viewer, each) for each in drafts)


def _line(viewer: Viewer, draft: Draft) -> UnsavedLine:
    kind = DraftKind(draft.kind)
    title = next(iter(draft.fields.get("title", ())), "") or (draft.work.title if draft.work else writing.UNTITLED)
    chapter = {DraftKind.NEW_CHAPTER: ", a new chapter", DraftKind.CHAPTER: f", {draft.chapter}"}.get(kind, "")
    return UnsavedLine(
        title=title[: writing.LONGEST_TITLE] + chapter,
        saved=draft.saved,
        device=draft.device,
        take=links.with_query(form_of(kind, draft.work, draft.chapter), {"draft": str(draft.pk)}),
        look=links.draft(viewer.name, draft.pk),
    )


def unsaved(viewer: Viewer, target: Target, values: Written) -> tuple[UnsavedLine, ...]:
    """What of the same form is unsaved, but for what says no more than what is saved."""
    found = drafting.unsaved(viewer, target)[:MOST_SHOWN]
    return lines(viewer, [each for each in found if mark(_over(values, each)) != mark(values)])


def apart(one: Written, other: Written) -> tuple[Difference, ...]:
    """The fields in which two texts differ. A field that only one of them has is no difference."""
    found = []
    for name in written.FIELDS:
        before, after = (_text(name, values[name]) if name in values else None for values in (one, other))
        if before is not None and after is not None and before != after:
            pieces = differences(before, after)
            sides = (side(pieces, Change.GONE), side(pieces, Change.NEW))
            found.append(Difference(label=LABELS[name], one=short(sides[0]), other=short(sides[1])))
    return tuple(found)


def _text(name: str, values: tuple[str, ...]) -> str:
    if name in _PROSE:
        return plain_text(typed_prose("".join(values)))
    return "\n".join(sorted(each.strip() for each in values if each.strip()))


def short(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Long passages that are the same on both sides are cut out of their middle."""
    return tuple(Piece(each.change, _cut(each.text)) if each.change is Change.KEPT else each for each in pieces)


def _cut(text: str) -> str:
    left_out = len(text) - 2 * LONGEST_SAME
    return text if left_out <= 0 else f"{text[:LONGEST_SAME]} […] {text[-LONGEST_SAME:]}"


def number(text: str) -> int:
    """A number that somebody sent; 0 for what is none."""
    fits = text.isascii() and text.isdecimal() and len(text) < len(str(BIGGEST_ID))
    return int(text) if fits else 0


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
