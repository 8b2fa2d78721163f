"""What is not documented does not exist: settings, commands, options, the import report."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from tests.meta.source import ROOT
from tools import theming
from tools.reference import LAYERS, every_command
from undying.cli.commands import undying
from undying.exchange.report import ContainerReport, Reason, Report
from undying.kernel.conf import SETTINGS
from undying.web.page import Page, told_fields

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
COMMANDS = dict(every_command(undying))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting):
    text = (DOCS / "running" / "settings.md").read_text()
    assert f"\n### `{setting.name}`\n\n{setting.help}\n" in text
    assert f"`{setting.variable}`" in text
    assert setting.help.endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_every_option(name):
    text = (DOCS / "running" / "commands.md").read_text()
    heading = re.search(rf"^### `{name}(?: [^a-z`]+)?`$", text, re.MULTILINE)
    assert heading
    section = text[heading.end() :].partition("\n### ")[0]
    assert COMMANDS[name].help
    for option in COMMANDS[name].params:
        if option.param_type_name == "option" and not option.hidden:
            assert re.search(rf"^- `{option.opts[0]}`: \S", section, re.MULTILINE), option.opts


def test_nothing_is_documented_that_is_not_there():
    settings = re.findall(r"^### `(\w+)`$", (DOCS / "running" / "settings.md").read_text(), re.MULTILINE)
    assert settings == [setting.name for setting in SETTINGS]
    commands = re.findall(r"^### `(undying[a-z -]*[a-z])", (DOCS / "running" / "commands.md").read_text(), re.MULTILINE)
    assert sorted(commands) == sorted(COMMANDS)


@pytest.mark.parametrize("kind", [Report, ContainerReport, Reason])
def test_every_field_of_the_import_report_is_documented(kind):
    text = (DOCS / "running" / "importing.md").read_text()
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in text] == []


def test_the_documented_layers_are_those_that_are_enforced():
    contract = (ROOT / ".importlinter").read_text().partition("layers =\n")[2].partition("containers")[0]
    enforced = [tuple(part.strip() for part in line.split("|")) for line in contract.strip().splitlines()]
    assert enforced == list(LAYERS)


def test_every_token_and_every_page_field_is_documented():
    text = (DOCS / "theming.md").read_text()
    css = ROOT / "undying" / "web" / "static" / "css" / "tokens.css"
    tokens = set(re.findall(r"^\s+(--[\w-]+):", css.read_text(), re.MULTILINE))
    assert len(tokens) > 20
    assert {token for token in tokens if f"`{token}`" not in text} == set()
    theming.pages()  # which loads every page
    for page in theming.below(Page):
        section = text.partition(f"\n### {page.__name__}\n")[2].partition("\n### ")[0]
        assert {name for name in told_fields(page) if f"`page.{name}`" not in section} == set(), page.__name__


NAMED = re.compile(r"(?<![\w/])(?:docs|tests|tools|bench|undying)/[\w/.-]+\.(?:md|py)\b")


def broken_in(path: Path) -> set[str]:
    """The links of a document, and the files that it names, that are not there."""
    text = path.read_text()
    linked = {target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target}
    return {target for target in linked if not (path.parent / target).exists()} | {
        named for named in NAMED.findall(text) if not (ROOT / named).exists()
    }


@pytest.mark.parametrize("path", [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))], ids=lambda path: path.stem)
def test_links_between_documents_lead_somewhere(path):
    assert broken_in(path) == set()
