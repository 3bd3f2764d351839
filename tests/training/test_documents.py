import shutil
from pathlib import Path

import pytest
from asked import DOCUMENTS

from index.hashed import HashedEncoder
from training.documents import KEPT_APART, read_documents
from training.sources import Paragraph
from training.written import key_of

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "documents").rglob("*.pdf"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two documents, of a protocol and of a report, and a file that holds nothing readable."""
    for path, folder in zip(EXAMPLES, ("nih-protocols/data", "ntsb-reports"), strict=False):
        (tmp_path / folder).mkdir(parents=True)
        shutil.copy(path, tmp_path / folder)
    (tmp_path / "ntsb-reports" / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    return tmp_path


def of_one(data: Path, folder: str) -> list[Paragraph]:
    """All passages of the document in the folder alone."""
    (path,) = (p for p in (data / folder).rglob("*.pdf") if p.name != "broken.pdf")
    alone = data / "alone" / "ntsb-reports"
    shutil.rmtree(data / "alone", ignore_errors=True)
    alone.mkdir(parents=True)
    (data / "alone" / "nih-protocols").mkdir()
    shutil.copy(path, alone)
    return list(read_documents(data / "alone", HashedEncoder(), Everything()))


class Everything(frozenset[str]):
    def __contains__(self, key: object) -> bool:
        return True


def test_a_document_that_is_asked_about_is_read_whole_and_no_other(data: Path) -> None:
    protocol, report = of_one(data, "nih-protocols"), of_one(data, "ntsb-reports")
    assert len(protocol) > 3
    assert len(report) > 3
    found = list(read_documents(data, HashedEncoder(), {key_of(protocol[2])}))
    assert found == protocol
    assert list(read_documents(data, HashedEncoder(), {"0" * 16})) == []
    both = read_documents(data, HashedEncoder(), {key_of(protocol[0]), key_of(report[-1])})
    assert list(both) == [*protocol, *report]


def test_passages_stand_under_their_title_and_headings(data: Path) -> None:
    (title, *rest) = {paragraph.article.split(" › ")[0] for paragraph in of_one(data, "nih-protocols")}
    assert title
    assert not rest


def test_nothing_is_learned_from_a_document_that_questions_to_choose_by_are_about(data: Path) -> None:
    protocol = of_one(data, "nih-protocols")
    (path,) = (data / "nih-protocols").rglob("*.pdf")
    path.rename(path.with_stem(KEPT_APART[0]))
    assert list(read_documents(data, HashedEncoder(), {key_of(protocol[2])})) == []
    assert set(KEPT_APART) == set(DOCUMENTS)


def test_a_file_that_cannot_be_read_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    list(read_documents(data, HashedEncoder(), ()))
    assert "left out: broken.pdf: " in capsys.readouterr().out
