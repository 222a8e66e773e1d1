"""The pace of requests to a wiki, and the other rules of a polite crawler: to say who asks, to wait
when told to, and to give up when nobody answers.

Nothing here touches the network; `mediawiki.py` does, by these rules.
"""

import ipaddress
import math
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from pipeline.addresses import split_address
from pipeline.errors import BadInput, ExternalError

# Requests per second for pages, and per second for the API: where the pace of a fetch is set.
DEFAULT_RATE = 10.0
WIKIMEDIA_RATE = 20.0  # what Wikimedia's rules allow
NAMELESS_RATE = 2.0  # for those who share the project's address, and with it one limit
SAMPLE_RATE = 1000.0  # our own pages, on our own machine
API_RATE = 3.0  # with a contact: 200 per minute are allowed
NAMELESS_API_RATE = 1 / 6  # without one: 10 per minute are allowed
PROJECT_ADDRESS = "https://github.com/askwiki/askwiki"
WIKIMEDIA = re.compile(
    r"(^|\.)(wikipedia|wikimedia|wiktionary|wikibooks|wikinews|wikiquote|wikisource|wikiversity|wikivoyage|wikidata|"
    r"mediawiki|wikifunctions)\.org$"
)


# The path of a page as browsers show it: …/wiki/Main_Page, …/w/index.php, …/index.php/Main_Page.
LONGEST_ADDRESS = 2_000  # characters, as in browsers
PAGE_ADDRESS = re.compile(r"(.*?)(/wiki(?=/|$)|(?:/w)?/index\.php(?=/|$)|$)(.*)", re.DOTALL)


class FetchError(Exception):
    """A page cannot be had; the message says why. The wiki itself may be well."""


class Missing(FetchError):
    """The wiki has no such page."""


class Ambiguous404(FetchError):
    """Nothing but 404s came that are not the wiki's own: something before it, such as a proxy, may
    have answered.
    """


class RetryableError(FetchError):
    """What came is not what was asked for: worth another try."""

    tries = 8


class NotFound(RetryableError):
    """A 404 that is not the wiki's own page: perhaps a false one."""

    tries = 3


class HostDown(FetchError):
    """Nothing answers at the address."""


class NoApi(FetchError):
    """What answers at this place is no MediaWiki API."""


class RateLimited(FetchError):
    """The host asks to wait `seconds` (None: it does not say how long), perhaps because we are
    `too_fast`.
    """

    def __init__(self, message: str, seconds: float | None, *, too_fast: bool = False) -> None:
        super().__init__(message)
        self.seconds, self.too_fast = seconds, too_fast


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long to go on when things fail; all in seconds."""

    connect: float = 10
    idle: float = 15  # between two pieces of an answer
    request: float = 45  # for one answer, headers and body
    page: float = 90  # for all tries of one request, waits asked for by the host not counted
    unmet: float = 4  # for a host that has not answered yet in this run
    down: float = 120  # for a host that answered before and does no longer
    busy: float = 300  # for a host that only asks to wait
    longest_wait: float = 900  # a Retry-After beyond this ends the command


def user_agent(contact: str) -> str:
    """The User-Agent that Wikimedia's policy asks for: client/version (contact) library/version."""
    return f"AskWiki/0.1 ({contact}) python-requests/{requests.__version__}"


def checked_contact(text: str) -> str:
    """A mail address or web page that reaches the operator. Raises BadInput for what cannot be
    one.
    """
    contact = text.strip()
    mail = re.fullmatch(r"(mailto:)?[^\s@(),;:<>\"]+@[^\s@(),;:<>\"]+\.[^\s@(),;:<>\".]+", contact)
    page = re.fullmatch(r"https?://[^\s()/.]+\.[^\s()]+", contact)
    if (
        not (mail or page)
        or not contact.isascii()
        or not contact.isprintable()
        or len(contact) > 200
    ):
        raise BadInput(
            f"{text!r} is no contact: give your mail address or the address of a page about you"
        )
    if re.search(r"[@/.]example\.(com|org|net)\b", contact):
        raise BadInput(f"{text!r} reaches nobody: give your own mail address or page")
    return contact


def checked_site(text: str) -> str:
    """The address of a wiki, http(s) only, without its last slash: what precedes /wiki/ or
    index.php where a page's address is given. Raises BadInput.
    """
    address = text.strip()
    if len(address) > LONGEST_ADDRESS:
        raise BadInput(f"an address of {len(address):,} characters is not that of a wiki")
    if not re.match(r"[a-z][a-z0-9+.-]*://", address, re.IGNORECASE):
        address = f"{'http' if is_loopback('//' + address) else 'https'}://{address}"
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises ValueError when it is none
        before, page, _ = PAGE_ADDRESS.match(parts.path).groups()  # type: ignore[union-attr]
        is_site = parts.scheme in ("http", "https") and parts.hostname
        host_alone = "://" not in text and not re.search(r"[.:]|^localhost$", parts.netloc)
        extra = (parts.query or parts.fragment) and not page
        if not is_site or parts.username is not None or host_alone or extra:
            raise ValueError
        parts.hostname.encode("idna")  # type: ignore[union-attr]
        requests.Request("GET", address).prepare()
    except (ValueError, requests.RequestException):
        raise BadInput(
            f"{text!r} is not the address of a wiki: give one such as https://en.wikipedia.org"
        ) from None
    return f"{parts.scheme}://{parts.netloc.lower()}{before.rstrip('/')}"


