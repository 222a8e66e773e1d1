"""Where pages of a live wiki come from: random draws, titles, a category; what the wiki says of
itself and its pages.
"""

import html
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.clean import head_config
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.languages import checked_code
from pipeline.records import DEFAULT_LANGUAGE, Page
from pipeline.sources.mediawiki import HttpAnswer, Wiki, is_continuation
from pipeline.sources.rate_limit import Ambiguous404, FetchError, Missing
from pipeline.text_files import read_small_text

API_BATCH = 500
MAX_TITLES = 256 << 20  # bytes of a list of titles; all of Wikipedia's take 160 MB
SITE_INFO = {"meta": "siteinfo", "siprop": "general|rightsinfo"}

CANONICAL = re.compile(
    r"<link\b[^>]{0,40}\brel=[\"'](?:canonical|dc:isVersionOf)[\"'][^>]{0,40}?\bhref=[\"']([^\"']{1,2000})[\"']"
)
REDIRECT_TARGET = re.compile(
    r"class=[\"']redirectText[\"']>\s*<li>\s*<a\b[^>]*?\bhref=\"([^\"]*)\"[^>]*?\btitle=\"([^\"]+)\""
)
REDIRECTS = 4
WIKI_LINK = re.compile(r"[*:;\s]{0,20}\[\[:?([^\[\]|]{1,300})(?:\|[^\[\]]{0,1000})?\]\]")

ApiAnswer = dict[str, Any]
Query = Callable[..., ApiAnswer]  # parameters of action=query → what the API answers


