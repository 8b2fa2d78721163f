"""The files of an import put back as they lay, from what was kept of them, so that they can be read again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from undying.exchange.imports import Wish
from undying.exchange.naming import meant
from undying.kernel import store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from undying.exchange.meanings import Label, Tags
    from undying.exchange.models import Batch, Entry

AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A file whose bytes are not what they were: where its fate is told, and what is wrong."""

    container: str
    key: str
    original: str
    why: str


@dataclass
class Staged:
    """`wish` names the files as the import did, with its options; `checked` are the originals that were looked at."""

    wish: Wish
    lost: list[Lost] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)

    def with_words(self, repairs: frozenset[str], meanings: Mapping[Label, Tags]) -> Wish:
        """The wish with other words on rules and labels."""
        return replace(self.wish, repairs=repairs, meanings=meanings)


def stage(batch: Batch, scratch: Path) -> Staged:
    """Put the files of a batch under `scratch`, checked against their digests.

    What lay in a zip or another pack is not put back: reading unpacks it again. Raises StorageFull.
    """
    root = scratch / "originals"
    root.mkdir()
    staged = Staged(_wish(batch, root))
    for entry, path in _files(batch, root):
        staged.checked.add(entry.original)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            store.restore(entry.original, path)
        except store.Unwhole as error:
            staged.lost.append(Lost(container=entry.container, key=entry.key, original=entry.original, why=str(error)))
    _make_folders(staged.wish, root)
    return staged


def _wish(batch: Batch, root: Path) -> Wish:
    told = batch.wish
    paths = [root / meant(each) for each in told.get("paths", ["."])]
    folder = told.get("folder", "")
    return Wish(
        paths=paths,
        site=told.get("site", ""),
        stories=root / meant(folder) if folder else None,
        install=told.get("install", ""),
        repairs=frozenset(told.get("repairs", ())),
    )


def _make_folders(wish: Wish, root: Path) -> None:
    """What was named and has nothing left in it was a folder, or is a file that is lost: an empty folder harms none."""
    for path in (*wish.paths, *([wish.stories] if wish.stories else ())):
        if path.is_relative_to(root) and not path.exists():
            path.mkdir(parents=True)


def _files(batch: Batch, root: Path) -> Iterator[tuple[Entry, Path]]:
    """The files that lay there themselves, each with its place under `root`."""
    names = batch.wish.get("names", {})
    inside: dict[str, bool] = {}
    for entry in batch.entries.exclude(original="").order_by("pk").iterator(chunk_size=AT_A_TIME):
        container = entry.container
        if container not in inside:
            inside[container] = not container.endswith("/") or _is_in_a_file(batch, container)
        if not inside[container]:
            folder = meant(names.get(container, container))
            place = PurePosixPath(folder) / meant(names.get(entry.key, entry.key))
            if place.is_absolute() or ".." in place.parts:
                continue
            yield entry, root / place


def _is_in_a_file(batch: Batch, container: str) -> bool:
    """Whether a folder is the inside of a file that was unpacked."""
    parts = [] if container == "./" else container.removesuffix("/").split("/")
    return any(
        batch.entries.filter(container="/".join([*parts[:at], ""]) if at else "./", key=part)
        .exclude(original="")
        .exists()
        for at, part in enumerate(parts)
    )
