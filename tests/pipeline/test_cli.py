"""The manners of commands: one line for a mistake, the right status, files that are never half
there.
"""

import io
import os
import signal
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import programs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import parse, progress, run, stop_signals, wrapped
from pipeline.errors import BadInput, ExternalError
from pipeline.files import write_atomically

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Inner:
    """Of a part."""

    rate: float = 0.5
    """How fast."""


@dataclass(frozen=True)
class Options:
    """A command."""

    count: int = 3
    """How many."""
    on: bool = False
    """Whether."""
    files: tuple[Path, ...] = ()
    """What to read."""
    kinds: tuple[str, ...] | None = None
    """Of what."""
    inner: Inner = field(default_factory=Inner)


def test_options_come_from_the_fields_of_a_dataclass_and_of_those_within() -> None:
    assert parse(Options, []) == Options()
    found = parse(Options, ["--count", "4", "--on", "--files", "a", "b", "--rate", "2"])
    assert found == Options(count=4, on=True, files=(Path("a"), Path("b")), inner=Inner(2.0))
    assert parse(Options, ["--rate", "2"], default=Options(count=9)) == Options(
        count=9, inner=Inner(2.0)
    )


@pytest.mark.parametrize(
    "argv", [["--files"], ["--files", "--on"], ["--on", "--files"], ["--kinds"]]
)
def test_an_option_of_several_values_wants_one(argv: list[str]) -> None:
    with pytest.raises(BadInput, match=r"--(files|kinds) wants a value"):
        parse(Options, argv)


def test_a_part_of_the_options_can_be_read_before_the_rest() -> None:
    assert parse(Inner, ["--count", "4", "--rate", "2", "--on"], known_only=True) == Inner(2.0)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize(
    "argv",
    [
        ["--count", "x"],
        ["--cuont", "1"],
        ["--count"],
        ["surplus"],
        ["--rate", "fast"],
        ["--count", ""],
    ],
)
def test_what_does_not_parse_is_said_in_one_line(
    argv: list[str], encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(BadInput) as error:
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
        parse(Options, argv)
    assert argv[0].strip("-") in str(error.value)
    assert "--help" in str(error.value) and "\n" not in str(error.value)
    assert capsys.readouterr() == ("", "")


@dataclass(frozen=True, kw_only=True)
class Bounded:
    """A command whose option has a range."""

    top_speed: int = 3
    """How fast at most."""

    def __post_init__(self) -> None:
        if self.top_speed < 1:
            raise ValueError(f"top_speed must be 1 or more, not {self.top_speed}")


def test_a_value_out_of_range_is_said_of_its_option() -> None:
    with pytest.raises(BadInput, match=r"^--top-speed must be 1 or more, not 0; --help"):
        parse(Bounded, ["--top-speed", "0"])


@dataclass(frozen=True, kw_only=True)
class Errand:
    """A command with an option that must be given."""

    to: Path
    """Where to."""
    n: int = 1
    """How many."""
    site: str | None = None
    """Of whom."""
    speed: float = 1.0
    """How fast."""
    format: Literal["parquet", "squad"] = "parquet"
    """As what."""
    inner: Inner = field(default_factory=Inner)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--to", "x", "--sped", "2"], "no option is called --sped: did you mean --speed?"),
        (["--to", "x", "--Speed", "2"], "no option is called --Speed: did you mean --speed?"),
        (["--to", "x", "-n", "2"], "no option is called -n: did you mean --n?"),
        (["--to", "x", "--form", "squad"], "no option is called --form: did you mean --format?"),
        (["--to", "x", "--rates=2"], "no option is called --rates: did you mean --rate?"),
        (["--to", "x", "--num", "2"], "no option is called --num: did you mean --n?"),
        (["--to", "x", "--nonsense"], "no option is called --nonsense; --help"),
        (["--to", "x", "--zzz"], "no option is called --zzz; --help"),
        (["--format", "sqaud", "--to", "x"], "choose from parquet, squad: did you mean squad?"),
        (["--to", "x", "500"], "'500' belongs to no option: did you mean --n 500?"),
        (["--to", "x", "squad"], "did you mean --format squad?"),
        (["--to", "x", "speed"], "did you mean --speed?"),
        (["--to", "x", "https://w.org"], "did you mean --site https://w.org?"),
        (["folder"], "--to is missing: did you mean --to folder?"),
        (["--ot", "folder"], "no option is called --ot"),
        ([], "--to PATH is missing: where to; --help"),
        (["--to"], "--to wants a value"),
        (["--to", "x", "--n", "two"], "--n two: a whole number is wanted"),
        (["--to", "x", "--speed", "fast"], "--speed fast: a number is wanted"),
        (["--to", "x", ""], "'' belongs to no option; --help"),
    ],
)
def test_what_was_probably_meant_is_said(argv: list[str], said: str) -> None:
    with pytest.raises(BadInput) as error:
        parse(Errand, argv)
    assert said in str(error.value) and str(error.value).endswith("--help lists the options")


