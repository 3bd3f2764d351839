"""The loss that tunes the encoder: each question nearest to what answers it, among all that stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training.encode import CLS, SEP, Pieces, pieces_of
from training.lessons import Lesson

TEMPERATURE = 0.05  # hand-set
PASSAGE_TOKENS, SENTENCE_TOKENS, QUESTION_TOKENS = 256, 74, 64  # with special tokens; what is longer is cut
PASSES = 4  # of texts of about one length, so that little is padding

Row = list[int]


@dataclass(frozen=True, slots=True)
class Part:
    """Word pieces of paragraphs under their titles, of their sentences and of questions, and what belongs together.

    `places` are (paragraph, first token, one past the last) of each sentence; `passage_of` and `sentences_of` the
    numbers of the paragraph and the sentences that answer each question.
    """

    passages: list[Row]
    sentences: list[Row]
    places: list[tuple[int, int, int]]
    questions: list[Row]
    passage_of: list[int]
    sentences_of: list[list[int]]

    def __len__(self) -> int:
        return len(self.questions)


def make_part(lessons: Sequence[Lesson], tokenizer: Tokenizer) -> Part:
    """The lessons' texts; a question whose evidence is wholly cut off is left out.

    Of a paragraph that comes twice, with claims or questions of two sources, only the first lesson is used: it would
    otherwise stand among those that do not answer.
    """
    part, seen = Part([], [], [], [], [], []), set[str]()
    for lesson in lessons:
        if lesson.paragraph.text not in seen:
            seen.add(lesson.paragraph.text)
            _add(part, lesson, tokenizer)
    return part


def _add(part: Part, lesson: Lesson, tokenizer: Tokenizer) -> None:
    title = _pieces(tokenizer, f"{lesson.paragraph.article}\n")
    pieces, first = pieces_of(lesson.paragraph, tokenizer), 1 + len(title)
    row, numbers = _row([*title, *pieces.ids], PASSAGE_TOKENS), dict[int, int]()
    for number, (start, end) in _ranges(pieces, len(row) - 1 - first).items():
        numbers[number] = len(part.sentences)
        part.sentences.append(_row(pieces.ids[start:end], SENTENCE_TOKENS))
        part.places.append((len(part.passages), first + start, first + end))
    for question in lesson.questions:
        if told := [numbers[number] for number in question.evidence if number in numbers]:
            part.questions.append(_row(_pieces(tokenizer, question.text), QUESTION_TOKENS))
            part.passage_of.append(len(part.passages))
            part.sentences_of.append(told)
    part.passages.append(row)


def _ranges(pieces: Pieces, room: int) -> dict[int, tuple[int, int]]:
    """First and one past the last token of each sentence that has any among the first `room`."""
    found = dict[int, tuple[int, int]]()
    for place, number in enumerate(pieces.sentences[: max(room, 0)]):
        found[number] = (found.get(number, (place, place))[0], place + 1)
    return found


def _pieces(tokenizer: Tokenizer, text: str) -> Row:
    ids: Row = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _row(ids: Row, most: int) -> Row:
    return [CLS, *ids[: most - 2], SEP]


def nearness_loss(network: nn.Module, part: Part) -> Tensor:
    """Mean cross entropy of each question's own passage, own sentences, and own sentences as part of their passage.

    Softmax over the cosines with all of the part; of several right sentences together. A sentence alone is what asking
    compares; read in its passage it shares what the passage's own vector is made of.
    """
    asked, _ = mean_vectors(network, part.questions)
    passages, within = mean_vectors(network, part.passages, part.places)
    alone, _ = mean_vectors(network, part.sentences)
    own = torch.tensor(part.passage_of)
    told = torch.zeros(len(part), len(part.sentences), dtype=torch.bool)
    for row, numbers in enumerate(part.sentences_of):
        told[row, numbers] = True
    cosines = [asked @ vectors.T / TEMPERATURE for vectors in (passages, within, alone)]
    return functional.cross_entropy(cosines[0], own) + sum((_of_several(one, told) for one in cosines[1:]), start=0.0)


def _of_several(scores: Tensor, right: Tensor) -> Tensor:
    return (scores.logsumexp(-1) - scores.masked_fill(~right, -torch.inf).logsumexp(-1)).mean()


def mean_vectors(
    network: nn.Module, rows: Sequence[Row], places: Sequence[tuple[int, int, int]] = ()
) -> tuple[Tensor, Tensor]:
    """Unit vectors of the rows, and of the places (row, first token, one past the last) in them: means of states."""
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    size = max(1, -(-len(order) // PASSES))
    wholes, parts, numbers = list[Tensor](), list[Tensor](), list[int]()
    for first in range(0, len(order), size):
        chosen = order[first : first + size]
        ids, mask = _padded([rows[row] for row in chosen])
        states = network(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        wholes.append((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))
        held = {row: line for line, row in enumerate(chosen)}
        own = [(number, place) for number, place in enumerate(places) if place[0] in held]
        numbers += [number for number, _ in own]
        shares = torch.zeros(len(own), *ids.shape)
        for line, (_, (row, start, end)) in enumerate(own):
            shares[line, held[row], start:end] = 1 / (end - start)
        parts.append(torch.einsum("nrt,rtw->nw", shares, states))
    return _unit(torch.cat(wholes), order), _unit(torch.cat(parts), numbers)


def _unit(vectors: Tensor, numbers: Sequence[int]) -> Tensor:
    """Vectors of length 1 in the order of their numbers."""
    return functional.normalize(vectors[torch.tensor(numbers, dtype=torch.int64).argsort()], dim=-1)


def _padded(rows: Sequence[Row]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return ids, mask
