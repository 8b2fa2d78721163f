"""Who may write in a chapter: the creators of its work, and its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from undying.kernel.errors import NotVisible
from undying.library import access
from undying.library.models import Creatorship

if TYPE_CHECKING:
    from undying.library.models import Chapter, Work
    from undying.people.viewer import Viewer


def chapter_to_write(viewer: Viewer, work: Work, chapter_id: int) -> Chapter:
    """A chapter that is hers to write in: as the work is, or by itself. Raises NotVisible."""
    chapter = access.chapter_for(viewer, chapter_id)
    if chapter.work_id != work.pk or not may_write_chapter(viewer, chapter):
        raise NotVisible("work", work.pk)  # as of a work that is not there
    return chapter


def may_write_chapter(viewer: Viewer, chapter: Chapter) -> bool:
    """Whether she is one of the work's creators, or of this chapter's. One query."""
    if viewer.user_id is None:
        return False
    of_both = Q(chapter=None) | Q(chapter=chapter)
    return Creatorship.objects.filter(of_both, work=chapter.work_id, pseud__user=viewer.user_id).exists()
