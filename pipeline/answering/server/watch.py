"""A page that shows a run while it learns: the chat page's "how it learned", served from the run's
folder and looked at again every few seconds.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.answering.server import app as server
from pipeline.answering.server import run_summary
from pipeline.answering.server.serving import Json, Runs
from pipeline.errors import BadInput


class WatchedRun:
    """Implements serving.AskedRun for a run that cannot be asked yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def about(self) -> Json:
        can = {"read": False, "runs": False}
        name = self.folder.name
        return {"run": name, "subject": f"{name} learns", "examples": [], "live": True, "can": can}

    def learning(self) -> Json:
        return run_summary.learning(self.folder)

    def ledger(self) -> list[Json]:
        return run_summary.ledger(self.folder)

    def complete(self, text: str) -> list[Json]:
        return []

    def ask(self, typed: str, *, before: Sequence[str], guess: bool) -> Iterator[Json]:
        raise BadInput("this run is still learning: ask it when it has ended")

    def bundle(self) -> bytes:
        raise BadInput("this run is still learning: look inside when it has ended")

    def read(self, title: str) -> None:
        return None


def open_page(folder: Path, *, port: int = 0) -> str:
    """Serve the page on this machine for as long as the process lives; its address."""
    run = WatchedRun(folder)
    runs = Runs(first=run, names=[run.folder.name], open=lambda name: run)
    served, listening, address = server.prepare(runs, host="127.0.0.1", port=port, token=None)
    options = {"sockets": [listening]}
    threading.Thread(target=served.run, kwargs=options, name="watch", daemon=True).start()
    return address
