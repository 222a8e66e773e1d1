"""The command that takes a run to other tools: a transformers folder, or a GGUF file for llama.cpp.

python -m model.export --run runs/NAME --to DIR --format hf
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from model.export.gguf import Refused, export_gguf
from model.export.transformers import export_hf


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}; --help lists the options")


def main(argv: list[str] | None = None) -> Path:
    """Export as the arguments say, whole or not at all; where to. Raises ValueError in one line for
    what cannot be.
    """
    parser = _Parser(prog="python -m model.export", description="Take a run to other tools.")
    parser.add_argument("--run", type=Path, help="the run's folder; otherwise the newest in runs/")
    parser.add_argument("--to", type=Path, required=True, help="the folder to make")
    parser.add_argument(
        "--format",
        choices=("hf", "gguf"),
        default="hf",
        help="a transformers folder, or a file for llama.cpp",
    )
    options = parser.parse_args(argv)
    to: Path = options.to
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Refused(f"{to} exists and is not empty: choose a new folder")
    from model.checkpoint import newest_run

    part = to.with_name(f".{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        {"hf": export_hf, "gguf": export_gguf}[options.format](options.run or newest_run(), part)
        if to.exists():
            to.rmdir()
        part.rename(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return to


if __name__ == "__main__":
    try:
        print(f"exported to {main()}", file=sys.stderr)
    except KeyboardInterrupt:
        sys.exit(130)
    except ValueError as problem:  # RunError is one
        print(f"error: {problem}", file=sys.stderr)
        sys.exit(2)
    except OSError as problem:
        print(f"error: {problem}", file=sys.stderr)
        sys.exit(1)
