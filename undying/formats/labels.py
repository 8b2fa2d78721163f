"""The label lines at the head of a story ("Rating: PG-13") and what their values mean.

Authors of many years and places wrote them by hand, so the vocabulary is wide and the reading is careful: a value is
turned into the archive's own words only where it can mean nothing else; otherwise it is kept as it stands.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum

from undying.formats.language_names import plain_tag, tag_of_language


class Label(StrEnum):
    """What a label line is about."""

    TITLE = "title"
    AUTHOR = "author"
    FANDOM = "fandom"
    PAIRING = "pairing"
    CHARACTERS = "characters"
    CATEGORY = "category"
    TAGS = "tags"
    RATING = "rating"
    WARNINGS = "warnings"
    SUMMARY = "summary"
    RIGHTS = "rights"
    NOTES = "notes"
    PLACEMENT = "placement"
    SERIES = "series"
    STATUS = "status"
    LANGUAGE = "language"
    PUBLISHED = "published"
    UPDATED = "updated"
    OTHER = "other"


_SPELLINGS = {
    Label.TITLE: (
        "title|story title|story|fic title|titel|titre|título|titulo|titolo|tytuł|название|タイトル|標題|标题|题目"
    ),
    Label.AUTHOR: (
        "author|authors|written by|by|writer|pen name|penname|autor|autorin|autoren|auteur|auteure|"
        "autora|autore|autrice|"
        "автор|авторы|作者|著者"
    ),
    Label.FANDOM: "fandoms?|fandom\\(s\\)|universe|show|фандом|фэндом|原作",
    Label.PAIRING: (
        "pairings?|pairing\\(s\\)|relationship|relationships|ship|ships|couple|paar|pärchen|parejas?|couples?|"
        "paring|pairing/characters|пейринг|пэйринг|配对|配對|カップリング"
    ),
    Label.CHARACTERS: (
        "characters?|character\\(s\\)|main characters?|charaktere|figuren|personnages|personajes|"
        "personaggi|personagens|"
        "персонажи|герои|人物|角色|登場人物"
    ),
    Label.CATEGORY: "category|categories|kategorie|категория|分类",
    Label.TAGS: (
        "tags?|genres?|genre\\(s\\)|keywords?|additional tags|freeform tags|type|genere|género|gênero|gatunek|жанры?|"
        "метки|标签|標籤|タグ"
    ),
    Label.RATING: (
        "rating|rated|rate|altersfreigabe|einstufung|clasificación|classificação|classification|рейтинг|分级|分級"
    ),
    Label.WARNINGS: (
        "warnings?|warning\\(s\\)|content warnings?|archive warnings?|warnungen?|warnhinweise|"
        "avertissements|advertencias?|"
        "avvertimenti|avisos|ostrzeżenia|предупреждени[ея]|警告|注意"
    ),
    Label.SUMMARY: (
        "summary|description|synopsis|blurb|teaser|inhalt|inhaltsangabe|zusammenfassung|kurzbeschreibung|résumé|resume|"
        "resumen|riassunto|trama|resumo|samenvatting|streszczenie|саммари|описание|"
        "аннотация|краткое содержание|简介|簡介|"
        "摘要|文案|あらすじ"
    ),
    Label.RIGHTS: (
        "disclaimers?|disclaim|standard disclaimer|rights|copyright|haftungsausschluss|rechtliches|descargo|"
        "renuncia de derechos|disclaimer/avertissement|дисклеймер|отказ(?: от прав)?|права|声明|聲明"
    ),
    Label.NOTES: (
        "notes?|author'?s?'? notes?|author notes?|a/n|an|a\\.n\\.|anmerkung(?:en)?|anmerkung(?:en)? der autorin|"
        "notes? de l'auteure?|nota de la autora|notas?(?: de autora?)?|note dell'autrice|nota da autora|примечани[ея]"
        "(?: автора)?|от автора|作者注|作者的话|前書き"
    ),
    Label.PLACEMENT: (
        "time ?line|timeframe|time frame|time period|setting|set|season|seasons|era|spoilers?|"
        "spoiler\\(s\\)|takes place|"
        "era/season/setting|spoilers/timeline|timeline/spoilers|zeit|zeitlinie|zeitrahmen|époque|chronologie|"
        "línea temporal|время действия|таймлайн|спойлеры"
    ),
    Label.SERIES: "series|serie|série|sequence|сериал-цикл|серия|цикл|系列|シリーズ",
    Label.STATUS: "status|story status|complete|completed|статус|状态|estado",
    Label.LANGUAGE: "language|sprache|langue|idioma|lingua|язык|语言",
    Label.PUBLISHED: (
        "date|published|posted|date posted|date written|written|completed on|first published|datum|veröffentlicht|"
        "publié|publicado|дата|дата публикации|发表"
    ),
    Label.UPDATED: "updated|last updated|revised|aktualisiert|обновлено|更新",
    Label.OTHER: (
        "archive|archiving|archived|archive rights|distribution|feedback|review|reviews|beta|betas|beta[- ]?reader|"
        "beta read by|word ?count|words|wordcount|length|size|e-?mail|website|url|homepage|web ?site|dedication|"
        "dedicated to|for|thanks|thanks to|acknowledg?ements|prompt|challenge|part|parts|chapters?|"
        "sequel to|prequel to|"
        "music|soundtrack|lyrics|content|contents|kinks?|betas?|rückmeldung|danke an|бета|размер|благодарности|"
        "разрешение на публикацию|размещение|字数"
    ),
}
_LABELS = {label: re.compile(f"(?:{spellings})", re.IGNORECASE) for label, spellings in _SPELLINGS.items()}
_SAID = re.compile(
    r"[\s*_•►>\[]*(?P<words>[^\W\d_][^:：=<>\n]{0,38}?)[\]*_]*\s*(?P<mark>[:：]|\s[-–—](?=\s|$)|(?<=[sS])-(?=\s))"
    r"(?P<value>.*)",
    re.DOTALL,
)
_MOST_WORDS = 4


def said(line: str) -> tuple[str, str] | None:
    """(label, value) of a line "Label: value" (or "Rating - PG", for labels that are known); None for other lines."""
    found = _SAID.fullmatch(line.replace("’", "'"))
    if not found or len(found["words"].split()) > _MOST_WORDS:
        return None
    words = found["words"].strip()
    if found["mark"] not in ":：" and label_of(words) is None:
        return None
    return words, found["value"].strip(" \t*_")


def label_of(words: str) -> Label | None:
    """Which label these words are, or None when they are none that is known."""
    words = re.sub(r"\s+", " ", words.strip())
    return next((label for label, spelling in _LABELS.items() if spelling.fullmatch(words)), None)


_RATINGS = {
    "General Audiences": "general audiences|general|g|k|all ages|all audiences|everyone|ab 0|p6|для всех",
    "Teen And Up Audiences": "teen and up audiences|teen and up|teens?|t|pg-?13|pg ?13|13\\+|p12",
    "Mature": "mature|m|r|16\\+|p16|r-?16",
    "Explicit": "explicit|nc-?17|nc ?17|ma|18\\+|r-?18|x|xxx|adult|adults only|p18",
    "Not Rated": "not rated|unrated|none",
}
_WARNINGS = {
    "No Archive Warnings Apply": (
        "none|no|n/?a|no warnings?|no archive warnings apply|none apply|keine|aucun|ninguna|нет"
    ),
    "Choose Not To Use Archive Warnings": (
        "(?:creator |author )?(?:chose|choose) not to (?:use|warn).*|chooses? not to warn|cntw"
    ),
    "Graphic Depictions Of Violence": "graphic (?:depictions? of )?violence",
    "Major Character Death": "major character deaths?|death of a major character",
    "Rape/Non-Con": "rape(?: ?/ ?non-?con(?:sensual)?)?|non-?con(?:sensual)?(?: sex)?",
    "Underage Sex": "underage(?: sex)?",
}
_CATEGORIES = {
    "Gen": "gen|general|none",
    "F/M": "f/m|m/f|het|hetero|heterosexual",
    "M/M": "m/m|m/m slash",
    "F/F": "f/f|fem-?slash|f/f slash|yuri",
    "Multi": "multi|multiple",
    "Other": "other",
}


def _meaning(value: str, vocabulary: dict[str, str]) -> str:
    value = value.strip(" .!\"'“”[]()")
    return next((name for name, spellings in vocabulary.items() if re.fullmatch(spellings, value, re.IGNORECASE)), "")


def rating(value: str) -> str:
    """The rating in the archive's words, "" where the author's word is none of them for certain (PG, K+, FRT)."""
    first = re.split(r"[,;(]| for | due | because |\s[-–—]\s", value, maxsplit=1)[0]
    return _meaning(first, _RATINGS)


def warning(value: str) -> str:
    """The archive warning that this value is for certain, or ""."""
    return _meaning(value, _WARNINGS)


def category(value: str) -> str:
    """The category that this value is for certain ("het" is F/M), or "". Slash alone may be either kind."""
    return _meaning(value, _CATEGORIES)


def listed(value: str) -> list[str]:
    """The items of "A, B; C and D" as tags: commas and semicolons part them, "and" does not."""
    items = re.split(r"\s*[,;、，；]\s*(?![^(]*\))", value)
    return [item for item in (item.strip(" .\t") for item in items) if item]


_STOP_OF_A_NAME = re.compile(
    r"(?:(?:^|[\W_])[^\W\d_]|\b(?:jr|sr|dr|mr|mrs|ms|prof|esq|st|ph\.?d|m\.d))\.$", re.IGNORECASE
)


def pen_name(value: str) -> str:
    """The name without what stands around it; the last full stop stays behind an initial ("Mina M.", "Ada Jr.")."""
    name = value.strip(" *_~-\t").lstrip(" .*_~-\t")
    ended = re.sub(r"(?:\s*\.)+$", ".", name)
    return ended if _STOP_OF_A_NAME.search(ended) else name.rstrip(" .*_~-\t")


def pen_names(value: str) -> list[str]:
    """The names of "Mina M., Ada & J. R."; "Jr." behind a comma belongs to the name before it."""
    value = re.sub(r",\s*((?:jr|sr|esq|ph\.?d|m\.d)\b)", r"\0\1", value, flags=re.IGNORECASE)
    items = re.split(r"\s*[,;、，；]\s*(?![^(]*\))|\s+(?:&|and|und|et)\s+", value)
    return [name.replace("\0", ", ") for item in items if (name := pen_name(item))]


_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january|jan|januar|janvier|enero|gennaio|janeiro|января",
            "february|feb|februar|février|febrero|febbraio|fevereiro|февраля",
            "march|mar|märz|mars|marzo|março|марта",
            "april|apr|avril|abril|aprile|апреля",
            "may|mai|mayo|maggio|maio|мая",
            "june|jun|juni|juin|junio|giugno|junho|июня",
            "july|jul|juli|juillet|julio|luglio|julho|июля",
            "august|aug|août|agosto|августа",
            "september|sep|sept|septembre|septiembre|settembre|setembro|сентября",
            "october|oct|oktober|octobre|octubre|ottobre|outubro|октября",
            "november|nov|novembre|noviembre|novembro|ноября",
            "december|dec|dezember|décembre|diciembre|dicembre|dezembro|декабря",
        ),
        1,
    )
    for month in names.split("|")
}
_DAY_FORMS = (
    re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:[T ].*)?"),
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? +(?:de +|of +)?(?P<name>[^\W\d]+)\.?,?(?: de)? +(?P<year>\d{4})"),
    re.compile(r"(?P<name>[^\W\d]+)\.? +(?P<day>\d{1,2})(?:st|nd|rd|th)?,? +(?P<year>\d{4})"),
    re.compile(r"(?P<day>1[3-9]|2\d|3[01])[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"),
    re.compile(r"(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})"),
)


DIGITS_OF_A_COUNT, DIGITS_OF_AN_ID = 9, 15
"""As many as every database holds in a number of its usual size, and in one of its large ones."""


def whole_number(text: str, *, most_digits: int = DIGITS_OF_A_COUNT) -> int | None:
    """A number as tables and forms hold it, with a minus or without; None for all else, and for too many digits."""
    text = text.strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() and len(digits) <= most_digits else None


def day(value: str) -> datetime | None:
    """Midnight of the day, None when the value is no whole date or one that can be read in two ways (03/04/2005)."""
    for form in _DAY_FORMS:
        found = form.fullmatch(value.strip(" .()"))
        if found:
            named = found.groupdict()
            month = _MONTHS.get((named.get("name") or "").lower()) or int(named.get("month") or 0)
            try:
                return datetime(int(named["year"]), month, int(named["day"]), tzinfo=UTC)
            except ValueError:
                return None
    return None


def language(value: str) -> str:
    """The BCP 47 tag of a language given by its name or as a tag, "" when neither."""
    return tag_of_language(value) or plain_tag(value)
