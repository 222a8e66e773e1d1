"""The notebook's commands are those of the program, and it runs from top to bottom on the pages
that come with the code.
"""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generate import AskOptions
from model.export.__main__ import ExportOptions
from model.train_config import default_config
from pipeline.fetch_options import FetchOptions
from pipeline.help_text import options_in

HERE = Path(__file__).resolve().parent.parent
CODE = ("docs", "model", "pipeline", "train.py", "generate.py", "learn.py")


def test_every_cell_compiles_and_its_commands_know_their_flags() -> None:
    cells = json.loads((HERE / "docs" / "quickstart.ipynb").read_bytes())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    trees = [ast.parse(source) for source in sources]
    commands = (FetchOptions, default_config(), AskOptions, ExportOptions)
    known = {flag.name for options in commands for _, _, flag in options_in(options, "")}
    used = {
        node.value
        for tree, source in zip(trees, sources, strict=True)
        if "subprocess" not in source  # git's and pip's flags
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and str(node.value).startswith("--")
    }
    assert used and used <= known, used - known


@pytest.mark.slow
def test_the_notebook_reads_learns_asks_and_exports(tmp_path: Path) -> None:
    nbformat = pytest.importorskip("nbformat", reason="the extra `notebook` is not installed")
    nbclient = pytest.importorskip("nbclient", reason="the extra `notebook` is not installed")
    for name in CODE:  # a checkout of its own, as it writes where it stands
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, tmp_path / name)
    notebook = nbformat.read(tmp_path / "docs" / "quickstart.ipynb", as_version=4)
    (parameters,) = (
        cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())
    )
    parameters.source += '\nSOURCE = "sample"\nPAGES = 9\nEPOCHS = 1\n'
    client = nbclient.NotebookClient(
        notebook, timeout=240, resources={"metadata": {"path": str(tmp_path / "docs")}}
    )
    client.execute()
    said = [
        "".join(output.get("text", "") for output in cell.get("outputs", ()))
        for cell in notebook.cells
    ]
    assert any("pairs, such as" in text for text in said)
    assert any("epoch 1" in text for text in said)
    assert any("not read" in text for text in said)
    (page,) = (tmp_path / "runs/notebook-sample/page").glob("*.html")
    assert page.stat().st_size > 1e6
    assert any(
        "image/png" in out.get("data", {}) for c in notebook.cells for out in c.get("outputs", ())
    )


@pytest.mark.parametrize("brought", ["zip", "folder", "named", "nothing"])
def test_the_notebook_finds_the_code_that_was_brought_along(brought: str, tmp_path: Path) -> None:
    cells = json.loads((HERE / "docs/quickstart.ipynb").read_text())["cells"]
    settings, find, *_ = ("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    place, elsewhere = tmp_path / "content", tmp_path / "elsewhere"
    code = elsewhere / "askwiki-main" if brought != "folder" else place / "input" / "askwiki-main"
    (code / "pipeline").mkdir(parents=True)
    (code / "train.py").write_text("# the code")
    place.mkdir(exist_ok=True)
    if brought == "zip":
        shutil.make_archive(str(place / "code"), "zip", elsewhere)
    if brought == "named":
        settings += f"\nCODE = {str(elsewhere)!r}"
    find = find.partition("NEEDED =")[0] + "\nprint(Path('train.py').read_text())"
    words = [sys.executable, "-c", settings + "\n" + find]
    done = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)
    if brought == "nothing":
        assert "upload a zip" in done.stderr
    else:
        assert done.stdout == "# the code\n", done.stderr
