"""What an archive knows of tags and of readers' numbers travels with its dumps, and is taken back with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exchange.test_keepsakes import dumped, take_in
from tests.keepsakes import SITE
from tests.manuscripts import make_manuscript
from undying.community import counting
from undying.exchange import knowledge, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchKeepsake
from undying.exchange.verify import verify
from undying.formats import Outcome
from undying.kernel import store
from undying.library import counters, tag_accounts, wrangling
from undying.library.actions import set_hidden
from undying.library.counters import Counter
from undying.library.models import Counters, Tag, TagReach, Work
from undying.library.tagging import tags_named
from undying.manuscript import Medium, Numbers, Source, TagAccount, Tagging, TagKind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

FANDOM = Tagging(kind=TagKind.FANDOM, name="Dracula")
LOWER = TagAccount(tag=Tagging(kind=TagKind.FANDOM, name="dracula"), canonical="Dracula")
DRACULA = TagAccount(tag=FANDOM, parents=("Gothic",), medium=Medium.BOOKS)
MINA = TagAccount(tag=Tagging(kind=TagKind.CHARACTER, name="Mina"), fandoms=("Dracula",))
READ = Numbers(source=Source(site=SITE, key="334"), hits=1204, kudos=7)
STORY = make_manuscript(source=Source(site=SITE, key="334"), taggings=(LOWER.tag,), extras=(("eFiction reads", "9"),))


def known() -> set[object]:
    return set(knowledge.all_told())


def numbers() -> list[tuple[int, int]]:
    return list(Counters.objects.filter(hits__gt=0).values_list("hits", "kudos"))


def test_a_dump_carries_the_graph_and_the_numbers_and_brings_them_back(tmp_path: Path):
    report = take_in(tmp_path / "one.jsonl", STORY, LOWER, DRACULA, MINA, READ)
    assert (report.adds_up, report.sum(Outcome.IMPORTED)) == (True, 6)
    assert known() == {LOWER, DRACULA, MINA, READ}
    first = dumped(tmp_path / "first.jsonl")

    undo.undo(Batch.objects.get())
    assert not known()
    assert not Tag.objects.exists()
    assert not TagReach.objects.exists()
    bring_in(Wish(paths=[tmp_path / "first.jsonl"]))

    assert dumped(tmp_path / "second.jsonl") == first
    assert numbers() == [(1204, 7)]
    assert set(TagReach.objects.values_list("tag__name", "reached__name")) == {
        ("dracula", "Dracula"),
        ("dracula", "Gothic"),
        ("Dracula", "Gothic"),
    }


def test_an_archive_of_which_nobody_has_decided_anything_dumps_stories_alone(tmp_path: Path):
    take_in(tmp_path / "one.jsonl", STORY)
    counting.drain_if_free()
    assert numbers() == [(9, 0)]
    assert dumped(tmp_path / "dump.jsonl").count(b"\n") == 1


def test_the_same_again_is_merged_and_a_rehearsal_says_so(tmp_path: Path):
    take_in(tmp_path / "one.jsonl", STORY, LOWER, DRACULA, READ)
    path = tmp_path / "again.jsonl"
    path.write_bytes(dumped(tmp_path / "dump.jsonl") + b"\n")
    counters.bump(Counter.HITS, {Work.objects.get().pk: 6})

    rehearsed = bring_in(Wish(paths=[path], dry_run=True))
    report = bring_in(Wish(paths=[path]))

    assert rehearsed.sum(Outcome.MERGED) == report.sum(Outcome.MERGED) == 4
    assert numbers() == [(1210, 7)]


def test_what_was_decided_here_stands_and_what_is_new_is_learnt(tmp_path: Path):
    tags_named([(TagKind.FANDOM, "dracula"), (TagKind.FANDOM, "Vampires")])
    wrangling.make_synonym(Tag.objects.get(name="dracula"), Tag.objects.get(name="Vampires"))
    report = take_in(tmp_path / "one.jsonl", STORY, LOWER, DRACULA)
    assert report.sum(Outcome.MERGED) == 1
    vampires = TagAccount(tag=LOWER.tag, canonical="Vampires")
    assert known() == {vampires, DRACULA}
    undo.undo(Batch.objects.get())
    assert known() == {vampires}


def test_what_somebody_decided_since_stays_when_the_import_is_taken_back(tmp_path: Path):
    take_in(tmp_path / "one.jsonl", LOWER, DRACULA, MINA)
    wrangling.set_medium(Tag.objects.get(name="Dracula"), Medium.MOVIES)
    undo.undo(Batch.objects.get())
    assert known() == {TagAccount(tag=FANDOM, parents=("Gothic",), medium=Medium.MOVIES)}


def test_readers_since_the_import_are_not_lost_when_it_is_taken_back(tmp_path: Path):
    take_in(tmp_path / "one.jsonl", STORY)
    take_in(tmp_path / "two.jsonl", READ)
    counters.bump(Counter.HITS, {Work.objects.get().pk: 6})
    undo.undo(Batch.objects.order_by("pk")[1])
    assert numbers() == [(15, 0)]


def test_a_ring_is_refused_alone_and_the_ledger_verifies(tmp_path: Path):
    ring = TagAccount(tag=Tagging(kind=TagKind.FANDOM, name="Gothic"), parents=("Dracula",))
    nowhere = Numbers(source=Source(site=SITE, key="404"), hits=3)
    report = take_in(tmp_path / "one.jsonl", STORY, LOWER, DRACULA, ring, nowhere)
    assert report.sum(Outcome.REFUSED) == 2
    reasons = " ".join(each.detail for each in report.reasons)
    assert "“Dracula” would be a part of itself, by way of “Gothic”" in reasons
    assert "work 404 of castle.example is not here" in reasons
    assert known() == {LOWER, DRACULA}
    wrong: list[str] = []
    verify(Batch.objects.get(), tell=wrong.append)
    assert wrong == []


def test_a_second_telling_in_one_batch_keeps_what_was_before(tmp_path: Path):
    fuller = TagAccount(tag=FANDOM, parents=("Gothic", "Novels"), medium=Medium.BOOKS)
    take_in(tmp_path / "one.jsonl", DRACULA, fuller)
    assert known() == {fuller}
    note = BatchKeepsake.objects.get()
    undo.undo(Batch.objects.get())
    assert not known()
    assert not store.path_of(note.before).exists()


def test_numbers_find_a_work_that_has_no_source_by_its_story(tmp_path: Path):
    take_in(tmp_path / "one.jsonl", make_manuscript(title="Open"), make_manuscript(title="Hidden"))
    for number, work in enumerate(Work.objects.order_by("title"), start=1):
        counters.bump(Counter.KUDOS, {work.pk: number})
    set_hidden(Work.objects.get(title="Hidden"), hidden=True)
    dumped(tmp_path / "dump.jsonl")
    Work.objects.all().delete()
    Batch.objects.all().delete()
    bring_in(Wish(paths=[tmp_path / "dump.jsonl"]))
    told = Counters.objects.filter(kudos__gt=0).values_list("work__title", "kudos")
    assert dict(told) == {"Hidden": 1, "Open": 2}


def test_a_tag_that_others_lean_on_here_is_no_synonym_of_another_archives(tmp_path: Path):
    tag_accounts.keep([DRACULA])
    gothic = TagAccount(tag=Tagging(kind=TagKind.FANDOM, name="Gothic"), canonical="Horror")
    take_in(tmp_path / "one.jsonl", gothic)
    assert known() == {DRACULA}
    undo.undo(Batch.objects.get())
    assert known() == {DRACULA}
