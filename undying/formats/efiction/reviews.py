"""Reviews: scores in the site's scale, and authors' answers split out of the text that they were appended to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.formats.efiction.dates import moment
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
_ANSWER = re.compile(
    r"\s*<br\s*/?>\s*<br\s*/?>\s*<i>\s*([^<>:]{3,60}?)\s*:\s*(.*?)</i>(?=\s*(?:<br|\Z))", re.DOTALL | re.IGNORECASE
)
# The words come from the site's language file.
_LABELS = re.compile(
    r"author(?:'|’|&#0?39;)?s?(?:'|’)?\s+(?:response|reply)|antwort|r[ée]ponse|respuesta|risposta|resposta|antwoord|"
    r"odpowied|odpověď|ответ|svar\b|vastaus|válasz|返信",
    re.IGNORECASE,
)
_NO_WORDS = "No Review"


class Reviews:
    """Turns rows of reviews into values. `scale` is the site's setting `ratings`, 0 when scores are off or unknown."""

    def __init__(self, texts: Texts, people: People, scale: int) -> None:
        self._texts = texts
        self._people = people
        self._scale = scale

    def read(self, row: Row, positions: Mapping[int, int]) -> Review:
        """One review; `positions` gives the place of each chapter that is in the story."""
        body, answer = self._split(self._texts.text(row["review"]), answered=(integer(row["respond"]) or 0) > 0)
        score = self._score(integer(row["rating"]))
        name = self._texts.person(row["reviewer"])
        return Review(
            name=(name if name != "0" else "") or self._people.penname(row["uid"]) or "Anonymous",
            body=NO_PROSE if body.strip() == _NO_WORDS else as_prose(body),
            posted=moment(row["date"]),
            chapter=positions.get(row["chapid"], 0),
            score=score,
            scale=_SCALES.get(self._scale, "") if score is not None else "",
            response=as_prose(answer),
            key=str(row["reviewid"]),
            reviewer_key=str(row["uid"]) if row["uid"] > 0 else "",
        )

    def _score(self, number: int | None) -> int | None:
        """-1 is "none". So is 0, except where 0 means "dislike"."""
        if number is None or number < 0 or (number == 0 and self._scale in {0, _STARS}):
            return None
        return number

    def _split(self, text: str, *, answered: bool) -> tuple[str, str]:
        """(the reader's words, the author's answers). The label is trusted less where the row says "not answered"."""
        found = [match for match in _ANSWER.finditer(text) if answered or _LABELS.search(match[1])]
        if not found:
            return text, ""
        return text[: found[0].start()] + text[found[-1].end() :], "<br /><br />".join(match[2] for match in found)
