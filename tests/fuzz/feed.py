"""python -m tests.fuzz.feed TARGET CORPUS … -OPTION …: one target, fed by atheris until libFuzzer's
options say it is enough.
"""

import importlib
import sys

import atheris

with atheris.instrument_imports(include=["pipeline", "model"]):
    for name in (
        "model.checkpoint",
        "pipeline.clean",
        "pipeline.questions",
        "pipeline.sources.draws",
        "pipeline.tokens.tokenizer",
    ):
        importlib.import_module(name)
    from tests.fuzz import targets

if __name__ == "__main__":
    feed = targets.TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, feed)
    atheris.Fuzz()