def is_wikimedia(site: str) -> bool:
    return bool(WIKIMEDIA.search(urlsplit(site).hostname or ""))


def is_loopback(site: str) -> bool:
    host = split_address(site).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, which is a number or a date; None for none,
    nonsense, or a time gone by.
    """
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return seconds if seconds > 0 and not math.isnan(seconds) else None


class Pacer:
    """One pace for all threads: turns at least 1/rate seconds apart, none while the host wants to
    be left alone.

    Failures only ever make it slower; each success wins back a little of what a complaint took.
    """

    def __init__(
        self,
        rate: float,
        *,
        api_rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock, self.sleep = clock, sleep
        self._interval, self._api_interval, self._slowness = 1 / rate, 1 / api_rate, 1.0
        self._next = self._next_api = self._quiet_until = -math.inf
        self._closed = False
        self._lock = threading.Lock()

    def close(self) -> None:
        """No more requests: whoever waits to send one gets a FetchError."""
        self._closed = True

    def acquire(self, *, api: bool = False) -> None:
        """Wait until this thread may send a request. Raises FetchError once the pacer is closed."""
        while True:
            if self._closed:
                raise FetchError("stopped")
            # Whoever finds its moment come takes it and sets the next one, in one step under the
            # lock: two threads never share a turn.
            with self._lock:
                now = self.clock()
                wait = (
                    max(self._next, self._quiet_until, self._next_api if api else -math.inf) - now
                )
                if wait <= 0:
                    self._next = now + self._interval * self._slowness
                    if api:
                        self._next_api = now + self._api_interval * self._slowness
                    return
            # In short sleeps: the host may meanwhile ask another thread for a longer pause.
            self.sleep(min(wait, 1.0))

    def quiet(self, seconds: float) -> None:
        """No request from any thread for so long."""
        with self._lock:
            self._quiet_until = max(self._quiet_until, self.clock() + seconds)

    def slower(self) -> None:
        """A host found the pace too fast: a quarter slower for a while, four times at most."""
        with self._lock:
            self._slowness = min(self._slowness * 1.25, 4)

    def is_quiet(self) -> bool:
        with self._lock:
            return self.clock() < self._quiet_until

    def went_well(self) -> None:
        with self._lock:
            self._slowness = max(1.0, self._slowness * 0.98)


def pacer_for(rate: float, *, has_contact: bool) -> Pacer:
    """The pace at this rate of pages per second. The API of Wikimedia has lower limits, per minute,
    which hold unless a higher rate than its rules allow says that this is another wiki.
    """
    if rate > WIKIMEDIA_RATE:
        return Pacer(rate, api_rate=rate)
    return Pacer(rate, api_rate=min(rate, API_RATE if has_contact else NAMELESS_API_RATE))


class Health:
    """What all threads together know of a host: whether it answers, and how long it has been asking
    to wait.
    """

    def __init__(
        self, site: str, pacer: Pacer, policy: RetryPolicy, notice: Callable[[str], None]
    ) -> None:
        self._site, self._pacer, self._policy, self._notice = site, pacer, policy, notice
        self._met = False
        self._down_since: float | None = None
        self._busy_since: float | None = None
        self._busy_times = 0
        self._lock = threading.Lock()

    def answered(self) -> None:
        with self._lock:
            self._met, self._down_since, self._busy_since, self._busy_times = True, None, None, 0
        self._pacer.went_well()

    def down(self, failure: FetchError) -> None:
        """Nothing answered. Raises ExternalError when that has lasted too long."""
        with self._lock:
            now = self._pacer.clock()
            self._down_since = now if self._down_since is None else self._down_since
            # An address that never answered is most likely mistyped, and a person waits.
            patience = self._policy.down if self._met else self._policy.unmet
            if now - self._down_since >= patience:
                raise ExternalError(
                    f"{self._site} cannot be reached: {failure}; what came is kept, run the same"
                    " command again later"
                )

    def busy(self, failure: RateLimited) -> None:
        """The host asked to wait: all threads do, a little longer each time. Raises ExternalError
        when it asks for too much.
        """
        with self._lock:
            if failure.seconds and failure.seconds > self._policy.longest_wait:
                raise ExternalError(
                    f"{self._site} asks to come back in {_duration(failure.seconds)} ({failure});"
                    " what came is kept, run the same command again then"
                )
            now = self._pacer.clock()
            self._busy_since = now if self._busy_since is None else self._busy_since
            if now - self._busy_since >= self._policy.busy:
                raise ExternalError(
                    f"{self._site} has been asking to wait for {_duration(now - self._busy_since)}"
                    f" ({failure}); what came is kept, run the same command again later"
                )
            # The answers that other threads get at the same moment are no new complaint.
            if not self._pacer.is_quiet():
                self._busy_times += 1
                if failure.too_fast:
                    self._pacer.slower()
            # At least what the host asks for, or five seconds, doubled for each complaint in a row;
            # a random part so that many clients do not come back at one moment.
            growing = (1 if failure.seconds else 5) * 2.0 ** min(self._busy_times - 1, 6)
            seconds = max(failure.seconds or 0, min(growing, 60)) * random.uniform(1, 1.1)
        self._pacer.quiet(seconds)
        if seconds >= 10:
            self._notice(f"{self._site} asks to wait ({failure}): {_duration(seconds)}")


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.0f} hours"
