"""What the three heads are trained to do."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from assistant.reading.network import ReaderNetwork, ReaderOutput
from training.batches import Batch
from training.encode import IGNORED
from training.recipe import Training


@dataclass(frozen=True, slots=True)
class ReadingLoss:
    """The loss of a network that reads a batch on a device."""

    training: Training
    device: torch.device

    def __call__(self, network: ReaderNetwork, batch: Batch) -> Tensor:
        """What `reading_loss` says of what the network makes of the batch."""
        own = batch.to(self.device)
        output = network(own.input_ids, own.attention_mask, own.token_type_ids, own.sentence_index)
        return reading_loss(output, own, self.training)


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
    """The cross entropy of the right sentences among all sentences that their question is read with.

    A sentence counts nearly as it does when candidates are put in order, but without its passage's retrieval score: its
    best start and best end, each for itself, minus those of no answer, and the log-odds that it is evidence and that
    its passage answers. The mean over the questions that some, and not all, of their passages answer; 0 without any.
    Source: C. Clark and M. Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", 2018, who share the
    normalisation of starts and ends among a question's paragraphs.
    """
    count = output.sentence_logits.shape[1]
    scores, right = sentence_scores(output, batch.sentence_index), sentence_targets(batch, count) > 0
    losses = []
    for group in torch.unique(batch.groups):
        rows = batch.groups == group
        if 0 < batch.answerable[rows].sum() < rows.sum():
            hidden = scores[rows].masked_fill(~right[rows], -torch.inf)
            losses.append(scores[rows].logsumexp((0, 1)) - hidden.logsumexp((0, 1)))
    return sum(losses, start=output.answerable_logits.sum() * 0.0) / max(1, len(losses))


def sentence_scores(output: ReaderOutput, sentence_index: Tensor) -> Tensor:
    """What each sentence counts among its question's, shape `(batch, max_sentences)`; -inf for no sentence."""
    numbers = torch.arange(output.sentence_logits.shape[1], device=sentence_index.device)
    member = sentence_index[:, None, :] == numbers[:, None]
    best = [
        logits[:, None, :].masked_fill(~member, -torch.inf).amax(-1) - logits[:, :1]
        for logits in (output.start_logits, output.end_logits)
    ]
    return best[0] + best[1] + output.sentence_logits + output.answerable_logits[:, None]
