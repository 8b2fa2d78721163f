"""What a page may cost: queries that do not grow with its rows, and bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.makers import make_work
from tests.manuscripts import prose
from undying.manuscript import (
    Chapter,
    Credit,
    Placement,
    PlacementRelation,
    Review,
    SeriesPlace,
    Source,
    Tagging,
    TagKind,
)
from undying.web import links

WEB = Path(__file__).resolve().parents[2] / "undying" / "web"

# Every page: the most queries that a guest's costs. A member's costs two more: her session and her account.
MOST_QUERIES = {
    "front": 16,
    "fandoms": 1,
    "tag": 10,
    "series": 15,
    "author": 10,
    "account": 11,
    "work": 15,
    "whole": 14,
    "chapter": 15,
    "navigate": 9,
    "reviews": 10,
}
MOST_BYTES_OF_SCRIPT = 15_000
MOST_BYTES_OF_STYLE = 16_000  # as they travel: compressed
MOST_BYTES_OF_CARD = 5_000


def fill(count: int) -> dict[str, str]:
    """`count` works in one series by one author, the last with `count` chapters and reviews; pages' addresses."""
    work = None
    for number in range(1, count + 1):
        chapters = count if number == count else 1
        work = make_work(
            f"Night {number}",
            author="Mina",
            credits=(Credit(name="Mina", key="1"), Credit(name=f"Friend {number}")),
            chapters=tuple(
                Chapter(title=f"{n}", body=prose("<p>Rain.</p>"), credits=(Credit(name=f"Guest {n}"),))
                for n in range(chapters)
            ),
            taggings=(
                Tagging(kind=TagKind.FANDOM, name="Dracula"),
                *(Tagging(kind=TagKind.ADDITIONAL, name=f"Tag {n}") for n in range(number)),
            ),
            series=(SeriesPlace(title="Nights", position=number, key="1"),),
            placements=(Placement(relation=PlacementRelation.AFTER, part="3"),),
            reviews=tuple(Review(name="R", body=prose("<p>Yes.</p>"), chapter=1 + n % chapters) for n in range(count)),
            source=Source(site="budget.example", key=f"{count}-{number}"),
        )
    assert work is not None
    author = next(each.pseud for each in work.byline if each.pseud.name == "Mina")
    return {
        "front": "/",
        "fandoms": "/fandoms",
        "tag": links.of(work.tags(TagKind.FANDOM)[0]),
        "series": links.of(work.series_entries.get().series),
        "author": links.of(author),
        "account": links.account(author.handle),
        "work": links.of(work),
        "whole": links.work(work, whole=True),
        "chapter": links.of(work.chapters.get(position=2)),
        "navigate": links.navigate(work),
        "reviews": links.reviews(work),
    }


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_page_asks_more_often_for_twenty_rows_than_for_ten(home, db):
    ten = {name: cost(Client(), address) for name, address in fill(10).items()}
    twenty = {name: cost(Client(), address) for name, address in fill(20).items()}

    assert ten == twenty
    assert {name: asked for name, asked in twenty.items() if asked > MOST_QUERIES[name]} == {}


def test_a_member_costs_two_queries_more(home, cast):
    addresses = fill(3)
    member = Client()
    member.force_login(cast.rey, backend="allauth.account.auth_backends.AuthenticationBackend")

    for address in addresses.values():
        assert cost(member, address) == cost(Client(), address) + 2


def test_the_archives_own_scripts_stay_small():
    sizes = {path.name: path.stat().st_size for path in (WEB / "static" / "js").glob("*.js")}

    assert sum(sizes.values()) <= MOST_BYTES_OF_SCRIPT, sizes


def test_the_style_sheets_stay_small():
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in (WEB / "static" / "css").glob("*.css")}

    assert sum(sizes.values()) <= MOST_BYTES_OF_STYLE, sizes


@pytest.mark.parametrize("count", [20])
def test_twenty_cards_are_a_light_page(home, db, count):
    size = len(Client().get(fill(count)["author"]).content)

    assert size <= count * MOST_BYTES_OF_CARD
