"""Commands killed at random moments, or two at once: the same command goes on, and ends as if
nothing had happened.
"""

import hashlib
import json
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

from tests.faults import material
from tests.faults.commands import Child, Ended, done, start
from tests.faults.core import Outcome, Trial
from tests.faults.wiki import serving

KILLS = 6  # of one piece of work, before it is let come to its end
DEATHS = (signal.SIGKILL, signal.SIGTERM)
Check = Callable[[], str]
"""Looks at what a killed command left: what is wrong, or nothing."""


def trials() -> Iterator[Trial]:
    ways: dict[str, Callable[[Path, random.Random], Outcome]] = {
        "fetching": fetching,
        "building pairs again": rebuilding,
        "building pairs from a dump": from_dump,
        "tokenizing": tokenizing,
        "training": training,
        "saving": saving,
        "exporting pairs": exporting_pairs,
        "exporting a network (transformers)": partial(exporting_network, form="hf"),
        "exporting a network (GGUF)": partial(exporting_network, form="gguf"),
    }
    soak = {
        "fetching": 30,
        "training": 25,
        "saving": 15,
        "building pairs again": 12,
        "building pairs from a dump": 12,
        "tokenizing": 12,
    }
    quick = ("fetching", "tokenizing", "training", "saving", "exporting pairs")
    for fault, run in ways.items():
        yield Trial(
            area="process",
            fault=f"killed while {fault}",
            run=run,
            soak=soak.get(fault, 8),
            quick=fault in quick,
            needs={"exporting pairs": "pyarrow", "exporting a network (GGUF)": "gguf"}.get(
                fault, ""
            ),
        )
    yield Trial(
        area="process", fault="two fetches on one cache", run=two_fetches, soak=6, quick=True
    )
    yield Trial(
        area="process", fault="two trainers on one run", run=two_trainers, soak=4, quick=True
    )
    yield Trial(
        area="process",
        fault="training while its pairs are fetched anew",
        run=trained_while_fetched,
        soak=4,
    )


# --- killing --------------------------------------------------------------------------------------


def kill_often(
    begin: Callable[[], Child],
    check: Check,
    usual: float,
    rng: random.Random,
    *,
    kills: int = KILLS,
    afresh: Callable[[], object] = bool,
) -> Outcome:
    """Begin the work and kill it at a random moment of its usual time, again and again; look at
    what it left each time.

    Where it came to its end before it could be killed, `afresh` clears its work away.
    """
    outcome = Outcome()
    for _ in range(kills):
        death, child = rng.choice(DEATHS), begin()
        outcome.tried += 1
        outcome.commands += 1
        killed = child.running(rng.uniform(0, usual))
        child.kill(death)
        ended = child.ended()
        outcome.kills += killed
        outcome.succeeded += ended.status == 0
        outcome.told += ended.status in (130, 143)
        deaths = (-death, 128 + death, 130) if killed else ()
        outcome.lost += filter(None, (ended.wrong(0, *deaths), check()))
        if ended.status == 0:
            afresh()
    return outcome


def to_its_end(outcome: Outcome, ended: Ended, *wrongs: str) -> Outcome:
    """The outcome with that of the run that was let come to its end."""
    outcome.commands += 1
    outcome.succeeded += ended.status == 0
    outcome.lost += filter(None, (ended.wrong(0), *wrongs))
    return outcome


@cache
def usual_seconds(make: Callable[[Path], Ended]) -> float:
    """How long a piece of work takes here when nobody kills it."""
    folder, seconds = material.store() / f"usual-{make.__name__}", list[float]()
    for _ in range(2):  # the first warms up
        folder.mkdir()
        ended = make(folder)
        assert not ended.wrong(0), ended.wrong(0)
        seconds.append(ended.seconds)
        shutil.rmtree(folder)
    return 0.8 * min(seconds)


# --- fetching and building ------------------------------------------------------------------------


def unbroken_fetch(folder: Path) -> Ended:
    with serving(folder) as wiki:
        return done(
            "fetch",
            *material.fetch_options(wiki, folder / "cache"),
            folder=folder,
            before=material.CALM,
        )


