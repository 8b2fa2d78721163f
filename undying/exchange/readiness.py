"""What becomes of a story between its reader and whoever takes it in. Needs no database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from undying.manuscript.codec import storable
from undying.manuscript.measure import words
from undying.manuscript.recognise import recognise

if TYPE_CHECKING:
    from undying.formats import Story
    from undying.manuscript import Manuscript


def ready(story: Story, *, as_told: bool) -> Manuscript:
    """The story as the archive will hold it. `as_told`: an Undying wrote it down, so nothing is read into it."""
    if story.is_ready:
        return story.manuscript
    return cleared(story.manuscript) if as_told else prepared(story.manuscript)


def made_ready(story: Story, *, as_told: bool) -> Story:
    """The same, its chapters counted, so that whoever takes it in need do neither again."""
    manuscript = ready(story, as_told=as_told)
    for chapter in manuscript.chapters:
        words(chapter.body)
    return replace(story, manuscript=manuscript, is_ready=True)


def cleared(manuscript: Manuscript) -> Manuscript:
    """The story as every database can hold it. Its pictures, which are bytes, are not looked through as text."""
    return replace(storable(replace(manuscript, pictures=())), pictures=manuscript.pictures)


def prepared(manuscript: Manuscript) -> Manuscript:
    """The story as the archive will hold it: storable in every database, with its place in canon and rights read from
    its notes, and, as nobody has claimed it, "archived by" the archivist.
    """
    name = settings.UNDYING.text("archivist_name")
    manuscript = cleared(manuscript)
    credits_ = tuple(replace(each, archived_by=each.archived_by or name) for each in manuscript.credits)
    return recognise(replace(manuscript, credits=credits_))
