"""The reader's network: one encoder pass that gives answer spans, evidence sentences and answerability."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertConfig, BertForQuestionAnswering

HEADS_FILE = "heads.safetensors"


@dataclass(frozen=True, slots=True)
class ReaderOutput:
    """Unnormalised scores of one batch. The "no answer" span is the first token: start = end = 0."""

    start_logits: Tensor
    """Shape `(batch, tokens)`."""
    end_logits: Tensor
    """Shape `(batch, tokens)`; of an answer's last token, not one past it."""
    sentence_logits: Tensor
    """Shape `(batch, max_sentences)`; the sigmoid is the probability of being evidence; -inf for no sentence."""
    answerable_logits: Tensor
    """Shape `(batch,)`; the sigmoid is the probability that the passage answers."""


class ReaderNetwork(nn.Module):
    """A BERT encoder with a span, a sentence and an answerability head."""

    def __init__(self, spans: BertForQuestionAnswering) -> None:
        """Wraps an encoder with its span head; the other two heads start untrained."""
        super().__init__()
        self.spans = spans
        width = spans.config.hidden_size
        self.token_weight = nn.Linear(width, 1)
        self.sentence = nn.Linear(width, 1)
        self.answerable = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    @classmethod
    def from_config(cls, config: BertConfig) -> "ReaderNetwork":
        """A network with random weights."""
        return cls(BertForQuestionAnswering(config))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, sentence_index: Tensor
    ) -> ReaderOutput:
        """Scores of a batch of `[CLS] question [SEP] passage [SEP]`, padded at the end.

        All four are integers of shape `(batch, tokens)`. `token_type_ids` is 1 from the passage on.
        `sentence_index` is the number of the sentence of each passage token, from 0 in every row, and -1 elsewhere.
        """
        states = self.spans.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end = self.spans.qa_outputs(states).float().unbind(-1)
        padding = attention_mask == 0
        return ReaderOutput(
            start_logits=start.masked_fill(padding, -torch.inf),
            end_logits=end.masked_fill(padding, -torch.inf),
            sentence_logits=self._sentence_logits(states, sentence_index),
            answerable_logits=self.answerable(states[:, 0]).squeeze(-1).float(),
        )

    def _sentence_logits(self, states: Tensor, sentence_index: Tensor) -> Tensor:
        """Each sentence is the weighted mean of its tokens' states, the weights learned and summing to 1."""
        count = max(int(sentence_index.max()) + 1, 0) if sentence_index.numel() else 0
        numbers = torch.arange(count, device=states.device)
        member = sentence_index[:, None, :] == numbers[:, None]  # (batch, sentences, tokens)
        weights = self.token_weight(states).float().squeeze(-1)[:, None, :].masked_fill(~member, -torch.inf)
        empty = ~member.any(-1)
        # A row of -inf alone has no softmax: give it zeros, and hide its score below.
        shares = weights.masked_fill(empty[..., None], 0.0).softmax(-1)
        pooled = shares.to(states.dtype) @ states
        return cast(Tensor, self.sentence(pooled).squeeze(-1).float().masked_fill(empty, -torch.inf))

    def save(self, folder: Path) -> None:
        """Writes the folder that `load` and plain `transformers` read: weights as float16, without the tokenizer."""
        folder.mkdir(parents=True, exist_ok=True)
        # float32 in config.json, or transformers would also compute in float16, which CPUs do slowly.
        self.spans.config.architectures = ["BertForQuestionAnswering"]
        settings = self.spans.config.to_dict() | {"dtype": "float32"}
        settings.pop("_name_or_path", None)  # a path of the machine that trained it
        (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        save_file(_half(self.spans.state_dict()), folder / "model.safetensors", metadata={"format": "pt"})
        heads = {name: value for name, value in self.state_dict().items() if not name.startswith("spans.")}
        save_file(_half(heads), folder / HEADS_FILE, metadata={"format": "pt"})

    @classmethod
    def load(cls, folder: Path) -> "ReaderNetwork":
        """The network of a folder that `save` wrote, in float32, ready to answer.

        Raises: FileNotFoundError where a file is missing, ValueError where one is damaged or of another network.
        """
        for name in ("config.json", "model.safetensors", HEADS_FILE):
            if not (folder / name).is_file():
                raise FileNotFoundError(
                    f"The reader in {folder} has no {name}. Name a folder that holds all its files."
                )
        try:
            network = cls.from_config(BertConfig.from_json_file(str(folder / "config.json")))
            weights = load_file(folder / HEADS_FILE)
            weights |= {f"spans.{name}": value for name, value in load_file(folder / "model.safetensors").items()}
            network.load_state_dict(weights)
        except (SafetensorError, json.JSONDecodeError, RuntimeError) as error:
            raise ValueError(f"The reader in {folder} is damaged or of another kind: {error}") from error
        return network.eval()


def _half(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().to("cpu", torch.float16).contiguous() for name, value in weights.items()}
