"""What a member wants left out of every list: the page on which she sees and changes it. For others it is not there."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.community import access, excluding
from undying.finding import engine, others
from undying.kernel.errors import NotVisible
from undying.library import access as library
from undying.library.models import Tag, Work
from undying.manuscript import TagKind
from undying.web import links, wording
from undying.web.cards import RATINGS, Name
from undying.web.own import Choice, only_hers, ours, sent
from undying.web.page import Page, show, told
from undying.web.tags import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from undying.community.models import Exclusion
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer
    from undying.web.request import Request

OFFERED = 10
LONGEST_TYPED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One exclusion: what it names, and the button that takes it back."""

    what: Name
    back: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGroup:
    """Exclusions of one kind."""

    label: str
    rows: tuple[Kept, ...]


@dataclass(frozen=True, kw_only=True)
class ExclusionsPage(Page):
    """What a member has excluded, and what she may."""

    template: ClassVar[str] = "own/exclusions.html"
    part: ClassVar[str] = "offers"
    kind: ClassVar[str] = "exclusions"

    groups: tuple[KeptGroup, ...] = told("What is excluded, by its kind")
    path: str = told("Where the page is, and where its forms are sent")
    typed: str = told("What was typed to be found among tags and authors")
    offers: tuple[Choice, ...] = told("The tags and authors that were found, each a button that excludes it")
    ratings: tuple[Choice, ...] = told("The ratings that are not excluded yet")
    languages: tuple[tuple[str, str], ...] = told("The languages of works here that are not excluded: code and name")


@dataclass(frozen=True, kw_only=True)
class ExcludePage(Page):
    """What of one work a member may exclude: the work, its authors, its tags."""

    template: ClassVar[str] = "own/exclude.html"
    kind: ClassVar[str] = "exclude"

    work: Name = told("The work")
    groups: tuple[tuple[str, tuple[Choice, ...]], ...] = told("What may be excluded, by its kind, each a button")
    path: str = told("Where the page of all exclusions is")
    back: str = told("Where the reader came from")


@only_hers
def show_exclusions(request: Request) -> HttpResponse:
    """The page; on POST something is excluded, or that is taken back."""
    if request.method == "POST":
        return _changed(request)
    viewer, typed = request.viewer, request.GET.get("find", "").replace("\0", "").strip()[:LONGEST_TYPED]
    kept = excluding.kept_by(viewer)
    page = ExclusionsPage(
        title="Your exclusions",
        groups=tuple(_groups(viewer, kept)),
        path=links.exclusions(viewer.name),
        typed=typed,
        offers=tuple(_offers(viewer, typed, kept)) if typed else (),
        ratings=tuple(_ratings(viewer, kept)),
        languages=tuple(_languages(viewer, kept)),
    )
    return show(request, page)


@only_hers
def show_exclude(request: Request, work_id: int) -> HttpResponse:
    """What of this work may be excluded: where the card of a work leads."""
    viewer, work = request.viewer, library.work_for(request.viewer, work_id)
    back = ours(request, request.headers.get("Referer", ""))
    by = [each.pseud for each in work.byline]
    groups = [("This work alone", [_choice(viewer, work, work.title, back)])]
    groups.append(("Everything by", [_choice(viewer, each, each.name, back) for each in by]))
    for kind in (TagKind.FANDOM, TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL, *_LABELS):
        tags = [_choice(viewer, tag, tag.name, back) for tag in work.tags(kind)]
        groups.append((f"Everything with the {KINDS[kind]}", tags))
    page = ExcludePage(
        title=f"Leave out {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        groups=tuple((label, tuple(choices)) for label, choices in groups if choices),
        path=links.exclusions(viewer.name),
        back=back,
    )
    return show(request, page)


_LABELS = (TagKind.WARNING, TagKind.RATING, TagKind.CATEGORY)


def _changed(request: Request) -> HttpResponse:
    going_on = ours(request, request.POST.get("next", "")) or links.exclusions(request.viewer.name)
    try:
        messages.success(request, _change(request))
    except excluding.TooMany as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(going_on)


def _change(request: Request) -> str:
    """Do what the form asks, and say so. Raises NotVisible for what is not there, TooMany."""
    viewer, given = request.viewer, request.POST
    acts: dict[str, Callable[[str], str]] = {
        "tag": lambda value: f"Works with “{excluding.exclude_tag(viewer, _number(value))}” are left out now.",
        "pen_name": lambda value: f"Works by {excluding.exclude_pen_name(viewer, _number(value))} are left out now.",
        "account": lambda value: f"Works by {excluding.exclude_account(viewer, value)} are left out now.",
        "work": lambda value: f"“{excluding.exclude_work(viewer, _number(value))}” is left out now.",
        "language": lambda value: _left_out_language(viewer, value),
        "remove": lambda value: _taken_back(viewer, value),
    }
    for name, act in acts.items():
        if value := given.get(name, ""):
            return act(value)
    raise NotVisible("exclusion", "")


