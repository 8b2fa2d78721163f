"""Tags of every kind, and what wranglers know of them: which mean the same, which are parts of which.

A tag without `canonical` is canonical: most tags are, and stand alone. A synonym points at its canonical tag, in one
step. Among canonical tags of one kind `TagParent` makes the narrower reach the wider ("Sherlock (TV)" -> "Sherlock
Holmes"); that a character belongs to a fandom is another matter, and stands in `TagFandom`. `TagReach` is all of it
followed to the end, so that nobody has to climb. `undying.library.wrangling` alone writes these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import connection, models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from undying.kernel.ids import new_id
from undying.library.models.works import Work
from undying.library.names import LONGEST_WORD, words_of
from undying.manuscript import Medium, TagKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.people.viewer import Viewer

ORDER = {kind: place for place, kind in enumerate(TagKind)}
MOST_TYPED = 8
"""Words of what somebody types that are looked for."""
RANKED = 1_000
"""Tags of a kind that count as well known."""


class TagQuerySet(models.QuerySet["Tag"]):
    """Sets of tags."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Tags that a work which this viewer may read carries, itself or by a synonym or a narrower tag.

        A tag used only in secret is a secret, and so is one that nobody uses.
        """
        readable = Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work")))
        carried = WorkTag.objects.filter(readable, tag=OuterRef("pk"))
        reached = WorkTag.objects.filter(readable, tag__reach__reached=OuterRef("pk"))
        return self.filter(Q(Exists(carried)) | Q(Exists(reached)))

    def canonical(self) -> Self:
        """Without the synonyms."""
        return self.filter(canonical=None)

    def counted(self, viewer: Viewer, spared: Q | None = None) -> Self:
        """With `uses`, the number of works that this viewer may read and that carry the tag, a synonym of it or a
        narrower tag; each work once. `spared` says which works count at all.
        """
        readable = Exists(Work.objects.visible_to(viewer).filter(spared or Q(), pk=OuterRef("work")))
        carrying = WorkTag.objects.filter(readable, tag=OuterRef("pk"))
        narrower = WorkTag.objects.filter(readable, tag__reach__reached=OuterRef("pk"))
        # Said so, each half goes by an index; an "or" of the two would look at every tag of every work for each tag.
        itself = WorkTag.objects.filter(tag=OuterRef(OuterRef("pk")), work=OuterRef("work"))
        return self.annotate(uses=_number(carrying) + _number(narrower.filter(~Exists(itself))))

    def by_size(self, viewer: Viewer, spared: Q | None = None) -> Self:
        """Those with a work that this viewer may read, with `uses` (see `counted`), the most used first."""
        sized = self.visible_to(viewer).counted(viewer, spared)
        return (sized.filter(uses__gt=0) if spared else sized).order_by("-uses", "name")

    def named_like(self, text: str, kind: TagKind | None = None) -> Self:
        """Tags with a word that begins so for each word of what somebody typed. Nothing typed finds nothing."""
        typed = sorted(set(words_of(text)[:MOST_TYPED]), key=len)
        if not typed:
            return self.none()
        # The longest word begins the fewest names; the others are asked of those alone.
        found = self.filter(pk__in=TagWord.objects.filter(_begins(typed.pop())).values("tag"))
        for word in typed:
            found = found.filter(_says(word))
        return found if kind is None else found.filter(kind=kind)

    def well_known(self, text: str, kind: TagKind | None = None) -> Self:
        """Of the best known tags, those that `named_like` would find: bounded work, however many there are."""
        kinds = list(TagKind) if kind is None else [kind]
        ranked = (Tag.objects.filter(kind=each, renown__gt=0).order_by("-renown") for each in kinds)
        found = self.filter(pk__in=[number for tags in ranked for number in tags.values_list("pk", flat=True)[:RANKED]])
        typed = words_of(text)[:MOST_TYPED]
        for word in typed:
            found = found.filter(_says(word))
        return found if typed else self.none()


def _number(rows: models.QuerySet[WorkTag]) -> Coalesce:
    """How many works these are of."""
    grouped = rows.order_by().annotate(all=models.Value(1)).values("all").annotate(number=Count("work", distinct=True))
    return Coalesce(Subquery(grouped.values("number"), output_field=IntegerField()), 0)


def _says(word: str) -> Exists:
    return Exists(TagWord.objects.filter(_begins(word), tag=OuterRef("pk")))


def _begins(word: str) -> Q:
    """As the index of each database answers it: SQLite's LIKE knows no case and so no index."""
    if connection.vendor == "sqlite":
        return Q(word__gte=word, word__lt=word + "\U0010ffff")
    return Q(word__startswith=word)


class Tag(models.Model):
    """A tag as somebody wrote it. Ids are drawn at random: filters show them, and a gap would tell of a secret tag.

    `medium` is a fandom's alone. `renown` is how many works for everybody stood under a canonical tag when they were
    last counted, rounded: for the order of suggestions (`undying.finding.renown`). Of other works it tells nothing.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in TagKind])
    name = models.CharField(max_length=500)
    canonical = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="synonyms")
    medium = models.CharField(max_length=40, blank=True, choices=[(each.value, each.value) for each in Medium])
    renown = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "-renown"], name="tags_by_renown")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="one_tag_per_kind_and_name"),
            models.CheckConstraint(condition=~Q(canonical=F("id")), name="no_tag_is_its_own_synonym"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def precedence(self) -> tuple[bool, str]:
        """Of tags with one name, the fandom goes first. By id would tell which was there first, perhaps in secret."""
        return (self.kind != TagKind.FANDOM, self.kind)

    @property
    def meant(self) -> Tag:
        """The canonical tag: itself, unless it is a synonym. One query unless `canonical` is loaded."""
        return self.canonical or self

    @property
    def ancestors(self) -> Sequence[Tag]:
        """The wider tags that it reaches by parents, in no order. Needs `reach__reached`."""
        return [each.reached for each in self.reach.all() if each.reached_id != self.canonical_id]


class TagParent(models.Model):
    """That a canonical tag is part of a wider one of its kind: who looks for the parent finds the child's works."""

    child = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="parent_links")
    parent = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="child_links")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "parent"], name="one_parent_link"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="no_tag_is_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.child} in {self.parent}"


class TagFandom(models.Model):
    """That a canonical character, relationship or additional tag is at home in a fandom. It makes no work found."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="fandom_links")
    fandom = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="resident_links")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "fandom"], name="one_fandom_link")]

    def __str__(self) -> str:
        return f"{self.tag} of {self.fandom}"


class TagReach(models.Model):
    """That a work with `tag` is also found under `reached`: its canonical tag, or a wider one. A tag reaches itself
    without a row. Made from the other tables, and only there to be read.
    """

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="reach", db_index=False)
    reached = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="reached_by")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "reached"], name="one_reach")]

    def __str__(self) -> str:
        return f"{self.tag} reaches {self.reached}"


class TagWord(models.Model):
    """A word by whose beginning a tag is found, folded (see `undying.library.names`)."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=LONGEST_WORD)

    class Meta:
        # Both hold all there is to know, so that the rows themselves are never looked at.
        indexes: ClassVar = [
            models.Index(fields=["word", "tag"], name="tags_by_word", opclasses=["varchar_pattern_ops", "int8_ops"]),
            models.Index(fields=["tag", "word"], name="words_by_tag"),
        ]

    def __str__(self) -> str:
        return self.word


class WorkTag(models.Model):
    """That a work carries a tag, at this place in the author's order."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="worktags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="worktags")
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "work"], name="one_tagging_per_work")]

    def __str__(self) -> str:
        return self.tag.name
