"""One network trained by several processes (ranks): how they find each other, reduce gradients,
agree on what to do, and shard the weights (FSDP2).
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import StateDictOptions, set_model_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.distributed.rendezvous import rendezvous
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn.parallel import DistributedDataParallel

from model.config import GPTConfig
from model.device import World, pick_device
from model.gpt import GPT
from pipeline.errors import BadInput


@contextmanager
def init_distributed(device: str) -> Iterator[World]:
    """This process's rank, from the environment that torchrun sets; a world of one without it."""
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield World(device=pick_device(device))
        return
    chosen = pick_device(device)
    if chosen.type == "mps":
        raise BadInput(
            "torchrun cannot spread training over an Apple GPU: there is one; start train.py"
            " without torchrun, or add --device cpu"
        )
    if chosen.type == "cuda":
        chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(chosen)
    dist.init_process_group(
        "nccl" if chosen.type == "cuda" else "gloo",
        store=rendezvous_store(),
        rank=int(os.environ["RANK"]),
        world_size=world_size,
    )
    try:
        yield World(device=chosen, rank=dist.get_rank(), world_size=world_size)
    finally:
        dist.destroy_process_group()


def rendezvous_store() -> Store:
    """Where the ranks find each other.

    On one machine torchrun keeps one store for all its attempts, in which a rank that was lost
    would still be found under its old address: so each attempt has names of its own. On several
    machines the attempts of each are counted apart, and the store is new.
    """
    store: Store = next(rendezvous("env://"))[0]
    if os.environ.get("LOCAL_WORLD_SIZE") != os.environ["WORLD_SIZE"]:
        return store
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    return PrefixStore(f"attempt-{attempt}", store)


def all_reduce(tensor: Tensor, op: dist.ReduceOp.RedOpType = dist.ReduceOp.SUM) -> None:
    """Make the tensor the sum (or what `op` says) of all ranks', in place."""
    try:
        dist.all_reduce(tensor, op=op)
    except RuntimeError as error:
        raise ConnectionError(
            f"another process of this run has gone: {str(error).splitlines()[0]}"
        ) from None


def any_rank(flag: bool, world: World) -> bool:
    """Whether the flag is set on any rank."""
    return any_ranks((flag,), world)[0]


def any_ranks(flags: Sequence[bool], world: World) -> list[bool]:
    """For each flag, whether it is set on any rank, so that all ranks take the same branch."""
    if world.world_size == 1:
        return list(flags)
    raised = torch.tensor(flags, dtype=torch.float32, device=world.device)
    all_reduce(raised, dist.ReduceOp.MAX)
    return [flag > 0 for flag in raised.tolist()]


def initial_model(config: GPTConfig, compute: torch.dtype, world: World, *, sharded: bool) -> GPT:
    """A network with its first weights, on the CPU.

    Where these will be spread over ranks, the main rank alone has them. The others hold shapes
    (PyTorch's device "meta"), so that a machine with eight ranks holds one network and not eight.
    """
    if sharded and not world.is_main:
        with torch.device("meta"):
            return GPT(config, compute_dtype=compute)
    return GPT(config, compute_dtype=compute)


def place_model(model: GPT, world: World, *, sharded: bool) -> nn.Module:
    """Bring the model to its device, and make the network that trains it there: the model itself,
    or with several ranks one that averages their gradients in its backward pass.
    """
    if world.world_size == 1:
        return model.to(world.device)
    return shard(model, world.device) if sharded else replicate(model.to(world.device))


def replicate(model: GPT) -> DistributedDataParallel:
    """A network with equal weights on every rank, whose backward pass averages the gradients of
    all, in buckets, the first while the others are still computed.
    """
    # Rotations are constants: without this every pass would send them around, and wait
    constants = [name for name, _ in model.named_buffers()]
    DistributedDataParallel._set_params_and_buffers_to_ignore_for_model(model, constants)
    return DistributedDataParallel(model, gradient_as_bucket_view=True)


def shard(model: GPT, device: torch.device) -> GPT:
    """Spread the main rank's weights over the ranks, block by block (FSDP2: Zhao et al. 2023,
    https://arxiv.org/abs/2304.11277); each is gathered while its block computes.

    The model of the main rank may be on the CPU, and those of the others without data: one tensor
    after the other is sent, of which a rank keeps its shard, so a network may be larger than any
    device.
    """
    weights = model.state_dict()
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for block in model.blocks:
        fully_shard(block, mesh=mesh)
    fully_shard(model, mesh=mesh)
    if any(p.is_meta for p in model.parameters()):
        model.to_empty(device=device)
        model.restore_buffers().to(device)
    from_main = StateDictOptions(full_state_dict=True, broadcast_from_rank0=True)
    set_model_state_dict(model, weights if dist.get_rank() == 0 else {}, options=from_main)
    return model


