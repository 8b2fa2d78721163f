"""Two works that stand side by side in every list that the archive has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.makers import make_work
from undying.community.models import Challenge as ChallengeRow
from undying.exchange import keepsakes
from undying.exchange.models import Batch
from undying.manuscript import Challenge, Credit, Favourite, FavouriteKind, SeriesPlace, Source, Status, TagKind
from undying.web import links

if TYPE_CHECKING:
    from undying.library.models import Work

SITE = "lists.example"
LUCY = Credit(name="Lucy", key="7")


def source(key: str) -> Source:
    """From the site that knew both."""
    return Source(site=SITE, key=key)


def a_work_in_every_list() -> tuple[Work, Work, list[str]]:
    """Both works, and the addresses of the lists in which they are, feeds of everybody's aside."""
    wanted, unwanted = (
        make_work(
            title,
            text="A lamp.",
            credits=(LUCY,),
            status=Status.COMPLETE,
            tags={TagKind.FANDOM: ["Carmilla"], TagKind.RATING: ["General Audiences"]},
            series=(SeriesPlace(title="Nights", position=place, key="s"),),
            source=source(title),
        )
        for place, title in enumerate(("Lanterns", "Garlands"), start=1)
    )
    batch = Batch.objects.create(digest=f"{7:064}", label="lists", is_open=True)
    keepsakes.receive(
        Challenge(source=source("c"), title="Call", challenger=LUCY, works=("Lanterns", "Garlands")), batch
    )
    for key in ("Lanterns", "Garlands"):
        keepsakes.receive(Favourite(source=source(f"f{key}"), member=LUCY, kind=FavouriteKind.WORK, target=key), batch)
    pseud = wanted.byline[0].pseud
    addresses = [
        "/",
        "/works",
        "/works?sort=title",
        "/works/search?q=lamp",
        "/works?with=fandom:Carmilla",
        "/tags/Carmilla",
        "/tags/Carmilla/works",
        links.of(pseud),
        links.account(pseud.handle),
        links.favourites(links.of(pseud)),
        links.of(wanted.series_entries.get().series),
        links.of(ChallengeRow.objects.get()),
    ]
    return wanted, unwanted, addresses
