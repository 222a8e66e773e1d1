"""The public functions of the modules that read what strangers wrote, and arguments for them, made
from the types of their parameters.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Callable as AbstractCallable
from collections.abc import Iterable as AbstractIterable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from bs4 import Tag

PACKAGES = (
    "pipeline.answering",
    "pipeline.clean",
    "pipeline.dataset",
    "pipeline.questions",
    "pipeline.sources",
)
MODULES = (
    "pipeline.cli",
    "pipeline.records",
    "pipeline.export",
    "pipeline.licences",
    "pipeline.show",
    "pipeline.text_files",
)
# What opens files or connections, reads the command line or an option of it, or draws a page.
OUTSIDE = {
    "parse",
    "nameless",
    "run",
    "progress",
    "notice",
    "say",
    "wrapped",
    "terminal_width",
    "stop_signals",
    "open_archive",
    "serve",
    "build",
    "respond",
}
WORD = "Ada Lovelace"
PIECE = 40  # characters of each of many small values


class NoExample(Exception):
    """No argument can be made for a parameter of this type."""


def modules() -> Iterator[types.ModuleType]:
    """The modules, but for those whose extra is not installed."""
    for package in PACKAGES:
        path = importlib.import_module(package).__path__
        for info in pkgutil.walk_packages(path, f"{package}."):
            try:
                yield importlib.import_module(info.name)
            except ModuleNotFoundError as error:
                if (error.name or "").startswith(("pipeline", "model")):
                    raise
    for name in MODULES:
        yield importlib.import_module(name)


def public_functions() -> dict[str, Callable[..., Any]]:
    """Every public function of these modules, by its full name."""
    found = dict[str, Callable[..., Any]]()
    for module in modules():
        for name, value in vars(module).items():
            ours = inspect.isfunction(value) and value.__module__ == module.__name__
            if ours and not name.startswith("_") and name not in OUTSIDE:
                found[f"{module.__name__}.{name}"] = value
    return found


def calls_of(function: Callable[..., Any], text: str) -> Iterator[Callable[[], object]]:
    """The function, called with the text in the place of each text that it takes, one at a time;
    nothing where it takes none or where its arguments cannot be made.
    """
    try:
        hints = get_type_hints(function, localns=known_types())
    except NameError:
        return
    wanted = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
    ]
    for chosen in wanted:
        for make in (example, many_examples):
            try:
                tame = {name: example(hints[name], WORD) for name in wanted if name != chosen}
                hostile = make(hints[chosen], text)
            except (NoExample, KeyError):
                continue
            if holds_text(hints[chosen]):
                yield lambda tame=tame, chosen=chosen, hostile=hostile: consumed(
                    function(**tame, **{chosen: hostile})
                )


@cache
def known_types() -> dict[str, Any]:
    """Types that some modules import only for the type checker, by their names."""
    return {
        name: value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, type)
    }


@cache
def known_values() -> dict[type, Any]:
    """The constants of our own modules that are dataclasses, by their type."""
    return {
        type(value): value
        for module in modules()
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and not isinstance(value, type)
    }


def consumed(result: object) -> object:
    """What a function gives, to its end where it gives one thing after another."""
    return list(result) if isinstance(result, Iterator) else result


def holds_text(hint: Any) -> bool:
    """Whether a value of this type holds text of a stranger's."""
    if hint in (str, bytes, Tag):
        return True
    if dataclasses.is_dataclass(hint):
        return any(
            holds_text(inner) for inner in get_type_hints(hint, localns=known_types()).values()
        )
    return any(holds_text(inner) for inner in get_args(hint))


def example(hint: Any, text: str) -> Any:
    """A value of a type, with the text wherever it holds one."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is str:
        return text
    if hint in (bytes, Tag, int, float, bool):
        return _simple_example(hint, text)
    if isinstance(hint, type) and hint in known_values():
        return known_values()[hint]  # the rules of a language are ours, not a stranger's
    if dataclasses.is_dataclass(hint):
        return _dataclass(hint, text)
    if origin in (Literal, dict, Mapping):
        return arguments[0] if origin is Literal else {}
    if origin in (Union, types.UnionType):
        return example(next(a for a in arguments if a is not type(None)), text)
    if origin in (tuple, list, set, frozenset):
        made = [example(inner, text) for inner in arguments if inner is not Ellipsis]
        return origin(made)
    if origin in (Sequence, AbstractIterable):
        return [example(arguments[0], text)]
    if origin is AbstractCallable:
        return lambda *_: example(arguments[-1], text)
    raise NoExample(str(hint))


def _simple_example(hint: Any, text: str) -> Any:
    if hint is bytes:
        return text.encode("utf-8", "replace")
    if hint is Tag:
        return importlib.import_module("pipeline.clean.markup").parse(f"<p>{text}</p>")
    return hint(1)


def many_examples(hint: Any, text: str) -> Any:
    """As `example`, a collection with many small values in the place of one large one."""
    origin, arguments = get_origin(hint), get_args(hint)
    collections = (tuple, list, set, frozenset, Sequence, AbstractIterable)
    if origin not in collections or len([a for a in arguments if a is not Ellipsis]) != 1:
        raise NoExample(str(hint))
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    values = [example(arguments[0], piece) for piece in pieces]
    return values if origin in (Sequence, AbstractIterable) else origin(values)


def _dataclass(hint: Any, text: str) -> Any:
    hints = get_type_hints(hint, localns=known_types())
    values = {}
    for field in dataclasses.fields(hint):
        optional = field.default is not dataclasses.MISSING
        optional |= field.default_factory is not dataclasses.MISSING
        if optional and not holds_text(hints[field.name]):
            continue
        try:
            values[field.name] = example(hints[field.name], text)
        except NoExample:
            if not optional:
                raise
    return hint(**values)
