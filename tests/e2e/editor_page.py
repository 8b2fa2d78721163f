"""A page with nothing on it but the editor: the site's own map and one address more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from undying.people.viewer import Viewer
from undying.web.page import Page, site

if TYPE_CHECKING:
    from django.http import HttpRequest

TEMPLATE = """
{% extends "layouts/base.html" %}
{% block main %}
  <h1>Chapter</h1>
  <form id="form" method="get" action="/test-editor">
    {% include "parts/editor.html" with id="body" name="body" label="Text" text=text help="HTML or Markdown." only %}
    <button>Save</button>
  </form>
{% endblock main %}
"""
texts: list[str] = [""]
"""What the field holds when the page is asked for: a test sets the last one."""


def editor(request: HttpRequest) -> HttpResponse:
    """The page."""
    page = engines["django"].from_string(TEMPLATE)
    context = {"page": Page(title="Chapter"), "site": site(), "viewer": Viewer.anyone(), "text": texts[-1]}
    return HttpResponse(page.render(context, request))


urlpatterns = [path("test-editor", editor, name="test-editor"), path("", include("undying.web.urls"))]

handler404 = "undying.web.refusals.not_found"
