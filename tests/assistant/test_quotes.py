from dataclasses import replace

import pytest

from assistant.answers import Reading
from assistant.quotes import candidates
from assistant.retrieve import Hit
from assistant.settings import QuoteSettings
from corpus.documents import Passage, Span

TEXT = "Ketamine acts fast. It blocks the NMDA receptor. Esketamine is a spray. Dogs bark."
#       0                   20                           49                     72
SPANS = [(0, 19), (20, 48), (49, 71), (72, 82)]
OFFSET = 100


def hit(text: str = TEXT, score: float = 1.0) -> Hit:
    return Hit(1, Passage("a" * 64, OFFSET, OFFSET + len(text), text, "Title"), 0.5, 3.0, score)


def read(answer: Span | None, evidence: list[float], margin: float = 2.0) -> Reading:
    sentences = tuple((*span, p) for span, p in zip(SPANS, evidence, strict=True))
    return Reading(answer, margin, 0.0, sentences)


def first_quote(reading: Reading, limits: QuoteSettings | None = None) -> str:
    limits = limits if limits is not None else QuoteSettings()
    best = candidates([hit()], [reading], limits)[0]
    return TEXT[best.quote.start - OFFSET : best.quote.end - OFFSET]


def test_the_quote_is_the_sentence_that_holds_the_answer() -> None:
    assert first_quote(read(Span(34, 47), [0.1, 0.9, 0.1, 0.0])) == "It blocks the NMDA receptor."


def test_evidence_beside_the_answer_joins_the_quote() -> None:
    assert first_quote(read(Span(34, 47), [0.8, 0.9, 0.1, 0.0])) == "Ketamine acts fast. It blocks the NMDA receptor."


def test_a_quote_never_has_more_sentences_or_words_than_allowed() -> None:
    everything = read(Span(34, 47), [0.9, 0.9, 0.9, 0.9])
    assert first_quote(everything, QuoteSettings(sentences=1)) == "It blocks the NMDA receptor."
    assert first_quote(everything, QuoteSettings(words=9)) == "It blocks the NMDA receptor. Esketamine is a spray."


def test_an_answer_over_a_sentence_end_takes_both_sentences() -> None:
    best = candidates([hit()], [read(Span(34, 59), [0.1, 0.9, 0.1, 0.0])], QuoteSettings())[0]
    assert (best.answer.start - OFFSET, best.answer.end - OFFSET) == (34, 59)
    assert TEXT[best.quote.start - OFFSET : best.quote.end - OFFSET] == TEXT[20:71]


def test_the_answer_always_lies_inside_the_quote() -> None:
    for start, end in [(0, 3), (15, 60), (0, 82), (49, 50)]:
        for candidate in candidates([hit()], [read(Span(start, end), [0.9, 0.2, 0.7, 0.6])], QuoteSettings(words=8)):
            assert candidate.quote.start <= candidate.answer.start < candidate.answer.end <= candidate.quote.end


def test_a_table_row_is_quoted_alone_however_much_its_neighbours_are_evidence() -> None:
    text = "Crane | yes | 85\nSlipway | no | 12\nBoth are closed."
    lines = [(0, 16), (17, 34), (35, 51)]
    for line in lines:
        answer = Span(line[0], line[0] + 4)
        reading = Reading(answer, 2.0, 0.0, tuple((*each, 0.9) for each in lines))
        (best,) = candidates([hit(text)], [reading], QuoteSettings())
        assert (best.quote.start - OFFSET, best.quote.end - OFFSET) == line
    prose = text.replace(" | ", " and ")
    reading = Reading(Span(0, 4), 2.0, 0.0, tuple((*span, 0.9) for span in [(0, 20), (21, 42), (43, 59)]))
    (best,) = candidates([hit(prose)], [reading], QuoteSettings())
    assert best.quote.end - OFFSET == 59, "lines of prose still join"


@pytest.mark.parametrize(
    ("text", "found", "answer"),
    [
        ("Apivar | amitraz | no", "ami", "amitraz"),
        ("Apivar | amitraz | no", "traz | no", "amitraz | no"),
        ("He took 60mg, once.", "60", "60mg"),
        ("He took 60 mg, once.", "60", "60"),
        ("Er heißt Müller-Thurgau.", "ller", "Müller"),
        ("药物是氯胺酮。", "氯胺酮", "氯胺酮"),
    ],
)
def test_a_short_answer_never_begins_or_ends_inside_a_word(text: str, found: str, answer: str) -> None:
    span = Span(text.index(found), text.index(found) + len(found))
    reading = Reading(span, 2.0, 0.0, ((0, len(text), 0.9),))
    (best,) = candidates([hit(text)], [reading], QuoteSettings())
    assert text[best.answer.start - OFFSET : best.answer.end - OFFSET] == answer


def test_a_sentence_that_is_the_second_choice_may_be_quoted_too() -> None:
    reading = replace(read(Span(34, 47), [0.1, 0.9, 0.15, 0.0], margin=3.0), others=((49, 59, 1.5), (0, 8, -2.0)))
    found = candidates([hit()], [reading], QuoteSettings())
    assert [TEXT[c.quote.start - OFFSET : c.quote.end - OFFSET] for c in found] == [
        "It blocks the NMDA receptor.", "Esketamine is a spray.", "Ketamine acts fast.",
    ]  # fmt: skip
    assert [(c.margin, c.evidence) for c in found] == [(3.0, 0.9), (1.5, 0.15), (-2.0, 0.1)]
    assert TEXT[found[1].answer.start - OFFSET : found[1].answer.end - OFFSET] == "Esketamine"
    assert candidates([hit()], [reading], QuoteSettings(spans=2)) == found[:2]


def test_a_sentence_that_is_evidence_may_be_quoted_whatever_its_rank() -> None:
    others = ((49, 59, 1.5), (0, 8, -2.0), (72, 76, -3.0))
    reading = replace(read(Span(34, 47), [0.1, 0.9, 0.1, 0.6], margin=3.0), others=others)
    found = candidates([hit()], [reading], QuoteSettings(spans=1))
    assert [(c.margin, c.evidence) for c in found] == [(3.0, 0.9), (-3.0, 0.6)]


def test_where_the_answer_is_none_the_others_still_count() -> None:
    reading = replace(read(None, [0.1, 0.9, 0.2, 0.0]), others=((49, 59, -1.5),))
    assert [c.margin for c in candidates([hit()], [reading], QuoteSettings())] == [-1.5]


def test_nothing_read_gives_no_candidates() -> None:
    assert candidates([], [], QuoteSettings()) == []
    assert candidates([hit("")], [Reading(None, 0.0, 0.0, ())], QuoteSettings()) == []
