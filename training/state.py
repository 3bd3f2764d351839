"""A run's whole state: weights, their running average and the optimiser's moments, kept in one file without pickle."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from training.recipe import Training

Network = TypeVar("Network", bound=nn.Module)

MOMENTS = ("exp_avg", "exp_avg_sq")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    step: int = 0
    seen: int = 0
    seconds: float = 0.0
    decay_from: int | None = None
    share_fallen: float = 0.0


class RunState(Generic[Network]):
    """The network being trained, its running average and its optimiser."""

    def __init__(self, network: Network, training: Training) -> None:
        self.network, self._average = network, training.average
        self.trained = {name: p for name, p in network.named_parameters() if p.requires_grad}
        self.averaged = {name: p.detach().clone() for name, p in self.trained.items()}
        self.optimizer = torch.optim.AdamW(
            self.trained.values(), lr=training.learning_rate, weight_decay=training.weight_decay, fused=True
        )

    def step(self, learning_rate: float, clip: float) -> None:
        """One update from the gradients at hand, and the average moved after it."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate
        torch.nn.utils.clip_grad_norm_(self.trained.values(), clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        for name, parameter in self.trained.items():
            self.averaged[name].lerp_(parameter.detach(), 1 - self._average)

    def save(self, path: Path, progress: Progress) -> None:
        """Writes everything to `path`, which changes only when all is written."""
        tensors = {f"weight.{name}": p.detach() for name, p in self.trained.items()}
        tensors |= {f"average.{name}": value for name, value in self.averaged.items()}
        for name, parameter in self.trained.items():
            moments = self.optimizer.state.get(parameter, {})
            tensors |= {f"{kind}.{name}": moments[kind] for kind in MOMENTS if kind in moments}
        fields = {name: getattr(progress, name) for name in Progress.__slots__}
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        save_file(tensors, unfinished, metadata={"progress": json.dumps(fields)})
        unfinished.replace(path)

    def restore(self, path: Path) -> Progress:
        """Takes everything from `path` and returns how far the run was."""
        with safe_open(path, framework="pt") as file:
            progress = Progress(**json.loads(file.metadata()["progress"]))
            names = set(file.keys())
            with torch.no_grad():
                for name, parameter in self.trained.items():
                    parameter.copy_(file.get_tensor(f"weight.{name}"))
                    self.averaged[name].copy_(file.get_tensor(f"average.{name}"))
                    if f"{MOMENTS[0]}.{name}" in names:
                        moments = [file.get_tensor(f"{kind}.{name}") for kind in MOMENTS]
                        self._restore_moments(parameter, moments, progress)
        return progress

    def _restore_moments(self, parameter: Tensor, moments: list[Tensor], progress: Progress) -> None:
        kept: dict[str, Tensor] = dict(zip(MOMENTS, moments, strict=True))
        self.optimizer.state[parameter] = kept | {"step": torch.tensor(float(progress.step))}

    @contextmanager
    def with_average(self) -> Iterator[Network]:
        """The network with its averaged weights, for as long as it is held."""
        current = {name: p.detach().clone() for name, p in self.trained.items()}
        with torch.no_grad():
            for name, parameter in self.trained.items():
                parameter.copy_(self.averaged[name])
        try:
            yield self.network
        finally:
            with torch.no_grad():
                for name, parameter in self.trained.items():
                    parameter.copy_(current[name])
