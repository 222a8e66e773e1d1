"""A setting of this machine that no request survives is named at once, with its variable."""

import importlib.util
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.errors import BadInput
from pipeline.sources.mediawiki import check_local_settings

ROOT = Path(__file__).parents[3]
WIKI = "http://wiki.invalid"
VARIABLES = (
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NO_PROXY", "no_proxy"),
    *("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"),
)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem"),
        ("CURL_CA_BUNDLE", "/nowhere/bundle.pem"),
        ("http_proxy", "htp://127.0.0.1:8080"),
        ("http_proxy", "http://:8080"),
        ("http_proxy", "http://proxy:port"),
        ("http_proxy", "http://proxy:99999"),
        ("http_proxy", "http://[::1:8080"),
        ("HTTP_PROXY", "//"),
        ("all_proxy", "sock5://127.0.0.1:1080"),
        ("ALL_PROXY", "ftp://127.0.0.1"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=name) as error:
        check_local_settings(WIKI)
    assert value in str(error.value) and "unset that variable" in str(error.value)


@pytest.mark.parametrize("content", ["", "no certificate\n"])
def test_a_bundle_that_holds_no_certificate_is_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with pytest.raises(BadInput, match="REQUESTS_CA_BUNDLE"):
        check_local_settings("https://wiki.invalid")


@pytest.mark.parametrize("scheme", ["socks4", "socks4a", "socks5", "socks5h"])
def test_a_socks_proxy_without_its_library_is_named(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "socks" else whole(name)
    )
    monkeypatch.setenv("all_proxy", f"{scheme}://127.0.0.1:1080")
    with pytest.raises(BadInput, match=r"all_proxy=.*needs PySocks: .*pip install"):
        check_local_settings(WIKI)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("http_proxy", "127.0.0.1:8080"),
        ("http_proxy", "http://user:pass%20word@[::1]:8080/"),
        ("https_proxy", "nonsense://"),
        ("no_proxy", "*"),
    ],
)
def test_settings_that_work_or_that_do_not_matter_here_are_no_fault(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    check_local_settings(WIKI)


def test_no_setting_matters_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "htp://x")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    check_local_settings("http://127.0.0.1:8080")


@contextmanager
def proxy_that_wants_a_password() -> Iterator[str]:
    """A proxy that answers 407 to everything."""
    refusal = (
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n"
        b"Connection: close\r\n\r\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    connection.sendall(refusal)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_password_is_said_so_at_once(scheme: str, tmp_path: Path) -> None:
    with proxy_that_wants_a_password() as address:
        began = time.monotonic()
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pipeline.fetch", "--site", f"{scheme}://wiki.invalid"),
                *("--n", "1", "--contact", "me@askwiki.org", "--cache", str(tmp_path)),
            ],
            cwd=ROOT,
            env=os.environ | {f"{scheme}_proxy": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1 and "wants a password (407)" in done.stderr
    assert "USER:PASSWORD@HOST" in done.stderr and "Traceback" not in done.stderr
    assert time.monotonic() - began < 20  # the first request says it; the machine may be busy
