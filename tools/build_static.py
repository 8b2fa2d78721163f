"""Copy what others made (htmx, the fonts, their licences) from node_modules to undying/web/static/built/.

Nothing that others wrote is committed: `make setup` runs this after `npm ci`, and the wheel carries the result. The
weight axis of Literata is taken and not the one with optical sizes as well: 53 KB where that has 110 KB.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILT = ROOT / "undying" / "web" / "static" / "built"

LITERATA = "@fontsource-variable/literata"
ATKINSON = "@fontsource-variable/atkinson-hyperlegible-next"
SUBSETS = {
    LITERATA: ("latin", "latin-ext", "greek", "cyrillic"),
    ATKINSON: ("latin", "latin-ext"),
}


def wanted() -> dict[str, str]:
    """Path below static/built -> path below node_modules, for every file that the site serves."""
    files = {"htmx.min.js": "htmx.org/dist/htmx.min.js", "licences/htmx.txt": "htmx.org/LICENSE"}
    for package, subsets in SUBSETS.items():
        name = package.split("/")[1]
        files[f"licences/{name}.txt"] = f"{package}/LICENSE"
        for subset in subsets:
            for style in ("normal", "italic"):
                font = f"{name}-{subset}-wght-{style}.woff2"
                files[f"fonts/{font}"] = f"{package}/files/{font}"
    return files


def main() -> int:
    """Copy the files anew; 1 and one sentence when npm has not been run."""
    files = wanted()
    missing = [source for source in files.values() if not (MODULES / source).is_file()]
    if missing:
        sys.stderr.write(f"node_modules/{missing[0]} is missing: run `npm ci` first.\n")
        return 1
    shutil.rmtree(BUILT, ignore_errors=True)
    for target, source in files.items():
        place = BUILT / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
