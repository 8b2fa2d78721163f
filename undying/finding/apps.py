"""The Django application."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    """Search, filters and counts."""

    name = "undying.finding"
    label = "finding"
    default_auto_field = "django.db.models.BigAutoField"