def fetching(folder: Path, rng: random.Random) -> Outcome:
    cache_, kept = folder / "cache", set[str]()
    with serving(folder) as wiki:
        served = wiki.times_served()

        def begin() -> Child:
            return start(
                "fetch", *material.fetch_options(wiki, cache_), folder=folder, before=material.CALM
            )

        def check() -> str:
            before = set(kept)
            again = wiki.fetched_again(before, served)
            served.update(wiki.times_served() - served)
            kept.update(material.kept_titles(cache_))
            if before <= kept and wrong_pairs(cache_) == "":
                return again
            return f"lost: {sorted(before - kept)[:3]} {wrong_pairs(cache_)}"

        def afresh() -> None:
            shutil.rmtree(cache_)
            kept.clear()

        outcome = kill_often(begin, check, usual_seconds(unbroken_fetch), rng, afresh=afresh)
        ended = begin().ended()
        again = wiki.fetched_again(kept, served)
    return to_its_end(outcome, ended, missing_pairs(cache_), again)


def wrong_pairs(cache_: Path) -> str:
    """What is wrong with the pairs that a killed command left; they may be fewer."""
    right = material.whole_pairs(material.PAGES)
    found = material.asked_and_answered(material.read_pairs(cache_))
    return "" if found.items() <= right.items() else "pairs that are not the pages'"


def missing_pairs(cache_: Path) -> str:
    whole = material.asked_and_answered(material.read_pairs(cache_)) == material.whole_pairs(
        material.PAGES
    )
    return "" if whole else "pairs are missing or wrong at the end"


def unbroken_rebuild(folder: Path) -> Ended:
    material.fetched(folder / "made")
    return done("fetch", "--rebuild", "--cache", folder / "made/cache", folder=folder)


def rebuilding(folder: Path, rng: random.Random) -> Outcome:
    """The pairs of an earlier build stay whole until the new ones take their place."""
    cache_ = material.fetched(folder / "made") / "cache"

    def begin() -> Child:
        return start("fetch", "--rebuild", "--cache", cache_, folder=folder)

    outcome = kill_often(begin, lambda: missing_pairs(cache_), usual_seconds(unbroken_rebuild), rng)
    return to_its_end(outcome, begin().ended(), missing_pairs(cache_))


def unbroken_dump(folder: Path) -> Ended:
    material.dump(folder / "made")
    return done(
        "fetch",
        "--source",
        f"dump:{folder / 'made/dump.ndjson.gz'}",
        "--cache",
        folder / "cache",
        folder=folder,
    )


def from_dump(folder: Path, rng: random.Random) -> Outcome:
    material.dump(folder / "made")
    cache_ = folder / "cache"

    def begin() -> Child:
        return start(
            "fetch",
            "--source",
            f"dump:{folder / 'made/dump.ndjson.gz'}",
            "--cache",
            cache_,
            folder=folder,
        )

    def check() -> str:
        return (
            ""
            if len(material.read_pairs(cache_)) in (0, 200)
            else "a part of the pairs stands for the whole"
        )

    outcome = kill_often(
        begin, check, usual_seconds(unbroken_dump), rng, afresh=partial(shutil.rmtree, cache_)
    )
    ended = begin().ended()
    return to_its_end(
        outcome,
        ended,
        "" if len(material.read_pairs(cache_)) == 200 else "pairs are missing at the end",
    )


def tokenize(text: Path, tokens: Path) -> None:
    """What training on a text does first; prints the fingerprint of its tokens."""
    from pipeline.tokens.text_tokens import mapped_tokens
    from pipeline.tokens.tokenizer import characters

    found = mapped_tokens([text], characters([text.read_text("utf-8")]), tokens)
    print(hashlib.sha256(found[0 : len(found)].tobytes()).hexdigest())


def unbroken_tokens(folder: Path) -> Ended:
    material.text(folder / "made")
    return Child(
        "tokenizing", partial(tokenize, folder / "made/text.txt", folder / "tokens"), folder
    ).ended()


def tokenizing(folder: Path, rng: random.Random) -> Outcome:
    material.text(folder / "made")
    aside = folder / "aside"
    aside.mkdir()
    right = unbroken_tokens(aside).out

    def begin() -> Child:
        return Child(
            "tokenizing", partial(tokenize, folder / "made/text.txt", folder / "tokens"), folder
        )

    outcome = kill_often(
        begin,
        lambda: "",
        usual_seconds(unbroken_tokens),
        rng,
        afresh=partial(shutil.rmtree, folder / "tokens"),
    )
    ended = begin().ended()
    return to_its_end(outcome, ended, "" if ended.out == right else "other tokens after the kills")


