"""The page's own interface: its files, and what local.js computes by itself, by HTTP."""

import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answering.responder import MAX_QUESTION
from pipeline.answering.server.guard import COOKIE, TokenGuard
from pipeline.answering.server.page import web_folder
from pipeline.answering.server.serving import (
    AskedRun,
    Json,
    Queue,
    Runs,
    answer_events,
    as_event,
    body_of,
    busy,
    event_stream,
    json_response,
    question_in,
    questions_in,
    refusal,
    tried,
)
from pipeline.errors import BadInput, ExternalError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MAX_IMAGE = 10 << 20  # bytes
PNG = b"\x89PNG\r\n\x1a\n"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class PageApi:
    """What the page asks for."""

    def __init__(self, runs: Runs, queue: Queue, guard: TokenGuard) -> None:
        self.runs, self.queue, self.guard = runs, queue, guard

    def run(self, request: "Request") -> AskedRun:
        return self.runs.get(request.query_params.get("run"))

    async def file(self, request: "Request") -> "Response":
        """One of the page's own files: the routes name them."""
        from starlette.responses import Response

        name = request.url.path.strip("/") or "index.html"
        kind = TYPES.get(Path(name).suffix, "text/plain")
        return Response((web_folder() / name).read_bytes(), media_type=kind)

    async def about(self, request: "Request") -> "Response":
        run = self.run(request)
        return json_response(run.about() | {"run": run.folder.name, "runs": self.runs.names})

    async def complete(self, request: "Request") -> "Response":
        text = request.query_params.get("text", "")[-MAX_QUESTION:]
        return json_response(self.run(request).complete(text))

    async def learning(self, request: "Request") -> "Response":
        return json_response(self.run(request).learning())

    async def ledger(self, request: "Request") -> "Response":
        return json_response(self.run(request).ledger())

    async def bundle(self, request: "Request") -> "Response":
        from starlette.concurrency import run_in_threadpool
        from starlette.responses import Response

        if self.queue.full:
            return busy()
        async with self.queue.turn():
            packed = await run_in_threadpool(self.run(request).bundle)
        return Response(packed, media_type="application/octet-stream")

    async def plot(self, request: "Request") -> "Response":
        from starlette.responses import Response

        image = read_png(self.run(request).folder / "loss.png")
        if image is None:
            return refusal(404, "this run has no plot of its losses")
        return Response(image, media_type="image/png")

    async def login(self, request: "Request") -> "Response":
        body = await body_of(request)
        wrong = tried(self.guard, str(body.get("token", "")))
        if wrong:
            return wrong
        response = json_response({"welcome": True})
        response.set_cookie(COOKIE, self.guard.new_session(), httponly=True, samesite="strict")
        return response

    async def ask(self, request: "Request") -> "Response":
        body = await body_of(request)
        typed = question_in(body.get("question"))
        if self.queue.full:
            return busy()
        run = self.run(request)
        return event_stream(self._events(run, typed, body))

    async def _events(self, run: AskedRun, typed: str, body: Json) -> AsyncIterator[str]:
        async with self.queue.turn():
            events = answer_events(
                run,
                typed,
                before=questions_in(body.get("before")),
                guess=body.get("guess") is True,
            )
            async for event in events:
                yield as_event(event)

    async def read(self, request: "Request") -> "Response":
        from anyio import CancelScope
        from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

        title = question_in((await body_of(request)).get("title"))
        steps = self.run(request).read(title)
        if steps is None:
            return refusal(404, "this run cannot read on")
        if self.queue.full:
            return busy()

        async def events() -> AsyncIterator[str]:
            async with self.queue.turn():
                try:
                    async for step in iterate_in_threadpool(steps):
                        yield as_event(step)
                except (BadInput, ExternalError, OSError) as error:
                    yield as_event({"error": str(error)})
                finally:
                    # Who goes away ends the learning, and only then is it the next one's turn:
                    # else that one would find the run in use.
                    with CancelScope(shield=True):
                        await run_in_threadpool(steps.close)

        return event_stream(events())


def read_png(path: Path) -> bytes | None:
    """The bytes of a regular PNG file; None, at once, for a link, a device, a pipe or another."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_IMAGE:
            return None
        content = os.read(handle, MAX_IMAGE)
    finally:
        os.close(handle)
    return content if content.startswith(PNG) else None
