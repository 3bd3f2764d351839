"""SQuAD and BEIR: sets that bring their own texts."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.evaluation.instruments import Options
from assistant.evaluation.questions import Question
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from corpus.documents import Document
from corpus.errors import UsageError
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant, ScriptedReader

CONTEXTS = ["Ketamine was made in 1962 by Calvin Stevens.", "Brexanolone is infused for 60 hours."]


def squad_file(folder: Path) -> Path:
    def asked(name: str, question: str, answers: list[str]) -> dict[str, object]:
        found = [{"text": answer, "answer_start": 0} for answer in answers]
        return {"id": name, "question": question, "answers": found, "is_impossible": not answers}

    paragraphs = [
        {"context": CONTEXTS[0], "qas": [asked("1", "Who made it?", ["Calvin Stevens", "Stevens"])]},
        {
            "context": CONTEXTS[1],
            "qas": [asked("2", "How long is the infusion?", ["60 hours"]), asked("3", "Who pays for it?", [])],
        },
    ]
    path = folder / "set.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"data": [{"title": "Some_drugs", "paragraphs": paragraphs}]}).encode()))
    return path


def test_squad_reading_mode_with_squad_2_scores_by_hand(tmp_path: Path) -> None:
    reader = ScriptedReader(
        {"Who made it?": ("by Calvin Stevens", 3.0, 1.0), "How long is the infusion?": ("60 hours", 1.0, 2.0)}
    )
    run = evaluate(None, load_set(squad_file(tmp_path)), mode="reading", options=Options(resamples=20, reader=reader))
    value = {name: figure.value for name, figure in run.figures.items()}
    assert value["exact_match"] == pytest.approx(1 / 2)
    assert value["f1"] == pytest.approx((2 * 2 / 5 + 1) / 2)
    assert value["exact_match_at_threshold"] == pytest.approx(1 / 3)  # 1: inexact, 2: silent, 3: rightly silent
    assert value["f1_at_threshold"] == pytest.approx((0.8 + 0 + 1) / 3)
    assert value["no_answer_precision"] == pytest.approx(1 / 2)
    assert value["no_answer_recall"] == 1.0
    assert run.rows[0].confidence == pytest.approx(0.8807970779778823)  # 1 / (1 + e^-2)


def test_squad_end_to_end_is_indexed_apart_and_names_its_context(tmp_path: Path) -> None:
    opened: list[str] = []

    def open_texts(name: str, documents: Iterable[tuple[str, Document]]) -> ScriptedAssistant:
        opened.append(name)
        texts = {path: document.text for path, document in documents}
        script = Script([("Some drugs/2", CONTEXTS[1])], 0.9, "60 hours")
        return ScriptedAssistant(texts, {"How long is the infusion?": script, "Who made it?": script})

    loaded = load_set(squad_file(tmp_path))
    run = evaluate(None, loaded, options=Options(resamples=20, open_texts=open_texts))
    assert loaded.texts is not None
    assert opened == [loaded.texts.fingerprint[:16]]
    value = {name: figure.value for name, figure in run.figures.items()}
    assert value["quote_hit@1"] == value["document_hit@1"] == pytest.approx(1 / 2)
    assert value["citation_fidelity"] == 1.0
    assert run.missing == ()
    assert {row.group for row in run.rows} == {"Some drugs"}


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    corpus = [("d1", "apples are red"), ("d2", "pears are green"), ("d3", "plums are blue and red")]
    lines = [json.dumps({"_id": name, "title": "", "text": text}) for name, text in corpus]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    queries = [("q1", "red apples"), ("q2", "green red"), ("q3", "never judged"), ("q4", "nothing")]
    (folder / "queries.jsonl").write_text("\n".join(json.dumps({"_id": q, "text": t}) for q, t in queries))
    judged = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t1\nq2\td3\t1\nq4\td2\t1\n"
    (folder / "qrels" / "test.tsv").write_text(judged)
    (folder / "qrels" / "train.tsv").write_text("query-id\tcorpus-id\tscore\nq3\td1\t1\n")
    return folder


class ManyPassages(ScriptedAssistant):
    """Retrieves the words of each text as passages of their own, and nothing at all for "nothing"."""

    def retrieve(self, question, *, documents=None, top_k=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        return [] if question == "nothing" else super().retrieve(question, top_k=top_k)


def test_beir_counts_queries_that_retrieve_nothing_and_leaves_out_unjudged_ones(beir: Path) -> None:
    def open_texts(name: str, documents: Iterable[tuple[str, Document]]) -> ScriptedAssistant:
        return ManyPassages({path: document.text for path, document in documents})

    run = evaluate(None, load_set(beir), options=Options(resamples=20, open_texts=open_texts))
    assert [row.id for row in run.rows] == ["q1", "q2", "q4"]
    value = {name: figure.value for name, figure in run.figures.items()}
    # q1: d1 first. q2: d1, d2, d3 share one word each, order kept, so ranks 1 and 3. q4: nothing.
    ndcg_q2 = (1 + 1 / 2) / (1 + 0.6309297535714575)
    assert value["ndcg@10"] == pytest.approx((1 + ndcg_q2 + 0) / 3)
    assert value["recall@100"] == pytest.approx(2 / 3)
    assert value["map"] == pytest.approx((1 + (1 + 2 / 3) / 2 + 0) / 3)
    assert {name for name, figure in run.figures.items() if figure.n != 3} == set()


def test_beir_split_is_chosen_by_its_qrels_file(beir: Path) -> None:
    chosen = load_set(beir / "qrels" / "train.tsv")
    assert chosen.name == "tiny/train"
    assert chosen.questions == (Question("q3", "never judged", grades=(("d1", 1),)),)


def test_a_benchmark_of_documents_is_not_asked_end_to_end(beir: Path) -> None:
    with pytest.raises(UsageError, match="can be run as retrieval"):
        evaluate(None, load_set(beir), mode="end-to-end")


def test_a_query_whose_relevant_documents_are_not_in_the_corpus_is_told_and_was_not_loaded(beir: Path) -> None:
    with (beir / "qrels" / "test.tsv").open("a") as file:
        file.write("q3\td9\t1\n")
    told: list[str] = []

    def open_texts(name: str, documents: Iterable[tuple[str, Document]]) -> ScriptedAssistant:
        return ManyPassages({path: document.text for path, document in documents})

    run = evaluate(None, load_set(beir), options=Options(resamples=20, open_texts=open_texts, notice=told.append))
    assert told == ["1 of 4 answers are not in the index: q3"]
    assert run.blames == {"q3": "not loaded", "q4": "not retrieved"}
