"""What a query string says, field by field, under this archive's short names and under AO3's long ones, old and new.

Nothing here fails: what cannot be read is left out, and one sentence tells it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from undying.finding.spans import Days, Span, read_days, read_number, read_span, whole
from undying.kernel.ids import SMALLEST
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from enum import StrEnum

TAG_FIELDS = {
    TagKind.RATING: "rating_ids",
    TagKind.WARNING: "archive_warning_ids",
    TagKind.CATEGORY: "category_ids",
    TagKind.FANDOM: "fandom_ids",
    TagKind.RELATIONSHIP: "relationship_ids",
    TagKind.CHARACTER: "character_ids",
    TagKind.ADDITIONAL: "freeform_ids",
}
KIND_WORDS = {
    TagKind.RATING: "rating",
    TagKind.WARNING: "warning",
    TagKind.CATEGORY: "category",
    TagKind.FANDOM: "fandom",
    TagKind.RELATIONSHIP: "ship",
    TagKind.CHARACTER: "character",
    TagKind.ADDITIONAL: "tag",
}
"""What a kind of tag is called in an address and in the search box."""
_KINDS = {word: kind for kind, word in KIND_WORDS.items()} | {
    "relationship": TagKind.RELATIONSHIP,
    "additional": TagKind.ADDITIONAL,
    "freeform": TagKind.ADDITIONAL,
}
_NAME_FIELDS = {
    "fandom_names": TagKind.FANDOM,
    "relationship_names": TagKind.RELATIONSHIP,
    "character_names": TagKind.CHARACTER,
    "freeform_names": TagKind.ADDITIONAL,
}
_AO3_TAGS = {
    9: "rating:Not Rated",
    10: "rating:General Audiences",
    11: "rating:Teen And Up Audiences",
    12: "rating:Mature",
    13: "rating:Explicit",
    14: "warning:Choose Not To Use Archive Warnings",
    16: "warning:No Archive Warnings Apply",
    17: "warning:Graphic Depictions Of Violence",
    18: "warning:Major Character Death",
    19: "warning:Rape/Non-Con",
    20: "warning:Underage Sex",
    21: "category:Gen",
    22: "category:F/M",
    23: "category:M/M",
    24: "category:Other",
    116: "category:F/F",
    2246: "category:Multi",
}
"""Numbers that mean the same in every address of AO3's."""
TAGS_READ = 40
"""Tags that may be asked for, or shut out: each makes a chip with an address that names all the others."""
NAMES_READ = 20
"""Tags that may be typed by name in one field of the form, and creators."""
GROUPS_READ = 10
LONGEST_TEXT = 2000
LONGEST_NAME = 500
_LONGEST_SPAN = 60
_TROUBLES_TOLD = 12
_NUMBERS_SHOWN = 3
_SHOWN = 40
"""Characters of what could not be read that are said again."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_LONG = re.compile(r"(?P<side>include_|exclude_|)work_search\[(?P<name>[^\]]*)\](?:\[\])?")
_OWN_FIELDS = (
    "query title creators other_tag_names excluded_tag_names complete status crossover single_chapter word_count "
    "words_from words_to chapters date_from date_to revised_at published language_id placement_unit placement_part "
    "placement_relation placement_divergence placement_episode hits kudos_count comments_count bookmarks_count "
    "sort_column sort_direction series seed anyway exact any warning_ids"
)
_READ = frozenset([*_OWN_FIELDS.split(), *TAG_FIELDS.values(), *_NAME_FIELDS])
_UNBOXED = frozenset({"any", "exact", "not-by", "series", "single_chapter", "sort_direction"})
"""What has no field of a form that a sentence could stand beside."""
_COLLECTIONS = ("collection_id", "work_search[collection_ids][]", "include_work_search[collection_ids][]")


@dataclass(frozen=True, slots=True)
class Misread:
    """What could not be read, or cannot be met: the field of the form (empty for none of its own), and one sentence."""

    field: str
    sentence: str


def kind_and_name(text: str) -> tuple[TagKind | None, str]:
    """ "ship:Mina/Lucy" taken apart; no kind where the word before the colon names none."""
    word, colon, name = text.partition(":")
    kind = _KINDS.get(word.strip().lower()) if colon else None
    return (kind, name.strip()) if kind and name.strip() else (None, text)


def spelled(kind: TagKind, name: str) -> str:
    """How an address names a tag; empty for a name that would not come back from one."""
    is_plain = name == name.strip() and "\0" not in name and 0 < len(name) <= LONGEST_NAME
    return f"{KIND_WORDS[kind]}:{name}" if is_plain else ""


@dataclass(frozen=True, slots=True)
class Named:
    """Things that were named: those by number, and those by what somebody typed."""

    ids: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


class Given:
    """Reads fields out of a query string and keeps what was wrong with them."""

    def __init__(self, given: Mapping[str, Sequence[str]], today: date) -> None:
        self.given = given
        self.today = today
        self.troubles: dict[Misread, None] = {}
        self.foreign: dict[str, None] = {}

    def misread(self, name: str, sentence: str) -> None:
        """Note what was wrong. Of thousands of the same kind a few are enough."""
        if len(self.troubles) < _TROUBLES_TOLD:
            self.troubles[Misread("" if name in _UNBOXED else name, sentence)] = None

    def told_strangers(self) -> None:
        """Filters of a form that are none here are told; other parameters are nobody's business."""
        if any(value for name in _COLLECTIONS for value in self.given.get(name, ())):
            self.misread("", "There are no collections here, so that filter was left out.")
        for name, values in self.given.items():
            match = _LONG.fullmatch(name)
            if match and match["name"] not in {*_READ, "collection_ids"} and any(values):
                self.misread("", f"“{_cut(match['name'])}” is no filter here, and was left out.")

    def values(self, *names: str) -> Iterator[str]:
        """Every value under these names, tidied, none empty."""
        for name in names:
            for value in self.given.get(name, ()):
                if tidy := value.replace("\x00", "").strip():
                    yield tidy

    def text(self, short: str, *long: str) -> str:
        """The last value under AO3's names or the short one."""
        found = list(self.values(*([short] if short else []), *map("work_search[{}]".format, long)))
        return found[-1][:LONGEST_TEXT] if found else ""

    def named(self, side: str, short: str, typed: str) -> Named:
        """The tags of one side, in the order they came: short, ticked, typed."""
        ids: dict[int, None] = {}
        names: dict[str, None] = {}
        for value in self.values(short):
            self._put(value, ids, names)
        for number in self._numbers(side):
            if known := _AO3_TAGS.get(number):
                names[known] = None
            elif number < SMALLEST:
                self._foreign(number)
            else:
                ids[number] = None
        names |= dict.fromkeys(self._typed(side, typed))
        if len(ids) + len(names) > TAGS_READ:
            self.misread("", f"Only the first {TAGS_READ} of these tags were read.")
        kept = tuple(ids)[:TAGS_READ]
        return Named(kept, tuple(names)[: TAGS_READ - len(kept)])

    def _put(self, value: str, ids: dict[int, None], names: dict[str, None]) -> None:
        number = whole(value)
        if number is not None and number >= SMALLEST:
            ids[number] = None
        else:
            names[value[:LONGEST_TEXT]] = None

    def _foreign(self, number: int | str) -> None:
        self.foreign[_cut(str(number))] = None

    def told_foreign(self) -> None:
        """Numbers of tags that are another archive's, in one sentence."""
        if not self.foreign:
            return
        shown, rest = list(self.foreign)[:_NUMBERS_SHOWN], len(self.foreign) - _NUMBERS_SHOWN
        what = "is no tag’s number" if len(self.foreign) == 1 else "are no tags’ numbers"
        which = ", ".join([*shown, f"{rest:,} more"] if rest > 0 else shown)
        self.misread("", f"{which} {what} here; every archive has its own. Ask by name instead.")

    def _numbers(self, side: str) -> Iterator[int]:
        forms = {"include": ["include_work_search[{}]", "work_search[{}]"], "exclude": ["exclude_work_search[{}]"]}
        for field in (*TAG_FIELDS.values(), "warning_ids"):
            for form in forms.get(side, ()):
                for value in self.values(form.format(field) + "[]", form.format(field)):
                    number = whole(value)
                    if number is None:
                        self.misread("", f"“{_cut(value)}” is no tag’s number, so that filter was left out.")
                    else:
                        yield number

    def _typed(self, side: str, field: str) -> Iterator[str]:
        yield from self.list_of(field)
        if side == "include":
            for each, kind in _NAME_FIELDS.items():
                yield from (f"{KIND_WORDS[kind]}:{name}" for name in self.list_of(each))

    def list_of(self, name: str) -> tuple[str, ...]:
        """Names that were typed into one field of the form, between commas."""
        parts = re.split("[,，、]", self.text("", name))
        names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(names) > NAMES_READ:
            self.misread(name, f"Only the first {NAMES_READ} of these names were read.")
        return names[:NAMES_READ]

    def groups(self) -> tuple[list[tuple[int, ...]], list[tuple[str, ...]]]:
        """Tags of which one is enough, group by group: those that are all numbers, and those with names."""
        ids: list[tuple[int, ...]] = []
        names: list[tuple[str, ...]] = []
        room = TAGS_READ
        for value in self.values("any", "work_search[any][]", "work_search[any]"):
            numbers: dict[int, None] = {}
            words: dict[str, None] = {}
            for part in value.split(","):
                if part.strip().isdecimal() and (whole(part.strip()) or 0) < SMALLEST:
                    self._foreign(part.strip())  # in a group, digits are always a number
                elif part.strip():
                    self._put(part.strip(), numbers, words)
            room -= len(numbers) + len(words)
            if room < 0 or len(ids) + len(names) >= GROUPS_READ:
                self.misread("any", f"Only the first {TAGS_READ} of the tags of which one is enough were read.")
                break
            if words:
                names.append((*map(str, numbers), *words))
            elif numbers:
                ids.append(tuple(numbers))
        return list(dict.fromkeys(ids)), list(dict.fromkeys(names))

    def things(self, short: str, *long: str) -> Named:
        """People or series, by number or by name."""
        ids: dict[int, None] = {}
        names: dict[str, None] = {}
        for value in (*self.values(short), *(name for field in long for name in self.list_of(field))):
            number = whole(value)
            if number is None:
                names[value[:LONGEST_NAME]] = None
            else:
                ids[number] = None
        if len(ids) + len(names) > NAMES_READ:
            self.misread(long[0] if long else short, f"Only the first {NAMES_READ} of these names were read.")
        kept = tuple(ids)[:NAMES_READ]
        return Named(kept, tuple(names)[: NAMES_READ - len(kept)])

    def span(self, short: str, *long: str, pair: tuple[str, str] | None = None) -> Span:
        """A range of numbers, or the two fields that make one."""
        field = pair[0] if pair else long[0] if long else short
        text = self.text(short, *long)
        span = read_span(text) if len(text) <= _LONGEST_SPAN else None
        if text and span is None:
            self.misread(
                field, f"“{_cut(text)}” is no number like 10,000 or >100 and no range like 10-20, and was left out."
            )
        if pair and (self.text("", pair[0]) or self.text("", pair[1])):
            span = Span(self._number(pair[0]), self._number(pair[1]))
        if span and span.is_empty:
            self._nothing_between(pair[1] if pair else field, short, span)
            return Span()
        return span or Span()

    def _nothing_between(self, field: str, what: str, span: Span) -> None:
        self.misread(
            field, f"Nothing is both over {span.low:,} {what} and under {span.high:,}, so that filter was left out."
        )

    def _number(self, name: str) -> int | None:
        text = self.text("", name)
        number = read_number(text) if len(text) <= _LONGEST_SPAN else None
        if text and number is None:
            self.misread(name, f"“{_cut(text)}” is no number like 10,000, and was left out.")
        return number

    def days(self, short: str, long: str, pair: tuple[str, str] | None = None) -> Days:
        """A range of days, or the two fields that make one."""
        field = pair[0] if pair else long
        text = self.text(short, long)
        days = read_days(text, self.today) if len(text) <= _LONGEST_SPAN else None
        if text and days is None:
            self.misread(
                field, f"“{_cut(text)}” is no date like 2024-02-29 and no time like “last 30 days”, and was left out."
            )
        if pair and (self.text("", pair[0]) or self.text("", pair[1])):
            if days:
                self.misread(pair[0], "Both dates and a stretch of time were given; the dates were taken.")
            days = Days(self._day(pair[0]), self._day(pair[1]))
        if days and days.is_empty:
            self.misread(
                pair[1] if pair else field,
                f"{days.last} is before {days.first}, so no day lies between, and that filter was left out.",
            )
            return Days()
        return days or Days()

    def _day(self, name: str) -> date | None:
        text = self.text("", name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.misread(name, f"“{_cut(text)}” is no date like 2024-02-29, and was left out.")
            return None

    def choice(self, short: str, long: str, choices: Iterable[StrEnum], words: Mapping[str, str] | None = None) -> str:
        """One of these, by its value, or by the word that addresses have for it."""
        text = self.text(short, long)
        value = (words or {}).get(text.lower(), text)
        if value and value not in {each.value for each in choices}:
            self.misread(long, f"“{_cut(text)}” is none of the choices here, and was left out.")
            return ""
        return value

    def truth(self, short: str, long: str) -> bool | None:
        """Yes or no, in the words of this archive or of AO3."""
        text = self.text(short, long)
        truth = _TRUTHS.get(text.lower())
        if text and truth is None:
            self.misread(long, f"“{_cut(text)}” is neither yes nor no, and was left out.")
        return truth

    def language(self) -> str:
        """A language's code."""
        text = self.text("lang", "language_id")
        if text and not _LANGUAGE.fullmatch(text):
            self.misread("language_id", f"“{_cut(text)}” is no language’s code like en or pt-BR, and was left out.")
            return ""
        return text

    def number(self, short: str) -> int:
        """A plain number; 0 for none."""
        return whole(self.text(short, short)) or 0


_TRUTHS = dict.fromkeys(("yes", "t", "true", "1"), True) | dict.fromkeys(("no", "f", "false", "0"), False)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
