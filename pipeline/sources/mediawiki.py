"""The only file that talks to the network: one MediaWiki, asked for pages and through its API, by
the rules of `rate_limit.py`.
"""

import html
import http.client
import importlib.util
import io
import json
import os
import random
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from pipeline.addresses import split_address
from pipeline.errors import BadInput, ExternalError
from pipeline.sources.rate_limit import (
    Ambiguous404,
    FetchError,
    Health,
    HostDown,
    Missing,
    NoApi,
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
PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")
PROXY_ADVICE = "write http://USER:PASSWORD@HOST:PORT into the variable that names it"
DISCOVERY_ROUNDS = 3  # in which no place answered as an API
EDIT_URI = re.compile(
    r"<link\b[^>]{0,40}\brel=[\"']EditURI[\"'][^>]{0,80}?\bhref=[\"']([^\"']{1,2000})[\"']"
)
T = TypeVar("T")


class NotJson(RetryableError):
    """What came is no JSON object."""


class Refused(FetchError):
    """The server does not let this client in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
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
        # A server that sends a byte every second never runs into a timeout between two bytes.
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


def _session(site: str, agent: str, policy: RetryPolicy) -> requests.Session:
    session = _Session()
    session.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"})
    # A proxy for the world outside is none for this machine.
    session.trust_env = not is_loopback(site)
    session.auth = lambda request: request  # nothing of ~/.netrc goes out
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, _adapter(policy.request))
    return session


def check_local_settings(site: str) -> None:
    """Raises BadInput, naming the variable, for a setting of this machine that no request to the
    site would survive.
    """
    if is_loopback(site):
        return
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and (fault := _bundle_fault(path)):
            raise BadInput(f"{name}={path} {fault}: correct or unset that variable")
    name, proxy = _proxy_of(site)
    if not proxy:
        return
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.scheme not in PROXY_SCHEMES:
        raise BadInput(
            f"{name}={proxy} is not the address of a proxy, such as http://127.0.0.1:8080:"
            " correct or unset that variable"
        )
    if parts.scheme.startswith("socks") and importlib.util.find_spec("socks") is None:
        raise BadInput(f"{name}={proxy} needs PySocks: pip install pysocks, or unset that variable")


def _proxy_of(site: str) -> tuple[str, str]:
    """The variable that names the proxy to a site, and its address; "" where there is none."""
    proxy = requests.utils.select_proxy(site, requests.utils.get_environ_proxies(site)) or ""
    name = next((n for n, value in os.environ.items() if value == proxy), "the proxy's variable")
    return name, proxy


def _bundle_fault(path: str) -> str:
    """What is wrong with a file of certificates, or a folder of them; nothing where all is well."""
    if os.path.isdir(path):
        return ""
    try:
        ssl.create_default_context(cafile=path)
    except FileNotFoundError:
        return "names no file"
    except ssl.SSLError:
        return "holds no certificates"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return ""


def _unpacked(response: requests.Response) -> bytes:
    """The body of a streamed answer. Raises RetryableError when it is cut off or packed in a way
    that was not asked for, FetchError when it is too large once unpacked.
    """
    # Unpacked piece by piece and counted on the way: a few kilobytes of gzip may hold gigabytes.
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


def _failure_of(error: Exception, site: str) -> FetchError | ExternalError:
    """Which class of failure an error of the HTTP library is, met on the way to a site."""
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return ExternalError(f"the wiki's certificate cannot be trusted ({_short(text)})")
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    if isinstance(error, requests.exceptions.ProxyError):
        if "407" in text:
            return ExternalError(f"the proxy wants a password (407): {PROXY_ADVICE}")
        why = "it refuses the connection" if "refused" in text else _short(text)
        return HostDown(f"no way through the proxy that {_proxy_of(site)[0]} names: {why}")
    if isinstance(reason, urllib3.exceptions.NameResolutionError):
        return HostDown("its name cannot be resolved")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return HostDown("no connection in time")
    closed = isinstance(error, requests.exceptions.SSLError)
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
        policy: RetryPolicy | None = None,
        notice: Callable[[str], None] = lambda line: None,
    ) -> None:
        check_local_settings(site)
        self.site, self.article_path = site, "/wiki/$1"
        self._agent, self._pacer, self._policy = agent, pacer, policy or RetryPolicy()
        self._health = Health(site, pacer, self._policy, notice)
        self._api: str | None = None  # the place that has answered as an API
        self._threads = threading.local()

    def query(self, **parameters: str | int) -> dict[str, Any]:
        """What the API answers to action=query. Raises ExternalError when it cannot be had."""
        try:
            return self.api("query", **parameters)
        except NoApi as failure:
            raise ExternalError(str(failure)) from None
        except FetchError as failure:
            raise ExternalError(
                f"{self.site} gives no answer that can be used: {failure}; what came is kept"
            ) from None

    def api(self, action: str, **parameters: str | int) -> dict[str, Any]:
        """What the API answers to an action. Raises FetchError for this call, ExternalError when
        the wiki cannot be reached.
        """
        query = urlencode(
            {"action": action, "format": "json", "formatversion": 2, "maxlag": 5, **parameters}
        )
        if self._api is None:
            return self._find_api(query, action)
        attempt = partial(self._api_once, f"{self._api}?{query}", action)
        try:
            return self._patiently(attempt, api=True)
        except Ambiguous404:
            raise FetchError("its API is not found any more") from None

    def _find_api(self, query: str, action: str) -> dict[str, Any]:
        """The first answer of the API, wherever it is: each likely place is tried, and again where
        none answered as one, since any answer may have been a fault on the way.
        """
        failure: FetchError = NoApi("")
        for attempt in range(DISCOVERY_ROUNDS):
            if attempt:
                self._pacer.sleep(0.5 * 2**attempt)
            may_pass = False  # a refusal does not pass; what was no API may have been a fault
            for place in self._places():
                ask = partial(self._first_answer, place, query, action)
                try:
                    return self._patiently(ask, api=True)
                except NoApi as no_api:
                    failure, may_pass = no_api, True
                except FetchError as refusal:
                    if self._api:
                        raise
                    failure = refusal
            if not may_pass:
                break
        raise NoApi(
            f"{self.site} answers at no usual place as a MediaWiki API ({failure}): if it is a"
            " wiki, give the address of its api.php with --site"
        )

    def _places(self) -> Iterator[str]:
        """Where the API may be: the usual places, then what the wiki's own pages say. The site may
        be any page of the wiki, as a browser shows its address.
        """
        if self.site.endswith("/api.php"):
            yield self.site
            return
        parts = urlsplit(self.site)
        root = f"{parts.scheme}://{parts.netloc}"
        # What stands above the given address may be another wiki, and comes last.
        for base in dict.fromkeys((self.site, root)):
            usual = (f"{base}/w/api.php", f"{base}/api.php")
            yield from usual
            for page in (f"{base}/",) if base == root else (base, f"{base}/"):
                named = self._named_api(page)
                if named and named not in usual:
                    yield named

    def _named_api(self, page: str) -> str | None:
        """The API's address by a page of the wiki (<link rel="EditURI">), on the same host."""
        try:
            answer = self._patiently(partial(self._once, page))
        except FetchError:
            return None
        link = EDIT_URI.search(answer.text, 0, 300_000)
        here = urlsplit(self.site)
        named = html.unescape(link[1]) if link else ""
        target = urlsplit(urljoin(answer.url, named)) if split_address(named).path else None
        if target is None or target.netloc != here.netloc:
            return None
        return f"{here.scheme}://{here.netloc}{target.path}"

    def _first_answer(self, place: str, query: str, action: str) -> dict[str, Any]:
        """One answer of a place that may be no API. Raises NoApi for what is none."""
        try:
            answer = self._once(f"{place}?{query}", api=True)
            content = _json_object(answer)
        except (Missing, NotFound, NotJson) as failure:
            raise NoApi(str(failure)) from None
        if not {"query", "error", "parse", "continue", "batchcomplete"} & content.keys():
            raise NoApi("what came is no API answer")
        self._api = place
        return _api_answer(answer, action)

    def page(self, title: str) -> HttpAnswer:
        """A title's page, redirects followed. Raises Missing or FetchError for this page,
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
        """Try until it works, waiting as the class of failure asks for."""
        # Each class of failure has its own patience. What the host asks us to wait does not count;
        # a fault on the way counts as a try; a page that the wiki says is missing is not tried
        # again.
        tries, not_found, since = 0, 0, self._pacer.clock()
        while True:
            self._pacer.acquire(api=api)
            try:
                result = attempt()
            except RateLimited as failure:
                since += self._wait_as_asked(failure)
            except Missing:
                self._health.answered()
                raise
            except (HostDown, RetryableError) as failure:
                tries += 1
                not_found += isinstance(failure, NotFound)
                if isinstance(failure, HostDown):
                    self._health.down(failure)
                elif not_found == NotFound.tries:  # a 404 among other faults proves nothing
                    raise Ambiguous404("404, and not by the wiki itself") from None
                elif (
                    tries >= RetryableError.tries or self._pacer.clock() - since > self._policy.page
                ):
                    raise FetchError(str(failure)) from None
                self._pacer.sleep(min(0.5 * 2 ** (tries - 1), 10) * random.uniform(0.75, 1.25))
            else:
                self._health.answered()
                return result

    def _wait_as_asked(self, failure: RateLimited) -> float:
        """Wait out what the host asked for; how long that took."""
        started = self._pacer.clock()
        self._health.busy(failure)
        while self._pacer.is_quiet():
            self._pacer.sleep(0.1)
        return self._pacer.clock() - started

    def _once(self, url: str, *, api: bool = False) -> HttpAnswer:
        """One request, redirects within the same host followed."""
        # Redirects are followed by hand: each is a request to the host and keeps its pace, and none
        # may lead to another host.
        for hop in range(REDIRECTS + 1):
            if hop:
                self._pacer.acquire(api=api)
            reply = self._send(url)
            if reply.status not in (301, 302, 303, 307, 308):
                return self._checked_status(reply)
            url = _same_host(url, reply.headers.get("Location", ""))
        raise FetchError(f"more than {REDIRECTS} redirects")

    def _send(self, url: str) -> HttpAnswer:
        if not hasattr(self._threads, "session"):
            self._threads.session = _session(self.site, self._agent, self._policy)
        policy = self._policy
        try:
            with self._threads.session.get(
                url, stream=True, allow_redirects=False, timeout=(policy.connect, policy.idle)
            ) as response:
                return HttpAnswer(
                    url=url,
                    status=response.status_code,
                    headers=response.headers,
                    body=_unpacked(response),
                )
        except BROKEN_ANSWER as error:
            raise _failure_of(error, self.site) from None

    def _checked_status(self, reply: HttpAnswer) -> HttpAnswer:
        """The reply if its status lets it be read, else the failure that it means."""
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
            raise Refused(
                "it refuses this client (403): give your mail address or page with --contact"
            )
        if status == 407:
            raise ExternalError(f"the proxy wants a password (407): {PROXY_ADVICE}")
        if 400 <= status < 500 and status not in (401, 408, 425) and _article_id(reply.body) == 0:
            raise Missing(f"the wiki refuses this title ({status})")
        if status >= 500 or status in (408, 425):
            raise RetryableError(f"status {status}")
        if status != 200:
            raise FetchError(f"status {status}")
        if seconds and b'"maxlag"' in reply.body[:1000]:
            raise RateLimited("maxlag", seconds)
        return reply


def _same_host(url: str, location: str) -> str:
    """Where a redirect leads. Raises FetchError for another host or scheme, or no address."""
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
    match = re.search(rb'"wgArticleId"\s*:\s*(\d{1,18})\b', body)
    return int(match[1]) if match else None


def _wiki_page(reply: HttpAnswer) -> HttpAnswer:
    """The reply if it is a wiki's page, whole to its end."""
    number = _article_id(reply.body)
    if number is None:
        raise RetryableError("what came is no wiki page")
    if number == 0:
        raise Missing("not an article")
    if b"</html>" not in reply.body[-1000:].lower():
        raise RetryableError("the page was cut off")
    try:
        reply.body.decode()
    except UnicodeDecodeError:
        raise RetryableError("the page is not in UTF-8") from None
    return reply


def _json_object(answer: HttpAnswer) -> dict[str, Any]:
    """The JSON object of an answer. Raises NotJson."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise NotJson("what came is no API answer") from None
    if not isinstance(content, dict):
        raise NotJson("what came is no API answer")
    return content


def _api_answer(answer: HttpAnswer, action: str) -> dict[str, Any]:
    """The API's answer, in the form of MediaWiki 1.26 and later, or the failure that its error
    means.
    """
    content = _json_object(answer)
    error = content.get("error")
    if isinstance(error, dict):
        raise _api_failure(error, answer)
    if not isinstance(content.get(action), dict):
        raise RetryableError(f"the API's answer holds no {action}")
    old = content.pop("query-continue", None)  # before 1.26, by module
    if isinstance(old, dict) and "continue" not in content:
        parts = [part for part in old.values() if isinstance(part, dict)]
        content["continue"] = {name: value for part in parts for name, value in part.items()}
    if not is_continuation(content.get("continue", {})):
        raise RetryableError("the API's answer goes on in a way that is not MediaWiki's")
    return content


def is_continuation(value: object) -> bool:
    """Whether a value can be what MediaWiki wants to be given back for the next part of a list."""
    return (
        isinstance(value, dict)
        and len(value) <= 20
        and all(isinstance(part, str | int) and len(str(part)) < 2000 for part in value.values())
        and all(re.fullmatch(r"[a-z]{1,40}", name) for name in value)
    )


def _api_failure(error: dict[str, Any], answer: HttpAnswer) -> FetchError | ExternalError:
    """What an error of the API means."""
    code = str(error.get("code"))[:100]
    if code in ("maxlag", "ratelimited", "readonly"):
        seconds = retry_after(answer.headers.get("Retry-After"), datetime.now(UTC))
        return RateLimited(code, seconds, too_fast=code == "ratelimited")
    if code in ("nosuchpageid", "missingtitle"):
        return Missing("the wiki has no such page")
    if code in ("readapidenied", "mustbeloggedin", "permissiondenied"):
        return ExternalError(
            f"the wiki may be read only by its members ({code}): save pages in a browser that is"
            " logged in, and read them with --source html:FOLDER"
        )
    if code.startswith("internal_api_error"):
        return RetryableError(f"the API failed ({code})")
    return FetchError(f"the API refuses ({code}: {str(error.get('info'))[:200]})")
