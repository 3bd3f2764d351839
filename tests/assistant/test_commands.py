"""The command line over a real index with the hashed encoder and the reader that needs no training."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.answers import Answer, Citation, Quote, Searched
from assistant.commands import main
from assistant.commands.asking import as_text, place
from assistant.commands.main import echo
from index.lock import writing
from tests.assistant.command_line import build, run


def ask(question: str, index: Path, *more: str) -> Result:
    return run("ask", question, "--index", index, "--reader", "similarity", *more)


def test_build_says_what_it_did_and_a_second_build_encodes_nothing(documents: Path, index: Path) -> None:
    first = build(documents, index)
    assert first.exit_code == 0, first.output
    assert "2 documents" in first.output
    assert "2 added" in first.output
    assert "0 passages encoded" in run("build", "--index", index, "--encoder", "hashed").output


def test_ask_prints_the_quote_with_its_place(documents: Path, index: Path) -> None:
    build(documents, index)
    answered = ask("When is the blue door locked?", index, "--threshold", "0")
    assert answered.exit_code == 0, answered.output
    assert "“The blue door is locked at nine.”" in answered.output
    assert "ward.md, The ward" in answered.output


def test_ask_says_when_it_is_not_in_these_documents(documents: Path, index: Path) -> None:
    build(documents, index)
    refused = ask("Where do zebrafish live?", index, "--threshold", "1")
    assert refused.exit_code == 0
    assert refused.output.startswith("No sure answer in these documents (searched 2 passages of 2 documents).")
    assert "zebrafish" in refused.output
    among = ask("Where do zebrafish live?", index, "--threshold", "1", "--document", "ward.md")
    assert among.output.startswith("Not in the chosen documents (searched 1 passage of 1 document).")


def test_json_is_one_object_with_the_schema(documents: Path, index: Path) -> None:
    build(documents, index)
    assert json.loads(ask("What was the dose?", index, "--json").output)["schema"] == 1
    assert json.loads(run("status", "--index", index, "--json").output)["documents"] == 2


def test_a_problem_is_listed_and_leaves_with_1(documents: Path, index: Path) -> None:
    (documents / "empty.pdf").write_bytes(b"")
    (documents / "picture.png").write_bytes(b"\x89PNG")
    built = build(documents, index)
    assert built.exit_code == 1
    assert "problem" in built.output
    assert "empty.pdf" in built.output
    assert "picture.png" in built.output
    assert "2 documents" in built.output
    assert "empty.pdf" in run("status", "--index", index).output


def test_wrong_use_leaves_with_2_and_a_message(documents: Path, index: Path, tmp_path: Path) -> None:
    missing = ask("What?", index)
    assert missing.exit_code == 2
    assert "assistant build" in missing.output
    assert build(tmp_path / "nowhere", index).exit_code == 2
    build(documents, index)
    assert ask("", index).exit_code == 2
    assert ask("What?", index, "--document", "nowhere.txt").exit_code == 2
    assert ask("What?", index, "--threshold", "7").exit_code == 2
    assert run("ask", "What?", "--index", index, "--reader", tmp_path / "no-reader").exit_code == 2


def test_a_second_writer_leaves_with_3(documents: Path, index: Path) -> None:
    build(documents, index)
    with writing(index):
        second = build(documents, index)
    assert second.exit_code == 3
    assert "process" in second.output


def test_what_is_forgotten_no_longer_answers_and_stays_out(documents: Path, index: Path) -> None:
    build(documents, index)
    forgotten = run("forget", "ward.md", "--index", index)
    assert forgotten.exit_code == 0, forgotten.output
    assert "ward.md" in forgotten.output
    assert "ward.md" not in ask("When is the blue door locked?", index, "--threshold", "0").output
    run("build", "--index", index, "--encoder", "hashed")
    assert "ward.md" not in ask("When is the blue door locked?", index, "--threshold", "0").output


def test_what_was_forgotten_is_taken_in_again_by_a_build_that_names_it(documents: Path, index: Path) -> None:
    build(documents, index)
    run("forget", "ward.md", "--index", index)
    again = run("build", "--include", "ward.md", "--index", index, "--encoder", "hashed")
    assert again.exit_code == 0, again.output
    assert "ward.md" in ask("When is the blue door locked?", index, "--threshold", "0").output
    wrong = run("build", "--include", "ward.md", "--index", index, "--encoder", "hashed")
    assert wrong.exit_code == 2
    assert "Nothing that is kept out is called ward.md" in wrong.output


def test_forget_prints_json_for_a_program(documents: Path, index: Path) -> None:
    build(documents, index)
    forgotten = json.loads(run("forget", "ward.md", "--index", index, "--json").stdout)
    ward = str(documents / "ward.md")
    assert forgotten == {
        "paths": ["ward.md"],
        "documents": 1,
        "passages": 1,
        "excluded": [ward],
        "deleted": [],
        "log_wiped": True,
        "traces": [],
    }


def test_a_changed_file_answers_with_its_new_words_after_a_build(documents: Path, index: Path) -> None:
    build(documents, index)
    (documents / "ward.md").write_text("# The ward\n\nThe green door is locked at noon. Nobody slept.\n")
    assert "1 file changed" in run("status", "--index", index).output
    run("build", "--index", index, "--encoder", "hashed")
    answered = ask("When is the door locked?", index, "--threshold", "0").output
    assert "locked at noon" in answered
    assert "locked at nine" not in answered


def test_chat_goes_on_after_a_question_that_cannot_be_asked(documents: Path, index: Path) -> None:
    build(documents, index)
    questions = "why " * 500 + "\nWhat was the dose?\n\n"
    arguments = ["chat", "--index", str(index), "--reader", "similarity", "--threshold", "0"]
    chatted = CliRunner().invoke(main, arguments, input=questions)
    assert chatted.exit_code == 0, chatted.output
    assert "Shorten it" in chatted.output
    assert "The dose was 60 mg by mouth." in chatted.output


def test_evaluate_prints_figures_and_compare_tells_two_runs_apart(documents: Path, index: Path, tmp_path: Path) -> None:
    build(documents, index)
    rows = [
        {"id": "1", "question": "When is the blue door locked?", "answers": ["nine"], "document": "ward.md"},
        {"id": "2", "question": "What was the dose?", "answers": ["60 mg"]},
        {"id": "3", "question": "Where do zebrafish live?", "answers": []},
    ]
    questions = tmp_path / "set.jsonl"
    questions.write_text("\n".join(map(json.dumps, rows)))
    for _ in range(2):
        done = run("evaluate", questions, "--index", index, "--reader", "similarity")
        assert done.exit_code == 0, done.output
        assert "quote_hit@1" in done.output
    compared = run("compare", "1", "2", "--index", index)
    assert compared.exit_code == 0, compared.output
    assert "quote_hit@1" in compared.output


def test_a_file_name_that_is_not_utf8_is_printed_escaped(documents: Path, index: Path) -> None:
    (documents / "caf\udce9.zip").write_bytes(b"PK")
    (documents / "caf\udce9.txt").write_text("Nobody slept.")
    built = build(documents, index)
    assert isinstance(built.exception, SystemExit), built.exception
    assert f"skipped  {documents}/caf\\udce9.zip: " in built.output
    assert "caf\\udce9.txt" in built.output
    assert "caf\\udce9.zip" in run("status", "--index", index).output
    for shown in (
        run("status", "--index", index, "--json"),
        run("build", "--index", index, "--encoder", "hashed", "--json"),
    ):
        assert [str(documents / "caf\udce9.zip"), "files of type .zip are not read"] in json.loads(shown.stdout)[
            "skipped"
        ]
    asked = ask("What?", index, "--document", "caf\udce9.md")
    assert asked.exit_code == 2
    assert "caf\\udce9.md" in asked.output


def sure(citation: Citation, confidence: float = 0.9) -> Answer:
    quote = Quote("Nobody slept.", "Nobody", 0, confidence, citation)
    return Answer("Who slept?", "Who slept?", True, confidence, (), (quote,), (), (), Searched(1, 1), 1)


def test_a_quote_from_a_folder_whose_name_is_not_utf8_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    echo(as_text(sure(Citation("d.txt", "caf\udce9/d.txt", "0" * 64, "", None, None, (), 0, 13))))
    assert "caf\\udce9/d.txt" in capsys.readouterr().out


@pytest.mark.parametrize("port", ["0", "65536"])
def test_a_port_that_no_page_can_have_is_refused(index: Path, port: str) -> None:
    refused = run("serve", "--port", port, "--index", index)
    assert refused.exit_code == 2
    assert "1<=x<=65535" in refused.output


@pytest.mark.parametrize(
    ("page", "label", "shown"),
    [(3, None, "d.pdf, p. 3"), (3, "3", "d.pdf, p. 3"), (3, "i", "d.pdf, p. i (PDF page 3)"), (None, None, "d.pdf")],
)
def test_a_page_without_a_printed_label_is_named_by_its_number(page: int | None, label: str | None, shown: str) -> None:
    assert place(Citation("d.pdf", "d.pdf", "0" * 64, "", page, label, (), 0, 13)) == shown


@pytest.mark.parametrize(
    ("confidence", "shown"), [(1.0, "(over 99 % sure)"), (0.996, "(over 99 % sure)"), (0.42, "(42 % sure)")]
)
def test_no_quote_is_printed_as_certain(confidence: float, shown: str) -> None:
    assert shown in as_text(sure(Citation("d.txt", "d.txt", "0" * 64, "", None, None, (), 0, 13), confidence))


def test_help_names_every_command_that_works_and_no_other() -> None:
    listed = run("--help").output
    for command in ("build", "ask", "chat", "evaluate", "compare", "status", "serve", "watch", "forget", "fetch-model"):
        assert command in listed
    for later in ("verify", "backup", "restore", "draft-questions"):
        assert later not in listed


def test_an_empty_folder_says_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("build", tmp_path / "empty", "--index", tmp_path / "index", "--encoder", "hashed")
    assert done.exit_code == 0
    assert "No file could be read. Put text" in done.output
