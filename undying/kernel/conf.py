"""Every setting, declared once: name, type, default, help.

A value comes from the environment (`UNDYING_SITE_NAME`), else from `undying.toml` in the data folder (`site_name`),
else from the default here. Unknown names and malformed values are refused at start, by name.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from undying.kernel.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MANY = 64
"""More threads or processes than this is a slip of the keyboard."""

Value = str | int | bool | tuple[str, ...]


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("a text")
    return raw


def _number(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str) or not re.fullmatch(r"\d{1,9}", str(raw)):
        raise TypeError("a whole number")
    return int(raw)


def _count(raw: object) -> int:
    number = _number(raw)
    if not 1 <= number <= MANY:
        raise TypeError(f"a whole number from 1 to {MANY}")
    return number


def _port(raw: object) -> int:
    number = _number(raw)
    if not 1 <= number <= 65535:  # noqa: PLR2004 - the range of TCP ports
        raise TypeError("a port from 1 to 65535")
    return number


def _yes_or_no(raw: object) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(raw, bool):
        return raw
    if not isinstance(raw, str) or raw.lower() not in known:
        raise TypeError("true or false")
    return known[raw.lower()]


def _texts(raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    if not isinstance(raw, list) or not all(isinstance(part, str) for part in raw):
        raise TypeError("a list of texts (in the environment: separated by commas)")
    return tuple(raw)


def _address(raw: object) -> str:
    text = _text(raw).rstrip("/")
    if text and not (re.fullmatch(r"https?://[^/\s]+", text) and _has_host(text)):
        raise TypeError("an address such as https://archive.example (no path)")
    return text


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as a port of letters, or an open bracket
        return False


def _colour(raw: object) -> str:
    text = _text(raw)
    if text and not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise TypeError("a colour such as #7b1e2b")
    return text


def _security(raw: object) -> str:
    text = _text(raw).lower()
    if text not in {"starttls", "tls", "none"}:
        raise TypeError("starttls, tls or none")
    return text


def _whose_second_factor(raw: object) -> str:
    text = _text(raw).lower()
    if text not in {"public", "always", "never"}:
        raise TypeError("public, always or never")
    return text


def _database(raw: object) -> str:
    text = _text(raw)
    if text and not (re.match(r"postgres(ql)?://", text) and _has_host(text) and urlsplit(text).path.strip("/")):
        raise TypeError("empty (the embedded database) or postgres://user:password@host:port/name")
    return text


def _nodes(raw: object) -> tuple[str, ...]:
    nodes = tuple(each.rstrip("/") for each in _texts(raw))
    if not all(re.fullmatch(r"https?://[^\s]+", each) and _has_host(each) for each in nodes):
        raise TypeError("empty (the embedded engine) or addresses such as https://user:password@host:9200")
    return nodes


def _index_name(raw: object) -> str:
    text = _text(raw)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", text):
        raise TypeError("a name of small letters, digits, - and _")
    return text


SECRET = frozenset({"secret_key", "database_url", "mail_password", "opensearch_url"})
"""Settings whose values are not shown."""
THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - nothing is bound here


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that an operator may choose."""

    name: str
    read: Callable[[object], Value]
    default: Value
    help: str
    also: str = ""

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return "UNDYING_" + self.name.upper()


