"""Draw a transcript as a moving terminal: python docs/terminal.py < docs/demo.txt > docs/demo.svg

It is a window of some lines, which scrolls as a terminal does. Lines that begin with "$ " or "> "
are typed; with "| ", what went to standard error; "~ 2" waits two seconds; all others are answers.
The picture moves by CSS alone, so that it does in a README, and stands still, at its end, for
readers who want no motion.
"""

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

COLUMNS, LINE, TOP, LEFT = 92, 20, 48, 20
CHARACTER = 8.4  # width of one at 14 px in the common monospace fonts
GROUND, TYPED, SAID, ANSWERED = "#1b1f2a", "#8be9a8", "#8a93a5", "#f2f4f8"
SHOWN = 25  # lines of the window
KEY = 0.035  # seconds a key
ROW = 0.12  # seconds between two printed lines
THINK = 0.5  # seconds between what was typed and the first line of what comes of it
END = 7.0  # seconds that the whole stands still, before it begins again


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the terminal, and when it appears."""

    text: str
    colour: str
    start: float
    """Seconds from the beginning."""
    typing: float
    """Seconds in which it is typed; 0 for what is printed at once."""


def rows_of(transcript: str) -> tuple[list[Row], float]:
    """The lines of a transcript, long ones wrapped, and how long it all takes."""
    rows, now = list[Row](), 0.0
    for line in transcript.splitlines():
        if line.startswith("~ "):
            now += float(line[2:])
            continue
        typed = line.startswith(("$ ", "> "))
        colour = TYPED if typed else SAID if line.startswith("| ") else ANSWERED
        text = line.removeprefix("| ")
        indent = text[: len(text) - len(text.lstrip())]
        parts = textwrap.wrap(text, COLUMNS, subsequent_indent=indent, break_long_words=False)
        for part in parts or [""]:
            typing = KEY * len(part) if typed else 0.0
            rows.append(Row(text=part, colour=colour, start=now, typing=typing))
            now += typing + (THINK if typed else ROW)
    return rows, now + END


def draw(transcript: str) -> str:
    """The transcript as SVG."""
    rows, total = rows_of(transcript)
    width, height = round(COLUMNS * CHARACTER) + 2 * LEFT, TOP + LINE * SHOWN + LEFT // 2
    dots = "".join(
        f'<circle cx="{LEFT + 4 + 18 * number}" cy="18" r="5.5" fill="{colour}"/>'
        for number, colour in enumerate(("#ff6058", "#ffbd2e", "#28c940"))
    )
    rules = "\n".join(rule_of(row, number, total, width) for number, row in enumerate(rows))
    rules += f"\n{scrolling(rows, total)}"
    lines = "\n".join(line_of(row, number, width) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0'
        f' {width} {height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"'
        f' font-size="14">\n<style>\n{rules}\n'
        "@media (prefers-reduced-motion: reduce) { * { animation: none !important } }\n"
        f'</style>\n<rect width="{width}" height="{height}" rx="9" fill="{GROUND}"/>\n'
        f'{dots}\n<clipPath id="window"><rect y="{TOP - 11}" width="{width}"'
        f' height="{LINE * SHOWN + 4}"/></clipPath>\n'
        f'<g clip-path="url(#window)"><g class="scroll">\n{lines}\n</g></g>\n</svg>\n'
    )


def scrolling(rows: Sequence[Row], total: float) -> str:
    """How the lines move up, each time one more appears than the window has."""
    moves = [
        f"{100 * row.start / total:.2f}% {{ transform: translateY({-LINE * beyond}px) }}"
        for beyond, row in enumerate(rows[SHOWN:], 1)
    ]
    end = f"transform: translateY({-LINE * max(0, len(rows) - SHOWN)}px)"
    return (
        f"@keyframes scroll {{ 0% {{ transform: none }} {' '.join(moves)} 100% {{ {end} }} }}"
        f" .scroll {{ {end}; animation: scroll {total:.1f}s step-end infinite }}"
    )


def rule_of(row: Row, number: int, total: float, width: int) -> str:
    """How a line appears, and how the cover over a typed one is drawn aside, key by key."""
    start, end = (100 * seconds / total for seconds in (row.start, row.start + row.typing))
    rules = (
        f"@keyframes r{number} {{ 0% {{ opacity: 0 }} {start:.2f}%, 100% {{ opacity: 1 }} }}"
        f" .r{number} {{ animation: r{number} {total:.1f}s step-end infinite }}"
    )
    if row.typing:
        away = f"transform: translateX({width}px)"
        reach = f"transform: translateX({len(row.text) * CHARACTER:.0f}px)"
        rules += (
            f" @keyframes c{number} {{ 0%, {start:.2f}% {{ transform: none;"
            f" animation-timing-function: steps({len(row.text)}) }}"
            f" {end:.2f}% {{ {reach} }} {end + 0.01:.2f}%, 100% {{ {away} }} }}"
            f" .c{number} {{ {away}; animation: c{number} {total:.1f}s linear infinite }}"
        )
    return rules


def line_of(row: Row, number: int, width: int) -> str:
    y = TOP + LINE * number + 4
    line = (
        f'<text class="r{number}" x="{LEFT}" y="{y}" fill="{row.colour}"'
        f' xml:space="preserve">{escape(row.text)}</text>'
    )
    if row.typing:
        line += (
            f'<rect class="c{number}" x="{LEFT}" y="{y - 15}" width="{width}" height="{LINE}"'
            f' fill="{GROUND}"/>'
        )
    return line


if __name__ == "__main__":
    sys.stdout.write(draw(sys.stdin.read()))
