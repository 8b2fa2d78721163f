"""The tables, by theme. Others import from here."""

from undying.library.models.addresses import AlsoKnown, OldAddress
from undying.library.models.canon import Placement
from undying.library.models.counters import Counters
from undying.library.models.scheduling import Scheduled
from undying.library.models.series import Series, SeriesAccount, SeriesEntry, SeriesListing, SeriesOwner
from undying.library.models.sharing import WorkLink
from undying.library.models.tags import Tag, TagFandom, TagParent, TagReach, TagWord, WorkTag
from undying.library.models.together import CreatorInvitation, Gift
from undying.library.models.withdrawn import Withdrawn
from undying.library.models.works import Chapter, Creatorship, RelatedWork, Work, WorkPicture
from undying.library.models.writing import BroughtPicture, Deletion, Draft, DraftKind, HandedIn, Posted, Revision

__all__ = [
    "AlsoKnown",
    "BroughtPicture",
    "Chapter",
    "Counters",
    "CreatorInvitation",
    "Creatorship",
    "Deletion",
    "Draft",
    "DraftKind",
    "Gift",
    "HandedIn",
    "OldAddress",
    "Placement",
    "Posted",
    "RelatedWork",
    "Revision",
    "Scheduled",
    "Series",
    "SeriesAccount",
    "SeriesEntry",
    "SeriesListing",
    "SeriesOwner",
    "Tag",
    "TagFandom",
    "TagParent",
    "TagReach",
    "TagWord",
    "Withdrawn",
    "Work",
    "WorkLink",
    "WorkPicture",
    "WorkTag",
]
