"""What the row of every keepsake has: where it comes from, and for whom it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import connection, models
from django.db.models.functions import Collate

from undying.kernel.ids import new_id
from undying.manuscript import Audience, Source

if TYPE_CHECKING:
    from undying.people.viewer import Viewer

Row = TypeVar("Row", bound="FromSource")
OPEN_TO = (Audience.EVERYONE, Audience.MEMBERS)
"""For whom a keepsake can be: none has a link of its own."""


def for_whom(viewer: Viewer) -> models.Q:
    """Which keepsakes are for this viewer at all; what a kind hides besides is said in its own `visible_to`."""
    return models.Q() if viewer.is_member else models.Q(audience=Audience.EVERYONE)


class KeptQuerySet(models.QuerySet[Row]):
    """Sets of keepsakes."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Those that this viewer may see."""
        return self.filter(for_whom(viewer))

    def in_dump_order(self) -> Self:
        """By source and key, letter by letter, the same on every database."""
        letters = "C" if connection.vendor == "postgresql" else "BINARY"
        return self.order_by(Collate("site", letters), Collate("key", letters))


class FromSource(models.Model):
    """Something that came with an archive, for members until its import is opened.

    `(site, key)` is its identity in the source.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    site = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    url = models.CharField(max_length=2000, blank=True)
    archivist = models.CharField(max_length=255, blank=True)
    audience = models.CharField(max_length=10, choices=[(each.value, each.value) for each in OPEN_TO])

    class Meta:
        abstract = True
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "key"], name="one_%(class)s_per_source_key")]

    @property
    def source(self) -> Source:
        """Where it comes from, as a value."""
        return Source(site=self.site, key=self.key, url=self.url, archivist=self.archivist)

    def comes_from(self, source: Source) -> None:
        """Set where it comes from."""
        self.site, self.key, self.url, self.archivist = source.site, source.key, source.url, source.archivist

    def pen_names(self) -> set[int]:
        """The numbers of the pen names that it holds on to."""
        held = {
            getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.related_model is not None and field.related_model._meta.label == "people.Pseud"
        }
        return held - {None}
