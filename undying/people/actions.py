"""Every write to accounts and pen names.

Refused
├── NameTaken
├── NoSuchZone
├── TooLong
├── BadName        a user name or address that will not do; says why
└── EmailTaken     an account has that address

BadPassword is told by `undying.people.passwords`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models, transaction

from undying.kernel.errors import Refused
from undying.kernel.ids import identity
from undying.manuscript import Wishes
from undying.people import passwords
from undying.people.models import RESERVED, Pseud, User
from undying.people.viewer import Preferences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from undying.manuscript import Credit, Prose
    from undying.people.viewer import Role, Viewer


class NameTaken(Refused):
    """Somebody has that user name."""


LONGEST_ABOUT = 20_000
"""Characters, with the markup."""
LONGEST_ANSWER = 500


LONGEST_WISH = 500
"""Characters of the sentence in which an author says what others may do."""


class TooLong(Refused):
    """There is no room for so much."""


class NoSuchZone(Refused):
    """That time zone is not known here."""


class BadName(Refused):
    """That user name or address will not do."""


class EmailTaken(Refused):
    """An account has that address. For the operator's eyes: no page may tell."""


@transaction.atomic
def create_user(name: str, *, password: str, role: Role, email: str = "") -> User:
    """A new account with a pseud of the same name. Raises NameTaken (whatever the case of the letters), BadName,
    EmailTaken or BadPassword.
    """
    if User.objects.filter(username__iexact=name).exists():
        raise NameTaken(f"There is an account named {name} already.")
    if name.casefold() in RESERVED:
        raise BadName(f"The name {name} is kept for the archive itself: choose another.")
    if email and User.objects.filter(email__iexact=email).exists():
        raise EmailTaken("There is an account with that address already.")
    user = User(username=name, email=email, role=role)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise BadName(" ".join(error.messages)) from error
    passwords.check(password, user)
    user.set_password(password)
    user.save()
    Pseud.objects.create(user=user, name=name, is_linked=True, is_default=True)
    return user


def tell_about(user: User, text: Prose, answers: Mapping[str, str]) -> None:
    """What she tells of herself on the page of her account, and her answers to the archive's questions, of which those
    that are not given stay as they are. Raises TooLong.
    """
    _must_fit(max(map(len, answers.values()), default=0))
    if len(text) > LONGEST_ABOUT:
        raise TooLong(
            f"The text has {len(text):,} characters, of {LONGEST_ABOUT:,} at most: shorten it by "
            f"{len(text) - LONGEST_ABOUT:,}."
        )
    user.about = text
    user.answers = {name: said for name, said in {**user.answers, **answers}.items() if said}
    user.save(update_fields=["about", "answers"])


def _must_fit(characters: int) -> None:
    if characters > LONGEST_ANSWER:
        raise TooLong(f"An answer has {characters:,} characters, of {LONGEST_ANSWER:,} at most.")


def wish(user: User, wishes: Wishes) -> None:
    """What she lets others do with works that she begins from now on. Raises TooLong."""
    if len(wishes.words) > LONGEST_WISH:
        raise TooLong(
            f"The sentence has {len(wishes.words):,} characters, of {LONGEST_WISH:,} at most: shorten it by "
            f"{len(wishes.words) - LONGEST_WISH:,}."
        )
    user.wished = wishes.told()
    user.save(update_fields=["wished"])


def wishes_of(viewer: Viewer) -> Wishes:
    """What she lets others do with works that she begins. One query."""
    if viewer.user_id is None:
        return Wishes()
    return User.objects.only("wished").get(pk=viewer.user_id).wishes


def prefer(user: User, preferences: Preferences) -> None:
    """How she wants to read from now on. Raises NoSuchZone."""
    if preferences.time_zone and preferences.time_zone not in available_timezones():
        raise NoSuchZone(f"There is no time zone {preferences.time_zone!r}. Choose one that the list offers.")
    usual = asdict(Preferences())
    user.preferred = {name: value for name, value in asdict(preferences).items() if value != usual[name]}
    user.save(update_fields=["preferred"])


def pen_name(credit: Credit, *, site: str) -> Pseud:
    """The unclaimed pen name for a credit: the same one each time that the site says the same of her.

    A site's own id for her tells most, then account and name, then the name alone. One query, or two.
    """
    if credit.key:
        told = f"key:{credit.key}/{credit.name}"
    elif credit.account:
        told = f"account:{credit.account}/{credit.name}"
    else:
        told = f"name:{credit.name}"
    pseud, _ = Pseud.objects.get_or_create(
        user=None,
        site=site,
        identity=identity(told),
        defaults={"name": credit.name, "account": credit.account, "key": credit.key, "url": credit.url},
    )
    return pseud


def pen_name_in(credit: Credit, site: str) -> Pseud | None:
    """The pen name of somebody whom a text may name; None when it names nobody."""
    return pen_name(credit, site=site) if credit.name or credit.account or credit.key else None


def hand_over(pseud: Pseud, to: Pseud) -> None:
    """Give all that stands under a pen name, but her part in works, to another: profile, favourites, series, news.

    What only names it, and holds on to nothing, may `follow` it.
    """
    for each in _holding():
        if each.name != "creatorships":
            rows = each.related_model._default_manager.filter(**{each.field.name: pseud})
            rows.update(**{each.field.name: to})
    for each in Pseud._meta.related_objects:
        if follow := getattr(each.related_model, "follow", None):
            follow(pseud, to)


def drop_unused_pen_names(numbers: Iterable[int]) -> None:
    """Delete those of these unclaimed pen names that nothing holds on to any more."""
    free = dict.fromkeys(each.name for each in _holding())
    Pseud.objects.filter(pk__in=numbers, user=None, **free).delete()


def drop_unused(pseud: Pseud) -> bool:
    """Delete an account's pen name that nothing holds on to; whether that was so."""
    free = dict.fromkeys(each.name for each in _holding())
    return bool(Pseud.objects.filter(pk=pseud.pk, **free).delete()[0])


def _holding() -> list[Any]:
    """The relations that keep a pen name alive, of whatever package."""
    return [each for each in Pseud._meta.related_objects if each.on_delete is models.PROTECT]
