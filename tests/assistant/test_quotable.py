from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cite import Source
from assistant.order import Weights, ordered
from assistant.quotable import quotable
from assistant.quotes import Candidate
from assistant.retrieve import Hit
from corpus.documents import Passage, Span
from corpus.read import read
from index.build import index_documents
from index.hashed import HashedEncoder
from index.open import Index

TEXT = """# Dose of the drug in general

The usual dose of the drug is 60 mg at night.

| Drug | Dose |
|---|---|
| Xanolone | 60 mg |

## References

[1] Doe, J., et al. (2020). The dose of the drug in wards. Journal of Wards, 3(2), 10-14.
"""
HEADING, SENTENCE, ROW, ENTRY = "Dose of the drug", "The usual dose", "Xanolone", "[1] Doe"


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[dict[str, Source]]:
    document = read(TEXT.encode(), "dose.md")
    index_documents(tmp_path, HashedEncoder(), [("dose.md", document)])
    with Index.open(tmp_path, HashedEncoder()) as index, index.snapshot() as store:
        yield {document.sha256: Source(store, document.sha256)}


def line(sources: dict[str, Source], beginning: str, score: float) -> Candidate:
    [(sha256, source)] = sources.items()
    text = source.document.text
    start = text.index(beginning)
    end = text.find("\n", start)
    span = Span(start, end if end >= 0 else len(text))
    return Candidate(Hit(1, Passage(sha256, 0, len(text), text, ""), 0.5, 1.0, 1.0), span, span, score, 0.9)


def quoted(sources: dict[str, Source], question: str, **scores: float) -> list[str]:
    beginnings = {"heading": HEADING, "sentence": SENTENCE, "row": ROW, "entry": ENTRY}
    found = [line(sources, beginnings[name], score) for name, score in scores.items()]
    text = next(iter(sources.values())).document.text
    kept = ordered(quotable(question, found, sources), Weights())
    return [name for c in kept for name, b in beginnings.items() if text.startswith(b, c.quote.start)]


def test_a_heading_or_reference_is_not_quoted_for_a_plain_question(sources: dict[str, Source]) -> None:
    assert quoted(sources, "What is the usual dose?", heading=9, entry=8, sentence=1) == ["sentence"]


def test_they_are_quoted_when_asked_for(sources: dict[str, Source]) -> None:
    assert quoted(sources, "Which paper did Doe publish?", entry=8, sentence=1) == ["entry", "sentence"]
    assert quoted(sources, "What is the title?", heading=8, sentence=1) == ["heading", "sentence"]


def test_a_table_row_stands_back_behind_a_sentence_that_is_about_as_good(sources: dict[str, Source]) -> None:
    assert quoted(sources, "What is the dose?", row=2.5, sentence=2.0) == ["sentence", "row"]
    assert quoted(sources, "What is the dose?", row=5.0, sentence=2.0) == ["row", "sentence"]
