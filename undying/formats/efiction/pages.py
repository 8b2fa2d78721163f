"""What the site itself said: its news, with what members said about them, and its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Fate, Kept, Outcome
from undying.formats.efiction.dates import moment_of
from undying.formats.efiction.schema import SITE_TEXTS
from undying.formats.efiction.tables import integer
from undying.manuscript import NewsItem, Review, SitePage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.desk import Desk

_TITLES = {
    "welcome": "Welcome",
    "rules": "Rules",
    "help": "Help",
    "tos": "Terms of service",
    "copyright": "Copyright",
    "printercopyright": "Copyright, for printing",
    "thankyou": "Letter to authors whose story was accepted",
    "nothankyou": "Letter to authors whose story was not accepted",
    "maintenance": "Closed for maintenance",
}


def news(desk: Desk) -> Iterator[Kept]:
    """Each piece of news with its comments, oldest first."""
    for row in desk.spool.stream("SELECT * FROM news ORDER BY nid"):
        desk.texts.part = f"news {row['nid']}"
        comments = desk.spool.rows("SELECT * FROM comments WHERE nid = ? ORDER BY cid", row["nid"])
        item = NewsItem(
            source=desk.site.source(str(row["nid"])),
            title=desk.texts.plain(row["title"]) or "Untitled",
            body=desk.texts.prose(row["story"]),
            author=desk.people.named(desk.texts.person(row["author"])),
            posted=moment_of(row, "time"),
            comments=tuple(_comment(desk, comment) for comment in comments),
        )
        fates = [*desk.made_of("news", [row], Outcome.IMPORTED, "news")]
        fates += desk.made_of("comments", comments, Outcome.IMPORTED, f"comment on news {row['nid']}")
        yield Kept(keepsake=item, fates=tuple(fates))


def _comment(desk: Desk, row: Row) -> Review:
    """Before 3.0 a comment holds its writer's name, later her number."""
    uid = integer(row["uid"]) or 0
    writer = desk.people.credit(uid) if uid else desk.people.named(desk.texts.person(row["uname"]))
    return Review(
        name=writer.name,
        body=desk.texts.prose(row["comment"]),
        posted=moment_of(row, "time"),
        key=str(row["cid"]),
        reviewer_key=writer.key,
    )


def pages(desk: Desk) -> Iterator[Kept | Fate]:
    """The site's texts, each under its name."""
    seen: set[str] = set()
    for row in desk.spool.stream("SELECT * FROM messages ORDER BY message_id"):
        desk.texts.part = f"page {row['message_id']}"
        text, name = desk.texts.prose(row["message_text"]), desk.texts.plain(row["message_name"])
        if not text:
            yield from desk.made_of("messages", [row], Outcome.KEPT_RAW, f"the page “{name}” is empty")
            continue
        key = name if name and name not in seen else f"{name}-{row['message_id']}".lstrip("-")
        seen.add(key)
        page = SitePage(
            source=desk.site.source(key, f"viewpage.php?page={name}" if name else ""),
            title=desk.texts.plain(row["message_title"]) or _TITLES.get(name, name) or "Untitled",
            body=text,
        )
        yield Kept(
            keepsake=page, fates=tuple(desk.made_of("messages", [row], Outcome.IMPORTED, f"the site's page “{key}”"))
        )


def oldest_pages(desk: Desk, row: Row) -> Iterator[Kept]:
    """The six texts in the settings of 1.1; the row's fate goes with the first of them."""
    desk.texts.part = "pages"
    texts = {name: desk.texts.prose(row[name]) for name in SITE_TEXTS}
    written = [name for name, text in texts.items() if text]
    detail = f"the site's pages: {', '.join(written)}"
    fates = tuple(desk.made_of("settings", [row], Outcome.IMPORTED, detail)) if written else ()
    for name in written:
        page = SitePage(source=desk.site.source(name), title=_TITLES[name], body=texts[name])
        yield Kept(keepsake=page, fates=fates if name == written[0] else ())
