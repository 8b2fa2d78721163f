"""The only module that knows the archive's addresses. They are AO3's: readers' tools know them (docs/readers-tools).

In the name of a tag AO3 writes `*s*` for a slash, `*a*` for an ampersand, `*d*` for a dot, `*q*` for a question mark
and `*h*` for a hash. Its tags cannot hold an asterisk; tags of other archives can, so one is written `*t*` here.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import singledispatch
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from undying.community.models import Challenge, NewsItem, SitePage
from undying.library.models import Chapter, Series, Tag, Work
from undying.people.models import Icon, Pseud

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FRONT = "/"
BY_LINK = "/by-link/"
"""What stands before the address of a work for whoever has its link, with the token."""
FANDOMS = "/fandoms"
WORKS = "/works"
NEW_WORK = "/works/new"
UPLOAD = "/works/new/file"
PICTURES = "/works/pictures"
AUTOSAVE = "/works/autosave"
TAGS_TO_WRITE = "/works/new/tags"
EPISODES_TO_WRITE = "/works/new/episodes"
SEARCH = "/works/search"
MORE_TAGS = "/works/tags"
SEARCH_PEOPLE = "/search/people"
SEARCH_TAGS = "/search/tags"
SEARCH_SERIES = "/search/series"
SEARCH_HELP = "/search/help"
NEWS = "/news"
PAGES = "/pages"
CHALLENGES = "/challenges"
IMPORTS = "/imports"
PROOF = "/claims"
DUPLICATES = "/imports/duplicates"
AUTHORS = "/authors-to-find"
LETTERS = "/authors-to-find/letters"
SEVER = "/authors-to-find/sever"
OPT_OUTS = "/opt-outs"
RESCUE = "/rescue"
MESSAGES = "/rescue/messages"
DESK_SETTINGS = "/desk/settings"
FIRST_WORKS = "/desk/first-works"
SIGN_IN = "/users/login"
SIGN_IN_PASSKEY = "/users/login/passkey"
SIGN_OUT = "/users/logout"
FORGOTTEN = "/forgotten"
JOIN = "/join"
TERMS = "/terms"
INVITATIONS = "/desk/invitations"
MEMBERS = "/desk/members"
THEME = "/theme.css"
DISPENSER = "/token_dispenser.json"
NAMED = {
    "front": FRONT,
    "works": WORKS,
    "fandoms": FANDOMS,
    "new work": NEW_WORK,
    "own pictures": PICTURES,
    "upload work": UPLOAD,
    "tags to write": TAGS_TO_WRITE,
    "episodes to write": EPISODES_TO_WRITE,
    "search": SEARCH,
    "search help": SEARCH_HELP,
    "news": NEWS,
    "pages": PAGES,
    "challenges": CHALLENGES,
    "sign in": SIGN_IN,
    "sign in with a passkey": SIGN_IN_PASSKEY,
    "sign out": SIGN_OUT,
    "forgotten": FORGOTTEN,
    "join": JOIN,
    "terms": TERMS,
    "invitations": INVITATIONS,
    "members": MEMBERS,
    "theme": THEME,
    "imports": IMPORTS,
    "proof": PROOF,
    "duplicates": DUPLICATES,
    "authors to find": AUTHORS,
    "letters": LETTERS,
    "sever": SEVER,
    "opt-outs": OPT_OUTS,
    "rescue": RESCUE,
    "messages": MESSAGES,
    "desk settings": DESK_SETTINGS,
    "first works": FIRST_WORKS,
}
"""The pages that there is one of, by the name that templates use."""

_ESCAPES = {"*": "*t*", "/": "*s*", "&": "*a*", ".": "*d*", "?": "*q*", "#": "*h*"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()}
_TITLE_LENGTH = 60


_THROUGH: ContextVar[tuple[int, str]] = ContextVar("through", default=(0, ""))


@contextmanager
def through(number: int, before: str) -> Iterator[None]:
    """Meanwhile the addresses of the work of this number, and of all beneath it, begin with what opens it."""
    token = _THROUGH.set((number, before))
    try:
        yield
    finally:
        _THROUGH.reset(token)


def _before(number: int) -> str:
    opened, before = _THROUGH.get()
    return before if number == opened else ""


@singledispatch
def of(thing: object) -> str:
    """The address of a work, chapter, series, tag, pen name, news, page or challenge. TypeError for anything else."""
    raise TypeError(f"{type(thing).__name__} has no address of its own")


@of.register
def work(work: Work, *, whole: bool = False) -> str:
    """The work's page; `whole` for all its chapters on one."""
    address = work_number(work.pk)
    return f"{address}?view_full_work=true" if whole else address


