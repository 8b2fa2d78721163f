"""The Django application."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Reviews."""

    name = "undying.community"
    label = "community"
    default_auto_field = "django.db.models.BigAutoField"
