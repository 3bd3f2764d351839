"""Batches of pairs of like length, in an order that depends on the seed alone."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from training.pairs_file import Pairs

# Batches of one pool are sorted by length together: large enough that little is padding,
# small enough that any beginning of the order still has the mixture of the whole.
BATCHES_PER_POOL = 64


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded pairs; all tensors but the last two are `(batch, tokens)`."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    sentence_index: Tensor
    evidence: Tensor
    spans: Tensor
    """First and last token of the answers, shape `(batch, 2)`."""
    answerable: Tensor
    """1.0 or 0.0, shape `(batch,)`."""

    def to(self, device: torch.device) -> "Batch":
        """The same batch on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def batch_order(lengths: npt.NDArray[np.int64], size: int, seed: int, seen: int = 0) -> Iterator[npt.NDArray[np.int64]]:
    """Numbers of the pairs of each batch without end, those left out that make up the first `seen` pairs.

    The first pass keeps the file's order from pool to pool; later ones shuffle it first.
    """
    passed, seen = divmod(seen, len(lengths))
    while True:
        rng = np.random.default_rng((seed, passed))
        order = np.arange(len(lengths)) if passed == 0 else rng.permutation(len(lengths))
        yield from list(_one_pass(order, lengths, size, rng))[-(-seen // size) :]
        passed, seen = passed + 1, 0


def _one_pass(
    order: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], size: int, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.int64]]:
    pool = size * BATCHES_PER_POOL
    for begin in range(0, len(order), pool):
        numbers = order[begin : begin + pool]
        numbers = numbers[np.argsort(lengths[numbers], kind="stable")]
        batches = [numbers[n : n + size] for n in range(0, len(numbers), size)]
        yield from (batches[n] for n in rng.permutation(len(batches)))


def collate(pairs: Pairs, numbers: npt.NDArray[np.int64]) -> Batch:
    """The pairs, padded to the longest of them."""
    rows = [pairs.tokens(int(number)) for number in numbers]
    labels = torch.from_numpy(pairs.labels(numbers).astype(np.int64))
    padded = np.zeros((3, len(rows), max(row.shape[1] for row in rows)), dtype=np.int64)
    padded[1] = -1
    mask = np.zeros(padded.shape[1:], dtype=np.int64)
    for place, row in enumerate(rows):
        padded[:, place, : row.shape[1]] = row
        mask[place, : row.shape[1]] = 1
    ids, sentences, evidence = torch.from_numpy(padded)
    attention = torch.from_numpy(mask)
    types = attention * (torch.arange(ids.shape[1]) >= labels[:, :1])
    return Batch(ids, attention, types, sentences, evidence, labels[:, 1:3], labels[:, 3].float())
