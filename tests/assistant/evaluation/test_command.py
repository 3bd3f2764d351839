"""Runs are kept, go on where they were stopped, are compared, and give the same files again."""

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.evaluation.command import Request, one_line, run_compare, run_evaluate
from assistant.evaluation.compare import compare
from assistant.evaluation.instruments import Options
from assistant.evaluation.markdown import markdown
from assistant.evaluation.report import html
from assistant.evaluation.store import RunStore
from corpus.errors import IndexBusy, UsageError
from index.lock import writing
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant, ScriptedLibrary

NASTY = '<img src=x onerror="alert(1)"> $5 … $10 p* _x_ | `a` 😀 </script>'
TEXTS = {f"d{i}.txt": f"Drug{i} lasts {i} hours. {NASTY}" for i in range(12)}
QUESTIONS = [
    {
        "id": f"q{i}",
        "question": f"How long does Drug{i} last? {NASTY}",
        "answers": [f"{i} hours"],
        "document": f"d{i}.txt",
    }
    for i in range(12)
]
OPTIONS = Options(resamples=20, library=ScriptedLibrary(TEXTS), made_with={"encoder": NASTY, "generation": "1"})


def assistant(right: Callable[[int], bool]) -> ScriptedAssistant:
    def quote(i: int) -> tuple[str, str]:
        return (f"d{i}.txt", f"Drug{i} lasts {i} hours.") if right(i) else ("d0.txt", NASTY)

    scripts = {str(q["question"]): Script([quote(i)], 0.5 + i / 30, f"{i} hours") for i, q in enumerate(QUESTIONS)}
    return ScriptedAssistant(TEXTS, scripts)


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    path = tmp_path / "my set.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)))
    return Request(path, tmp_path / "runs")


def kept_rows(request: Request, name: str) -> list[str]:
    return (request.runs / name / "rows.jsonl").read_text().splitlines()


def test_a_stopped_run_goes_on_and_ends_as_if_never_stopped(request_: Request) -> None:
    asked = assistant(lambda i: i % 3 > 0)
    outcome = run_evaluate(asked, request_, OPTIONS, should_stop=lambda: len(asked.asked) >= 5)
    assert outcome.exit_code == 1
    assert "Stopped. Run it again to go on from question 6." in outcome.text
    rows = request_.runs / "0001-my-set-end-to-end" / "rows.jsonl"
    rows.write_bytes(rows.read_bytes()[:-30])  # the machine went down while the fifth row was written
    outcome = run_evaluate(asked, request_, OPTIONS)
    assert outcome.exit_code == 0
    assert [question for question, _ in asked.asked] == [QUESTIONS[i]["question"] for i in (*range(5), *range(4, 12))]
    whole = run_evaluate(assistant(lambda i: i % 3 > 0), request_, OPTIONS)
    assert kept_rows(request_, "0001-my-set-end-to-end") == kept_rows(request_, "0002-my-set-end-to-end")
    assert outcome.run is not None
    assert whole.run is not None
    assert replace(whole.run, id="") == replace(outcome.run, id="")


def test_a_stopped_run_of_another_generation_is_not_gone_on_with(request_: Request) -> None:
    asked = assistant(lambda i: True)
    run_evaluate(asked, request_, OPTIONS, should_stop=lambda: len(asked.asked) >= 5)
    run_evaluate(asked, request_, replace(OPTIONS, made_with={"generation": "2"}))
    assert len(asked.asked) == 5 + 12


def test_the_same_index_and_set_give_the_same_files(request_: Request, tmp_path: Path) -> None:
    first = run_evaluate(assistant(lambda i: i > 3), request_, OPTIONS)
    run_evaluate(assistant(lambda i: i > 3), replace(request_, runs=tmp_path / "again"), OPTIONS)
    assert first.run is not None
    for name in ("run.json", "report.html", "report.md", "rows.jsonl"):
        texts = [(runs / first.run.id / name).read_bytes() for runs in (request_.runs, tmp_path / "again")]
        assert texts[0] == texts[1]


def test_other_seconds_change_nothing_but_the_seconds(request_: Request) -> None:
    run = run_evaluate(assistant(lambda i: i > 3), request_, OPTIONS).run
    assert run is not None
    slower = replace(run, rows=tuple(replace(row, seconds={"total": 7.0, "read": 6.0}) for row in run.rows))
    assert {**slower.as_dict(), "timings": None} == {**run.as_dict(), "timings": None}
    assert slower.timings != run.timings
    for write, end in ((html, "<h2>Seconds</h2>"), (markdown, "| seconds |")):
        before, after = write(run), write(slower)
        assert before != after
        assert before[: before.index(end)] == after[: after.index(end)]


