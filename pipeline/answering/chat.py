"""The chat page: a question, the answer as it is made, and where it was read. Gradio draws it;
whatever comes from a page is shown as text.

The page knows nothing of networks or tokens: `ChatPage.answer` gives it what to show.
"""

import hmac
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pipeline.answering.titles import Source
from pipeline.errors import BadInput, ExternalError

MAX_QUESTION = 1000  # characters
MAX_WAITING = 16  # questions in the queue
MAX_SHOWN = 100  # messages that the page keeps in sight
USER = "askwiki"
# Whatever the page's parts may contain, the browser asks nobody but this server.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; object-src"
    " 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")

Message = dict[str, Any]
Scope = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as far as it has been made."""

    text: str
    sources: Sequence[Source] = ()
    remark: str = ""
    """That the answer is a guess, or why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """What the page shows, and whom it asks."""

    title: str
    answer: Callable[[str, float], Iterator[Reply]]
    """Question and temperature → the reply, again and again as it grows. Raises BadInput."""
    samples: Sequence[str]
    figures: Sequence[tuple[str, str]]
    plot: Path | None


def as_text(text: str) -> str:
    """Markdown that shows the text as it stands: no sign of it is markup, a link or HTML."""
    return PUNCTUATION.sub(r"\\\1", text).replace("\n", "  \n")


def as_link(source: Source) -> str:
    """Markdown that names a source, linked where its address is one of the web."""
    name = as_text(source.title)
    if urlsplit(source.url).scheme in ("http", "https"):
        name = f"[{name}](<{quote(source.url, safe='/:?&=%#@!$*+,;~-._')}>)"
    return f"{name}, revision {source.revid}, {as_text(source.licence)}"


def as_markdown(reply: Reply) -> str:
    """The reply as a message: the text, then its sources or that there are none."""
    parts = [as_text(reply.text)] if reply.text else []
    if reply.remark:
        parts.append(f"*{as_text(reply.remark)}*")
    if reply.sources:
        parts.append("Source: " + "; ".join(as_link(source) for source in reply.sources[:3]))
    return "\n\n".join(parts)


def respond(
    page: ChatPage, message: str, shown: list[Message], temperature: float
) -> Iterator[tuple[str, list[Message]]]:
    """The emptied text box and the messages with the new question and its growing answer."""
    typed = " ".join(str(message).split())
    if not typed:
        yield "", shown
        return
    shown = [*shown[-MAX_SHOWN:], {"role": "user", "content": as_text(typed[:MAX_QUESTION])}]
    if len(typed) > MAX_QUESTION:
        yield (
            "",
            [
                *shown,
                _said(
                    Reply(
                        text="",
                        remark=(
                            f"That is longer than {MAX_QUESTION} characters: ask a shorter"
                            " question."
                        ),
                    )
                ),
            ],
        )
        return
    try:
        for reply in page.answer(typed, min(2.0, max(0.0, float(temperature)))):
            yield "", [*shown, _said(reply)]
    except BadInput as error:
        yield "", [*shown, _said(Reply(text="", remark=str(error)))]


def _said(reply: Reply) -> Message:
    return {"role": "assistant", "content": as_markdown(reply)}


def build(page: ChatPage) -> Any:
    """The page as Gradio's Blocks. Raises BadInput where Gradio is not installed."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        import gradio as gr
    except ImportError:
        raise BadInput(
            'the chat page needs Gradio: pip install "askwiki[chat]", or make extras; --chat talks'
            " here without it"
        ) from None
    with gr.Blocks(title=page.title, analytics_enabled=False, fill_height=True) as blocks:
        gr.Markdown(f"# {as_text(page.title)}")
        with gr.Tab("Ask"):
            shown = gr.Chatbot(
                show_label=False,
                height="60vh",
                latex_delimiters=[],
                buttons=[],
                elem_id="answers",
                allow_tags=False,
            )
            box = gr.Textbox(
                show_label=False,
                placeholder="Who is …?  What is …?",
                max_length=MAX_QUESTION,
                submit_btn=True,
                stop_btn=True,
                autofocus=True,
                elem_id="question",
            )
            if page.samples:
                gr.Examples(
                    [[sample] for sample in page.samples], inputs=[box], label="It has read about"
                )
            temperature = gr.Slider(
                0,
                2,
                value=0,
                step=0.05,
                label="Temperature",
                info="0: the likeliest answer; higher: freer",
            )

            def ask(
                message: str, messages: list[Message], warmth: float
            ) -> Iterator[tuple[str, list[Message]]]:
                yield from respond(page, message, messages, warmth)

            asked = box.submit(
                ask, [box, shown, temperature], [box, shown], api_visibility="private"
            )
            box.stop(None, cancels=[asked], api_visibility="private")
        with gr.Tab("This run"):
            rows = "\n".join(
                f"| {as_text(name)} | {as_text(value)} |" for name, value in page.figures
            )
            gr.Markdown(f"| | |\n|---|---|\n{rows}" if rows else "This run has no figures yet.")
            if page.plot:
                gr.Image(
                    str(page.plot), label="Loss", interactive=False, buttons=[], elem_id="loss"
                )
    blocks.queue(max_size=MAX_WAITING, default_concurrency_limit=1, api_open=False)
    return blocks


class OnlyHere:
    """Middleware: answers carry the policy that keeps the browser here, and on loopback only
    requests to loopback's names are answered (a foreign site that points its own name at this
    machine gets nothing).
    """

    def __init__(self, app: Callable[..., Awaitable[None]], hosts: Sequence[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(
        self,
        scope: Scope,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        headers = dict(scope.get("headers", ()))
        host = re.sub(r":\d+$", "", headers.get(b"host", b"").decode("latin-1"))
        if self.hosts and scope["type"] == "http" and host not in self.hosts:
            await send(
                {
                    "type": "http.response.start",
                    "status": 421,
                    "headers": [(b"content-type", b"text/plain")],
                }
            )
            await send(
                {"type": "http.response.body", "body": b"this page answers on this machine only\n"}
            )
            return

        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"content-security-policy", POLICY.encode()),
                ]
            await send(message)

        await self.app(scope, receive, guarded)


def serve(page: ChatPage, *, host: str, port: int, token: str | None, loopback: bool) -> None:
    """Show the page until Ctrl-C. Port 0 takes the first that is free from 7860 on. Raises
    BadInput, ExternalError.
    """
    blocks = build(page)
    import gradio as gr
    from starlette.middleware import Middleware

    def admitted(name: str, password: str) -> bool:
        return name == USER and hmac.compare_digest(password.encode(), (token or "").encode())

    plain = gr.themes.Base(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )  # no font has to be fetched
    hosts = ("127.0.0.1", "localhost", "[::1]", "::1") if loopback else ()
    app = {"middleware": [Middleware(OnlyHere, hosts=hosts)], "docs_url": None, "redoc_url": None}
    try:
        _, local, _ = blocks.launch(
            server_name=host,
            server_port=port or None,
            auth=admitted if token else None,
            share=False,
            quiet=True,
            footer_links=[],
            ssr_mode=False,
            enable_monitoring=False,
            max_file_size="1kb",
            theme=plain,
            app_kwargs=app,
            prevent_thread_lock=True,
        )
    except OSError as error:
        raise ExternalError(
            f"the chat page cannot be opened on {host}, port {port}: {error}; choose another --port"
        ) from None
    print(
        f"the chat page is at {local} (Ctrl-C"
        f" ends){f'; the name is {USER}, the password your token' if token else ''}",
        file=sys.stderr,
        flush=True,
    )
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        blocks.close(verbose=False)
