"""Filters and tags that every template has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString, mark_safe

from undying.manuscript import Prose
from undying.web import links, wording
from undying.web.page import PARTS

if TYPE_CHECKING:
    from datetime import datetime

    from django.template.base import NodeList, Parser, Token
    from django.template.context import Context

    from undying.library.models import Work

register = template.Library()
_PICTURE = re.compile(r'(<img\b(?:[^>"]|"[^"]*")*?\ssrc=")picture:([0-9a-f]{64})(?=")')


@register.filter
def prose(value: Prose, work: Work | None = None) -> SafeString:
    """Clean markup, shown as such: the one place that trusts any, and it takes nothing but Prose (TypeError).

    With the work it comes from, its pictures are found; without, they are left out of reach.
    """
    if not isinstance(value, Prose):
        raise TypeError(f"only Prose may be shown as markup, not {type(value).__name__}")
    markup = str(value)
    if work is not None and "picture:" in markup:
        markup = _PICTURE.sub(lambda found: found[1] + links.picture(work.pk, found[2], adult=work.is_adult), markup)
    return mark_safe(markup)  # noqa: S308 - Prose was cleaned by clean()


@register.filter
def link(thing: object) -> str:
    """The address of a work, chapter, series, tag or pen name."""
    return links.of(thing)


@register.filter
def address(name: str) -> str:
    """The address of a page that there is one of: `{{ "fandoms"|address }}`."""
    return links.NAMED[name]


@register.filter
def account(handle: str) -> str:
    """The address of an account's page."""
    return links.account(handle)


@register.filter
def day(moment: datetime | None) -> str:
    """ "26 May 2012"."""
    return wording.day(moment)


@register.filter
def iso_day(moment: datetime | None) -> str:
    """ "2012-05-26"."""
    return wording.iso_day(moment)


@register.filter
def hour(moment: datetime) -> str:
    """ "14:05 CEST"."""
    return wording.hour(moment)


@register.filter
def figures(number: int) -> str:
    """ "1,204"."""
    return wording.figures(number)


@register.filter
def counted(number: int, noun: str) -> str:
    """ "1 chapter", "2 chapters"; an irregular plural follows a comma: "series,series"."""
    return wording.counted(number, *noun.split(","))


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    """`{% part "results" %}…{% endpart %}`: what `show()` answers with when htmx asks for this part."""
    name = token.split_contents()[1].strip("\"'")
    nodes = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(name, nodes)


class PartNode(template.Node):
    """Renders in its place, and keeps a copy under its name."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The markup of the part."""
        rendered = self.nodelist.render(context)
        context[PARTS][self.name] = rendered
        return rendered
