"""What tunes the encoder: parts of paragraphs, sentences and questions, and the loss over them."""

import random
from collections.abc import Iterator
from itertools import cycle, groupby
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel

from index.sentences import shipped_folder
from index.tuned import add
from training import lessons as lessons_of
from training import tune_encoder
from training.lessons import Lesson, one_pass
from training.nearness import PASSAGE_TOKENS, TEMPERATURE, Part, make_part, mean_vectors, nearness_loss
from training.prepare import Sets
from training.sources import Question, make_paragraph
from training.state import RunState
from training.tune_encoder import TRAINING, factor, factored, run

POND = make_paragraph("The pond froze. It was deep. Ducks left.", "Pond")
MILL = make_paragraph("The mill turned. It was old.", "Mill")
LESSONS = [
    Lesson(POND, (Question("Who left?", POND, (), (2,)), Question("How was it?", POND, (), (0, 1)))),
    Lesson(MILL, (Question("What moved?", MILL, (), (0,)),)),
]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(shipped_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def tiny() -> nn.Module:
    torch.manual_seed(5)
    config = BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    network: nn.Module = BertModel(config, add_pooling_layer=False).train()
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


def test_a_run_taken_up_again_ends_with_the_same_weights_and_they_fit(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = make_part(LESSONS, tokenizer)
    pond, mill = (make_part([lesson], tokenizer) for lesson in LESSONS)
    monkeypatch.setattr(tune_encoder, "CHECKPOINT_STEPS", 4)

    def steps() -> Iterator[list[Part]]:
        return cycle([[part], [pond, part], [mill, part]])

    def trained(name: str, *counts: int) -> RunState[nn.Module]:
        state = RunState(tiny(), TRAINING)
        for count in counts:
            state = RunState(tiny(), TRAINING)
            monkeypatch.setattr(tune_encoder, "STEPS", count)
            run(state, steps(), tmp_path / name)
        return state

    monkeypatch.setattr(tune_encoder, "factor", lambda step: 1.0)
    whole, again = trained("whole", 8), trained("again", 4, 8)
    for name, weight in whole.trained.items():
        assert torch.equal(weight, again.trained[name]), name
    before = tiny()
    assert nearness_loss(whole.network, part) < 0.9 * nearness_loss(before, part)

    old = dict(before.named_parameters())
    changes = {name: weight.detach() - old[name].detach() for name, weight in whole.trained.items()}
    tune_encoder.save_file(factored(changes, rank=16), tmp_path / "added.safetensors")
    add(before, tmp_path / "added.safetensors")
    torch.testing.assert_close(
        nn.utils.parameters_to_vector(before.parameters()),
        nn.utils.parameters_to_vector(whole.network.parameters()),
        atol=1e-4,
        rtol=1e-3,
    )


def test_other_constants_are_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {tune_encoder.run_of("a"), tune_encoder.run_of("b")}
    monkeypatch.setattr(lessons_of, "QUESTIONS", 4)
    assert len(before | {tune_encoder.run_of("a")}) == 3


def test_of_a_matrix_the_largest_part_is_kept() -> None:
    torch.manual_seed(2)
    change = torch.outer(torch.ones(6), torch.ones(5)) + 0.01 * torch.randn(6, 5)
    kept = factored({"weight": change, "bias": torch.ones(6)}, rank=1)
    assert {name: tuple(value.shape) for name, value in kept.items()} == {
        "weight.left": (6, 1), "weight.right": (1, 5), "bias": (6,)
    }  # fmt: skip
    torch.testing.assert_close(kept["weight.left"].float() @ kept["weight.right"].float(), change, atol=0.05, rtol=0)


def test_the_rate_rises_and_falls() -> None:
    rates = [factor(step) for step in range(tune_encoder.STEPS)]
    top = rates.index(max(rates))
    assert 0 < rates[0] < 0.05
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == tune_encoder.FLOOR


def test_paragraphs_of_one_article_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(source: str, articles: int, each: int) -> list[Question]:
        found = []
        for article in range(articles):
            for number in range(each):
                paragraph = make_paragraph(f"{source} {article} {number}. More.", f"{source} {article}")
                found += [Question(f"{n}?", paragraph, (), (0,)) for n in range(7)]
                found.append(Question("unanswered?", paragraph))
        return found

    written, squad = made("written", 3, 10), made("squad", 4, 3)
    claims = made("claim", 2, 1)
    monkeypatch.setattr(lessons_of, "read_written", lambda paragraphs: iter(written))
    monkeypatch.setattr(lessons_of, "SQUAD", 5)
    sets = Sets(squad=[*squad, *written], squad2=[], nq=[], rationales=claims, documents=None)
    found = one_pass(sets, random.Random(1))
    articles = [lesson.paragraph.article for lesson in found]
    assert {source: sum(one.startswith(source) for one in articles) for source in ("written", "squad", "claim")} == {
        "written": 30, "squad": 5, "claim": 2 * lessons_of.CLAIM_COPIES
    }  # fmt: skip
    runs = [len(list(run)) for name, run in groupby(articles) if name.startswith("written")]
    assert min(runs) >= 2
    assert all(len(lesson.questions) == lessons_of.QUESTIONS for lesson in found)
    assert all(question.evidence for lesson in found for question in lesson.questions)
    assert [lesson.paragraph.text for lesson in one_pass(sets, random.Random(1))] == [
        lesson.paragraph.text for lesson in found
    ]
