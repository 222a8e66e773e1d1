"""Answers of a wiki, spoilt in every way that we could think of."""

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.conftest import Behaviour, answer

Fault = Callable[[bytes, str], Behaviour]
"""What is sent in the place of a right answer to the request for a path."""


def always(behaviour: Behaviour) -> Fault:
    """The fault that is the same whatever was asked for."""
    return lambda right, path: behaviour


def sent(raw: bytes) -> Behaviour:
    """Send this and close the connection."""
    return lambda connection: connection.sendall(raw)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stall(connection: socket.socket) -> None:
    time.sleep(1)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(b"x" * 50_000)


def drip(right: bytes, path: str) -> Behaviour:
    def slowly(connection: socket.socket) -> None:
        for byte in right:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    return slowly


def unpacked(right: bytes) -> bytes:
    """The body of an answer as `answer` makes them."""
    return gzip.decompress(right.partition(b"\r\n\r\n")[2])


@cache
def bomb() -> bytes:
    """A hundred million zeros, packed."""
    return gzip.compress(bytes(100_000_000), 1)


def redirect(target: str) -> Fault:
    """A redirect; the target may name the path asked for."""
    return lambda right, path: answer("", 302, Location=target.format(path=path))


def packed_twice(right: bytes, path: str) -> Behaviour:
    return answer(gzip.compress(unpacked(right)), packed=True)


# What another try mends. The first eight are those that Wikipedia's own replay server knows.
PASSING: dict[str, Fault] = {
    "429": always(answer("slow down", 429, Retry_After="1")),
    "503": always(answer("maintenance", 503, Retry_After="1")),
    "maxlag": always(
        answer(json.dumps({"error": {"code": "maxlag", "info": "lagged"}}), Retry_After="1")
    ),
    "garbage": always(answer("<html><body>Wikimedia Error</body></html>")),
    "reset": always(reset),
    "truncated": lambda right, path: sent(right[: len(right) // 2]),
    "stall": always(stall),
    "false 404": always(answer("<h1>Not found</h1>", 404)),
    "429 without Retry-After": always(answer("slow down", 429)),
    "429, Retry-After nonsense": always(answer("slow down", 429, Retry_After="soon")),
    "429, Retry-After negative": always(answer("slow down", 429, Retry_After="-7")),
    "429, Retry-After a date gone by": always(
        answer("slow down", 429, Retry_After="Fri, 20 Nov 1998 00:00:00 GMT")
    ),
    "429, Retry-After a date to come": lambda right, path: answer(
        "slow down",
        429,
        Retry_After=format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True),
    ),
    "500": always(answer("oops", 500)),
    "502": always(answer("oops", 502)),
    "nothing": always(answer("")),
    "closed without a word": always(lambda connection: connection.close()),
    "drip": drip,
    "cut off": lambda right, path: sent(right[:-60]),
    "cut off while chunked": always(
        sent(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html\r\n")
    ),
    "cut off without a length": lambda right, path: sent(
        b"HTTP/1.1 200 OK\r\n\r\n" + unpacked(right)[:-60]
    ),
    "packed data broken": always(
        answer(b"\x1f\x8bnonsense", packed=False, Content_Encoding="gzip")
    ),
    "packed data cut off": lambda right, path: answer(
        gzip.compress(unpacked(right))[:-12], packed=False, Content_Encoding="gzip"
    ),
    "packed twice": packed_twice,
    "packed otherwise": always(answer(b"xyz", packed=False, Content_Encoding="br")),
    "a byte that is no UTF-8": lambda right, path: answer(
        unpacked(right).replace(b"a", b"\xe9", 1)
    ),
    "no HTTP": always(sent(b"\x00\x01\x02\x03\r\n\r\n")),
    "headers without end": always(sent(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000)),
    "another shape: a list": always(answer("[1]")),
    "another shape: an empty object": always(answer("{}")),
    "another shape: too deep": always(answer("[" * 50_000)),
    "another shape: another page's skin": always(
        answer("<html><body><p>Welcome!</p></body></html>")
    ),
}
# What ends the page or the command, in one line.
LASTING: dict[str, Fault] = {
    "429, Retry-After a day": always(answer("later", 429, Retry_After="86400")),
    "403": always(answer("Please set a user-agent", 403)),
    "redirects in a circle": redirect("{path}"),
    "a redirect to another host": redirect("http://127.0.0.1:1{path}"),
    "a redirect to another scheme": redirect("https://127.0.0.1{path}"),
    "a redirect to a file": redirect("file:///etc/passwd"),
    "a body without end": always(endless),
    "a gzip bomb": lambda right, path: answer(bomb(), packed=False, Content_Encoding="gzip"),
    "a redirect with a gzip bomb": lambda right, path: answer(
        bomb(), 302, packed=False, Content_Encoding="gzip", Location=path
    ),
    "more than 10 MB": lambda right, path: answer(b"x" * 11_000_000, packed=False),
    "another shape: an API that refuses": always(
        answer(json.dumps({"error": {"code": "badvalue", "info": "?"}, "query": 8}))
    ),
    "another shape: rows that are none": always(
        answer(json.dumps({"query": {"random": [7], "general": [], "rightsinfo": "x"}}))
    ),
}
FAULTS = PASSING | LASTING
