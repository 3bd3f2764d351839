from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.decode import ANSWER_TOKENS, WindowScores, decode, reading
from assistant.reading.windows import Window
from corpus.documents import Span


def window(text_tokens: int, question_tokens: int = 3, sentence: int = 1000) -> Window:
    """[CLS] question [SEP] text [SEP]; text token i covers characters 2i to 2i+1, `sentence` tokens a sentence."""
    offsets = [None] * (question_tokens + 2) + [Span(2 * i, 2 * i + 1) for i in range(text_tokens)] + [None]
    size = len(offsets)
    numbers = tuple(-1 if offset is None else offset.start // 2 // sentence for offset in offsets)
    return Window(0, (1,) * size, (0,) * size, tuple(offsets), numbers)


def brute_force(found: Window, start: list[float], end: list[float]) -> float:
    """Every valid span, tried one by one."""
    inside = [i for i, offset in enumerate(found.offsets) if offset is not None]
    spans = [(i, j) for i in inside for j in inside if i <= j < i + ANSWER_TOKENS]
    numbers = found.sentences
    return max(start[i] + end[j] for i, j in spans if numbers[i] == numbers[j] is not None)


@given(st.integers(1, 60), st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_the_best_valid_span_is_found(text_tokens: int, seed: int, sentence: int) -> None:
    found = window(text_tokens, sentence=sentence)
    start, end = np.random.default_rng(seed).normal(size=(2, len(found.ids))).astype(np.float32)
    decoded = decode(found, WindowScores(start, end, {}, 0.5))
    assert np.isclose(decoded.answer_score, brute_force(found, start.tolist(), end.tolist()))
    assert decoded.answer is not None
    assert 0 <= decoded.answer.start < decoded.answer.end <= 2 * text_tokens
    assert np.isclose(decoded.null_score, start[0] + end[0] - 0.5)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_each_sentence_has_its_best_span_and_they_come_best_first(text_tokens: int, seed: int, sentence: int) -> None:
    found = window(text_tokens, sentence=sentence)
    start, end = np.random.default_rng(seed).normal(size=(2, len(found.ids))).astype(np.float32)
    decoded = decode(found, WindowScores(start, end, {}, 0.5))
    assert sorted(one.sentence for one in decoded.spans) == sorted(set(found.sentences) - {-1})
    assert [one.score for one in decoded.spans] == sorted((one.score for one in decoded.spans), reverse=True)
    for one in decoded.spans:
        first, last = (5 + place // 2 for place in (one.span.start, one.span.end - 1))  # after [CLS], 3 tokens, [SEP]
        assert 0 <= last - first < ANSWER_TOKENS
        assert found.sentences[first] == found.sentences[last] == one.sentence
        alone = replace(found, sentences=tuple(n if n == one.sentence else None for n in found.sentences))
        assert one.score == start[first] + end[last]
        assert np.isclose(one.score, brute_force(alone, start.tolist(), end.tolist()))


def test_the_question_is_never_the_answer() -> None:
    found = window(2)
    start = np.full(len(found.ids), -5.0, dtype=np.float32)
    start[1] = 9.0
    assert decode(found, WindowScores(start, start, {}, 0.0)).answer == Span(0, 1)


def test_a_window_without_text_has_no_answer() -> None:
    found = window(0)
    zeros = np.zeros(len(found.ids), dtype=np.float32)
    assert decode(found, WindowScores(zeros, zeros, {}, 0.0)).answer is None


def test_a_text_in_two_windows_takes_the_surer_one_and_the_higher_evidence() -> None:
    found = window(3)
    low, high = (np.full(len(found.ids), v, dtype=np.float32) for v in (0.0, 1.0))
    high[0] = 0.0
    first = decode(found, WindowScores(low, low, {}, 0.0))
    second = decode(found, WindowScores(high, high, {}, 0.0))
    read = reading([Span(0, 3), Span(4, 5)], [first, second], [{0: 0.2}, {0: 0.7, 1: 0.1}])
    assert read.answer_score == second.answer_score
    assert read.sentences == ((0, 3, 0.7), (4, 5, 0.1))


def test_the_other_sentences_keep_the_surest_span_of_all_windows() -> None:
    found = window(6, sentence=2)  # sentences of the characters 0-3, 4-7 and 8-11
    first, second = (np.zeros(len(found.ids), dtype=np.float32) for _ in range(2))
    first[[5, 7, 9]] = 4.0, 2.0, 1.0  # of a window whose null score is 0
    second[[5, 7, 9]] = 3.0, 1.0, 3.0
    second[0] = 0.5  # null score 1.0
    decoded = [decode(found, WindowScores(scores, scores, {}, 0.0)) for scores in (first, second)]
    read = reading([Span(0, 3), Span(4, 7), Span(8, 11)], decoded, [{}, {}])
    assert (read.answer, read.answer_score) == (Span(0, 1), 8.0)
    assert read.others == ((8, 9, 5.0), (4, 5, 4.0))
    assert read.spans == [(Span(0, 1), 8.0), (Span(8, 9), 5.0), (Span(4, 5), 4.0)]


def test_an_empty_text_has_an_empty_reading() -> None:
    assert reading([], [], []).answer is None
