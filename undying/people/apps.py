"""The Django application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts and pen names."""

    name = "undying.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
