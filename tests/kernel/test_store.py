"""The byte store: content-addressed, whole or absent."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os

import pytest

from undying.kernel import store
from undying.kernel.errors import StorageFull

LETTER = b"3 May. Bistritz. Left Munich at 8:35 P.M."


def test_bytes_come_back_by_their_digest(home):
    name = store.keep(LETTER)
    assert name == hashlib.sha256(LETTER).hexdigest()
    assert store.fetch(name) == LETTER


def test_a_kept_file_is_plain_gzip_that_any_tool_reads(home):
    name = store.keep(LETTER)
    assert gzip.decompress((home / "originals" / name[:2] / f"{name[2:]}.gz").read_bytes()) == LETTER


def test_the_same_bytes_are_kept_once_and_give_the_same_file(home, tmp_path):
    source = tmp_path / "letter.txt"
    source.write_bytes(LETTER)
    name = store.keep(LETTER)
    before = store.path_of(name).read_bytes()
    store.forget(name)
    assert store.keep_files([source]) == [name]
    assert store.keep(LETTER) == name
    assert store.path_of(name).read_bytes() == before
    assert sum(path.is_file() for path in (home / "originals").rglob("*")) == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_behind(home, monkeypatch, number):
    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="disk is full"):
        store.keep(LETTER)
    assert not any(path.is_file() for path in (home / "originals").rglob("*"))


def test_other_trouble_with_the_disk_is_not_called_a_full_one(home, monkeypatch):
    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        store.keep(LETTER)


def test_forgetting_twice_is_no_error(home):
    name = store.keep(LETTER)
    store.forget(name)
    store.forget(name)
    with pytest.raises(FileNotFoundError):
        store.fetch(name)