def _left_out_language(viewer: Viewer, code: str) -> str:
    excluding.exclude_language(viewer, code)
    return f"Works in {wording.language(code)} are left out now."


def _taken_back(viewer: Viewer, value: str) -> str:
    excluding.take_back(viewer, _number(value))
    return "Taken back: such works are shown again."


def _number(text: str) -> int:
    """The number of something; one that nothing has, for what is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= library.LONGEST_ID
    return min(int(text), library.BIGGEST_ID) if is_number else 0


def _choice(viewer: Viewer, thing: Tag | Pseud | Work, text: str, going_on: str = "", note: str = "") -> Choice:
    name, value = sent(thing)
    return Choice(action=links.exclusions(viewer.name), name=name, value=value, text=text, note=note, next=going_on)


def _groups(viewer: Viewer, kept: Sequence[Exclusion]) -> Iterable[KeptGroup]:
    """What it names may have gone out of her sight since: then it has no name here any more."""
    tags = set(_numbers(Tag.objects.visible_to(viewer), (each.tag_id for each in kept)))
    pseuds = set(_numbers(access.pseuds_for(viewer), (each.pseud_id for each in kept)))
    works = set(_numbers(Work.objects.visible_to(viewer), (each.work_id for each in kept)))
    rows: dict[str, list[Kept]] = {"Tags": [], "Authors": [], "Works": [], "Languages": []}
    for each in kept:
        back = Choice(action=links.exclusions(viewer.name), name="remove", value=str(each.pk), text="Take back")
        if each.tag:
            rows["Tags"].append(Kept(what=_tag(each.tag) if each.tag_id in tags else _gone("tag"), back=back))
        elif each.pseud:
            is_seen = each.pseud_id in pseuds
            rows["Authors"].append(Kept(what=_author(each.pseud) if is_seen else _gone("author"), back=back))
        elif each.account:
            shown = Name(text=str(each.account), url=links.account(str(each.account)), note="all pen names")
            rows["Authors"].append(Kept(what=shown if each.account.is_active else _gone("author"), back=back))
        elif each.work:
            shown = Name(text=each.work.title, url=links.of(each.work))
            rows["Works"].append(Kept(what=shown if each.work_id in works else _gone("work"), back=back))
        else:
            rows["Languages"].append(Kept(what=Name(text=wording.language(each.language)), back=back))
    return (KeptGroup(label=label, rows=tuple(found)) for label, found in rows.items() if found)


def _numbers(rows: QuerySet[Any], wanted: Iterable[int | None]) -> Iterable[int]:
    numbers = [each for each in wanted if each is not None]
    return rows.filter(pk__in=numbers).values_list("pk", flat=True) if numbers else ()


def _gone(kind: str) -> Name:
    return Name(text=f"a{'n' if kind[0] in 'aeiou' else ''} {kind} that is not here now")


def _tag(tag: Tag) -> Name:
    return Name(text=tag.name, url=links.tag_works(tag), note=KINDS[TagKind(tag.kind)])


def _author(pseud: Pseud) -> Name:
    return Name(text=pseud.name, url=links.of(pseud))


def _offers(viewer: Viewer, typed: str, kept: Sequence[Exclusion]) -> Iterable[Choice]:
    """Tags and authors whose names have words that begin like what was typed, but for those that are excluded."""
    out = [each.tag_id for each in kept if each.tag_id]
    for found in library.tags_like(viewer, typed, most=OFFERED):
        if found.tag.pk not in out:
            called = f", also {found.by}" if found.by else ""
            yield _choice(viewer, found.tag, found.tag.name, note=f"{KINDS[TagKind(found.tag.kind)]}{called}")
    gone = {each.pseud_id for each in kept}
    for pseud in others.people(typed, viewer).part(0, OFFERED):
        if pseud.pk not in gone and pseud.user_id != viewer.user_id:
            yield _choice(viewer, pseud, pseud.name, note=f"author{f', at {pseud.site}' if pseud.site else ''}")


def _ratings(viewer: Viewer, kept: Sequence[Exclusion]) -> Iterable[Choice]:
    out = [each.tag_id for each in kept if each.tag_id]
    found = Tag.objects.filter(kind=TagKind.RATING).visible_to(viewer).canonical().exclude(pk__in=out)
    shown = sorted(found.order_by("name")[:OFFERED], key=lambda tag: RATINGS.get(tag.name, len(RATINGS)))
    return (_choice(viewer, tag, tag.name) for tag in shown)


def _languages(viewer: Viewer, kept: Sequence[Exclusion]) -> Iterable[tuple[str, str]]:
    out = {each.language for each in kept}
    return ((code, wording.language(code)) for code, _ in engine.languages(viewer) if code not in out)
