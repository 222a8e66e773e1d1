"""What both interfaces of the server share: the runs that are asked, the queue, and how requests
are read and answered.
"""

import json
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.answering.responder import MAX_QUESTION
from pipeline.answering.server.guard import TokenGuard
from pipeline.errors import BadInput

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Json = dict[str, Any]

MAX_BEFORE = 8  # earlier questions of a conversation that are looked at
MAX_WAITING = 16  # questions


class AskedRun(Protocol):
    """A run as the page shows it and as it is asked."""

    @property
    def folder(self) -> Path:
        """Where it lies; the folder's name is the run's."""

    def about(self) -> Json:
        """What the welcome and the side bar say."""

    def complete(self, text: str) -> list[Json]:
        """Titles that complete a text, as completion.js gives them."""

    def ask(self, typed: str, *, before: Sequence[str], guess: bool) -> Iterator[Json]:
        """An answer as events: {"understood": …}, {"piece": …} again and again, {"done": …}. Raises
        BadInput.
        """

    def learning(self) -> Json:
        """Figures and samples of every epoch."""

    def ledger(self) -> list[Json]:
        """Every trained question, and how well it is known."""

    def bundle(self) -> bytes:
        """The packed network, for looking inside."""

    def read(self, title: str) -> Generator[Json, None, None] | None:
        """Read a page and learn it: events {"say": …, "share": …}, at the end {"learnt": true};
        whoever goes away closes them. None where that cannot be done.
        """


@dataclass(slots=True, kw_only=True)
class Runs:
    """The runs that can be asked, each opened when it first is; one stays open beside the first."""

    first: AskedRun
    names: list[str]
    open: Callable[[str], AskedRun]
    opened: dict[str, AskedRun] = field(default_factory=dict)

    def get(self, name: str | None) -> AskedRun:
        """Raises BadInput for a name that is none of the runs'."""
        if not name or name == self.first.folder.name:
            return self.first
        if name not in self.names:
            raise BadInput(f"no run is called {name[:80]!r}: take one of {', '.join(self.names)}")
        if name not in self.opened:
            self.opened.clear()
            self.opened[name] = self.open(name)
        return self.opened[name]


class Queue:
    """Lets one question at a time through, and refuses those that would wait too long."""

    def __init__(self) -> None:
        import anyio

        self._engine = anyio.Semaphore(1)
        self.waiting = 0

    @property
    def full(self) -> bool:
        return self.waiting > MAX_WAITING

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        self.waiting += 1
        try:
            async with self._engine:
                yield
        finally:
            self.waiting -= 1


def refusal(status: int, message: str, **headers: str) -> "Response":
    """An error in the form that OpenAI's clients read, and the page does, too."""
    from starlette.responses import JSONResponse

    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "code": status}
    return JSONResponse({"error": error}, status, headers)


def busy() -> "Response":
    return refusal(
        503, "Too many questions are waiting: ask again in a moment.", **{"Retry-After": "2"}
    )


async def body_of(request: "Request") -> Json:
    """The JSON object of a request. Raises BadInput for anything else."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise BadInput("the request is no JSON") from None
    if not isinstance(body, dict):
        raise BadInput("the request is no JSON object")
    return body


def question_in(value: object) -> str:
    """A question as it may be asked. Raises BadInput."""
    typed = one_line(value) if isinstance(value, str) else ""
    if not typed:
        raise BadInput("nothing is asked")
    if len(typed) > MAX_QUESTION:
        raise BadInput(f"That is longer than {MAX_QUESTION:,} characters: ask a shorter question.")
    return typed


def one_line(text: str) -> str:
    return " ".join(text.split())


def questions_in(value: object) -> list[str]:
    """The last of earlier questions."""
    texts = value if isinstance(value, list) else []
    return [text[:MAX_QUESTION] for text in texts if isinstance(text, str)][-MAX_BEFORE:]


async def answer_events(
    run: AskedRun, typed: str, *, before: Sequence[str], guess: bool
) -> AsyncIterator[Json]:
    """The events of an answer, computed on a thread; a sentence for what cannot be asked. Who goes
    away is not answered any further: the thread makes one event at a time.
    """
    from starlette.concurrency import iterate_in_threadpool

    events = run.ask(typed, before=before, guess=guess)
    try:
        async for event in iterate_in_threadpool(events):
            yield event
    except BadInput as error:
        yield {"error": str(error)}


def json_response(content: object) -> "Response":
    from starlette.responses import Response

    text = json.dumps(content, allow_nan=False)
    return Response(text, media_type="application/json")


def as_event(content: object) -> str:
    """A server-sent event."""
    return f"data: {json.dumps(content, allow_nan=False)}\n\n"


def event_stream(events: AsyncIterator[str]) -> "Response":
    from starlette.responses import StreamingResponse

    return StreamingResponse(events, media_type="text/event-stream")


def tried(guard: TokenGuard, offered: str) -> "Response | None":
    """None for the token; the refusal of a wrong one, which after some is not even looked at."""
    pause = guard.pause()
    if pause:
        seconds = str(int(pause) + 1)
        return refusal(429, "Too many wrong tokens: wait a moment.", **{"Retry-After": seconds})
    return None if guard.accepts(offered) else refusal(401, "That is not the token.")
