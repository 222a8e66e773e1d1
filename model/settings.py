"""Settings in layers: the defaults, a preset, a YAML file, the command line; each later one has the
last word.
"""

import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from reprlib import repr as short
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from pipeline.files import read_bounded

Settings = TypeVar("Settings")
PRESETS = Path(__file__).parent / "presets"
SIZES = PRESETS / "sizes.yaml"
MAX_FILE = 1 << 20  # bytes


def preset_names() -> list[str]:
    """The names that `--preset` takes: the files of the presets folder, but for the table."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml") if path != SIZES)


def size_for(pairs: int, device: str) -> dict[str, Any]:
    """The line of the table of sizes for this many pairs on this type of device: settings, in
    sections.
    """
    return _first_line(load_yaml(SIZES), device, "pairs", pairs)


def size_for_text(size: int, device: str) -> dict[str, Any]:
    """As `size_for`, for a plain text of this many bytes."""
    return _first_line(load_yaml(SIZES)["text"], device, "megabytes", size / 1e6)


def _first_line(table: dict[str, Any], device: str, measure: str, amount: float) -> dict[str, Any]:
    """The settings of the first line that is for so much or more, on this type of device; one
    without lines of its own (Apple's GPUs) has a CPU's.
    """
    lines = table.get(device, table["cpu"])
    line = next(line for line in lines if amount <= line[measure])
    return {name: section for name, section in line.items() if name != measure}


def read_preset(name: str) -> dict[str, Any]:
    """The settings of a preset. Raises ValueError for a name that is none."""
    if name not in preset_names():
        raise ValueError(f"no preset is called {name!r}: there are {', '.join(preset_names())}")
    return load_yaml(PRESETS / f"{name}.yaml")


class _Loader(yaml.SafeLoader):
    """Reads plain values, lists and sections, and no aliases: some hundred bytes of them stand for
    gigabytes (https://en.wikipedia.org/wiki/Billion_laughs_attack), by merge keys, too.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("settings are written out: aliases (*name) are not taken")
        return super().compose_node(parent, index)


def _parsed(text: str) -> Any:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def load_yaml(path: Path) -> dict[str, Any]:
    """A YAML or JSON file of settings, in sections. Raises ValueError, naming the file, for one
    that holds none.
    """
    try:
        layer = _parsed(read_bounded(path, MAX_FILE).decode())
    except OSError as error:
        raise ValueError(f"the settings in {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ValueError(
            f"the settings in {path} cannot be read: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(layer, dict):
        raise ValueError(
            f"{path} holds no settings: write sections such as `model:` with `layers: 4` below"
        )
    return layer


def merge(base: Settings, layer: Mapping[str, Any], where: str = "") -> Settings:
    """base (a dataclass) with the fields that the layer names put in their place, section by
    section.

    Raises ValueError naming the field for one that does not exist or has the wrong type or range.
    """
    hints = get_type_hints(type(base))
    names = [field.name for field in fields(base)]  # type: ignore[arg-type]
    new: dict[str, Any] = {}
    for name, value in layer.items():
        place = f"{where}{name}"
        if name not in names:
            raise ValueError(f"no setting is called {place}: there are {', '.join(names)}")
        old = getattr(base, name)
        if is_dataclass(old):
            if not isinstance(value, Mapping):
                raise ValueError(f"{place} must be a section of settings, not {short(value)}")
            new[name] = merge(old, value, f"{place}.")
        else:
            new[name] = _converted(value, hints[name], place)
    try:
        return replace(base, **new)  # type: ignore[type-var]
    except ValueError as error:
        raise ValueError(f"{where}{error}") from None


def without(
    layer: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A layer without the settings of these names (such as "data.cache"), and those it had."""
    kept = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in layer.items()
    }
    left_out: dict[str, Any] = {}
    for name in names:
        section, _, field = name.rpartition(".")
        holder = kept.get(section) if section else kept
        if isinstance(holder, dict) and field in holder:
            left_out[name] = holder.pop(field)
    return kept, left_out


def taught_settings(line: Literal["taught", "pretrained"]) -> dict[str, Any]:
    """What the table of sizes has for a network that has learnt already, from such pairs or from
    anything: settings, in sections.
    """
    return dict(load_yaml(SIZES)[line])


def from_dict(kind: type[Settings], values: Mapping[str, Any], where: str = "") -> Settings:
    """A dataclass from its fields as JSON or YAML has them; those left out have their defaults.

    Raises ValueError as `merge`, and TypeError for a field without a default that is left out.
    """
    hints = get_type_hints(kind)
    new = {}
    for name, value in values.items():
        place = f"{where}{name}"
        if name not in hints:
            raise ValueError(f"no setting is called {place}: there are {', '.join(hints)}")
        if not is_dataclass(hints[name]):
            new[name] = _converted(value, hints[name], place)
        elif isinstance(value, Mapping):
            new[name] = from_dict(cast(type[Any], hints[name]), value, f"{place}.")
        else:
            raise ValueError(f"{place} must be a section of settings, not {short(value)}")
    return kind(**new)


def _converted(value: Any, hint: Any, place: str) -> Any:
    """A value as YAML has it in the type of its field."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        hint = next(a for a in arguments if a is not type(None))
        return _converted(value, hint, place)
    if origin is Literal and value in arguments:
        return value
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_converted(v, arguments[0], place) for v in value)
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)  # YAML reads 3e-4 as a string
        except (ValueError, OverflowError):
            pass
    if (
        isinstance(hint, type)
        and isinstance(value, hint)
        and not (hint is int and isinstance(value, bool))
    ):
        return value
    wanted = getattr(hint, "__name__", str(hint))
    if origin is Literal:
        wanted = " or ".join(map(repr, arguments))
    raise ValueError(f"{place} must be {wanted}, not {short(value)}")


def to_dict(settings: Any) -> Any:
    """Settings as JSON can hold them; `from_dict` reads them back."""
    if is_dataclass(settings):
        return {f.name: to_dict(getattr(settings, f.name)) for f in fields(settings)}
    if isinstance(settings, tuple):
        return [to_dict(value) for value in settings]
    return str(settings) if isinstance(settings, Path) else settings
