"""What docs/theming.md is made of: the tokens with their values, the pages with their fields."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
TOKENS = ROOT / "undying" / "web" / "static" / "css" / "tokens.css"


def tokens() -> str:
    """A table for each group of tokens, under the comment that opens the group."""
    lines: list[str] = []
    root = TOKENS.read_text(encoding="utf-8").split(":root {", 1)[1].split("\n}", 1)[0]
    for line in re.sub(r"\s*\n\s{5,}", " ", root).splitlines():
        comment = re.fullmatch(r"\s*/\* (.+) \*/", line)
        token = re.match(r"\s*(--[\w-]+): (.+?);", line)
        if comment:
            lines += ["", comment[1], "", "| token | value |", "|---|---|"]
        elif token:
            lines.append(f"| `{token[1]}` | `{token[2]}` |")
    return "\n".join(lines) + "\n\n"


def pages() -> str:
    """A table of fields for each page, with the template it fills."""
    django.setup()
    web = importlib.import_module("undying.web")
    for module in pkgutil.walk_packages(web.__path__, "undying.web."):
        importlib.import_module(module.name)
    page = importlib.import_module("undying.web.page")
    lines = ["", "Every template has `site`:", "", "| field | what it holds |", "|---|---|"]
    lines += [f"| `{name}` | {help_} |" for name, help_ in page.told_fields(page.Site).items()]
    for each in sorted(below(page.Page), key=lambda found: (str(found.template), found.__name__)):
        part = f", part `{each.part}`" if each.part else ""
        lines += ["", f"### {each.__name__}", "", f"{each.__doc__} `templates/{each.template}`{part}.", ""]
        lines += ["| field | what it holds |", "|---|---|"]
        lines += [f"| `page.{name}` | {help_} |" for name, help_ in page.told_fields(each).items()]
    return "\n".join(lines) + "\n\n"


def below(page: type) -> set[type]:
    """Every page that has a template."""
    found = set(page.__subclasses__()).union(*(below(each) for each in page.__subclasses__()))
    return {each for each in found if hasattr(each, "template")}
