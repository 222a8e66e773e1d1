"""The rules of the house, read off its source: what may import what, what nobody may do, and what
may lie where.
"""

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOP_LEVEL = {
    "pipeline",
    "model",
    "train.py",
    "generate.py",
    "learn.py",
    "cache",
    "tests",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
    "requirements-extras.lock",
    "Makefile",
    "LICENSE",
    "SECURITY.md",
    "CHANGELOG.md",
    "Dockerfile",
    "docs",
    "benchmarks",
    ".ci",
    ".gitignore",
    ".dockerignore",
}
CONNECTING = {
    "requests",
    "urllib3",
    "urllib.request",
    "http.client",
    "socket",
    "ssl",
    "asyncio",
    "ftplib",
    "smtplib",
}
UNSAFE_CALLS = {
    "eval",
    "exec",
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "yaml.load",
    "yaml.unsafe_load",
    "os.system",
    "os.popen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    name: str
    only_for_types: bool


@cache
def sources() -> list[Path]:
    """The program: every file but the tests."""
    files = [
        *ROOT.glob("*.py"),
        *(ROOT / "pipeline").rglob("*.py"),
        *(ROOT / "model").rglob("*.py"),
    ]
    return sorted(file.relative_to(ROOT) for file in files)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


def module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """What a file imports, anywhere in it; `from a import b` counts as a.b where that is a module
    of ours, else as a.
    """
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[Import]:
    modules, for_types = {module_name(p) for p in sources()}, set[ast.AST]()
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
        ):
            for_types.update(inner for statement in node.body for inner in ast.walk(statement))
        if isinstance(node, ast.Import):
            yield from (
                Import(name=alias.name, only_for_types=node in for_types) for alias in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                f"{path}:{node.lineno}: a relative import hides what stands above what"
            )
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(
                    name=whole if whole in modules else str(node.module),
                    only_for_types=node in for_types,
                )


def imports_of(path: Path, *packages: str) -> list[str]:
    """The imports of a file that are one of the packages or lie within one."""
    names = (imported.name for imported in imports(path))
    return [
        name
        for name in names
        if any(name == package or name.startswith(f"{package}.") for package in packages)
    ]


def under(folder: str) -> list[Path]:
    return [path for path in sources() if path.parts[0] == folder]


def strays(folder: str, *packages: str) -> dict[str, list[str]]:
    """The files under a folder that import one of the packages, and what they import."""
    imported = {path.as_posix(): imports_of(path, *packages) for path in under(folder)}
    return {path: names for path, names in imported.items() if names}


def test_the_pipeline_knows_nothing_of_the_model() -> None:
    assert strays("pipeline", "model", "train", "generate", "learn") == {}


def test_the_model_knows_of_the_pipeline_only_its_files_and_its_command_line() -> None:
    """The cards of data sets and of models judge licences alike, and both go to the same hub."""
    allowed = {
        *("pipeline.files", "pipeline.cli", "pipeline.errors", "pipeline.licences"),
        *("pipeline.hub", "pipeline.interrupts"),
    }
    # Three files join both sides, each where its own folder needs them joined. The network proper,
    # its engine and its training know token ids alone.
    of_both = {
        # One of the three exports, with the same interface; the page that it writes is the chat
        # page of pipeline/answering with a network inside.
        "model/export/html.py",
        # What turns the engine's ids into text for the programs and the server, so that neither
        # the engine knows a tokenizer nor the responder a network.
        "model/inference/trained_network.py",
        # The settings of a run in one object and one file: what is read and how it is cut, too.
        "model/train_config.py",
    }
    beyond = {
        path: [name for name in names if name not in allowed and path not in of_both]
        for path, names in strays("model", "pipeline", "train", "generate", "learn").items()
    }
    assert {path: names for path, names in beyond.items() if names} == {}


def test_data_flows_one_way() -> None:
    """No file imports, even by detours, one that imports it."""
    modules = {module_name(path) for path in sources()}
    above = {
        module_name(path): {
            i.name for i in imports(path) if i.name in modules and not i.only_for_types
        }
        for path in sources()
    }
    graphlib.TopologicalSorter(above).prepare()  # raises CycleError, which names the circle


def test_only_batches_may_need_torch_in_the_pipeline() -> None:
    assert strays("pipeline", "torch").keys() <= {"pipeline/tokens/batches.py"}


def test_only_one_file_opens_connections() -> None:
    """rate_limit.py has requests parse addresses, and no more: the next test. cluster.py tries the
    address of the cluster that was named.
    """
    assert strays("model", *CONNECTING) == {}
    assert strays("pipeline", *CONNECTING).keys() == {
        "pipeline/sources/mediawiki.py",
        "pipeline/sources/rate_limit.py",
        "pipeline/cluster.py",
    }
    assert imports_of(Path("pipeline/cluster.py"), *CONNECTING) == ["socket"]
    assert imports_of(Path("pipeline/sources/rate_limit.py"), *CONNECTING) == ["requests"]


