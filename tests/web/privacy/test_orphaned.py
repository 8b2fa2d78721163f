"""Who orphaned a work is in no answer: an archive where Ada did is, to everybody else, one where Rey did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from tests.cast import Cast, viewer
from tests.makers import prose
from tests.web.privacy.archive import stand_still
from tests.web.privacy.surfaces import PLAIN, crawl
from tests.web.privacy.test_non_interference import differences, first_difference
from undying.exchange import claims, leaving
from undying.exchange.private import Record
from undying.finding import engine, indexer
from undying.kernel.clock import now
from undying.library import writing
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import State, Tagging, TagKind
from undying.web import links

FIELDS = WorkFields(
    title="The Keeper's Daughter",
    taggings=(
        Tagging(kind=TagKind.RATING, name="General Audiences"),
        Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
    ),
    language="en",
)
SEARCHES = ("/works/search?q=keeper", "/works/search?q=by%3Aada", "/search/people?q=ada", "/search/people?q=orphaned")


def orphaned(cast: Cast, who: str, *, is_final: bool) -> list[str]:
    """A work that she posted, changed and orphaned; its addresses."""
    user = getattr(cast, who)
    work = writing.start(viewer(user), FIELDS, ChapterFields(body=prose("A lamp.")), state=State.POSTED)
    writing.save_work(viewer(user), work, replace(FIELDS, title="The Keeper's Other Daughter"))
    leaving.orphan(user, work)
    if is_final:
        Record.objects.update(at=now() - claims.GRACE)
        claims.forget_old_names()
    indexer.drain_if_free()
    nobody = work.creatorships.get().pseud
    return [
        links.of(work),
        links.let_go(work),
        links.edit(work),
        links.download(work, "epub"),
        links.download(work, "html"),
        links.of(nobody),
        links.account("ada"),
        links.account("rey"),
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("who", "is_final"), [("guest", False), ("guest", True), ("ari", True)])
def test_who_orphaned_a_work_is_in_no_answer(cast, browser, monkeypatch, who, is_final):
    assert [cast.ada, cast.rey, cast.mo, cast.ari]
    client = browser(None if who == "guest" else getattr(cast, who))
    seen = []
    for author in ("ada", "rey"):
        engine._backend.cache_clear()
        stand_still(monkeypatch)
        point = transaction.savepoint()
        addresses = orphaned(cast, author, is_final=is_final)
        seen.append(crawl(client, (), [*PLAIN, *addresses, *SEARCHES]))
        transaction.savepoint_rollback(point)

    differ = differences(*seen)
    assert not differ, first_difference(differ[0], *seen)
