"""Members: what they told of themselves, for all to see; how they can be reached, for nobody to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.formats import Contact, Kept, Outcome, Remark
from undying.formats.efiction.answers import MAIL, Answers, web_address
from undying.formats.efiction.dates import moment_of
from undying.formats.efiction.tables import integer
from undying.manuscript import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats import Fate
    from undying.formats.efiction.answers import Answer
    from undying.formats.efiction.desk import Desk

_PICTURE = re.compile(r"[\w./ -]+\.(?:gif|jpe?g|png|bmp|webp)\Z", re.IGNORECASE)
_MD5 = re.compile(r"[0-9a-fA-F]{32}\Z")
_BCRYPT = re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}\Z")
_STAFF = range(1, 4)
_PREFERENCES = "what a member preferred on the old site's pages, and her standing there: trusted, staff, locked"


class Members:
    """Tells every member's profile, and how she can be reached."""

    def __init__(self, desk: Desk, *, with_passwords: bool) -> None:
        self._desk = desk
        self._answers = Answers(desk)
        self._wants_passwords = with_passwords
        self._with_passwords = with_passwords and self._staff_is_known()

    def _staff_is_known(self) -> bool:
        spool = self._desk.spool
        return bool(spool.count("authorprefs")) or spool.row("SELECT 1 FROM authors WHERE level <> ''") is not None

    def contacts(self) -> Iterator[Contact | Remark]:
        """How each member can be reached, before any story: who wants no part in this must be known by then."""
        if self._wants_passwords and not self._with_passwords:
            yield Remark(
                text="No password was taken over: the dump does not say who was staff, whose passwords must not be. "
                "Its table of preferences (authorprefs) is missing or empty.",
                grave=True,
            )
        for row in self._desk.spool.stream("SELECT uid, email, password, level FROM authors ORDER BY uid"):
            emails, password = self._emails(row), self._password(row)
            if emails or password:
                credit = self._desk.people.credit(row["uid"])
                yield Contact(site=self._desk.site.name, credit=credit, emails=emails, password=password)

    def _emails(self, row: Row) -> tuple[str, ...]:
        """Each address once, in order: some wrote two into the one field."""
        found = MAIL.findall(self._desk.texts.plain(row["email"]))
        return tuple({address.casefold(): address for address in reversed(found)}.values())[::-1]

    def _password(self, row: Row) -> str:
        """Her password as a hash of a kind that is known; staff's is never told."""
        prefs = self._preferences(row["uid"])
        ranks = {integer(row["level"]), integer(prefs["level"]) if prefs else None}
        if not self._with_passwords or ranks & set(_STAFF):
            return ""
        password = (row["password"] or b"").decode("ascii", "replace").strip()
        return password if _MD5.match(password) or _BCRYPT.match(password) else ""

    def _preferences(self, uid: int) -> Row | None:
        return self._desk.spool.row("SELECT * FROM authorprefs WHERE uid = ?", uid)

    def profiles(self) -> Iterator[Kept]:
        """Every member in order of her number, whether she wrote stories or not."""
        for row in self._desk.spool.stream("SELECT * FROM authors ORDER BY uid"):
            yield self._profile(row)

    def _profile(self, row: Row) -> Kept:
        desk, uid = self._desk, row["uid"]
        desk.texts.part = f"member {uid}"
        text, credit = desk.texts.plain, desk.people.credit(uid)
        answers, old = list(self._answers.of(uid)), self._answers.old(row)
        told = [answer for answer in (*old, *(answer for _row, answer in answers)) if not answer.why]
        websites = [web_address(text(row["website"])), *(answer.text for answer in told if answer.is_website)]
        profile = Profile(
            source=desk.site.source(str(uid), f"viewuser.php?uid={uid}"),
            member=credit,
            joined=moment_of(row, "date"),
            bio=desk.texts.prose(row["bio"]),
            website=next(filter(None, websites), ""),
            picture=self._picture(text(row["image"])),
            fields=tuple((answer.label, answer.text) for answer in told if not answer.is_website),
        )
        said = [f"profile of member {uid}", *(answer.why for answer in old if answer.why)]
        if integer(row["admincreated"]):
            said.append("made by the old site's staff for somebody else")
        detail = "; ".join([*said, "real name, address, password and standing stay in the row"])
        fates = [*desk.made_of("authors", [row], Outcome.IMPORTED, detail), *self._of_answers(answers, uid)]
        return Kept(keepsake=profile, fates=(*fates, *self._of_preferences(uid)))

    def _of_answers(self, answers: list[tuple[Row, Answer]], uid: int) -> Iterator[Fate]:
        for row, answer in answers:
            outcome = Outcome.KEPT_RAW if answer.why else Outcome.MERGED
            yield from self._desk.made_of("authorinfo", [row], outcome, answer.why or f"profile of member {uid}")

    def _of_preferences(self, uid: int) -> Iterator[Fate]:
        row = self._preferences(uid)
        if row is not None:
            yield from self._desk.made_of("authorprefs", [row], Outcome.KEPT_RAW, _PREFERENCES)

    def _picture(self, text: str) -> str:
        """The address of her picture: a whole one, or a file of the site."""
        base = self._desk.site.base
        return web_address(text) if "://" in text else base + text if base and _PICTURE.match(text) else ""