# --- training -------------------------------------------------------------------------------------


def train(folder: Path, cache_: Path, run: Path) -> Child:
    """Begin the run, or go on with it, as a user would."""
    more = (
        ("--resume",) if (run / "config.json").exists() else ()
    )  # before, it says to leave it out
    return start(
        "train",
        "--cache",
        cache_,
        "--out",
        run,
        *material.TINY,
        *material.EPOCHS,
        *more,
        folder=folder,
    )


def unbroken_training(folder: Path) -> Ended:
    return train(folder, material.pairs(folder / "cache"), folder / "run").ended()


def training(folder: Path, rng: random.Random) -> Outcome:
    cache_ = material.pairs(folder / "cache")
    right = material.weights(material.trained(folder / "made") / "run")
    run = folder / "run"
    outcome = kill_often(
        lambda: train(folder, cache_, run),
        lambda: wrong_run(run),
        usual_seconds(unbroken_training),
        rng,
        afresh=partial(shutil.rmtree, run),
    )
    ended = train(folder, cache_, run).ended()
    if ended.status:
        return to_its_end(outcome, ended)
    return to_its_end(
        outcome,
        ended,
        "" if material.weights(run) == right else "other weights after the kills",
        "" if epochs_of(run) == [1, 2, 3] else f"epochs {epochs_of(run)} stand in metrics.jsonl",
    )


def wrong_run(run: Path) -> str:
    """Whether a killed trainer left a checkpoint that is not whole under a checkpoint's name."""
    states = [folder / "state.json" for folder in run.glob("checkpoints/step-*")]
    return (
        ""
        if all(state.exists() and json.loads(state.read_bytes()) for state in states)
        else "a torn checkpoint"
    )


def epochs_of(run: Path) -> list[float]:
    return [json.loads(line)["epoch"] for line in (run / "metrics.jsonl").read_text().splitlines()]


def save_on_and_on(run: Path) -> None:
    """Checkpoints, one after the other, each holding its number in every weight."""
    import torch

    from model.checkpoint import Checkpoint, save_checkpoint
    from model.config import GPTConfig
    from model.gpt import GPT
    from model.train_state import TrainState

    config = GPTConfig(vocab_size=40, block_size=8, layers=1, heads=1, width=40, mlp_width=40)
    shapes = {name: value.shape for name, value in GPT(config).state_dict().items()}
    for step in range(1, 10**6):
        weights = {name: torch.full(shape, float(step)) for name, shape in shapes.items()}
        save_checkpoint(
            run,
            Checkpoint(
                state=TrainState(step=step),
                weights=weights,
                resume_tensors=weights,
                settings={"model": asdict(config)},
            ),
        )


def saving(folder: Path, rng: random.Random) -> Outcome:
    run = folder / "run"
    outcome = Outcome()
    for _ in range(KILLS):
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir()
        outcome.add(
            kill_often(
                lambda: Child("saving", partial(save_on_and_on, run), folder),
                lambda: torn(run),
                0.3,
                rng,
                kills=1,
            )
        )
    return outcome


def torn(run: Path) -> str:
    """Whether the newest checkpoint is not the whole of one moment."""
    from model.checkpoint import Checkpoint, checkpoints_newest_first

    for found in checkpoints_newest_first(run, training=True):
        whole = isinstance(found, Checkpoint) and {
            value.unique().tolist()[0]
            for part in (found.weights, found.resume_tensors)
            for value in part.values()
        } == {found.state.step}
        return "" if whole else f"the newest checkpoint is torn: {found}"
    return ""


