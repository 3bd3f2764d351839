"""The trained reader: one forward pass per (question, window) gives span, evidence and answerability."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging

from assistant.answers import Reading
from assistant.reading.decode import WindowScores, decode, reading
from assistant.reading.network import HEADS_FILE, ReaderNetwork
from assistant.reading.revision import revision_of
from assistant.reading.span_only import SpanOnlyNetwork
from assistant.reading.windows import Window, windows
from corpus.errors import ModelNotFound
from corpus.sentences import split
from index.batches import batches
from index.cores import spread
from index.precision import inference, prepare
from index.sentences import silence


class TrainedReader:
    """The shipped reader, or another that `training/` made; plain question-answering models read too."""

    def __init__(
        self, name: str, revision: str, network: ReaderNetwork | SpanOnlyNetwork, tokenizer: PreTrainedTokenizerBase
    ) -> None:
        self.name = name
        self.revision = revision
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._tokenizing = threading.Lock()  # a tokenizer's truncation is a state that threads share

    @classmethod
    def load(cls, folder: Path, *, name: str | None = None) -> "TrainedReader":
        """The reader in `folder`, never from the network; it is called by its path unless named.

        Raises: ModelNotFound where the folder is missing, incomplete or damaged.
        """
        if not (folder / "config.json").is_file():
            raise ModelNotFound(f"There is no reader in {folder}. Name a folder with config.json and model files.")
        silence()
        logging.disable_progress_bar()
        kind = ReaderNetwork if (folder / HEADS_FILE).is_file() else SpanOnlyNetwork
        try:
            network = kind.load(folder)
            tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelNotFound(f"The reader in {folder} cannot be loaded: {error} Copy the folder again.") from error
        prepare(network)
        return cls(name if name is not None else str(folder), revision_of(folder), network, tokenizer)

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """One reading per text, in the same order; texts may have any length.

        Raises: UsageError for a question that is too long to be read whole.
        """
        sentences = [split(text) for text in texts]
        with self._tokenizing:
            found = windows(self._tokenizer, question, texts, sentences)
        scores = self._scores(found)
        rows: list[list[int]] = [[] for _ in texts]
        for row, window in enumerate(found):
            rows[window.text].append(row)
        return [
            reading(spans, [decode(found[row], scores[row]) for row in own], [scores[row].evidence for row in own])
            for spans, own in zip(sentences, rows, strict=True)
        ]

    def _scores(self, found: Sequence[Window]) -> list[WindowScores]:
        """The network's scores of each window, in order."""
        scores: dict[int, WindowScores] = {}
        lengths = [len(window.ids) for window in found]
        for batch, made in spread(lambda batch: self._pass([found[row] for row in batch]), batches(lengths)):
            scores.update(zip(batch, made, strict=True))
        return [scores[row] for row in range(len(found))]

    def _pass(self, batch: Sequence[Window]) -> list[WindowScores]:
        with inference():
            return list(self._forward(batch))

    def _forward(self, batch: Sequence[Window]) -> Iterator[WindowScores]:
        # Sentences are numbered from the first of the window, so that a long text makes no wide tensors.
        firsts = [min((n for n in window.sentences if n >= 0), default=0) for window in batch]
        numbers = [[n - first if n >= 0 else -1 for n in w.sentences] for w, first in zip(batch, firsts, strict=True)]
        output = self._network(
            _padded([window.ids for window in batch], 0),
            _padded([[1] * len(window.ids) for window in batch], 0),
            _padded([window.types for window in batch], 0),
            _padded(numbers, -1),
        )
        start, end = output.start_logits.float().numpy(), output.end_logits.float().numpy()
        evidence = torch.sigmoid(output.sentence_logits.float()).numpy()
        answerable = output.answerable_logits.float().tolist()
        for row, (window, first) in enumerate(zip(batch, firsts, strict=True)):
            size, present = len(window.ids), sorted({n for n in window.sentences if n >= 0})
            held = {n: float(evidence[row, n - first]) for n in present}
            yield WindowScores(start[row, :size], end[row, :size], held, answerable[row])


def _padded(rows: Sequence[Sequence[int]], filler: int) -> torch.Tensor:
    """Rows of different length as one int64 tensor (rows, longest)."""
    table = np.full((len(rows), max(map(len, rows))), filler, dtype=np.int64)
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return torch.from_numpy(table)
