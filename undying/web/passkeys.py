"""Passkeys: what browsers are asked, and what they answer, which anybody could have written. allauth checks it."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator

    from undying.people.models import User

LONGEST = 20_000
_NONSENSE = (
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    struct.error,
)
"""What reading an answer raises that no browser gave."""


def options_to_make(user: User) -> str:
    """What a browser is asked for that shall make one, as JSON."""
    return json.dumps(webauthn.begin_registration(user, passwordless=True))


def options_to_use(user: User | None = None) -> dict[str, Any]:
    """What a browser is asked for that shall use one: hers, or whosever it has for this archive."""
    asked: dict[str, Any] = webauthn.begin_authentication(user)
    return asked


def keep(user: User, name: str, answer: str) -> bool:
    """Keep the passkey that a browser made for her; whether it is one."""
    try:
        credential = _read(answer)
        webauthn.parse_registration_response(credential)
        if not webauthn.complete_registration(credential).is_user_verified():
            return False
    except _NONSENSE:
        return False
    webauthn.WebAuthn.add(user, name, credential)
    return True


def proved(answer: str, user: User | None = None) -> Authenticator | None:
    """The passkey that a browser proves to have: hers, or anybody's who may sign in. None when it proves nothing."""
    try:
        credential = _read(answer)
        webauthn.parse_authentication_response(credential)
        who = user or webauthn.extract_user_from_response(credential)
        found = webauthn.complete_authentication(who, credential)
    except _NONSENSE:
        return None
    return found if found.user.is_active else None


def _read(answer: str) -> dict[str, Any]:
    credential = json.loads(answer) if len(answer) <= LONGEST else None
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise TypeError("no credential")
    return credential
