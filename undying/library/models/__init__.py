"""The tables, by theme. Others import from here."""

from undying.library.models.canon import Placement
from undying.library.models.series import Series, SeriesEntry
from undying.library.models.tags import Tag, WorkTag
from undying.library.models.works import Chapter, Creatorship, RelatedWork, Work, WorkPicture

__all__ = [
    "Chapter",
    "Creatorship",
    "Placement",
    "RelatedWork",
    "Series",
    "SeriesEntry",
    "Tag",
    "Work",
    "WorkPicture",
    "WorkTag",
]
