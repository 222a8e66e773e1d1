"""How a run goes on learning, and whether it knows what it knows.

    python -m benchmarks.learning added       # 100 pages to 500 known ones
    python -m benchmarks.learning rounds      # ten rounds of 50 pages to 500 known ones
    python -m benchmarks.learning changed     # 500 known pages, 50 of which have changed
    python -m benchmarks.learning pretrained  # 100 pages to a folder of transformers
    python -m benchmarks.learning verified    # 5,000 leads, all asked: what is called word for word
    python -m benchmarks.learning read        # one page to 500 known ones, in place
    python -m benchmarks.learning facts --pairs cache/pairs.jsonl  # 600 pages with their facts

ASKWIKI_SHARED names the folder with corpora/. Every side is `train.py` from its command line, and
beside ours, the same pages are learnt from scratch, and naively: the known network is trained on
the new pages alone at the usual rates. Recall is of first sentences by greedy generation, without
second tries. What was measured is kept in --work, so a benchmark that was stopped goes on where it
was.
"""

import operator
import os
import random
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import torch
import tyro

import generate
from benchmarks.training.bench import Bench
from benchmarks.training.bench import Options as BenchOptions
from learn import learn
from model.checkpoint import load_model
from model.evaluate import recalled
from model.export.transformers import export_hf
from pipeline.answering.responder import Generated, Network, Responder
from pipeline.cli import parse, run
from pipeline.dataset.pairs_file import read_pairs, write_pairs
from pipeline.records import Pair
from pipeline.tokens.batches import PairData
from pipeline.tokens.corpus import asked_rows
from pipeline.tokens.pair_tokens import encoded, placed
from pipeline.tokens.tokenizer import Tokenizer

Table = list[list[str]]
KNOWN, ADDED, ROUNDS, A_ROUND, CHANGED = 500, 100, 10, 50, 50
PAGES = 600  # whose facts are learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    what: Annotated[
        Literal["added", "rounds", "changed", "pretrained", "verified", "read", "facts"],
        tyro.conf.Positional,
    ]
    """The benchmark."""
    work: Path = Path("runs/benchmarks")
    """Folder for runs and what was measured."""
    leads: int = 5000
    """How many leads `verified` learns and asks."""
    pairs: Path = Path("cache/pairs.jsonl")
    """Pairs of all kinds, for `facts`."""
    flags: str = ""
    """Flags of train.py for `verified`, as in --flags="--epochs 8"."""
    smoke: bool = False
    """Tiny sizes, to see whether it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Shares of the first sentences that the network gives back."""

    own: float
    """Asked in their own words."""
    other: float
    """Asked in another phrasing."""


