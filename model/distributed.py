"""Several processes that train one network: how they meet, add up gradients, agree, and spread the
weights (FSDP2).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.distributed_c10d import PrefixStore, Store
from torch.distributed.fsdp import fully_shard
from torch.distributed.rendezvous import rendezvous
from torch.distributed.tensor import DTensor, distribute_tensor

from model.device import World, pick_device
from model.gpt import GPT


@contextmanager
def init_distributed(device: str) -> Iterator[World]:
    """This process's place, from the environment that torchrun sets; alone without it."""
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    if world_size == 1:
        yield World(device=pick_device(device))
        return
    chosen = pick_device(device)
    if chosen.type == "mps":
        raise ValueError(
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
    store, *_ = next(rendezvous("env://"))
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    return (
        PrefixStore(f"attempt-{attempt}", store)
        if os.environ.get("LOCAL_WORLD_SIZE") == os.environ["WORLD_SIZE"]
        else store
    )


def all_reduce_gradients(
    parameters: Iterable[nn.Parameter], figures: Tensor, world: World
) -> Tensor:
    """Sum the gradients of all ranks into every rank's; the sum of their figures, too."""
    params = list(parameters)
    if params:
        grads = [p.grad if p.grad is not None else torch.zeros_like(p) for p in params]
        flat = torch.cat([g.flatten() for g in grads])
        _all_reduce(flat)
        for p, g in zip(params, flat.split([g.numel() for g in grads]), strict=True):
            p.grad = g.view_as(p)
    total = figures.to(world.device)
    _all_reduce(total)
    return total.cpu()


def _all_reduce(tensor: torch.Tensor, op: dist.ReduceOp.RedOpType = dist.ReduceOp.SUM) -> None:
    try:
        dist.all_reduce(tensor, op=op)
    except RuntimeError as error:
        raise ConnectionError(
            f"another process of this run has gone: {str(error).splitlines()[0]}"
        ) from None


def any_rank(flag: bool, world: World) -> bool:
    """Whether the flag is set on any rank."""
    if world.world_size == 1:
        return flag
    raised = torch.tensor(float(flag), device=world.device)
    _all_reduce(raised, dist.ReduceOp.MAX)
    return bool(raised)


def shard(model: GPT, device: torch.device) -> GPT:
    """Spread the weights, block by block; each is gathered while its block computes. Gradients come
    back as the mean over ranks.
    """
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for block in model.blocks:
        fully_shard(block, mesh=mesh)
    return cast(GPT, fully_shard(model, mesh=mesh))


def is_sharded(tensor: Tensor) -> bool:
    """Whether each rank holds a part of the tensor."""
    return isinstance(tensor, DTensor)


def full_tensor(tensor: Tensor) -> Tensor:
    """The whole of a tensor, gathered from all ranks where each has a part (all must call)."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def distribute_like(tensor: Tensor, place: Tensor) -> Tensor:
    """A whole tensor spread as `place` is."""
    if isinstance(place, DTensor) and tensor.ndim:
        return distribute_tensor(tensor.to(place.device), place.device_mesh, place.placements)
    return tensor.to(place.device)


def unsharded(model: GPT) -> GPT:
    """A network with whole weights, for what is not a training step (all ranks must call); the
    model itself where it is whole.
    """
    weights = model.state_dict()
    if not any(isinstance(value, DTensor) for value in weights.values()):
        return model
    full = GPT(model.config, compute=model.compute).to(next(model.parameters()).device)
    full.load_state_dict({name: full_tensor(value) for name, value in weights.items()})
    return full
