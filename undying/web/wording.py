"""Small facts in plain words: languages, scores, ratings, dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from undying.manuscript import Openness, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})
_LANGUAGES = dict(
    line.split(" ", 1)
    for line in """\
af Afrikaans|ang Ænglisc|ar العربية|be Беларуская|bg Български|bn বাংলা|ca Català|cs Čeština|cy Cymraeg|da Dansk
de Deutsch|el Ελληνικά|en English|eo Esperanto|es Español|et Eesti|eu Euskara|fa فارسی|fi Suomi|fil Filipino
fr Français|ga Gaeilge|gl Galego|grc Ἑλληνική|he עברית|hi हिन्दी|hr Hrvatski|hu Magyar|hy Հայերեն
id Bahasa Indonesia|is Íslenska|it Italiano|ja 日本語|ka ქართული|ko 한국어|la Latina|lt Lietuvių|lv Latviešu
mk Македонски|mr मराठी|ms Bahasa Melayu|nb Norsk bokmål|nl Nederlands|nn Norsk nynorsk|no Norsk|pl Polski
pt Português|pt-BR Português brasileiro
pt-PT Português europeu|ro Română|ru Русский|sk Slovenčina
sl Slovenščina|sq Shqip|sr Српски|sv Svenska|sw Kiswahili|ta தமிழ்|te తెలుగు|th ไทย|tlh tlhIngan Hol|tr Türkçe
uk Українська|ur اردو|vi Tiếng Việt|yi ייִדיש|yue 粵語|zh 中文|zh-Hans 中文（简体）|zh-Hant 中文（繁體）""".replace(
        "\n", "|"
    ).split("|")
)
_STATUSES = {
    Status.COMPLETE: "Complete",
    Status.IN_PROGRESS: "In progress",
    Status.HIATUS: "On hiatus",
    Status.ABANDONED: "Abandoned",
}


def language(code: str) -> str:
    """The language's name in itself, else the code; empty for an unknown one."""
    return _LANGUAGES.get(code) or _LANGUAGES.get(code.split("-", 1)[0]) or code


def languages() -> list[tuple[str, str]]:
    """Codes and names of the languages that a form offers, in the order of their names."""
    return sorted(_LANGUAGES.items(), key=lambda each: each[1].casefold())


def direction(code: str) -> str:
    """`rtl` or `ltr` for a language; `auto` for an unknown one, so that the browser looks at the text."""
    if not code:
        return "auto"
    script = re.search(r"-(arab|hebr|latn|cyrl)\b", code.lower())
    if script:
        return "rtl" if script[1] in {"arab", "hebr"} else "ltr"
    return "rtl" if code.lower().split("-", 1)[0] in _RIGHT_TO_LEFT else "ltr"


def status(value: str) -> str:
    """Whether more is to come, in words."""
    return _STATUSES[Status(value)]


def leave(value: str) -> str:
    """Whether somebody may, in words; empty where nobody said."""
    return {"yes": "Yes", "ask": "Ask first", "no": "No"}.get(value, "")


def score(number: int | None, scale: str) -> str:
    """A reader's score in words: "8 out of 10", "liked it"; empty where none was given."""
    if number is None:
        return ""
    if scale == "like":
        return "liked it" if number > 0 else "did not like it"
    if ends := re.fullmatch(r"(\d+)\s*[-–]\s*(\d+)", scale):
        return f"{number} out of {ends[2]}"
    return f"score {number} ({scale})" if scale else f"score {number}"


_OPENNESS = {
    Openness.CLOSED: "its owners alone may add to it",
    Openness.MODERATED: "others may add to it when its owners agree",
    Openness.OPEN: "everybody may add to it",
}
_KINDS = {
    TagKind.RATING: "Ratings",
    TagKind.WARNING: "Warnings",
    TagKind.CATEGORY: "Categories",
    TagKind.FANDOM: "Fandoms",
    TagKind.RELATIONSHIP: "Relationships",
    TagKind.CHARACTER: "Characters",
    TagKind.ADDITIONAL: "Additional tags",
}
_ADDRESS = re.compile(r"(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")


def tags(taggings: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Tags in a source's own words, as lines: what their kind is called, and their names."""
    lines: dict[str, list[str]] = {}
    for kind, name in taggings:
        lines.setdefault(_KINDS[TagKind(kind)], []).append(name)
    return tuple((label, ", ".join(names)) for label, names in lines.items())


def openness(value: str) -> str:
    """Who may add works to a series, in words."""
    return _OPENNESS[Openness(value)]


def without_addresses(text: str) -> str:
    """A name or an answer from another site, with e-mail addresses in it cut after the name: "mina@…"."""
    return _ADDRESS.sub(lambda found: found[0].split("@")[0] + "@…", text)


def day(moment: datetime | None) -> str:
    """ "26 May 2012", by the days of whoever looks; empty for an unknown day."""
    shown = _there(moment)
    return f"{shown.day} {shown:%B} {shown.year}" if shown else ""


def day_of(moment: datetime) -> str:
    """The day of a moment whose hour somebody chose, were it midnight."""
    shown = moment.astimezone(timezone.get_current_timezone())
    return f"{shown.day} {shown:%B} {shown.year}"


def iso_day(moment: datetime | None) -> str:
    """ "2012-05-26", as readers' tools want it."""
    shown = _there(moment)
    return f"{shown:%Y-%m-%d}" if shown else ""


def hour(moment: datetime) -> str:
    """ "14:05 CEST", by the clock of whoever looks."""
    return f"{moment.astimezone(timezone.get_current_timezone()):%H:%M %Z}"


def _there(moment: datetime | date | None) -> datetime | date | None:
    """The moment in the zone of whoever looks. What stands at midnight is a day of which nobody told the hour."""
    if not isinstance(moment, datetime) or moment.timetz() == time(tzinfo=UTC):
        return moment
    return moment.astimezone(timezone.get_current_timezone())


def figures(number: int) -> str:
    """ "1,204"."""
    return f"{number:,}"


def about(number: int) -> str:
    """ "~12k" for 12,345, "~940" for 938: as much as a sample knows."""
    for unit, scale in (("m", 1_000_000), ("k", 1_000)):
        if number >= scale:
            many = number / scale
            return f"~{many:.0f}{unit}" if many >= _TWO_DIGITS else f"~{many:.1f}{unit}".replace(".0", "")
    return f"~{round(number, -1) if number >= _TWO_DIGITS * 10 else number}"


_TWO_DIGITS = 10


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 chapter", "1,204 chapters"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
