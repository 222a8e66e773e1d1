"""How a codebase reads, in figures: ours beside others, or ours before and after a change.

    python -m benchmarks.style .                                   # this checkout
    python -m benchmarks.style . nanoGPT=DIR nanochat=DIR [...]    # beside checkouts of others

Figures cannot say whether code is good. They show what a reader stumbles over first: long lines,
lines without a word of why, expressions that decide while they compute, functions that do not fit
a screen, folders without an order. Tests and benchmarks are left out on every side.
"""

import ast
import io
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEFT_OUT = {"tests", "test", "benchmarks", "docs", "dev", "build", ".venv", "runs", "cache"}
LAYOUT_TOKENS = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The measures of one codebase."""

    name: str
    lines: int
    tokens: int
    """Of Python's tokenizer, without comments and layout: a size that no formatting changes."""
    over_100: float
    """Share of lines longer than 100 columns."""
    over_120: float
    """Share of lines longer than 120 columns."""
    comments: float
    """Share of lines with a comment."""
    docstrings: float
    """Share of lines that belong to a docstring, those below fields among them."""
    conditionals: float
    """Conditional expressions (`a if b else c`) in a thousand lines."""
    longest_function: int
    """Lines of the longest function."""
    files_in_fullest_folder: int
    """Python files side by side in the fullest folder."""


def source_files(root: Path) -> Iterator[Path]:
    """The Python files of a checkout that are its product."""
    for path in sorted(root.rglob("*.py")):
        folders = path.relative_to(root).parts[:-1]
        if not LEFT_OUT & set(folders) and not any(part.startswith(".") for part in folders):
            yield path


def measure(name: str, root: Path) -> Style:
    """The measures of the checkout at `root`. Raises SystemExit where it holds no Python."""
    lines, tokens, comment_lines, docstring_lines, conditionals, longest = [], 0, 0, 0, 0, 0
    folders: Counter[Path] = Counter()
    for path in source_files(root):
        text = path.read_text(encoding="utf-8")
        lines += text.splitlines()
        folders[path.parent] += 1
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            comment_lines += token.type == tokenize.COMMENT
            tokens += token.type not in LAYOUT_TOKENS
        for node in ast.walk(ast.parse(text)):
            conditionals += isinstance(node, ast.IfExp)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                docstring_lines += (node.end_lineno or node.lineno) - node.lineno + 1
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                longest = max(longest, (node.end_lineno or node.lineno) - node.lineno + 1)
    if not lines:
        raise SystemExit(f"{root} holds no Python files: name a checkout")
    count = len(lines)
    return Style(
        name=name,
        lines=count,
        tokens=tokens,
        over_100=sum(len(line) > 100 for line in lines) / count,
        over_120=sum(len(line) > 120 for line in lines) / count,
        comments=comment_lines / count,
        docstrings=docstring_lines / count,
        conditionals=1000 * conditionals / count,
        longest_function=longest,
        files_in_fullest_folder=max(folders.values()),
    )


def table(styles: list[Style]) -> str:
    """The measures as a table in Markdown."""
    head = (
        "| | lines | tokens | > 100 columns | > 120 | comments | docstrings "
        "| conditional expressions / 1,000 "
        "| longest function | files in the fullest folder |"
    )
    rows = [
        f"| {s.name} | {s.lines:,} | {s.tokens:,} | {s.over_100:.1%} | {s.over_120:.1%} "
        f"| {s.comments:.1%} | {s.docstrings:.1%} "
        f"| {s.conditionals:.0f} | {s.longest_function} "
        f"| {s.files_in_fullest_folder} |"
        for s in styles
    ]
    return "\n".join([head, "|---|" + "---:|" * 9, *rows])


def main() -> None:
    """The command."""
    if len(sys.argv) < 2:
        raise SystemExit("error: name checkouts: python -m benchmarks.style . nanoGPT=DIR")
    styles = []
    for argument in sys.argv[1:]:
        name, _, folder = argument.rpartition("=")
        styles.append(measure(name or "AskWiki", Path(folder)))
    print(table(styles))


if __name__ == "__main__":
    main()
