"""Reading an import again from its originals: what would change, and the form to have it so. For archivists alone."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import optouts, tasks
from undying.exchange.again import labels_of
from undying.exchange.models import BatchState
from undying.exchange.private import Asked
from undying.exchange.viewing import masked
from undying.formats.repairs import RULES, allows
from undying.kernel.tasks import has_failed, is_due, later
from undying.web import links
from undying.web.cards import Name
from undying.web.desk import Desk, archivists_only, batch_numbered
from undying.web.page import Page, show, told
from undying.web.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse
    from django_tasks.base import Task

    from undying.exchange.models import Batch, Reread
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where a text differs: a passage of it before and after."""

    where: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWork:
    """A work that differs: in which fields, and some passages."""

    work: Name
    fields: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftWork:
    """A work that stays as it is, and why."""

    work: Name
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading: when it was, whether it was accepted, with which rules, and what it found."""

    when: datetime
    is_accepted: bool
    rules: str
    changed: int
    created: int
    fates: int
    fields: tuple[tuple[str, int], ...]
    works: tuple[ChangedWork, ...]
    left: tuple[LeftWork, ...]

    @property
    def finds_nothing(self) -> bool:
        """Whether all is as it is here."""
        return not (self.changed or self.created or self.fates)


@dataclass(frozen=True, kw_only=True)
class AgainPage(Page):
    """What reading an import again would change."""

    template: ClassVar[str] = "imports/again.html"
    kind: ClassVar[str] = "imports-again"

    batch_name: str = told("The import's label")
    batch_url: str = told("Its report")
    url: str = told("This page, where its forms go")
    rules: str = told("The rules that the next reading would apply, as they were decided for the import")
    reading: Reading | None = told("The latest reading; None before the first")
    can_accept: bool = told("Whether the latest reading is a comparison whose difference can be accepted")
    accept: int = told("The number of that comparison")
    is_stale: bool = told("Whether it was made with other rules or labels than are decided now")
    accepted: tuple[datetime, ...] = told("When readings were accepted before, the latest first")
    waits: str = told("What the worker has to do about it; empty when nothing")
    failed: str = told("What the worker could not do about it; empty when nothing")


def desk(batch: Batch) -> Desk | None:
    """The line on the import's report."""
    if batch.state != BatchState.DONE:
        return None
    last = batch.rereads.order_by("-pk").first()
    if last is None:
        note = "with today's cleaner and rules, from the originals"
    elif last.is_accepted:
        note = f"{counted(last.changed, 'work')} changed by the last reading"
    else:
        note = f"{counted(last.changed, 'work')} would change"
    return Desk(name="Read again", note=note, url=links.batch(batch.pk, act="again"))


@archivists_only
def show_again(request: Request, number: int) -> HttpResponse:
    """Show the latest comparison; on POST, have the worker compare, or accept what is shown."""
    batch = batch_numbered(number)
    last = batch.rereads.order_by("-pk").first()
    if request.method == "POST":
        if batch.state == BatchState.DONE:
            _ask(request, batch, last)
        return HttpResponseRedirect(links.batch(batch.pk, act="again"))
    waits, failed = _work_in_hand(batch, last)
    decided = sorted(batch.wish.get("repairs", ()))
    is_stale = last is not None and not last.is_accepted and (last.repairs, last.labels) != (decided, labels_of(batch))
    page = AgainPage(
        title=f"Read import {batch.pk} again",
        batch_name=batch.label,
        batch_url=links.batch(batch.pk),
        url=links.batch(batch.pk, act="again"),
        rules=_rules(decided),
        reading=None if last is None else _reading(last),
        can_accept=last is not None and not last.is_accepted and not waits and not is_stale,
        accept=0 if last is None else last.pk,
        is_stale=is_stale,
        accepted=tuple(batch.rereads.filter(is_accepted=True).order_by("-pk").values_list("asked", flat=True)),
        waits=waits,
        failed=failed,
    )
    return show(request, page)


def _ask(request: Request, batch: Batch, last: Reread | None) -> None:
    """Only what was seen is accepted: the form names the comparison. Raises OtherKey."""
    optouts.refuse_unless_known(Asked.NOT_HERE)
    if "accept" not in request.POST:
        if not is_due(tasks.compare_again, batch.pk):
            later(tasks.compare_again, batch.pk)
        messages.success(request, "The import is being read again. Reload this page to see what would change.")
    elif last is not None and not last.is_accepted and request.POST["accept"] == str(last.pk):
        if not is_due(tasks.accept_again, last.pk):
            later(tasks.accept_again, last.pk)
        messages.success(request, "The works are being changed. Reload this page to see when that is done.")
    else:
        messages.error(request, "Another comparison was made meanwhile. Look at it first.")


def _work_in_hand(batch: Batch, last: Reread | None) -> tuple[str, str]:
    jobs: list[tuple[str, Task[Any, Any], int]] = [("compared with its originals", tasks.compare_again, batch.pk)]
    if last is not None:
        jobs.append(("changed as shown below", tasks.accept_again, last.pk))
    waiting = [words for words, task, number in jobs if is_due(task, number)]
    broken = [words for words, task, number in jobs if has_failed(task, number)]
    waits = f"This import is being {waiting[0]}." if waiting else ""
    why = f"`undying import verify {batch.pk}` tells whether its originals are whole, and the worker's log tells more."
    return waits, f"It could not be {broken[0]}. {why}" if broken and not waits else ""


def _rules(words: Sequence[str]) -> str:
    """The rules that are not applied, or not refused, by themselves."""
    told_of = [
        f"{rule.title[:1].lower()}{rule.title[1:]} {'not mended' if rule.is_usual else 'mended'}"
        for rule in RULES.values()
        if allows(words, rule.name) is not rule.is_usual
    ]
    return "; ".join(told_of) or "the usual rules alone"


def _reading(reread: Reread) -> Reading:
    return Reading(
        when=reread.asked,
        is_accepted=reread.is_accepted,
        rules=_rules(reread.repairs),
        changed=reread.changed,
        created=reread.created,
        fates=reread.fates,
        fields=tuple(sorted(reread.fields.items(), key=lambda each: (-each[1], each[0]))),
        works=tuple(map(_changed, reread.examples)),
        left=tuple(LeftWork(work=_name(each), why=each["why"]) for each in reread.left),
    )


def _changed(each: dict[str, Any]) -> ChangedWork:
    passages = (
        Passage(where=where, before=masked(before)[0], after=masked(after)[0])
        for where, before, after in each["passages"]
    )
    return ChangedWork(work=_name(each), fields=", ".join(each["fields"]), passages=tuple(passages))


def _name(each: dict[str, Any]) -> Name:
    return Name(text=each["title"], url=links.work_number(each["work"]))
