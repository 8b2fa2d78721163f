"""What a page may cost: queries that do not grow with its rows, and bytes."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import viewer
from tests.makers import make_work
from tests.manuscripts import prose
from undying.community import excluding, saving
from undying.community.models import Challenge as ChallengeRow
from undying.community.models import NewsItem as NewsItemRow
from undying.community.models import SitePage as SitePageRow
from undying.exchange import keepsakes
from undying.exchange.models import Batch
from undying.library.models import SeriesAccount as SeriesAccountRow
from undying.manuscript import (
    Challenge,
    Chapter,
    Credit,
    Favourite,
    FavouriteKind,
    Keepsake,
    NewsItem,
    Placement,
    PlacementRelation,
    Profile,
    Review,
    SeriesAccount,
    SeriesPlace,
    SitePage,
    Source,
    Tagging,
    TagKind,
)
from undying.web import links

if TYPE_CHECKING:
    from undying.people.models import User

WEB = Path(__file__).resolve().parents[2] / "undying" / "web"

# Every page: the most queries that a guest's costs. A member's costs two more: her session and her account. Where works
# are listed or counted it is one more for what she wants left out, and one for what she did with those on the page.
MOST_QUERIES = {
    "front": 16,
    "fandoms": 3,
    "tag": 16,  # five of them for what stands in relation to it
    "search-help": 0,
    "series": 17,
    "author": 12,
    "account": 12,
    "work": 16,
    "whole": 15,
    "chapter": 16,
    "navigate": 10,
    "reviews": 11,
    "favourites": 13,
    "news": 2,
    "news-item": 2,
    "pages": 2,
    "page": 1,
    "challenges": 3,
    "challenge": 10,
    "series-reviews": 5,
}
MOST_BYTES_OF_SCRIPT = 17_500  # the filters keep what was ticked under the finger, and find other tags by typing
MOST_BYTES_OF_PASSKEYS = 3_000  # on the pages where somebody signs in, or makes one
MOST_BYTES_OF_STYLE = 18_000  # as they travel: compressed; a thousand for the rescue's desks, another for all filters
MOST_BYTES_OF_EDITOR = 32_000  # as they travel: the editor's own scripts, saving while typed, and the forms' sheet
MOST_BYTES_OF_FORMS = 11_000  # the same, of what helps with the forms of writing: tags, counting, order
MOST_BYTES_OF_PROSEMIRROR = 72_000  # the same, of what others wrote
MOST_BYTES_OF_CARD = 5_000
MOST_BYTES_OF_LIST = 60_000  # a page of a list with its style, as they travel


def fill_beside(count: int) -> dict[str, str]:
    """As many favourites of each kind, answers, comments, owners, news and texts; pages' addresses."""
    batch = Batch.objects.create(digest=f"{count:064}", label="budget", is_open=True)

    def kept(key: str) -> Source:
        return Source(site="budget.example", key=key)

    def keep(*values: Keepsake) -> None:
        for each in values:
            keepsakes.receive(each, batch)

    mina, works = Credit(name="Mina", key="1"), tuple(f"{count}-{number}" for number in range(1, count + 1))
    thread = tuple(Review(name="R", body=prose("<p>Yes.</p>"), key=f"{n}", answers=f"{n - 1}") for n in range(count))
    keep(
        Profile(source=kept(f"{count}"), member=mina, bio=prose("<p>Hm.</p>")),
        Challenge(source=kept(f"{count}"), title="Call", challenger=mina, works=works, series=("1",)),
        SeriesAccount(source=kept("1"), title="Nights", credits=(mina,), works=works, reviews=thread),
        NewsItem(source=kept(f"{count}"), title="N", body=prose("<p>N.</p>"), author=mina, comments=thread),
    )
    for number, work in enumerate(works):
        friend = Credit(name=f"Friend {number + 1}", key=f"f{count}-{number}")
        here = f"{count}-{number}"
        keep(
            SeriesAccount(source=kept(f"s{here}"), title="S", credits=(friend,)),
            NewsItem(source=kept(f"n{here}"), title="N", body=prose(""), author=friend),
            Challenge(source=kept(f"c{here}"), title="C", challenger=friend, works=(work,)),
            SitePage(source=kept(f"p{here}"), title="P", body=prose("<p>P.</p>")),
        )
        if number < count // 4:
            keep(
                Favourite(source=kept(f"fw{here}"), member=mina, kind=FavouriteKind.WORK, target=work),
                Favourite(source=kept(f"fs{here}"), member=mina, kind=FavouriteKind.SERIES, target=f"s{here}"),
                Favourite(source=kept(f"fc{here}"), member=mina, kind=FavouriteKind.CREATOR, target=friend.key),
            )
    news = NewsItemRow.objects.get(key=f"{count}")
    return {
        "favourites": links.favourites(links.of(news.author)),
        "news": links.NEWS,
        "news-item": links.of(news),
        "pages": links.PAGES,
        "page": links.of(SitePageRow.objects.latest("pk")),
        "challenges": links.CHALLENGES,
        "challenge": links.of(ChallengeRow.objects.get(key=f"{count}")),
        "series-reviews": links.series_reviews(SeriesAccountRow.objects.get(key="1").series),
    }


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
        "search-help": links.SEARCH_HELP,
        "tag": links.of(work.tags(TagKind.FANDOM)[0]),
        "series": links.of(work.series_entries.get().series),
        "author": links.of(author),
        "account": links.account(author.handle),
        "work": links.of(work),
        "whole": links.work(work, whole=True),
        "chapter": links.of(work.chapters.get(position=2)),
        "navigate": links.navigate(work),
        "reviews": links.reviews(work),
        **fill_beside(count),
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


