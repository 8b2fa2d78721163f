"""What a file says about a story and about itself: the facts of the title page, and where the file comes from.

Shared by the formats that people read, so that an EPUB and an HTML file say the same things in the same order.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats.content_model import LANGUAGE
from undying.formats.language_names import name_of_language
from undying.formats.markup import web_address
from undying.manuscript import Answer, Divergence, Leave, PlacementRelation, RelationKind, Status, TagKind, measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.manuscript import Credit, Manuscript, Placement, SeriesPlace, Wishes

_UNKNOWN_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})

TAG_LABELS = {
    TagKind.RATING: ("Rating", "Ratings"),
    TagKind.WARNING: ("Archive Warning", "Archive Warnings"),
    TagKind.CATEGORY: ("Category", "Categories"),
    TagKind.FANDOM: ("Fandom", "Fandoms"),
    TagKind.RELATIONSHIP: ("Relationship", "Relationships"),
    TagKind.CHARACTER: ("Character", "Characters"),
    TagKind.ADDITIONAL: ("Additional Tag", "Additional Tags"),
}
STATUS_WORDS = {
    Status.COMPLETE: "Complete",
    Status.IN_PROGRESS: "In progress",
    Status.HIATUS: "On hiatus",
    Status.ABANDONED: "Abandoned",
}
RELATION_LABELS = {
    RelationKind.INSPIRED_BY: "Inspired by",
    RelationKind.TRANSLATION_OF: "Translation of",
    RelationKind.INSPIRED: "Works inspired by this one",
    RelationKind.TRANSLATED_AS: "Translated as",
    RelationKind.VERSION_OF: "Another version",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Where a file is made: all that a writer must be told beside the story.

    `name` of the archive, `work_url` the story's canonical address there, `identifier` a `urn:uuid:` that stays the
    same for ever. All may be "": then the file names no archive, and its identifier is made from the story's source.
    `is_reserved`: whether the right to mine the story is reserved there.
    """

    name: str = ""
    work_url: str = ""
    identifier: str = ""
    is_reserved: bool = False


NOWHERE = Archive()
MAY = "What you may do with this"
MAY_LABELS = {
    "podfic": "Podfic",
    "translation": "Translation",
    "remix": "Remix or continuation",
    "binding": "Printing and binding",
    "art": "Art",
}
ANSWER_WORDS = {Answer.YES: "Yes", Answer.ASK: "Ask first", Answer.NO: "No"}


def may(wishes: Wishes) -> list[tuple[str, str]]:
    """What other people may do with the story, as far as its author said: labels with answers."""
    return [(MAY_LABELS[name], ANSWER_WORDS[said]) for name, said in wishes.for_people.items()]


def is_reserved(manuscript: Manuscript, place: Archive) -> bool:
    """Whether the right to mine the story is reserved: as its author says, or else the archive that makes the file."""
    said = manuscript.wishes.mining
    return place.is_reserved if said is Leave.UNSAID else said is Leave.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a fact; `url` where it leads, "" if nowhere.

    `of_story` says that the text is in the story's language and not in the archive's; `before` never is. `by` names the
    author of a related work, `within` the series around a series.
    """

    text: str
    url: str = ""
    of_story: bool = True
    before: str = ""
    by: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the title page. `kind` names it for style sheets ("fandom", "words", "extra")."""

    kind: str
    label: str
    values: tuple[Value, ...]


def identifier(manuscript: Manuscript, place: Archive) -> str:
    """The `urn:uuid:` of the story: the archive's, or else the same one for every file of the same source."""
    if place.identifier:
        return place.identifier
    source = manuscript.source
    names = "\n".join(credit.name for credit in manuscript.credits)
    known = source.url or (f"{source.site}\n{source.key}" if source.key else f"{manuscript.title}\n{names}")
    return uuid.uuid5(uuid.NAMESPACE_URL, known.encode("utf-8", "replace").decode()).urn


def changed(manuscript: Manuscript) -> datetime:
    """When the story last changed, as far as it is known: never the time at which the file is made."""
    times = [manuscript.updated, manuscript.published]
    times += [time for chapter in manuscript.chapters for time in (chapter.updated, chapter.published)]
    return manuscript.updated or max((time for time in times if time is not None), default=_UNKNOWN_TIME)


def home(manuscript: Manuscript, place: Archive) -> str:
    """The address that the file names as the story's own, "" when there is none."""
    return web_address(place.work_url) or web_address(manuscript.source.url)


def title(manuscript: Manuscript) -> str:
    """The title, or a word for its absence: no format can do without."""
    return manuscript.title.strip() or "Untitled"


def byline(credit: Credit) -> str:
    """A creator's name, with the archivist who put the story up for her."""
    return f"{credit.name} [archived by {credit.archived_by}]" if credit.archived_by else credit.name


def language(manuscript: Manuscript) -> str:
    """The language as every reading system takes it; "und" when unknown or no language tag."""
    return manuscript.language if LANGUAGE.fullmatch(manuscript.language) else "und"


