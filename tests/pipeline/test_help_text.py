"""Help names every option, what it takes and means, and its default; the common ones first."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pipeline.help_text import help_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    rate: float = 0.1
    """How fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """A command that wants to be told something."""

    out: Path
    """Where to."""
    part: Part = field(default_factory=Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A command."""

    out: Path | None = None
    """Where to."""
    kind: Literal["a", "b"] = "a"
    """Which."""
    files: tuple[Path, ...] = ()
    """What from, and so many words that one line does not hold them all, however wide a person has
    made it.
    """
    loud: bool = False
    part: Part = field(default_factory=Part)


COMMON = {"where": ("out",), "what": ("files",)}


def test_few_options_are_shown_first_and_all_where_asked_for() -> None:
    few = help_text(Whole(), "whole.py", COMMON, everything=False)
    every = help_text(Whole(), "whole.py", COMMON, everything=True)
    assert "--out PATH" in few and "--files PATH…" in few and "--help-all" in few
    assert "--rate" not in few and "--rate FLOAT" in every and "--loud" in every
    assert few.index("where:") < few.index("what:") and every.count("--out") == 1


def test_defaults_are_shown_where_something_is_set() -> None:
    text = help_text(Whole(kind="b"), "whole.py", {}, everything=True)
    assert "Which. (default: b)" in text and "(default: 0.1)" in text
    assert "None" not in text and "False" not in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_what_must_be_given_is_said_without_an_instance() -> None:
    text = help_text(Strict, "strict.py", {"where": ("out",)}, everything=True)
    assert "Where to. (required)" in text and "(default: 0.1)" in text
    assert "Where to. (required)" in help_text(Strict, "strict.py", {}, everything=False)


def test_a_second_level_is_named_only_where_there_is_one() -> None:
    assert "--help-all" not in help_text(Strict, "strict.py", {}, everything=False)
    assert "--help-all" in help_text(Strict, "strict.py", {"where": ("out",)}, everything=False)
    both = {"where": ("out",), "how": ("rate",)}
    assert "--help-all" not in help_text(Strict, "strict.py", both, everything=False)
