"""Pictures that authors bring for their texts: hers alone until a work of hers shows them, which takes them along.

Refused: TooManyPictures.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max

from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.library.models import BroughtPicture, Draft, WorkPicture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from undying.library.models import Work
    from undying.manuscript import Picture
    from undying.people.viewer import Viewer

MOST = 500
"""Pictures that one member may bring in thirty days."""
KEPT_FOR = timedelta(days=30)
_NAMED = re.compile(r"picture:([0-9a-f]{64})")
_CHAPTER_PROSE = ("summary", "notes_before", "body", "notes_after")
_WORK_PROSE = ("summary", "notes_before", "notes_after", "rights")


class TooManyPictures(Refused):
    """She has as many of them as the archive keeps."""


def keep(viewer: Viewer, picture: Picture) -> BroughtPicture:
    """Keep a picture for her. Raises TooManyPictures."""
    assert viewer.user_id is not None
    mine = BroughtPicture.objects.filter(owner=viewer.user_id)
    if mine.count() >= MOST:
        raise TooManyPictures(
            f"You have brought {MOST} pictures in thirty days, which are the most that are taken. Pictures that stand "
            "elsewhere on the web can be shown by their address."
        )
    found, _ = mine.get_or_create(
        owner_id=viewer.user_id, sha256=store.keep(picture.data), defaults={"media_type": picture.media_type}
    )
    return found


def brought_by(viewer: Viewer) -> QuerySet[BroughtPicture]:
    """Hers, the latest first."""
    return BroughtPicture.objects.filter(owner=viewer.user_id).order_by("-at", "-pk")


def media_type_of(viewer: Viewer, sha256: str) -> str:
    """What kind of picture this is, if she brought it or a work of hers has it. Raises NotVisible."""
    found = brought_by(viewer).filter(sha256=sha256).values_list("media_type", flat=True).first()
    if found is None and viewer.user_id is not None:
        found = _of_her_works(viewer).filter(sha256=sha256).values_list("media_type", flat=True).first()
    if found is None:
        raise NotVisible("picture", sha256)
    return found


def take_along(viewer: Viewer, work: Work) -> None:
    """Give the work those pictures that its texts show, that she may use and that it has not yet.

    One query where its texts show none.
    """
    shown = _shown(work)
    missing = shown - set(work.pictures.values_list("sha256", flat=True)) if shown else set()
    if not missing or viewer.user_id is None:
        return
    usable = dict(_of_her_works(viewer).filter(sha256__in=missing).values_list("sha256", "media_type"))
    usable |= dict(brought_by(viewer).filter(sha256__in=missing).values_list("sha256", "media_type"))
    last = work.pictures.aggregate(Max("position"))["position__max"]
    begin = 0 if last is None else last + 1
    WorkPicture.objects.bulk_create(
        WorkPicture(work=work, position=position, sha256=sha256, media_type=usable[sha256])
        for position, sha256 in enumerate(sorted(usable), start=begin)
    )


def drop_old() -> set[str]:
    """Let go of what was brought long ago and stands in no text that is unsaved; the names of their bytes."""
    old = BroughtPicture.objects.filter(at__lt=now() - KEPT_FOR)
    gone: set[str] = set()
    for owner in set(old.values_list("owner", flat=True)):
        typed = _named(str(fields) for fields in Draft.objects.filter(owner=owner).values_list("fields", flat=True))
        rows = old.filter(owner=owner).exclude(sha256__in=typed)
        gone |= set(rows.values_list("sha256", flat=True))
        rows.delete()
    return gone


def _of_her_works(viewer: Viewer) -> QuerySet[WorkPicture]:
    return WorkPicture.objects.filter(work__creatorships__pseud__user=viewer.user_id)


def _shown(work: Work) -> set[str]:
    texts = [text for row in work.chapters.values_list(*_CHAPTER_PROSE) for text in row]
    return _named(map(str, (*texts, *(getattr(work, name) for name in _WORK_PROSE))))


def _named(texts: Iterable[str]) -> set[str]:
    return {sha256 for text in texts for sha256 in _NAMED.findall(text)}
