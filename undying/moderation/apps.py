"""The Django application."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Decisions."""

    name = "undying.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"