def test_a_kept_run_loads_as_it_was(request_: Request) -> None:
    run = run_evaluate(assistant(lambda i: i > 3), request_, OPTIONS).run
    assert run is not None
    store = RunStore(request_.runs)
    assert store.load(run.id) == store.load("1") == store.load("last") == store.load(request_.runs / run.id) == run
    with pytest.raises(UsageError, match=f"The last runs: {run.id}"):
        store.load("7")
    assert store.report(run.id) == html(run)
    with pytest.raises(UsageError, match="no finished run"):
        store.report(f"../runs/{run.id}")  # the page asks for reports by name: no other file is read


def test_against_the_last_run_says_what_became_better_in_one_sentence(request_: Request) -> None:
    latest = replace(request_, against="last")
    first = run_evaluate(assistant(lambda i: i < 2), latest, OPTIONS)
    assert "There is no earlier run of this set" in first.text
    second = run_evaluate(assistant(lambda i: i > 0), latest, OPTIONS)
    assert second.comparison is not None
    assert second.comparison.won == tuple(f"q{i}" for i in range(2, 12))
    assert second.comparison.lost == ("q0",)
    # 10 won, 1 lost: 2 * (1 + 11) / 2^11 = 0.0117
    assert second.comparison.sentence == (
        "better: +75.0 points of quote_hit@1 (0.167 to 0.917), p = 0.012; 10 questions won; 1 question lost: q0"
    )
    assert second.comparison.sentence in second.text
    assert second.run is not None
    assert one_line(second.run, second.comparison) == f"my set.jsonl: {second.comparison.sentence}"
    assert one_line(second.run, None) == "my set.jsonl: quote_hit@1 0.917 over 12 questions"


def test_fail_if_worse_fails_only_beyond_chance(request_: Request) -> None:
    for right in (lambda i: True, lambda i: i > 0, lambda i: i > 9):
        run_evaluate(assistant(right), request_, OPTIONS)
    by_chance = run_compare("1", "2", runs=request_.runs, fail_if_worse=True)
    assert (by_chance.exit_code, by_chance.text.split(":")[0]) == (0, "no clear difference")
    worse = run_compare("1", "3", runs=request_.runs, fail_if_worse=True)
    assert (worse.exit_code, worse.text.split(":")[0]) == (1, "worse")
    assert run_compare("1", "3", runs=request_.runs).exit_code == 0
    assert json.loads(run_compare("3", "1", runs=request_.runs, as_json=True).text)["verdict"] == "better"
    against = replace(request_, against="1", fail_if_worse=True)
    assert run_evaluate(assistant(lambda i: i > 9), against, OPTIONS).exit_code == 1


def test_questions_that_were_edited_between_two_runs_are_left_out(request_: Request) -> None:
    before = run_evaluate(assistant(lambda i: True), request_, OPTIONS).run
    edited = [{**QUESTIONS[0], "answers": ["never"]}, *QUESTIONS[1:11]]
    request_.set_path.write_text("\n".join(map(json.dumps, edited)))
    after = run_evaluate(assistant(lambda i: True), request_, OPTIONS).run
    assert before is not None
    assert after is not None
    found = compare(before, after)
    assert (found.only_a, found.only_b, found.lost) == (2, 1, ())
    with pytest.raises(UsageError, match="Compare runs of one mode"):
        compare(before, replace(after, mode="retrieval"))


def test_json_holds_figures_splits_blame_and_rows_left_out(request_: Request) -> None:
    with request_.set_path.open("a") as file:
        file.write("\nnot json")
    outcome = run_evaluate(assistant(lambda i: i > 3), replace(request_, as_json=True), OPTIONS)
    told = json.loads(outcome.text)
    assert outcome.exit_code == 1
    assert told["set"]["bad_rows"] == [{"place": "line 13", "reason": "not JSON: Expecting value at character 1"}]
    assert told["figures"]["quote_hit@1"]["value"] == pytest.approx(8 / 12, abs=1e-6)
    assert told["figures"]["quote_hit@1"]["low"] <= 8 / 12 <= told["figures"]["quote_hit@1"]["high"]
    assert told["blame"]["counts"] == {"not read": 4}
    assert set(told["splits"]) == {"document"}
    assert told["comparison"] is None