def is_sharded(tensor: Tensor) -> bool:
    """Whether each rank holds a part of the tensor."""
    return isinstance(tensor, DTensor)


def fits_whole(parameters: Iterable[Tensor], device: torch.device) -> bool:
    """Whether a device has room for the whole network, its gradients and as much again."""
    if device.type == "cpu":
        return True
    memory = torch.cuda.get_device_properties(device).total_memory
    return 3 * sum(p.numel() * p.element_size() for p in parameters) < memory


def full_tensor(tensor: Tensor) -> Tensor:
    """The whole of a tensor, gathered from all ranks where each has a part (all must call)."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def distribute_like(tensor: Tensor, place: Tensor) -> Tensor:
    """A whole tensor spread as `place` is."""
    if isinstance(place, DTensor) and tensor.ndim:
        return distribute_tensor(tensor.to(place.device), place.device_mesh, place.placements)
    return tensor.to(place.device)


def gather_to_main(tensors: Mapping[str, Tensor], world: World) -> dict[str, Tensor]:
    """Whole tensors in the memory of the main rank's CPU, nothing on the others; one after the
    other, so that no device holds them all. Where they are spread over ranks, all must call.
    """
    gathered = {}
    for name, tensor in tensors.items():
        whole = full_tensor(tensor.detach())
        if world.is_main:
            gathered[name] = whole.cpu()
    return gathered


def unsharded(model: GPT, world: World) -> GPT | None:
    """A network with whole weights to generate with: the model itself, or where it is spread a copy
    on the CPU of the main rank, None on the others. All must call.
    """
    if not any(is_sharded(p) for p in model.parameters()):
        return model
    weights = gather_to_main(model.state_dict(), world)
    if not world.is_main:
        return None
    with torch.device("meta"):
        whole = GPT(model.config, compute_dtype=torch.float32)
    whole.load_state_dict(weights, assign=True)
    return whole.restore_buffers()


@contextmanager
def local_gradients(network: nn.Module) -> Iterator[None]:
    """A context in which forward and backward passes do not communicate, so that a rank that runs
    out of memory leaves none waiting: each adds up its own gradients, until `reduce_gradients`.

    Sharded weights are gathered on entering, which all ranks must do, and stay whole within.
    """
    if isinstance(network, DistributedDataParallel):
        with network.no_sync():
            yield
        return
    shards = _shards(network)
    for module in shards:
        module.set_requires_gradient_sync(False, recurse=False)
        module.set_reshard_after_forward(False, recurse=False)
        module.set_reshard_after_backward(False, recurse=False)
        module.unshard()
    try:
        yield
    finally:
        for module in shards:
            module.set_requires_gradient_sync(True, recurse=False)
            module.set_reshard_after_forward(module is not shards[0], recurse=False)
            module.set_reshard_after_backward(True, recurse=False)


def reduce_gradients(network: nn.Module, device: torch.device) -> None:
    """Average the gradients that each rank has added up by itself.

    The libraries (DDP and FSDP2) reduce gradients in a backward pass and nowhere else: so there is
    one, over a single token without a loss.
    """
    ids = torch.zeros(1, 1, dtype=torch.int64, device=device)
    network(ids, torch.full_like(ids, -1)).nats.backward()


def discard_gradients(network: nn.Module) -> None:
    """Drop the gradients, and what a forward or backward pass that was interrupted within
    `local_gradients` has left behind.
    """
    shards = _shards(network)
    if not shards:
        network.zero_grad(set_to_none=True)
        return
    with local_gradients(network):
        # The end of a backward pass, which an error skips, returns every shard to its idle state;
        # the library has no public name for it
        shards[0]._get_fsdp_state()._root_post_backward_final_callback()
        network.zero_grad(set_to_none=True)  # of the weights that were gathered
    for module in shards:
        module.reshard()
    network.zero_grad(set_to_none=True)


def _shards(network: nn.Module) -> list[FSDPModule]:
    """The parts of a network whose weights are spread, the whole first."""
    return [module for module in network.modules() if isinstance(module, FSDPModule)]
