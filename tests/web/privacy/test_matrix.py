"""The contract of who may see what: each of its rules is held by tests that are there, or says why it cannot be yet."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools import privacy

HERE = Path(__file__).parent
RULES = privacy.rules()


@pytest.mark.parametrize("rule", RULES, ids=[each["id"] for each in RULES])
def test_a_rule_is_held_by_tests_or_says_why_not_yet(rule):
    assert ("held_by" in rule) != ("not_yet" in rule)
    for each in rule.get("held_by", []):
        file, _, name = each.partition("::")
        functions = [
            node.name for node in ast.parse((HERE / file).read_text()).body if isinstance(node, ast.FunctionDef)
        ]
        assert name in functions, each


def test_no_rule_stands_there_twice():
    assert len({each["id"] for each in RULES}) == len(RULES)
