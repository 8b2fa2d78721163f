"""The contract of who may see what (tests/web/privacy/matrix.json), as the table in docs/privacy.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).parent.parent / "tests/web/privacy/matrix.json"


def rules() -> list[dict[str, Any]]:
    """Each rule: `id`, `state`, `secret`, `never` (who may not), `may` (who may), and `held_by` or `not_yet`."""
    found: list[dict[str, Any]] = json.loads(CONTRACT.read_text())["rules"]
    return found


def table() -> str:
    """The rules and what holds each."""
    head = ["", "| rule | of what | what is secret | held by |", "|---|---|---|---|"]
    rows = [f"| {each['id']} | {each['state']} | {each['secret']} | {_holding(each)} |" for each in rules()]
    return "\n".join([*head, *rows, ""])


def _holding(rule: dict[str, Any]) -> str:
    if "not_yet" in rule:
        return f"nothing yet: {rule['not_yet']}"
    files = dict.fromkeys(Path(each.partition("::")[0]).name for each in rule["held_by"])
    return ", ".join(f"`{name}`" for name in files)