def test_two_evaluations_do_not_write_to_one_run(request_: Request) -> None:
    request_.runs.mkdir()
    with writing(request_.runs), pytest.raises(IndexBusy):
        run_evaluate(assistant(lambda i: True), request_, OPTIONS)


class Page(HTMLParser):
    """What a browser would make of the report: tags, links and the text of cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [f"{tag} {key}" for key, _ in attrs if key in ("src", "href", "onerror", "onload")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_report_is_whole_in_itself_and_runs_nothing(request_: Request, tmp_path: Path) -> None:
    run_evaluate(assistant(lambda i: i < 2), request_, OPTIONS)
    report = tmp_path / "report.html"
    run_evaluate(assistant(lambda i: i > 0), replace(request_, against="last", report=report), OPTIONS)
    page = Page(report.read_text())
    assert page.links == []
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    assert "http://" not in report.read_text()
    assert "https://" not in report.read_text()
    assert page.tags.count("svg") == 4
    assert f"{NASTY} (d0.txt)" in page.texts
    assert "@import" not in report.read_text()
    assert "url(" not in report.read_text()


def test_markdown_shows_texts_as_they_are(request_: Request) -> None:
    run = run_evaluate(assistant(lambda i: i > 0), request_, OPTIONS).run
    assert run is not None
    text = (request_.runs / run.id / "report.md").read_text()
    assert "<img" not in text.replace("\\<img", "")
    rows = [line for line in text.splitlines() if line.startswith("| q0 ")]
    assert len(rows) == 1
    assert len(rows[0].replace("\\|", "").split("|")) == 6 + 2


class Watching(ScriptedAssistant):
    """Counts, at each question, the rows that lie on the disk."""

    def ask(self, question, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        self.on_disk.append(sum(path.read_bytes().count(b"\n") for path in self.runs.glob("*/rows.jsonl")))
        return super().ask(question, **how)


def test_each_row_is_on_the_disk_before_the_next_question(request_: Request) -> None:
    asked = Watching(TEXTS)
    asked.on_disk, asked.runs = [], request_.runs
    run_evaluate(asked, request_, OPTIONS)
    assert asked.on_disk == list(range(12))


def test_a_stopped_run_goes_on_although_another_set_was_run_since(request_: Request, tmp_path: Path) -> None:
    asked = assistant(lambda i: True)
    run_evaluate(asked, request_, OPTIONS, should_stop=lambda: len(asked.asked) >= 5)
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(QUESTIONS[0]))
    run_evaluate(assistant(lambda i: True), replace(request_, set_path=other), OPTIONS)
    outcome = run_evaluate(asked, request_, OPTIONS)
    assert outcome.run is not None
    assert outcome.run.id == "0001-my-set-end-to-end"
    assert len(asked.asked) == 12


def test_the_last_run_of_another_set_of_the_same_name_is_not_compared_with(request_: Request, tmp_path: Path) -> None:
    first = run_evaluate(assistant(lambda i: True), request_, OPTIONS).run
    other = tmp_path / "elsewhere" / "my set.jsonl"
    other.parent.mkdir()
    other.write_text(json.dumps({"id": "q0", "question": "Another question?", "answers": ["x"]}))
    alone = run_evaluate(assistant(lambda i: True), replace(request_, set_path=other, against="last"), OPTIONS)
    assert "There is no earlier run of this set" in alone.text
    again = run_evaluate(assistant(lambda i: True), replace(request_, against="last"), OPTIONS)
    assert first is not None
    assert again.comparison is not None
    assert again.comparison.a == first.id


@pytest.mark.parametrize("against", ["1", "nowhere"])
def test_a_run_that_cannot_be_compared_with_is_refused_before_the_first_question(
    request_: Request, against: str
) -> None:
    run_evaluate(assistant(lambda i: True), replace(request_, mode="retrieval"), OPTIONS)
    asked = assistant(lambda i: True)
    with pytest.raises(UsageError, match=r"was run as retrieval|no finished run nowhere"):
        run_evaluate(asked, replace(request_, against=against), OPTIONS)
    assert asked.asked == []


def test_a_crash_before_the_plan_or_while_the_figures_are_written_stops_no_later_run(request_: Request) -> None:
    (request_.runs / "0001-my-set-end-to-end").mkdir(parents=True)
    run = run_evaluate(assistant(lambda i: True), request_, OPTIONS).run
    assert run is not None
    (request_.runs / run.id / "run.json").rename(request_.runs / run.id / ".run.json.part")
    asked = assistant(lambda i: True)
    again = run_evaluate(asked, request_, OPTIONS).run
    assert again == run
    assert asked.asked == []
