"""A cluster makes the pairs that one process makes, and loses or doubles none when a machine of it
dies.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.dataset.pairs_file import read_pairs
from tests.pipeline.dataset.test_shards import dump

ray = pytest.importorskip("ray")
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_MEMORY_MONITOR": "1",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "5",
    "RAY_health_check_timeout_ms": "5000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A head and a second machine, on loopback."""

    address: str
    folder: Path

    def start(self, *words: str) -> None:
        """Start a machine, with a core of its own."""
        command = [
            str(Path(sys.executable).with_name("ray")),
            "start",
            "--num-cpus=1",
            "--object-store-memory=100000000",
            "--disable-usage-stats",
            *words,
        ]
        done = subprocess.run(
            command,
            check=False,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def environment(self) -> dict[str, str]:
        """Without this user's home: a token that Ray has left there would be asked for."""
        return os.environ | QUIET | {"HOME": str(self.folder)}

    def processes(self, program: str = "") -> set[int]:
        """The processes of this cluster that run `program`, told by the home that they were given.

        Not by "ray" in their command lines: importing Ray puts its folders on Python's path, and
        with it into the command line of every process that multiprocessing starts afterwards.
        """
        home = f"HOME={self.folder}".encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has ended meanwhile, or is another user's
                is_ours = home in (folder / "environ").read_bytes().split(b"\0")
                if is_ours and program.encode() in (folder / "cmdline").read_bytes():
                    found.add(int(folder.name))
        return found


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder, port = tmp_path_factory.mktemp("ray"), random.randrange(20_000, 30_000)
    found = Cluster(address=f"127.0.0.1:{port}", folder=folder)
    found.start(
        "--head",
        "--include-dashboard=false",
        f"--port={port}",
        f"--temp-dir=/tmp/ray-test-{os.getpid()}",
    )
    yield found
    for pid in found.processes():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def pairs_on(cluster: Cluster, source: Path, cache: Path) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "pipeline.cluster",
        "--address",
        cluster.address,
        "--source",
        f"dump:{source}",
        "--cache",
        str(cache),
        "--format",
        "parquet",
    ]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=cluster.environment(),
    )


@pytest.mark.slow
def test_a_cluster_makes_the_pairs_of_one_process_though_a_machine_of_it_dies(
    cluster: Cluster, tmp_path: Path
) -> None:
    source = dump(tmp_path / "d.ndjson.gz", 2500)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline.fetch",
            "--source",
            f"dump:{source}",
            "--cache",
            str(tmp_path / "alone"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    first = cluster.processes("raylet/raylet")
    cluster.start(f"--address={cluster.address}")
    (second,) = cluster.processes("raylet/raylet") - first
    work = pairs_on(cluster, source, tmp_path / "together")
    end = time.monotonic() + 120
    while (
        time.monotonic() < end
        and work.poll() is None
        and not list(tmp_path.glob("together/shards/*/*.jsonl"))
    ):
        time.sleep(0.05)
    time.sleep(random.uniform(0, 1.5))
    os.kill(second, signal.SIGKILL)
    said, error = work.communicate(timeout=200)
    assert work.returncode == 0, error
    assert read_pairs(tmp_path / "together/pairs.jsonl") == read_pairs(
        tmp_path / "alone/pairs.jsonl"
    )
    parquet = pytest.importorskip("pyarrow.parquet")
    assert parquet.read_table(tmp_path / "together/pairs.parquet").num_rows == 2500
    assert "2,500 pairs" in said


def test_a_cluster_that_does_not_answer_is_said_so_in_one_line(tmp_path: Path) -> None:
    source = dump(tmp_path / "d.ndjson.gz", 3)
    work = pairs_on(Cluster(address="127.0.0.1:1", folder=tmp_path), source, tmp_path / "cache")
    _, error = work.communicate(timeout=120)
    assert work.returncode == 1 and "127.0.0.1:1" in error and "Traceback" not in error
    assert json.dumps(error).count("error:") == 1
