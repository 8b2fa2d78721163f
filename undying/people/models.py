"""Accounts and pen names."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.core.validators import RegexValidator
from django.db import models

from undying.kernel.clock import now
from undying.kernel.fields import ProseField
from undying.kernel.ids import new_id
from undying.manuscript import Credit, Wishes, wishes_from
from undying.people.kept import FromSource, KeptQuerySet
from undying.people.viewer import Preferences, Role

USERNAME_SHAPE = r"[A-Za-z0-9](?:[A-Za-z0-9_]{1,38}[A-Za-z0-9])"
LONGEST_ALT = 250
UNCLAIMED = "unclaimed-"
_PLACES = """
account accounts edit exclusions forgotten invitations join login logout me new password passkey pseuds search searches
sessions settings signin signout signup suspended users works
"""
_VOICES = """
abuse admin administrator anonymous archive archivist everybody everyone guest help info mail moderator nobody noreply
operator orphan orphaned postmaster root security staff support system undying webmaster wrangler
"""
RESERVED = frozenset((_PLACES + _VOICES).split())
"""Names that no account can have, whatever the case of their letters: what has an address of its own under /users or is
likely to have one, and what would speak for the archive.
"""
ALONE = "pen-"
"""With its number, the account's name in the address of a pen name that is not to tell its account."""


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Readers see its pseuds. `wished` is what her new works begin with.

    `email_confirmed`: when she answered a letter at that address. `said_age`: that she was at least so old when she
    joined. `terms_version` is the one that she accepted; 0: none. `is_known`: a work of hers was posted, so
    that no other has to wait for the archivist. `answers` are hers to the archive's questions, by the question.
    `shut_out`: accounts that do not want her to see their works (`people.blocking`).
    """

    username = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                rf"^{USERNAME_SHAPE}\Z",
                "A user name has 3 to 40 letters, digits and underscores, and begins and ends with a letter or digit.",
            )
        ],
    )
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role], default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined = models.DateTimeField(default=now)
    preferred = models.JSONField(default=dict, blank=True)
    wished = models.JSONField(default=dict, blank=True)
    about = ProseField()
    answers = models.JSONField(default=dict, blank=True)
    shut_out = models.JSONField(default=list, blank=True)
    is_known = models.BooleanField(default=False)
    email_confirmed = models.DateTimeField(null=True, blank=True)
    said_age = models.PositiveSmallIntegerField(null=True, blank=True)
    terms_version = models.PositiveIntegerField(default=0)
    terms_accepted = models.DateTimeField(null=True, blank=True)
    invited_with = models.ForeignKey(
        "people.Invite", null=True, blank=True, on_delete=models.SET_NULL, related_name="invited"
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    @property
    def preferences(self) -> Preferences:
        """How she wants to read. What this version of Undying does not know of it is passed over."""
        known = {each.name for each in fields(Preferences)}
        return Preferences(**{name: value for name, value in self.preferred.items() if name in known})

    @property
    def wishes(self) -> Wishes:
        """What she lets others do with her new works, unless she says otherwise of one."""
        return wishes_from(self.wished)


class LetterKind(StrEnum):
    """What a letter to an account is about."""

    FORGOTTEN = "forgotten"
    CHANGED = "changed"
    JOIN = "join"
    LINE = "line"
    LET_IN = "let-in"
    HERE = "here"
    ADDRESS = "address"
    MOVED = "moved"
    FACTOR = "factor"
    LET_IN_WORK = "work-let-in"
    SENT_BACK = "work-sent-back"
    ASKED = "asked-to-write"


class Invite(models.Model):
    """An invitation to join, which may serve several people: whoever has its code may ask for a letter."""

    code = models.CharField(max_length=40, unique=True)
    note = models.CharField(max_length=200, blank=True)
    most = models.PositiveIntegerField(default=1)
    used = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=255)
    made = models.DateTimeField(default=now)
    taken_back = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_good(self) -> bool:
        """Whether somebody more may join with it."""
        return self.taken_back is None and self.used < self.most and (self.until is None or self.until > now())


class Waiting(models.Model):
    """An address in the line of those who want to join; `let_in` when its letter was written."""

    email = models.EmailField()
    folded = models.CharField(max_length=254, unique=True)
    base = models.CharField(max_length=300)
    since = models.DateTimeField(default=now)
    let_in = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"waiting since {self.since}"


class Letter(models.Model):
    """A letter to the holder of an address: asked for by a page, written and sent by the worker.

    `digest` is what is kept of the token of its link, `base` the archive's address in it. `user` is whom it is about,
    where the page knew; `title`, `path` and `note` tell of a work of hers.
    """

    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in LetterKind])
    email = models.EmailField()
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="letters")
    invite = models.ForeignKey(Invite, null=True, blank=True, on_delete=models.CASCADE, related_name="letters")
    base = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=1000, blank=True)
    path = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    asked = models.DateTimeField(default=now)
    sent = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    used = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Browser(models.Model):
    """A browser that a member is signed in with (`people.browsers`), in words; `session_key` is that of its session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browsers")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=100)
    began = models.DateTimeField(default=now)
    seen = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.device


