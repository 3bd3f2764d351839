"""Batches of pairs of like length, in an order that depends on the seed alone; groups of pairs stay together."""

from collections.abc import Iterator, Sequence
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
    """Padded pairs; all tensors but the last three are `(batch, tokens)`."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    sentence_index: Tensor
    evidence: Tensor
    spans: Tensor
    """First and last token of the answers, shape `(batch, 2)`."""
    answerable: Tensor
    """1.0 or 0.0, shape `(batch,)`."""
    groups: Tensor
    """Pairs with the same number are one question beside several passages, shape `(batch,)`."""

    def __len__(self) -> int:
        return len(self.answerable)

    def to(self, device: torch.device) -> "Batch":
        """The same batch on a device."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def batch_order(pairs: Pairs, size: int, seed: int, seen: int = 0) -> Iterator[npt.NDArray[np.int64]]:
    """Numbers of the pairs of each batch without end, those left out that make up the first `seen` pairs.

    A batch is as full as the groups allow: its last one may begin, but not end, within `size`. The first pass keeps the
    file's order from pool to pool; later ones shuffle it first.
    """
    first = np.flatnonzero(np.diff(pairs.groups, prepend=-1))
    groups = np.split(np.arange(len(pairs)), first[1:])
    lengths = np.maximum.reduceat(pairs.lengths, first)
    passed, seen = divmod(seen, len(pairs))
    while True:
        rng = np.random.default_rng((seed, passed))
        order = np.arange(len(groups)) if passed == 0 else rng.permutation(len(groups))
        for batch in _one_pass(order, groups, lengths, size, rng):
            seen -= len(batch)
            if seen < 0:
                yield batch
        passed, seen = passed + 1, 0


def _one_pass(
    order: npt.NDArray[np.int64],
    groups: Sequence[npt.NDArray[np.int64]],
    lengths: npt.NDArray[np.int64],
    size: int,
    rng: np.random.Generator,
) -> Iterator[npt.NDArray[np.int64]]:
    sizes = np.array([len(group) for group in groups])
    pools = (sizes[order].cumsum() - sizes[order]) // (size * BATCHES_PER_POOL)
    for pool in range(int(pools[-1]) + 1):
        numbers = order[pools == pool]
        numbers = numbers[np.argsort(lengths[numbers], kind="stable")]
        places = (sizes[numbers].cumsum() - sizes[numbers]) // size
        batches = [np.concatenate([groups[n] for n in numbers[places == place]]) for place in np.unique(places)]
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
    groups = torch.from_numpy(pairs.groups[numbers])
    types = attention * (torch.arange(ids.shape[1]) >= labels[:, :1])
    return Batch(ids, attention, types, sentences, evidence, labels[:, 1:3], labels[:, 3].float(), groups)
