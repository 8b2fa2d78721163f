"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import io
import re
import tokenize

import pytest
from django.core.management import call_command

from tests.meta.source import PACKAGE, ROOT, calls, functions, modules, shown, tracked, tree

VAGUE = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "lib", "tools", "managers"}
MARKS_SAFE = {"undying/web/templatetags/undying.py"}
CLOCK = {"undying/kernel/clock.py"}
PROVES_PROSE = {"undying/manuscript/clean.py", "undying/manuscript/model.py", "undying/kernel/fields.py"}
CLOCKS = re.compile(r"(datetime|date|timezone|dt)\.(now|utcnow|today|localtime|localdate)$")
MARKERS = ("mark_safe", "format_html", "SafeString", "SafeText", "html_safe")
EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:\s*no cover)(?P<rest>.*)")


def test_names_say_what_a_module_is_about():
    names = {*(path.stem for path in modules()), *(path.parent.name for path in modules())}
    assert names & VAGUE == set()


def test_only_the_prose_filter_marks_markup_as_safe():
    found = {
        shown(path)
        for path in modules()
        for name, _ in calls(path)
        if name.rpartition(".")[2] in MARKERS or name.endswith("__html__")
    }
    assert found == MARKS_SAFE


def test_only_the_clock_asks_what_time_it_is():
    found = {shown(path) for path in modules() for name, _ in calls(path) if CLOCKS.search(name)}
    assert found == CLOCK


def test_prose_is_proved_in_three_places():
    """Anywhere else `Prose(...)` would be a claim that nobody checked."""
    found = {
        f"{shown(path)}:{line}"
        for path in modules()
        if shown(path) not in PROVES_PROSE
        for name, line in calls(path)
        if name.rpartition(".")[2] == "Prose"
    }
    assert found == set()


def test_nothing_happens_behind_a_save():
    overridden = [place for path in modules() for place, node in functions(path) if node.name in {"save", "delete"}]
    assert overridden == []


def test_no_module_listens_to_signals():
    words = ("receiver", "post_save", "pre_save", "post_delete", "m2m_changed")
    found = [
        shown(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and any(alias.name in words for alias in node.names)
    ]
    assert found == []


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    found = [
        f"{shown(path)}:{number}"
        for path in tracked()
        if path.suffix in {".py", ".html", ".css", ".js", ".md", ".toml", ".sh"} and "golden" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if later.search(line)
    ]
    assert found == []


def test_every_excuse_has_a_code_and_a_reason():
    bare = []
    for path in [path for path in tracked() if path.suffix == ".py"]:
        with tokenize.open(path) as file:
            comments = [
                t for t in tokenize.generate_tokens(io.StringIO(file.read()).readline) if t.type == tokenize.COMMENT
            ]
        for comment in comments:
            excuse = EXCUSE.match(comment.string)
            if excuse and not re.match(r"(: [A-Z0-9, ]+|\[[\w, -]+\])( - |  (# )?)\S", excuse["rest"]):
                bare.append(f"{shown(path)}:{comment.start[0]} {comment.string}")
    assert bare == []


def test_what_another_package_may_call_says_what_it_does():
    silent = [
        f"{shown(path)}: {node.name}"
        for path in modules()
        for node in tree(path).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_is_for():
    assert [shown(path) for path in modules() if path.read_text().strip() and not ast.get_docstring(tree(path))] == []


def test_every_decision_is_linked():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert records
    assert [name for name in records if f"({name})" not in index] == []
    numbers = [name[:4] for name in records]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.django_db
def test_tables_and_migrations_are_in_step():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


HOSTS = (
    "py" + "pi.org",
    "pythonho" + "sted",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb.deb" + "ian",
    "crates" + ".io",
    "mav" + "en.org",
)
MACHINE = re.compile(r"(?<![\w.$}-])/(work|home|root|Users)/")
SCRATCH = re.compile(r"(?<![\w.$}-])/tmp/")


def test_no_file_knows_the_machine_it_was_written_on():
    found = []
    for path in tracked():
        if path.suffix in {".png", ".webp", ".jpg", ".woff2", ".epub", ".docx", ".odt"} or path == ROOT / "LICENSE":
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{shown(path)}: {host}" for host in HOSTS if host in text]
        rules = (MACHINE,) if path.is_relative_to(ROOT / "tests") else (MACHINE, SCRATCH)
        found += [f"{shown(path)}: {match[0]}" for rule in rules for match in rule.finditer(text)]
    assert found == []


def test_packages_are_locked_with_their_hashes():
    for name in ("runtime", "dev", "node"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE | re.IGNORECASE)
        hashed = re.findall(r"^[a-z0-9._-]+==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE | re.IGNORECASE)
        assert pins
        assert len(pins) == len(hashed)


def test_the_package_is_the_folder():
    assert PACKAGE.is_dir()
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"} == {
        "cli",
        "community",
        "exchange",
        "finding",
        "formats",
        "kernel",
        "library",
        "manuscript",
        "moderation",
        "people",
        "site",
        "web",
    }
