"""Works that are versions of one story: each links to the other, as far as the reader may see that one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from undying.library.models import RelatedWork
from undying.manuscript import RelationKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.library.models import Work


@transaction.atomic
def link(one: Work, other: Work) -> None:
    """Have each name the other. Doing it twice changes nothing."""
    for here, there in ((one, other), (other, one)):
        if not _links(here, there).exists():
            last = here.related.aggregate(last=Max("position"))["last"]
            RelatedWork.objects.create(
                work=here,
                position=0 if last is None else last + 1,
                kind=RelationKind.VERSION_OF,
                title=there.title,
                author=_author(there),
                url=there.url,
                language=there.language,
            )


@transaction.atomic
def unlink(one: Work, other: Work) -> None:
    """Take both links back."""
    for here, there in ((one, other), (other, one)):
        _links(here, there).delete()


def _links(here: Work, there: Work) -> QuerySet[RelatedWork]:
    return here.related.filter(kind=RelationKind.VERSION_OF, title=there.title, url=there.url, author=_author(there))


def _author(work: Work) -> str:
    first = work.creatorships.filter(chapter=None).order_by("position").select_related("pseud").first()
    return first.pseud.name if first else ""
