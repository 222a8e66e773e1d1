"""The text of --help, from the dataclass of a command's options: first the few flags that most
people want, in named groups; all of them with --help-all.
"""

import ast
import inspect
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

INDENT, WIDTH = 25, 96  # columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One flag, as a person is told of it."""

    name: str
    values: str
    """What follows the flag: PATH, INT, {a,b}; empty for a switch."""
    explanation: str
    note: str
    """What it is when left out, or that it must be given; empty where nothing is set."""

    def text(self) -> str:
        """The flag and what it means, in two columns."""
        head = f"  {self.name} {self.values}".rstrip()
        body = self.explanation + (f" ({self.note})" if self.note else "")
        lines = textwrap.wrap(body, WIDTH - INDENT) or [""]
        if len(head) < INDENT - 1:
            return "\n".join([f"{head:<{INDENT}}{lines[0]}", *_indented(lines[1:])])
        return "\n".join([head, *_indented(lines)])


def help_text(
    options: Any, prog: str | None, common: Mapping[str, Sequence[str]], *, everything: bool
) -> str:
    """The help of a command whose options these are: a dataclass, or one filled with other
    defaults. `common` names the groups of the flags that most people want; all where it is empty.
    """
    known = {name: option for _, name, option in options_in(options, "other options")}
    groups = {title: list(names) for title, names in common.items()}
    shown = {name for names in common.values() for name in names}
    if everything or not common:
        for title, name, _ in options_in(options, "other options" if common else "options"):
            if name not in shown:
                groups.setdefault(title, []).append(name)
        shown = set(known)
    parts = [f"usage: {prog or Path(sys.argv[0]).name} [options]", inspect.getdoc(options) or ""]
    for title, names in groups.items():
        parts.append("\n".join([f"{title}:", *(known[name].text() for name in names)]))
    if shown != set(known):
        parts.append("--help-all shows every option.")
    return "\n\n".join(parts)


def options_in(options: Any, group: str) -> Iterator[tuple[str, str, Option]]:
    """Every field of a dataclass, and of those within it: its group, its name, and its flag. A
    dataclass within is a group of its own, under the name of its field.
    """
    kind = options if isinstance(options, type) else type(options)
    hints, explained = get_type_hints(kind), explanations(kind)
    for field in fields(options):
        value = default_of(field) if options is kind else getattr(options, field.name)
        if is_dataclass(value) and not isinstance(value, type):
            yield from options_in(value, field.name)
            continue
        yield (
            group,
            field.name,
            Option(
                name="--" + field.name.replace("_", "-"),
                values=values_of(hints[field.name]),
                explanation=explained.get(field.name, ""),
                note=note_of(value),
            ),
        )


def values_of(hint: Any) -> str:
    """What a flag of this type takes."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return values_of(next(a for a in arguments if a is not type(None)))
    if origin is Literal:
        return "{" + ",".join(map(str, arguments)) + "}"
    if origin is tuple:
        return f"{values_of(arguments[0])}…"
    if hint is bool:
        return ""
    return "TEXT" if hint is str else str(getattr(hint, "__name__", hint)).upper()


def default_of(field: Field[Any]) -> Any:
    """What a field of a dataclass begins with; MISSING where it must be given."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def note_of(default: Any) -> str:
    """A default, as it would be typed; nothing for what is not set."""
    if default is MISSING:
        return "required"
    if default is None or default is False or default in ((), ""):
        return ""
    if default is True:
        return "default: on"
    typed = " ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"default: {typed}"


def explanations(options: type) -> dict[str, str]:
    """The docstring below each field of a dataclass and of what it inherits from."""
    explained: dict[str, str] = {}
    for base in reversed([base for base in options.__mro__ if is_dataclass(base)]):
        tree = ast.parse(textwrap.dedent(inspect.getsource(base)))
        body = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)).body
        for statement, below in pairwise(body):
            match statement, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    explained[name] = " ".join(text.split())
    return explained


def _indented(lines: Sequence[str]) -> list[str]:
    return [" " * INDENT + line for line in lines]
