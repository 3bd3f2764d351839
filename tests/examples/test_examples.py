"""Checks on the example documents and questions, with plain extraction that shares no code with the loaders."""

import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TypedDict

import pypdfium2
import pytest
import snowballstemmer
from bs4 import BeautifulSoup
from docx import Document
from pypdf import PdfReader

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCUMENTS = {path.name: path for path in sorted((EXAMPLES / "documents").rglob("*.*")) if path.is_file()}
STEMMER = snowballstemmer.stemmer("english")
# Words that carry no content of their own: articles, pronouns, auxiliaries, prepositions, question words.
STOP_TEXT = """
    a about above after again against all also am among an and any are as at be because been before being below
    between both but by can could did do does doing done down during each few for from further had has have having he
    her here hers him his how i if in into is it its itself just let may me might more most much must my no nor not of
    off on once one only or other our out over own per same shall she should so some such than that the their them then
    there these they this those through to too under until up upon us very via was we were what when where whether
    which while who whom whose why will with without would you your many often long soon s t"""
STOP_WORDS = frozenset(STOP_TEXT.split())


class Question(TypedDict, total=False):
    """One line of questions.jsonl; an answerable one has a document, a type and its gold sentence."""

    id: str
    question: str
    answers: list[str]
    document: str
    type: str
    kind: str
    sentence: str


class Conversation(TypedDict):
    """One line of conversations.jsonl."""

    id: str
    turns: list[Question]


def normalised(text: str) -> str:
    """Return the text without hyphens (a line-end hyphen is lost in a PDF) and with single spaces."""
    unhyphenated = re.sub(r"(?:\ufffe|\xad)|-\s*", "", text)
    return " ".join(unhyphenated.split())


def holds(text: str, answer: str) -> bool:
    """Return whether the answer stands in the normalised text as whole words."""
    return re.search(rf"(?<!\w){re.escape(normalised(answer))}(?!\w)", text) is not None


@cache
def extracted(name: str) -> str:
    """Return the plain text of an example document."""
    return plain_text(DOCUMENTS[name])


def plain_text(path: Path) -> str:
    """Return the text of a file as a plain extractor gives it, uncleaned."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix == ".docx":
        document = Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    text = path.read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").get_text(" ") if path.suffix == ".html" else text


def stems(text: str) -> set[str]:
    """Return the stems of the content words and numbers of a text."""
    words = re.findall(r"[^\W_]+", re.sub(r"[’']s\b", "", text.lower()))
    return set(STEMMER.stemWords([word for word in words if word not in STOP_WORDS]))


def read_questions() -> list[Question]:
    return [json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


def read_conversations() -> list[Conversation]:
    return [json.loads(line) for line in (EXAMPLES / "conversations.jsonl").read_text(encoding="utf-8").splitlines()]


QUESTIONS = read_questions()
CONVERSATIONS = read_conversations()
ANSWERABLE = [question for question in QUESTIONS if question["answers"]]
TURNS = [turn for conversation in CONVERSATIONS for turn in conversation["turns"] if turn["answers"]]


def test_documents_cover_five_formats_with_several_pages_and_roman_labels() -> None:
    formats = Counter(path.suffix for path in DOCUMENTS.values())
    assert set(formats) == {".txt", ".md", ".html", ".pdf", ".docx"}
    assert len(DOCUMENTS) >= 10
    readers = [PdfReader(path) for name, path in DOCUMENTS.items() if name.endswith(".pdf")]
    assert all(len(reader.pages) >= 4 for reader in readers)
    assert all(reader.outline for reader in readers)
    labels = PdfReader(DOCUMENTS["esketamine-programme.pdf"]).page_labels
    assert labels == ["i", "ii", "iii", "1", "2", "3", "4"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_has_400_to_1500_words(name: str) -> None:
    assert 400 <= len(extracted(name).split()) <= 1500


def test_ids_are_unique() -> None:
    ids = [question["id"] for question in QUESTIONS] + [conversation["id"] for conversation in CONVERSATIONS]
    assert len(ids) == len(set(ids))
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)


def test_enough_questions_of_each_kind() -> None:
    kinds = Counter(question.get("kind", "answerable") for question in QUESTIONS)
    types = Counter(question["type"] for question in ANSWERABLE)
    assert len(QUESTIONS) >= 100
    assert kinds["on-topic"] >= len(QUESTIONS) / 4
    assert kinds["off-topic"] >= 5
    assert types["why"] + types["how"] + types["list"] >= 14
    assert {question["document"] for question in ANSWERABLE} == set(DOCUMENTS)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question["id"])
def test_gold_sentence_and_every_answer_are_in_the_named_document(question: Question) -> None:
    text = normalised(extracted(question["document"]))
    sentence = normalised(question["sentence"])
    assert sentence in text
    assert all(holds(text, answer) for answer in question["answers"])
    assert any(holds(sentence, answer) for answer in question["answers"])


def test_half_of_the_questions_share_at_most_one_stem_with_their_sentence() -> None:
    shared = {question["id"]: stems(question["question"]) & stems(question["sentence"]) for question in ANSWERABLE}
    share = sum(len(common) <= 1 for common in shared.values()) / len(shared)
    print(f"\n{share:.1%} of {len(shared)} answerable questions share at most one stem with their gold sentence")  # noqa: T201
    assert share >= 0.5


def test_conversations_have_two_to_four_turns_and_answers_in_their_documents() -> None:
    assert len(CONVERSATIONS) >= 15
    assert all(2 <= len(conversation["turns"]) <= 4 for conversation in CONVERSATIONS)
    for turn in TURNS:
        text = normalised(extracted(turn["document"]))
        missing = [answer for answer in turn["answers"] if not holds(text, answer)]
        assert not missing, turn["question"]


def test_two_documents_disagree_on_how_common_postpartum_depression_is() -> None:
    assert "Roughly 17 % of new mothers" in extracted("zuranolone-saved-page.txt")
    assert "About one mother in eight (13 %)" in extracted("postpartum-depression.docx")


def test_script_builds_the_committed_documents(tmp_path: Path) -> None:
    """Compare text, not bytes: another zlib may compress the same pages differently."""
    pytest.importorskip("reportlab")
    subprocess.run([sys.executable, EXAMPLES / "make_documents.py", tmp_path], check=True)
    built = sorted(path for path in tmp_path.rglob("*.*") if path.is_file())
    assert len(built) == 5
    assert [plain_text(path) for path in built] == [extracted(path.name) for path in built]
