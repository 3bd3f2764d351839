"""Replies of worker processes: they come back as they were sent, and nothing else is taken for one."""

import pickle
from io import BytesIO

import pytest

from corpus.documents import Document, Heading, Page, PageBoxes, Problem, Run
from corpus.replies import receive, send

PROBLEM = Problem("zorblatt.pdf", "It is torn.", "Mend it.", page=3)
FULL = Document(
    "ab12",
    "Zorblatt \ud800 é\u2028\nfrindle",
    "Zorblatt",
    "pdf",
    "en",
    (Page(1, "xii", 0), Page(2, "1", 12)),
    (Heading(0, 8, 1),),
    (("Author", "A. Quimble"),),
    (PROBLEM,),
    (Run(0, 4, 20),),
    (PageBoxes(1, 0, 595.28, 841.89, b"\n\x00\xff{}"), PageBoxes(2, 12, 100.0, 200.0, b"")),
)


def sent(*replies: Document | Problem) -> bytes:
    stream = BytesIO()
    for reply in replies:
        send(reply, stream)
    return stream.getvalue()


def test_replies_come_back_as_they_were_sent_one_after_the_other() -> None:
    replies = [FULL, PROBLEM, Document("", "", "", "txt", "en"), FULL]
    stream = BytesIO(sent(*replies))
    assert [receive(stream) for _ in replies] == replies
    assert stream.read() == b""


@pytest.mark.parametrize("end", [0, 1, 100, -1])
def test_a_reply_that_ends_too_early_is_none(end: int) -> None:
    with pytest.raises(EOFError):
        receive(BytesIO(sent(FULL)[:end]))


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a reply was run",)


@pytest.mark.parametrize(
    "reply", [pickle.dumps(Bomb()), b"[]", b"3", b'{"Problem": {"gone": 1}}', b'{"Document": {}, "sizes": [-1]}']
)
def test_what_is_no_reply_is_never_run(reply: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        receive(BytesIO(reply + b"\n"))
