"""python -m tests.fuzz.feed TARGET CORPUS … -OPTION …: one target, fed by atheris until libFuzzer's options say it is enough."""

import sys

import atheris

with atheris.instrument_imports(include=["pipeline", "model"]):
    from tests.fuzz import targets

    import model.checkpoint
    import pipeline.clean
    import pipeline.questions
    import pipeline.sources
    import pipeline.tokenizer  # noqa: F401

if __name__ == "__main__":
    feed = targets.TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, feed)
    atheris.Fuzz()
