"""Every address of the archive, every way of asking for it, and what came back."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from django.urls import URLPattern, URLResolver, get_resolver, resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.test import Client

_LINK = re.compile(r'(?:href|src)="(/[^"]*)"')
FARTHEST = 60
"""Links that are followed from the pages that are named."""
PARTS = {"HX-Request": "true", "HX-Target": "results"}


@dataclass(frozen=True)
class Answer:
    """What came back. `text` is the body as somebody would read it: an EPUB with its members undone."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cookies: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body as text; a picture has none."""
        kind = dict(self.headers).get("Content-Type", "")
        if kind.startswith("image/"):
            return ""
        told = str(self.headers) + self.body.decode("utf-8", "replace")
        if kind == "application/epub+zip" and self.body:
            with zipfile.ZipFile(io.BytesIO(self.body)) as book:
                told += "".join(name + book.read(name).decode("utf-8", "replace") for name in book.namelist())
        return told


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """The name of every route that the archive has."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns)
        else:
            yield str(each.name)


def route_of(address: str) -> str:
    """The route that answers to an address."""
    return str(resolve(unquote(address.split("?", maxsplit=1)[0])).url_name)


def ask(client: Client, address: str, method: str = "get", **headers: str) -> Answer:
    """One request, which leaves no consent behind."""
    had = dict(client.cookies)
    response = getattr(client, method)(address, headers=headers)
    if "view_adult" not in had:
        client.cookies.pop("view_adult", None)
    told = {name: value for name, value in response.headers.items() if name != "Expires"}
    cookies = tuple(
        sorted(f"{name}={one.value if name != 'sessionid' else ''}" for name, one in response.cookies.items())
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return Answer(response.status_code, tuple(sorted(told.items())), body, cookies)


def ask_every_way(client: Client, address: str) -> list[Answer]:
    """As a browser, for its head, for the part that htmx wants, and as one who holds it already."""
    first = ask(client, address)
    again = {"If-None-Match": dict(first.headers).get("ETag", '"none"')}
    return [first, ask(client, address, "head"), ask(client, address, **PARTS), ask(client, address, **again)]


def links_in(answer: Answer) -> list[str]:
    """The addresses that a page leads to, in its order."""
    found = _LINK.findall(answer.body.decode("utf-8", "replace"))
    return [html.unescape(each).split("#")[0] for each in found if not each.startswith(("/static/", "//"))]


def crawl(client: Client, every_way: Iterable[str], once: Iterable[str]) -> dict[str, list[Answer]]:
    """These addresses asked every way, or once, and then what they lead to, up to FARTHEST."""
    seen = {address: ask_every_way(client, address) for address in dict.fromkeys(every_way)}
    seen.update({address: [ask(client, address)] for address in dict.fromkeys(once) if address not in seen})
    waiting = [link for answers in seen.values() for link in links_in(answers[0])]
    asked = 0
    while waiting and asked < FARTHEST:
        address = waiting.pop(0)
        if address not in seen:
            seen[address] = [ask(client, address)]
            waiting += links_in(seen[address][0])
            asked += 1
    return seen


PLAIN = (
    "/",
    "/works",
    "/works?page=2",
    "/works/search",
    "/works/tags?of=character&like=m",
    "/search/people",
    "/search/tags",
    "/search/series",
    "/search/help",
    "/fandoms",
    "/media",
    "/media/Books%20*a*%20Literature/fandoms",
    "/news",
    "/pages",
    "/challenges",
    "/tags/Dracula",
    "/tags/Dracula/works",
    "/works/feed.atom",
    "/tags/Dracula/works/feed.atom",
    "/feeds/nonsense.atom",
    "/works/12345/let-go",
    "/users/ada/leaving",
    "/users/ada/everything.zip",
    "/works/new",
    "/works/new/file",
    "/works/new/episodes?like=a&fandom=Dracula",
    "/works/new/tags?of=character&like=m&fandom=Dracula",
    "/works/autosave",
    "/works/pictures",
    f"/works/pictures/{'0' * 64}",
    "/users/rey/works/drafts/12345",
    "/works/12345/edit",
    "/works/12345/schedule",
    "/works/12345/link",
    "/by-link/abcdefghijklmnopqrstuvwxyz012345/works/12345",
    "/by-link/abcdefghijklmnopqrstuvwxyz012345/works",
    "/works/12345/chapters/12345/schedule",
    "/works/12345/creators",
    "/users/rey/asked",
    "/users/rey/blocks",
    "/users/rey/gifts",
    "/users/rey/pseuds/rey/gifts",
    "/works/12345/delete",
    "/works/12345/revisions",
    "/works/12345/revisions/1",
    "/works/12345/chapters/new",
    "/works/12345/chapters/manage",
    "/works/12345/chapters/12345/edit",
    "/works/12345/chapters/12345/split",
    "/works/12345/chapters/12345/delete",
    "/users/rey/works/drafts",
    "/users/rey/works/edit",
    "/users/rey/exclusions",
    "/users/rey/exclusions/works/12345",
    "/users/rey/searches",
    "/users/rey/searches/new",
    "/users/rey/searches/12345",
    "/users/rey/stats",
    "/users/rey/stats.csv",
    "/users/rey/stats/12345",
    "/users/rey/stats/12345.csv",
    "/users/rey/about",
    "/users/rey/preferences",
    "/users/rey/pen-names",
    "/users/rey/pen-names/12345",
    "/tags/Mina%20Harker/works",
    "/users/ada",
    "/users/ada/pseuds/ada",
    "/users/ada/works",
    "/users/ada/pseuds/ada/icon.jpg",
    "/users/ada/pseuds/ada/works",
    "/users/rey",
    "/join",
    "/join/unknown",
    "/terms",
    "/new-address/unknown",
    "/desk/invitations",
    "/desk/members",
    "/desk/members/rey",
    "/desk/invitations/1/take-back",
    "/users/rey/account/email",
    "/users/rey/account/sure",
    "/users/rey/account/browsers",
    "/users/rey/account/second-factor",
    "/users/rey/account/second-factor/app",
    "/users/rey/account/second-factor/passkey",
    "/users/rey/account/second-factor/codes",
    "/users/login/second",
    "/users/login/passkey",
    "/forgotten",
    "/forgotten/unknown",
    "/users/rey/account",
    "/users/rey/account/password",
    "/users/login",
    "/users/login?next=/works",
    "/users/logout",
    "/users/suspended",
    "/users/nobody",
    "/token_dispenser.json",
    "/theme.css",
    "/robots.txt",
    "/healthz",
    "/imports",
    "/claims",
    "/imports/duplicates",
    "/authors-to-find",
    "/authors-to-find/letters",
    "/authors-to-find/sever",
    "/opt-outs",
    "/rescue",
    "/rescue/messages",
    "/desk/settings",
    "/desk/first-works",
    "/nowhere",
    "/viewstory.php?sid=1",
    "/viewstory.php?sid=2&chapter=1",
    "/viewstory.php?sid=5&chapter=2",
    "/reviews.php?type=ST&item=1",
    "/viewuser.php?uid=1",
    "/viewseries.php?seriesid=1",
    "/works/12345",
)


def searches(markers: Mapping[str, str]) -> Iterator[str]:
    """The search for each marker, and for those told elsewhere too (and every seventh) in all the places."""
    for number, (label, word) in enumerate(markers.items()):
        yield f"/works/search?work_search%5Bquery%5D={quote(word)}"
        if label.endswith((" tag", " fandom", " pen name", " series")) or number % 7 == 0:
            yield f"/works/feed.atom?q={quote(word)}"
            yield f"/users/rey/exclusions?find={quote(word)}"
            yield f"/users/rey/searches/new?q={quote(word)}"
            yield from (f"/search/{kind}?q={quote(word)}" for kind in ("people", "tags", "series"))
        if label.endswith((" tag", " fandom")):
            yield f"/works/tags?of=additional&like={quote(word)}"
            yield f"/works/tags?of=fandom&like={quote(word)}"
            yield from (f"/works/new/tags?of={kind}&like={quote(word)}" for kind in ("additional", "fandom"))
            yield f"/works/new/tags?of=character&like=m&fandom={quote(word.capitalize())}"
            yield f"/works/search?work_search%5Bother_tag_names%5D={quote(word)}"
            yield f"/works/search?work_search%5Bexcluded_tag_names%5D={quote(word)}"
            yield f"/works?tag_id={quote(word.capitalize())}"
        if label.endswith(" pen name"):
            yield f"/works/search?work_search%5Bquery%5D=author%3A{quote(word)}"
        if label.endswith(" episode"):
            yield f"/works/search?work_search%5Bplacement_episode%5D={quote(word)}"
            yield f"/works/new/episodes?like={quote(word)}&fandom=Dracula"


FILTERS = tuple(
    f"/works/search?work_search%5B{name}%5D={value}"
    for name, value in (
        ("query", "lamp"),
        ("query", "-lamp"),
        ("query", "abbey+lamp"),
        ("language_id", "fr"),
        ("placement_part", "9"),
        ("words_from", "7"),
        ("words_to", "20"),
        ("crossover", "T"),
        ("crossover", "F"),
        ("complete", "F"),
        ("date_from", "2020-01-01"),
        *(
            ("sort_column", each)
            for each in ("revised_at", "created_at", "title_to_sort_on", "authors_to_sort_on", "word_count")
        ),
    )
)