class Runs:
    """The leads, and the runs made of them."""

    def __init__(self, options: Options) -> None:
        self.options, self.smoke = options, options.smoke
        self.bench = Bench(BenchOptions(work=options.work, smoke=options.smoke), "learning")
        self.flags = ["--held-out", "0", *(["--epochs", "2"] if self.smoke else [])]

    def size(self, count: int) -> int:
        """So many pairs, or as good as none."""
        return max(4, count // 50) if self.smoke else count

    def leads(self, count: int) -> list[Pair]:
        """So many leads, evenly from all."""
        return list(read_pairs(self.bench.leads(count) / "pairs.jsonl"))

    def train(self, name: str, pairs: Sequence[Pair], *flags: object) -> dict[str, Any]:
        """A run on these pairs; its last figures, its folder, and the whole command's seconds."""
        cache = self.bench.work / f"cache-{name}"
        write_pairs(cache / "pairs.jsonl", pairs)
        begun = time.perf_counter()
        done = self.bench.train(name, "--cache", cache, *self.flags, *flags)
        timing = self.bench.known(f"{name}-whole", lambda: {"s": time.perf_counter() - begun})
        return {**done["last"], "out": done["out"], "whole": timing["s"]}


def recall(folder: Path, pairs: Sequence[Pair]) -> Recall:
    """How much of the pairs a run knows."""
    model, tokenizer = load_model(folder), Tokenizer.load(folder / "vocabulary.json")
    made = encoded(pairs, tokenizer)
    data = PairData(
        placed(made.ids, made.lengths, made.pieces),
        tokenizer,
        block_size=model.config.block_size,
        batch_tokens=8192,
    )
    others = (1 + torch.arange(len(pairs)).numpy() % (data.phrasing_counts() - 1).clip(1)).tolist()
    shares = []
    for phrasings in ([0] * len(pairs), others):
        right = recalled(model, asked_rows(pairs, data, phrasings))
        shares.append(sum(right) / len(right))
    return Recall(own=shares[0], other=shares[1])


def share(value: float) -> str:
    return f"{value:.3f}"


def figures(name: str, done: dict[str, Any], *recalls: float) -> list[str]:
    """A row: what it took, and shares."""
    return [name, f"{done['tokens']:,}", f"{done['whole']:.0f}", *map(share, recalls)]


def added(runs: Runs) -> Table:
    """Pages added to what is known: ours, naive training, and all anew."""
    known, new = runs.size(KNOWN), runs.size(ADDED)
    pairs = runs.leads(known + new)
    fresh, old = pairs[:: (known + new) // new][:new], []
    old = [pair for pair in pairs if pair not in fresh]
    first = runs.train("known", old)
    before = recall(first["out"], old)
    sides = {
        "all anew": runs.train("anew", pairs),
        "naive": runs.train("naive", fresh, *naively(first["out"])),
        "--init-from": runs.train("added", pairs, "--init-from", first["out"]),
    }
    table = [["", "tokens", "seconds", "old", "new", "all", "all, other words"]]
    table.append([*figures("known before", first, before.own), "", "", ""])
    for name, done in sides.items():
        of_old, of_new, of_all = (recall(done["out"], each) for each in (old, fresh, pairs))
        table.append(figures(name, done, of_old.own, of_new.own, of_all.own, of_all.other))
    wanted = [f"old ≥ {before.own - 0.01:.3f}", "", "≥ 0.96", ""]
    return [*table, ["wanted", "", f"≤ {sides['all anew']['whole'] / 3:.0f}", *wanted]]


def naively(known: Path) -> list[object]:
    """Training goes on, on the new pages alone, with the rates and batches of a new run."""
    rates = ["--lr", 0.003, "--matrix-lr", 0.01, "--warmdown", 0.5, "--batch-tokens", 1024]
    return ["--init-from", known, "--schedule", "all", *rates]


def rounds(runs: Runs) -> Table:
    """Pages that come a few at a time, beside all of them at once."""
    count, many = runs.size(A_ROUND), 2 if runs.smoke else ROUNDS
    known = runs.size(KNOWN)
    pairs = runs.leads(known + many * count)
    order = [pair for start in range(many + 1) for pair in pairs[start :: many + 1]]
    done = runs.train("rounds-0", order[:known])
    table = [["round", "tokens", "seconds", "all so far", "other words", "the first ones"]]
    for number in range(1, many + 1):
        so_far = order[: known + number * count]
        done = runs.train(f"rounds-{number}", so_far, "--init-from", done["out"])
        of_all, of_first = recall(done["out"], so_far), recall(done["out"], order[:known])
        table.append(figures(str(number), done, of_all.own, of_all.other, of_first.own))
    anew = runs.train("rounds-anew", order)
    of_all, of_first = recall(anew["out"], order), recall(anew["out"], order[:known])
    table.append(figures("all anew", anew, of_all.own, of_all.other, of_first.own))
    return [*table, ["wanted", "", "", f"≥ {of_all.own - 0.01:.3f}", "", ""]]


def changed(runs: Runs) -> Table:
    """Pages whose text has changed since they were learnt."""
    pairs, count = runs.leads(runs.size(KNOWN)), runs.size(CHANGED)
    places = range(0, len(pairs), len(pairs) // count)[:count]
    old = [pairs[place] for place in places]
    donors = [pairs[(place + 1) % len(pairs)] for place in places]
    new = [edited(pair, donor) for pair, donor in zip(old, donors, strict=True)]
    edits = dict(zip(places, new, strict=True))
    now = [edits.get(place, pair) for place, pair in enumerate(pairs)]
    rest = [pair for place, pair in enumerate(pairs) if place not in edits]
    known = runs.train("changed-known", pairs)
    sides = {
        "all anew": runs.train("changed-anew", now),
        "naive": runs.train("changed-naive", new, *naively(known["out"])),
        "--init-from": runs.train("changed", now, "--init-from", known["out"]),
    }
    table = [["", "tokens", "seconds", "new answer", "old answer", "other pages"]]
    for name, done in {"known before": known, **sides}.items():
        shares = [recall(done["out"], each).own for each in (new, old, rest)]
        table.append(figures(name, done, *shares))
    return [*table, ["wanted", "", "", "≥ 0.95", "0", ""]]


def edited(pair: Pair, donor: Pair) -> Pair:
    """A pair as its page might read later: other figures in the first sentence, or, where it has
    none, what is said of another page.
    """
    answer = re.sub(r"\d(?=\D)", lambda digit: str((int(digit[0]) + 3) % 10), pair.answer, count=2)
    sentence = pair.answer.partition(". ")[0]
    if answer.startswith(sentence):
        rest = re.split(r"\b(?:is|was|are|were)\b", donor.answer, maxsplit=1)[-1]
        answer = f"{pair.title} is{rest}"
    return replace(pair, answer=answer, revid=(pair.revid or 0) + 1_000_000)


def pretrained(runs: Runs) -> Table:
    """A folder of transformers taught pages, beside the same network from scratch."""
    known, new = runs.size(KNOWN), runs.size(ADDED)
    pairs = runs.leads(known + new)
    fresh = pairs[:: (known + new) // new][:new]
    teacher = runs.train("known", [pair for pair in pairs if pair not in fresh])
    folder = runs.bench.work / "transformers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    export_hf(teacher["out"], folder)
    sides = {
        "from scratch": runs.train("fresh-anew", fresh),
        "from the folder": runs.train("fresh", fresh, "--init-from", folder),
    }
    table = [["", "tokens", "seconds", "recall", "other words"]]
    for name, done in sides.items():
        known_now = recall(done["out"], fresh)
        table.append(figures(name, done, known_now.own, known_now.other))
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswers:
    """A network that is not asked a second time."""

    network: Network

    def answers(self, questions: Sequence[str]) -> list[Generated]:
        return self.network.answers(questions)

    def right_answer(self, questions: Sequence[str], right: Callable[[str], int]) -> None:
        return None


def verified(runs: Runs) -> Table:
    """All questions asked: what is called word for word, what is so, and what second tries bring
    and cost, where questions are asked one at a time.
    """
    pairs = runs.leads(runs.size(runs.options.leads))
    done = runs.train(f"verified-{len(pairs)}", pairs, *runs.options.flags.split())
    options = generate.AskOptions(run=done["out"], device="cpu")
    responder = generate.open_responder(options, done["out"])
    first = Responder(
        responder.index, responder.phrasebook, FirstAnswers(network=responder.network)
    )
    table = [["asked", "", "right", "called so", "wrong, called so", "ms", "times the first"]]
    for name, words in (("own words", "What is {}?"), ("other words", "tell me about {}")):
        alone = 0.0
        for tries, asked in (("first answers", first), ("with second tries", responder)):
            begun = time.perf_counter()
            replies = [asked.reply(words.format(pair.title)) for pair in pairs]
            seconds = time.perf_counter() - begun
            alone = alone or seconds
            is_right = [
                bool(reply.text) and pair.answer.startswith((reply.text or "").strip())
                for pair, reply in zip(pairs, replies, strict=True)
            ]
            called = [reply.verified for reply in replies]
            both = sum(map(operator.and_, is_right, called))
            shares = [share(count / len(pairs)) for count in (sum(is_right), both)]
            times = [f"{1000 * seconds / len(pairs):.1f}", f"{seconds / alone:.2f}"]
            table.append([name, tries, *shares, str(sum(called) - both), *times])
    return [*table, ["wanted", "", "≥ 0.96", "all right", "0", "", "≤ 1.5"]]


def read(runs: Runs) -> Table:
    """One page learnt in place by a run that knows 500."""
    pairs = runs.leads(runs.size(KNOWN) + 1)
    done = runs.train("read-known", pairs[:-1])
    before = recall(done["out"], pairs[:200])
    folder = runs.bench.work / "read"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(done["out"], folder)
    # The run goes on with the cache that it was made of
    write_pairs(runs.bench.work / "cache-read-known" / "pairs.jsonl", pairs)
    learned = learn(folder, device="cpu")
    write_pairs(runs.bench.work / "cache-read-known" / "pairs.jsonl", pairs[:-1])
    after = recall(folder, pairs[:200])
    return [
        ["", "seconds", "the page", "200 old ones before", "after"],
        [
            "",
            f"{learned.seconds:.1f}",
            share(learned.new_recall),
            share(before.own),
            share(after.own),
        ],
        ["wanted", "≤ 20 with fetching", "1", "", f"≥ {before.own - 0.005:.3f}"],
    ]


def facts(runs: Runs) -> Table:
    """600 pages with all pairs that they gave: how much is known, by kind."""
    by_page = defaultdict[str, list[Pair]](list)
    for pair in read_pairs(runs.options.pairs):
        by_page[pair.title].append(pair)
    titles = random.Random(5).sample(sorted(by_page), min(len(by_page), runs.size(PAGES)))
    pairs = [pair for title in titles for pair in by_page[title]]
    done = runs.train("facts", pairs)
    table = [["", "pairs", "recall", "other words"]]
    for kind in ("all", *sorted({pair.kind for pair in pairs})):
        some = [pair for pair in pairs if kind in ("all", pair.kind)]
        known = recall(done["out"], some)
        table.append([kind, str(len(some)), share(known.own), share(known.other)])
    return [*table, ["wanted", "", "≥ 0.96", "≥ 0.93"]]


def main() -> None:
    """Measure, print."""
    options = parse(Options)
    benchmarks = {
        "added": added,
        "rounds": rounds,
        "changed": changed,
        "pretrained": pretrained,
        "verified": verified,
        "read": read,
        "facts": facts,
    }
    rows = benchmarks[options.what](Runs(options))
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    for number, row in enumerate(rows):
        print("| " + " | ".join(row) + " |" + ("\n" + "|---" * len(row) + "|") * (number == 0))


if __name__ == "__main__":
    run(main)
