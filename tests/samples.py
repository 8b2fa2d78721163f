"""Where the real sample files lie: beside the checkout, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SAMPLES = Path(os.environ.get("UNDYING_SAMPLES", Path(__file__).resolve().parents[2] / "shared" / "samples"))

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not beside this checkout")