def test_help_tells_each_option_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(Options, ["--help"])
    assert not end.value.code
    said = capsys.readouterr().out
    assert "--count" in said and "How many." in said and "--rate" in said and "How fast." in said


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (BadInput("a\nb"), 2, "error: a b"),
        (ExternalError("net"), 1, "error: net"),
        (OSError(28, "No space left on device"), 1, "error: "),
        (KeyboardInterrupt(), 130, "stopped"),
        (LookupError("mine"), 2, "error: "),
    ],
)
def test_every_end_has_its_status_and_one_line(
    error: BaseException, status: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        raise error

    with pytest.raises(SystemExit) as end:
        run(main, bad_input=(LookupError,))
    said = capsys.readouterr().err
    assert end.value.code == status and said.startswith(line) and said.count("\n") == 1


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: 1 // 0)


def test_the_status_of_main_is_that_of_the_command() -> None:
    for value, status in ((None, 0), (0, 0), (3, 3)):
        with pytest.raises(SystemExit) as end:
            run(lambda value=value: value)  # type: ignore[misc]
        assert end.value.code == status


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = (
        "from pipeline.cli import run\ndef main():\n    for _ in range(100_000):"
        " print('line')\nrun(main)"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert reader.stdout and reader.stderr and reader.stdout.readline() == b"line\n"
    reader.stdout.close()
    assert reader.stderr.read() == b"" and reader.wait() == 0
    reader.stderr.close()


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("ascii", "\\u0141\\xf3d\\u017a \\udcff\n"), ("utf-8", "Łódź \\udcff\n")],
)
def test_a_sign_that_the_terminal_lacks_ends_nothing(encoding: str, written: str) -> None:
    code = "from pipeline.cli import run\nrun(lambda: print('\\u0141\\xf3d\\u017a \\udcff'))"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    assert (said.returncode, said.stderr, said.stdout.decode("utf-8")) == (0, b"", written)


class Terminal(io.StringIO):
    """A terminal that does not tell its width: it is taken to have 80 columns."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("no descriptor")


@given(st.text(alphabet="ab -\n", max_size=400))
def test_a_terminal_breaks_lines_between_words(text: str) -> None:
    lines = wrapped(text, Terminal()).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(len(line) <= 80 or " " not in line.strip() for line in lines)
    assert wrapped(text, io.StringIO()) == text


def test_an_advised_command_stays_whole() -> None:
    command = "python train.py --resume --out 'runs/a long walk'"
    said = wrapped(
        f"  stopped and saved{' again' * 6}; go on with: {command} --epochs 9", Terminal()
    )
    assert said.split("\n") == [
        f"  stopped and saved{' again' * 6}; go on with:",
        f"  {command} --epochs 9",
    ]


def test_progress_off_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(total=10, unit="pages", label="fetching", start=4) as bar:
        bar.update(6)
    said = capsys.readouterr().err
    assert "fetching: 10 of 10 pages" in said and "  " not in said and "\x1b" not in said
    assert said.startswith("fetching: 4 of 10 pages\n")  # no "?" for a rate not yet known
    assert len(said.splitlines()) < 8


@given(st.binary(max_size=100) | st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_what_is_written_is_there_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: str | bytes
) -> None:
    path = tmp_path_factory.mktemp("new") / "deep" / "file"
    write_atomically(path, b"old")
    write_atomically(path, data)
    assert path.read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert os.listdir(path.parent) == ["file"] and stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically(tmp_path / "file", "old")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("full")))
        write_atomically(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text() == "old" and os.listdir(tmp_path) == ["file"]


def test_a_kill_while_writing_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.files import"
        " write_atomically\nprint('on', flush=True)\nwhile True:\n    for c in 'ab':"
        " write_atomically(Path(sys.argv[1]), c * 300_000)"
    )
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "file")], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert writer.stdout and writer.stdout.readline()
        while not (tmp_path / "file").exists():
            pass
        writer.kill()
        writer.wait()
        writer.stdout.close()
        text = (tmp_path / "file").read_text()
        assert text in ("a" * 300_000, "b" * 300_000)


def test_the_first_signal_is_noted_and_the_second_ctrl_c_ends_at_once() -> None:
    with stop_signals() as noted:
        signal.raise_signal(signal.SIGTERM)
        assert noted == [signal.SIGTERM]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_other_threads_leave_signals_alone() -> None:
    def work() -> None:
        with stop_signals() as noted:
            assert noted == []

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("package", ["pipeline", "model"])
def test_a_package_names_its_commands(package: str) -> None:
    done = programs.run(["-m", package])
    assert done.returncode == 2 and "name a command: python " in done.stderr
