"""What people decided about works outlives imports: neither undoing, importing again nor un-merging reverts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exchange.test_duplicates import text
from tests.makers import make_work, prose
from undying.exchange import claims, contacts, departures, duplicates, optouts
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.exchange.optouts import Person
from undying.exchange.pairs import Decision, Duplicate
from undying.exchange.private import Asked
from undying.exchange.undo import Overtaken, undo
from undying.formats import Contact as ContactTold
from undying.kernel import store
from undying.library.creators import give
from undying.library.models import Work
from undying.manuscript import Chapter, Credit, Review, Source
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
SITE = "whitby.example"
STORY = '+++\ntitle = "Night"\ncreators = {names}\nsource = {{site = "{site}", key = "1"}}\n+++\n{text}\n'
MINA = Person(email="mina@example.com")


def told(tmp_path: Path, words: str) -> Batch:
    """An import of Mina's and Lucy's story as it stood once; it says nothing of addresses."""
    file = tmp_path / f"{len(words)}.md"
    file.write_text(STORY.format(names='["Mina", "Lucy"]', site=SITE, text=words))
    return Batch.objects.get(pk=bring_in(Wish(paths=[file])).batch)


def reachable(batch: Batch, site: str = SITE, name: str = "Mina") -> None:
    credit = Pseud.objects.filter(name=name, site=site).first() or Credit(name=name)
    known = Credit(name=name, account=credit.account, key=credit.key)
    contacts.receive([ContactTold(site=site, credit=known, emails=(MINA.email,))], batch)


def byline(work: Work) -> list[str]:
    made = work.creatorships.filter(chapter=None).order_by("position")
    return list(made.values_list("pseud__name", flat=True))


def opt_out(_cast: Cast) -> None:
    """By her address alone: only the archive's own notes of what it did tell that this name is hers."""
    reachable(Batch.objects.latest("pk"))
    departures.opt_out(MINA, Asked.NOT_HERE, by="ari")
    departures.carry_out()


def orphan(_cast: Cast) -> None:
    claims.settle(Work.objects.get(), {Pseud.objects.get(name="Mina").pk}, claims.Choice.ORPHAN, by="ari")


def strike(_cast: Cast) -> None:
    claims.settle(Work.objects.get(), {Pseud.objects.get(name="Mina").pk}, claims.Choice.DELETE, by="ari")


def claim_and_leave(cast: Cast) -> None:
    """She took it into her account, and her account is no creator of it any more."""
    work, mina = Work.objects.get(), {Pseud.objects.get(name="Mina").pk}
    claims.settle(work, mina, claims.Choice.CLAIM, by="ari", user=cast.ada)
    work.creatorships.filter(pseud__user=cast.ada).delete()


DECISIONS = pytest.mark.parametrize("decide", [opt_out, orphan, strike, claim_and_leave])


@DECISIONS
def test_undoing_a_later_import_puts_no_name_back(tmp_path: Path, cast: Cast, decide: Callable[[Cast], None]) -> None:
    told(tmp_path, "It was late.")
    later = told(tmp_path, "It was late. The schooner came in.")
    decide(cast)
    before = byline(Work.objects.get())
    assert "Mina" not in before
    undo(later)
    assert byline(Work.objects.get()) == before


@DECISIONS
def test_importing_again_puts_no_name_back(tmp_path: Path, cast: Cast, decide: Callable[[Cast], None]) -> None:
    told(tmp_path, "It was late.")
    decide(cast)
    before = byline(Work.objects.get())
    fuller = tmp_path / "fuller.md"
    fuller.write_text(STORY.format(names='["Mina", "Lucy"]', site=SITE, text="It was late. The schooner came in."))
    rehearsed = bring_in(Wish(paths=[fuller], dry_run=True))
    done = bring_in(Wish(paths=[fuller]))
    assert (rehearsed.revised, done.revised) == (0, 0)
    assert byline(Work.objects.get()) == before


def test_undoing_puts_a_work_back_without_the_reviews_of_who_opted_out(tmp_path: Path) -> None:
    source = Source(site=SITE, key="1")
    reviews = (Review(name="Mina", body=prose("Brr.")), Review(name="Jack", body=prose("Quite.")))
    work = make_work("Night", author="Lucy", source=source, text="It was late.", reviews=reviews)
    file = tmp_path / "later.md"
    file.write_text(STORY.format(names='["Lucy"]', site=SITE, text="It was late. The schooner came in."))
    later = Batch.objects.get(pk=bring_in(Wish(paths=[file])).batch)
    departures.opt_out(Person(name="Mina"), Asked.NOT_HERE, by="ari")
    undo(later)
    assert Work.objects.get() == work
    assert "schooner" not in work.chapters.get().body
    assert list(work.reviews.values_list("name", flat=True)) == ["Jack"]


