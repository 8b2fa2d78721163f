"""The Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """HTTP and HTML."""

    name = "undying.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
