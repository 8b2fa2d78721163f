"""The Django application."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Works and tags."""

    name = "undying.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
