"""The only file that talks to the network: one MediaWiki, asked for pages and through its API, by
the rules of `manners.py`.
"""

import http.client
import io
import json
import random
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from pipeline.errors import ExternalError
from pipeline.sources.rate_limit import (
    Ambiguous404,
    FetchError,
    Health,
    HostDown,
    Missing,
    NotFound,
    Pacer,
    RateLimited,
    RetryableError,
    RetryPolicy,
    is_loopback,
    retry_after,
)

MAX_BODY = 10_000_000  # bytes of one answer, unpacked
CHUNK = 64 << 10
REDIRECTS = 5
BROKEN_ANSWER = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    zlib.error,
    OSError,
    ValueError,
)
# what MediaWiki leaves as it is in its own links: any other form would miss the caches in front of
# it
PATH_SAFE = ";@$!*(),/~:"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer: the address it came from in the end, its status, headers and unpacked body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


# --- one request ----------------------------------------------------------------------------------


class _UntilDeadline(io.RawIOBase):
    """A socket's reading end that gives up at a moment, however slowly bytes drip in."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, seconds: float) -> None:
        self._raw, self._socket = raw, connection
        self._idle, self._end = connection.gettimeout() or seconds, time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._socket.settimeout(min(left, self._idle))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _adapter(seconds: float) -> HTTPAdapter:
    """requests' timeouts hold between two bytes; this adapter's connections also bound an answer's
    whole time.
    """

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_UntilDeadline(self.fp.detach(), sock, seconds))  # type: ignore[attr-defined]

    class Plain(urllib3.connection.HTTPConnection):
        response_class = Response

    class Secure(urllib3.connection.HTTPSConnection):
        response_class = Response

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secure

    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1)
    adapter.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return adapter


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: even when told not to follow a redirect, requests would read its whole body,
        however large, to prepare for it.
        """
        return None


def _session(site: str, agent: str, patience: RetryPolicy) -> requests.Session:
    session = _Session()
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"})
    session.trust_env = not is_loopback(
        site
    )  # a proxy for the world outside is none for this machine
    session.auth = lambda request: request  # nothing of ~/.netrc goes out
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _adapter(patience.request))
    return session


def _unpacked(response: requests.Response) -> bytes:
    """The body of a streamed answer. Raises Broken when it is cut off, packed in a way not asked
    for, or too large once unpacked.
    """
    coding = response.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise RetryableError(f"the answer is packed as {coding!r}, which was not asked for")
    unzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding else None
    body, came = bytearray(), 0
    while chunk := response.raw.read(CHUNK, decode_content=False):
        came += len(chunk)
        body += unzip.decompress(chunk, MAX_BODY + 1 - len(body)) if unzip else chunk
        if len(body) > MAX_BODY or came > MAX_BODY:
            raise FetchError(f"larger than {MAX_BODY // 1_000_000} MB")
    if unzip and came and not unzip.eof:
        raise RetryableError("the answer was cut off")
    return bytes(body)


