"""The fields of the search box: what may stand before a colon, and what each makes of what stands after it.

A reader of values gets one `Value` and answers with a node, or raises `Unread` with the sentence that says what it
would have understood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from undying.finding.question import (
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Measure,
    Not,
    Prefix,
    Sort,
    Term,
    Within,
    Words,
    all_of,
)
from undying.finding.spans import read_days, read_span, whole
from undying.finding.tokens import is_unspaced, sought, stems_asked, tokens
from undying.finding.unresolved import By, InSeries, Mine, Named
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from undying.finding.question import Node
    from undying.finding.spans import Days

DAY = 24 * 3600
EPOCH_DAY = 719_163
"""The ordinal of 1 January 1970."""
LEAST_BEGINNING = 2
"""Letters before an asterisk: one letter begins so many words that it finds everything."""


class Unread(Exception):
    """A value that cannot be read; its text is the sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Value:
    """What stands after the colon. `now` is in Unix seconds; `name` is the field as it was typed."""

    text: str
    is_quoted: bool
    now: int
    name: str

    @property
    def plain(self) -> str:
        """Small, of normal width, without white space at its ends."""
        return unicodedata.normalize("NFKC", self.text).strip().lower()

    @property
    def names(self) -> list[str]:
        """One name, or where it is not quoted several with commas between them."""
        parts = [self.text] if self.is_quoted else self.text.replace("，", ",").split(",")
        return [name for part in parts if (name := " ".join(part.replace("\0", " ").split()))]


def standing(text: str, field: str = "") -> Node | None:
    """What asks for this text as it stands, in one field or in any; None when it has no letters."""
    found, beginnings = sought(text)
    words = Words(tuple(found), field) if found else None
    return all_of((words, *(Prefix(each, field) for each in beginnings)))


def word(text: str, field: str = "") -> Node | None:
    """What asks for one word without quotation marks: in all its forms, or with an asterisk by its beginning."""
    if "*" in text:
        return _beginning(text, field)
    found = tokens(text)
    if len(found) != 1 or is_unspaced(found[0]):
        return standing(text, field)
    return Words((found[0],), field, () if field in {"author", "episode"} else stems_asked(found[0]))


def _beginning(text: str, field: str) -> Node | None:
    *before, last = tokens(text) or [""]
    if not last:
        return None
    if text.index("*") < len(text.rstrip("*")):
        raise Unread("An asterisk stands at the end of a word.")
    if is_unspaced(last):
        return standing(text, field)
    if len(last) < LEAST_BEGINNING:
        raise Unread("An asterisk needs two letters before it.")
    return all_of((Words(tuple(before), field) if before else None, Prefix(last, field)))


def _in_field(field: str) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        return standing(value.text, field) if value.is_quoted else word(value.text, field)

    return read


def _tag(kind: TagKind | None) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        direct = value.text.startswith("=")
        if ids := _ids(value):
            return HasTag(ids, direct)
        bare = (name.removeprefix("=").strip() for name in value.names)
        return _any_of([Named(kind, name, direct) for name in bare if name])

    return read


def _ids(value: Value) -> tuple[int, ...]:
    """Numbers after a # each: the archive's own ids, which names can be ambiguous for."""
    parts = value.plain.removeprefix("=").split(",")
    numbers = [whole(part.removeprefix("#")) if part.startswith("#") else None for part in parts]
    return () if None in numbers or value.is_quoted else tuple(number for number in numbers if number is not None)


def _any_of(nodes: Sequence[Node]) -> Node | None:
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes)) if nodes else None


def _creator(value: Value) -> Node | None:
    if ids := _ids(value):
        return HasTerm(Term.CREATOR, tuple(map(str, ids)))
    return _any_of([By(name) for name in value.names])


def _series(value: Value) -> Node | None:
    if ids := _ids(value):
        return HasTerm(Term.SERIES, tuple(map(str, ids)))
    return _any_of([InSeries(name) for name in value.names])


def _work(value: Value) -> Node | None:
    if ids := _ids(value):
        return IsWork(ids)
    raise Unread("“work:” needs a number, like work:#12.")


def _number(measure: Measure) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        span = read_span(value.plain)
        if not span:
            raise Unread(
                f"“{_cut(value.text)}” is no number: write {value.name}:>10k, {value.name}:5k-20k or {value.name}:0."
            )
        if span.is_empty:
            raise Unread(f"No number is both over {span.low:,} and under {span.high:,}.")
        return Within(measure, span.low, span.high)

    return read


def _days(measure: Measure) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        if raw := _SECONDS.fullmatch(value.plain):
            low, high = (int(side) if side else None for side in raw.groups())
            return Within(measure, low, high)
        days = read_days(value.plain, today(value.now))
        if not days:
            name = value.name
            raise Unread(f"“{_cut(value.text)}” is no date: write {name}:<1y, {name}:2020 or {name}:2019-01..2020-06.")
        if days.is_empty:
            raise Unread(f"{days.last} is before {days.first}, so no day lies between.")
        return Within(measure, *seconds(days, value.now))

    return read


