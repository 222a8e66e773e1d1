"""The settings of train.py: what they are, and in which layers they come together.

From the lowest layer to the one that has the last word: the table of sizes for the corpus and the
device (presets/sizes.yaml), a preset, the settings of the run that is resumed, files of settings,
flags. The sections `data` and `dataloader` belong to pipeline/tokens, the others to config.py.
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from model import checkpoint
from model.config import GPTConfig, OptimConfig, TrainerConfig
from model.device import pick_device
from model.pretrained import is_transformers_folder, read_config
from model.run_folder import has_checkpoint
from model.settings import (
    from_dict,
    load_yaml,
    merge,
    preset_names,
    read_preset,
    size_for,
    size_for_text,
    taught_settings,
    to_dict,
    without,
)
from pipeline import cli
from pipeline.dataset.pairs_file import count_pairs
from pipeline.errors import BadInput
from pipeline.sources.background_fetch import nameless
from pipeline.sources.plain_text import TEXT_FILE
from pipeline.tokens.corpus import DataConfig, LoaderConfig
from pipeline.tokens.tokenizer import NAMED

PRESET_NAMES = tuple(preset_names())
TAUGHT_BATCHES = 1.5  # times the usual tokens of a step, where what is known is not to be lost

# What reaches beyond the run, to the network or to files, is for the command line alone to say:
# runs and files of settings are passed on, and must not act for their author.
NETWORK = ("data.fetch_more", "data.fetch_options", "trainer.watch", "trainer.track")
FILES = ("data.cache", "data.text", "data.val_text", "trainer.out", "init_from", "config")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Train a GPT from scratch on question/answer pairs, or on plain text.

    The defaults shown fit the corpus and the device that the other options name.
    """

    resume: bool = False
    """Go on where the run in --out (or the newest) stopped."""
    init_from: Path | None = None
    """Begin with the weights and the tokenizer of this run, and learn what the cache has that it
    does not know yet; the rest is rehearsed by its ledger. Or of a folder of transformers, shaped
    as Qwen3, Llama or GPT-2.
    """
    evaluate: bool = False
    """Train nothing: measure the run in --out (or the newest) on the pairs of its cache that it was
    trained on, in their own words and in others.
    """
    preset: Literal[PRESET_NAMES] | None = None  # type: ignore[valid-type]
    """Settings of a known small model."""
    config: tuple[Path, ...] = ()
    """YAML files of settings (sections data, model, dataloader, optim, trainer), or a run's
    config.json; flags go before them.
    """
    data: DataConfig = field(default_factory=DataConfig)
    model: GPTConfig
    dataloader: LoaderConfig
    optim: OptimConfig = field(default_factory=OptimConfig)
    trainer: TrainerConfig