@of.register
def chapter(chapter: Chapter) -> str:
    """The chapter under its work."""
    return chapter_number(chapter.work_id, chapter.pk)


@of.register
def series(series: Series) -> str:
    """The series' page."""
    return f"/series/{series.pk}"


@of.register
def author(pseud: Pseud) -> str:
    """The pen name's page. Needs `pseud.user` where there is one."""
    return f"/users/{_part(pseud.handle)}/pseuds/{_part(pseud.name)}"


@of.register
def tag(tag: Tag) -> str:
    """The tag's own page."""
    return f"/tags/{tag_part(tag.name)}"


@of.register
def news(item: NewsItem) -> str:
    """A piece of news."""
    return f"{NEWS}/{item.pk}"


@of.register
def site_page(page: SitePage) -> str:
    """One of the site's own texts."""
    return f"{PAGES}/{page.pk}"


@of.register
def challenge(challenge: Challenge) -> str:
    """A challenge's page."""
    return f"{CHALLENGES}/{challenge.pk}"


def edit(work: Work) -> str:
    """Where a creator changes what is said of her work."""
    return f"{of(work)}/edit"


def delete_work(work: Work) -> str:
    """Where she deletes her work, and brings it back."""
    return f"{of(work)}/delete"


def new_chapter(work: Work) -> str:
    """Where she writes another chapter."""
    return f"{of(work)}/chapters/new"


def chapters(work: Work) -> str:
    """Where she puts the chapters in order."""
    return f"{of(work)}/chapters/manage"


def creators(work: Work) -> str:
    """Who made her work, and where she asks others to stand beside her."""
    return f"{of(work)}/creators"


def revisions(work: Work) -> str:
    """The versions of her work: a creator's alone to see."""
    return f"{of(work)}/revisions"


def revision(work: Work, number: int) -> str:
    """What changed in one version, and where it is restored."""
    return f"{revisions(work)}/{number}"


def chapter_act(chapter: Chapter, act: str) -> str:
    """Where she does something with one chapter: "edit", "split", "delete"."""
    return f"{of(chapter)}/{act}"


def work_link(work: Work) -> str:
    """Where she finds the link of a work that is for whoever has it."""
    return f"{of(work)}/link"


def in_files(work: Work) -> str:
    """The work's address as its files tell it: who is given a file is not given the link by which it was had."""
    return f"/works/{work.pk}"


def schedule(work: Work, chapter: Chapter | None = None) -> str:
    """Where she says when a draft goes up by itself."""
    return f"{of(chapter or work)}/schedule"


def drafts(name: str) -> str:
    """The drafts of the member of this name: hers alone to see."""
    return f"{account(name)}/works/drafts"


def many(name: str) -> str:
    """Where the member of this name changes many works at once: hers alone to see."""
    return f"{account(name)}/works/edit"


def draft(name: str, number: int) -> str:
    """One text of hers that is typed and not saved."""
    return f"{drafts(name)}/{number}"


def series_reviews(series: Series) -> str:
    """What readers said of a series as a whole."""
    return f"{of(series)}/comments"


def favourites(author_page: str) -> str:
    """The favourites of a pen name or account, by the address of its page."""
    return f"{author_page}/bookmarks"


def gifts(author_page: str) -> str:
    """What was given to an author or account, behind the address of her page."""
    return f"{author_page}/gifts"


def exclusions(name: str) -> str:
    """What the member of this name wants left out of lists: hers alone to see."""
    return f"{account(name)}/exclusions"


def exclude(name: str, work: Work) -> str:
    """Where she chooses what of a work is left out."""
    return f"{exclusions(name)}/works/{work.pk}"


def searches(name: str) -> str:
    """The searches that the member of this name keeps: hers alone to see."""
    return f"{account(name)}/searches"


def saved_search(name: str, number: int) -> str:
    """Where one of them leads to what it finds, and is changed."""
    return f"{searches(name)}/{number}"


def new_search(name: str, query: str) -> str:
    """The form that keeps the search of this query string."""
    return works(f"{searches(name)}/new", query)


def own_picture(sha256: str) -> str:
    """A picture that a member brought, or that a work of hers has: to herself."""
    return f"{PICTURES}/{sha256}"