_SECONDS = re.compile(r"@(-?[0-9]{1,18})?\.\.@(-?[0-9]{1,18})?")


def today(now: int) -> date:
    """The day of a moment, in UTC."""
    return datetime.fromtimestamp(now, UTC).date()


def seconds(days: Days, now: int) -> tuple[int | None, int | None]:
    """The first and the last second of these days, in UTC. The last so many days begin with a day, too."""
    if days.last_days:
        return (now // DAY - days.last_days) * DAY, None
    first = None if days.first is None else (days.first.toordinal() - EPOCH_DAY) * DAY
    last = None if days.last is None else (days.last.toordinal() - EPOCH_DAY + 1) * DAY - 1
    return first, last


def _truth(node: Node) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        if value.plain in {"yes", "y", "true", "t", "1", "only"}:
            return node
        if value.plain in {"no", "n", "false", "f", "0", "none"}:
            return _OPPOSITES.get(node, Not(node))
        raise Unread(f"“{_cut(value.text)}” is neither yes nor no.")

    return read


_CROSSOVER = HasTerm(Term.CROSSOVER, ("T",))
_OPPOSITES: dict[Node, Node] = {_CROSSOVER: HasTerm(Term.CROSSOVER, ("F",))}


def _choice(term: Term, choices: Mapping[str, str]) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        found = [choices.get(re.sub(r"[\s_]+", "-", part.strip()), "") for part in value.plain.split(",")]
        if not all(found):
            raise Unread(f"“{_cut(value.text)}” is none of {', '.join(dict.fromkeys(choices))}.")
        return HasTerm(term, tuple(dict.fromkeys(found)))

    return read


STATUSES = {
    **{each.value: each.value for each in Status},
    "wip": Status.IN_PROGRESS.value,
    "on-hiatus": Status.HIATUS.value,
    "dropped": Status.ABANDONED.value,
}
DIVERGENCES = {
    "divergent": f"||{Divergence.DIVERGENT.value}",
    "canon-divergent": f"||{Divergence.DIVERGENT.value}",
    "au": f"||{Divergence.ALTERNATE.value}",
    "alternate-universe": f"||{Divergence.ALTERNATE.value}",
}
RELATIONS = {each.value: f"|{each.value}|" for each in PlacementRelation}
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
LANGUAGES = {
    name: code
    for code, names in (
        line.split(" ", 1)
        for line in """\
ar arabic|العربية;bg bulgarian|български;ca catalan|català;cs czech|čeština;cy welsh|cymraeg;da danish|dansk
de german|deutsch;el greek|ελληνικά;en english;eo esperanto;es spanish|español;et estonian|eesti;fa persian|فارسی
fi finnish|suomi;fr french|français;he hebrew|עברית;hi hindi|हिन्दी;hr croatian|hrvatski;hu hungarian|magyar
id indonesian|bahasa indonesia;is icelandic|íslenska;it italian|italiano;ja japanese|日本語;ko korean|한국어;la latin
lt lithuanian|lietuvių;lv latvian|latviešu;nb norwegian|norsk;nl dutch|nederlands;pl polish|polski
pt portuguese|português;ro romanian|română;ru russian|русский;sk slovak|slovenčina;sl slovenian|slovenščina
sr serbian|српски;sv swedish|svenska;th thai|ไทย;tr turkish|türkçe;uk ukrainian|українська
vi vietnamese|tiếng việt;zh chinese|中文""".replace("\n", ";").split(";")
    )
    for name in names.split("|")
}


def _language(value: Value) -> Node | None:
    codes = []
    for part in map(str.strip, value.plain.replace("_", "-").split(",")):
        code = LANGUAGES.get(unicodedata.normalize("NFC", part), part)
        if not _LANGUAGE.fullmatch(code):
            raise Unread(f"“{_cut(value.text)}” is no language that is known here: write its code, like lang:fr.")
        first, *rest = code.split("-")
        codes.append("-".join((first, *(_SUBTAG_CASE.get(len(each), str.lower)(each) for each in rest))))
    return HasTerm(Term.LANGUAGE, tuple(dict.fromkeys(codes)))


_SUBTAG_CASE: dict[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
"""As BCP 47 writes regions and scripts."""


def _part(unit: str) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        if unit == "year" and _YEAR.fullmatch(value.plain):
            raise Unread(f"“year:” is a year of the story's canon, like year:5. For dates write updated:{value.plain}.")
        parts = [part.strip() for part in value.plain.split(",")]
        if not all(parts) or any("|" in part for part in parts):
            raise Unread(f"“{value.name}:” needs a number, like {value.name}:4.")
        return HasTerm(Term.PLACEMENT, tuple(f"{unit}={part}||" for part in parts))

    return read


def _placed(relation: PlacementRelation) -> Callable[[Value], Node | None]:
    def read(value: Value) -> Node | None:
        if _YEAR.fullmatch(value.plain):
            raise Unread(
                f"“{value.name}:” is for episodes. For dates write updated:>{value.plain} or posted:<{value.plain}."
            )
        if part := _UNIT.fullmatch(value.plain):
            return HasTerm(Term.PLACEMENT, (f"{part['unit']}={part['part']}|{relation.value}|",))
        episode = standing(value.text, "episode")
        words = episode.nodes if isinstance(episode, All) else (episode,)
        return episode and all_of((HasTerm(Term.PLACEMENT, (f"|{relation.value}|",)), *words))

    return read


UNITS = ("season", "volume", "book", "year")
_YEAR = re.compile("(?:19|20)[0-9]{2}(?:-[0-9-]*)?")
_UNIT = re.compile(rf"(?P<unit>{'|'.join(UNITS)})\s+(?P<part>\S+)")


def _place(value: Value) -> Node | None:
    """A term of the index as it stands: what `unparse` writes where no other field says it."""
    if value.plain in RELATIONS:
        return HasTerm(Term.PLACEMENT, (RELATIONS[value.plain],))
    terms = tuple(part.strip() for part in value.plain.split(","))
    if not all(term.count("|") == 2 for term in terms):  # noqa: PLR2004 - part|relation|divergence
        raise Unread(f"“{_cut(value.text)}” is none of {', '.join(RELATIONS)}.")
    return HasTerm(Term.PLACEMENT, terms)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - enough to know it again


MEASURES = {
    "words": Measure.WORDS,
    "chapters": Measure.CHAPTERS,
    "kudos": Measure.KUDOS,
    "comments": Measure.COMMENTS,
    "bookmarks": Measure.BOOKMARKS,
    "hits": Measure.HITS,
}
TIMES = {"updated": Measure.REVISED, "posted": Measure.PUBLISHED}
TAGS = {
    "fandom": TagKind.FANDOM,
    "ship": TagKind.RELATIONSHIP,
    "character": TagKind.CHARACTER,
    "rating": TagKind.RATING,
    "warning": TagKind.WARNING,
    "category": TagKind.CATEGORY,
    "additional": TagKind.ADDITIONAL,
}
TEXTS = ("title", "summary", "text", "episode")
ALSO = {
    "by": ("author", "creator"),
    "ship": ("relationship", "pairing"),
    "character": ("char",),
    "additional": ("freeform",),
    "posted": ("published",),
    "lang": ("language",),
    "words": ("length",),
    "comments": ("reviews",),
}


def _all_fields() -> dict[str, Callable[[Value], Node | None]]:
    read: dict[str, Callable[[Value], Node | None]] = {
        **{name: _in_field(name) for name in TEXTS},
        "by": _creator,
        "tag": _tag(None),
        **{name: _tag(kind) for name, kind in TAGS.items()},
        **{name: _number(measure) for name, measure in MEASURES.items()},
        **{name: _days(measure) for name, measure in TIMES.items()},
        "complete": _truth(HasTerm(Term.STATUS, (Status.COMPLETE.value,))),
        "status": _choice(Term.STATUS, STATUSES),
        "lang": _language,
        "crossover": _truth(_CROSSOVER),
        "series": _series,
        **{unit: _part(unit) for unit in UNITS},
        **{each.value: _placed(each) for each in PlacementRelation if each is not PlacementRelation.WITHIN},
        "canon": _choice(Term.PLACEMENT, DIVERGENCES),
        "place": _place,
        "read": _truth(Mine("read")),
        "work": _work,
    }
    return {name: reader for first, reader in read.items() for name in (first, *ALSO.get(first, ()))}


READERS = _all_fields()
"""What reads the values of each field, by every name of it."""
PLACES = {
    "title": "title",
    "text": "text",
    "summary": "summary",
    "tags": "tag",
    "tag": "tag",
    "by": "author",
    "author": "author",
}
"""Where `in:` looks."""
SORTS = {
    "best": Sort.BEST,
    "updated": Sort.REVISED,
    "posted": Sort.PUBLISHED,
    "title": Sort.TITLE,
    "by": Sort.AUTHOR,
    "author": Sort.AUTHOR,
    "creator": Sort.AUTHOR,
    "words": Sort.WORDS,
    "kudos": Sort.KUDOS,
    "comments": Sort.COMMENTS,
    "bookmarks": Sort.BOOKMARKS,
    "hits": Sort.HITS,
    "kudos-per-hit": Sort.KUDOS_PER_HIT,
    "random": Sort.RANDOM,
}
"""What `sort:` sorts by; with "-reversed" after it, the other way round."""
NAMES = (*READERS, "in", "sort")