class StaffChange(models.Model):
    """A change of somebody's role or account from the desk (`people.staffing`). It goes with the account."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_changes")
    what = models.CharField(max_length=20)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=255)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.what} by {self.by}"


class Block(models.Model):
    """That `member` wants nothing asked or given by whoever is behind a pen name: by the `account`, whatever its names.

    `hides`: nor shall she see the works that stand under `member`'s account. Each pen name that was blocked has a row,
    so that no second one tells whose the first is.
    """

    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_by")
    pseud = models.ForeignKey("people.Pseud", on_delete=models.CASCADE, related_name="+")
    hides = models.BooleanField(default=False)
    since = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "pseud"], name="blocked_once_by_a_member")]

    def __str__(self) -> str:
        return f"{self.member_id} blocks {self.pseud_id}"


class Pseud(models.Model):
    """A pen name: an account's, or one that came with an imported work and that nobody has claimed yet.

    `identity` tells unclaimed pen names of one site apart (see `actions.pen_name`). `account`, `key` and `url` are what
    the source said. `is_linked`: it and its account name each other; else nothing public tells whose it is.
    `is_default`: new works of its account bear it where nothing else is chosen.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=255)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="pseuds")
    site = models.CharField(max_length=255, blank=True)
    identity = models.CharField(max_length=600, blank=True)
    account = models.CharField(max_length=255, blank=True)
    key = models.CharField(max_length=255, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    is_linked = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    description = ProseField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "identity"], condition=models.Q(user=None), name="one_unclaimed_pen_name_per_identity"
            ),
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(user__isnull=False), name="an_account_has_a_name_once"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="an_account_has_one_default_pen_name"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "key"], name="pen_names_by_source")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_claimed(self) -> bool:
        """Whether an account stands behind it."""
        return self.user_id is not None

    @property
    def handle(self) -> str:
        """The first part of its address: its account's name where it is linked, or one that no account can have."""
        if self.user is None:
            return f"{UNCLAIMED}{self.pk}"
        return self.user.username if self.is_linked else f"{ALONE}{self.pk}"

    def credit(self, archived_by: str = "") -> Credit:
        """The credit that it was made from, as a value. Needs `user`."""
        return Credit(
            name=self.name,
            account=self._told_account(),
            key=self.key,
            url=self.url,
            archived_by=archived_by,
        )

    def _told_account(self) -> str:
        if self.user is None:
            return self.account
        return self.user.username if self.is_linked else ""


class Icon(models.Model):
    """The picture of a pen name, as `formats.icon` makes it; `alt` says what it shows."""

    pseud = models.OneToOneField(Pseud, on_delete=models.CASCADE, related_name="icon")
    data = models.BinaryField()
    alt = models.CharField(max_length=LONGEST_ALT, blank=True)

    def __str__(self) -> str:
        return f"icon of {self.pseud_id}"


class ProfileQuerySet(KeptQuerySet["Profile"]):
    """Sets of profiles."""


class Profile(FromSource):
    """What a member told of herself where she came from. The fields are those of manuscript.Profile."""

    pseud = models.ForeignKey(Pseud, on_delete=models.PROTECT, related_name="profiles")
    archived_by = models.CharField(max_length=255, blank=True)
    joined = models.DateTimeField(null=True, blank=True)
    bio = ProseField()
    website = models.CharField(max_length=2000, blank=True)
    picture = models.CharField(max_length=2000, blank=True)
    fields = models.JSONField(default=list, blank=True)

    objects = ProfileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.pseud} at {self.site}"
