"""A folder is pushed whole, in one commit; what stands in the way is said in a line. Against a
stand-in for the Hub that speaks as much of its protocol as a push of small files needs.
"""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import BadInput, ExternalError

pytest.importorskip("huggingface_hub", reason="the extra `export` is not installed")
TOKEN = "hf_ours"


class Hub(ThreadingHTTPServer):
    """Keeps what is pushed to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.created: list[dict[str, Any]] = []
        self.commits: list[dict[str, bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self) -> None:
        self.answer(200, {"id": "me/mine", "sha": "0" * 40, "siblings": []})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, {"error": "who are you"})
        elif self.path == "/api/repos/create":
            self.server.created.append(json.loads(body))
            self.answer(200, {"url": f"{self.server.address}/me/mine"})
        elif "/preupload/" in self.path:
            files = json.loads(body)["files"]
            modes = [
                {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False}
                for file in files
            ]
            self.answer(200, {"files": modes})
        elif "/commit/" in self.path:
            lines = [json.loads(line) for line in body.splitlines()]
            files = [line["value"] for line in lines if line["key"] == "file"]
            self.server.commits.append(
                {file["path"]: base64.b64decode(file["content"]) for file in files}
            )
            address = f"{self.server.address}/me/mine"
            self.answer(
                200,
                {"success": True, "commitOid": "1" * 40, "commitUrl": f"{address}/commit/1"},
            )
        else:
            self.answer(200, {})


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    from huggingface_hub import constants

    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(constants, "ENDPOINT", server.address)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
        monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", server.address)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield server
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "export"
    (made / "data").mkdir(parents=True)
    (made / "README.md").write_text("# A card\n")
    (made / "data" / "train.json").write_bytes(b'{"a": 1}\n')
    return made


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_a_folder_comes_whole_and_in_one_commit(hub: Hub, folder: Path, kind: str) -> None:
    from pipeline.hub import push

    address = push(folder, "me/mine", kind)  # type: ignore[arg-type]
    assert address.endswith("/me/mine")
    assert hub.created[0]["name"] == "mine"
    assert hub.created[0].get("type", "model") == kind
    assert hub.commits == [{"README.md": b"# A card\n", "data/train.json": b'{"a": 1}\n'}]


def test_who_may_not_write_is_told_how_to_log_in_and_keeps_the_folder(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.hub import push

    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(ExternalError, match=r"hf auth login.*hf upload me/mine"):
        push(folder, "me/mine", "model")
    assert (folder / "README.md").exists() and not hub.commits


def test_a_hub_out_of_reach_is_one_line(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    from pipeline.hub import push

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ExternalError, match="cannot be reached"):
        push(folder, "me/mine", "model")


@pytest.mark.parametrize("name", ["mine", "a/b/c", "", "me/", "/mine", "me/ mine"])
def test_what_names_no_repository_is_refused_before_any_work(name: str) -> None:
    from pipeline.hub import check_name

    with pytest.raises(BadInput, match="ORGANISATION/NAME"):
        check_name(name)
