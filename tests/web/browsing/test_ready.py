"""What pages are made of is there before anybody asks for one."""

from __future__ import annotations

from django.template import engines

from undying.web.ready import load_pages


def test_every_template_is_read_before_anybody_asks_and_the_database_stays_shut():
    loaders = engines["django"].engine.template_loaders
    for loader in loaders:
        loader.reset()
    load_pages()

    held = {name for loader in loaders for name in loader.get_template_cache}
    assert {"works/list.html", "home/front.html", "search/names.html"} <= held
