"""Jobs, seals, conversations, feedback, filter and examples, without a page."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.sets import load_set
from assistant.web.conversation import CONVERSATIONS, REMOVED, Conversations, Turn
from assistant.web.desk import Desk
from assistant.web.examples import example_questions, lowered
from assistant.web.feedback import Feedback
from assistant.web.jobs import Job, Jobs
from assistant.web.render_job import duration, figures, job_html
from assistant.web.scope import choices, chosen
from assistant.web.seal import Seal, kept_key
from corpus.errors import IndexNotFound, UsageError
from index.progress import check
from tests.web.scripted import ScriptedAssistant


@pytest.fixture
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({"drugs/a.txt": "Dosing notes.\nTake 60 mg.", "drugs/b/c.txt": "Two.", "d.txt": "Three."})


def wait_for(jobs: Jobs) -> Job:
    for _ in range(500):
        if jobs.job is not None and not jobs.job.running:
            return jobs.job
        time.sleep(0.01)
    raise TimeoutError


def test_job_tells_how_far_it_is_and_can_be_stopped() -> None:
    jobs, looked = Jobs(), threading.Event()

    def work(job: Jobs) -> str:
        job.stage("encoding", 10)
        job.advance(4)
        looked.wait(5)
        check(job.should_stop)
        return "never"

    jobs.start("Rebuilding", work)
    while jobs.job is None or jobs.job.done < 4:
        time.sleep(0.01)
    assert (jobs.job.stage, jobs.job.done, jobs.job.total) == ("encoding", 4, 10)
    with pytest.raises(UsageError, match="still running"):
        jobs.start("Another", work)
    jobs.stop()
    assert jobs.job.state == "stopping"
    looked.set()
    assert wait_for(jobs).state == "stopped"
    assert "The build was stopped" in wait_for(jobs).message


def test_failed_job_says_why_and_the_next_may_start() -> None:
    jobs = Jobs()

    def fail(_job: Jobs) -> str:
        raise UsageError("No <folder>.")

    jobs.start("Rebuilding", fail)
    assert wait_for(jobs).state == "failed"
    assert "No &lt;folder&gt;." in job_html(jobs.job)
    jobs.start("Rebuilding", lambda _job: "Fine.")
    assert wait_for(jobs).message == "Fine."


def test_rate_and_time_left() -> None:
    job = Job("Rebuilding", stage="encoding", done=50, total=200, seconds=10)
    assert figures(job) == "50 of 200, 5.0 a second, 30 s left"
    assert figures(replace(job, done=0)) == "0 of 200"
    assert figures(replace(job, total=0, done=0)) == ""
    assert [duration(seconds) for seconds in (0, 89, 90, 5399, 7500)] == ["0 s", "89 s", "2 min", "90 min", "2 h 5 min"]


def test_sealed_address_opens_its_place_and_no_other(scripted: ScriptedAssistant) -> None:
    cite = scripted.citation(next(iter(scripted.by_hash)), 3, 9)
    address = Seal(b"a" * 32).address(cite)
    place = Seal(b"a" * 32).place(address)
    assert (place.sha256, place.start, place.end) == (cite.sha256, 3, 9)
    for other in (address.replace("-3-", "-2-"), address[:-1], "", "-", "a-b-c-d", f"{address}é"):
        with pytest.raises(UsageError, match="not made by this assistant"):
            Seal(b"a" * 32).place(other)
    with pytest.raises(UsageError):
        Seal(b"b" * 32).place(address)


def test_key_is_not_written_where_there_is_no_index(tmp_path: Path) -> None:
    assert len(kept_key(tmp_path)) == 32
    assert list(tmp_path.iterdir()) == []
    assert kept_key(tmp_path / "none") != kept_key(tmp_path / "none")


def test_oldest_conversation_is_forgotten_first() -> None:
    kept = Conversations()
    for number in range(CONVERSATIONS + 1):
        kept.add(str(number), Turn("q"))
    assert kept.turns("0") == ()
    assert len(kept.turns("1")) == 1


def test_turn_is_found_by_its_id_only() -> None:
    kept, turn = Conversations(), Turn("q")
    kept.add("key", turn)
    assert kept.find(turn.id) == turn
    assert kept.find("") is None


def test_turns_that_show_a_forgotten_document_or_a_copy_of_it_are_dropped(scripted: ScriptedAssistant) -> None:
    kept = Conversations()
    shown, other = Turn("q", scripted.ask("What about mg.")), Turn("q", scripted.ask("What about Three."))
    assert shown.answer is not None
    quote = shown.answer.quotes[0]
    copy = replace(quote, citation=replace(quote.citation, path="elsewhere/copy.txt"))
    copied = Turn("q", replace(shown.answer, quotes=(copy,)))
    for turn in (shown, copied, other):
        kept.add("key", turn)
    kept.forget(quote.citation.sha256)
    assert kept.turns("key") == (other,)
    assert kept.find(shown.id) is None


def test_a_follow_up_that_may_have_taken_a_name_from_a_forgotten_document_is_dropped(
    scripted: ScriptedAssistant,
) -> None:
    kept, answer = Conversations(), scripted.ask("What about Three.")
    shown = Turn("q", scripted.ask("What about mg."))
    assert shown.answer is not None
    leaning = Turn("And it?", replace(answer, question="And it?", understood_as="And mg?"))
    alone = Turn("What about Three.", answer)
    for turn in (leaning, shown, leaning, alone):
        kept.add("key", turn)
    kept.forget(shown.answer.quotes[0].citation.sha256)
    assert kept.turns("key") == (leaning, alone), "what was said before the document was shown stays"


def test_a_question_under_way_does_not_bring_a_forgotten_document_back(scripted: ScriptedAssistant) -> None:
    kept = Conversations()
    late, other = Turn("q", scripted.ask("What about mg.")), Turn("r", scripted.ask("What about Three."))
    assert late.answer is not None
    since = kept.forgotten
    kept.forget(late.answer.quotes[0].citation.sha256)
    assert kept.add("key", other, since=since) == (other,)
    replaced = kept.add("key", late, since=since)[-1]
    assert (replaced.question, replaced.answer, replaced.message) == ("q", None, REMOVED)
    assert kept.add("key", late, since=kept.forgotten)[-1] == late  # it was taken in again before it was asked


def test_a_quote_with_odd_ends_of_lines_spoils_no_later_verdict(tmp_path: Path) -> None:
    scripted, feedback = ScriptedAssistant({"a.txt": "Take\u2028sixty\x85mg."}), Feedback(tmp_path)
    for _ in range(2):
        feedback.keep(Turn("What about mg.", scripted.ask("What about mg.")), 0)
    assert len(load_set(tmp_path / "feedback.jsonl").questions) == 2


def test_feedback_is_an_evaluation_set(tmp_path: Path, scripted: ScriptedAssistant) -> None:
    feedback = Feedback(tmp_path)
    right = Turn("What about mg.", scripted.ask("What about mg."))
    silent = Turn("What about zebras?", scripted.ask("What about zebras?"))
    assert "feedback.jsonl" in feedback.keep(right, 0)
    feedback.keep(silent, 0)
    feedback.keep(Turn("What about 60", scripted.ask("What about 60")), 1)
    questions = load_set(tmp_path / "feedback.jsonl").questions
    assert [question.answers for question in questions] == [("mg.",), ()]
    assert questions[0].document == "folder/drugs/a.txt"
    incomplete = json.loads((tmp_path / "to-complete.jsonl").read_text())
    assert (incomplete["answers"], incomplete["wrong"]) == (None, "The quote does not answer it")
    with pytest.raises(UsageError):
        feedback.keep(right, 4)
    with pytest.raises(UsageError):
        feedback.keep(Turn("q", message="failed"), 0)


def test_last_verdict_on_an_answer_counts(tmp_path: Path, scripted: ScriptedAssistant) -> None:
    feedback, turn = Feedback(tmp_path), Turn("What about mg.", scripted.ask("What about mg."))
    for verdict in (0, 1, 3):
        feedback.keep(turn, verdict)
    assert [question.answers for question in load_set(tmp_path / "feedback.jsonl").questions] == [()]
    assert (tmp_path / "to-complete.jsonl").read_text() == ""


def test_filter_knows_folders_and_documents(scripted: ScriptedAssistant) -> None:
    status = scripted.status()
    labels = [label for label, _value in choices(status)]
    assert labels == ["drugs/ (2)", "drugs/b/ (1)", "d.txt", "drugs/a.txt", "drugs/b/c.txt"]
    assert chosen([], status) is None
    assert chosen(["drugs/b/", "d.txt"], status) == ["d.txt", "drugs/b/c.txt"]
    assert chosen(["drugs/"], status) == ["drugs/a.txt", "drugs/b/c.txt"]


def test_examples_come_from_headings(scripted: ScriptedAssistant) -> None:
    assert example_questions(ScriptedAssistant({})) == []
    assert example_questions(scripted) == ["What does “Title of drugs/a.txt” say about Dosing notes?"]
    assert lowered("How it is given") == "how it is given"
    assert lowered("NMDA receptors") == "NMDA receptors"
    assert lowered("Zarate and others") == "Zarate and others"


def test_failed_opening_is_said_and_tried_again(scripted: ScriptedAssistant) -> None:
    tries = list[int]()

    def opener() -> ScriptedAssistant:
        tries.append(1)
        if len(tries) == 1:
            raise IndexNotFound("There is no index here.")
        return scripted

    desk = Desk(opener)
    with pytest.raises(IndexNotFound):
        desk.opened()
    assert desk.error is not None
    assert desk.opened() is scripted
    assert desk.error is None
