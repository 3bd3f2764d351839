"""Files in several folders with the same path below them: told apart in the table, in the filter, and when removed."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.ask import Asking
from assistant.confidence import UNCALIBRATED
from assistant.reading.similarity import SimilarityReader
from assistant.settings import Settings
from assistant.web.desk import Desk
from assistant.web.listing import Wanted, listing
from assistant.web.render_documents import table
from assistant.web.scope import choices, chosen, kept, passages, told
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.served import Served
from assistant.web.shelf import Shelf
from index.build import build
from index.hashed import HashedEncoder
from index.open import Index


class Clicked:
    """Stands for Gradio's event, which holds what the script gave to `trigger`."""

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """Two paths that a folder and the uploads both have, and one that a folder and a root that is a file have."""
    documents, uploads = tmp_path / "documents", tmp_path / "index" / "uploads"
    for root, words in ((documents, "The blue door is locked."), (uploads, "Cats sleep in the yard.")):
        (root / "drugs").mkdir(parents=True)
        (root / "report.txt").write_text(words)
        (root / "drugs" / "a.txt").write_text(f"{words} Twice.")
    (documents / "alone.txt").write_text("Take 60 mg.")
    (tmp_path / "alone.txt").write_text("Take 90 mg.")
    encoder = HashedEncoder()
    build(tmp_path / "index", encoder, roots=[documents, uploads, tmp_path / "alone.txt"])
    return Served(Index.open(tmp_path / "index", encoder), Asking(SimilarityReader(encoder), UNCALIBRATED, Settings()))


def test_every_choice_of_the_filter_can_be_asked(served: Served, tmp_path: Path) -> None:
    status = served.status()
    offered = choices(status)
    assert [label for label, _ in offered if not label.endswith(")")][-1] == f"report.txt in {tmp_path}/index/uploads"
    assert ("drugs/ (2)", "drugs/") in offered
    assert ("alone.txt in " + str(tmp_path / "alone.txt"), str(tmp_path / "alone.txt")) in offered
    found = [chosen([value], status) for _, value in offered if not value.endswith("/")]
    assert len({tuple(names or ()) for names in found}) == len(status.files) == 6
    for names in found:
        answer = served.ask("What is it?", documents=names, threshold=0.0)
        assert answer.searched.documents == 1
    inside = chosen(["drugs/"], status)
    assert inside == [f"{tmp_path}/documents/drugs/a.txt", f"{tmp_path}/index/uploads/drugs/a.txt"]
    assert served.ask("What is it?", documents=inside, threshold=0.0).searched.documents == 2


def test_what_is_chosen_is_told_in_few_words() -> None:
    assert told([]) == ""
    assert told(["drugs/", "report.txt"]) == "drugs/, report.txt"
    assert told(["drugs/", "report.txt", "a.txt", "b.txt"]) == "drugs/, report.txt and 2 more"


def test_the_passages_that_a_choice_has_are_those_that_are_searched(served: Served) -> None:
    status = served.status()
    for values in (["drugs/"], ["drugs/", "drugs/a.txt"], ["report.txt"], [value for _, value in choices(status)]):
        answer = served.ask("What is it?", documents=chosen(values, status), threshold=0.0)
        assert passages(values, status) == answer.searched.passages > 0
    assert passages(["gone.txt"], status) == 0


def test_what_was_chosen_before_a_second_file_was_called_so_means_both(served: Served, tmp_path: Path) -> None:
    status = served.status()
    both = [f"{tmp_path}/documents/report.txt", f"{tmp_path}/index/uploads/report.txt"]
    assert kept(["report.txt", "drugs/", both[0]], status) == [*both, "drugs/"]
    alone = replace(status, files=tuple(row for row in status.files if row.root == f"{tmp_path}/documents"))
    assert kept([both[0]], alone) == ["report.txt"]


def test_what_is_chosen_but_gone_stays_in_the_filter_and_is_asked_for(served: Served) -> None:
    status = served.status()
    for gone in ("gone.txt", "gone/"):
        assert kept([gone], status) == [gone]
        assert choices(status, [gone])[-1] == (f"{gone} (not there any more)", gone)
        assert chosen([gone], status) == [gone]


def test_the_table_shows_the_root_only_where_it_is_needed_and_removes_the_row_that_was_clicked(
    served: Served, tmp_path: Path
) -> None:
    shown = table(listing(served.status().files, Wanted()), str(served.uploads), Wanted())
    assert shown.count('class="root"') == 6
    upload = f"{tmp_path}/index/uploads/report.txt"
    assert f'data-remove="{upload}" data-confirm="Delete upload?"' in shown
    site = site_over(Desk(lambda: served), Seal(b"k" * 32), tmp_path / "feedback")
    said, *_ = Shelf(site).forget(Clicked(upload))  # type: ignore[arg-type]
    assert said == ""
    left = [row.root for row in served.status().files if row.relative == "report.txt"]
    assert left == [f"{tmp_path}/documents"]
    shown = table(listing(served.status().files, Wanted()), str(served.uploads), Wanted())
    assert shown.count('class="root"') == 4
    assert 'data-remove="report.txt" data-confirm="Leave out?"' in shown
