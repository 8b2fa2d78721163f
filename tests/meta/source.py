"""The source of the project, as the rules of the house look at it."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "undying"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks, and those that it would be asked to."""
    words = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(path for name in names if name and (path := ROOT / name).is_file())


@cache
def modules() -> tuple[Path, ...]:
    """The modules of the package; migrations are made by Django and judged by nobody."""
    return tuple(sorted(path for path in PACKAGE.rglob("*.py") if path.parent.name != "migrations"))


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of a module with the name of the place where it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call in a module: its dotted name, and its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def shown(path: Path) -> str:
    """Its path in the checkout."""
    return path.relative_to(ROOT).as_posix()