def _network_trouble(error: Exception) -> FetchError | ExternalError:
    """Which class of trouble a failed request is."""
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return ExternalError(f"the wiki's certificate cannot be trusted ({_short(text)})")
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return HostDown("its name cannot be resolved")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return HostDown("no connection in time")
    closed = isinstance(error, (requests.exceptions.ProxyError, requests.exceptions.SSLError))
    if closed or isinstance(reason, urllib3.exceptions.NewConnectionError):
        return HostDown("the connection is refused" if "refused" in text else _short(text))
    if isinstance(
        error, (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
    ):
        return RetryableError("no answer in time")
    return RetryableError("the connection broke off")


def _short(text: str) -> str:
    """The innermost message of an error that quotes others."""
    return re.sub(r"[\s\"')]+$", "", text.rsplit(": ", 1)[-1])[:120]


# --- the wiki -------------------------------------------------------------------------------------


class Wiki:
    """One MediaWiki, spoken to politely by several threads at once: `query` its API, or read a
    `page`.
    """

    def __init__(
        self,
        site: str,
        *,
        agent: str,
        pacer: Pacer,
        patience: RetryPolicy | None = None,
        notice: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.site, self.article_path = site, "/wiki/$1"
        self._agent, self._pacer, self._patience = agent, pacer, patience or RetryPolicy()
        self._health = Health(site, pacer, self._patience, notice)
        self._apis: tuple[str, ...] = (
            (site,) if site.endswith("/api.php") else (f"{site}/w/api.php", f"{site}/api.php")
        )
        self._api_met = False
        self._threads = threading.local()

    def query(self, **parameters: str | int) -> dict[str, Any]:
        """What the API answers to action=query. Raises ExternalError when it cannot be had."""
        try:
            return self.api("query", **parameters)
        except Missing:
            raise ExternalError(
                f"{self.site} has no MediaWiki API at /w/api.php or /api.php: is it a wiki?"
            ) from None
        except FetchError as trouble:
            raise ExternalError(
                f"{self.site} gives no answer that can be used: {trouble}; what came is kept"
            ) from None

    def api(self, action: str, **parameters: str | int) -> dict[str, Any]:
        """What the API answers to an action. Raises Trouble for this call, ExternalError when the
        wiki cannot be reached.
        """
        query = urlencode(
            {"action": action, "format": "json", "formatversion": 2, "maxlag": 5, **parameters}
        )
        for number, place in enumerate(self._apis, start=1):
            try:
                answer = self._patiently(
                    partial(self._api_once, f"{place}?{query}", action), api=True
                )
            except Missing as missing:
                if isinstance(missing, Ambiguous404) and self._api_met:
                    raise FetchError("its API is not found any more") from None
                if number == len(self._apis):
                    raise
            else:
                self._apis, self._api_met = (place,), True
                break
        return answer

    def page(self, title: str) -> Reply:
        """A title's page, redirects followed. Raises Missing or Trouble for this page,
        ExternalError when the wiki cannot be reached.
        """
        return self._patiently(lambda: _wiki_page(self._once(self.page_url(title))))

    def page_url(self, title: str) -> str:
        """Where a title is read, spelt as MediaWiki itself spells it."""
        parts = urlsplit(self.site)
        return f"{parts.scheme}://{parts.netloc}" + self.article_path.replace(
            "$1", quote(title.replace(" ", "_"), safe=PATH_SAFE)
        )

    def _api_once(self, url: str, action: str) -> dict[str, Any]:
        return _api_answer(self._once(url, api=True), action)

    def _patiently(self, attempt: Callable[[], T], *, api: bool = False) -> T:
        """Try until it works, waiting as the kind of trouble asks for."""
        tries, not_found, since = 0, 0, self._pacer.clock()
        while True:
            self._pacer.acquire(api=api)
            try:
                result = attempt()
            except RateLimited as trouble:
                since += self._wait_as_asked(trouble)
            except Missing:
                self._health.answered()
                raise
            except (HostDown, RetryableError) as trouble:
                tries += 1
                not_found += isinstance(trouble, NotFound)
                if isinstance(trouble, HostDown):
                    self._health.down(trouble)
                elif not_found == NotFound.tries:  # a 404 among other faults proves nothing
                    raise Ambiguous404("404") from None
                elif (
                    tries >= RetryableError.tries
                    or self._pacer.clock() - since > self._patience.page
                ):
                    raise FetchError(str(trouble)) from None
                self._pacer.sleep(min(0.5 * 2 ** (tries - 1), 10) * random.uniform(0.75, 1.25))
            else:
                self._health.answered()
                return result

    def _wait_as_asked(self, trouble: RateLimited) -> float:
        """Wait out what the host asked for; how long that took."""
        started = self._pacer.clock()
        self._health.busy(trouble)
        while self._pacer.is_quiet():
            self._pacer.sleep(0.1)
        return self._pacer.clock() - started

    def _once(self, url: str, *, api: bool = False) -> Reply:
        """One request, redirects within the same host followed."""
        for hop in range(REDIRECTS + 1):
            if hop:
                self._pacer.acquire(api=api)
            reply = self._send(url)
            if reply.status not in (301, 302, 303, 307, 308):
                return self._checked_status(reply)
            url = _same_host(url, reply.headers.get("Location", ""))
        raise FetchError(f"more than {REDIRECTS} redirects")

    def _send(self, url: str) -> Reply:
        if not hasattr(self._threads, "session"):
            self._threads.session = _session(self.site, self._agent, self._patience)
        patience = self._patience
        try:
            with self._threads.session.get(
                url, stream=True, allow_redirects=False, timeout=(patience.connect, patience.idle)
            ) as response:
                return Reply(
                    url=url,
                    status=response.status_code,
                    headers=response.headers,
                    body=_unpacked(response),
                )
        except BROKEN_ANSWER as error:
            raise _network_trouble(error) from None

    def _checked_status(self, reply: Reply) -> Reply:
        """The reply if its status lets it be read, else the trouble that it means."""
        seconds = retry_after(reply.headers.get("Retry-After"), datetime.now(UTC))
        status = reply.status
        if status in (429, 503) or (seconds and status >= 400):
            raise RateLimited(str(status), seconds, too_fast=status == 429)
        if status in (404, 410):
            raise (
                Missing("the wiki has no such page")
                if _article_id(reply.body) == 0
                else NotFound(str(status))
            )
        if status == 403:
            raise FetchError(
                "it refuses this client (403): give your mail address or page with --contact"
            )
        if status >= 500 or status in (408, 425):
            raise RetryableError(f"status {status}")
        if status != 200:
            raise FetchError(f"status {status}")
        if seconds and b'"maxlag"' in reply.body[:1000]:
            raise RateLimited("maxlag", seconds)
        return reply


def _same_host(url: str, location: str) -> str:
    """Where a redirect leads. Raises Trouble when that is another host or scheme, or no address."""
    try:
        target = urljoin(url, location)
        scheme, host = urlsplit(target)[:2]
    except ValueError:
        raise FetchError("it redirects to no address") from None
    if (scheme, host) != urlsplit(url)[:2]:
        raise FetchError(
            f"it redirects to another host or scheme, {scheme}://{host}: if that is the wiki's"
            " address, give it with --site"
        )
    return target


def _article_id(body: bytes) -> int | None:
    """wgArticleId of a wiki page's head; 0 where there is no article; None where this is no wiki
    page.
    """
    found = re.search(rb'"wgArticleId"\s*:\s*(\d{1,18})\b', body)
    return int(found[1]) if found else None


def _wiki_page(reply: Reply) -> Reply:
    """The reply if it is a wiki's page, whole to its end."""
    number = _article_id(reply.body)
    if number is None:
        raise RetryableError("what came is no wiki page")
    if number == 0:
        raise Missing("not an article")
    if b"</html>" not in reply.body[-1000:].lower():
        raise RetryableError("the page was cut off")
    return reply


def _api_answer(reply: Reply, action: str) -> dict[str, Any]:
    """The API's answer out of a reply, or the trouble that its error means."""
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        raise RetryableError("what came is no API answer") from None
    if not isinstance(answer, dict):
        raise RetryableError("what came is no API answer")
    error = answer.get("error")
    if isinstance(error, dict):
        code = str(error.get("code"))
        if code in ("maxlag", "ratelimited", "readonly"):
            raise RateLimited(
                code,
                retry_after(reply.headers.get("Retry-After"), datetime.now(UTC)),
                too_fast=code == "ratelimited",
            )
        if code in ("nosuchpageid", "missingtitle"):
            raise Missing("the wiki has no such page")
        if code.startswith("internal_api_error"):
            raise RetryableError(f"the API failed ({code})")
        raise FetchError(f"the API refuses ({code}: {str(error.get('info'))[:200]})")
    if not isinstance(answer.get(action), dict):
        raise RetryableError(f"the API's answer holds no {action}")
    return answer
