"""The archive as one file that any Undying can read back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from undying.exchange import keepsakes
from undying.exchange.desk import at_the_desk
from undying.exchange.sameness import told
from undying.kernel.errors import Refused
from undying.kernel.whole import written_whole
from undying.library.models import Work
from undying.manuscript import State
from undying.manuscript.codec import keepsake_to_json, to_json
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from undying.manuscript import Manuscript


class NoSuchFolder(Refused):
    """The dump has nowhere to go."""


def _told(number: int) -> Manuscript:
    """A work that a moderator took out of sight leaves as a draft: no archive that reads the dump may show it."""
    work = Work.objects.get(pk=number)
    manuscript = told(work)
    return replace(manuscript, state=State.DRAFT) if work.is_hidden else manuscript


def dump(path: Path, *, tick: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Write every work, drafts and all, and then every keepsake, one a line, in the order of their sources; how many
    works.

    The file appears whole or not at all. It holds no ids or times of this machine: dumps of equal archives are equal.
    No import or undoing runs beside it. Raises NoSuchFolder, StorageFull, and Busy while one is under way.
    """
    if not path.parent.is_dir():
        raise NoSuchFolder(f"There is no folder {path.parent} to write the dump into. Make it, or name another.")
    with at_the_desk():
        return _dump(path, tick)


def _dump(path: Path, tick: Callable[[int, int], None]) -> int:
    works = Work.objects.visible_to(Viewer.operator())
    order = sorted(works.values_list("site", "key", "title", "fingerprint", "pk"))
    with written_whole(path) as file:
        for done, (*_, number) in enumerate(order, start=1):
            file.write(to_json(_told(number)))
            file.write("\n")
            tick(done, len(order))
        file.writelines(f"{keepsake_to_json(each)}\n" for each in keepsakes.all_told())
    return len(order)
