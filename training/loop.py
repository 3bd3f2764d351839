"""The training loop: batches, updates, reports and checkpoints."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from assistant.reading.network import ReaderNetwork
from training.batches import Batch, batch_order, collate
from training.gradients import Gradients, quickest_precision
from training.losses import ReadingLoss
from training.pairs_file import Pairs
from training.recipe import Recipe
from training.schedule import Schedule
from training.state import Progress, RunState

REPORT_SECONDS = 30
CHECKPOINT_SECONDS = 300
DECAY_FLAG = "BEGIN_DECAY"


@dataclass(slots=True)
class Loop:
    """One run over the pairs of a recipe; `folder` keeps its checkpoints."""

    recipe: Recipe
    pairs: Pairs
    state: RunState[ReaderNetwork]
    folder: Path
    device: torch.device
    deadline: float | None = None
    """Seconds since the epoch by which to be finished."""
    progress: Progress = field(default_factory=Progress)
    _resumed_at: float = 0.0
    _resumed_with: int = 0

    def run(self) -> Progress:
        """Trains to the end, from the last checkpoint if there is one."""
        checkpoint = self.folder / "last.safetensors"
        if checkpoint.exists():
            self.progress = self.state.restore(checkpoint)
            print(f"resumed at step {self.progress.step}, {self.progress.seen} pairs", flush=True)
        schedule = self._schedule()
        numbers = batch_order(self.pairs, self.recipe.training.batch, self.recipe.seed, self.progress.seen)
        began, reported, kept = (time.time(),) * 3
        self._resumed_at, self._resumed_with = began, self.progress.seen
        began -= self.progress.seconds
        precision = quickest_precision(self.device)
        loss = ReadingLoss(self.recipe.training, self.device)
        gradients = Gradients(self.state.network, loss, self.device, precision)
        losses: list[float] = []
        last = self.progress.seen
        while not self._is_over():
            losses.append(self._step(schedule, gradients, next(numbers), began))
            now = time.time()
            if now - reported >= REPORT_SECONDS:
                self._report(losses, schedule, now, (self.progress.seen - last) / (now - reported))
                losses, reported, last = [], now, self.progress.seen
            if now - kept >= CHECKPOINT_SECONDS:
                self.state.save(checkpoint, self.progress)
                kept = now
        self.state.save(checkpoint, self.progress)
        return self.progress

    def _schedule(self) -> Schedule:
        schedule = Schedule(self.recipe.training, self.deadline, self.progress.decay_from)
        schedule.decay_since, schedule.elapsed_share = time.time(), self.progress.share_fallen
        return schedule

    def _is_over(self) -> bool:
        return self.progress.seen >= self.recipe.training.examples or self.progress.share_fallen >= 1.0

    def _step(
        self,
        schedule: Schedule,
        gradients: Gradients[ReaderNetwork, Batch],
        numbers: npt.NDArray[np.int64],
        began: float,
    ) -> float:
        self._begin_decay_if_due(schedule)
        parts = dealt_out(numbers, self.pairs.groups[numbers], gradients.parts)
        loss = gradients.work_out([collate(self.pairs, part) for part in parts])
        now, before = time.time(), self.progress
        factor = schedule.factor(before.step, before.seen, now)
        self.state.step(self.recipe.training.learning_rate * factor, self.recipe.training.clip)
        seen = before.seen + len(numbers)
        self.progress = Progress(
            before.step + 1, seen, now - began, schedule.decay_from, schedule.share_fallen(seen, now)
        )
        return loss

    def _begin_decay_if_due(self, schedule: Schedule) -> None:
        progress, now = self.progress, time.time()
        # The speed since the run was taken up: an earlier part of it may have run on another, or a busier, machine.
        rate = (progress.seen - self._resumed_with) / max(now - self._resumed_at, 1e-3)
        told = (self.folder / DECAY_FLAG).exists() and schedule.decay_from is None
        if told or schedule.is_time_to_fall(progress.seen, now, rate):
            schedule.decay_from, schedule.decay_since = progress.seen, now
            self.state.save(self.folder / "before-decay.safetensors", progress)
            print(f"learning rate falls from here on: {progress.seen} pairs seen", flush=True)

    def _report(self, losses: list[float], schedule: Schedule, now: float, rate: float) -> None:
        progress = self.progress
        print(
            f"{time.strftime('%H:%M:%S', time.gmtime(now))} step {progress.step} pairs {progress.seen} "
            f"loss {sum(losses) / len(losses):.3f} "
            f"rate x{schedule.factor(progress.step, progress.seen, now):.2f} "
            f"{progress.seen / progress.seconds:.1f} pairs/s overall, "
            f"{rate:.1f} now",
            flush=True,
        )


def dealt_out(numbers: npt.NDArray[np.int64], groups: npt.NDArray[np.int64], count: int) -> list[npt.NDArray[np.int64]]:
    """The numbers dealt out to at most `count` parts of about as many, whole groups at a time, the largest first."""
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    part, filled = np.zeros(len(sizes), dtype=np.int64), np.zeros(count, dtype=np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        part[group] = np.argmin(filled)
        filled[part[group]] += sizes[group]
    return [numbers[part[place] == one] for one in range(count) if filled[one]]
