"""The WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from undying.web.ready import load_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
application = get_wsgi_application()
load_pages()
