"""The command line: what it tells, what it does, what it refuses."""

from __future__ import annotations

import json
import os

import pytest

from undying.cli.progress import line
from undying.kernel.version import CHECKOUT


def test_help_tells_the_whole_story_and_makes_no_data_folder(nothing_yet):
    told = nothing_yet.run("--help")
    assert told.returncode == 0
    for word in ("undying serve", "undying import", "user create", str(nothing_yet.home), "UNDYING_HOME", ".toml"):
        assert word in told.stdout
    for command in ("serve", "web", "worker", "setup", "demo", "import", "dump", "user", "doctor", "settings"):
        assert f"\n  {command} " in told.stdout
    assert not nothing_yet.home.exists()


def test_the_version_is_the_changelogs(archive):
    changes = (CHECKOUT / "CHANGELOG.md").read_text().splitlines()
    newest = next(line for line in changes if line.startswith("## "))
    assert archive.run("--version").stdout == f"undying, version {newest.removeprefix('## ')}\n"


@pytest.mark.parametrize("command", ["import", "import files", "serve", "dump", "user create", "search rebuild"])
def test_every_command_explains_itself(archive, command):
    told = archive.run(*command.split(), "--help")
    assert told.returncode == 0
    assert len(told.stdout.splitlines()) > 4


def test_a_wrong_setting_is_one_line_and_exit_code_2(archive):
    archive.environ["UNDYING_PORT"] = "eighty"
    told = archive.run("doctor")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == ("undying: the environment variable UNDYING_PORT is 'eighty'; it should be a whole number.\n")


def test_stories_come_in_and_go_out_and_come_in_elsewhere(archive, stories, tmp_path):
    report = tmp_path / "report.json"
    told = archive.run("import", str(stories), "--report", str(report))
    assert told.returncode == 0, told.stderr
    assert "2 works are new" in told.stdout
    assert "Everything adds up." in told.stdout
    assert json.loads(report.read_text())
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert archive.run("dump", str(first)).returncode == 0
    assert len(first.read_text().splitlines()) == 2
    archive.home = tmp_path / "another"  # which the import makes
    assert archive.run("import", str(first)).returncode == 0
    assert archive.run("dump", str(second)).returncode == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_rehearsal_writes_no_work(archive, stories):
    told = archive.run("import", str(stories), "--dry-run")
    assert told.returncode == 0
    assert "2 works would be new" in told.stdout
    assert "Works: 0" in archive.run("doctor").stdout


def test_a_batch_is_listed_opened_told_again_and_taken_back(archive, stories):
    archive.run("import", str(stories))
    assert archive.run("import", "list").stdout.startswith("1\t")
    assert "was not announced yet" in archive.run("import", "open", "1").stderr
    (archive.home / "notice.txt").write_text("The ring is closing.", encoding="utf-8")
    announced = archive.run("import", "announce", "1", "--name", "Ring", "--notice", str(archive.home / "notice.txt"))
    assert "Batch 1 is announced" in announced.stdout
    assert "may be opened on" in archive.run("import", "open", "1").stderr
    assert "2 works are open" in archive.run("import", "open", "1", "--reason", "They are mine.").stdout
    assert "Everything adds up." in archive.run("import", "report", "1").stdout
    assert "that was 2 works" in archive.run("import", "undo", "1").stdout
    assert "Works: 0" in archive.run("doctor").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["import", "undo", "77"], "77"),
        (["import", "nowhere.sql"], "nowhere.sql"),
        (["dump", "no/such/folder/out.jsonl"], "no/such/folder"),
        (["user", "create", "ada", "--password-file", "-"], "password"),
    ],
)
def test_a_refusal_is_a_line_and_no_traceback(archive, words, told):
    ended = archive.run(*words, given="short")
    assert ended.returncode == 1
    assert told in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 2


def test_a_data_folder_that_cannot_be_made_is_a_line(archive, tmp_path):
    (tmp_path / "file").write_text("in the way")
    archive.home = tmp_path / "file" / "home"
    ended = archive.run("doctor")
    assert ended.returncode != 0
    assert "Traceback" not in ended.stderr
    assert "in the way" not in ended.stderr
    assert str(tmp_path / "file") in ended.stderr


def test_an_account_is_made_and_listed(archive):
    made = archive.run(
        "user", "create", "ada", "--role", "archivist", "--password-file", "-", given="moon over Whitby\n"
    )
    assert made.stdout == "ada is here, as archivist.\n"
    assert archive.run("user", "list").stdout == "ada\tarchivist\n"
    again = archive.run("user", "create", "Ada", "--password-file", "-", given="moon over Whitby\n")
    assert (again.returncode, again.stderr) == (1, "undying: There is an account named Ada already.\n")


