"""Settings for the tests: a throw-away data folder, otherwise the real ones."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("UNDYING_HOME", tempfile.mkdtemp(prefix="undying-test-"))