# --- exporting ------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, str]:
    """The fingerprint of every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def unbroken_pair_export(folder: Path) -> Ended:
    return done(
        "export", "--cache", material.pairs(folder / "cache"), "--to", folder / "out", folder=folder
    )


def exporting_pairs(folder: Path, rng: random.Random) -> Outcome:
    """An export is there whole or not at all."""
    cache_, target = material.pairs(folder / "cache"), folder / "out"
    right = folder / "right"
    first = done("export", "--cache", cache_, "--to", right, folder=folder)

    def begin() -> Child:
        return start("export", "--cache", cache_, "--to", target, folder=folder)

    def check() -> str:
        return (
            ""
            if not target.exists() or contents(target) == contents(right)
            else "a part of an export stands for the whole"
        )

    outcome = kill_often(begin, check, usual_seconds(unbroken_pair_export), rng)
    return to_its_end(outcome, begin().ended(), first.wrong(0), check())


def unbroken_network_export(folder: Path) -> Ended:
    return done(
        "model.export",
        "--run",
        material.trained(folder / "made") / "run",
        "--to",
        folder / "out",
        folder=folder,
    )


def exporting_network(folder: Path, rng: random.Random, *, form: str) -> Outcome:
    run, target, right = material.trained(folder / "made") / "run", folder / "out", folder / "right"
    first = done("model.export", "--run", run, "--to", right, "--format", form, folder=folder)

    def begin() -> Child:
        shutil.rmtree(target, ignore_errors=True)  # it writes over nothing
        return start("model.export", "--run", run, "--to", target, "--format", form, folder=folder)

    def check() -> str:
        return (
            ""
            if not target.exists() or contents(target) == contents(right)
            else "a part of an export stands for the whole"
        )

    outcome = kill_often(begin, check, usual_seconds(unbroken_network_export), rng)
    return to_its_end(outcome, begin().ended(), first.wrong(0), check())


# --- two at once ----------------------------------------------------------------------------------


def both(outcome: Outcome, first: Ended, second: Ended, refusal: str, *refused: int) -> None:
    """Of two commands at once both may do their work, one after the other, or one is refused in a
    line that says why.
    """
    for ended in (first, second):
        outcome.commands += 1
        outcome.succeeded += ended.status == 0
        outcome.told += ended.status in refused
        outcome.lost += filter(None, (ended.wrong(0, *refused),))
        if ended.status in refused and refusal not in ended.err:
            outcome.lost.append(f"refused for another reason: {ended.err.strip()[-200:]}")
    if first.status and second.status:
        outcome.lost.append("both were refused")


def two_fetches(folder: Path, rng: random.Random) -> Outcome:
    """Two at once, then one that is killed and another right behind it."""
    outcome, cache_ = Outcome(tried=1), folder / "cache"
    with serving(folder) as wiki:

        def begin() -> Child:
            return start(
                "fetch", *material.fetch_options(wiki, cache_), folder=folder, before=material.CALM
            )

        holder = begin()
        holder.running(rng.uniform(0, 0.3))
        other = begin()
        both(outcome, holder.ended(), other.ended(), "another fetch is at work", 1)
        shutil.rmtree(cache_)
        killed = begin()
        outcome.kills += killed.running(rng.uniform(0.1, 0.3))
        killed.kill(signal.SIGKILL)
        killed.ended()
        ended = begin().ended()
    return to_its_end(outcome, ended, missing_pairs(cache_))


def two_trainers(folder: Path, rng: random.Random) -> Outcome:
    outcome, cache_, run = Outcome(tried=1), material.pairs(folder / "cache"), folder / "run"
    right = material.weights(material.trained(folder / "made") / "run")
    first = train(folder, cache_, run)
    first.running(rng.uniform(0, 0.8))
    options = ("--cache", cache_, "--out", run, *material.TINY, *material.EPOCHS)
    second = start(
        "train",
        *options,
        *(("--resume",) if rng.random() < 0.5 and run.exists() else ()),
        folder=folder,
    )
    both(outcome, first.ended(), second.ended(), str(run), 1, 2)
    return to_its_end(
        outcome,
        train(folder, cache_, run).ended(),
        "" if material.weights(run) == right else "other weights",
    )


def trained_while_fetched(folder: Path, rng: random.Random) -> Outcome:
    """Training reads the pairs as they were or as they become, never a part, while they are made
    anew.
    """
    cache_ = material.fetched(folder / "made") / "cache"
    outcome = Outcome(tried=1)
    building = start("fetch", "--rebuild", "--cache", cache_, folder=folder)
    building.running(rng.uniform(0, 0.2))
    ended = train(folder, cache_, folder / "run").ended()
    to_its_end(outcome, building.ended(), missing_pairs(cache_))
    titles = (folder / "run/titles.jsonl").read_text().count("\n") if not ended.status else 0
    return to_its_end(
        outcome,
        ended,
        "" if titles >= material.PAGES - 2 else f"trained on {titles} of {material.PAGES} pages",
    )
