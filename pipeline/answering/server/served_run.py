"""A run as the server asks it: what the page's local.js does inside the browser, done here."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pipeline.answering.meaning import Understanding
from pipeline.answering.question_index import PageEntry
from pipeline.answering.remarks import check_of
from pipeline.answering.responder import Reply, Responder
from pipeline.answering.server import run_summary
from pipeline.answering.server.read_now import Events, Learn, can_read_on, read_now
from pipeline.answering.server.serving import Json

WORD = re.compile(r"\S+\s*|\s+")
OFFERED = ("several", "not_read")  # how sure it is where other pages are offered
MOST_OFFERED = 4  # questions about a page


class ServedRun:
    """Implements serving.AskedRun.

    `open_responders` gives two of the run, the second of which lets the network guess; `pack` makes
    the bundle for looking inside; `learn` learns what is new in the run's cache.
    """

    def __init__(
        self,
        folder: Path,
        *,
        open_responders: Callable[[], tuple[Responder, Responder]],
        pack: Callable[[], bytes],
        learn: Learn,
    ) -> None:
        self.folder = folder.resolve()
        self.open_responders, self.pack, self.learn = open_responders, pack, learn
        self.open()

    def open(self) -> None:
        """Open what the run's folder now holds."""
        self.responder, self.guessing = self.open_responders()
        self.packed = b""

    def about(self) -> Json:
        persons = self.responder.phrasebook.language.persons
        can = {"read": can_read_on(self.folder), "runs": True}
        return run_summary.about(self.folder, self.responder.index, persons) | {"can": can}

    def complete(self, text: str) -> list[Json]:
        return run_summary.complete(text, self.responder.index)

    def learning(self) -> Json:
        return run_summary.learning(self.folder)

    def ledger(self) -> list[Json]:
        return run_summary.known_pairs(self.folder, self.responder.index)

    def bundle(self) -> bytes:
        self.packed = self.packed or self.pack()
        return self.packed

    def read(self, title: str) -> Events[None] | None:
        return self._read(title) if can_read_on(self.folder) else None

    def _read(self, title: str) -> Events[None]:
        says = self.responder.language.says
        with closing(read_now(self.folder, title, self.learn, says)) as events:
            for event in events:
                if event.get("learnt"):
                    self.open()
                yield event

    def ask(self, typed: str, *, before: Sequence[str], guess: bool) -> Iterator[Json]:
        """The events of an answer. It is shown word by word, but only once all of it was checked:
        nothing that is shown is ever taken back.
        """
        began = time.monotonic()
        responder = self.guessing if guess else self.responder
        reply = responder.reply(typed, responder.topic_of(before))
        talks = reply.meaning.outcome in ("small_talk", "several")
        said = "" if talks else reply.text or ""
        yield {"understood": described(reply)}
        if reply.generated is None:
            return
        for word in WORD.findall(said):
            yield {"piece": word}
        yield {
            "done": {
                "verified": reply.verified,
                "check": check_of(responder.language, verified=reply.verified, guess=reply.guess),
                "tokens": reply.generated.tokens,
                "seconds": round(time.monotonic() - began, 3),
            }
        }


def described(reply: Reply) -> Json:
    """What is told of a question before its answer (responder.js has the same)."""
    meaning = reply.meaning
    talk = meaning.outcome == "small_talk"
    return {
        "sure": meaning.outcome,
        "say": (reply.text or "") if talk else reply.remark,
        "typed": reply.typed,
        "about": meaning.about,
        "question": meaning.questions[0].text if meaning.questions else reply.typed,
        "sources": [source(page) for page in meaning.pages] if meaning.questions else [],
        "choices": choices(meaning),
    }


def choices(meaning: Understanding) -> list[Json]:
    """What can be asked instead: pages, or what is known of the page."""
    if meaning.outcome == "read_but_not_that":
        texts = [question.text for question in meaning.pages[0].questions[:MOST_OFFERED]]
    else:
        texts = [page.title for page in meaning.pages if meaning.outcome in OFFERED]
    return [{"label": text, "question": text} for text in texts]


def source(page: PageEntry) -> Json:
    return {
        "title": page.title,
        "url": page.url,
        "revid": page.revid,
        "licence": page.licence,
    }
