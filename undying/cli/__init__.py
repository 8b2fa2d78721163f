"""The `undying` command: thin, like views."""

from __future__ import annotations

import os
import sys

from undying.kernel.errors import BadSetting


def main() -> None:
    """Set Django up and run the command. A setting that cannot be used is one line and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
    import django  # noqa: PLC0415 - the settings must be named first

    try:
        django.setup()
    except BadSetting as error:
        sys.stderr.write(f"undying: {error}\n")
        sys.exit(2)
    from undying.cli.commands import undying  # noqa: PLC0415 - needs the set-up

    undying(prog_name="undying")
