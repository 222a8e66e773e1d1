"""Where pages of a live wiki come from: random draws, titles, a category; what the wiki says of
itself and its pages.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from pipeline.clean import head_config
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.languages import checked_code
from pipeline.records import DEFAULT_LANGUAGE, Page
from pipeline.sources.mediawiki import Reply, Wiki
from pipeline.sources.rate_limit import FetchError, Missing

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

Answer = dict[str, Any]
Ask = Callable[..., Answer]


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
    def more(self, ask: Ask, state: dict[str, Any], number: int) -> Drawn:
        """About `number` more pages, by at most one API call."""


@dataclass(frozen=True, slots=True)
class RandomDraw:
    """Random articles: MediaWiki goes through a hidden, shuffled order from a random start."""

    what = "random"
    may_repeat = True

    def more(self, ask: Ask, state: dict[str, Any], number: int) -> Drawn:
        answer = ask(
            list="random",
            rnnamespace=0,
            rnfilterredir="nonredirects",
            rnlimit=min(number, API_BATCH),
            **state.get("continue", {}),
        )
        pages = [
            (replace_surrogates(str(row["title"])), whole_number(row.get("id")))
            for row in _rows(answer, "random")
            if row.get("ns") == 0
        ]
        following = answer.get("continue")
        return Drawn(
            pages=pages, state={"continue": following} if following else {}, exhausted=not following
        )


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

    def more(self, ask: Ask, state: dict[str, Any], number: int) -> Drawn:
        frontier = state.get("frontier", [[self.name, 0, {}]])
        seen = set(state.get("seen", [self.name]))
        (name, depth, going_on), *frontier = frontier
        answer = ask(
            list="categorymembers",
            cmtitle=f"Category:{name}",
            cmtype="page|subcat",
            cmprop="ids|title|type",
            cmlimit=API_BATCH,
            **going_on,
        )
        if answer.get("continue"):
            frontier.insert(0, [name, depth, answer["continue"]])
        rows = _rows(answer, "categorymembers")
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
        return Drawn(
            pages=pages, state={"frontier": frontier, "seen": sorted(seen)}, exhausted=not frontier
        )


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

    def more(self, ask: Ask, state: dict[str, Any], number: int) -> Drawn:
        return Drawn(pages=[(title, None) for title in self.titles], state={}, exhausted=True)


def _rows(answer: Answer, name: str) -> list[dict[str, Any]]:
    rows = answer["query"].get(name)
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and "title" in row for row in rows
    ):
        raise ExternalError(
            f"the wiki's API does not answer to list={name} as MediaWiki does: is it one?"
        )
    return rows


def read_titles(path: Path) -> tuple[str, ...]:
    """The titles of a file, one a line, each once; blank lines and comments (#: no title begins so)
    passed over. Raises BadInput.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_TITLES + 1)  # a device would never end
        lines = raw.decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise BadInput(f"{path} is missing: --titles wants a file with one title a line") from None
    except (IsADirectoryError, UnicodeDecodeError):
        raise BadInput(
            f"{path} is no text file in UTF-8: --titles wants one title a line"
        ) from None
    if len(raw) > MAX_TITLES:
        raise BadInput(f"{path} is larger than {MAX_TITLES >> 20} MB: no list of titles is")
    titles = dict.fromkeys(
        normal_title(line) for line in lines if line.strip() and not line.lstrip().startswith("#")
    )
    if not titles:
        raise BadInput(f"{path} holds no titles: write one a line")
    return tuple(titles)


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


def site_facts(answer: Answer) -> SiteFacts:
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
    found = re.search(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", url.lower())
    if found:
        return f"CC {found[1].upper()} {found[2]}"
    if re.search(r"creativecommons\.org/publicdomain/zero", url.lower()):
        return "CC0 1.0"
    found = re.fullmatch(r"cc[ -](by(?:-(?:nc|nd|sa))*)[ -](\d\.\d)", text.strip().lower())
    return (
        f"CC {found[1].upper()} {found[2]}" if found else " ".join(text.split())[:200] or "unknown"
    )


class LiveWiki:
    """A wiki's pages as `Page`s; `name` is what the cache knows it by, `learnt` is told the site's
    facts when they first come.
    """

    def __init__(
        self,
        name: str,
        wiki: Wiki,
        facts: SiteFacts | None,
        learnt: Callable[[SiteFacts], None] = lambda facts: None,
    ) -> None:
        self.name, self._wiki, self._facts, self._learnt = name, wiki, facts, learnt
        if facts:
            wiki.article_path = facts.article_path

    def load_site_info(self) -> None:
        """Ask for the site's facts unless they are known."""
        if not self._facts:
            self.ask()

    def ask(self, **parameters: str | int) -> Answer:
        """What the API answers; its first answer also brings the site's facts."""
        if self._facts:
            return self._wiki.query(**parameters)
        answer = self._wiki.query(**parameters, **SITE_INFO)
        facts = site_facts(answer)
        checked_code(facts.lang, self.name)
        self._facts, self._wiki.article_path = facts, facts.article_path
        self._learnt(facts)
        return answer

    def page(self, title: str, pageid: int | None = None) -> Page:
        """The article of a title, as its address gives it.

        Where a title leads nowhere (moved or misspelt by the wiki itself), the page of that number,
        as the API gives it. Raises what `Wiki.page` raises, and Missing for what is no article.
        """
        try:
            for _ in range(REDIRECTS):
                page = page_of_document(self._wiki.page(title), self._wiki.page_url, self._facts)
                if isinstance(page, Page):
                    return page
                title = page
            raise Missing("a redirect in a circle")
        except Missing:
            if pageid is None:
                raise
            return self._parsed_page(pageid)

    def _parsed_page(self, pageid: int) -> Page:
        parsed = self._wiki.api("parse", pageid=pageid, prop="text|revid|categories")["parse"]
        title, text, revid = (parsed.get(part) for part in ("title", "text", "revid"))
        if (
            not isinstance(title, str)
            or not isinstance(text, str)
            or whole_number(parsed.get("pageid")) != pageid
        ):
            raise FetchError("the API's answer holds no page")
        names = (
            str(row.get("category", "")).replace("_", " ")
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
    reply: Reply, page_url: Callable[[str], str], facts: SiteFacts | None
) -> Page | str:
    """The article of a wiki's own page, or the title to which it leads on: MediaWiki follows one
    redirect, not a redirect to a redirect.

    Raises Missing for a redirect to nowhere and for a page outside the article namespace.
    """
    document = reply.text
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
    title = title or unquote(urlsplit(reply.url).path.rpartition("/wiki/")[2]).replace("_", " ")
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
    found = CANONICAL.search(document, 0, 300_000)
    url = (
        html.unescape(found[1]).partition("#")[0] if found else ""
    )  # behind # stands the section that a redirect leads to
    url = "https:" + url if url.startswith("//") else url
    return url if re.match(r"https?://[^\s/]", url) else None


def replace_surrogates(text: str) -> str:
    """Text that can be stored: JSON may spell halves of characters, which no encoding takes."""
    return text.encode("utf-8", "replace").decode()


def whole_number(value: object) -> int | None:
    """A page or revision number, or None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    return (
        value
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 62
        else None
    )
