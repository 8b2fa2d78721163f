"""What the archivist should look at before everybody reads it: addresses in texts, wishes not to be copied, labels.

Nothing is changed by looking. A text with an e-mail address stays as it is until she masks it, and can be shown again.
A work that says "do not copy this elsewhere", or bears a label that the setting `hold_tags` names, is for members until
she decides.

Refused
└── NoSuchFlag      there is nothing like that to decide
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from undying.community.models import Challenge, NewsItem, Review, SitePage
from undying.exchange.contacts import folded
from undying.exchange.private import Departure, Done, Flag, Flagged, Record
from undying.kernel import ledger
from undying.kernel.errors import Refused
from undying.kernel.portions import portions
from undying.library.access import CHAPTER_PROSE, WORK_PROSE
from undying.library.actions import WORK, close_to_guests, open_to_everyone, set_hidden
from undying.library.models import Chapter, Work
from undying.manuscript import RawHtml
from undying.manuscript.clean import clean
from undying.people.models import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import Model, QuerySet

    from undying.exchange.models import Batch
    from undying.manuscript import Manuscript

EMAIL = re.compile(r"[\w.!#$%*+/=?^{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[a-zA-Z]{2,24}")
_COPYING = r"(?:copy|copied|(?:re-?)?post(?:ed)?|archived?|upload(?:ed)?|(?:re)?distributed?|reproduced?|taken?|used?)"
_NOT = r"(?:do\s+not|don['’]t|(?:may|must)\s+not\s+be|not\s+to\s+be|never|no\s+permission\s+to)"
_ELSEWHERE = r"(?:else(?:where)?|other|another|any|site|archive|permission|consent|anywhere)"
WISH = re.compile(rf"{_NOT}\s+(?:\w+\s+){{0,3}}?{_COPYING}\b[^.<]{{0,80}}?\b{_ELSEWHERE}\b", re.IGNORECASE)
LONGEST = 300
AROUND = 60
_PARTS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "work": (Work, WORK_PROSE),
    "chapter": (Chapter, CHAPTER_PROSE),
    "review": (Review, ("body", "response")),
    "profile": (Profile, ("bio",)),
    "news": (NewsItem, ("body",)),
    "page": (SitePage, ("body",)),
    "challenge": (Challenge, ("summary",)),
}
BESIDES = {"profile": Q(), "news": Q(), "page": Q(), "challenge": Q(), "review": Q(work=None)}
"""Kinds of text that belong to no work, and which rows of a kind do."""
CHOICES = {
    Flagged.ADDRESS: ("leave", "mask"),
    Flagged.WISH: ("everyone", "members", "delete"),
    Flagged.LABEL: ("everyone", "members", "delete"),
}


class NoSuchFlag(Refused):
    """There is nothing like that to decide."""


def held_by_label(manuscript: Manuscript) -> str:
    """The first of its tags that the setting `hold_tags` names; empty when none."""
    named = {folded(each) for each in settings.UNDYING.texts("hold_tags")}
    return next((each.name for each in manuscript.taggings if folded(each.name) in named), "")


def wish_in(manuscript: Manuscript) -> str:
    """The words in which its author asks that it be not copied elsewhere; empty where she does not."""
    notes: list[str] = [manuscript.summary, manuscript.notes_before, manuscript.notes_after, manuscript.rights]
    for chapter in manuscript.chapters:
        notes += [chapter.summary, chapter.notes_before, chapter.notes_after]
    notes += [each.name for each in manuscript.taggings] + [text for _, text in manuscript.extras]
    found = next(filter(None, map(WISH.search, notes)), None)
    return found[0][:LONGEST] if found else ""


def is_to_be_held(manuscript: Manuscript) -> bool:
    """Whether a work is for members until the archivist has decided."""
    return bool(held_by_label(manuscript) or wish_in(manuscript))


def flag_work(work: Work, manuscript: Manuscript, batch: Batch) -> None:
    """Note what is to be looked at in a work that was just taken in, in the caller's transaction."""
    said = ((Flagged.WISH, wish_in(manuscript)), (Flagged.LABEL, held_by_label(manuscript)))
    found = [Flag(kind=kind, place="work", number=work.pk, text=text[:LONGEST]) for kind, text in said if text]
    if any("@" in text for text in _texts(manuscript)):
        found += _addresses_in("work", [work])
        found += _addresses_in("chapter", Chapter.objects.filter(work=work))
        found += _addresses_in("review", Review.objects.filter(work=work))
    _note(found, batch, work)


def _texts(manuscript: Manuscript) -> Iterator[str]:
    yield from (str(getattr(manuscript, name)) for name in WORK_PROSE)
    for chapter in manuscript.chapters:
        yield from (str(getattr(chapter, name)) for name in CHAPTER_PROSE)
    for review in manuscript.reviews:
        yield from (review.body, review.response)


def _addresses_in(place: str, rows: Iterable[Model]) -> Iterator[Flag]:
    for row in rows:
        for part in _PARTS[place][1]:
            text = getattr(row, part) or ""
            for email in dict.fromkeys(EMAIL.findall(text)) if "@" in text else ():
                yield Flag(kind=Flagged.ADDRESS, place=place, number=row.pk, part=part, text=email[:LONGEST])


