"""The archivist's desk for repairs: what each rule mended in an import, or would mend, and whether it may."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import repairs
from undying.formats.repairs import RULES
from undying.kernel.errors import NotVisible
from undying.web import links
from undying.web.desk import Desk, archivists_only, batch_numbered
from undying.web.page import Page, show, told
from undying.web.wording import counted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.exchange.models import Batch
    from undying.exchange.repairs import Standing
    from undying.web.request import Request

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some words of a passage; `is_changed` where the other passage has others in their place."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A passage before and after, and where it stands."""

    where: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule: what it does, how often it found something, how the works stand, and what was decided."""

    name: str
    title: str
    sentence: str
    places: str
    applied: bool
    wanted: bool
    examples: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True)
class RepairsPage(Page):
    """What rules mended in an import, or would mend."""

    template: ClassVar[str] = "imports/repairs.html"
    kind: ClassVar[str] = "imports-repairs"

    batch_url: str = told("The import's report")
    again_url: str = told("Where the import is read again, so that decisions come true")
    label: str = told("What was imported")
    number: int = told("The import's number")
    rules: tuple[RuleLine, ...] = told("The rules that found something, those that wait for a decision first")
    is_waiting: bool = told("Whether something was decided that the works do not show yet")


def desk(batch: Batch) -> Desk | None:
    """The line on the page of an import; None where no rule found anything."""
    found = repairs.of_batch(batch)
    if not found:
        return None
    offered = sum(not each.applied for each in found)
    note = f"{counted(offered, 'repair')} offered" if offered else f"{counted(len(found), 'rule')} mended something"
    return Desk(name="Repairs", note=note, url=links.batch(batch.pk, act="repairs"))


@archivists_only
def show_repairs(request: Request, number: int) -> HttpResponse:
    """The rules with their passages; on POST, allow one or withdraw it."""
    batch = batch_numbered(number)
    if request.method == "POST":
        return _decide(request, batch)
    found = repairs.of_batch(batch)
    page = RepairsPage(
        title=f"Repairs of import {batch.pk}",
        batch_url=links.batch(batch.pk),
        again_url=links.batch(batch.pk, act="again"),
        label=batch.label,
        number=batch.pk,
        rules=tuple(map(_line, found)),
        is_waiting=any(each.applied is not each.wanted for each in found),
    )
    return show(request, page)


def _decide(request: Request, batch: Batch) -> HttpResponse:
    rule = RULES.get(request.POST.get("rule", ""))
    if rule is None:
        raise NotVisible("rule", request.POST.get("rule", ""))
    allow = request.POST.get("allow") == "yes"
    repairs.decide(batch, rule, allow=allow)
    said = "is allowed" if allow else "is not to be applied"
    messages.success(request, f"“{rule.title}” {said}. The works change when the import is read again.")
    return HttpResponseRedirect(f"{links.batch(batch.pk, act='repairs')}#{rule.name}")


def _line(found: Standing) -> RuleLine:
    return RuleLine(
        name=found.rule.name,
        title=found.rule.title,
        sentence=found.rule.sentence,
        places=counted(found.times, "place"),
        applied=found.applied,
        wanted=found.wanted,
        examples=tuple(
            Example(where=each["where"], **compared(each["before"], each["after"])) for each in found.examples
        ),
    )


def compared(before: str, after: str) -> dict[str, tuple[Run, ...]]:
    """Both passages, word by word, with what differs marked."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Run] = []
    right: list[Run] = []
    for kind, start, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for runs, words in ((left, old[start:end]), (right, new[first:last])):
            if words:
                runs.append(Run(text="".join(words), is_changed=kind != "equal"))
    return {"before": tuple(left), "after": tuple(right)}
