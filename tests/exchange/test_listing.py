"""What an import found is listed on disk: in order, by place, and named as it always was."""

from __future__ import annotations

import hashlib
import os
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as some

from undying.exchange.listing import AT_A_TIME, Found, Listing
from undying.exchange.survey import survey

if TYPE_CHECKING:
    import pytest

ROOT = Path("/brought")
STRANGE = "caf\udce9\nof \U0001f56f.txt"
"""A byte that is no UTF-8, a line break, a candle."""


def found(name: str) -> Found:
    return Found(path=ROOT / name, root=ROOT, digest=hashlib.sha256(os.fsencode(name)).hexdigest(), looks=(3, 9))


def test_files_stand_in_the_order_in_which_they_were_found(tmp_path: Path) -> None:
    listing = Listing(tmp_path)
    files = [found(name) for name in ("zoe/2.txt", STRANGE, *(f"{n}.txt" for n in range(AT_A_TIME * 2)))]
    for each in files:
        listing.add(each)
    listing.add(found("aside.txt"), aside=True)
    assert list(listing) == files
    assert len(listing) == len(files)
    assert list(listing.everywhere()) == [*files, found("aside.txt")]
    assert listing.at(ROOT / STRANGE) == files[1]
    assert listing.at(ROOT / "none.txt") is None
    assert listing.size() == 3 * (len(files) + 1)


def test_files_may_be_claimed_while_they_are_looked_through(tmp_path: Path) -> None:
    listing = Listing(tmp_path)
    for number in range(AT_A_TIME * 2 + 1):
        listing.add(found(f"{number}.txt"))
    looked = 0
    for each in listing:
        looked += 1
        assert not listing.is_claimed(each.path)
        listing.claim(each.path)
        assert listing.is_claimed(each.path)
    assert looked == AT_A_TIME * 2 + 1


def test_only_those_aside_that_were_claimed_count(tmp_path: Path) -> None:
    listing = Listing(tmp_path)
    for name in ("1.txt", "2.txt"):
        listing.add(found(name), aside=True)
    listing.claim(ROOT / "2.txt")
    assert list(listing) == []
    assert list(listing.claimed_aside()) == [found("2.txt")]


def test_what_a_pack_held_is_forgotten_with_it(tmp_path: Path) -> None:
    listing = Listing(tmp_path)
    listing.add(found("before.txt"))
    place = listing.place()
    listing.add(found("trap/1.txt"))
    listing.forget_since(place)
    listing.add(found("after.txt"))
    assert [each.key for each in listing] == ["before.txt", "after.txt"]


def test_a_path_is_seen_for_the_first_time_once(tmp_path: Path) -> None:
    listing = Listing(tmp_path)
    assert [listing.see(ROOT / name) for name in ("a", "b", "a")] == [True, True, False]
    assert (listing.was_seen(ROOT / "b"), listing.was_seen(ROOT / "c")) == (True, False)


@given(some.lists(some.text(some.characters(exclude_categories=["Cs"]))))
def test_lines_are_sorted_as_python_sorts_them(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    listing = Listing(tmp_path_factory.mktemp("listing"))
    for _time in range(2):
        assert [line.decode() for line in listing.in_order(lines)] == sorted(lines)


def test_the_name_of_an_import_is_what_it_always_was(tmp_path: Path) -> None:
    """Batches are known by it: an archive that was brought in by an earlier release must not come in a second time."""
    source, scratch = tmp_path / "source", tmp_path / "scratch"
    for folder in (source / "zoé", scratch):
        folder.mkdir(parents=True)
    (source / "zoé" / "1.txt").write_text("Rain.")
    (source / "b.txt").write_text("Wind.")
    (source / ".hidden").write_text("Fog.")
    (source / "link").symlink_to("b.txt")
    lines = (
        f"./.hidden\0kept raw\0{hashlib.sha256(b'Fog.').hexdigest()}",
        f"./b.txt\0{hashlib.sha256(b'Wind.').hexdigest()}",
        "./link\0refused\0",
        f"zoé/1.txt\0{hashlib.sha256(b'Rain.').hexdigest()}",
        "old.example", "", "with passwords",
    )  # fmt: skip
    expected = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert survey([source], scratch).digest("old.example", "", "with passwords") == expected


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    def taken(name: str, count: int) -> int:
        folder = tmp_path / name
        folder.mkdir()
        listing = Listing(folder)
        tracemalloc.start()
        for number in range(count):
            listing.see(ROOT / f"{number}.txt")
            listing.add(found(f"{number}.txt"))
        for each in listing:
            listing.claim(each.path)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return held

    assert taken("many", 4000) < taken("few", 1000) + 50_000
