"""The interface of OpenAI's chat completions, as its clients know it, with `sources`, `verified`
and `understood` as further fields (https://platform.openai.com/docs/api-reference/chat). The page
that an answer repeats word for word is cited as OpenAI's own models cite the web, too, in
`annotations`, which clients such as Open WebUI show. Whatever temperature is asked for, the answer
is the likeliest: only that is what was read.
"""

import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.answering.responder import MAX_QUESTION
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
    one_line,
    questions_in,
    refusal,
)
from pipeline.errors import BadInput

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

# Clients send texts of their own beside what a person types, such as Open WebUI's that ask for a
# title of the conversation. An error would be shown to the person, who has not asked.
TOO_LONG = (
    "This is too long to be a question. I answer who or what something is, or a fact about it, in"
    f" up to {MAX_QUESTION:,} characters."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One request: whom it asks, and what."""

    run: AskedRun
    typed: str
    before: list[str]
    guess: bool
    stream: bool
    with_usage: bool
    """Whether a stream is to end with a chunk of its own that counts the tokens."""
    id: str
    created: int


class OpenAiApi:
    """Every run is a model."""

    def __init__(self, runs: Runs, queue: Queue) -> None:
        self.runs, self.queue = runs, queue

    async def models(self, request: "Request") -> "Response":
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "askwiki"}
            for name in self.runs.names
        ]
        return json_response({"object": "list", "data": models})

    async def complete(self, request: "Request") -> "Response":
        body = await body_of(request)
        model = body.get("model")
        try:
            run = self.runs.get(model if isinstance(model, str) else None)
        except BadInput as error:
            return refusal(404, str(error))
        typed, before = conversation_in(body.get("messages"))
        options = body.get("stream_options")
        completion = Completion(
            run=run,
            typed=typed,
            before=before,
            guess=body.get("guess") is True,
            stream=body.get("stream") is True,
            with_usage=isinstance(options, dict) and options.get("include_usage") is True,
            id=f"chatcmpl-{secrets.token_hex(12)}",
            created=int(time.time()),
        )
        if self.queue.full:
            return busy()
        if completion.stream:
            return event_stream(self._chunks(completion))
        return await self._whole(completion)

    async def _events(self, asked: Completion) -> AsyncIterator[Json]:
        """The events of an answer, in which whatever is said is a piece."""
        if len(asked.typed) > MAX_QUESTION:
            yield {"piece": TOO_LONG}
            return
        async with self.queue.turn():
            events = answer_events(
                asked.run,
                asked.typed,
                before=asked.before,
                guess=asked.guess,
            )
            async for event in events:
                said = event.get("understood", {}).get("say")
                if said:
                    yield {"piece": said + "\n\n"}
                yield event

    async def _whole(self, asked: Completion) -> "Response":
        text, facts = "", Facts()
        async for event in self._events(asked):
            if "error" in event:
                return refusal(400, event["error"])
            text += event.get("piece", "")
            facts.take(event)
        content = text.strip()
        cited = facts.citations(len(content))
        message = {"role": "assistant", "content": content, "annotations": cited}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return json_response(
            _frame(asked, "chat.completion")
            | {"choices": [choice], "usage": facts.usage}
            | facts.fields
        )

    async def _chunks(self, asked: Completion) -> AsyncIterator[str]:
        frame, facts, length = _frame(asked, "chat.completion.chunk"), Facts(), 0
        yield as_event(frame | _delta({"role": "assistant", "content": ""}))
        async for event in self._events(asked):
            piece = event.get("piece") or event.get("error")
            if piece:
                length += len(piece)
                yield as_event(frame | _delta({"content": piece}))
            facts.take(event)
        last = _delta({"annotations": facts.citations(length)}, finished=True)
        yield as_event(frame | last | {"usage": facts.usage} | facts.fields)
        if asked.with_usage:
            yield as_event(frame | {"choices": [], "usage": facts.usage})
        yield "data: [DONE]\n\n"


class Facts:
    """What is told of an answer beside its text."""

    def __init__(self) -> None:
        self.fields: Json = {"sources": [], "verified": None, "understood": None}
        self.usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}

    def take(self, event: Json) -> None:
        understood, done = event.get("understood"), event.get("done")
        if understood:
            self.fields |= {"understood": understood, "sources": understood.get("sources", [])}
        if done:
            made = done.get("tokens", 0)
            self.fields["verified"] = done.get("verified")
            self.usage = {
                "prompt_tokens": 0,
                "completion_tokens": made,
                "total_tokens": made,
            }

    def citations(self, length: int) -> list[Json]:
        """The pages that an answer of so many characters repeats; none where it does not."""
        place = {"start_index": 0, "end_index": length}
        return [
            {
                "type": "url_citation",
                "url_citation": {"url": page["url"], "title": page["title"], **place},
            }
            for page in (self.fields["sources"] if self.fields["verified"] else ())
        ]


def _frame(asked: Completion, kind: str) -> Json:
    model = asked.run.folder.name
    return {"id": asked.id, "object": kind, "created": asked.created, "model": model}


def _delta(delta: Json, *, finished: bool = False) -> Json:
    reason = "stop" if finished else None
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}]}


def conversation_in(messages: object) -> tuple[str, list[str]]:
    """What a user typed last, at any length, and the questions before it. Raises BadInput where
    nothing was typed.
    """
    texts = [
        _text_of(message.get("content"))
        for message in (messages if isinstance(messages, list) else [])
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    typed = one_line(texts[-1]) if texts else ""
    if not typed:
        raise BadInput("messages holds no question of a user")
    return typed, questions_in(texts[:-1])


def _text_of(content: object) -> str:
    """The text of a message, which may be given in parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return " ".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
