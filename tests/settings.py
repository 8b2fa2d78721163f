"""Settings for the tests: a throw-away data folder, otherwise the real ones. DATABASE_URL chooses PostgreSQL."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("UNDYING_") and name != "UNDYING_SAMPLES"]:
    del os.environ[_name]  # an archive's own folder and settings are none of the tests' business
os.environ["UNDYING_HOME"] = tempfile.mkdtemp(prefix="undying-test-")
os.environ["UNDYING_STAFF_SECOND_FACTOR"] = "never"  # the desks' tests sign in as archivists who have none
atexit.register(shutil.rmtree, os.environ["UNDYING_HOME"], ignore_errors=True)

from undying.site.settings import *  # noqa: E402, F403 - the data folder must be named first

if not UNDYING.text("database_url"):  # noqa: F405 - the settings' own
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405 - same
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: nothing here is a secret
SEARCH_BACKEND = "undying.finding.backends.memory.MemoryBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
STATIC_ROOT.mkdir()  # noqa: F405 - the settings' own; WhiteNoise warns of a folder that is not there
