from collections.abc import Sequence

from assistant.answers import Reading
from assistant.reading.headed import read_hits
from assistant.retrieve import Hit
from corpus.documents import Passage, Span
from corpus.sentences import split


class Echo:
    """Answers with the first occurrence of the question's words, wherever it stands."""

    name = revision = "echo"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        self.texts = list(texts)
        return [
            Reading(
                Span(at, at + len(question)) if (at := text.find(question)) >= 0 else None,
                1.0,
                0.0,
                tuple((s.start, s.end, 0.5) for s in split(text)),
                tuple((s.start, s.end, -1.0) for s in split(text)),
            )
            for text in texts
        ]


def hit(text: str, title: str, *heading: str) -> Hit:
    return Hit(1, Passage("d" * 64, 0, len(text), text, title, heading), 0.5, 1.0, 1.0)


def test_the_reader_sees_title_and_headings_and_its_spans_are_the_passages() -> None:
    reader = Echo()
    text = "It is run in over 60 hours. Then it stops."
    read = read_hits(reader, "60 hours", [hit(text, "Brexanolone", "Dosing")])[0]
    assert reader.texts[0].startswith("Brexanolone › Dosing")
    assert read.answer is not None
    assert text[read.answer.start : read.answer.end] == "60 hours"
    assert [text[start:end] for start, end, _ in read.sentences] == ["It is run in over 60 hours.", "Then it stops."]
    assert [(text[start:end], margin) for start, end, margin in read.others] == [
        ("It is run in over 60 hours.", -1.0), ("Then it stops.", -1.0),
    ]  # fmt: skip


def test_words_of_a_heading_are_never_the_answer_and_the_next_best_takes_over() -> None:
    read = read_hits(Echo(), "Brexanolone", [hit("It is an infusion.", "Brexanolone")])[0]
    assert (read.answer, read.answer_score - read.null_score) == (Span(0, 18), -1.0)
    assert read.others == ()


def test_a_passage_that_begins_with_its_heading_does_not_get_it_twice() -> None:
    reader = Echo()
    read_hits(reader, "x", [hit("Dosing\n\nIt is an infusion.", "Brexanolone", "Dosing")])
    assert reader.texts[0].count("Dosing") == 1


def test_no_hits_no_readings() -> None:
    assert read_hits(Echo(), "x", []) == []
