"""What tunes the encoder: parts of paragraphs, sentences and questions, and the loss over them."""

import pytest
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertModel

from tests.training.conftest import tiny_config
from training.lessons import Lesson
from training.nearness import PASSAGE_TOKENS, TEMPERATURE, make_part, mean_vectors, nearness_loss
from training.sources import Question, make_paragraph

POND = make_paragraph("The pond froze. It was deep. Ducks left.", "Pond")
MILL = make_paragraph("The mill turned. It was old.", "Mill")
LESSONS = [
    Lesson(POND, (Question("Who left?", POND, (), (2,)), Question("How was it?", POND, (), (0, 1)))),
    Lesson(MILL, (Question("What moved?", MILL, (), (0,)),)),
]


def tiny() -> nn.Module:
    torch.manual_seed(5)
    network: nn.Module = BertModel(tiny_config(), add_pooling_layer=False).train()
    return network


def test_a_part_says_what_answers_each_question(tokenizer: Tokenizer) -> None:
    part = make_part([*LESSONS, LESSONS[0]], tokenizer)  # the same paragraph again is left out
    assert tokenizer.decode_batch(part.passages) == [
        "pond the pond froze. it was deep. ducks left.",
        "mill the mill turned. it was old.",
    ]
    sentences = ["the pond froze.", "it was deep.", "ducks left.", "the mill turned.", "it was old."]
    assert tokenizer.decode_batch(part.sentences) == sentences
    assert [tokenizer.decode(part.passages[row][start:end]) for row, start, end in part.places] == sentences
    assert tokenizer.decode_batch(part.questions) == ["who left?", "how was it?", "what moved?"]
    assert (part.passage_of, part.sentences_of) == ([0, 0, 1], [[2], [0, 1], [3]])


def test_a_question_whose_answer_is_cut_off_is_left_out(tokenizer: Tokenizer) -> None:
    long = make_paragraph("It is quiet here. " * 80 + "Ducks left.", "Pond")
    asked = (Question("Who left?", long, (), (80,)), Question("How is it?", long, (), (0,)))
    part = make_part([Lesson(long, asked)], tokenizer)
    assert len(part.passages[0]) == PASSAGE_TOKENS
    assert (len(part), part.sentences_of) == (1, [[0]])
    assert all(end < PASSAGE_TOKENS for _, _, end in part.places)


def test_vectors_are_means_of_states_whatever_stands_beside(tokenizer: Tokenizer) -> None:
    network, part = tiny(), make_part(LESSONS, tokenizer)
    rows = [*part.passages, *part.questions]
    wholes, within = mean_vectors(network, rows, part.places)
    states = [network(torch.tensor([row])).last_hidden_state[0] for row in rows]
    torch.testing.assert_close(wholes, torch.stack([functional.normalize(one.mean(0), dim=0) for one in states]))
    expected = [functional.normalize(states[row][start:end].mean(0), dim=0) for row, start, end in part.places]
    torch.testing.assert_close(within, torch.stack(expected))


@torch.no_grad()
def test_the_loss_asks_for_the_own_passage_and_sentence_among_all(tokenizer: Tokenizer) -> None:
    network, part = tiny(), make_part(LESSONS, tokenizer)
    asked, _ = mean_vectors(network, part.questions)
    passages, within = mean_vectors(network, part.passages, part.places)
    alone, _ = mean_vectors(network, part.sentences)

    def share(vectors: torch.Tensor, question: int, right: list[int]) -> float:
        return float((asked[question] @ vectors.T / TEMPERATURE).softmax(0)[right].sum().log())

    rights = list(zip(part.passage_of, part.sentences_of, strict=True))
    found = sum(
        share(passages, n, [own]) + share(within, n, told) + share(alone, n, told)
        for n, (own, told) in enumerate(rights)
    )
    assert nearness_loss(network, part).item() == pytest.approx(-found / 3, rel=1e-4)
