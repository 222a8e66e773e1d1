"""What every command's --help promises: its options in named groups, each once, the important
ones first, and nothing of Python in it.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.help_text import help_text, options_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: the module that holds its options' class, and that class's name."""

    module: str
    options: str

    def load(self) -> tuple[Any, dict[str, tuple[str, ...]]]:
        module = importlib.import_module(self.module)
        default = getattr(module, "default_config", None)  # train.py's depend on the corpus
        options = default() if default else getattr(module, self.options)
        return options, module.COMMON_OPTIONS


COMMANDS = {
    "pipeline.fetch": Command(module="pipeline.fetch_options", options="FetchOptions"),
    "pipeline.show": Command(module="pipeline.show", options="ShowOptions"),
    "pipeline.export": Command(module="pipeline.export", options="DatasetOptions"),
    "pipeline.cluster": Command(module="pipeline.cluster", options="ClusterOptions"),
    "model.export": Command(module="model.export.__main__", options="ExportOptions"),
    "train.py": Command(module="model.train_config", options="TrainConfig"),
    "generate.py": Command(module="generate", options="AskOptions"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_short_grouped_and_in_plain_words(name: str) -> None:
    options, common = COMMANDS[name].load()
    text = help_text(options, name, common, everything=False)
    assert len(common) >= 2 and all(f"\n{title}:\n" in text for title in common)
    assert len(text.splitlines()) <= 50 and all(len(line) <= 100 for line in text.splitlines())
    assert not any(word in text for word in ("None", "PosixPath", "tuple", "(default: )"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_second_level_has_every_option_once_and_explained(name: str) -> None:
    options, common = COMMANDS[name].load()
    flags = [option for _, _, option in options_in(options, "")]
    lines = help_text(options, name, common, everything=True).splitlines()
    for option in flags:
        shown = [line for line in lines if line.split()[:1] == [option.name]]
        assert len(shown) == 1 and option.explanation, option.name
