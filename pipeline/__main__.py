"""python -m pipeline: no command by itself; it names those of this folder."""

from typing import NoReturn

from pipeline.cli import run
from pipeline.errors import BadInput


def main() -> NoReturn:
    raise BadInput(
        "name a command: python -m pipeline.fetch, pipeline.show, pipeline.export or"
        " pipeline.cluster, with --help for its options"
    )


if __name__ == "__main__":
    run(main)
