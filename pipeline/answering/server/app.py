"""The server: the chat page with its own interface, and one that every client of OpenAI's knows.

It knows nothing of networks or tokens: an `AskedRun` gives it what to send.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from pipeline.answering.server.guard import COOKIE, TokenGuard, host_is_ours, origin_is_ours
from pipeline.answering.server.page import web_folder
from pipeline.answering.server.serving import Queue, Runs, refusal, tried
from pipeline.cli import notice
from pipeline.errors import BadInput, ExternalError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

LOOPBACK = ("127.0.0.1", "::1", "localhost")
MAX_BODY = 64 << 10  # bytes
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def build(runs: Runs, *, guard: TokenGuard, loopback: bool) -> "Starlette":
    """The server as an application. Raises BadInput where Starlette is not installed."""
    if not find_spec("starlette") or not find_spec("uvicorn"):
        raise BadInput(
            "the chat page needs Starlette and uvicorn: make extras, or pip install starlette"
            " uvicorn; --chat talks here without them"
        )
    from starlette.applications import Starlette
    from starlette.routing import Route

    from pipeline.answering.server.openai_api import OpenAiApi
    from pipeline.answering.server.page_api import PageApi

    queue = Queue()
    page = PageApi(runs, queue, guard)
    compatible = OpenAiApi(runs, queue)
    routes = [
        Route("/", page.file),
        *(Route(f"/{file.name}", page.file) for file in web_folder().iterdir()),
        Route("/api/about", page.about),
        Route("/api/complete", page.complete),
        Route("/api/learning", page.learning),
        Route("/api/ledger", page.ledger),
        Route("/api/bundle", page.bundle),
        Route("/loss.png", page.plot),
        Route("/api/login", page.login, methods=["POST"]),
        Route("/api/ask", page.ask, methods=["POST"]),
        Route("/api/read", page.read, methods=["POST"]),
        Route("/v1/models", compatible.models),
        Route("/v1/chat/completions", compatible.complete, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Exception: _failed, BadInput: _bad_input})
    app.add_middleware(Gate, guard=guard, loopback=loopback)
    return app


async def _failed(request: "Request", error: Exception) -> "Response":
    return refusal(500, "Something went wrong here; the server goes on.")


async def _bad_input(request: "Request", error: Exception) -> "Response":
    return refusal(400, str(error))


class Gate:
    """What every request must pass: its host, its origin, its size and form, the token."""

    OPEN = ("/login.html", "/login.js", "/style.css", "/api/login")

    def __init__(self, app: Any, *, guard: TokenGuard, loopback: bool) -> None:
        self.app, self.guard, self.loopback = app, guard, loopback

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        from starlette.requests import Request

        request = Request(scope)
        answer = self._refused(request) or self._stranger(request) or self.app
        await answer(scope, receive, with_headers)

    def _refused(self, request: "Request") -> "Response | None":
        """Requests that no page or client of ours would send."""
        headers = request.headers
        if not host_is_ours(headers.get("host", ""), loopback=self.loopback):
            return refusal(421, "this page answers under its own name only")
        if not origin_is_ours(headers):
            return refusal(403, "another site's page may not ask here")
        if request.method != "POST":
            return None
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return refusal(411, "say how long the question is (Content-Length)")
        if len(length) > 9 or int(length) > MAX_BODY:
            return refusal(413, f"that is longer than {MAX_BODY >> 10} kB")
        if headers.get("content-type", "").split(";")[0].strip() != "application/json":
            return refusal(415, "questions are sent as application/json")
        return None

    def _stranger(self, request: "Request") -> "Response | None":
        """Where a token is asked for: the answer to those who have not shown it."""
        guard = self.guard
        if request.url.path in self.OPEN or guard.knows(request.cookies.get(COOKIE)):
            return None
        kind, _, offered = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and offered:
            return tried(guard, offered.strip())
        if request.url.path == "/":
            from starlette.responses import RedirectResponse

            return RedirectResponse("/login.html", 303)
        return refusal(401, "this server asks for its token (Authorization: Bearer …)")


def prepare(runs: Runs, *, host: str, port: int, token: str | None) -> tuple[Any, Any, str]:
    """The server, the socket that it listens on, and its address; port 0 takes any that is free.
    Raises BadInput, ExternalError.
    """
    app = build(runs, guard=TokenGuard(token=token), loopback=host in LOOPBACK)
    import uvicorn

    from pipeline.answering.server.connections import BoundedProtocol

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        backlog=1024,
    )
    try:
        listening = config.bind_socket()
    except (OSError, SystemExit):
        raise ExternalError(
            f"the chat page cannot be opened on {host}, port {port}: choose another --port"
        ) from None
    listening.listen(1024)  # who is told the address may ask at once
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}/"
    return uvicorn.Server(config), listening, address


def serve(runs: Runs, *, host: str, port: int, token: str | None) -> None:
    """Serve until Ctrl-C. Raises BadInput, ExternalError."""
    server, listening, address = prepare(runs, host=host, port=port, token=token)
    lock = "; it asks for your token" if token else ""
    notice(f"the chat page is at {address} (Ctrl-C ends){lock}")
    notice(f"other programs ask at {address}v1, as they ask OpenAI")
    server.run(sockets=[listening])