# What --help shows; --help-all shows every option.
COMMON_OPTIONS = {
    "what it learns": ("cache", "text", "held_out"),
    "the run": ("out", "resume", "init_from", "evaluate", "config"),
    "the network": ("preset", "layers", "width", "vocab_size"),
    "the training": ("epochs", "batch_tokens", "seed", "device"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyOptions:
    """What the defaults depend on: read before the rest of the command line."""

    resume: bool = False
    init_from: Path | None = None
    evaluate: bool = False
    preset: Literal[PRESET_NAMES] | None = None  # type: ignore[valid-type]
    config: tuple[Path, ...] = ()
    cache: Path = Path("cache")
    text: tuple[Path, ...] = ()
    out: Path | None = None
    device: str = "auto"


def default_config(pairs: int = 500, device: str = "cpu") -> TrainConfig:
    """The settings for this many pairs on a type of device, from the table of sizes."""
    return from_dict(TrainConfig, size_for(pairs, device))


def default_for_text(text: tuple[Path, ...], device: str) -> TrainConfig:
    """The settings for files of plain text; those that are missing are found out later."""
    size = sum(path.stat().st_size for path in text if path.exists())
    config = from_dict(TrainConfig, size_for_text(size, device))
    return replace(config, data=replace(config.data, text=text))


def read_options(argv: list[str]) -> TrainConfig:
    """The settings asked for. Each layer has the last word over the one before: the table of sizes,
    a preset, the settings of the run that is resumed, files, flags. Raises BadInput.
    """
    asked = [word for word in argv if word not in ("-h", "--help", "--help-all")]
    early = cli.parse(EarlyOptions, asked, known_only=True)
    try:
        config = layered_config(early)
    except ValueError as error:
        raise BadInput(str(error)) from None
    return cli.parse(TrainConfig, argv, default=config, prog="train.py", common=COMMON_OPTIONS)


def layered_config(early: EarlyOptions) -> TrainConfig:
    """All layers of settings but the flags."""
    device = pick_device(early.device).type
    text = early.text
    pairs = early.cache / "pairs.jsonl"
    fetched = early.cache / TEXT_FILE
    if not text and fetched.exists() and not pairs.exists():
        text = (fetched,)  # as pipeline.fetch --source text leaves it
    if text:
        config = default_for_text(text, device)
    else:
        config = default_config(count_pairs(pairs, otherwise=500), device)
    if early.preset:
        config = merge(config, read_preset(early.preset))
    if early.init_from:
        config = merge(config, {"model": network_of(early.init_from)})
        is_pretrained = is_transformers_folder(early.init_from)
        config = merge(config, taught_settings("pretrained" if is_pretrained else "taught"))
        tokens = round(config.dataloader.batch_tokens * (1 if is_pretrained else TAUGHT_BATCHES))
        config = merge(config, {"dataloader": {"batch_tokens": tokens}})
    restarted = was_restarted() and early.out and (early.out / "config.json").exists()
    if early.resume or early.evaluate or restarted:
        out = early.out or checkpoint.newest_run(flag="--out")
        # The files that a checkpoint names must hold what it was made of (`restore` compares them).
        settings = checkpoint.run_settings(out)
        reaching = NETWORK if has_checkpoint(out) else NETWORK + files_in(settings)
        config = merge_foreign(config, settings, reaching, source=out)
        config = replace(
            config,
            resume=not early.evaluate,
            init_from=None,
            trainer=replace(config.trainer, out=out),
        )
    for path in early.config:
        settings = load_yaml(path)
        config = merge_foreign(config, settings, NETWORK + files_in(settings), source=path)
    return config


def network_of(teacher: Path) -> dict[str, Any]:
    """The settings of the network that a run, or a folder of transformers, begins with."""
    if is_transformers_folder(teacher):
        return cast(dict[str, Any], to_dict(read_config(teacher)))
    return cast(dict[str, Any], to_dict(checkpoint.model_config(teacher)))


def files_in(settings: dict[str, Any]) -> tuple[str, ...]:
    """The names of the settings that reach for files; the tokenizer is one of them where its files
    would be downloaded.
    """
    data = settings.get("data")
    tokenizer = data.get("tokenizer") if isinstance(data, dict) else None
    is_downloaded = isinstance(tokenizer, str) and tokenizer in NAMED
    return (*FILES, "data.tokenizer") if is_downloaded else FILES


def merge_foreign(
    config: TrainConfig, layer: dict[str, Any], reaching: tuple[str, ...], *, source: Path
) -> TrainConfig:
    """The settings with a layer that others may have written, but for those that reach beyond the
    run; what is left out is said. Raises ValueError as `merge`.
    """
    merged = merge(config, layer)  # what is left out must be well-formed, too
    kept, left_out = without(layer, reaching)
    config = merge(config, kept)
    before, after = to_dict(config), to_dict(merged)
    changed = [name for name in left_out if value_at(before, name) != value_at(after, name)]
    if changed:
        flags = ", ".join("--" + name.rpartition(".")[2].replace("_", "-") for name in changed)
        cli.notice(f"{source} names {flags}: left out, give it on the command line if you want it")
    return config


def value_at(settings: dict[str, Any], name: str) -> Any:
    """The value of a setting in a dictionary of sections, by its name ("data.cache")."""
    section, _, field_name = name.rpartition(".")
    return (settings[section] if section else settings)[field_name]


def was_restarted() -> bool:
    """Whether torchrun has started this process again after one was lost."""
    return os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"


def settings_to_keep(config: TrainConfig) -> dict[str, Any]:
    """The settings as a run notes them. What says where from, where to and who asks is left out, so
    that they can be passed on.
    """
    kept = replace(
        config,
        resume=False,
        init_from=None,
        evaluate=False,
        preset=None,
        config=(),
        trainer=replace(config.trainer, out=None),
        data=replace(config.data, fetch_options=nameless(config.data.fetch_options)),
    )
    return cast(dict[str, Any], to_dict(kept))
