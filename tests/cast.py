"""The fixed people. Ada writes, Rey reads, Mo moderates, Ari keeps the archive; Sam's account is closed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from undying.people.models import Pseud, User
from undying.people.viewer import Role, Viewer

PASSWORD = "the moon over Whitby"


def viewer(user: User) -> Viewer:
    """What the middleware makes of a signed-in account."""
    return Viewer(user_id=user.pk, name=user.username, role=Role(user.role))


@dataclass
class Cast:
    """Accounts that are made when a test first names them."""

    @cached_property
    def ada(self) -> User:
        return _account("ada", Role.MEMBER)

    @cached_property
    def rey(self) -> User:
        return _account("rey", Role.MEMBER)

    @cached_property
    def mo(self) -> User:
        return _account("moderator_mo", Role.MODERATOR)

    @cached_property
    def ari(self) -> User:
        return _account("ari", Role.ARCHIVIST)

    @cached_property
    def sam(self) -> User:
        user = _account("sam", Role.MEMBER)
        user.is_active = False
        user.save()
        return user


def _account(name: str, role: Role) -> User:
    user = User(username=name, role=role)
    user.set_password(PASSWORD)
    user.save()
    Pseud.objects.create(user=user, name=name, is_linked=True, is_default=True)
    return user
