"""Manuscript and Keepsake <-> JSON: the dump format, and the exact copy of a story that every EPUB carries.

The text is one line of UTF-8 JSON whose keys stand in the order of the model's fields; fields at their default are left
out, times are ISO 8601 in UTC ending in Z, bytes are base64. Described in docs/formats/manuscript-json.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from undying.manuscript.clean import clean
from undying.manuscript.keepsakes import KINDS
from undying.manuscript.model import Manuscript, Picture, Prose, RawHtml, Review, Tagging

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from undying.manuscript.keepsakes import Keepsake

FORMAT = "undying-manuscript"
KEEPSAKE_FORMAT = "undying-keepsake"
VERSION = 1

# str.splitlines() ends a line at these too, so they are escaped: one story stays one line for every tool.
_LINE_ENDS = "\x85\u2028\u2029"
_NUL = re.compile(r"((?<!\\)(?:\\\\)*)(?:\\u0000)+")
_HALVES = re.compile("[\ud800-\udfff]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


class BadManuscript(ValueError):
    """Text that is no manuscript: one sentence that names the field and what is wrong with it."""


def to_json(manuscript: Manuscript, *, without: Collection[str] = ()) -> str:
    """The manuscript as one line, `without` the bytes of the pictures with these SHA-256: only the hashes stay.

    A lone surrogate, which no UTF-8 file can hold, becomes U+FFFD. Refuses a time without a zone with BadManuscript.
    """
    value = {"format": FORMAT, "version": VERSION, **_written(manuscript)}
    for picture in value.get("pictures", ()):
        if picture["sha256"] in without:
            del picture["data"]
    return _line(value)


def keepsake_to_json(keepsake: Keepsake) -> str:
    """The keepsake as one line that names its kind. Refuses as `to_json` does."""
    head = {"format": KEEPSAKE_FORMAT, "version": VERSION, "kind": keepsake.KIND}
    return _line({**head, "value": _written(keepsake)})


def from_json(text: str, *, pictures: Mapping[str, bytes] | None = None) -> Manuscript:
    """The manuscript that `to_json` wrote; all prose is cleaned again, so the text need not be trusted.

    `pictures` gives by SHA-256 the bytes that the text leaves out. Refuses with BadManuscript.
    """
    return _manuscript(_object(text), pictures or {})


def keepsake_from_json(text: str) -> Keepsake:
    """The keepsake that `keepsake_to_json` wrote, as strictly and with its prose cleaned again."""
    return _keepsake(_object(text))


def line_from_json(text: str) -> Manuscript | Keepsake:
    """Whichever of the two a line of a dump is. Refuses with BadManuscript."""
    value = _object(text)
    return _keepsake(value) if value.get("format") == KEEPSAKE_FORMAT else _manuscript(value, {})


def _manuscript(value: dict[str, Any], pictures: Mapping[str, bytes]) -> Manuscript:
    _check_head(value, FORMAT, "manuscript")
    _fill_pictures(value, pictures)
    manuscript: Manuscript = _read(Manuscript, value, "")
    for index, picture in enumerate(manuscript.pictures):
        _check(picture, f"pictures[{index}]")
    return manuscript


def _keepsake(value: dict[str, Any]) -> Keepsake:
    _check_head(value, KEEPSAKE_FORMAT, "keepsake")
    kind = value.pop("kind", None)
    choices = ", ".join(f'"{each}"' for each in KINDS)
    _demand(isinstance(kind, str) and kind in KINDS, "kind", f"one of {choices}")
    told = value.pop("value", None)
    for name in value:
        raise BadManuscript(f'The field "{name}" is unknown.')
    keepsake: Keepsake = _read(KINDS[str(kind)], told, "value")
    return keepsake


def _check_head(value: dict[str, Any], format_: str, name: str) -> None:
    if value.pop("format", None) != format_:
        raise BadManuscript(f'The field "format" is not "{format_}": this is no {name} of Undying.')
    version = value.pop("version", None)
    if type(version) is not int or version != VERSION:
        raise BadManuscript(f'The field "version" is {version!r:.40}: this program reads version {VERSION}.')


def storable(manuscript: Manuscript) -> Manuscript:
    """The same without what some database or file cannot hold: no NUL, and U+FFFD for a lone surrogate."""
    if all("\0" not in text and _is_whole(text) for text in _texts_in(manuscript)):
        return manuscript
    text = to_json(manuscript)
    # A NUL is the escape; behind an odd number of backslashes it is those six characters, which stay.
    return from_json(_NUL.sub(r"\1", text))


def storable_keepsake(keepsake: Keepsake) -> Keepsake:
    """The same for a keepsake."""
    text = keepsake_to_json(keepsake)
    if "\\u0000" not in text and "\ufffd" not in text:
        return keepsake
    return keepsake_from_json(_NUL.sub(r"\1", text))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts_in(item)
    elif is_dataclass(value):
        for name, _default in _defaults(value.__class__):
            yield from _texts_in(getattr(value, name))


def fingerprint(manuscript: Manuscript) -> str:
    """SHA-256 in hex of everything in the manuscript, reviews too; a picture counts by its own hash."""
    hashes = {picture.sha256 for picture in manuscript.pictures}
    return hashlib.sha256(to_json(manuscript, without=hashes).encode()).hexdigest()


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_without_doubles)
    except BadManuscript:
        raise
    except RecursionError:
        raise BadManuscript("The text nests deeper than any story does.") from None
    except ValueError as error:
        raise BadManuscript(f"The text is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise BadManuscript("The text is not a JSON object.")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise BadManuscript(f'The field "{doubled}" is there twice.')
    return value


def _fill_pictures(value: dict[str, Any], pictures: Mapping[str, bytes]) -> None:
    for picture in value.get("pictures", ()) if isinstance(value.get("pictures"), list) else ():
        if isinstance(picture, dict) and "data" not in picture:
            data = pictures.get(str(picture.get("sha256")))
            if data is not None:
                picture["data"] = _base64(data)


def _check(picture: Picture, where: str) -> None:
    if hashlib.sha256(picture.data).hexdigest() != picture.sha256:
        raise BadManuscript(f'The field "{where}.sha256" is not the hash of the picture\'s data.')


# -- Writing ----------------------------------------------------------------------------------------------------------


def _line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for end in _LINE_ENDS:
        if end in text:
            text = text.replace(end, f"\\u{ord(end):04x}")
    return text if _is_whole(text) else _HALVES.sub("\ufffd", text)


def _is_whole(text: str) -> bool:
    """Whether it holds no lone surrogate. Trying to encode it is ten times as fast as looking for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _written(value: Any) -> Any:
    if isinstance(value, StrEnum | str):
        return str(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, bytes):
        return _base64(value)
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if is_dataclass(value):
        return {
            name: _written(item)
            for name, default in _defaults(value.__class__)
            if (item := getattr(value, name)) != default or default is MISSING
        }
    return value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(kind))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise BadManuscript(f"The time {moment.isoformat()} has no zone.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


# -- Reading: one small function for each kind of field, chosen by the model's own annotations ------------------------


def _read(kind: Any, value: Any, where: str) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind](value, where)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (choice for choice in get_args(kind) if choice is not NoneType)
        return _read(inner, value, where)
    if origin is tuple:
        return _read_list(get_args(kind), value, where)
    if issubclass(kind, StrEnum):
        return _read_choice(kind, value, where)
    return _read_record(kind, value, where)