def test_the_doctor_finds_a_spoilt_index_and_rebuilding_mends_it(archive, stories):
    archive.run("import", str(stories))
    assert archive.run("doctor").returncode == 0
    assert archive.run("search", "check").returncode == 0
    index = archive.home / "index"
    files = [path for path in index.rglob("*") if path.is_file() and not path.name.endswith(".lock")]
    assert files
    for file in files:
        os.truncate(file, file.stat().st_size // 2)
    assert archive.run("search", "check").returncode == 1
    rebuilt = archive.run("search", "rebuild")
    assert rebuilt.stdout == "2 works are in the index.\n", rebuilt.stderr
    assert archive.run("search", "check").returncode == 0


@pytest.mark.parametrize("spoil", ["header", "cut", "page"])
def test_a_damaged_database_is_one_line_that_says_what_to_do(archive, stories, spoil):
    archive.run("import", str(stories))
    path = archive.home / "undying.sqlite3"
    data = bytearray(path.read_bytes())
    page = data.index(b"Passed Cape Matapan") // 4096 * 4096
    if spoil == "header":
        data[:16] = b"a letter to aunt"
    elif spoil == "cut":
        del data[len(data) // 2 :]
    else:
        data[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    for words in (["doctor"], ["dump", "whole.jsonl"]):
        ended = archive.run(*words)
        assert ended.returncode == 1
        assert "The database is damaged" in ended.stdout + ended.stderr
        assert "docs/running/upkeep.md" in ended.stdout + ended.stderr
        assert "Traceback" not in ended.stderr
        assert not (archive.folder / "whole.jsonl").exists()
    assert path.read_bytes() == data


def test_the_doctor_misses_a_database_that_knows_the_originals(archive, stories):
    archive.run("import", str(stories))
    for path in archive.home.glob("undying.sqlite3*"):
        path.unlink()
    ended = archive.run("doctor")
    assert ended.returncode == 1
    assert "the database knows of no import" in ended.stdout


def test_without_the_key_of_the_opt_outs_nothing_comes_in_until_it_is_back_or_they_are_let_go(archive, stories):
    archive.run("optout", "add", "--name", "quiet_tide")
    key = archive.home / "secret_key"
    key.rename(archive.home / "old")
    told = archive.run("import", str(stories))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "noted under another secret key" in told.stderr
    assert "! 1 opt-out was noted under another secret key" in archive.run("doctor").stdout
    assert archive.run("optout", "list").stdout.endswith("\tunder another key\n")
    assert archive.run("optout", "check", "--name", "quiet_tide").returncode == 1
    assert archive.run("optout", "forget", given="n\n").returncode == 1
    (archive.home / "old").rename(key)
    assert "1 works are new" in archive.run("import", str(stories)).stdout
    key.unlink()
    assert "1 opt-outs are off the list" in archive.run("optout", "forget", "--yes").stdout


def test_settings_are_told_with_their_names_and_without_secrets(archive):
    archive.environ |= {"UNDYING_SITE_NAME": "Whitby", "UNDYING_SECRET_KEY": "the moon is full"}
    told = archive.run("settings").stdout
    assert "site_name = 'Whitby'" in told
    assert "UNDYING_SITE_NAME" in told
    assert "the moon is full" not in told


def test_the_bar_tells_how_much_how_fast_and_how_long_still():
    assert line(250, 1000, "rows", 5.0) == "[██████··················] 250 of 1,000 rows, 50 a second, 0:15 left"
    assert line(250, 0, "rows", 5.0) == "250 rows, 50 a second"


def test_an_import_is_verified_and_read_again(archive, stories):
    assert archive.run("import", str(stories)).returncode == 0
    told = archive.run("import", "verify", "1")
    assert (told.returncode, told.stdout.splitlines()[-1]) == (
        0,
        "2 rows and files, 2 originals and 2 works were compared: all is as the ledger says.",
    )
    again = archive.run("import", "again", "1", "--repair", "efiction-entities")
    assert again.stdout.startswith("0 works would be changed, 0 stories and other things would be added.")
    refused = archive.run("import", "again", "1", "--repair", "efiction-entities", "--no-repairs")
    assert (refused.returncode, "either" in refused.stderr) == (2, True)
    original = next(path for path in (archive.home / "originals").rglob("*.gz"))
    original.unlink()
    told = archive.run("import", "verify", "1")
    assert told.returncode == 1
    assert "is missing" in told.stdout.splitlines()[0]
    lacking = archive.run("import", "again", "1")
    assert (lacking.returncode, lacking.stderr.count("\n")) == (1, 1)
    assert archive.run("import", "verify", "7").stderr.startswith("undying: There is no batch 7")
