"""What the words of labels say by themselves: pairs, genres, warnings, shelves, in the languages of the old archives.

A word is turned into another only where it can mean nothing else; what is merely likely keeps the site's own word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from undying.formats import labels
from undying.formats.ao3_preface import warning_name
from undying.manuscript import Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Guess:
    """What a label is taken for: the tags of its works (none: a section of the site), why, and whether for sure."""

    taggings: tuple[Tagging, ...]
    why: str
    is_certain: bool = False

    @property
    def is_fandom(self) -> bool:
        """Whether it names a fandom."""
        return any(tagging.kind is TagKind.FANDOM for tagging in self.taggings)


def guess(kind: TagKind, name: str, why: str, *, sure: bool = False) -> Guess:
    """One tag of one kind."""
    return Guess((Tagging(kind=kind, name=name),), why, sure)


def section(why: str, *, sure: bool = False) -> Guess:
    """No tag at all."""
    return Guess((), why, sure)


class Word(StrEnum):
    """What a label's name is by itself."""

    PAIR = "pair"
    CATEGORY = "category"
    PAIRINGS = "pairings"
    MEDIA = "media"
    SECTION = "section"
    CALLS = "calls"
    FORM = "form"
    ORIGINAL = "original"
    GENRE = "genre"
    UNKNOWN = ""


