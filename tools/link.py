"""Put this checkout on its virtual environment's path, and the command `undying` beside it."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the two files."""
    Path(sysconfig.get_path("purelib"), "undying-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = Path(sysconfig.get_path("scripts"), "undying")
    command.write_text(f"#!{sys.executable}\nfrom undying.cli import main\n\nmain()\n", encoding="utf-8")
    command.chmod(0o755)


main()
