"""What members answered to the site's own questions: custom fields since 3.0, columns of their own before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats.efiction.tables import integer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.desk import Desk

MAIL = re.compile(r"(?<![^\s,;:<>()\"'@])[^\s,;:<>()\"'@]+@[\w-]+(?:\.[\w-]+)+")
"""An address for mail, wherever in a text."""
_ADDRESS = re.compile(r"https?://[^\s/]+\.\S+\Z", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?\Z")
_YES_OR_NO, _PATTERN = 3, 4
_ANSWERS = {"1": "Yes", "0": "No"}
# 2.0 keeps these with the member; 3.0 turned them into fields with these titles.
_OLD_QUESTIONS = {"aol": "AIM", "yahoo": "Yahoo IM", "icq": "ICQ", "msn": "MSN IM", "betareader": "Beta-reader"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `why` says why it is not told; `is_website` that it is the address of her own pages."""

    label: str
    text: str = ""
    why: str = ""
    is_website: bool = False


class Answers:
    """Reads answers. What code of the site made of an answer (type 5) is not known: what the code was given is told."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._questions = {row["field_id"]: row for row in desk.spool.stream("SELECT * FROM authorfields ORDER BY n")}

    def of(self, uid: int) -> Iterator[tuple[Row, Answer]]:
        """The member's answers in the order of the questions, each with its row."""
        for row in self._desk.spool.rows("SELECT * FROM authorinfo WHERE uid = ? ORDER BY field, n", uid):
            yield row, self._answer(row)

    def _answer(self, row: Row) -> Answer:
        question, texts = self._questions.get(row["field"]), self._desk.texts
        if question is None:
            return Answer("", why=f"what the site asked under the number {row['field']} is not in the dump")
        name, text = texts.plain(question["field_name"]), texts.plain(row["info"])
        label = texts.plain(question["field_title"]) or name
        if integer(question["field_on"]) == 0:
            return Answer(label, why=f"the site had taken the question “{label}” off its pages")
        if name.casefold() == "website":
            address = web_address(text)
            return Answer(label, address, "" if address else "it is no address of a web page", is_website=True)
        return _told(label, self._shown(question, text))

    def _shown(self, question: Row, text: str) -> str:
        if question["field_type"] == _YES_OR_NO:
            return _ANSWERS.get(text, text)
        pattern = self._desk.texts.plain(question["field_options"])
        if text and question["field_type"] == _PATTERN and "{info}" in pattern and not _ADDRESS.match(text):
            return pattern.replace("{info}", text)
        return text

    def old(self, row: Row) -> list[Answer]:
        """What a member's own row answers before 3.0."""
        found = [(label, self._desk.texts.plain(row[column])) for column, label in _OLD_QUESTIONS.items()]
        return [_told(label, _ANSWERS.get(text, text)) for label, text in found if text not in {"", "0"}]


def _told(label: str, text: str) -> Answer:
    if not text:
        return Answer(label, why="it is empty")
    if MAIL.search(text):
        return Answer(label, why=f"{label} is an address for mail, which no page shows")
    return Answer(label, text)


def web_address(text: str) -> str:
    """The address of a page on the web, or "": nothing that a reader should not be led to."""
    if _BARE_ADDRESS.match(text):
        text = f"http://{text}"
    return text if _ADDRESS.match(text) and not MAIL.search(text) else ""
