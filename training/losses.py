"""What the three heads are trained to do."""

import torch
from torch import Tensor
from torch.nn import functional

from assistant.reading.network import ReaderOutput
from training.batches import Batch
from training.encode import IGNORED
from training.recipe import Training


def reading_loss(output: ReaderOutput, batch: Batch, training: Training) -> Tensor:
    """Cross entropy of start and end, plus weighted binary cross entropy of sentences and of answerability.

    Each is a mean: over pairs whose span is marked, over sentences, over pairs.
    """
    return (
        span_loss(output, batch.spans)
        + training.sentence_weight * sentence_loss(output, batch)
        + training.answerable_weight
        * functional.binary_cross_entropy_with_logits(output.answerable_logits, batch.answerable)
    )


def span_loss(output: ReaderOutput, spans: Tensor) -> Tensor:
    """Mean of the start's and the end's cross entropy; 0 where no pair of the batch has a marked span."""
    if bool((spans == IGNORED).all()):
        return output.start_logits[:, 0].sum() * 0.0
    start = functional.cross_entropy(output.start_logits, spans[:, 0], ignore_index=IGNORED)
    end = functional.cross_entropy(output.end_logits, spans[:, 1], ignore_index=IGNORED)
    return (start + end) / 2


def sentence_loss(output: ReaderOutput, batch: Batch) -> Tensor:
    """Mean binary cross entropy over all sentences of the batch."""
    present = torch.isfinite(output.sentence_logits)
    return functional.binary_cross_entropy_with_logits(
        output.sentence_logits[present], sentence_targets(batch, output.sentence_logits.shape[1])[present]
    )


def sentence_targets(batch: Batch, count: int) -> Tensor:
    """1.0 for sentences with a token marked as evidence, shape `(batch, count)`."""
    targets = torch.zeros(len(batch.evidence), count, device=batch.evidence.device)
    return targets.scatter_reduce(1, batch.sentence_index.clamp(min=0), batch.evidence.float(), "amax")
