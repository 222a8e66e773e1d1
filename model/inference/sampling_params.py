"""The settings of sampling (temperature, top-k, …), by which sampling.py chooses; free of torch, so
that a wrong one is refused before torch is loaded.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingParams:
    """The filters apply in the order of the fields, as in other tools; the defaults choose the
    likeliest token.
    """

    repetition_penalty: float = 1.0
    """Makes tokens that are already in the context less likely (above 1); 1 leaves them as they
    are.
    """
    temperature: float = 0.0
    """0 takes the likeliest token; up to 1 and above the choice is freer."""
    top_k: int = 0
    """Choose among this many of the likeliest tokens; 0 for all."""
    top_p: float = 1.0
    """Choose among the fewest tokens whose probabilities sum to this."""
    min_p: float = 0.0
    """Choose among tokens at least this share as likely as the likeliest."""
    seed: int = 0
    """The same seed gives the same answer."""

    def __post_init__(self) -> None:
        ranges = (
            ("repetition_penalty", 0.01 <= self.repetition_penalty <= 100, "0.01 to 100"),
            ("temperature", 0 <= self.temperature <= 100, "0 to 100"),
            ("top_k", self.top_k >= 0, "0 or more"),
            ("top_p", 0 < self.top_p <= 1, "above 0 and at most 1"),
            ("min_p", 0 <= self.min_p <= 1, "0 to 1"),
            ("seed", 0 <= self.seed < 1 << 63, "0 or more"),
        )
        for name, right, wanted in ranges:
            value = getattr(self, name)
            if not right or not math.isfinite(value):
                raise ValueError(f"--{name.replace('_', '-')} must be {wanted}, not {value}")


GREEDY = SamplingParams()
