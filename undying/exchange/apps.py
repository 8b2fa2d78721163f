"""The Django application."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Jobs that move stories in and out, and their bookkeeping."""

    name = "undying.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
