"""All that pages are made of, loaded before anybody asks for one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.template import engines


def load_pages() -> None:
    """Import every page and read every template, so that no first reader waits for it, and processes that are forked
    afterwards share the memory. Neither the database nor the index is opened.
    """
    import_module(settings.ROOT_URLCONF)
    engine = engines["django"]
    for folder in engine.template_dirs:
        for path in Path(folder).rglob("*.html"):
            engine.get_template(path.relative_to(folder).as_posix())
