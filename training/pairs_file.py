"""Tokenised pairs in one NumPy file: all tokens end to end, where each pair begins, and which belong together."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.encode import Example


class Pairs:
    """The pairs of one file, in its order."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as arrays:
            self._tokens: npt.NDArray[np.int32] = arrays["tokens"]
            self._labels: npt.NDArray[np.int32] = arrays["labels"]
            self._bounds: npt.NDArray[np.int64] = arrays["bounds"]
            self.groups: npt.NDArray[np.int64] = arrays["groups"]
            """Which pairs belong together, counted from 0 in the file's order, shape `(pairs,)`."""

    def __len__(self) -> int:
        return len(self._labels)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each pair, shape `(pairs,)`."""
        return np.diff(self._bounds)

    def tokens(self, number: int) -> npt.NDArray[np.int32]:
        """Token ids, sentence numbers and evidence marks of one pair, shape `(3, tokens)`."""
        return self._tokens[:, self._bounds[number] : self._bounds[number + 1]]

    def labels(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Passage start, answer start, answer end and answerable of the pairs, shape `(pairs, 4)`."""
        return self._labels[numbers]


def write_pairs(groups: Sequence[Sequence[Example]], path: Path) -> None:
    """Writes all pairs, those of one group side by side; the file appears only when it is whole."""
    examples = [example for group in groups for example in group]
    numbers = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    rows = [np.array([e.token_ids, e.sentence_index, e.evidence], dtype=np.int32) for e in examples]
    labels = np.array([(e.passage_start, e.start, e.end, e.answerable) for e in examples], dtype=np.int32)
    bounds = np.cumsum([0, *(len(e.token_ids) for e in examples)], dtype=np.int64)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished.npz")
    tokens = np.concatenate(rows, axis=1)
    np.savez(unfinished, tokens=tokens, labels=labels.reshape(-1, 4), bounds=bounds, groups=numbers)
    unfinished.replace(path)