def test_the_rate_limit_only_reads_addresses_with_requests() -> None:
    used = {
        node.attr
        for node in ast.walk(tree(Path("pipeline/sources/rate_limit.py")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "requests"
    }
    assert used <= {"Request", "RequestException", "__version__"}


def test_cleaning_and_asking_touch_nothing_outside() -> None:
    """clean/ and questions/, with all that they import, are pure: text in, text out."""
    paths = {module_name(path): path for path in sources()}
    todo, seen = (
        ["pipeline.clean", "pipeline.questions.pairs", "pipeline.questions.facts"],
        set[str](),
    )
    while todo:
        if (name := todo.pop()) not in seen:
            seen.add(name)
            todo += [
                i.name for i in imports(paths[name]) if i.name in paths and not i.only_for_types
            ]
    outside = (
        "os",
        "sys",
        "pathlib",
        "sqlite3",
        "subprocess",
        "shutil",
        "tempfile",
        "time",
        "random",
        "threading",
        *CONNECTING,
    )
    touched = {name: imports_of(paths[name], *outside) for name in seen}
    assert {name: found for name, found in touched.items() if found} == {}


def test_no_handler_catches_everything() -> None:
    caught = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                names = (
                    {name.id for name in ast.walk(node.type) if isinstance(name, ast.Name)}
                    if node.type
                    else {"BaseException"}
                )
                if names & {"Exception", "BaseException"}:
                    caught.append(f"{path}: {ast.unparse(node.body)}")
    assert not caught


def test_nothing_read_is_ever_run() -> None:
    """No unpickling, no evaluation, no shell: what a file or a wiki says stays data."""
    found = []
    for path in sources():
        found += [
            f"{path}: import {name}"
            for name in imports_of(path, *(UNSAFE_CALLS - {"eval", "exec"}))
        ]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                options = {word.arg: ast.unparse(word.value) for word in node.keywords}
                unpickles = called == "torch.load" and options.get("weights_only") != "True"
                if called in UNSAFE_CALLS or unpickles or options.get("shell") == "True":
                    found.append(f"{path}:{node.lineno}: {called}")
    assert found == []


# --- what lies beside the code --------------------------------------------------------------------


def tracked() -> list[Path]:
    """The files under version control."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing says which files belong to the project")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_holds_only_what_is_looked_for_there() -> None:
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_file_names_a_place_of_one_machine() -> None:
    homes = "|".join(("work", "root", "home", "Users"))
    place = re.compile(rf"(?<![\w.])/({homes})/".encode())
    assert [
        path
        for path in tracked()
        if path.suffix != ".png" and place.search((ROOT / path).read_bytes())
    ] == []


def test_every_file_that_the_map_names_is_there() -> None:
    """A map of a house that was rebuilt is worse than none."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.]+/)*\w+\.(?:py|js|css|yaml|md|jsonl))`", text))
    files = {path.as_posix() for path in tracked()}
    lost = [name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in files)]
    assert len(named) > 40 and set(lost) <= {"pairs.jsonl", "pipeline/questions/LANGUAGE.py"}


def test_every_name_in_the_table_of_the_map_is_in_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .*", text, re.M)
    names = {name for row in rows for name in re.findall(r"`(?:\w+\.)?(\w+)`", row)}
    code = " ".join((ROOT / path).read_text(encoding="utf-8") for path in sources())
    assert len(names) > 15
    assert {name for name in names if not re.search(rf"\b{name}\b", code)} == set()


def pins(name: str) -> dict[str, str]:
    """The lines of a lock file, each of which must be a name and one version."""
    lines = [
        line
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    found = {}
    for line in lines:
        match = re.fullmatch(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)", line)
        assert match, f"{name}: {line!r} is not pinned exactly"
        found[match[1]] = match[2]
    assert len(found) == len(lines)
    return found


def test_the_locks_pin_what_the_project_names() -> None:
    base, extras = pins("requirements.lock"), pins("requirements-extras.lock")
    assert not base.keys() & extras.keys()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    tested = [
        requirement
        for extra in ("chat", "browser", "export", "data", "hub", "tensorboard", "zim")
        for requirement in optional[extra]
    ]
    for where, requirements in [
        (base, project["dependencies"] + optional["test"]),
        (base | extras, tested),
    ]:
        for requirement in requirements:
            name, _, version = requirement.partition("==")
            assert where.get(name.lower()) == version, f"{requirement} is not what the lock has"
    assert all(
        "==" in requirement for requirements in optional.values() for requirement in requirements
    )


def test_whatever_is_imported_is_named_by_the_project() -> None:
    """A package that came along with another may be gone tomorrow."""
    import_names = {
        "beautifulsoup4": "bs4",
        "PyYAML": "yaml",
        "huggingface-hub": "huggingface_hub",
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = project["dependencies"] + [
        r for extra in project["optional-dependencies"].values() for r in extra
    ]
    names = {re.split(r"[\[=]", requirement)[0] for requirement in requirements}
    known = {import_names.get(name, name) for name in names} | {
        "pipeline",
        "model",
        "train",
        "generate",
        "learn",
    }
    standard = set(sys.stdlib_module_names)
    used = {found.name.split(".")[0]: path for path in sources() for found in imports(path)}
    assert {name: path for name, path in used.items() if name not in known | standard} == {}
