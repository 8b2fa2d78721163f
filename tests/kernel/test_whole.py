"""A file appears whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from undying.kernel.errors import StorageFull
from undying.kernel.whole import written_whole


def refusing(*_args: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_it_takes_the_place_of_the_old_one_when_it_is_whole(tmp_path):
    path = tmp_path / "report.json"
    path.write_text("old")
    with written_whole(path) as file:
        file.write("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_one_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", refusing)
    with pytest.raises(StorageFull, match=r"report\.json could not be written"), written_whole(path) as file:
        file.write("new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_takes_it_as_it_comes():
    with pytest.raises(StorageFull, match="/dev/full"), written_whole(Path("/dev/full")) as file:
        file.write("new")
    with written_whole(Path("/dev/null")) as file:
        file.write("new")
    assert Path("/dev/null").is_char_device()
