"""Weights spread over the ranks (FSDP2): the few places where a part and the whole differ."""

from typing import cast

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from model.gpt import GPT


def shard(model: GPT, device: torch.device) -> GPT:
    """Spread the weights, block by block; each is gathered while its block computes. Gradients come back as the mean over ranks."""
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for block in model.blocks:
        fully_shard(block, mesh=mesh)
    return cast(GPT, fully_shard(model, mesh=mesh))


def whole(tensor: Tensor) -> Tensor:
    """The whole of a tensor, gathered from all ranks where each has a part (all must call)."""
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor


def like(tensor: Tensor, place: Tensor) -> Tensor:
    """A whole tensor spread as `place` is."""
    if isinstance(place, DTensor) and tensor.ndim:
        return distribute_tensor(tensor.to(place.device), place.device_mesh, place.placements)
    return tensor.to(place.device)


def gathered(model: GPT) -> GPT:
    """A network with whole weights, for what is not a training step (all ranks must call); the model itself where it is whole."""
    weights = model.state_dict()
    if not any(isinstance(value, DTensor) for value in weights.values()):
        return model
    full = GPT(model.config, compute=model.compute).to(next(model.parameters()).device)
    full.load_state_dict({name: whole(value) for name, value in weights.items()})
    return full
