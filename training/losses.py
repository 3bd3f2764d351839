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

    Each is a mean: over pairs whose span is marked, over sentences, over pairs. Questions that are read beside several
    passages add what `beside_loss` says.
    """
    loss = (
        span_loss(output, batch.spans)
        + training.sentence_weight * sentence_loss(output, batch)
        + training.answerable_weight
        * functional.binary_cross_entropy_with_logits(output.answerable_logits, batch.answerable)
    )
    return loss + training.beside_weight * beside_loss(output, batch) if training.beside_weight else loss


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


def beside_loss(output: ReaderOutput, batch: Batch) -> Tensor:
    """How far the right passage falls behind the others of its question: 0 where no question has several.

    The cross entropy of the right starts and ends among those of all its passages, of the right sentences among all
    sentences, and of the passage that answers among all; the mean over the questions of which some passages answer.
    Source: C. Clark and M. Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", 2018 (starts, ends).
    """
    inside = (batch.token_type_ids == 1) & (batch.attention_mask == 1)
    places = torch.arange(inside.shape[1], device=inside.device)
    right = [places == batch.spans[:, end, None] for end in (0, 1)]
    scores = [
        (output.start_logits.masked_fill(~inside, -torch.inf), right[0] & inside),
        (output.end_logits.masked_fill(~inside, -torch.inf), right[1] & inside),
        (output.sentence_logits, sentence_targets(batch, output.sentence_logits.shape[1]) > 0),
        (output.answerable_logits[:, None], batch.answerable[:, None] > 0),
    ]
    losses, questions = [], 0
    for group in torch.unique(batch.groups):
        rows = batch.groups == group
        if 0 < batch.answerable[rows].sum() < rows.sum():
            questions += 1
            losses += [_behind(logits[rows], targets[rows]) for logits, targets in scores if targets[rows].any()]
    return sum(losses, start=output.answerable_logits.sum() * 0.0) / max(1, questions)


def _behind(logits: Tensor, targets: Tensor) -> Tensor:
    """Minus the log of the share that the targets have in the softmax over all."""
    return logits.logsumexp((0, 1)) - logits.masked_fill(~targets, -torch.inf).logsumexp((0, 1))
