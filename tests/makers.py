"""Plain functions that put things into the archive the way the archive does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from tests.manuscripts import make_manuscript
from undying.community.actions import receive_reviews
from undying.finding import indexer
from undying.library.actions import accession
from undying.library.models import Creatorship, Work
from undying.manuscript import Audience, Chapter, Credit, Manuscript, Prose, RawHtml, Source, State, Tagging, TagKind
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from undying.people.models import User

_numbers = itertools.count(1)


def prose(text: str) -> Prose:
    """A paragraph."""
    return clean(RawHtml(f"<p>{text}</p>"))


def make_work(
    title: str = "The Lamp in the Abbey",
    *,
    text: str = "Rain came in from the sea.",
    chapters: int | tuple[Chapter, ...] = 1,
    tags: dict[TagKind, list[str]] | None = None,
    author: str = "quiet_tide",
    owner: User | None = None,
    hidden: bool = False,
    audience: Audience = Audience.EVERYONE,
    state: State = State.POSTED,
    **changes: Any,
) -> Work:
    """A work in the library. `owner`: its first creator is that account's pseud. The rest are a manuscript's fields."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "title": title,
        "chapters": numbered(text, chapters) if isinstance(chapters, int) else chapters,
        "credits": (Credit(name=author),),
        "taggings": tuple(Tagging(kind=kind, name=name) for kind, names in (tags or {}).items() for name in names),
        "source": Source(site="tests.example", key=str(number)),
        "audience": audience,
        "state": state,
        **changes,
    }
    return put(make_manuscript(**fields), owner=owner, hidden=hidden)


def numbered(text: str, chapters: int) -> tuple[Chapter, ...]:
    """That many chapters, each ending in its number."""
    return tuple(Chapter(title=f"Chapter the {each}", body=prose(f"{text} {each}")) for each in range(1, chapters + 1))


def put(manuscript: Manuscript, *, owner: User | None = None, hidden: bool = False) -> Work:
    """A manuscript in the library, indexed."""
    work = accession(manuscript).work
    receive_reviews(work, manuscript.reviews)
    if owner is not None:
        Creatorship.objects.filter(work=work, position=0).update(pseud=owner.pseuds.get())
    if hidden:
        Work.objects.filter(pk=work.pk).update(is_hidden=True)
    indexer.drain_if_free()
    return work
