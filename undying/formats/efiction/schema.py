"""eFiction's tables as data: the columns that are read, what tells a row apart, and each version's order of columns.

There is no one schema: 1.1, 2.0, 3.0–3.3, 3.4–3.5.3 and the forks after it differ in ways that lose data silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@dataclass(frozen=True, slots=True)
class Entity:
    """One table that is read: the columns that matter, those that identify a row, those that are numbers.

    `orders` are the column orders of the known versions, for rows that come without column names; the first that fits
    decides, and may have more columns behind it where `open_ended`. `checked` are columns that must hold a number for
    an order to fit. `renamed` maps older names of a column to today's. `votes`: whether its values tell what encoding
    the archive is in; bytes of addresses would lie.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    open_ended: bool = False
    checked: tuple[str, ...] = ()
    votes: bool = True


_TAIL = ("wordcount", "rating", "reviews", "sid", "uid")
_STORY = _split("sid title summary storynotes catid classes charid rid date updated uid coauthors featured validated")
_SERIES = _split("seriesid title summary uid isopen catid")
_SETTINGS = _split(
    "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff storiespath"
)
_SETTINGS_MIDDLE = _split(
    "tinyMCE allowed_tags favorites multiplecats newscomments logging maintenance debug captcha dateformat timeformat "
    "recentdays displaycolumns itemsperpage extendcats displayindex defaultsort displayprofile linkstyle linkrange "
    "reviewsallowed ratings anonreviews revdelete rateonly pwdsetting alertson disablepopups agestatement words "
    "version smtp_host smtp_username smtp_password"
)
_SETTINGS_START = (*_SETTINGS, *_split("store autovalidate coauthallowed maxwords minwords imageupload imageheight"))
# 1.1 and 2.0 keep a member's preferences and her names elsewhere with her.
_OLD_PREFERENCES = _split("validated level betareader aol yahoo icq msn")
SITE_TEXTS = _split("welcome rules help copyright thankyou nothankyou")
"""The six texts that 1.1 keeps in its settings, where later versions have a table of messages."""

_FAVOURITES = {
    "favorites": Entity(
        columns=_split("uid item type comments"),
        key=_split("uid item type"),
        numbers=("uid", "item"),
        orders=(_split("uid item type comments"), _split("uid item type")),
    ),
    "favstor": Entity(columns=("uid", "sid"), key=("uid", "sid"), numbers=("uid", "sid"), orders=(("uid", "sid"),)),
    "favauth": Entity(
        columns=("uid", "favuid"), key=("uid", "favuid"), numbers=("uid", "favuid"), orders=(("uid", "favuid"),)
    ),
    "favseries": Entity(
        columns=("uid", "seriesid"), key=("uid", "seriesid"), numbers=("uid", "seriesid"), orders=(("uid", "seriesid"),)
    ),
}

