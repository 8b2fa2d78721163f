"""The URL map. AO3's addresses, so that readers' tools find their way; `links.py` builds what is declared here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, re_path

from undying.web import files, home, imports, lists, people, plumbing, refusals, series, sessions, tags, works

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.front, name="front"),
    path("works", lists.show_works, name="works"),
    path("works/search", lists.show_search, name="search"),
    path("works/<int:work_id>", works.show_work, name="work"),
    path("works/<int:work_id>/chapters/<int:chapter_id>", works.show_chapter, name="chapter"),
    path("chapters/<int:chapter_id>", works.show_chapter, name="chapter-alone"),
    path("works/<int:work_id>/navigate", works.show_navigate, name="navigate"),
    path("works/<int:work_id>/comments", works.show_reviews, name="reviews"),
    path("works/<int:work_id>/cover.jpg", files.cover, name="cover"),
    path("works/<int:work_id>/cover-small.jpg", files.cover, {"small": True}, name="cover-small"),
    re_path(r"^works/(?P<work_id>[0-9]{1,19})/pictures/(?P<sha256>[0-9a-f]{64})$", files.picture, name="picture"),
    re_path(
        r"^downloads/(?P<work_id>[0-9]{1,19})/(?P<title>[^/]*)\.(?P<suffix>[a-z0-9]+)$", files.download, name="download"
    ),
    path("series/<int:series_id>", series.show_series, name="series"),
    path("fandoms", tags.show_fandoms, name="fandoms"),
    path("tags/<str:part>/works", lists.show_tag_works, name="tag-works"),
    path("tags/<str:part>", tags.show_tag, name="tag"),
    path("imports", imports.show_imports, name="imports"),
    path("imports/<int:number>", imports.show_batch, name="import"),
    path("imports/<int:number>/open", imports.open_batch, name="import-open"),
    path("imports/<int:number>/undo", imports.undo_batch, name="import-undo"),
    path("users/login", sessions.SignIn.as_view(), name="account_login"),
    path("users/logout", sessions.sign_out, name="account_logout"),
    path("users/suspended", refusals.suspended, name="account_inactive"),
    path("users/<str:handle>", people.show_account, name="account"),
    path("users/<str:handle>/works", people.show_account, name="account-works"),
    path("users/<str:handle>/pseuds/<str:name>", people.show_pseud, name="author"),
    path("users/<str:handle>/pseuds/<str:name>/works", people.show_pseud, name="author-works"),
    path("token_dispenser.json", sessions.token, name="token"),
    path("theme.css", plumbing.theme, name="theme"),
    path("robots.txt", plumbing.robots, name="robots"),
    path("healthz", plumbing.health, name="health"),
]