def _any_of(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_GENRE = _any_of(
    r"action|adventure|abenteuer|aventures?|aventuras?|avventura|приключения",
    r"angst|drama(?:tic)?|drame|драма|tragedy|tragödie|tragédie|tragedia|dark(?:fic)?|death ?fic|horror|grusel|ужасы",
    r"romance|romantik|romanze|romantico|романтика|romantic|love|fluff|waff|smut|pwp|lemon|lime|erotica?|schmoop|sap",
    r"humou?r|comedy|komödie|comédie|юмор|parody|parodie|parodia|пародия|satire|crack(?:fic)?|silly",
    r"mystery|krimi|mystère|misterio|mistero|suspense|thriller|case ?(?:fic|file)|gothic|supernatural",
    r"paranormal|fantasy|science[ -]?fiction|sci-?fi|sf|western|histor(?:y|ical)|war|spiritual|fairy ?tales?|mythology",
    r"hurt ?/ ?comfort|h/c|comfort|friendship|freundschaft|amitié|family|general|generic|allgemein|général",
    r"alternate (?:universe|reality)|alternative universe|a/?u|ar|crossovers?|xover|future ?fic|kid ?fic|m-?preg",
    r"first time|established relationship|missing scenes?|fix-?it|slice of life|character (?:study|death)",
    r"introspection",
    r"episode related|post[- ]ep(?:isode)?|tag|time travel|song ?fic|school|holiday|christmas|halloween|dark ?fic",
)
_FORM = _any_of(
    r"poe(?:try|ms?)|gedichte?|poésie|poesía|poesia|стихи|verse|haiku|filks?|lyrics",
    r"drabbles?|ficlets?|vignettes?|one-?shots?|short (?:stories|fic)|novels?|novellas?|epics|plays|scripts",
    r"round ?robins?|song ?fics?|fan ?art|art(?:work)?|vids?|videos|podfics?|non-?fiction|essays?|crossovers?|xovers?",
)
_SECTION = _any_of(
    r"(?:the )?(?:main )?archives?|archiv|main|misc(?:ellaneous|\.)?|miscellany|verschiedenes|divers|varios|разное",
    r"others?|uncategori[sz]ed|stories|fics?|fan ?fics?|fan ?fiction|site|all|default|test|general fiction|library",
    r"old (?:archive|stories)|new stories|imported|completed?(?: stories)?|works? in progress|wips?|series|guests?",
)
_CALLS = re.compile(
    r".*(?:\b(?:challenges?|contests?|fic-?a-?thons?|exchanges?|prompts?|défis?)|wettbewerbe?)\b.*", re.IGNORECASE
)
_MEDIA_WORD = (
    r"(?:books?|literature|tv|tv ?(?:shows|series)|television|shows|movies?|films?|anime|manga|games?|video ?games?|"
    r"comics?|cartoons?|music(?:als)?|bands?|plays|theat(?:re|er)|celebrit(?:y|ies)|actors|sports|real people|rpf|"
    r"bücher|filme|serien|livres|séries|libros|películas|series|книги|фильмы|сериалы)"
)
_MEDIA = re.compile(rf"{_MEDIA_WORD}(?:\s*(?:/|&|and|und|,)\s*{_MEDIA_WORD})*", re.IGNORECASE)
_ORIGINAL = _any_of(r"original(?:s|e)?|original (?:fiction|fic|works?|stories)|eigene (?:werke|serien)|ориджиналы?")
_CATEGORY = {
    "gen": "Gen", "f/m": "F/M", "m/f": "F/M", "het": "F/M", "m/m": "M/M", "m/m slash": "M/M", "f/f": "F/F",
    "f/f slash": "F/F", "femslash": "F/F", "femmeslash": "F/F", "yuri": "F/F", "multi": "Multi",
}  # fmt: skip
_PAIRINGS = re.compile(
    r"\b(?:pairings?|slash|het|femslash|couples?|(?:relation)?ships?|romances?|pärchen|parejas|coppie|пейринги?)\b",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_][^/&+×<>]*?"
_SLASHED = re.compile(rf"{_NAME}(?:\s*/\s*{_NAME})+", re.IGNORECASE)
_JOINED = re.compile(rf"{_NAME}(?:\s+[&+]\s+{_NAME})+", re.IGNORECASE)
_CROSSED = re.compile(rf"{_NAME}(?:\s+[x×]\s+{_NAME})+|{_NAME}(?:×{_NAME})+", re.IGNORECASE)
_PARTS = re.compile(r"\s*/\s*|\s+[&+]\s+|\s+[x×]\s+|×", re.IGNORECASE)
_MOST_WORDS = 5
_NOBODY = _any_of(r"none|no one|nobody|n/?a|-+|keine?r?|aucun|nadie|ninguno|nessuno|нет")
_NO_WARNING = _any_of(r"none|no|n/?a|no warnings?|none apply|keine|aucun|ninguna|nessuno|нет")


def category_name(name: str) -> str:
    """AO3's category that the word is for certain, else ""."""
    return _CATEGORY.get(name.strip().casefold(), "")


def pair(name: str) -> tuple[str, tuple[str, ...]] | None:
    """(the relationship as a tag, its persons) for "A/B", "A & B", "A x B"; None for what only looks like one.

    The cross is mere notation and becomes a slash. An ampersand stays: it may say that they are friends.
    """
    plain = re.sub(r"\s*\([^()]*\)\s*\Z", "", name).strip()
    if category_name(plain) or _MEDIA.fullmatch(plain) or _GENRE.fullmatch(plain):
        return None
    form = next((form for form in (_SLASHED, _CROSSED, _JOINED) if form.fullmatch(plain)), None)
    if form is None:
        return None
    parts = tuple(part.strip() for part in _PARTS.split(plain))
    if any(labels.rating(part) for part in parts) or _are_genres(parts):
        return None
    if any(len(part) < 2 or len(part.split()) > _MOST_WORDS for part in parts):  # noqa: PLR2004 - one letter is no name
        return None
    return ("/".join(parts) if form is _CROSSED else name), parts


def _are_genres(parts: Iterable[str]) -> bool:
    return all(_GENRE.fullmatch(part) or _FORM.fullmatch(part) for part in parts)


def word(name: str) -> Word:
    """What the name is by itself."""
    plain = name.strip(" .:-*")
    if category_name(plain):
        return Word.CATEGORY
    kinds = (
        (_MEDIA, Word.MEDIA), (_ORIGINAL, Word.ORIGINAL), (_CALLS, Word.CALLS), (_SECTION, Word.SECTION),
        (_FORM, Word.FORM), (_GENRE, Word.GENRE),
    )  # fmt: skip
    for pattern, kind in kinds:
        if pattern.fullmatch(plain):
            return kind
    if _are_genres(_PARTS.split(plain)):
        return Word.GENRE
    if pair(plain):
        return Word.PAIR
    return Word.PAIRINGS if _PAIRINGS.search(plain) else Word.UNKNOWN


def is_nobody(name: str) -> bool:
    """Whether a character's name says that there is none."""
    return bool(_NOBODY.fullmatch(name.strip()))


def warning(name: str, why: str) -> Guess:
    """A warning: the Archive of Our Own's where the word can be no other, else the site's own."""
    if _NO_WARNING.fullmatch(name.strip()):
        return guess(TagKind.WARNING, name, f"{why}; it says that its author saw nothing to warn of")
    if known := labels.warning(name):
        return guess(
            TagKind.WARNING, warning_name(known), f"{why}, and can be no other one of the Archive's", sure=True
        )
    return guess(TagKind.WARNING, name, f"{why}; the site's own word is kept", sure=True)


class TypeOf(StrEnum):
    """What a type of classes holds, by its name."""

    WARNINGS = "warnings"
    PAIRINGS = "pairings"
    CHARACTERS = "characters"
    FANDOMS = "fandoms"
    RATINGS = "ratings"
    TAGS = "tags"
    UNKNOWN = ""


_TYPES = {
    TypeOf.WARNINGS: (
        r"warn|avertiss|advertenc|avvertenz|avvertiment|\bavisos?\b|ostrze|предупр|waarsch|varning|advarsel|varoitu|警告|"
        r"trigger|squick"
    ),
    TypeOf.PAIRINGS: (r"pairing|relationship|couple|\bships?\b|\bpaare?\b|pärchen|pareja|coppi|пейринг|カップリング"),
    TypeOf.CHARACTERS: r"character|charakter|personnage|personaje|personaggi|personage|персонаж|登場人物",
    TypeOf.FANDOMS: r"fandom|фандом|原作",
    TypeOf.RATINGS: r"\brating|altersfreigabe|einstufung|clasificaci|рейтинг",
    TypeOf.TAGS: (
        r"genre|género|gênero|genere|gatunek|жанр|žánr|műfaj|类型|ジャンル|\beras?\b|season|time ?line|\bkinks?\b|"
        r"\bpov\b|point of view|perspektive|\btypes?\b|\blength|länge|longueur|theme|thema|thème|categor|kategori|"
        r"spoiler|content|status|language|sprache|book|episode|tags?\b|setting|universe|style|mood|format"
    ),
}
_TYPE_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _TYPES.items())


def type_of(*names: str) -> TypeOf:
    """What a type of classes holds, by its name or its title."""
    said = " ".join(names)
    return next((kind for kind, pattern in _TYPE_PATTERNS if pattern.search(said)), TypeOf.UNKNOWN)
