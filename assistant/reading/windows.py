"""Windows of (question, text) as the reader's network takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transformers import BatchEncoding, PreTrainedTokenizerBase

from corpus.documents import Span
from corpus.errors import UsageError
from corpus.tables import rows_apart

MAX_TOKENS = 384  # training saw 256; longer texts are cut into windows that share `STRIDE` tokens
STRIDE = 96
QUESTION_TOKENS = 192  # leaves half of a window for the text; a longer question is refused, never cut


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of `[CLS] question [SEP] part of a text [SEP]`.

    `offsets[i]` is the range of token i in the text, null for every token that is not the text's;
    `sentences[i]` the number of its sentence in the text, -1 outside.
    """

    text: int
    ids: tuple[int, ...]
    types: tuple[int, ...]
    offsets: tuple[Span | None, ...]
    sentences: tuple[int, ...]


def windows(
    tokenizer: PreTrainedTokenizerBase, question: str, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
) -> list[Window]:
    """The windows of all texts, in order.

    Raises: UsageError for a question that has more word pieces than the reader can take.
    """
    pieces = len(tokenizer(question, add_special_tokens=False)["input_ids"])
    if pieces > QUESTION_TOKENS:
        raise UsageError(f"The question has {pieces} word pieces; at most {QUESTION_TOKENS} can be read. Shorten it.")
    if not texts:
        return []
    encoded = tokenizer(
        [question] * len(texts),
        [rows_apart(text) for text in texts],
        truncation="only_second",
        max_length=MAX_TOKENS,
        stride=STRIDE,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_token_type_ids=True,
    )
    return [_window(encoded, row, sentences) for row in range(len(encoded["input_ids"]))]


def _window(encoded: BatchEncoding, row: int, sentences: Sequence[Sequence[Span]]) -> Window:
    text = encoded["overflow_to_sample_mapping"][row]
    pairs = zip(encoded["offset_mapping"][row], encoded.sequence_ids(row), strict=True)
    offsets = tuple(Span(*offset) if part == 1 else None for offset, part in pairs)
    numbers = tuple(_numbers(offsets, sentences[text]))
    return Window(text, tuple(encoded["input_ids"][row]), tuple(encoded["token_type_ids"][row]), offsets, numbers)


def _numbers(offsets: Sequence[Span | None], sentences: Sequence[Span]) -> Iterator[int]:
    """The sentence number of each token; both run forward through the text, so one pass is enough."""
    at = 0
    for offset in offsets:
        if offset is None:
            yield -1
            continue
        while at < len(sentences) and sentences[at].end <= offset.start:
            at += 1
        yield at if at < len(sentences) and sentences[at].start <= offset.start else -1
