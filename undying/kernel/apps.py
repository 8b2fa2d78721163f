"""The Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Plumbing."""

    name = "undying.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