LISTS = {"fandoms": 1, "tag": 3, "series": 2, "author": 3, "account": 3, "favourites": 2, "challenge": 2, "front": 3}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_member_costs_two_queries_more_and_a_few_where_works_are_listed(home, cast):
    addresses = fill(4)
    member = signed_in(cast.rey)
    more = {name: cost(member, address) - cost(Client(), address) for name, address in addresses.items()}

    assert more == {name: 2 + LISTS.get(name, 0) for name in addresses}


def test_a_member_with_exclusions_and_searches_costs_no_more_for_twenty_rows_than_for_ten(home, cast):
    member = signed_in(cast.rey)
    rey = viewer(cast.rey)
    saving.keep(rey, "Dracula", "q=rain")
    for number in range(3):
        excluding.exclude_work(rey, make_work(f"Unwanted {number}").pk)
    lists = ["/works", "/works/search?q=night", "/users/rey/exclusions", "/users/rey/searches"]
    ten = {name: cost(member, address) for name, address in [*fill(10).items(), *zip(lists, lists, strict=True)]}
    for number in range(3, 9):
        saving.keep(rey, f"Search {number}", "q=rain")
        excluding.exclude_work(rey, make_work(f"Unwanted {number}").pk)
    twenty = {name: cost(member, address) for name, address in [*fill(20).items(), *zip(lists, lists, strict=True)]}

    assert ten == twenty


def test_the_archives_own_scripts_stay_small():
    sizes = {path.name: path.stat().st_size for path in (WEB / "static" / "js").glob("*.js")}

    assert sum(sizes.values()) <= MOST_BYTES_OF_SCRIPT, sizes


def test_the_script_for_passkeys_stays_small():
    assert (WEB / "static" / "js" / "account" / "passkey.js").stat().st_size <= MOST_BYTES_OF_PASSKEYS


def test_the_style_sheets_stay_small():
    sizes = {path.name: compressed(path) for path in reading_sheets()}

    assert sum(sizes.values()) <= MOST_BYTES_OF_STYLE, sizes


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def reading_sheets() -> list[Path]:
    """What every page loads: all but the sheets of the editor and of the forms around it, which come with those."""
    return [path for path in (WEB / "static" / "css").glob("*.css") if path.name not in {"editor.css", "writing.css"}]


def test_the_editor_stays_small():
    sheets = [WEB / "static" / "css" / name for name in ("editor.css", "writing.css")]
    own = [*(WEB / "static" / "js" / "editor").glob("*.js"), *sheets]
    sizes = {path.name: compressed(path) for path in own}

    assert sum(sizes.values()) <= MOST_BYTES_OF_EDITOR, sizes
    helping = [path for name in ("naming", "writing") for path in (WEB / "static" / "js" / name).glob("*.js")]
    assert sum(map(compressed, helping)) <= MOST_BYTES_OF_FORMS
    assert compressed(WEB / "static" / "built" / "prosemirror.js") <= MOST_BYTES_OF_PROSEMIRROR


def test_a_page_of_a_list_and_its_style_are_light_together(home, db):
    fill(20)
    style = sum(map(compressed, reading_sheets()))
    for address in ("/works", "/works/search?q=rain"):
        page = gzip.compress(Client().get(address).content)
        assert len(page) + style <= MOST_BYTES_OF_LIST, (address, len(page), style)


@pytest.mark.parametrize("count", [20])
def test_twenty_cards_are_a_light_page(home, db, count):
    size = len(Client().get(fill(count)["author"]).content)

    assert size <= count * MOST_BYTES_OF_CARD