def _read_record(kind: Any, value: Any, where: str) -> Any:
    _demand(isinstance(value, dict), where or "the story", "an object")
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise BadManuscript(f'The field "{_under(where, name)}" is unknown.')
    for name, default in _defaults(kind):
        if default is MISSING and name not in value:
            raise BadManuscript(f'The field "{_under(where, name)}" is missing.')
    return kind(**{name: _read(hints[name], item, _under(where, name)) for name, item in value.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    # The models import these for the type checker alone.
    hints = get_type_hints(kind, localns={"datetime": datetime, "Review": Review, "Tagging": Tagging})
    return {name: hints[name] for name, _ in _defaults(kind)}


def _under(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _read_list(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _demand(isinstance(value, list), where, "a list")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    _demand(len(kinds) == len(value), where, f"a list of {len(kinds)}")
    return tuple(
        _read(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _read_choice(kind: type[StrEnum], value: Any, where: str) -> StrEnum:
    choices = [str(choice) for choice in kind]
    _demand(value in choices, where, "one of " + ", ".join(f'"{choice}"' for choice in choices))
    return kind(value)


def _read_text(value: Any, where: str) -> str:
    _demand(isinstance(value, str), where, "text")
    _demand(not _HALVES.search(value), where, "text: it holds half of a surrogate pair")
    text: str = value
    return text


def _read_prose(value: Any, where: str) -> Prose:
    return clean(RawHtml(_read_text(value, where)))


def _read_number(value: Any, where: str) -> int:
    _demand(type(value) is int, where, "a whole number")
    number: int = value
    return number


def _read_moment(value: Any, where: str) -> datetime:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise BadManuscript(f'The field "{where}" is not a time like "2004-03-09T17:45:30Z".')


def _read_bytes(value: Any, where: str) -> bytes:
    try:
        return base64.b64decode(_read_text(value, where), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadManuscript(f'The field "{where}" is not base64.') from error


def _demand(holds: bool, where: str, wanted: str) -> None:
    if not holds:
        raise BadManuscript(f'The field "{where}" is not {wanted}.')


_SIMPLE: dict[Any, Callable[[Any, str], Any]] = {
    str: _read_text,
    Prose: _read_prose,
    int: _read_number,
    datetime: _read_moment,
    bytes: _read_bytes,
}
