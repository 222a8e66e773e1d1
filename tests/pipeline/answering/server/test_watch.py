"""The page that shows a run while it learns."""

import json
import threading
from pathlib import Path

import pytest
from browser import open_page, opened_browser, until

from pipeline.answering.server.serving import Runs

pytest.importorskip("uvicorn", reason="the extra `chat` is not installed")


def test_a_page_whose_training_has_ended_says_so_and_keeps_what_it_shows(tmp_path: Path) -> None:
    from pipeline.answering.server import app
    from pipeline.answering.server.watch import WatchedRun

    row = {"epoch": 1, "step": 3, "seconds": 2, "train_loss": 2.0, "val_loss": None, "recall": 0.5}
    (tmp_path / "metrics.jsonl").write_text(json.dumps(row) + "\n")
    run = WatchedRun(tmp_path)
    runs = Runs(first=run, names=[tmp_path.name], open=lambda name: run)
    server, listening, address = app.prepare(runs, host="127.0.0.1", port=0, token=None)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    serving.start()
    try:
        with opened_browser(tmp_path / "profile") as chrome:
            open_page(chrome, address)
            until(chrome, "document.querySelector('.plot')")
            server.should_exit = True
            serving.join()
            until(chrome, "document.body.innerText.includes('It learns no more')")
            assert chrome.execute_script("return !!document.querySelector('.plot')")
    finally:
        server.should_exit = True
        serving.join()
