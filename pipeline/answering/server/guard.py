"""Who may speak to the server: host names, origins, and the token with its sessions."""

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline.addresses import split_address

COOKIE = "askwiki"
FREE_TRIES = 5  # wrong tokens in a minute before a pause
LONGEST_PAUSE = 60.0  # seconds
MAX_SESSIONS = 256
MAX_HOST = 300  # characters of a host's name and port; names have 253 at most


def host_is_ours(host: str, *, loopback: bool) -> bool:
    """Whether a request was made to this machine's own name. On loopback any other name is a
    foreign site that lets its name lead here (DNS rebinding).
    """
    if len(host) > MAX_HOST:
        return False
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return not loopback or name in ("127.0.0.1", "localhost", "::1")


def origin_is_ours(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from our own page, or from no page at all."""
    if headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        return False
    origin = headers.get("origin")
    return origin is None or split_address(origin).netloc == headers.get("host", "")


@dataclass(slots=True, kw_only=True)
class TokenGuard:
    """Checks the token, and makes everybody wait after some wrong ones: an attacker changes
    addresses. Sessions that have been admitted are not disturbed.
    """

    token: str | None
    clock: Callable[[], float] = time.monotonic
    wrong: list[float] = field(default_factory=list)
    """When wrong tokens came, in the last minute."""
    pause_ends: float = 0.0
    sessions: dict[str, None] = field(default_factory=dict)
    """Cookies of those admitted, the oldest first."""

    def pause(self) -> float:
        """Seconds until a token is looked at again."""
        return max(0.0, self.pause_ends - self.clock())

    def accepts(self, offered: str) -> bool:
        """Whether this is the token. Not to be called during a pause."""
        if self.token is None or hmac.compare_digest(offered.encode(), self.token.encode()):
            return True
        now = self.clock()
        self.wrong = [*(then for then in self.wrong if now - then < 60), now]
        beyond = len(self.wrong) - FREE_TRIES
        if beyond >= 0:
            self.pause_ends = now + min(LONGEST_PAUSE, 2.0 ** min(beyond, 10))
        return False

    def new_session(self) -> str:
        """A cookie for somebody who knew the token."""
        session = secrets.token_urlsafe(24)
        self.sessions[session] = None
        while len(self.sessions) > MAX_SESSIONS:
            del self.sessions[next(iter(self.sessions))]
        return session

    def knows(self, session: str | None) -> bool:
        return self.token is None or session in self.sessions