_STORIES = {
    "stories": Entity(
        columns=_split(
            "sid title summary storynotes catid classes charid rid date updated date_backup updated_backup uid "
            "coauthors featured validated completed rr wordcount rating reviews count challenges gid wid"
        ),
        key=("sid",),
        numbers=("sid", "uid"),
        orders=(
            (*_STORY, *_split("completed rr wordcount rating reviews count challenges")),
            (*_STORY, *_split("completed rr wordcount rating reviews count")),
            _split(
                "sid title summary catid gid charid wid rid date updated uid featured validated completed rr wordcount "
                "rating reviews challenges"
            ),
            _split(
                "sid title summary catid gid charid wid rid date updated uid featured validated completed rr wordcount "
                "rating reviews"
            ),
            _split(
                "sid psid title chapter summary catid gid charid wid rid date updated uid featured counter validated "
                "inorder storytext completed rr wordcount numreviews"
            ),
        ),
        renamed={"counter": "count", "numreviews": "reviews"},
    ),
    "chapters": Entity(
        columns=_split("chapid title inorder notes storytext endnotes validated wordcount sid uid"),
        key=("chapid",),
        numbers=("chapid", "inorder", "sid", "uid"),
        orders=(
            (*_split("chapid title inorder notes storytext endnotes validated"), *_TAIL, "count"),
            (*_split("chapid title inorder notes storytext endnotes validated"), *_TAIL),
            (*_split("chapid title inorder notes storytext validated"), *_TAIL),
        ),
    ),
    "reviews": Entity(
        columns=_split("reviewid item chapid reviewer uid review date date_backup rating respond type"),
        key=("reviewid",),
        numbers=("reviewid", "item", "chapid", "uid"),
        orders=(
            _split("reviewid item chapid reviewer uid review date rating respond type"),
            _split("reviewid sid psid reviewer member review date rating"),
        ),
        renamed={"member": "uid"},
    ),
    "coauthors": Entity(columns=("sid", "uid"), key=("sid", "uid"), numbers=("sid", "uid"), orders=(("sid", "uid"),)),
    "series": Entity(
        columns=(*_SERIES, *_split("classes rating reviews warnings genres characters challenges numstories")),
        key=("seriesid",),
        numbers=("seriesid", "uid"),
        orders=(
            (*_SERIES, *_split("rating classes characters reviews numstories warnings challenges genres")),
            (*_SERIES, *_split("classes rating warnings genres characters reviews challenges numstories")),
            (*_SERIES, *_split("classes rating reviews warnings genres characters")),
            (*_SERIES, *_split("classes rating warnings genres characters reviews numstories")),
            _SERIES[:4],
        ),
        renamed={"owner": "uid"},
        open_ended=True,
        checked=_split("isopen rating reviews numstories"),
    ),
    "inseries": Entity(
        columns=_split("seriesid sid subseriesid confirmed inorder"),
        key=("seriesid", "sid", "subseriesid"),
        numbers=_split("seriesid sid subseriesid inorder"),
        orders=(
            _split("seriesid sid subseriesid confirmed inorder"),
            _split("seriesid sid subseriesid confirmed inorder updated"),
        ),
    ),
}

_PEOPLE = {
    "authors": Entity(
        columns=(
            *_split("uid penname email website bio image date date_backup admincreated password"),
            *_OLD_PREFERENCES,
        ),
        key=("uid",),
        numbers=("uid",),
        orders=(
            _split(
                "uid penname realname email website bio image date newreviews admincreated password validated userskin "
                "level contact carry categories bob"
            ),
            _split("uid penname realname email website bio image date admincreated password"),
            _split("uid penname realname email website bio image date"),
            _split("uid penname"),
        ),
        open_ended=True,
        checked=_split("newreviews level admincreated"),
    ),
    "authorprefs": Entity(
        columns=_split("uid validated level stories"),
        key=("uid",),
        numbers=("uid",),
        orders=(
            _split(
                "uid newreviews newrespond ageconsent alertson tinymce sortby storyindex validated userskin level "
                "categories contact stories"
            ),
            _split(
                "uid newreviews newrespond ageconsent alertson tinymce sortby storyindex validated userskin level "
                "categories contact"
            ),
        ),
        checked=_split("validated level contact"),
    ),
    "authorfields": Entity(
        columns=_split("field_id field_type field_name field_title field_options field_on"),
        key=("field_id",),
        numbers=("field_id", "field_type"),
        orders=(
            _split("field_id field_type field_name field_title field_options field_code_in field_code_out field_on"),
        ),
    ),
    "authorinfo": Entity(
        columns=_split("uid field info"),
        key=("uid", "field"),
        numbers=("uid", "field"),
        orders=(_split("uid field info"),),
    ),
}