SETTINGS = (
    Setting(name="site_name", read=_text, default="Undying", help="The archive's name, on every page."),
    Setting(
        name="site_sentence",
        read=_text,
        default="A small library of fan fiction, open late.",
        help="What this archive is, in one sentence, for the front page.",
    ),
    Setting(
        name="archivist_name",
        read=_text,
        default="the archivist",
        help='Who imported works are "archived by", until their authors claim them.',
    ),
    Setting(
        name="base_url",
        read=_address,
        default="",
        help="The public address, for links in downloads. Empty: the address that the reader used.",
    ),
    Setting(
        name="accent",
        read=_colour,
        default="",
        help="The archive's own accent colour in the light theme, such as #7b1e2b. Empty: oxblood.",
    ),
    Setting(
        name="accent_dark",
        read=_colour,
        default="",
        help="The same for the dark theme, such as #e58a93.",
    ),
    Setting(name="host", read=_text, default="127.0.0.1", help="The address that `undying serve` listens on."),
    Setting(name="port", read=_port, default=8000, help="The port that `undying serve` listens on."),
    Setting(name="threads", read=_count, default=8, help="How many requests one web process answers at a time."),
    Setting(
        name="web_processes",
        read=_count,
        default=1,
        help="How many web processes `undying serve` starts. One is right for a small machine.",
    ),
    Setting(
        name="allowed_hosts",
        read=_texts,
        default=(),
        help="Host names that the archive answers to, besides localhost, `host` and that of base_url. Empty, with an "
        "empty base_url and a `host` that means every address (0.0.0.0 or ::): any name.",
    ),
    Setting(
        name="behind_https_proxy",
        read=_yes_or_no,
        default=False,
        help="Trust X-Forwarded-Proto from a proxy in front, and send secure cookies. Set it only behind one.",
    ),
    Setting(
        name="database_url",
        read=_database,
        default="",
        help="Empty for the embedded SQLite; or postgres://user:password@host:port/name.",
        also="DATABASE_URL",
    ),
    Setting(
        name="opensearch_url",
        read=_nodes,
        default=(),
        help="Empty for the embedded search engine; or the addresses of an OpenSearch cluster's nodes, such as "
        "https://user:password@host:9200 (see docs/running/opensearch.md).",
        also="OPENSEARCH_URL",
    ),
    Setting(
        name="opensearch_prefix",
        read=_index_name,
        default="undying",
        help="What the names of this archive's indexes begin with. Two archives on one cluster need two.",
    ),
    Setting(
        name="opensearch_shards",
        read=_count,
        default=1,
        help="Into how many shards a new index is cut: one for each five million works or so.",
    ),
    Setting(
        name="opensearch_ca",
        read=_text,
        default="",
        help="A file with the certificates that OpenSearch's own may be signed by. Empty: those that browsers trust.",
    ),
    Setting(
        name="announced_days",
        read=_number,
        default=30,
        help="How many days an import is announced before it may be opened to everyone.",
    ),
    Setting(
        name="hold_tags",
        read=_texts,
        default=("Underage", "Underage Sex", "Real Person Fiction", "RPF"),
        help="Tags, of any kind, whose imported works stay for members until the archivist has looked at each.",
    ),
    Setting(
        name="invitation_days",
        read=_number,
        default=90,
        help="How many days the link in the letter to an author works.",
    ),
    Setting(
        name="mail_host",
        read=_text,
        default="",
        help="The SMTP server that letters go through. Empty: they are written into the folder `mail` of the data "
        "folder, to look at.",
    ),
    Setting(name="mail_port", read=_port, default=587, help="The port of the SMTP server."),
    Setting(name="mail_user", read=_text, default="", help="The user name at the SMTP server; may stay empty."),
    Setting(name="mail_password", read=_text, default="", help="The password there."),
    Setting(
        name="mail_security",
        read=_security,
        default="starttls",
        help="How mail is kept private on its way to the server: starttls, tls or none.",
    ),
    Setting(
        name="mail_from",
        read=_text,
        default="",
        help="The address that letters come from, such as archivist@archive.example.",
    ),
    Setting(name="mails_per_hour", read=_number, default=60, help="How many letters are sent in an hour at most."),
    Setting(
        name="staff_second_factor",
        read=_whose_second_factor,
        default="public",
        help="When archivists need a second factor before their desk opens: always, never, or public, which is as soon "
        "as base_url or allowed_hosts is set or `host` is not this machine alone.",
    ),
    Setting(
        name="secret_key",
        read=_text,
        default="",
        help="The key that signs sessions and knows opt-outs again. Empty: one is made and kept in the data folder.",
    ),
)


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """The data folder: UNDYING_HOME, else `undying` in the user's data folder."""
    if named := environ.get("UNDYING_HOME"):
        return Path(named).expanduser().resolve()
    data = environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()
    return (Path(data) / "undying").resolve()


