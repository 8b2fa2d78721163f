"""The private tables: how authors can be reached, who asked what of the archive, and what was done for them.

None of this is in any dump, feed, index, log or page but the archivist's own.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.kernel.clock import now

LONGEST_ADDRESS = 320
LONGEST_MARK = 16


class Contact(models.Model):
    """An author from elsewhere whose works nobody has claimed yet. One for each person that a site knows.

    `identity` tells the people of one site apart, as `contacts.identity_of` says; `key`, `account` and `name` are as
    in the credits of her works. `password` is what the old site kept of hers, hashed again (see `old_passwords`).
    """

    site = models.CharField(max_length=255)
    identity = models.CharField(max_length=300)
    name = models.CharField(max_length=255)
    account = models.CharField(max_length=255, blank=True)
    key = models.CharField(max_length=255, blank=True)
    password = models.CharField(max_length=255, blank=True)
    batches = models.ManyToManyField("exchange.Batch", related_name="contacts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "identity"], name="one_contact_per_person_of_a_site")
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Address(models.Model):
    """An e-mail address of a contact: as the site had it, and `folded`, by which it is compared."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    email = models.CharField(max_length=LONGEST_ADDRESS)
    folded = models.CharField(max_length=LONGEST_ADDRESS, db_index=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact", "folded"], name="an_address_of_a_contact_once")
        ]

    def __str__(self) -> str:
        return f"address {self.pk}"


class Asked(models.TextChoices):
    """What somebody can ask of the archive for good."""

    NOT_HERE = "import", "never to be brought in"
    NO_MAIL = "write", "never to be written to"


class OptOut(models.Model):
    """That somebody asked this, and when. Who she is cannot be read from it: `digest` is keyed (see `optouts`).

    `key` tells with which secret key.
    """

    asked = models.CharField(max_length=10, choices=Asked.choices)
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=LONGEST_MARK)
    since = models.DateField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked", "digest"], name="nobody_need_ask_the_same_twice")
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.asked}"


class Departure(models.Model):
    """A work that is on its way out at its author's wish, or a row of a source that tells of her: out of sight now,
    gone with its original bytes once no import is under way.
    """

    work_number = models.BigIntegerField(null=True, blank=True, db_index=True)
    entry = models.ForeignKey("exchange.Entry", null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"departure {self.pk}"


class Invitation(models.Model):
    """The one letter to an author, for all that is here of hers. Queued until `sent`.

    `digest` is that of the token in its link, which is stored nowhere; it opens her page until `until`, and once.
    """

    contacts = models.ManyToManyField(Contact, related_name="invitations")
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    queued = models.DateTimeField(default=now)
    sent = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    used = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Proof(models.Model):
    """That somebody tried to prove who she is by an old password: of the name only the digest, for an hour."""

    name = models.CharField(max_length=64, db_index=True)
    tried = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"proof {self.pk}"


class Announcement(models.Model):
    """That an import will be opened to everyone, told to its authors first: what, since when, from which day."""

    batch = models.OneToOneField("exchange.Batch", on_delete=models.CASCADE, related_name="announcement")
    name = models.CharField(max_length=200)
    notice = models.TextField()
    since = models.DateTimeField(default=now)
    opens = models.DateTimeField()
    opens_by_itself = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["opens", "pk"]

    def __str__(self) -> str:
        return self.name


class Message(models.Model):
    """What somebody wrote to the archivist from the public page. `reply_to` is what she gave, unread by any machine."""

    name = models.CharField(max_length=100, blank=True)
    reply_to = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    text = models.TextField()
    at = models.DateTimeField(default=now)
    answered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Done(models.TextChoices):
    """What was done about somebody's works."""

    OPTED_OUT = "opted-out", "taken out because its author asked"
    STRUCK = "struck", "one of its authors' names taken off because she asked"
    CLAIMED = "claimed", "given back to its author"
    ORPHANED = "orphaned", "orphaned"
    ADOPTED = "adopted", "orphaning taken back"
    LEFT = "left", "left with the archivist"
    DELETED = "deleted", "deleted because its author asked"
    OPENED = "opened", "opened before its announced day"
    WRITTEN_TO = "written", "its author was written to"
    MASKED = "masked", "an e-mail address in it masked"
    UNMASKED = "unmasked", "an e-mail address in it shown again"
    SEVERED = "severed", "an old name severed"
    DECIDED = "decided", "a decision about showing it"


class Record(models.Model):
    """One thing that was done, when and by whom. It names works by number and never the author.

    `undo` is what taking it back needs, and is emptied when that is no longer possible.
    """

    done = models.CharField(max_length=10, choices=Done.choices)
    work_number = models.BigIntegerField(null=True, blank=True, db_index=True)
    by = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)
    reason = models.TextField(blank=True)
    undo = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.done}"


class Flagged(models.TextChoices):
    """Why something is to be looked at."""

    ADDRESS = "address", "an e-mail address in a text"
    WISH = "wish", "its author asks that it be not copied elsewhere"
    LABEL = "label", "it bears a label that is to be looked at"


class Flag(models.Model):
    """Something that the archivist should look at before everybody reads it, and what she decided.

    `place` and `number` name the row, `part` its column; `text` is the address, the wish or the label.
    """

    batch = models.ForeignKey("exchange.Batch", on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=10, choices=Flagged.choices)
    place = models.CharField(max_length=10)
    number = models.BigIntegerField()
    part = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=400)
    work_number = models.BigIntegerField(null=True, blank=True, db_index=True)
    decided = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "number", "part", "kind", "text"], name="a_place_is_flagged_once")
        ]

    def __str__(self) -> str:
        return f"flag {self.pk}: {self.kind}"
