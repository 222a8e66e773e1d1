"""Who may speak to the server."""

import pytest

from pipeline.answering.server.app import tried
from pipeline.answering.server.guard import TokenGuard, host_is_ours, origin_is_ours


def test_on_loopback_only_names_of_this_machine_are_answered() -> None:
    for host in ("127.0.0.1:7860", "localhost", "[::1]:7860"):
        assert host_is_ours(host, loopback=True)
    for host in ("evil.example", "127.0.0.1.evil.example", "", "[", "localhost.evil:7860"):
        assert not host_is_ours(host, loopback=True)


def test_a_page_of_another_origin_may_not_ask() -> None:
    host = {"host": "localhost:7860"}
    assert origin_is_ours(host)
    assert origin_is_ours(host | {"origin": "http://localhost:7860"})
    for origin in ("http://localhost:7861", "http://evil.example", "null", "file://", "http://[x"):
        assert not origin_is_ours(host | {"origin": origin})
    assert not origin_is_ours(host | {"sec-fetch-site": "cross-site"})


def test_after_five_wrong_tokens_the_next_are_not_even_looked_at() -> None:
    pytest.importorskip("starlette", reason="the extra `chat` is not installed")
    time = [0.0]
    guard = TokenGuard(token="open sesame", clock=lambda: time[0])
    statuses = [tried(guard, f"wrong {n}") for n in range(300)]
    codes = [refusal.status_code for refusal in statuses if refusal]
    assert codes[:5] == [401] * 5 and set(codes[5:]) == {429}
    time[0] = 1.5
    assert tried(guard, "open sesame") is None


def test_pauses_grow_while_the_guessing_goes_on() -> None:
    pytest.importorskip("starlette", reason="the extra `chat` is not installed")
    time, looked_at = [0.0], 0
    guard = TokenGuard(token="open sesame", clock=lambda: time[0])
    for _ in range(600):
        time[0] += 0.1
        refusal = tried(guard, "wrong")
        looked_at += bool(refusal and refusal.status_code == 401)
    assert looked_at <= 12  # in a minute


def test_a_session_is_known_and_a_made_up_one_is_not() -> None:
    guard = TokenGuard(token="open sesame")
    assert guard.knows(guard.new_session())
    assert not guard.knows("made up") and not guard.knows(None)
    assert TokenGuard(token=None).knows(None)
