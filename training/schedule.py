"""When the learning rate rises, holds and falls."""

from dataclasses import dataclass

from training.recipe import Training

FLOOR = 0.02


@dataclass(slots=True)
class Schedule:
    """Warm-up, a stable part, then a linear fall to 2 %.

    The fall begins when its share of all pairs is left, or earlier when told by a deadline or by hand.
    """

    training: Training
    deadline: float | None = None
    """Seconds on the same clock as `now` below, by which the run must be over; None for a run of full length."""
    decay_from: int | None = None
    """Pairs seen when the fall began; None before it."""
    decay_since: float = 0.0
    """The clock when the fall began, or when it was taken up again."""
    elapsed_share: float = 0.0
    """The least share of the fall that had passed at `decay_since`; above 0 only in a run taken up again."""

    def share_fallen(self, seen: int, now: float) -> float:
        """How much of the fall has passed, 0 to 1, by pairs or by the clock, whichever is further on."""
        if self.decay_from is None:
            return 0.0
        by_pairs = (seen - self.decay_from) / max(1, self._decay_pairs())
        by_clock = 0.0
        if self.deadline is not None and self.deadline > self.decay_since:
            part = (now - self.decay_since) / (self.deadline - self.decay_since)
            by_clock = self.elapsed_share + (1 - self.elapsed_share) * part
        return min(1.0, max(by_pairs, by_clock))

    def factor(self, step: int, seen: int, now: float) -> float:
        """What the recipe's learning rate is multiplied by in step `step`, counted from 0."""
        warm = min(1.0, (step + 1) / max(1, self.training.warmup_steps))
        return warm * (1 - (1 - FLOOR) * self.share_fallen(seen, now))

    def is_time_to_fall(self, seen: int, now: float, pairs_per_second: float) -> bool:
        """Whether the fall should begin now, so that it ends with the last pair or at the deadline."""
        if self.decay_from is not None:
            return False
        if seen >= self.training.examples * (1 - self.training.decay_share):
            return True
        share = self.training.decay_share
        needed = seen * share / (1 - share) / pairs_per_second if pairs_per_second > 0 else 0.0
        return self.deadline is not None and pairs_per_second > 0 and now + needed >= self.deadline

    def _decay_pairs(self) -> int:
        seen, share = self.decay_from or 0, self.training.decay_share
        return min(int(seen * share / (1 - share)), self.training.examples - seen)
