"""Settings for the tests: a throw-away data folder, otherwise the real ones."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("UNDYING_HOME", tempfile.mkdtemp(prefix="undying-test-"))

from undying.site.settings import *  # noqa: F403 - the data folder must be named first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: nothing here is a secret
SEARCH_BACKEND = "undying.finding.backends.memory.MemoryBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
