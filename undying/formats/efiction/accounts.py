"""Series as things of their own: whose they are, who may add to them, what readers said of them as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Kept, Outcome
from undying.formats.efiction.tables import integer
from undying.manuscript import Openness, SeriesAccount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from sqlite3 import Row

    from undying.formats import Fate
    from undying.formats.efiction.desk import Desk

_OPENNESS = {0: Openness.CLOSED, 1: Openness.MODERATED, 2: Openness.OPEN}
# As a story's row names them: that is how labels are read. The texts of 2.0 stayed in `genres` and `warnings`.
_LABELS = (
    "SELECT 0 AS sid, NULL AS rid, classes, warnings AS wid, genres AS gid, catid, characters AS charid, challenges "
    "FROM series WHERE seriesid = ?"
)
_REVIEWS = "SELECT * FROM reviews WHERE item = ? AND upper(CAST(type AS TEXT)) = 'SE' ORDER BY reviewid"
_FIGURES = (
    ("eFiction stories", "numstories"),
    ("eFiction reviews", "reviews"),
    ("eFiction average score", "rating"),
)
_DEEPEST = 8


class Accounts:
    """Tells every series, also one whose stories are all lost. `skipped` holds the stories that were not imported."""

    def __init__(self, desk: Desk, skipped: Mapping[int, str]) -> None:
        self._desk = desk
        self._skipped = skipped

    def all(self) -> Iterator[Kept]:
        """Every series, in order of its number."""
        for row in self._desk.spool.stream("SELECT * FROM series ORDER BY seriesid"):
            yield self._account(row)

    def _account(self, row: Row) -> Kept:
        desk, number = self._desk, row["seriesid"]
        desk.texts.part = f"series {number}"
        members = desk.spool.rows("SELECT * FROM inseries WHERE seriesid = ? ORDER BY inorder, n", number)
        inside = [member for member in members if desk.series.is_member(member)]
        waiting = ", ".join(str(member["sid"]) for member in members if member["sid"] and member not in inside)
        reviews = desk.spool.rows(_REVIEWS, number)
        labels = desk.spool.row(_LABELS, number)
        tags = desk.tags.of(labels) if labels else None
        title = desk.texts.plain(row["title"]) or f"Series {number}"
        account = SeriesAccount(
            source=desk.site.source(str(number), f"viewseries.php?seriesid={number}"),
            title=title,
            summary=desk.texts.prose(row["summary"]),
            credits=(desk.people.credit(row["uid"]),) if row["uid"] else (),
            openness=_OPENNESS.get(integer(row["isopen"]) or 0, Openness.CLOSED),
            taggings=tags.taggings if tags else (),
            works=tuple(str(member["sid"]) for member in inside if member["sid"]),
            within=str(self._above(number) or ""),
            reviews=tuple(desk.reviews.read(review, {}) for review in reviews),
            extras=(*(tags.extras if tags else ()), *_figures(row), *_waiting(waiting)),
        )
        fates = [*desk.made_of("series", [row], Outcome.IMPORTED, f"series {number}")]
        fates += desk.made_of("reviews", reviews, Outcome.IMPORTED, f"review of series {number}")
        return Kept(keepsake=account, fates=(*fates, *self._of_members(inside)))

    def _of_members(self, inside: list[Row]) -> Iterator[Fate]:
        """The fates of memberships that no story told: of lost stories, and of series within the series."""
        desk = self._desk
        for member in inside:
            number, sid, part = member["seriesid"], member["sid"], member["subseriesid"]
            if sid and (sid in self._skipped or not desk.has("stories", "sid", sid)):
                detail = f"series {number} goes on listing story {sid}, which is lost"
            elif not sid and part and desk.has("series", "seriesid", part):
                detail = f"series {part} is a part of series {number}"
            else:
                continue
            yield from desk.made_of("inseries", [member], Outcome.MERGED, detail)

    def _above(self, number: int) -> int | None:
        """The series that this one is a part of: the first, where there are several. Where they go in circles, none."""
        first = above = self._parent(number)
        for _step in range(_DEEPEST):
            if above is None or above == number:
                break
            above = self._parent(above)
        return None if above == number else first

    def _parent(self, number: int) -> int | None:
        statement = "SELECT * FROM inseries WHERE subseriesid = ? AND sid = 0 ORDER BY n"
        for member in self._desk.spool.rows(statement, number):
            if self._desk.series.is_member(member) and self._desk.has("series", "seriesid", member["seriesid"]):
                return int(member["seriesid"])
        return None


def _figures(row: Row) -> Iterator[tuple[str, str]]:
    for label, column in _FIGURES:
        if number := integer(row[column]):
            yield label, str(number)


def _waiting(listed: str) -> Iterator[tuple[str, str]]:
    if listed:
        yield "eFiction stories waiting to be let in", listed
