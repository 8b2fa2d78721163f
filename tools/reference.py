"""What the docs say of settings, commands and imports, made from the code. `make docs` puts it into docs/."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "undying"
LAYERS = (
    ("site",),
    ("web", "cli"),
    ("finding", "moderation", "exchange"),
    ("community",),
    ("library",),
    ("people",),
    ("formats", "kernel"),
    ("manuscript",),
)


def settings() -> str:
    """Every setting with its variable and default."""
    from undying.kernel.conf import SETTINGS  # noqa: PLC0415 - docs of the layers need no settings

    return (
        "\n".join(
            f"\n### `{each.name}`\n\n{each.help}\n\nDefault: `{_toml(each.default)}`. In the environment: "
            + " or ".join(f"`{name}`" for name in (each.variable, each.also) if name)
            + "."
            for each in SETTINGS
        )
        + "\n"
    )


def searching() -> str:
    """Every example of the search box, by chapter."""
    from undying.finding.examples import CHAPTERS  # noqa: PLC0415 - docs of the layers need no settings

    return "".join(
        f"\n## {chapter.title}\n\n{chapter.text + chr(10) * 2 if chapter.text else ''}| type | to find |\n|---|---|\n"
        + "".join(f"| `{_cell(each.query)}` | {_cell(each.finds)} |\n" for each in chapter.examples)
        for chapter in CHAPTERS
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "[]" if value == () else f'"{value}"' if isinstance(value, str) else str(value)


def commands() -> str:
    """Every command with its arguments and options."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
    import django  # noqa: PLC0415 - docs of the layers need no Django

    django.setup()
    from undying.cli.commands import undying  # noqa: PLC0415 - needs the set-up

    return "\n".join(_told(name, command) for name, command in every_command(undying)) + "\n"


def every_command(group: click.Group, above: str = "undying") -> Iterator[tuple[str, click.Command]]:
    """Commands that do something, in the order of their names; with `import files` as the one that users type."""
    for name, command in sorted(group.commands.items()):
        whole = f"{above} {name}"
        if subcommands := getattr(command, "commands", None):
            assert subcommands
            yield from every_command(command, whole)  # type: ignore[arg-type]  # it has commands: it is a group
        elif not command.hidden:
            yield whole, command
        elif whole == "undying import files":
            yield "undying import", command


def _told(name: str, command: click.Command) -> str:
    import click  # noqa: PLC0415 - docs of the layers need none

    arguments = [
        each.make_metavar(click.Context(command)) for each in command.params if isinstance(each, click.Argument)
    ]
    lines = [f"\n### `{' '.join([name, *arguments])}`\n", (command.help or "").split("\f")[0].strip(), ""]
    lines += [
        f"- `{option.opts[0]}`: {option.help or _choices(option)}"
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden
    ]
    return "\n".join(lines).rstrip() + "\n"


def _choices(option: click.Option) -> str:
    import click  # noqa: PLC0415 - as above

    return ", ".join(option.type.choices) + "." if isinstance(option.type, click.Choice) else ""


def imports() -> str:
    """Which package imports which, from the code: the layers from the top, each with what it reaches below."""
    lines = ["", "| layer | package | imports |", "|---|---|---|"]
    for number, layer in enumerate(LAYERS):
        for name in layer:
            below = sorted(_imported_by(name), key=_depth)
            lines.append(
                f"| {len(LAYERS) - number} | `{name}` | {', '.join(f'`{each}`' for each in below) or 'nothing'} |"
            )
    return "\n".join(lines) + "\n"


def _depth(name: str) -> tuple[int, str]:
    return next(number for number, layer in enumerate(LAYERS) if name in layer), name


def _imported_by(name: str) -> set[str]:
    found = set()
    for path in (PACKAGE / name).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("undying"):
                found |= {f"{node.module}.{alias.name}".split(".")[1] for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("undying.")}
    return found - {name}