# --- draws from a live wiki -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The next pages of a draw as (title, pageid or None), the state in which it goes on, and
    whether nothing is left.
    """

    pages: list[tuple[str, int | None]]
    state: dict[str, Any]
    exhausted: bool


class Draw(Protocol):
    """A way to choose pages of a wiki. `what` names it in the cache; a `circling` draw may come
    back to pages it gave before.
    """

    @property
    def what(self) -> str: ...
    @property
    def may_repeat(self) -> bool: ...
    def more(self, query: Query, state: dict[str, Any], number: int) -> Drawn:
        """About `number` more pages, by at most one API call."""


@dataclass(frozen=True, slots=True)
class RandomDraw:
    """Random articles: MediaWiki goes through a hidden, shuffled order from a random start."""

    what = "random"
    may_repeat = True

    def more(self, query: Query, state: dict[str, Any], number: int) -> Drawn:
        answer = query(
            list="random",
            rnnamespace=0,
            rnfilterredir="nonredirects",
            rnlimit=min(number, API_BATCH),
            **_continuation(state.get("continue")),
        )
        pages = [
            (replace_surrogates(str(row["title"])), whole_number(row.get("id")))
            for row in _rows(answer, "random")
            if row.get("ns") == 0
        ]
        # Old versions give some pages and no continuation: that is not "there are no more", which
        # only draws that bring nothing new can tell.
        following = answer.get("continue")
        state = {"continue": following} if following else {}
        return Drawn(pages=pages, state=state, exhausted=False)


@dataclass(frozen=True, slots=True)
class CategoryDraw:
    """The articles of a category, and of its subcategories down to a depth (0: none), breadth
    first.
    """

    name: str
    depth: int
    may_repeat = False

    @property
    def what(self) -> str:
        return f"category:{self.depth}:{self.name}"

    def more(self, query: Query, state: dict[str, Any], number: int) -> Drawn:
        frontier = state.get("frontier", [[self.name, 0, {}]])
        seen = set(state.get("seen", [self.name]))
        (name, depth, continuation), *frontier = frontier
        answer = query(
            list="categorymembers",
            cmtitle=f"Category:{name}",
            cmtype="page|subcat",
            cmprop="ids|title|type",
            cmlimit=API_BATCH,
            **_continuation(continuation),
        )
        rows = _rows(answer, "categorymembers")
        passed = list(state.get("passed", [])) if continuation else []
        following = answer.get("continue")
        if following:
            # Known by where it goes on and by what it holds: a broken API may give the same part
            # for every place, or a new place each time.
            marks = [_mark(following), *([_mark(rows)] if rows else [])]
            if not set(marks).isdisjoint(passed):
                raise ExternalError(
                    f"the wiki's API lists Category:{name} without end, the same part again; what"
                    " came is kept"
                )
            passed += marks
            frontier.insert(0, [name, depth, following])
        for row in rows:
            child = replace_surrogates(str(row["title"])).partition(":")[2]
            if row.get("ns") == 14 and depth < self.depth and child not in seen:
                seen.add(child)
                frontier.append([child, depth + 1, {}])
        pages = [
            (replace_surrogates(str(row["title"])), whole_number(row.get("pageid")))
            for row in rows
            if row.get("ns") == 0
        ]
        state = {"frontier": frontier, "seen": sorted(seen), "passed": passed if following else []}
        return Drawn(pages=pages, state=state, exhausted=not frontier)


def _mark(part: object) -> str:
    """What tells a part of an API answer from others."""
    return sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def _continuation(kept: object) -> dict[str, Any]:
    """Where a list goes on; from its beginning where what was kept is no such place."""
    return dict(kept) if isinstance(kept, dict) and is_continuation(kept) else {}


@dataclass(frozen=True, slots=True)
class TitleDraw:
    """The titles of a list, in its order."""

    titles: tuple[str, ...]
    may_repeat = False

    @property
    def what(self) -> str:
        return (
            "titles:" + sha256("\n".join(self.titles).encode("utf-8", "replace")).hexdigest()[:24]
        )

    def more(self, query: Query, state: dict[str, Any], number: int) -> Drawn:
        return Drawn(pages=[(title, None) for title in self.titles], state={}, exhausted=True)


def _rows(answer: ApiAnswer, name: str) -> list[dict[str, Any]]:
    rows = answer["query"].get(name)
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and "title" in row for row in rows
    ):
        raise ExternalError(
            f"the wiki's API does not answer to list={name} as MediaWiki does: is it one?"
        )
    return rows


def read_titles(path: Path, site: str = "") -> tuple[str, ...]:
    """The titles of a file, one a line, each once, as people have them: spelt with underscores or
    percent signs, or as addresses of the site. Blank lines and comments (#: no title begins so) are
    passed over. Raises BadInput.
    """
    wanted = "--titles wants a text file with one title a line"
    lines = read_small_text(path, MAX_TITLES, wanted).split("\n")
    titles = dict.fromkeys(
        title_of_line(line, site)
        for line in lines
        if line.strip() and not line.lstrip().startswith("#")
    )
    if not titles:
        raise BadInput(f"{path} holds no titles: write one a line")
    return tuple(titles)


def title_of_line(line: str, site: str = "") -> str:
    """The title that a line means: itself, a link to it as editors write it, or an address of the
    site. An address that names none stays what it is.
    """
    text = line.strip()
    if link := WIKI_LINK.fullmatch(text):
        text = link[1]
    here = urlsplit(site)
    bare = text.removeprefix("//")  # an address as some browsers show it, without its scheme
    if here.netloc and bare.lower().startswith(f"{here.netloc}/"):
        text = f"{here.scheme}://{bare}"
    if re.match(r"https?://", text, re.IGNORECASE):
        named = _title_of_address(text, site)
        return text if named is None else normal_title(named)
    return normal_title(_percent_decoded(text.partition("#")[0]))


def _title_of_address(address: str, site: str) -> str | None:
    """The title that an address of a wiki names; None where it is none of this site."""
    try:
        parts, here = urlsplit(address), urlsplit(site)
        host, port, own = parts.hostname or "", parts.port, here.hostname or ""
    except ValueError:
        return None
    mobile = host.replace(".m.", ".", 1)
    if own and (own not in (host, mobile) or port != here.port):
        return None
    titles = parse_qs(parts.query).get("title")
    if titles:
        return titles[0]
    inside = re.search(r"(?:/wiki|/index\.php)/(.+)", parts.path)
    if not inside and parts.path.endswith((".php", "/")):
        return None
    return _percent_decoded(inside[1] if inside else parts.path.lstrip("/")) or None


def _percent_decoded(text: str) -> str:
    """A title as it reads: none can hold a percent sign and two hexadecimal digits."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def normal_title(text: str) -> str:
    """A title as MediaWiki spells it: no section, spaces for underscores, single."""
    return " ".join(text.partition("#")[0].replace("_", " ").split())


def unfit_title(title: str) -> str | None:
    """Why a title cannot be an article's, so that it is not even asked for; None if it can."""
    if (
        not title
        or re.search(r"[\x00-\x1f\x7f#<>\[\]{}|\ufffd]", title)
        or len(title.encode("utf-8", "replace")) > 255
    ):
        return "not a title"
    if re.search(r"(^|/)\.\.?(/|$)", title):
        return "not a title"  # a part of "." or "..", which a path would lose on the way
    if re.match(r"https?://", title, re.IGNORECASE):
        return "an address that names no page of this wiki"
    if re.match(r"(special|media)\s*:", title, re.IGNORECASE):
        return "a special page"  # off limits to robots
    return None


# --- what a live wiki says of itself and its pages ------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """What all pages of a wiki share."""

    licence: str
    lang: str
    article_path: str


def site_facts(answer: ApiAnswer) -> SiteFacts:
    """A wiki's facts out of an API answer that carries SITE_INFO."""
    general, rights = (answer["query"].get(part) for part in ("general", "rightsinfo"))
    if not isinstance(general, dict) or not isinstance(rights, dict):
        raise ExternalError(
            "the wiki's API does not answer to meta=siteinfo as MediaWiki does: is it one?"
        )
    path = str(general.get("articlepath") or "/wiki/$1")
    return SiteFacts(
        licence=licence_name(str(rights.get("url") or ""), str(rights.get("text") or "")),
        lang=str(general.get("lang") or ""),
        article_path=path if path.startswith("/") and "$1" in path else "/wiki/$1",
    )


def licence_name(url: str, text: str) -> str:
    """A short name such as "CC BY-SA 4.0" for a licence's address or title; "unknown" when neither
    says anything.
    """
    match = re.search(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", url.lower())
    if match:
        return f"CC {match[1].upper()} {match[2]}"
    if re.search(r"creativecommons\.org/publicdomain/zero", url.lower()):
        return "CC0 1.0"
    match = re.fullmatch(r"cc[ -](by(?:-(?:nc|nd|sa))*)[ -](\d\.\d)", text.strip().lower())
    return (
        f"CC {match[1].upper()} {match[2]}" if match else " ".join(text.split())[:200] or "unknown"
    )


class LiveWiki:
    """A wiki's pages as `Page`s; `name` is what the cache knows it by, `on_facts` is called with
    the site's facts when they come, and never on a worker's thread.
    """

    def __init__(
        self,
        name: str,
        wiki: Wiki,
        facts: SiteFacts | None,
        on_facts: Callable[[SiteFacts], None] = lambda facts: None,
    ) -> None:
        self.name, self._wiki, self._facts, self._on_facts = name, wiki, facts, on_facts
        self._facts_are_old = facts is not None  # from an earlier run
        self._unreported: SiteFacts | None = None
        self._relearning = threading.Lock()
        if facts:
            wiki.article_path = facts.article_path

    def load_site_info(self) -> None:
        """Ask for the site's facts unless they are known."""
        if not self._facts:
            self.query()

    def query(self, **parameters: str | int) -> ApiAnswer:
        """What the API answers; its first answer also brings the site's facts."""
        if self._facts:
            return self._wiki.query(**parameters)
        answer = self._query_with_facts(**parameters)
        self.report_facts()
        return answer

    def _query_with_facts(self, **parameters: str | int) -> ApiAnswer:
        answer = self._wiki.query(**parameters, **SITE_INFO)
        facts = self._facts = self._unreported = site_facts(answer)
        self._wiki.article_path = facts.article_path
        return answer

    def report_facts(self) -> None:
        """Hand on facts that have come. Workers ask for them, too, and may not write to the cache.
        Raises BadInput for a wiki in a language that cannot be read.
        """
        facts, self._unreported = self._unreported, None
        if facts:
            checked_code(facts.lang, self.name)
            self._on_facts(facts)

    def page(self, title: str, pageid: int | None = None) -> Page:
        """The article of a title, as its address gives it.

        Where a title leads nowhere (moved or misspelt by the wiki itself), the page of that number,
        as the API gives it. Raises what `Wiki.page` raises, and Missing for what is no article.
        """
        try:
            return self._page_at_address(title)
        except (Missing, Ambiguous404):
            if self._have_facts_changed():
                return self.page(title, pageid)
            if pageid is None:
                raise
            return self._parsed_page(pageid)

    def _page_at_address(self, title: str) -> Page:
        for _ in range(REDIRECTS):
            page = page_of_document(self._wiki.page(title), self._wiki.page_url, self._facts)
            if isinstance(page, Page):
                return page
            title = page
        raise Missing("a redirect in a circle")

    def _have_facts_changed(self) -> bool:
        """Whether the site's facts of an earlier run do not fit any more; they are asked for again,
        once in a run, when a page is not where they say.
        """
        with self._relearning:
            if not self._facts_are_old:
                return False
            before, self._facts_are_old = self._facts, False
            self._query_with_facts()
            return self._facts != before

    def _parsed_page(self, pageid: int) -> Page:
        """The page of a number, as action=parse gives it in either formatversion."""
        parsed = self._wiki.api("parse", pageid=pageid, prop="text|revid|categories")["parse"]
        title, text, revid = (parsed.get(part) for part in ("title", "text", "revid"))
        if isinstance(text, dict):
            text = text.get("*")
        right_page = whole_number(parsed.get("pageid", pageid)) == pageid
        if not isinstance(title, str) or not isinstance(text, str) or not right_page:
            raise FetchError("the API's answer holds no page")
        names = (
            str(row.get("category") or row.get("*") or "").replace("_", " ")
            for row in parsed.get("categories") or ()
            if isinstance(row, dict)
        )
        facts = self._facts or SiteFacts(
            licence="unknown", lang=DEFAULT_LANGUAGE, article_path="/wiki/$1"
        )
        title = replace_surrogates(title)
        return Page(
            pageid=pageid,
            title=title,
            html=replace_surrogates(text),
            url=self._wiki.page_url(title),
            revid=whole_number(revid) or 0,
            licence=facts.licence,
            lang=facts.lang,
            categories=tuple(filter(None, names)),
        )


def page_of_document(
    answer: HttpAnswer, page_url: Callable[[str], str], facts: SiteFacts | None
) -> Page | str:
    """The article of a wiki's own page, or the title to which it leads on: MediaWiki follows one
    redirect, not a redirect to a redirect.

    Raises Missing for a redirect to nowhere and for a page outside the article namespace.
    """
    document = answer.text
    config = head_config(document)
    if config.get("wgIsRedirect") is True:
        target = REDIRECT_TARGET.search(document)
        if not target or "redlink=1" in target[1]:
            raise Missing("a redirect to nowhere")
        return html.unescape(target[2])
    pageid, namespace = whole_number(config.get("wgArticleId")), config.get("wgNamespaceNumber", 0)
    if not pageid or namespace != 0:
        raise Missing("not an article")
    title = str(config.get("wgTitle") or config.get("wgPageName", "")).replace("_", " ").strip()
    title = title or unquote(urlsplit(answer.url).path.rpartition("/wiki/")[2]).replace("_", " ")
    title = replace_surrogates(title)
    return Page(
        pageid=pageid,
        title=title,
        html=document,
        url=canonical_url(document) or page_url(title),
        revid=whole_number(config.get("wgRevisionId"))
        or whole_number(config.get("wgCurRevisionId"))
        or 0,
        licence=facts.licence if facts else "unknown",
        lang=facts.lang if facts else DEFAULT_LANGUAGE,
    )


def canonical_url(document: str) -> str | None:
    """The address that a document gives as its own, http(s) only."""
    match = CANONICAL.search(document, 0, 300_000)
    # What comes after a # is the section to which a redirect leads.
    url = html.unescape(match[1]).partition("#")[0] if match else ""
    url = "https:" + url if url.startswith("//") else url
    return url if re.match(r"https?://[^\s/]", url) else None


def replace_surrogates(text: str) -> str:
    """Text that can be stored: JSON may spell halves of characters, which no encoding takes."""
    return text.encode("utf-8", "replace").decode()


def whole_number(value: object) -> int | None:
    """A page or revision number, or None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 < value < 1 << 62 else None