def chapter_label(manuscript: Manuscript, number: int) -> str:
    """What tables of contents call a chapter: "Chapter 2: The Fish", without the English word in other languages."""
    name = manuscript.chapters[number - 1].title.strip()
    if len(manuscript.chapters) == 1:
        return name or title(manuscript)
    count = chapter_number(manuscript, number)
    return f"{count}: {name}" if name else count


def chapter_number(manuscript: Manuscript, number: int) -> str:
    """The number of a chapter as its heading shows it."""
    return f"Chapter {number}" if language(manuscript).split("-")[0] in {"en", "und"} else str(number)


def is_right_to_left(tag: str) -> bool:
    """Whether the language of this tag is written from right to left."""
    parts = tag.lower().split("-")
    return parts[0] in _RIGHT_TO_LEFT or any(script in parts[1:] for script in ("arab", "hebr", "syrc", "thaa"))


def words(manuscript: Manuscript) -> int:
    """How many words the chapters have."""
    return sum(measure.words(chapter.body) for chapter in manuscript.chapters)


def facts(manuscript: Manuscript) -> Iterator[Fact]:
    """The lines of the title page in the order in which every file lists them; those without a value are left out."""
    yield from _tag_facts(manuscript)
    if manuscript.language:
        yield _plain("language", "Language", name_of_language(manuscript.language))
    if manuscript.series:
        yield Fact(kind="series", label="Series", values=tuple(_series(place) for place in manuscript.series))
    if manuscript.placements:
        values = tuple(_placement_value(one) for one in manuscript.placements)
        yield Fact(kind="placement", label="Placement", values=values)
    if manuscript.gifts:
        yield Fact(kind="gifts", label="For", values=tuple(Value(text=name) for name in manuscript.gifts))
    yield from _related(manuscript)
    for label, text in manuscript.extras:
        yield Fact(kind="extra", label=label, values=(Value(text=text),))


def stats(manuscript: Manuscript, count: int) -> Iterator[tuple[str, str]]:
    """The figures of the title page as (label, text): dates, words, chapters; and a status that these do not tell."""
    if manuscript.published:
        yield "Published", _day(manuscript.published)
    if manuscript.updated:
        yield "Completed" if manuscript.status is Status.COMPLETE else "Updated", _day(manuscript.updated)
    yield "Words", f"{count:,}"
    told = len(manuscript.chapters)
    yield "Chapters", f"{told}/{manuscript.planned_chapters or (told if _is_complete(manuscript) else '?')}"


def _is_complete(manuscript: Manuscript) -> bool:
    return manuscript.status is Status.COMPLETE


def placement_words(placement: Placement) -> str:
    """Where in canon the story stands, in a few words: "after Wild at Heart, season 4"."""
    part = " ".join(filter(None, (placement.unit if placement.part else "", placement.part)))
    if placement.part_to:
        joint = "and" if placement.relation is PlacementRelation.BETWEEN else "to"
        part = f"{part} {joint} {placement.part_to}"
    episodes = " and ".join(filter(None, placement.episodes))
    where = ", ".join(filter(None, (episodes, part)))
    if not where:
        return _DIVERGENCE[placement.divergence] or placement.words
    relation = "in" if placement.relation is PlacementRelation.WITHIN else str(placement.relation)
    return ", ".join(filter(None, (f"{relation} {where}", _DIVERGENCE[placement.divergence])))


_DIVERGENCE = {
    Divergence.UNSAID: "",
    Divergence.DIVERGENT: "canon divergent",
    Divergence.ALTERNATE: "alternate universe",
}


def _tag_facts(manuscript: Manuscript) -> Iterator[Fact]:
    for kind, (one, many) in TAG_LABELS.items():
        names = [name for name in manuscript.tags(kind) if name.strip()]
        if names:
            values = tuple(Value(text=name) for name in names)
            yield Fact(kind=str(kind), label=one if len(names) == 1 else many, values=values)


def _related(manuscript: Manuscript) -> Iterator[Fact]:
    for kind, label in RELATION_LABELS.items():
        values = tuple(
            Value(text=work.title.strip() or work.url.strip() or "Untitled", url=web_address(work.url), by=work.author)
            for work in manuscript.related
            if work.kind is kind
        )
        if values:
            yield Fact(kind=str(kind), label=label, values=values)


def _series(place: SeriesPlace) -> Value:
    before = f"Part {place.position} of " if place.position > 0 else ""
    outer, titles = place.within, []
    while outer is not None:
        titles.append(outer.title.strip() or "Untitled series")
        outer = outer.within
    title = place.title.strip() or "Untitled series"
    return Value(text=title, url=web_address(place.url), before=before, within=", in ".join(titles))


def _placement_value(placement: Placement) -> Value:
    return Value(
        text=placement_words(placement), of_story=False, before=f"{placement.fandom}: " if placement.fandom else ""
    )


def _plain(kind: str, label: str, text: str) -> Fact:
    return Fact(kind=kind, label=label, values=(Value(text=text, of_story=False),))


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
