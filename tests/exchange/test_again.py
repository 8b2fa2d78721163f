"""Reading an import again: the difference is shown, then taken over; it can be gone back from; nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.test_duplicates import text
from tests.exchange.test_imports import dumped
from tests.exchange.test_verify import STORY, generated, imported, verified
from tests.formats.efiction_archive import small
from undying.exchange import again, duplicates, meanings, undo
from undying.exchange.models import Batch, Entry, Reread
from undying.exchange.pairs import Duplicate
from undying.exchange.sameness import told
from undying.formats import Outcome
from undying.kernel import store
from undying.library.actions import accession, withdraw
from undying.library.models import Work
from undying.manuscript import Tagging, TagKind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
RULE = "efiction-entities"


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Two stories with eFiction's own damage, which only a human can tell from what was typed, and one without."""
    archive = small().story(1, "r20;They rode on,r21; said Mina. It wasnr17;t late.", summary="Itr17;s night.")
    archive.story(2, "The couldnr17;t see the sea.").story(3, "All was well.")
    archive.add("reviews", reviewid=5, item=2, chapid=20, reviewer="Lucy", review="Brr.", type="ST")
    archive.write(tmp_path_of(tmp_path))
    return imported(tmp_path_of(tmp_path))


def tmp_path_of(tmp_path: Path) -> Path:
    folder = tmp_path / "backup"
    folder.mkdir(exist_ok=True)
    return folder


def everything(tmp_path: Path) -> tuple[str, list[object], list[object]]:
    entries = Entry.objects.order_by("pk").values_list("container", "key", "outcome", "detail", "work", "at", "size")
    numbers = Work.objects.order_by("pk").values_list("pk", "title", "words", "audience", "published", "revised")
    return dumped(tmp_path), list(entries), list(numbers)


@pytest.mark.parametrize("accept", [False, True])
def test_reading_again_without_changes_changes_nothing(batch: Batch, tmp_path: Path, accept: bool) -> None:
    before = everything(tmp_path)
    reread = again.read_again(batch, accept=accept)
    assert (reread.changed, reread.created, reread.fates, reread.left) == (0, 0, 0, [])
    assert everything(tmp_path) == before


@pytest.mark.parametrize("seed", range(6))
def test_any_archive_read_again_is_the_same(tmp_path: Path, seed: int) -> None:
    generated(seed, tmp_path / "backup")
    batch = imported(tmp_path / "backup")
    before = everything(tmp_path)
    reread = again.read_again(batch, accept=True)
    assert (reread.changed, reread.created, reread.fates, reread.left) == (0, 0, 0, [])
    assert everything(tmp_path) == before
    assert verified(batch)[1] == []


def test_what_a_rule_would_change_is_shown_and_nothing_is_written(batch: Batch, tmp_path: Path) -> None:
    before = everything(tmp_path)
    reread = again.read_again(batch, repairs=[RULE])
    assert (reread.changed, reread.is_accepted) == (2, False)
    assert reread.fields == {"chapter text": 2, "summary": 1}
    first = next(each for each in reread.examples if each["title"] == "Story 1")
    passages = {where: (old, new) for where, old, new in first["passages"]}
    assert "wasnr17;t" in passages["chapter 1"][0]
    assert "wasn’t" in passages["chapter 1"][1]
    assert everything(tmp_path) == before
    again.read_again(batch, repairs=[RULE])
    assert Reread.objects.count() == 1


def test_a_rule_and_back_again_is_byte_for_byte_what_it_was(batch: Batch, tmp_path: Path) -> None:
    before = everything(tmp_path)
    numbers = list(Work.objects.order_by("pk").values_list("pk", "chapters__pk"))
    again.read_again(batch, repairs=[RULE], accept=True)
    mended = everything(tmp_path)
    assert "wasn’t late" in mended[0]
    assert "Brr." in mended[0]
    assert numbers == list(Work.objects.order_by("pk").values_list("pk", "chapters__pk"))
    twice = again.read_again(batch, accept=True)
    assert (twice.changed, twice.repairs) == (0, [RULE])
    assert everything(tmp_path) == mended
    assert verified(batch)[1] == []
    again.read_again(batch, repairs=[], accept=True)
    assert everything(tmp_path) == before


def test_undoing_after_it_still_takes_back_all(batch: Batch, home: Path) -> None:
    again.read_again(batch, repairs=[RULE], accept=True)
    undo.undo(batch)
    assert not Work.objects.exists()
    assert not Reread.objects.exists()
    assert not [path for path in (home / "originals").rglob("*.gz") if path.is_file()]


