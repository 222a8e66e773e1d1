"""A trial, what came of it, and the table of all."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

AREAS = {
    "network": "Network",
    "process": "Processes killed",
    "disk": "Disk and files",
    "input": "Input",
}


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one trial saw. `lost` says in words whatever is not as promised: each entry is a fault
    of ours.
    """

    tried: int = 0
    """Times that the fault was put in the way."""
    commands: int = 0
    """Commands that met it."""
    succeeded: int = 0
    """Commands that ended with status 0."""
    told: int = 0
    """Commands that ended in one line and the right status."""
    kills: int = 0
    faulty: int = 0
    """Requests that got a faulty answer, or none."""
    lost: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        for name in ("tried", "commands", "succeeded", "told", "kills", "faulty"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lost += other.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Something that may happen; `run` makes it happen in an empty folder, by the numbers of a
    generator.
    """

    area: str
    fault: str
    run: Callable[[Path, random.Random], Outcome]
    soak: int = 1
    """How often it is done in a soak."""
    quick: bool = False
    """Whether it is done once in every test run, too."""
    needs: str = ""
    """A package that it cannot be tried without."""

    @property
    def name(self) -> str:
        return f"{self.area}: {self.fault}"

    def possible(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None


class Ledger:
    """The outcomes of all trials, by area and fault."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Outcome] = {}

    def add(self, trial: Trial, outcome: Outcome) -> None:
        self.rows.setdefault((trial.area, trial.fault), Outcome()).add(outcome)

    def total(self, areas: Iterable[str] = AREAS) -> Outcome:
        whole = Outcome()
        for (area, _), outcome in self.rows.items():
            if area in areas:
                whole.add(outcome)
        return whole

    def table(self, area: str) -> str:
        """The rows of an area in Markdown."""
        measured = {"network": ("faulty requests", "faulty"), "process": ("kills", "kills")}.get(
            area, ("tried", "tried")
        )
        lines = [
            (
                f"| {AREAS[area]} | {measured[0]} | commands | of these done | told in one line |"
                " lost |"
            ),
            "|---|---:|---:|---:|---:|---|",
        ]
        for (of, fault), row in sorted(self.rows.items()):
            if of == area:
                figures = " | ".join(
                    f"{figure:,}"
                    for figure in (getattr(row, measured[1]), row.commands, row.succeeded, row.told)
                )
                lines.append(
                    f"| {fault} | {figures} | {f'**{len(row.lost)}**' if row.lost else 'nothing'} |"
                )
        return "\n".join(lines)

    def dump(self) -> str:
        return json.dumps(
            [[*key, asdict(row)] for key, row in self.rows.items()], ensure_ascii=False, indent=1
        )
