"""docs/reliability.md, each part rewritten by what measures it."""

import re
from pathlib import Path

REPORT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"


def put(part: str, text: str) -> None:
    """Put text in the place of what stands between the part's marks."""
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    whole = REPORT.read_text(encoding="utf-8")
    if begin not in whole:
        raise ValueError(f"{REPORT} has no part called {part}")
    REPORT.write_text(
        re.sub(
            f"{begin}.*?{end}", lambda _: f"{begin}\n{text.strip()}\n{end}", whole, flags=re.DOTALL
        ),
        encoding="utf-8",
    )
