"""Writing a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, TextIO

from undying.kernel import store
from undying.kernel.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def written_whole(path: Path, *, encoding: str = "utf-8", newline: str = "\n") -> Iterator[TextIO]:
    """A text file, in place of the one of that name once all of it is on the disk; a pipe or terminal takes it as it
    comes. Raises StorageFull.
    """
    is_there = path.exists() and not path.is_file()
    place = path if is_there else path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with place.open("w", encoding=encoding, newline=newline) as file:
            yield file
            file.flush()
            if not is_there:
                os.fsync(file.fileno())
        if not is_there:
            place.replace(path)
    except OSError as error:
        if store.is_full(error):
            raise StorageFull(str(path)) from error
        raise
    finally:
        if not is_there:
            with contextlib.suppress(OSError):
                place.unlink(missing_ok=True)