@dataclass(frozen=True, slots=True)
class Conf:
    """The settings in force. `conf.site_name` and the like; `home` is the data folder."""

    home: Path
    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """A setting that is a text."""
        value = self.values[name]
        assert isinstance(value, str)
        return value

    def number(self, name: str) -> int:
        """A setting that is a number."""
        value = self.values[name]
        assert isinstance(value, int)
        return value

    def yes(self, name: str) -> bool:
        """A setting that is yes or no."""
        return self.values[name] is True

    def texts(self, name: str) -> tuple[str, ...]:
        """A setting that is a list."""
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    @property
    def is_public(self) -> bool:
        """Whether anybody but who sits at this machine is meant to reach the archive."""
        return bool(self.text("base_url") or self.texts("allowed_hosts") or self.text("host") not in THIS_MACHINE)

    @property
    def secret_key(self) -> str:
        """The signing key: the setting, else one made on first use and kept, readable by its owner alone."""
        if given := self.text("secret_key"):
            return given
        path = self.home / "secret_key"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(50))
        return path.read_text().strip()

    def hosts(self) -> list[str]:
        """The host names that the archive answers to."""
        host, named = self.text("host"), list(self.texts("allowed_hosts"))
        if base := urlsplit(self.text("base_url")).hostname:
            named.append(base)
        if host in EVERY_ADDRESS and not named:
            return ["*"]
        return ["localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host, *named]

    def database(self) -> dict[str, Any]:
        """Django's description of the database. The choices for SQLite are argued in docs/decisions/0003."""
        if url := self.text("database_url"):
            return _postgres(url)
        return {
            "ENGINE": "undying.kernel.sqlite",
            "NAME": self.home / "undying.sqlite3",
            # A connection costs five pragmas; and the last to close folds the log back, which a reader would wait for.
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8000;"
                ),
            },
        }


def _write_once(path: Path, text: str) -> None:
    """The first process to come by writes the file, whole and for its owner alone; the others find it there."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def load(environ: Mapping[str, str] = os.environ) -> Conf:
    """The settings in force. Raises BadSetting that names the setting, its place and what it may be."""
    folder = home(environ)
    file = folder / "undying.toml"
    written = _toml(file)
    known = {setting.name for setting in SETTINGS}
    if strange := sorted(written.keys() - known):
        names = ", ".join(sorted(known))
        raise BadSetting(f"{file} sets {strange[0]!r}, which is no setting. The settings are: {names}.")
    _refuse_unknown_variables(environ)
    return Conf(folder, {setting.name: _value(setting, environ, written, file) for setting in SETTINGS})


def _toml(file: Path) -> dict[str, object]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{file} is not valid TOML: {str(error).rstrip('.')}.") from error
    except OSError as error:
        raise BadSetting(f"{file} cannot be read: {error.strerror}.") from error


NOT_SETTINGS = frozenset({"UNDYING_HOME", "UNDYING_SAMPLES"})


def _refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    known = {setting.variable for setting in SETTINGS} | NOT_SETTINGS
    for variable in sorted(environ):
        if variable.startswith("UNDYING_") and variable not in known:
            raise BadSetting(f"The environment sets {variable}, which is no setting. See docs/running/settings.md.")


def _value(setting: Setting, environ: Mapping[str, str], written: Mapping[str, object], file: Path) -> Value:
    for variable in filter(None, (setting.variable, setting.also)):
        if variable in environ:
            return _read(setting, environ[variable], f"the environment variable {variable}")
    if setting.name in written:
        return _read(setting, written[setting.name], f"{setting.name} in {file}")
    return setting.default


def _read(setting: Setting, raw: object, place: str) -> Value:
    try:
        return setting.read(raw)
    except TypeError as error:
        shown = "..." if setting.name in SECRET else repr(raw)
        raise BadSetting(f"{place} is {shown}; it should be {error}.") from error