def test_what_was_changed_by_hand_or_withdrawn_stays_and_is_named(batch: Batch, tmp_path: Path) -> None:
    edited = Work.objects.get(title="Story 1")
    accession(replace(told(edited), title="Story 1, by hand"))
    withdraw(Work.objects.get(title="Story 2"))
    before = everything(tmp_path)
    reread = again.read_again(batch, repairs=[RULE], accept=True)
    assert reread.changed == 0
    assert [(each["work"], each["title"]) for each in reread.left] == [(edited.pk, "Story 1, by hand")]
    assert everything(tmp_path) == before


def test_one_that_is_cut_off_goes_on(batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    original = again.receive_reviews
    calls: list[int] = []

    def second(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        original(*arguments)

    monkeypatch.setattr(again, "receive_reviews", second)
    with pytest.raises(Killed):
        again.read_again(batch, repairs=[RULE], accept=True)
    monkeypatch.undo()
    assert again.read_again(batch, repairs=[RULE], accept=True).changed == 1
    assert dumped(tmp_path).count("r17;") == 0
    assert verified(batch)[1] == []


def test_what_a_better_reader_takes_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_of(tmp_path)
    (folder / "one.md").write_text(STORY.format("One"))
    (folder / "two.md").write_text(STORY.format("Two"))
    with monkeypatch.context() as patch:
        patch.setattr("undying.exchange.imports.is_not_a_story", lambda path: "not now" * (path.name == "two.md"))
        batch = imported(folder)
    assert Work.objects.count() == 1
    compared = again.read_again(batch)
    assert (compared.created, Work.objects.count()) == (1, 1)
    again.read_again(batch, accept=True)
    assert Work.objects.count() == 2
    entry = batch.entries.get(key="two.md")
    assert (entry.outcome, entry.work.title) == (Outcome.IMPORTED, "Two")
    assert batch.works.count() == 2
    assert verified(batch)[1] == []


def test_the_fuller_of_two_copies_stays(tmp_path: Path) -> None:
    folder = tmp_path_of(tmp_path)
    (folder / "a.md").write_text(STORY.format("One"))
    (folder / "b.md").write_text(STORY.format("One") + "\nAnd the wind rose, and it rained on.\n")
    batch = imported(folder)
    before = everything(tmp_path)
    assert again.read_again(batch, accept=True).changed == 0
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kept", ["a", "b"])
def test_what_was_merged_stays_one_with_the_reviews_of_both(tmp_path: Path, kept: str) -> None:
    archive = small()
    for sid, reader in ((1, "Lucy"), (2, "Jack")):
        archive.story(sid, f"{text(1)} Itr17;s late.", title="Night")
        archive.add("reviews", reviewid=sid, item=sid, chapid=sid * 10, reviewer=reader, review="Brr.", type="ST")
    archive.write(tmp_path_of(tmp_path))
    batch = imported(tmp_path_of(tmp_path))
    duplicates.look()
    duplicates.merge(Duplicate.objects.get(), keep=Work.objects.get(key="1" if kept == "a" else "2").pk, by="ari")
    before = everything(tmp_path)
    reread = again.read_again(batch, repairs=[RULE], accept=True)
    assert (reread.changed, reread.created) == (0, 0)
    assert everything(tmp_path) == before
    assert set(Work.objects.get().reviews.values_list("name", flat=True)) == {"Lucy", "Jack"}


def test_without_its_originals_nothing_is_read_again(batch: Batch, tmp_path: Path) -> None:
    before = everything(tmp_path)
    store.forget(batch.counts.exclude(original="")[0].original)
    with pytest.raises(again.Lacking, match=r"dump\.sql"):
        again.read_again(batch, repairs=[RULE], accept=True)
    assert everything(tmp_path) == before


def test_what_the_archivist_said_about_labels_comes_true(batch: Batch, tmp_path: Path) -> None:
    label = batch.meanings.get(name="Dracula")
    meanings.decide(batch, {label.pk: (Tagging(kind=TagKind.RELATIONSHIP, name="Mina/Jonathan"),)})
    assert again.read_again(batch).fields == {"tags": 3}
    again.read_again(batch, accept=True)
    work = Work.objects.with_card().get(title="Story 1")
    assert [tag.name for tag in work.tags(TagKind.RELATIONSHIP)] == ["Mina/Jonathan"]
    assert again.read_again(batch, accept=True).changed == 0
