"""Settings: where they come from, and that wrong ones fail loudly, in one line."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from undying.kernel.conf import SETTINGS, load
from undying.kernel.errors import BadSetting

if TYPE_CHECKING:
    from pathlib import Path


def conf(home: Path, written: str = "", **environ: str):
    """What is in force with this undying.toml and this environment."""
    if written:
        (home / "undying.toml").write_text(written)
    return load({"UNDYING_HOME": str(home), **environ})


def test_without_a_word_every_setting_has_its_default(tmp_path):
    assert conf(tmp_path).values == {setting.name: setting.default for setting in SETTINGS}


def test_the_file_sets_and_the_environment_wins(tmp_path):
    told = conf(
        tmp_path,
        'site_name = "Whitby"\nport = 9000\nallowed_hosts = ["a.example"]\nbehind_https_proxy = true',
        UNDYING_SITE_NAME="Carfax",
        UNDYING_THREADS="3",
    )
    assert (told.text("site_name"), told.number("port"), told.number("threads")) == ("Carfax", 9000, 3)
    assert told.texts("allowed_hosts") == ("a.example",)
    assert told.yes("behind_https_proxy")


def test_lists_in_the_environment_are_separated_by_commas(tmp_path):
    assert conf(tmp_path, UNDYING_ALLOWED_HOSTS="a.example, b.example,").texts("allowed_hosts") == (
        "a.example",
        "b.example",
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('sight_name = "x"', "'sight_name', which is no setting"),
        ("port = 70000", "port in .*undying.toml is 70000; it should be a port from 1 to 65535"),
        ("port = true", "it should be a whole number"),
        ('base_url = "archive.example"', "an address such as"),
        ('base_url = "https://archive.example/path"', "an address such as"),
        ('base_url = "https://archive.example:door"', "an address such as"),
        ('base_url = "https://["', "an address such as"),
        ('accent = "red"', "a colour such as #7b1e2b"),
        ("site_name = 7", "it should be a text"),
        ("threads = 0", "a whole number from 1 to 64"),
        ('behind_https_proxy = "perhaps"', "true or false"),
        ('allowed_hosts = "x"\nallowed_hosts = "y"', "not valid TOML"),
        ("site_name = ", "not valid TOML"),
    ],
)
def test_a_wrong_line_in_the_file_is_named(tmp_path, written, told):
    with pytest.raises(BadSetting, match=told) as caught:
        conf(tmp_path, written)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("UNDYING_SIGHT_NAME", "x", "UNDYING_SIGHT_NAME, which is no setting"),
        ("UNDYING_PORT", "eighty", "UNDYING_PORT is 'eighty'; it should be a whole number"),
        ("UNDYING_PORT", "", "it should be a whole number"),
        ("UNDYING_DATABASE_URL", "mysql://u:secret@h/n", "DATABASE_URL is ...; it should be empty"),
        ("DATABASE_URL", "postgres://u@h:port/n", "it should be empty"),
        ("DATABASE_URL", "postgres://u@h", "it should be empty"),
        ("OPENSEARCH_URL", "https://h:9200,u:secret@h", "OPENSEARCH_URL is ...; it should be empty"),
        ("UNDYING_OPENSEARCH_PREFIX", "Works", "a name of small letters"),
    ],
)
def test_a_wrong_variable_is_named_and_its_secret_is_not(tmp_path, variable, value, told):
    with pytest.raises(BadSetting, match=told) as caught:
        conf(tmp_path, **{variable: value})
    assert "secret@" not in str(caught.value)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    (tmp_path / "undying.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSetting, match="not valid TOML"):
        conf(tmp_path)
    (tmp_path / "undying.toml").unlink()
    (tmp_path / "undying.toml").mkdir()
    with pytest.raises(BadSetting, match="cannot be read"):
        conf(tmp_path)


def test_a_signing_key_is_made_once_for_the_owners_eyes(tmp_path):
    made = conf(tmp_path).secret_key
    file = tmp_path / "secret_key"
    assert len(made) > 50
    assert conf(tmp_path).secret_key == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_reading_the_settings_writes_nothing(tmp_path):
    conf(tmp_path / "not there")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("environ", "hosts"),
    [
        ({}, {"localhost", "127.0.0.1", "[::1]"}),
        ({"UNDYING_BASE_URL": "https://archive.example"}, {"localhost", "127.0.0.1", "[::1]", "archive.example"}),
        ({"UNDYING_HOST": "0.0.0.0"}, {"*"}),
        (
            {"UNDYING_HOST": "0.0.0.0", "UNDYING_ALLOWED_HOSTS": "archive.example"},
            {"localhost", "127.0.0.1", "[::1]", "0.0.0.0", "archive.example"},
        ),
        ({"UNDYING_HOST": "::"}, {"*"}),
    ],
)
def test_the_archive_answers_to_its_own_names(tmp_path, environ, hosts):
    assert set(conf(tmp_path, **environ).hosts()) == hosts


def test_a_postgres_address_is_taken_apart(tmp_path):
    told = conf(tmp_path, DATABASE_URL="postgres://ada:p%40ss@db.example:5433/undying").database()
    assert {key: told[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "undying",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