def icon(pseud: Pseud, icon: Icon) -> str:
    """The picture of a pen name; another picture has another address. Needs `pseud.user`."""
    digest = hashlib.sha256(bytes(icon.data)).hexdigest()[:8]
    return f"{author(pseud)}/icon.jpg?v={digest}"


def asked(name: str) -> str:
    """What others ask of the member of this name: hers alone to see."""
    return f"{account(name)}/asked"


def blocks(name: str, pseud: Pseud | None = None) -> str:
    """Whom the member of this name has blocked: hers alone to see. With a pen name, where she blocks it."""
    return f"{account(name)}/blocks" + (f"?pen_name={pseud.pk}" if pseud is not None else "")


def about(name: str) -> str:
    """Where the member of this name tells of herself: hers alone to see."""
    return f"{account(name)}/about"


def preferences(name: str) -> str:
    """How the member of this name wants to read: hers alone to see."""
    return f"{account(name)}/preferences"


def statistics(name: str, work: Work | None = None, *, suffix: str = "") -> str:
    """How the works of the member of this name grew, or one of them; `suffix` ".csv" for a spreadsheet: hers alone."""
    return f"{account(name)}/stats" + (f"/{work.pk}" if work else "") + suffix


def pen_names(name: str) -> str:
    """All pen names of the member of this name: hers alone to see."""
    return f"{account(name)}/pen-names"


def pen_name(name: str, pseud: Pseud) -> str:
    """Where she changes one of them."""
    return f"{pen_names(name)}/{pseud.pk}"


def own_account(name: str) -> str:
    """The account of the member of this name: hers alone to see."""
    return f"{account(name)}/account"


def own_password(name: str) -> str:
    """Where she changes her password."""
    return f"{own_account(name)}/password"


def own_browsers(name: str) -> str:
    """Where she sees where she is signed in."""
    return f"{own_account(name)}/browsers"


def own_sure(name: str) -> str:
    """Where she shows that it is she."""
    return f"{own_account(name)}/sure"


def own_factor(name: str, part: str = "") -> str:
    """Her second factor and passkeys; `part` for where she sets up an "app" or a "passkey", or sees her "codes"."""
    return f"{own_account(name)}/second-factor" + (f"/{part}" if part else "")


def own_address(name: str) -> str:
    """Where she asks for another e-mail address."""
    return f"{own_account(name)}/email"


def confirm_address(token: str) -> str:
    """Where she says that a new address is hers; nobody else knows the token."""
    return f"/new-address/{quote(token)}"


def begin(token: str) -> str:
    """Where the account of somebody begins who asked to join; nobody else knows the token."""
    return f"{JOIN}/{quote(token)}"


def member(name: str) -> str:
    """Where the archivist sees and changes what a member is trusted with."""
    return f"{MEMBERS}/{_part(name)}"


def invitation(number: int) -> str:
    """Where an invitation to join is taken back."""
    return f"{INVITATIONS}/{number}/take-back"


def renew(token: str) -> str:
    """Where who forgot her password chooses a new one; nobody else knows the token."""
    return f"{FORGOTTEN}/{quote(token)}"


def leaving(name: str) -> str:
    """Where the member of this name takes home what is hers, lets go of works, and leaves."""
    return f"{account(name)}/leaving"


def everything(name: str) -> str:
    """The zip with all that is hers."""
    return f"{account(name)}/everything.zip"


def let_go(work: Work) -> str:
    """Where a creator of the work takes her name off it."""
    return f"{of(work)}/let-go"


def feed(path: str, query: str) -> str:
    """What is new in a list of works, for a feed reader, as everybody may see it."""
    bare, _, kind = path.partition("?")
    return works(f"{WORKS if bare == SEARCH else bare}/feed.atom" + (f"?{kind}" if kind else ""), query)


def own_feed(token: str) -> str:
    """What is new in what a saved search finds; nobody else knows the token."""
    return f"/feeds/{token}.atom"


def work_number(number: int) -> str:
    """The page of the work with this id, where its row is not at hand."""
    return f"{_before(number)}/works/{number}"


def chapter_number(work_id: int, chapter_id: int) -> str:
    """The chapter with this id, where its row is not at hand."""
    return f"{work_number(work_id)}/chapters/{chapter_id}"


def place(url: str, before: str, match: str, after: str) -> str:
    """The place in a page where these words stand: browsers go there and mark them, or else to its beginning."""
    sides = [f"{_fragment(before)}-," if before.strip() else "", f",-{_fragment(after)}" if after.strip() else ""]
    return f"{url}#:~:text={sides[0]}{_fragment(match)}{sides[1]}"