_LABELS = {
    "categories": Entity(
        columns=_split("catid parentcatid category numitems"),
        key=("catid",),
        numbers=("catid", "parentcatid"),
        orders=(
            _split("catid parentcatid category description image locked leveldown displayorder numitems"),
            _split("catid parentcatid category"),
        ),
        open_ended=True,
    ),
    "characters": Entity(
        columns=("charid", "catid", "charname"),
        key=("charid",),
        numbers=("charid", "catid"),
        orders=(_split("charid catid charname"),),
        open_ended=True,
    ),
    "classes": Entity(
        columns=_split("class_id class_type class_name"),
        key=("class_id",),
        numbers=("class_id", "class_type"),
        orders=(_split("class_id class_type class_name"),),
    ),
    "classtypes": Entity(
        columns=_split("classtype_id classtype_name classtype_title"),
        key=("classtype_id",),
        numbers=("classtype_id",),
        orders=(_split("classtype_id classtype_name classtype_title"),),
    ),
    "genres": Entity(columns=("gid", "genre"), key=("gid",), numbers=("gid",), orders=(("gid", "genre"),)),
    "warnings": Entity(columns=("wid", "warning"), key=("wid",), numbers=("wid",), orders=(("wid", "warning"),)),
    "ratings": Entity(
        columns=_split("rid rating ratingwarning"),
        key=("rid",),
        numbers=("rid",),
        orders=(_split("rid rating ratingwarning warningtext"),),
    ),
}

_SITE = {
    "challenges": Entity(
        columns=_split("chalid challenger uid title catid characters summary"),
        key=("chalid",),
        numbers=("chalid", "uid"),
        orders=(
            _split("chalid challenger uid title catid characters summary"),
            _split("chalid challenger uid title"),
        ),
        open_ended=True,
    ),
    "news": Entity(
        columns=_split("nid author title story time time_backup comments"),
        key=("nid",),
        numbers=("nid",),
        orders=(_split("nid author title story time"),),
        open_ended=True,
    ),
    "comments": Entity(
        columns=_split("cid nid uid uname comment time time_backup"),
        key=("cid",),
        numbers=("cid", "nid"),
        orders=(_split("cid nid uid comment time"), _split("cid nid uname comment time")),
        open_ended=True,
        checked=("uid",),
    ),
    "messages": Entity(
        columns=_split("message_id message_name message_title message_text"),
        key=("message_id",),
        numbers=("message_id",),
        orders=(_split("message_id message_name message_title message_text"),),
    ),
    "settings": Entity(
        columns=(
            *_split("sitekey sitename slogan url tableprefix language storiespath store ratings smtp_password"),
            *SITE_TEXTS,
        ),
        key=("sitekey",),
        orders=(
            (*_SETTINGS_START, *_split("imagewidth roundrobins allowseries"), *_SETTINGS_MIDDLE),
            (*_SETTINGS_START, *_split("imagewidth roundrobins"), *_SETTINGS_MIDDLE),
            _split("welcome thankyou nothankyou rules copyright help"),
            _SETTINGS,
        ),
        open_ended=True,
    ),
    "stats": Entity(
        columns=_split("sitekey stories chapters series reviews wordcount authors members reviewers"),
        key=("sitekey",),
        orders=(_split("sitekey stories chapters series reviews wordcount authors members reviewers newestmember"),),
    ),
    "log": Entity(
        columns=("log_id", "log_type"),
        key=("log_id",),
        numbers=("log_id",),
        orders=(_split("log_id log_action log_uid log_ip log_timestamp log_type"),),
        votes=False,
    ),
}

ENTITIES: Mapping[str, Entity] = {**_STORIES, **_PEOPLE, **_LABELS, **_FAVOURITES, **_SITE}

DATED = frozenset(("stories", "reviews", "authors", "news", "comments"))
"""Tables whose columns `date`, `updated` and `time` hold dates: an order of columns fits only where they do."""

REASONS: Mapping[str, str] = {
    "blocks": "what stood in the margins of the old site's pages; its settings are PHP's own, and nothing reads them",
    "codeblocks": "code of the old site: kept, never run",
    "modules": "which extensions the old site had installed",
    "online": "who was reading when the dump was made: personal data, shown to nobody",
    "pagelinks": "the menu of the old site, whose pages stand elsewhere now",
    "panels": "the panels of the old site's control pages",
    "poll": "polls are not brought over: their results are numbers without voters",
    "poll_votes": "who voted for what: personal data, shown to nobody",
    "recommendations": "recommendations of works elsewhere, for which there is no place here yet",
    "shoutbox": "passing talk of visitors, for which there is no place here",
    "tracker": "what members had read and when: personal data, shown to nobody",
}
"""Why rows of tables that nothing is made of are only kept."""
