"""The forms of writing: their fields, in the order in which AO3's authors know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.library import writing
from undying.library.placing import LONGEST_EPISODE
from undying.manuscript import Audience, Status, TagKind
from undying.web import naming, placing, wishing, wording
from undying.web.cards import CATEGORIES, RATINGS
from undying.web.fields import Field, Group, Maker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from undying.library.models import Work
    from undying.people.models import Pseud, User
    from undying.people.viewer import Viewer
    from undying.web.naming import Whole
    from undying.web.written import Written

NOT_RATED = "Not Rated"
WARNINGS = (
    "Choose Not To Use Archive Warnings",
    "No Archive Warnings Apply",
    "Graphic Depictions Of Violence",
    "Major Character Death",
    "Rape/Non-Con",
    "Underage Sex",
)
STATUSES = (
    (Status.COMPLETE.value, "Complete"),
    (Status.IN_PROGRESS.value, "In progress: more is to come"),
    (Status.HIATUS.value, "On hiatus: more is to come, nobody knows when"),
    (Status.ABANDONED.value, "Abandoned: no more is to come"),
)
AUDIENCES = (
    (Audience.EVERYONE.value, "Everybody"),
    (Audience.MEMBERS.value, "Members of this archive only"),
    (Audience.LINK.value, "Whoever has its link: it stands in no list"),
)
BY_COMMAS = "Part them by commas, or write each on a line of its own."
WHERE = "Where in canon"
TEXTS = "HTML, or Markdown."
BLANK: Written = {"rating": (NOT_RATED,), "status": (Status.COMPLETE.value,), "audience": (Audience.EVERYONE.value,)}
"""A new form, before anything is typed and but for what she prefers."""
LABELS = {
    "rating": "Rating",
    "warning": "Archive warnings",
    "fandom": "Fandoms",
    "category": "Categories",
    "relationship": "Relationships",
    "character": "Characters",
    "additional": "Additional tags",
    "title": "Title of the work",
    "pseud": "By",
    "summary": "Summary",
    "notes_before": "Note at the beginning",
    "notes_after": "Note at the end",
    "gifts": "A gift for",
    "series": "Part of these series",
    "new_series": "Part of a new series",
    "planned": "Chapters planned",
    "chapter_title": "Title of the chapter",
    "published": "Publication date",
    "language": "Language",
    "audience": "Who may read it",
    "status": "Whether more is to come",
    "body": "Text",
    "chapter_summary": "Summary of the chapter",
    "chapter_notes_before": "Note at the chapter's beginning",
    "chapter_notes_after": "Note at the chapter's end",
    "chapter_published": "Publication date of the chapter",
    "position": "Its place among the chapters",
    **placing.LABELS,
    **wishing.LABELS,
}


def blank(user: User) -> Written:
    """A new form of hers, before anything is typed."""
    return {**BLANK, **wishing.typed(user.wishes)}


def work_groups(viewer: Viewer, typed: Written, problems: Mapping[str, str], *, with_text: bool) -> tuple[Group, ...]:
    """The form of a work; `with_text` with its only chapter. Two queries, and one for each kind of tags with commas."""
    make = Maker({**typed, "series": typed.get("series", ())}, problems)
    language = next(iter(typed.get("language", ())), "")
    groups = (
        Group(legend="Tags", fields=tuple(_tags(make, naming.whole_names(viewer, typed)))),
        Group(legend=WHERE, fields=(_places(make, placing.WORK),), is_folded=True),
        Group(legend="Preface", fields=tuple(_preface(make, writing.pseuds_of(viewer), language))),
        Group(legend="Notes", fields=tuple(_notes(make, language)), is_folded=True),
        Group(legend="What belongs to it", fields=tuple(_associations(make, viewer)), is_folded=True),
        Group(legend="Publication", fields=tuple(_publication(make, with_text=with_text))),
        Group(legend="What others may do", fields=tuple(wishing.fields(make)), is_folded=True),
    )
    return (*groups, Group(legend="Text", fields=(_text(make, language),))) if with_text else groups


def chapter_groups(typed: Written, problems: Mapping[str, str], work: Work, *, is_new: bool) -> tuple[Group, ...]:
    """The form of a chapter of a work. Two queries."""
    chapters, language = work.chapters.count(), work.language
    fandoms = [each.name for each in work.tags(TagKind.FANDOM)]
    make = Maker(typed, problems)
    place = f"A number from 1 to {chapters + 1}: the chapters that follow move on by one. Empty: the last."
    around = ("chapter_summary", "chapter_notes_before", "chapter_notes_after")
    head = [_line(make, "chapter_title", most=writing.LONGEST_TITLE)]
    if is_new:
        head.append(_line(make, "position", kind="number", help=place))
    return (
        Group(legend="Chapter", fields=tuple(head)),
        Group(
            legend="Summary, notes and date",
            fields=(
                *(_long(make, each, language) for each in around),
                _line(make, "chapter_published", kind="date", help="Empty: the day on which it is posted."),
            ),
            is_folded=True,
        ),
        Group(legend=WHERE, fields=(_places(make, placing.CHAPTER, fandoms),), is_folded=True),
        Group(legend="Text", fields=(_text(make, language),)),
    )


def _tags(make: Maker, whole: Whole) -> Iterable[Field]:
    ratings = [(each, each) for each in (NOT_RATED, *RATINGS)]
    yield _choice(make, "rating", ratings, kind="select", is_needed=True)
    yield _choice(make, "warning", [(each, each) for each in WARNINGS], is_needed=True)
    yield _names(make, TagKind.FANDOM, whole, f"What it is written to. {BY_COMMAS}", is_needed=True)
    yield _choice(make, "category", [(each, each) for each in CATEGORIES])
    pairs = "A/B where they are lovers, A & B where they are not. " + BY_COMMAS
    yield _names(make, TagKind.RELATIONSHIP, whole, pairs)
    yield _names(make, TagKind.CHARACTER, whole, BY_COMMAS)
    yield _names(make, TagKind.ADDITIONAL, whole, BY_COMMAS)


def _preface(make: Maker, pseuds: list[Pseud], language: str) -> Iterable[Field]:
    yield _line(make, "title", most=writing.LONGEST_TITLE, is_needed=True)
    if len(pseuds) > 1:
        names = [(str(each.pk), each.name) for each in pseuds]
        mine = Maker({"pseud": [each for each in make.typed.get("pseud", ()) if each in dict(names)]}, make.problems)
        yield _choice(mine, "pseud", names, help="Your pen names. Other creators of the work stay as they are.")
    yield _long(make, "summary", language)


def _notes(make: Maker, language: str) -> Iterable[Field]:
    yield _long(make, "notes_before", language)
    yield _long(make, "notes_after", language)


def _associations(make: Maker, viewer: Viewer) -> Iterable[Field]:
    whom = f"Members by their pen names, or any other name. {BY_COMMAS}"
    yield _line(make, "gifts", kind="lines", help=whom, rows=2)
    hers = writing.series_of(viewer)
    if hers or make.typed["series"]:
        yield _choice(make, "series", [(each, each) for each in hers])
    yield _line(make, "new_series", kind="lines", help="Its title. Each on a line of its own.", rows=1)


def _publication(make: Maker, *, with_text: bool) -> Iterable[Field]:
    if with_text:
        yield _line(make, "chapter_title", most=writing.LONGEST_TITLE, help="A story in one part needs none.")
    planned = "How many there will be in all. Empty: nobody knows."
    yield _line(make, "planned", kind="number", help=planned)
    yield _choice(make, "status", STATUSES, kind="select")
    yield _line(make, "published", kind="date", help="Empty: the day on which it is posted. It may be long ago.")
    languages = [("", "Choose a language"), *wording.languages()]
    yield _choice(make, "language", languages, kind="select", is_needed=True)
    yield _choice(make, "audience", AUDIENCES, kind="select", help="Drafts are yours alone either way.")


def _text(make: Maker, language: str) -> Field:
    return _long(make, "body", language, rows=24, is_needed=True)


def _places(make: Maker, prefix: str, fandoms: Sequence[str] = ()) -> Field:
    problem = make.problems.get(f"{prefix}s", "")
    return placing.field(make.typed, prefix, problem, fandoms, LONGEST_EPISODE)


def _names(make: Maker, kind: TagKind, whole: Whole, help_: str, **more: object) -> Field:
    most = {"most": writing.LONGEST_TAG, "most_names": writing.MOST_TAGS}
    return _line(make, kind.value, kind="names", help=help_, rows=2, whole=tuple(sorted(whole[kind])), **most, **more)


def _long(make: Maker, name: str, language: str, **more: object) -> Field:
    # Of the text itself the editor counts the words.
    most = 0 if name == "body" else writing.LONGEST_SUMMARY if "summary" in name else writing.LONGEST_NOTES
    return make.line(name, LABELS[name], "long", help=TEXTS, language=language, most=most, **more)


def _line(make: Maker, name: str, **more: object) -> Field:
    return make.line(name, LABELS[name], **more)  # type: ignore[arg-type]  # the names are Field's own


def _choice(make: Maker, name: str, options: Iterable[tuple[str, str]], **more: object) -> Field:
    return make.choice(name, LABELS[name], options, **more)  # type: ignore[arg-type]  # the names are Field's own
