"""The network is compiled when that saves more than it takes, and in one graph."""

from collections.abc import Iterator

import pytest
import torch
import torch._dynamo
from tiny_networks import BARE, CLASSIC, MODERN, network
from torch._dynamo.utils import counters

from model.compiling import TIMED, WARM, LateCompiler
from model.config import GPTConfig
from model.device import World
from model.kernels import Documents


@pytest.fixture
def fresh_compiler() -> Iterator[None]:
    torch._dynamo.reset()
    counters.clear()
    yield
    torch._dynamo.reset()


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE])
def test_all_blocks_and_all_shapes_share_one_graph(config: GPTConfig, fresh_compiler: None) -> None:
    compiled, plain = network(config).train(), network(config).train()
    compiled.compile_blocks(backend="aot_eager")
    for rows, length in ((4, 20), (3, 24), (8, 13), (2, 31), (7, 48)):
        ids, targets = torch.randint(0, 97, (2, rows, length))
        loss, expected = compiled(ids, targets), plain(ids, targets)
        loss.nats.backward()
        expected.nats.backward()
        assert loss.nats.item() == pytest.approx(expected.nats.item(), rel=1e-5)
    of_the_loss = 0 if config.head_bias else 2  # of its first shape, and of all others
    assert counters["stats"]["unique_graphs"] == 1 + of_the_loss
    for ours, theirs in zip(compiled.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-4)


class Network:
    """Notes that it was compiled."""

    compiled = 0

    def compile_blocks(self) -> None:
        self.compiled += 1


@pytest.mark.parametrize(
    ("seconds", "steps_left", "wish", "pays"),
    [
        (0.02, 500, "auto", False),
        (0.02, 100_000, "auto", True),
        (1.0, 1000, "auto", True),
        (1.0, 1000, "off", False),
    ],
)
def test_what_is_saved_on_the_steps_left_decides(
    monkeypatch: pytest.MonkeyPatch, seconds: float, steps_left: int, wish: str, pays: bool
) -> None:
    monkeypatch.setattr("model.compiling.can_compile", lambda device: True)
    model = Network()
    compiler = LateCompiler(model, World(device=torch.device("cuda")), wish)  # type: ignore[arg-type]
    said = [compiler.after_step(seconds, steps_left) for _ in range(2 * (WARM + TIMED))]
    assert (model.compiled, sum(said)) == (int(pays), int(pays))


def test_on_a_cpu_only_who_asks_gets_a_compiled_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.compiling.can_compile", lambda device: True)
    model, world = Network(), World(device=torch.device("cpu"))
    compiler = LateCompiler(model, world, "auto")  # type: ignore[arg-type]
    assert not any(compiler.after_step(10.0, 1e9) for _ in range(100))
    LateCompiler(model, world, "on")  # type: ignore[arg-type]
    assert model.compiled == 1


def test_where_nothing_can_be_compiled_training_goes_on_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("model.compiling.can_compile", lambda device: False)
    model = Network()
    compiler = LateCompiler(model, World(device=torch.device("cuda")), "auto")  # type: ignore[arg-type]
    assert not any(compiler.after_step(10.0, 1e9) for _ in range(100))
    assert model.compiled == 0


def test_packed_rows_share_one_graph_whatever_their_documents(fresh_compiler: None) -> None:
    compiled, plain = network(MODERN).train(), network(MODERN).train()
    compiled.compile_blocks(backend="aot_eager")
    for lengths in ((20, 12), (5, 17, 10), (9, 40, 15)):
        offsets = torch.tensor([0, *lengths], dtype=torch.int32).cumsum(0, dtype=torch.int32)
        ids, targets = torch.randint(0, 97, (2, 1, sum(lengths)))
        documents = Documents(offsets=offsets, max_length=48)
        loss, expected = (each(ids, targets, documents) for each in (compiled, plain))
        assert loss.nats.item() == pytest.approx(expected.nats.item(), rel=1e-5)
        assert len(loss.correct) == len(lengths)
    assert counters["stats"]["unique_graphs"] == 3
