"""Templates compile, have titles, and say what they need; pages say what they hold."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import undying.web
from undying.web.page import Page, told_fields

WEB = Path(undying.web.__file__).parent
FOLDER = WEB / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
EDITOR_PAGE = Path(__file__).resolve().parents[1] / "e2e" / "editor_page.py"
PARTS = [name for name in TEMPLATES if name.startswith("parts/")]


def pages() -> list[type[Page]]:
    """Every page that there is."""
    for module in pkgutil.walk_packages(undying.web.__path__, "undying.web."):
        importlib.import_module(module.name)
    return sorted((page for page in _below(Page) if "template" in vars(page)), key=lambda page: page.__name__)


def _below(page: type[Page]) -> set[type[Page]]:
    return set(page.__subclasses__()).union(*(_below(each) for each in page.__subclasses__()))


def source(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_opens_with_a_word_on_what_it_needs(name):
    get_template(name)

    assert re.match(r"\{# .+? #\}", source(name)), "open with a comment that says what it is and what it needs"


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_part_gets_what_it_is_given_and_nothing_else(name):
    includes = re.findall(r"\{% include .+? %\}", source(name), flags=re.DOTALL)

    assert [include for include in includes if not include.endswith(" only %}")] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_trusts_markup_or_carries_code_and_style(name):
    text = source(name)

    assert not re.search(r"\|\s*safe\b|autoescape off", text)
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_links_knows_addresses(name):
    assert re.findall(r'(?:href|action|src)="/', source(name)) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.__name__)
def test_a_page_has_a_template_a_title_and_a_word_on_each_field(page):
    whole = source(page.template)
    base = source("layouts/base.html")

    assert '{% extends "layouts/base.html" %}' in whole
    assert "<title>{{ page.title }} | {{ site.name }}</title>" in base
    assert {name for name, help_ in told_fields(page).items() if not help_} == set()
    assert not page.part or f'{{% part "{page.part}" %}}' in whole
    assert page.__doc__


@pytest.mark.parametrize("name", PARTS)
def test_every_part_is_used(name):
    users = [*map(source, TEMPLATES), EDITOR_PAGE.read_text()]

    assert any(f'include "{name}"' in user for user in users)


def test_one_function_marks_markup_as_safe_and_nothing_here_reads_the_clock():
    calls = [
        (path.relative_to(WEB).as_posix(), node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
        for path in WEB.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    ]

    assert [call for call in calls if call[1] == "mark_safe"] == [("templatetags/undying.py", "mark_safe")]
    assert [call for call in calls if call[1] in {"today", "utcnow", "SafeString", "format_html"}] == []
