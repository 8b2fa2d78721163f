"""Browsers of the fixed people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from undying.people.models import User


@pytest.fixture
def browser(home) -> Callable[[User | None], Client]:
    """A function `browser(user)`: her client, signed in; `browser(None)` is a guest's."""

    def make(user: User | None = None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def guest(browser, db) -> Client:
    """Somebody who never signed in."""
    return browser(None)
