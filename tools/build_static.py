"""Bring what others made (htmx, the fonts, ProseMirror, their licences) from node_modules to undying/web/static/built/.

Nothing that others wrote is committed: `make setup` runs this after `npm ci`, and the wheel carries the result. The
weight axis of Literata is taken and not the one with optical sizes as well: 53 KB where that has 110 KB.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILT = ROOT / "undying" / "web" / "static" / "built"

PROSEMIRROR = ROOT / "tools" / "prosemirror.js"
ESBUILD = MODULES / "esbuild" / "bin" / "esbuild"
BROWSERS = "es2022"

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
    for package in bundled():
        files[f"licences/{package}.txt"] = f"{package}/LICENSE"
    return files


def bundled() -> list[str]:
    """Every package that the bundle is made of."""
    return sorted(
        [*(path.name for path in MODULES.glob("prosemirror-*")), "orderedmap", "rope-sequence", "w3c-keyname"]
    )


def bundle() -> None:
    """ProseMirror as one module. Node is the machine's own, or the one beside this Python."""
    node = shutil.which("node") or Path(sys.executable).parent / "node"
    options = ["--bundle", "--format=esm", "--minify", f"--target={BROWSERS}", "--legal-comments=none"]
    target = f"--outfile={BUILT / 'prosemirror.js'}"
    subprocess.run([node, ESBUILD, PROSEMIRROR, *options, target, "--log-level=warning"], check=True)


def main() -> int:
    """Copy and bundle anew; 1 and one sentence when npm has not been run."""
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
    bundle()
    return 0


if __name__ == "__main__":
    sys.exit(main())
