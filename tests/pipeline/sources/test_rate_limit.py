"""What the host is owed holds whatever happens."""

import threading
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadInput, ExternalError
from pipeline.sources.rate_limit import (
    FetchError,
    Health,
    HostDown,
    Pacer,
    RateLimited,
    RetryPolicy,
    checked_contact,
    checked_site,
    is_loopback,
    is_wikimedia,
    retry_after,
    user_agent,
)

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def pacer_and_clock(rate: float = 10, api_rate: float = 3) -> tuple[Pacer, Clock]:
    clock = Clock()
    return Pacer(rate, api_rate=api_rate, clock=clock, sleep=clock.sleep), clock


@given(st.lists(st.sampled_from(["turn", "api", "quiet", "slower", "well"]), max_size=60))
def test_no_two_requests_come_closer_than_the_rate_allows(events: list[str]) -> None:
    pacer, clock = pacer_and_clock()
    turns: list[float] = []
    api_turns: list[float] = []
    quiet_until = 0.0
    for event in events:
        match event:
            case "quiet":
                pacer.quiet(2)
                quiet_until = clock.now + 2
            case "slower":
                pacer.slower()
            case "well":
                pacer.went_well()
            case _:
                pacer.acquire(api=event == "api")
                assert clock.now >= quiet_until - 1e-9
                turns.append(clock.now)
                api_turns += [clock.now] * (event == "api")
    for times, interval in ((turns, 1 / 10), (api_turns, 1 / 3)):
        assert all(later - earlier >= interval - 1e-9 for earlier, later in pairwise(times))


def test_a_closed_pacer_lets_nobody_through() -> None:
    pacer, _ = pacer_and_clock()
    pacer.close()
    with pytest.raises(FetchError):
        pacer.acquire()


def test_threads_share_one_pace() -> None:
    pacer, moments = Pacer(200, api_rate=200), []
    lock = threading.Lock()

    def ask() -> None:
        for _ in range(10):
            pacer.acquire()
            with lock:
                moments.append(pacer.clock())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(moments) - min(moments) >= 29 / 200 - 0.01


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("3", 3),
        (" 2.5 ", 2.5),
        ("86400", 86400),
        ("-5", None),
        ("0", None),
        ("soon", None),
        ("nan", None),
        ("", None),
        ("Fri, 20 Nov 2026 12:01:00 GMT", 60),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("Fri, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_a_number_or_a_date_and_nothing_else(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_breaks_the_client(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or seconds > 0


def health(clock_pacer: Pacer) -> Health:
    return Health("http://wiki.test", clock_pacer, RetryPolicy(), lambda line: None)


def test_waits_grow_but_never_fall_short_of_what_the_host_asked() -> None:
    pacer, clock = pacer_and_clock()
    state, waits = health(pacer), []
    for _ in range(5):
        before = clock.now
        state.busy(RateLimited("429", 3))
        pacer.acquire()
        waits.append(clock.now - before)
    assert min(waits) >= 3 and waits[-1] > 10


def test_answers_of_one_moment_are_one_complaint() -> None:
    pacer, clock = pacer_and_clock()
    state = health(pacer)
    for _ in range(6):
        state.busy(RateLimited("429", 1))
    pacer.acquire()
    assert clock.now < 1.2


@pytest.mark.parametrize("seconds", [86_400, float("inf")])
def test_a_wait_of_a_day_ends_the_command(seconds: float) -> None:
    with pytest.raises(ExternalError, match="come back in"):
        health(pacer_and_clock()[0]).busy(RateLimited("503", seconds))


def test_a_host_that_only_asks_to_wait_is_left_in_the_end() -> None:
    pacer, clock = pacer_and_clock()
    state = health(pacer)
    with pytest.raises(ExternalError, match="has been asking to wait"):
        for _ in range(100):
            state.busy(RateLimited("503", None))
            pacer.acquire()
    assert 300 <= clock.now < 600


def test_a_host_that_never_answered_is_given_up_sooner_than_one_that_did() -> None:
    lasted = []
    for met in (False, True):
        pacer, clock = pacer_and_clock()
        state = health(pacer)
        if met:
            state.answered()
        with pytest.raises(ExternalError, match="cannot be reached"):
            while True:
                state.down(HostDown("refused"))
                clock.sleep(1)
        lasted.append(clock.now)
    assert lasted[0] < 6 and 120 <= lasted[1] < 125


@pytest.mark.parametrize(
    "good",
    [
        "ada@lovelace.org",
        "https://ada.lovelace.org/about",
        "mailto:ada@lovelace.org",
        " ada@lovelace.org ",
    ],
)
def test_contacts_that_reach_somebody_are_taken(good: str) -> None:
    assert checked_contact(good) == good.strip()


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "ada",
        "ada@",
        "a@b",
        "you@example.com",
        "https://example.org/x",
        "a b@c.org",
        "a@b.org\r\nX: y",
        "a(b)@c.org",
        "http://localhost",
        "ädä@lovelace.org",
        "a" * 300 + "@b.org",
    ],
)
def test_contacts_that_reach_nobody_are_refused(bad: str) -> None:
    with pytest.raises(BadInput):
        checked_contact(bad)


def test_the_user_agent_has_the_form_that_the_policy_asks_for() -> None:
    assert user_agent("ada@lovelace.org").startswith(
        "AskWiki/0.1 (ada@lovelace.org) python-requests/"
    )


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://en.wikipedia.org/", "https://en.wikipedia.org"),
        ("http://127.0.0.1:80/w", "http://127.0.0.1:80/w"),
        ("HTTPS://En.Wikipedia.org", "https://en.wikipedia.org"),
    ],
)
def test_sites_are_spelt_one_way(text: str, site: str) -> None:
    assert checked_site(text) == site


@pytest.mark.parametrize(
    "text",
    [
        "ftp://x",
        "x",
        "",
        "http://",
        "http://a:b@c.org",
        "https://a.org/?q",
        "https://a.org/#f",
        "file:///etc/passwd",
        "http://a:99999",
        "http://[::1",
        "[x",
        "http://a..b",
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        checked_site(text)


def test_whose_host_it_is_is_told_from_its_name_alone() -> None:
    assert (
        is_wikimedia("https://en.wikipedia.org")
        and is_wikimedia("https://wikipedia.org")
        and not is_wikimedia("https://notwikipedia.org")
    )
    assert (
        is_loopback("http://127.0.0.1:1")
        and is_loopback("http://[::1]:1")
        and is_loopback("http://localhost")
        and not is_loopback("http://a.org")
    )
