"""Any Hugging Face question-answering model as a reader's network: spans only, no heads of ours."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModelForQuestionAnswering

from assistant.reading.network import ReaderOutput


class SpanOnlyNetwork(nn.Module):
    """A span model; the evidence of a sentence is the span mass inside it, and answerability says nothing."""

    def __init__(self, spans: nn.Module) -> None:
        super().__init__()
        self.spans = spans

    @classmethod
    def load(cls, folder: Path) -> "SpanOnlyNetwork":
        """The model in `folder`, never from the network. Raises: OSError, ValueError."""
        return cls(AutoModelForQuestionAnswering.from_pretrained(folder, local_files_only=True)).eval()

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, sentence_index: Tensor
    ) -> ReaderOutput:
        """Shapes as in `ReaderNetwork.forward`; models without token types do not get them."""
        types = {"token_type_ids": token_type_ids} if self._has_types() else {}
        output = self.spans(input_ids=input_ids, attention_mask=attention_mask, **types)
        padding = attention_mask == 0
        start = output.start_logits.float().masked_fill(padding, -torch.inf)
        end = output.end_logits.float().masked_fill(padding, -torch.inf)
        mass = _mass(start, sentence_index) * _mass(end, sentence_index)
        return ReaderOutput(start, end, torch.logit(mass.sqrt(), eps=1e-6), torch.zeros(len(input_ids)))

    def _has_types(self) -> bool:
        return getattr(self.spans.config, "type_vocab_size", 0) > 1


def _mass(logits: Tensor, sentence_index: Tensor) -> Tensor:
    """The share of the softmax over all tokens, the null span's included, that lies in each sentence."""
    count = int(sentence_index.max()) + 1
    member = sentence_index[:, None, :] == torch.arange(count)[:, None]
    return (logits.softmax(-1)[:, None, :] * member).sum(-1)
