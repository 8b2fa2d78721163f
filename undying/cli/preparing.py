"""What must stand before an archive can open: its folder, its tables, its static files."""

from __future__ import annotations

import hashlib
import io

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare_database() -> None:
    """Bring the tables up to date. Next to nothing to do when they are."""
    settings.UNDYING.home.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def prepare() -> None:
    """Bring tables and static files up to date."""
    prepare_database()
    stamp = settings.STATIC_ROOT / ".stamp"
    fresh = _static_digest()
    if not stamp.exists() or stamp.read_text() != fresh:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, stdout=io.StringIO())
        stamp.write_text(fresh)


def _static_digest() -> str:
    """Changes when any static file does."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            seen.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return seen.hexdigest()
