"""Asking for lists of works, and reading what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import lxml.html

from undying.library.models import Tag

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.test import Client
    from lxml.html import HtmlElement


def search(client: Client, path: str = "/works", *, part: bool = False, **fields: Any) -> HtmlElement:
    """A list with these fields of `work_search[…]`; `include` and `exclude` are tags' names."""
    return read(client, address(path, **fields), part=part)


def address(path: str = "/works", *, page: int = 1, include: Any = (), exclude: Any = (), **fields: Any) -> str:
    """The address of such a list."""
    query = [("include_work_search[freeform_ids][]", number_of(name)) for name in include]
    query += [("exclude_work_search[freeform_ids][]", number_of(name)) for name in exclude]
    query += [(f"work_search[{name}]", value) for name, value in fields.items()]
    return f"{path}?{urlencode([*query, *([('page', page)] if page > 1 else [])])}"


def number_of(name: str) -> int:
    """A tag's id."""
    return Tag.objects.get(name=name).pk


def read(client: Client, where: str, *, part: bool = False, status: int = 200) -> HtmlElement:
    """The page at an address, or the part that htmx gets there."""
    headers: Mapping[str, str] = {"HX-Request": "true"} if part else {}
    answer = client.get(where, headers=headers, follow=True)
    assert answer.status_code == status
    return lxml.html.fromstring(answer.content.decode())


def titles(page: HtmlElement) -> list[str]:
    """The works on the page, in order."""
    return texts(page, "ol.work.index.group > li.work.blurb.group h4.heading > a:first-child")


def texts(page: HtmlElement, selector: str) -> list[str]:
    """The text of what a selector finds."""
    return [" ".join(each.text_content().split()) for each in page.cssselect(selector)]


def sentence(page: HtmlElement) -> str:
    """What the page says that it shows."""
    return texts(page, "h2.heading")[0]


def facets(page: HtmlElement) -> dict[str, str]:
    """Every tag that the form names, with its count."""
    names, counts = texts(page, ".facet-name"), texts(page, ".facet-count")
    return dict(zip(names, counts, strict=True))


def trouble_of(page: HtmlElement, name: str) -> str:
    """What stands beside a field, as a screen reader is led to it."""
    field = page.get_element_by_id(f"work_search_{name}")
    assert field.get("aria-invalid") == "true"
    return str(page.get_element_by_id(field.get("aria-describedby")).text_content().strip())


def follow(page: HtmlElement, text: str) -> str:
    """The address of the chip with this text."""
    for chip in page.cssselect("a.chip"):
        if text in chip.text_content():
            return str(chip.get("href"))
    raise AssertionError(f"no chip says {text!r}: {texts(page, 'a.chip')}")
