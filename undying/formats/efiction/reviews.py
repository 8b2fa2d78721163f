"""Reviews: scores in the site's scale, and authors' answers split out of the text that they were appended to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.formats.efiction.dates import moment_of
from undying.formats.efiction.tables import integer
from undying.formats.efiction.text import as_prose
from undying.manuscript import NO_PROSE, Review

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Row

    from undying.formats.efiction.people import People
    from undying.formats.efiction.text import Texts

_SCALES = {1: "1-10", 2: "like", 3: "likes"}
_STARS = 1
_ANSWER = re.compile(r"(?<!\s)\s*<br\s*/?>\s*<br\s*/?>\s*<i>\s*([^<>:]{2,60}?)\s*:\s*", re.IGNORECASE)
_ITALIC = re.compile(r"<(/?)i(?:\s[^>]*)?>", re.IGNORECASE)
_LINE_OR_END = re.compile(r"\s*(?:<br|\Z)", re.IGNORECASE)
# The words come from the site's language file.
_LABELS = re.compile(
    r"author(?:'|’|&#0?39;)?s?(?:'|’)?\s+(?:response|reply)|antwort|r[ée]ponse|respuesta|risposta|resposta|antwoord|reactie|"
    r"odpowied|odpov[ěe][dď]|odgovor|отговор|ответ|відповідь|svar\b|vastaus|válasz|răspuns|yanıt|cevab|απάντηση|"
    r"tanggapan|trả lời|תגובת|تعليق|رد\s|返信|返事|回复|回覆|回應|回应|答复|답변|답글|답장",
    re.IGNORECASE,
)
_NO_WORDS = "No Review"


class Reviews:
    """Turns rows of reviews into values. `scale` is the site's setting `ratings`, 0 when scores are off or unknown.

    `zero_is_none`: whether the archive knows no -1 for "no score", as before 3.3.
    """

    def __init__(self, texts: Texts, people: People, scale: int, *, zero_is_none: bool) -> None:
        self._texts = texts
        self._people = people
        self._scale = scale
        self._zero_is_none = zero_is_none or scale in {0, _STARS}

    def read(self, row: Row, positions: Mapping[int, int]) -> Review:
        """One review; `positions` gives the place of each chapter that is in the story."""
        body, answer = self._split(self._texts.text(row["review"]), answered=(integer(row["respond"]) or 0) > 0)
        score = self._score(integer(row["rating"]))
        name = self._texts.person(row["reviewer"])
        return Review(
            name=(name if name != "0" else "") or self._people.penname(row["uid"]) or "Anonymous",
            body=NO_PROSE if body.strip() == _NO_WORDS else as_prose(body),
            posted=moment_of(row, "date"),
            chapter=positions.get(row["chapid"], 0),
            score=score,
            scale=_SCALES.get(self._scale, "") if score is not None else "",
            response=as_prose(answer),
            key=str(row["reviewid"]),
            reviewer_key=str(row["uid"]) if row["uid"] > 0 else "",
        )

    def _score(self, number: int | None) -> int | None:
        """-1 is "none". So is 0, except where 0 means "dislike"."""
        if number is None or number < 0 or (number == 0 and self._zero_is_none):
            return None
        return number

    def _split(self, text: str, *, answered: bool) -> tuple[str, str]:
        """(the reader's words, the author's answers). The label is trusted less where the row says "not answered"."""
        kept, answers, done = [], [], 0
        for match in _ANSWER.finditer(text):
            if match.start() < done or not (answered or _LABELS.search(match[1])):
                continue
            inside, after = _closed(text, match.end())
            if _LINE_OR_END.match(text, after):
                kept.append(text[done : match.start()])
                answers.append(text[match.end() : inside])
                done = after
        return "".join([*kept, text[done:]]), "<br /><br />".join(answers)


def _closed(text: str, start: int) -> tuple[int, int]:
    """Where the italics that stand open at `start` close: before and behind their end. Answers hold italics too."""
    depth = 1
    for tag in _ITALIC.finditer(text, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.start(), tag.end()
    return len(text), len(text)
