"""Gradients of one batch, worked out in parts on several threads."""

from collections.abc import Callable, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)
Part = TypeVar("Part", bound=Sized)


class Gradients(Generic[Network, Part]):
    """Works out gradients of whole parts on single threads, because that shares cores well.

    They are worked out on a copy of the network in the precision given; the weights that are updated stay float32.
    In bfloat16 such a copy makes 1.2 times the pairs a second of autocast, which casts masks and states to and fro.
    Splitting every operation over all cores, as torch does, makes each wait for the core that others keep busy:
    seen on two cores with other work beside, 4.4 pairs/s so and 5.5 with parts.
    """

    def __init__(
        self,
        network: Network,
        loss: Callable[[Network, Part], Tensor],
        device: torch.device,
        precision: torch.dtype,
    ) -> None:
        """`loss` is a mean over the part, whose length is what the mean is over."""
        self._network, self._loss = network, loss
        self._working = deepcopy(network).to(precision)
        self._threads = torch.get_num_threads() if device.type == "cpu" else 1
        self._pool = ThreadPoolExecutor(self._threads, initializer=_use_one_core if self._threads > 1 else None)

    @property
    def parts(self) -> int:
        """Parts to cut a batch into, one a thread: with more, adding their gradients costs what balance wins."""
        return self._threads

    def work_out(self, parts: Sequence[Part]) -> float:
        """Sets the mean gradient over all parts on the parameters and returns the mean loss."""
        with torch.no_grad():  # what is frozen stays as it was copied
            for copy, parameter in zip(_trained(self._working), _trained(self._network), strict=True):
                copy.copy_(parameter)
        sizes = [len(part) for part in parts]
        found = list(self._pool.map(self._of_part, parts))
        shares = [size / sum(sizes) for size in sizes]
        for number, parameter in enumerate(_trained(self._network)):
            parameter.grad = sum_weighted([gradients[number] for _, gradients in found], shares)
        return sum(share * loss for share, (loss, _) in zip(shares, found, strict=True))

    def _of_part(self, part: Part) -> tuple[float, tuple[Tensor, ...]]:
        loss = self._loss(self._working, part)
        found = torch.autograd.grad(loss, _trained(self._working), materialize_grads=True)
        return float(loss.detach()), tuple(gradient.float() for gradient in found)


def _trained(network: nn.Module) -> list[Tensor]:
    return [parameter for parameter in network.parameters() if parameter.requires_grad]


def sum_weighted(tensors: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    """The weighted sum; the first tensor is overwritten with it."""
    total = tensors[0].mul_(weights[0])
    for tensor, weight in zip(tensors[1:], weights[1:], strict=True):
        total.add_(tensor, alpha=weight)
    return total


def quickest_precision(device: torch.device) -> torch.dtype:
    """bfloat16 where it is quicker than float32: any newer CUDA device, or a CPU with AMX or AVX512-BF16."""
    if device.type == "cuda":
        fast = bool(torch.cuda.is_bf16_supported())
    else:
        features = torch.cpu.get_capabilities()
        fast = bool(features.get("amx_bf16") or features.get("avx512_bf16"))
    return torch.bfloat16 if fast else torch.float32


def _use_one_core() -> None:
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
