"""The column that holds clean markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from undying.manuscript import NO_PROSE, Prose

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class ProseField(models.TextField[Prose, Prose]):
    """A column of clean markup. It takes nothing but Prose, so what comes out was cleaned on its way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", NO_PROSE)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For migrations: the default and blankness are the field's own."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        kwargs.pop("blank", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, _expression: object, _connection: BaseDatabaseWrapper) -> Prose | None:
        """What was cleaned when it was stored."""
        return None if value is None else Prose(value)

    def get_prep_value(self, value: Any) -> Any:
        """Refuses a plain text with TypeError: that would be markup that nobody cleaned."""
        if value is not None and not isinstance(value, Prose):
            raise TypeError(f"{self.name} takes Prose, which only clean() makes; not {type(value).__name__}")
        return super().get_prep_value(value)
