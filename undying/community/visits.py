"""Who comes to read: noted by the web server, counted by the worker, once for each reader, work and day.

A page that is only read writes nothing to the database. A visit is a line in a file of its day in the data folder; who
came stands in it as a digest under a key of that day. Key, file and digests are thrown away with the day: nobody can
tell afterwards who read what, and no address is kept at any time.
"""

from __future__ import annotations

import contextlib
import fcntl
import secrets
from collections import Counter as Tally
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F

from undying.community.days import ChapterDay, Visit
from undying.kernel.clock import now
from undying.kernel.portions import in_portions
from undying.kernel.turns import Busy, turn
from undying.library import counters
from undying.library.counters import Counter
from undying.library.models import Chapter, Work
from undying.manuscript import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

AT_A_TIME = 5000
"""Lines of a file that are counted in one transaction."""
ALL = "all"
"""What stands in a line for every chapter of the work."""
_DIGEST = 8
_KEY = 32
_PARTS = 3
Coming = tuple[int, int]
"""To what (the id of a work or of a chapter), and which reader."""


def note(work: int, chapters: Iterable[int] | None, who: str) -> None:
    """That `who` reads these chapters of a work, or all of it (None). What cannot be written is not counted: a full
    disk must not cost anybody the page.
    """
    day = now().date()
    told = ALL if chapters is None else ",".join(map(str, chapters))
    with contextlib.suppress(OSError), _folder(fcntl.LOCK_SH) as folder:
        line = f"{work} {told} {_digest(_key(folder, day), who)}\n"
        with (folder / f"{day}.log").open("a", encoding="ascii") as file:
            file.write(line)


def count_if_free() -> int:
    """Count what was noted, unless another process is at it, and let go of the days before today; how many visits."""
    done = 0
    with contextlib.suppress(Busy), turn("visits", "Another process counts the visits."):
        for day, path in _taken():
            done += _count(day, path)
            path.unlink()
        _forget(now().date())
    return done


@contextlib.contextmanager
def _folder(how: int) -> Iterator[Path]:
    """The folder of the visits, held: whoever takes a file away waits until nobody is writing to it."""
    folder = settings.UNDYING.home / "visits"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, how)
        yield folder


@lru_cache(maxsize=2)
def _key(folder: Path, day: date) -> bytes:
    """The key of a day, made by whoever needs it first: a link to a whole file, so that no process reads half of it."""
    path = folder / f"{day}.key"
    if not path.exists():
        made = folder / f"{day}.{secrets.token_hex(4)}.made"
        made.touch(0o600)
        made.write_bytes(secrets.token_bytes(_KEY))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(made)
        made.unlink()
    return path.read_bytes()


def _digest(key: bytes, who: str) -> int:
    digest = blake2b(who.encode("utf-8", "surrogatepass"), key=key, digest_size=_DIGEST).digest()
    return int.from_bytes(digest, signed=True)


def _taken() -> list[tuple[date, Path]]:
    """The files to count, oldest first: what a killed worker had begun on, else what was written until now."""
    with _folder(fcntl.LOCK_EX) as folder:
        for log in folder.glob("*.log"):
            taken = log.with_suffix(".taken")
            if not taken.exists():
                log.rename(taken)
        return sorted((date.fromisoformat(path.stem), path) for path in folder.glob("*.taken"))


def _count(day: date, path: Path) -> int:
    done = 0
    with path.open(encoding="ascii", errors="replace") as file:
        while lines := list(islice(file, AT_A_TIME)):
            done += _count_some(day, [parsed for parsed in map(_parsed, lines) if parsed])
    return done


def _parsed(line: str) -> tuple[int, str, int] | None:
    """What a line says; None for half a line, which a machine that lost its power may leave."""
    parts = line.split(" ")
    if len(parts) != _PARTS or not line.endswith("\n"):
        return None
    try:
        return int(parts[0]), parts[1], int(parts[2])
    except ValueError:
        return None


@transaction.atomic
def _count_some(day: date, lines: list[tuple[int, str, int]]) -> int:
    """Counting a line again adds nothing: so a worker that was killed can begin its file anew."""
    works = _posted_works({work for work, _, _ in lines})
    chapters = _posted_chapters(works)
    comings = {(work, reader) for work, _, reader in lines if work in works}
    for work, told, reader in lines:
        comings |= {(chapter, reader) for chapter in _meant(told, chapters.get(work, ()))}
    new = _new(day, sorted(comings))
    tally = Tally(thing for thing, _ in new)
    hits = {thing: number for thing, number in tally.items() if thing in works}
    counters.bump(Counter.HITS, hits)
    _count_chapters(day, {thing: number for thing, number in tally.items() if thing not in works})
    return sum(hits.values())


def _posted_works(asked: set[int]) -> set[int]:
    found: set[int] = set()
    for some in in_portions(sorted(asked)):
        shown = Work.objects.filter(pk__in=some, state=State.POSTED, is_hidden=False)
        found.update(shown.values_list("pk", flat=True))
    return found


def _posted_chapters(works: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for some in in_portions(sorted(works)):
        posted = Chapter.objects.filter(work__in=some, state=State.POSTED)
        for work, chapter in posted.values_list("work_id", "pk"):
            found.setdefault(work, []).append(chapter)
    return found


def _meant(told: str, posted: Iterable[int]) -> set[int]:
    return set(posted) if told == ALL else {each for each in posted if str(each) in told.split(",")}


def _new(day: date, comings: list[Coming]) -> list[Coming]:
    """Those of which nobody knew, who from now on are known."""
    new: list[Coming] = []
    for some in in_portions(comings):
        known = set(
            Visit.objects.filter(day=day, thing__in={thing for thing, _ in some}).values_list("thing", "reader")
        )
        new += [each for each in some if each not in known]
    Visit.objects.bulk_create([Visit(day=day, thing=thing, reader=reader) for thing, reader in new], batch_size=500)
    return new


def _count_chapters(day: date, hits: dict[int, int]) -> None:
    for some in in_portions(sorted(hits)):
        rows = [ChapterDay(chapter_id=each, day=day) for each in some]
        ChapterDay.objects.bulk_create(rows, ignore_conflicts=True)
        for number in {hits[each] for each in some}:
            alike = [each for each in some if hits[each] == number]
            ChapterDay.objects.filter(day=day, chapter__in=alike).update(hits=F("hits") + number)


def _forget(today: date) -> None:
    Visit.objects.filter(day__lt=today).delete()
    with _folder(fcntl.LOCK_EX) as folder:
        for key in folder.glob("*.key"):
            if date.fromisoformat(key.stem) < today and not key.with_suffix(".log").exists():
                key.unlink()
