"""The Evaluate tab: what is shown of a run and of a comparison, and a set run twice in a browser."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistant.answers import Answer
from assistant.ask import Asking
from assistant.confidence import UNCALIBRATED
from assistant.evaluation.compare import compare
from assistant.evaluation.questions import BadRow
from assistant.evaluation.results import Run
from assistant.reading.similarity import SimilarityReader
from assistant.settings import Settings
from assistant.web.bench import Bench
from assistant.web.desk import Desk
from assistant.web.jobs import NOTES, Jobs
from assistant.web.render_evaluation import LISTED, run_html
from assistant.web.render_job import job_html
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.served import Served
from index.build import build
from index.hashed import HashedEncoder
from index.open import Index
from index.progress import Silent, never
from tests.web.conftest import PATIENCE, Server, Watched
from tests.web.scripted import ScriptedAssistant

HOSTILE = "<img src=x onerror=alert(1)>"


def write(folder: Path, words: list[str], name: str = "set.jsonl") -> Path:
    rows = [{"id": f"{word} {i}", "question": f"About {i} {word}", "answers": [word]} for i, word in enumerate(words)]
    path = folder / name
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def ran(scripted: ScriptedAssistant, questions: Path) -> Run:
    return scripted.evaluate(questions, progress=Silent(), should_stop=never)


def test_a_run_shows_plots_figures_and_what_went_wrong(tmp_path: Path) -> None:
    scripted = ScriptedAssistant({"a.txt": "One.\nTwo."})
    shown = run_html(ran(scripted, write(tmp_path, ["One.", "Two.", HOSTILE])))
    assert shown.count("<svg") == 4
    assert "quote_hit@1" in shown
    assert '<a href="report/0001-set-end-to-end" target="_blank">' in shown
    assert HOSTILE not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "not loaded" not in shown  # the scripted assistant's documents are not looked through
    assert "not retrieved <span>1</span>" in shown


def test_a_comparison_names_the_questions_that_were_lost(tmp_path: Path) -> None:
    scripted, questions = ScriptedAssistant({"a.txt": "One.\nTwo."}), write(tmp_path, ["One.", "Two."])
    before = ran(scripted, questions)
    forgetful = ScriptedAssistant({"a.txt": "One."})
    forgetful.runs = scripted.runs
    after = ran(forgetful, questions)
    shown = run_html(after, compare(before, after))
    assert "no clear difference: -50.0 points of quote_hit@1 (1.000 to 0.500), p = 1" in shown
    assert "against 0001-set-end-to-end" in shown
    section = shown[shown.index("Right before, not any more: 1<") : shown.index("</section>")]
    assert "About 1 Two." in section
    assert "About 0 One." not in section


def test_answers_in_no_document_and_rows_left_out_are_told(tmp_path: Path) -> None:
    run = ran(ScriptedAssistant({"a.txt": "One."}), write(tmp_path, ["One.", "zebra"]))
    assert "no document" not in run_html(run)
    note = replace(run.set, bad_rows=(BadRow("line 3", "not JSON: <b>"),))
    shown = run_html(replace(run, missing=("zebra 1",), set=note))
    assert "1 of the questions' answers are in no document." in shown
    assert "<li>line 3: not JSON: &lt;b&gt;</li>" in shown


def test_a_failed_follow_up_is_asked_again_with_what_it_is_about(tmp_path: Path) -> None:
    run = ran(ScriptedAssistant({"a.txt": "One."}), write(tmp_path, ["zebra"]))
    assert 'data-ask="About 0 zebra">About 0 zebra</button>' in run_html(run)
    shown = run_html(replace(run, rows=(replace(run.rows[0], understood_as="About zebra, the <b>horse"),)))
    assert 'data-ask="About zebra, the &lt;b&gt;horse">About 0 zebra</button>' in shown
    assert "<dt>understood as</dt><dd>About zebra, the &lt;b&gt;horse</dd>" in shown


def test_a_long_list_of_failures_ends_with_how_many_more(tmp_path: Path) -> None:
    shown = run_html(ran(ScriptedAssistant({"a.txt": "One."}), write(tmp_path, ["zebra"] * (LISTED + 7))))
    assert shown.count('class="again"') == LISTED
    assert "and 7 more, in the report" in shown


def test_only_a_few_notes_of_a_job_are_shown_and_only_while_it_runs() -> None:
    jobs, told, go_on = Jobs(), threading.Event(), threading.Event()

    def work(job: Jobs) -> str:
        for number in range(NOTES + 2):
            job.note(f"<{number}>")
        told.set()
        go_on.wait(PATIENCE / 1000)
        return "Asked."

    jobs.start("Asking set.jsonl", work)
    assert told.wait(PATIENCE / 1000)
    shown = job_html(jobs.job)
    assert shown.count("<li>") == NOTES + 1
    assert "<li>&lt;0&gt;</li>" in shown
    assert "<li>and 2 more</li>" in shown
    go_on.set()
    while jobs.running:
        time.sleep(0.01)
    assert "<li>" not in job_html(jobs.job)  # the run tells it from now on


class Waiting(Served):
    """Answers nothing before it is let go."""

    let_go = threading.Event()

    def ask(self, question: str, **how: Any) -> Answer:  # noqa: ANN401 - whatever a question is asked with
        self.let_go.wait(PATIENCE / 1000)
        return super().ask(question, **how)


def test_answers_in_no_document_are_told_in_the_panel_before_the_first_is_asked(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "ward.txt").write_text("The blue door is locked at nine.")
    encoder = HashedEncoder()
    build(tmp_path / "index", encoder, roots=[tmp_path / "documents"])
    asking = Asking(SimilarityReader(encoder), UNCALIBRATED, Settings())
    backend = Waiting(Index.open(tmp_path / "index", encoder), asking)
    write(tmp_path, ["nine", "zebra"])
    site = site_over(Desk(lambda: backend), Seal(b"k" * 32), tmp_path)
    bench = Bench(site)
    bench.run("set.jsonl")
    end = time.monotonic() + PATIENCE / 1000
    while site.evaluations.job is None or not site.evaluations.job.notes:
        assert time.monotonic() < end
        assert site.evaluations.running
        time.sleep(0.01)
    panel, *_ = bench.tick("ready, as it was before")
    assert "<li>1 of 2 answers are not in the index: zebra 1</li>" in panel
    backend.let_go.set()
    while site.evaluations.running:
        time.sleep(0.01)
    assert site.evaluations.job.message == "2 of 2 questions asked."


@pytest.fixture
def scripted(tmp_path: Path) -> ScriptedAssistant:
    assistant = ScriptedAssistant({"a.txt": "One.\nTwo.\nThree."})
    questions = write(tmp_path, ["One.", "Two.", "zebras"])
    for _ in range(2):
        ran(assistant, questions)
    ran(assistant, write(tmp_path, ["Three."], "other.jsonl"))
    return assistant


def test_runs_are_chosen_compared_and_their_report_opened(
    serve_page: Server, scripted: ScriptedAssistant, tab: Page, watched: Watched
) -> None:
    tab.goto(serve_page(lambda: scripted))
    tab.get_by_role("tab", name="Evaluate").click()
    expect(tab.locator("#run-table .summary")).to_contain_text("other.jsonl · end-to-end · 1 questions")
    expect(tab.locator("#run-against")).to_be_hidden()  # the first run of its set
    tab.locator("#run-shown input").click()
    tab.get_by_role("option", name="0002-set-end-to-end").click()
    expect(tab.locator("#run-table .changes")).to_contain_text("no clear difference: +0.0 points of quote_hit@1")
    expect(tab.locator("#run-table .changes")).to_contain_text("against 0001-set-end-to-end")
    assert tab.locator("#run-table svg").count() == 4
    box = tab.locator("#run-table svg .bar").first.bounding_box()
    assert box is not None
    assert box["width"] > 5
    assert tab.locator("#run-table .line").first.evaluate("node => getComputedStyle(node).fill") == "none"
    with tab.expect_popup() as popup:
        tab.get_by_role("link", name="Open the whole report").click()
    expect(popup.value.locator("h1")).to_have_text("set.jsonl")
    expect(popup.value.locator("h2", has_text="Against 0001-set-end-to-end")).to_be_visible()
    tab.locator("#run-against input").click()
    tab.get_by_role("option", name="no other run").click()
    expect(tab.locator("#run-table .changes")).to_have_count(0)
    assert watched.errors == []
