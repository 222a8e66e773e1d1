"""python -m model.export: a run for other tools: a transformers folder, a GGUF file, a web page.

python -m model.export --run runs/NAME --to DIR --format hf
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.cli import notice, parse, run
from pipeline.errors import BadInput
from pipeline.files import share_as_folder
from pipeline.hub import check_name, push


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Take a run to other tools."""

    to: Path
    """The folder to make."""
    run: Path | None = None
    """The run's folder; otherwise the newest in runs/."""
    format: Literal["hf", "gguf", "html"] = "hf"
    """hf: a folder that transformers loads; gguf: a file for llama.cpp; html: a page that
    answers by itself, in any browser, without a network.
    """
    push: str = ""
    """Also put the folder up on the Hugging Face Hub, as ORGANISATION/NAME."""


# What --help shows: all, where it goes first.
COMMON_OPTIONS = {"what is written": ("to", "format", "run"), "sharing it": ("push",)}


def read_options(argv: list[str] | None = None) -> ExportOptions:
    """The options of the command. Raises BadInput."""
    return parse(ExportOptions, argv, prog="python -m model.export", common=COMMON_OPTIONS)


def main(argv: list[str] | None = None) -> Path:
    """Export as the arguments say, whole or not at all; where to. Raises BadInput or ValueError in
    one line for what cannot be.
    """
    return export(read_options(argv))


def export(options: ExportOptions) -> Path:
    """As `main`, with the options read."""
    to = options.to
    if options.push:
        check_name(options.push)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BadInput(f"{to} exists and is not empty: choose a new folder")
    from model.checkpoint import newest_run
    from model.export.gguf import export_gguf
    from model.export.html import export_html
    from model.export.transformers import export_hf

    source = options.run or newest_run()
    part = to.with_name(f".{to.name}.askwiki-part")  # no name that a user's own folder would have
    shutil.rmtree(part, ignore_errors=True)  # what a kill left
    part.mkdir(parents=True)
    try:
        {"hf": export_hf, "gguf": export_gguf, "html": export_html}[options.format](source, part)
        share_as_folder(part)
        if to.exists():
            to.rmdir()
        part.rename(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return to


NEXT = {
    "hf": "next: ask it as README.md there shows, with transformers",
    "gguf": "next: ollama create {name} -f {modelfile} && ollama run {name}"
    "; or llama.cpp, as README.md there shows",
    "html": "next: open {to}/{file} in a browser; it needs no network, and can be passed on",
}


def told(to: Path) -> str:
    """What was written, and what can be done with it."""
    files = sorted(to.iterdir(), key=lambda file: -file.stat().st_size)
    kind = {".gguf": "gguf", ".html": "html"}.get(files[0].suffix, "hf")
    listed = "\n".join(f"  {file.stat().st_size / 1e6:8.2f} MB  {file.name}" for file in files)
    name = re.sub(r"[^a-z0-9_.-]+", "-", to.resolve().name.lower()).strip("-.") or "askwiki"
    modelfile = shlex.quote(str(to / "Modelfile"))
    following = NEXT[kind].format(to=to, file=files[0].name, name=name, modelfile=modelfile)
    return f"exported to {to}\n{listed}\n{following}"


def command() -> None:
    options = read_options()
    to = export(options)
    notice(told(to))
    if options.push:
        notice(f"pushed to {push(to, options.push, 'model')}")


if __name__ == "__main__":
    run(command, bad_input=(ValueError,))