def _fragment(text: str) -> str:
    """Text as a fragment directive takes it, where a hyphen has a meaning."""
    return quote(text.strip(), safe="").replace("-", "%2D")


def works(path: str, query: str) -> str:
    """A list of works with a query string that `Criteria.to_query` made."""
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def batch(number: int, *, act: str = "") -> str:
    """An import's report; with `act` ("open", "undo", "labels"), a page or form under it."""
    return f"{IMPORTS}/{number}/{act}" if act else f"{IMPORTS}/{number}"


def duplicate(number: int) -> str:
    """Two works side by side that may be one."""
    return f"{DUPLICATES}/{number}"


def entry(batch_number: int, entry_number: int, *, original: bool = False) -> str:
    """A row or file of an import; `original` for its bytes."""
    return f"{batch(batch_number)}/entries/{entry_number}" + ("/original" if original else "")


def claim(token: str) -> str:
    """The page on which an author takes her works back; nobody else knows the token."""
    return f"/claims/{quote(token)}"


def contact(number: int) -> str:
    """What the archivist knows of an author who has not claimed her works, and can decide."""
    return f"{AUTHORS}/{number}"


def take_back(number: int) -> str:
    """Where taking an orphaning back is sent."""
    return f"{AUTHORS}/records/{number}/take-back"


def opt_out(number: int) -> str:
    """Where taking an opt-out off the list is sent."""
    return f"{OPT_OUTS}/{number}/remove"


def message(number: int) -> str:
    """Where a message is marked as answered, or deleted."""
    return f"{MESSAGES}/{number}"


def tag_works(tag: Tag) -> str:
    """The works with this tag."""
    return f"{of(tag)}/works"


def medium(name: str) -> str:
    """The fandoms of a medium, from A to Z."""
    return f"/media/{tag_part(name)}/fandoms"


def account(handle: str) -> str:
    """An account's page, with all its pen names."""
    return f"/users/{_part(handle)}"


def navigate(work: Work) -> str:
    """The work's chapter index."""
    return f"{of(work)}/navigate"


def reviews(work: Work) -> str:
    """What readers said, all of it."""
    return f"{of(work)}/comments"


def cover(work: Work, *, small: bool = False) -> str:
    """The work's cover, or a small one for a shelf."""
    return f"{of(work)}/cover{'-small' if small else ''}.jpg"


def picture(work_id: int, sha256: str, *, adult: bool = False) -> str:
    """A picture of a work. With `adult` the address carries the consent that the page was asked for."""
    return f"{work_number(work_id)}/pictures/{sha256}" + ("?view_adult=true" if adult else "")


def download(work: Work, suffix: str) -> str:
    """The work as a file. The title is there for people and for the file's name; nobody checks it."""
    title = re.sub(r"[^\w]+", "_", work.title).strip("_")[:_TITLE_LENGTH] or "work"
    return f"{_before(work.pk)}/downloads/{work.pk}/{quote(title)}.{suffix}?updated_at={int(work.revised.timestamp())}"


def search(query: str = "") -> str:
    """The search page, with these words in its box."""
    return f"{SEARCH}?{urlencode({'work_search[query]': query})}" if query else SEARCH


def asking(path: str, query: str) -> str:
    """One of the search pages, with these words in its box."""
    return with_query(path, {"q": query}) if query else path


def with_query(path: str, query: Mapping[str, str]) -> str:
    """An address with a query string."""
    return f"{path}?{urlencode(query)}" if query else path


def tag_part(name: str) -> str:
    """The name of a tag as a part of an address."""
    return quote(re.sub(r"[*/&.?#]", lambda found: _ESCAPES[found[0]], name), safe="*")


def tag_name(part: str) -> str:
    """The tag that a part of an address (percent signs undone) names: `tag_name(unquote(tag_part(n))) == n`."""
    return re.sub(r"\*[tsadqh]\*", lambda found: _UNESCAPES[found[0]], part)


def _part(text: str) -> str:
    """A pen name may hold a slash, and servers undo `%2F`: so it is escaped as in tags."""
    return tag_part(text)


def outside(url: str) -> str:
    """An address elsewhere, as a source gave it; empty unless it is one that a browser only follows."""
    return url if re.match(r"https?://[^\s/]", url, re.IGNORECASE) else ""
