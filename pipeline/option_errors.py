"""What is said of a command line that does not parse: in one line, with what was probably meant."""

import difflib
import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import dropwhile, pairwise, takewhile
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

HELP = "--help lists the options"
ALIKE = 0.7  # of difflib's ratio, from which a word is taken for a misspelling of another
LONGER = 3  # times as long a word may be as the one that it begins with, as in --num for --n
INVALID_CHOICE = re.compile(r"invalid choice '(.*)' for argument '(--[\w-]+)'")
UNREADABLE_VALUE = re.compile(r"Error parsing (--[\w-]+): .*'(.*)'\]?$")
REFUSED_VALUE = re.compile(r"Error parsing [\w.-]+: (.*)")
NUMBERS = {int: "a whole number", float: "a number"}
MISSING_VALUE = re.compile(r"Missing value for argument '(--[\w-]+)")
MISSING_OPTION = re.compile(
    r"Missing from .*?: (--[\w-]+) (\[.*\]|\S+) (.*?)\.?(?: \(required\))?$"
)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about a misspelt word: ": did you mean …?", or nothing."""
    # Compared without their hyphens in front, which all flags share.
    bare = {name.lstrip("-"): name for name in known}
    wanted = word.lstrip("-").replace("_", "-").lower()
    if not wanted:
        return ""
    alike = difflib.get_close_matches(wanted, bare, n=1, cutoff=ALIKE)
    longer = [name for name in bare if name.startswith(wanted) and len(wanted) > 2]
    shorter = [n for n in bare if n and wanted.startswith(n) and len(n) * LONGER >= len(wanted)]
    best = wanted if wanted in bare else (alike or longer or shorter or [""])[0]
    return f": did you mean {bare[best]}?" if best else ""


def sentence(text: str) -> str:
    """A message with where to look further."""
    return f"{text}{' ' if text.endswith('?') else '; '}{HELP}"


def unknown_words(
    options: Any, words: Sequence[str], common: Mapping[str, Sequence[str]] | None
) -> str:
    """What is said of words that belong to no option, of which the first is told."""
    flag = next((word for word in words if word.startswith("-") and len(word) > 1), None)
    if flag:
        name = flag.partition("=")[0]
        return sentence(f"no option is called {name}{did_you_mean(name, flags_of(options))}")
    word = words[0]
    return sentence(f"{word!r} belongs to no option{missing_flag(options, word, common)}")


def surplus_words(word: str) -> str:
    """What is said of a word after a text that needs no flag."""
    return sentence(f"{word!r} belongs to no option: what has spaces in it wants quotation marks")


def missing_flag(options: Any, word: str, common: Mapping[str, Sequence[str]] | None) -> str:
    """The flag that was probably forgotten before a word, as the end of a message; nothing where
    none fits.
    """
    hints = dict(_typed_fields(options))
    names = [name for group in (common or {}).values() for name in group if name in hints]
    names += [name for name in hints if name not in names]
    if not word.strip("-"):
        return ""
    if word.lower().replace("-", "_") in names:
        return f": did you mean {flag_of(word.lower())}?"
    for name in names:  # a value of an option that has few
        if word in choices_of(hints[name]):
            return f": did you mean {flag_of(name)} {word}?"
    wanted = _kind_of(word)
    fitting = [name for name in names if _takes(hints[name], wanted)]
    if "://" in word and "site" in names:
        fitting = ["site"]
    return f": did you mean {flag_of(fitting[0])} {word}?" if fitting else ""


def _kind_of(word: str) -> type:
    """What a word probably is: a number, a path that is there, or a text."""
    if word.isdecimal():
        return int
    return Path if "/" in word or Path(word).exists() else str


def _takes(hint: Any, kind: type) -> bool:
    return kind in (hint, *get_args(hint))


def parser_message(text: str, options: Any, argv: Sequence[str]) -> str:
    """What is said instead of a message of the parser."""
    if choice := INVALID_CHOICE.match(text):
        return sentence(_invalid_choice(choice[1], choice[2], options))
    if value := UNREADABLE_VALUE.match(text):
        return sentence(_unreadable_value(value[1], value[2], options))
    if valueless := MISSING_VALUE.match(text):
        return sentence(f"{valueless[1]} wants a value")
    if missing := MISSING_OPTION.match(text):
        flags = [word.partition("=")[0] for word in argv if word.startswith("--")]
        if unknown := [flag for flag in flags if flag not in flags_of(options)]:
            return unknown_words(options, unknown, None)
        flag, wanted, explanation = missing.groups()
        return sentence(_missing_option(flag, wanted, explanation, argv))
    if refused := REFUSED_VALUE.match(text):
        name, _, rest = refused[1].partition(" ")
        is_field = flag_of(name) in flags_of(options)
        return sentence(f"{flag_of(name) if is_field else name} {rest}")
    return sentence(text)


def valueless_list(options: Any, argv: Sequence[str]) -> str:
    """The first flag that takes several values and has none, which the parser lets pass; "" where
    all have some.
    """
    lists = {
        flag_of(name)
        for name, hint in _typed_fields(options)
        if tuple in [get_origin(kind) for kind in (hint, *get_args(hint))]  # or None
    }
    for word, following in pairwise((*argv, "--")):
        if word in lists and following.startswith("--"):
            return word
    return ""


def _missing_option(flag: str, value: str, explanation: str, argv: Sequence[str]) -> str:
    """What is said of an option that must be given; a word without a flag is probably its value."""
    if argv and not any(word.startswith("-") for word in argv):
        return f"{flag} is missing: did you mean {flag} {argv[0]}?"
    return f"{flag} {value} is missing: {explanation[:1].lower()}{explanation[1:]}"


def _unreadable_value(flag: str, word: str, options: Any) -> str:
    """What is said of a value that is of another type than the option's."""
    hint = dict(_typed_fields(options)).get(flag.removeprefix("--").replace("-", "_"))
    wanted = next((text for kind, text in NUMBERS.items() if _takes(hint, kind)), "another value")
    return f"{flag} {word}: {wanted} is wanted"


