"""The line of facts under a story's title on FanFiction.Net and FictionPress, which download tools carry along.

"Rated: Fiction M - English - Romance/Angst - [Mina H., Jonathan H.] Renfield - Chapters: 9 - … - id: 1": parts between
hyphens, most with a label. Genres come from a closed list; a bracket is a pairing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats.language_names import tag_of_language
from undying.manuscript import Manuscript, Status, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Mapping

GENRES = (
    "Adventure", "Angst", "Crime", "Drama", "Family", "Fantasy", "Friendship", "General", "Horror", "Humor",
    "Hurt/Comfort", "Mystery", "Parody", "Poetry", "Romance", "Sci-Fi", "Spiritual", "Supernatural", "Suspense",
    "Tragedy", "Western",
)  # fmt: skip
"""The site's own list. FictionPress adds a few, which are known by their place in the line."""
_MORE_GENRES = (
    "Biography",
    "Essay",
    "Fable",
    "Historical",
    "Life",
    "Manga",
    "Mythology",
    "Politics",
    "School",
    "Song",
    "Young Adult",
)
_LABELLED = re.compile(r"^(?P<label>[A-Za-z ]{2,20}):\s*(?P<value>.*)$")
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%b %d, %Y", "%B %d, %Y", "%m-%d-%y", "%m/%d/%y")
_FINISHED = {"complete", "completed"}


RATINGS = {"K": "General Audiences", "K+": "Teen And Up Audiences", "T": "Teen And Up Audiences", "M": "Mature"}
"""The site's ratings in the archive's words; in doubt the one for older readers."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the line says. Labels that have no field of their own stand in `extras`."""

    rating: str = ""
    language: str = ""
    genres: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    pairings: tuple[str, ...] = ()
    chapters: int = 0
    published: datetime | None = None
    updated: datetime | None = None
    is_complete: bool = False
    extras: tuple[tuple[str, str], ...] = ()

    def taggings(self) -> tuple[Tagging, ...]:
        """Rating, relationships, characters and genres as tags."""
        known = RATINGS.get(self.rating, self.rating)
        rating = (Tagging(kind=TagKind.RATING, name=known),) if known else ()
        return (
            *rating,
            *(Tagging(kind=TagKind.RELATIONSHIP, name=name) for name in self.pairings),
            *(Tagging(kind=TagKind.CHARACTER, name=name) for name in self.characters),
            *(Tagging(kind=TagKind.ADDITIONAL, name=name) for name in self.genres),
        )

    def enrich(self, story: Manuscript) -> Manuscript:
        """The story with all that the line says; what the story says itself already stays in front."""
        return replace(
            story,
            taggings=tuple(dict.fromkeys(story.taggings + self.taggings())),
            language=self.language or story.language,
            status=Status.COMPLETE if self.is_complete else story.status,
            planned_chapters=self.chapters if self.is_complete and self.chapters else story.planned_chapters,
            published=self.published or story.published,
            updated=self.updated or story.updated,
            extras=story.extras + ((("Rated", self.rating),) if self.rating in RATINGS else ()) + self.extras,
        )


def facts_in(line: str, times: Mapping[str, datetime] | None = None) -> Facts:
    """Reads the line. `times` are exact moments by label ("Updated"), where the page knew them."""
    labelled: dict[str, str] = {}
    bare: list[str] = []
    for part in re.split(r"\s+-\s+", " ".join(line.split())):
        match = _LABELLED.match(part)
        if match:
            labelled[match["label"]] = match["value"].strip()
        elif part.strip():
            bare.append(part.strip())
    return _facts(labelled, bare, times or {})


def _facts(labelled: dict[str, str], bare: list[str], times: Mapping[str, datetime]) -> Facts:
    language = labelled.pop("Language", "") or (bare.pop(0) if bare else "")
    genre, cast = _genre_and_cast(bare)
    genre = labelled.pop("Genre", "") or genre
    characters, pairings = _cast(labelled.pop("Characters", "") or cast)
    status = labelled.pop("Status", "").casefold()
    tag = tag_of_language(language)
    labelled.pop("id", None)
    return Facts(
        rating=re.sub(r"^Fiction\s+", "", labelled.pop("Rated", "")),
        language=tag,
        genres=split_genres(genre),
        characters=characters,
        pairings=pairings,
        chapters=int(re.sub(r"\D", "", labelled.pop("Chapters", "")) or 0),
        published=times.get("Published") or day(labelled.pop("Published", "")),
        updated=times.get("Updated") or day(labelled.pop("Updated", "")),
        is_complete=status in _FINISHED,
        extras=_extras(labelled, "" if tag else language),
    )


def _extras(labelled: dict[str, str], language: str) -> tuple[tuple[str, str], ...]:
    known = [("Language", language)] if language else []
    return (*known, *((label, value) for label, value in labelled.items() if label not in {"Published", "Updated"}))


def _genre_and_cast(bare: list[str]) -> tuple[str, str]:
    """Which of the parts without label is which: two are genre and cast; one is a genre if the list knows all of it.

    Names of characters may themselves hold " - ", so what comes after the genre belongs together.
    """
    if not bare:
        return "", ""
    if len(bare) > 1 or not set(split_genres(bare[0])) - set(GENRES + _MORE_GENRES):
        return bare[0], " - ".join(bare[1:])
    return "", bare[0]


def split_genres(text: str) -> tuple[str, ...]:
    """ "Hurt/Comfort/Angst" is two genres: one has a slash of its own."""
    held = text.replace("Hurt/Comfort", "Hurt\0Comfort")
    return tuple(part.strip().replace("\0", "/") for part in held.split("/") if part.strip())


def _cast(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    characters: list[str] = []
    pairings: list[str] = []
    for group, single in re.findall(r"\[([^\]]*)\]|([^\[\]]+)", text):
        names = [name.strip() for name in (group or single).split(",") if name.strip()]
        characters += names
        if group and len(names) > 1:
            pairings.append("/".join(names))
    return tuple(dict.fromkeys(characters)), tuple(pairings)


def fandoms_in(name: str) -> tuple[str, ...]:
    """ "Dracula + Carmilla Crossover" names two fandoms."""
    crossing = re.fullmatch(r"(.+?) \+ (.+?) Crossover", name)
    return (crossing[1], crossing[2]) if crossing else (name,)


def day(text: str) -> datetime | None:
    """A date as the site or a tool wrote it; None for anything else."""
    date = text.split(",", maxsplit=1)[0] if "/" in text else text  # "9/2/2010, 2:43:45 PM"
    for pattern in _DAYS:
        try:
            return datetime.strptime(date.strip(), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