def _note(found: Iterable[Flag], batch: Batch, work: Work | None = None) -> None:
    """Write them down; what is flagged already stays as it was decided."""
    rows = list(found)
    for flag in rows:
        flag.batch, flag.work_number = batch, work.pk if work else None
    Flag.objects.bulk_create(rows, ignore_conflicts=True)


def flag_the_rest(batch: Batch) -> int:
    """Note the addresses in texts that belong to no work; how many addresses the batch has to look at in all."""
    for place, besides in BESIDES.items():
        model, parts = _PARTS[place]
        for part in parts:
            for rows in portions(model._default_manager.filter(besides, **{f"{part}__contains": "@"})):
                _note(_addresses_in(place, rows), batch)
    return Flag.objects.filter(batch=batch, kind=Flagged.ADDRESS, decided="").count()


def where(flag: Flag) -> str:
    """The place for people: "chapter 3 of The Log, notes"."""
    row = _row(flag)
    part = flag.part.replace("_", " ")
    if isinstance(row, Chapter):
        return f"chapter {row.position} of {row.work.title}, {part}"
    if isinstance(row, Review):
        return f"a review of {row.work.title}, {part}" if row.work else f"a comment, {part}"
    return f"{row}, {part}" if part else str(row)


def around(flag: Flag) -> tuple[str, str]:
    """The words before and after it, without their markup."""
    text = re.sub(r"<[^>]*>", " ", str(getattr(_row(flag), flag.part, "")))
    before, _, after = text.partition(flag.text if flag.decided != "mask" else _mask(flag))
    return (before[-AROUND:], after[:AROUND]) if flag.part else ("", "")


def _row(flag: Flag) -> Model | None:
    return _PARTS[flag.place][0]._default_manager.filter(pk=flag.number).first()


def _mask(flag: Flag) -> str:
    return f"[e-mail address {flag.pk}]"


def _mailto(flag: Flag) -> str:
    return f"mailto:address-{flag.pk}@masked.invalid"


@transaction.atomic
def decide(flags: Sequence[Flag], choice: str, *, by: str) -> int:
    """Do one thing about each; how many were changed. What is decided can be decided anew. Raises NoSuchFlag."""
    changed = 0
    for flag in flags:
        if choice not in CHOICES[Flagged(flag.kind)]:
            raise NoSuchFlag("That is not among the choices.")
        if flag.decided == choice:
            continue
        if flag.kind == Flagged.ADDRESS:
            _decide_address(flag, choice, by)
        else:
            _decide_work(flag, choice, by)
        Flag.objects.filter(pk=flag.pk).update(decided=choice)
        changed += 1
    return changed


def _decide_address(flag: Flag, choice: str, by: str) -> None:
    if choice == "mask":
        _rewrite(flag, (f"mailto:{flag.text}", _mailto(flag)), (flag.text, _mask(flag)))
        Record.objects.create(done=Done.MASKED, work_number=flag.work_number, by=by)
    elif flag.decided == "mask":
        _rewrite(flag, (_mailto(flag), f"mailto:{flag.text}"), (_mask(flag), flag.text))
        Record.objects.create(done=Done.UNMASKED, work_number=flag.work_number, by=by)


def _rewrite(flag: Flag, *changes: tuple[str, str]) -> None:
    row: Any = _row(flag)
    if row is None:
        return
    text = str(getattr(row, flag.part))
    for old, new in changes:
        text = re.sub(rf"(?<![\w.@]){re.escape(old)}(?![\w@])", new.replace("\\", r"\\"), text)
    type(row)._default_manager.filter(pk=row.pk).update(**{flag.part: clean(RawHtml(text))})
    if flag.work_number is not None:
        ledger.mark(WORK, [flag.work_number])


def _decide_work(flag: Flag, choice: str, by: str) -> None:
    work = Work.objects.filter(pk=flag.number).first()
    if work is None:
        return
    Record.objects.create(done=Done.DECIDED, work_number=work.pk, by=by, reason=f"{flag.text}: {choice}"[:LONGEST])
    if choice == "delete":
        set_hidden(work, hidden=True)
        Departure.objects.get_or_create(work_number=work.pk)
    elif choice == "members":
        close_to_guests([work.pk])
    elif choice == "everyone" and flag.batch.is_open and not _is_held_besides(flag):
        open_to_everyone([work.pk])


def _is_held_besides(flag: Flag) -> bool:
    return _holding().filter(number=flag.number).exclude(pk=flag.pk).exists()


def held_of(batch: Batch) -> set[int]:
    """The works of a batch that are not to be opened with it."""
    return set(_holding().filter(number__in=batch.works.values("work_number")).values_list("number", flat=True))


def _holding() -> QuerySet[Flag]:
    """The flags by which a work is for members still: they are open, or were decided so."""
    return Flag.objects.filter(place="work").exclude(kind=Flagged.ADDRESS).exclude(decided="everyone")