def _invalid_choice(word: str, flag: str, options: Any) -> str:
    """What is said of a value that is none of an option's few."""
    hints = dict(_typed_fields(options))
    name = flag.removeprefix("--").replace("-", "_")
    choices = sorted(choices_of(hints.get(name)))
    return f"{flag} {word}: choose from {', '.join(choices)}{did_you_mean(word, choices)}"


def choices_of(hint: Any) -> list[str]:
    """The values that an option of this type takes, where they are few and named."""
    if get_origin(hint) is Literal:
        return [str(value) for value in get_args(hint)]
    if get_origin(hint) in (Union, types.UnionType, tuple):
        return [value for inner in get_args(hint) for value in choices_of(inner)]
    return []


def flag_of(name: str) -> str:
    return "--" + name.replace("_", "-")


def flags_of(options: Any) -> list[str]:
    """The flags of a dataclass of options, and of those within it."""
    return [flag_of(name) for name, _ in _typed_fields(options)]


def _typed_fields(options: Any) -> Iterator[tuple[str, Any]]:
    """Every field that is a flag with its type, of the class and of the dataclasses within."""
    kind = options if isinstance(options, type) else type(options)
    hints = get_type_hints(kind)
    for field in fields(kind):
        hint = hints[field.name]
        if is_dataclass(hint):
            yield from _typed_fields(hint)
        else:
            yield field.name, hint


def message_in(box: str) -> str:
    """The message out of the box that the parser draws: what is above its first rule. Where the
    terminal has no lines, hyphens draw it.
    """
    inside = (line.strip("│ ") for line in re.sub(r"\x1b\[[0-9;]*m", "", box).splitlines()[1:])
    message = takewhile(
        lambda line: set(line) - set("─-╰╯"), dropwhile(lambda line: set(line) <= set("-"), inside)
    )
    return " ".join(message).rstrip(".") or "the options could not be read"
