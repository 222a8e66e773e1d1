"""Draw a transcript as a terminal: python docs/terminal.py < docs/demo.txt > docs/demo.svg

Lines that begin with "$ " are what was typed; with "| ", what went to standard error; all others
are answers.
"""

import sys
import textwrap
from html import escape

COLUMNS, LINE, TOP, LEFT = 104, 20, 48, 20
CHARACTER = 8.4  # width of one at 14 px in the common monospace fonts
TYPED, SAID, ANSWERED = "#8be9a8", "#8a93a5", "#f2f4f8"


def draw(transcript: str) -> str:
    """The transcript as SVG, long lines wrapped."""
    rows = []
    for line in transcript.splitlines():
        colour = TYPED if line.startswith("$ ") else SAID if line.startswith("| ") else ANSWERED
        rows += [(colour, part) for part in textwrap.wrap(line.removeprefix("| "), COLUMNS) or [""]]
    width, height = round(COLUMNS * CHARACTER) + 2 * LEFT, TOP + LINE * len(rows) + LEFT // 2
    text = "\n".join(
        f'<text x="{LEFT}" y="{TOP + LINE * number + 4}" fill="{colour}"'
        f' xml:space="preserve">{escape(row)}</text>'
        for number, (colour, row) in enumerate(rows)
    )
    dots = "".join(
        f'<circle cx="{LEFT + 4 + 18 * number}" cy="18" r="5.5" fill="{colour}"/>'
        for number, colour in enumerate(("#ff6058", "#ffbd2e", "#28c940"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0'
        f' {width} {height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace"'
        f' font-size="14">\n<rect width="{width}" height="{height}" rx="9"'
        f' fill="#1b1f2a"/>\n{dots}\n{text}\n</svg>\n'
    )


if __name__ == "__main__":
    sys.stdout.write(draw(sys.stdin.read()))