def copy(site: str, *names: str, reviews: tuple[Review, ...] = ()) -> Work:
    return make_work(
        "Night",
        chapters=(Chapter(body=prose(text(1)), key=site),),
        credits=tuple(Credit(name=name) for name in names),
        source=Source(site=site, key="1"),
        reviews=reviews,
    )


def merged(kept: Work) -> Duplicate:
    duplicates.look()
    duplicates.merge(Duplicate.objects.get(), keep=kept.pk, by="ari")
    return Duplicate.objects.get()


def kept_bytes(pair: Duplicate) -> list[bool]:
    return [store.path_of(name).exists() for name in (pair.before_kept, pair.before_gone)]


def test_a_merge_with_a_work_of_who_opted_out_cannot_bring_it_back() -> None:
    kept, _gone = copy("a.example", "Mina"), copy("b.example", "Mina")
    pair = merged(kept)
    assert kept_bytes(pair) == [True, True]
    departures.opt_out(Person(name="Mina", site="a.example"), Asked.NOT_HERE, by="ari")
    departures.carry_out()
    assert not Duplicate.objects.exists()
    assert kept_bytes(pair) == [False, False]
    with pytest.raises(Overtaken):
        duplicates.take_back(pair)
    assert not Work.objects.exists()


def test_a_work_that_went_into_anothers_is_let_go_of_when_its_author_opts_out_by_address() -> None:
    kept, _gone = copy("a.example", "Lucy"), copy("b.example", "Mina")
    reachable(Batch.objects.create(digest="d" * 64, label="Whitby"), site="b.example")
    pair = merged(kept)
    departures.opt_out(MINA, Asked.NOT_HERE, by="ari")
    departures.carry_out()
    assert not Duplicate.objects.exists()
    assert kept_bytes(pair) == [False, False]
    assert list(Work.objects.all()) == [kept]


def test_taking_a_merge_back_brings_back_no_work_of_who_is_known_as_opted_out() -> None:
    kept, _gone = copy("a.example", "Lucy"), copy("b.example", "Mina")
    pair = merged(kept)
    optouts.note(Person(name="Mina"), Asked.NOT_HERE)
    with pytest.raises(Overtaken, match="stands for good"):
        duplicates.take_back(pair)
    assert list(Work.objects.all()) == [kept]
    assert kept_bytes(pair) == [False, False]
    assert not Duplicate.objects.exists()


def test_taking_a_merge_back_leaves_out_the_one_name_and_her_reviews() -> None:
    hers = (Review(name="Mina", body=prose("Brr.")), Review(name="Jack", body=prose("Quite.")))
    kept, gone = copy("a.example", "Lucy", reviews=hers), copy("b.example", "Lucy", "Mina", reviews=hers)
    pair = merged(kept)
    departures.opt_out(Person(name="Mina"), Asked.NOT_HERE, by="ari")
    duplicates.take_back(pair)
    back = Work.objects.get(pk=gone.pk)
    assert byline(back) == ["Lucy"]
    assert [list(work.reviews.values_list("name", flat=True)) for work in (kept, back)] == [["Jack"], ["Jack"]]
    assert Duplicate.objects.get().decision == Decision.OPEN


def test_a_name_that_was_taken_off_the_kept_work_does_not_come_back_on_the_other() -> None:
    kept, gone = copy("a.example", "Lucy", "Mina"), copy("b.example", "Lucy", "Mina")
    pair = merged(kept)
    claims.settle(kept, {Pseud.objects.get(name="Mina").pk}, claims.Choice.ORPHAN, by="ari")
    duplicates.take_back(pair)
    assert byline(Work.objects.get(pk=gone.pk)) == ["Lucy"]
    assert "Mina" not in byline(kept)


def test_a_claim_of_the_kept_work_takes_no_name_off_the_other(cast: Cast) -> None:
    kept, gone = copy("a.example", "Mina"), copy("b.example", "Mina")
    pair = merged(kept)
    give(kept, {Pseud.objects.get(name="Mina").pk}, cast.ada)
    duplicates.take_back(pair)
    assert byline(Work.objects.get(pk=gone.pk)) == ["Mina"]
