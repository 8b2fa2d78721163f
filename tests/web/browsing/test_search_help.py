"""How to search: a page of examples that lead to what they find."""

from __future__ import annotations

from html import unescape

import pytest

from undying.finding.examples import CHAPTERS
from undying.web import links

pytestmark = pytest.mark.usefixtures("home", "db")


def test_every_example_leads_to_its_list(client):
    page = unescape(client.get(links.SEARCH_HELP).content.decode())

    for example in (each for chapter in CHAPTERS for each in chapter.examples):
        assert f"<code>{example.query}</code>" in page
        assert f'href="{links.search(example.query)}"' in page
        assert example.finds in page


def test_an_example_can_be_followed(client):
    for query in ("fandom:Dracula,Carmilla", 'after:"The Final Problem"', "吸血鬼"):
        assert client.get(links.search(query)).status_code == 200


def test_the_box_leads_to_the_help(client):
    assert f'href="{links.SEARCH_HELP}"' in client.get(links.SEARCH).content.decode()
