"""python -m model: no command by itself; it names those there are."""

from typing import NoReturn

from pipeline.cli import run
from pipeline.errors import BadInput


def main() -> NoReturn:
    raise BadInput(
        "name a command: python train.py, python generate.py or python -m model.export, with"
        " --help for its options"
    )


if __name__ == "__main__":
    run(main)
