"""Passages: slices that hold all of the text once, fit the encoder, and stay in one section."""

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document, Heading, Page
from corpus.passages import split
from corpus.read import read
from corpus.settings import CorpusSettings

PIECE = 4  # characters of a word piece here
BLOCKS = st.sampled_from(
    [
        "A short sentence is here.",
        "word " * 60,
        "Two. Sentences here, with e.g. commas.",
        "x" * 1500,
        "Three words long",
    ]
)


def count(texts: Sequence[str]) -> list[int]:
    return [sum(-(-len(word) // PIECE) for word in text.split()) for text in texts]


def document(blocks: list[str], headed: list[bool], turned: list[bool]) -> Document:
    text, headings, pages = "", [], [Page(1, "i", 0)]
    for block, is_heading, turns in zip(blocks, headed, turned, strict=True):
        text += "\n\n" if text else ""
        if turns and text:
            pages.append(Page(pages[-1].number + 1, "x", len(text)))
        if is_heading:
            text += "A heading of the text\n\n"
            headings.append(Heading(len(text) - 23, len(text) - 2, 1 + len(headings) % 3))
        text += block.strip()
    return Document("0" * 64, text, "The title", "txt", "en", tuple(pages), tuple(headings))


@given(st.data(), st.integers(min_value=1, max_value=8))
def test_passages_are_slices_that_hold_everything_once_and_fit(data: st.DataObject, size: int) -> None:
    flags = st.lists(st.booleans(), min_size=size, max_size=size)
    made = document(data.draw(st.lists(BLOCKS, min_size=size, max_size=size)), data.draw(flags), data.draw(flags))
    passages = split(made, count, CorpusSettings())
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(made.text.split())
    assert all(first.end <= second.start for first, second in itertools.pairwise(passages))
    for passage in passages:
        assert made.text[passage.start : passage.end] == passage.text
        assert count([passage.prefix])[0] + count([passage.text])[0] + 2 <= 256
        page = made.page_at(passage.start)
        assert passage.page == (page.number if page else None)


def test_an_empty_document_has_no_passages() -> None:
    assert split(Document("0" * 64, "", "", "txt", "und"), count, CorpusSettings()) == []


def test_a_passage_stays_in_its_section_and_carries_its_heading() -> None:
    text = b"# Guide\n\nFirst words are here.\n\n## Dose\n\nTake one a day.\n\n## Risk\n\n"
    text += b"### Heart\n\nIt may race at night.\n"
    passages = split(read(text, "a.md"), count, CorpusSettings())
    assert [(passage.heading, passage.text) for passage in passages] == [
        (("Guide",), "Guide\n\nFirst words are here."),
        (("Guide", "Dose"), "Dose\n\nTake one a day."),
        (("Guide", "Risk", "Heart"), "Risk\n\nHeart\n\nIt may race at night."),
    ]
    assert passages[1].prefix == "Guide › Dose"


def test_a_prefix_that_is_too_long_loses_the_title_first() -> None:
    made = Document("0" * 64, "Dose\n\nTake one.", "long title " * 100, "txt", "en", headings=(Heading(0, 4, 1),))
    assert [(passage.title, passage.heading) for passage in split(made, count, CorpusSettings())] == [("", ("Dose",))]


def test_sentences_are_packed_up_to_the_limit() -> None:
    sentence = "These are seven words of it now."  # 10 pieces
    made = Document("0" * 64, " ".join([sentence] * 30), "", "txt", "en")
    passages = split(made, count, CorpusSettings(passage_tokens=92))
    assert [passage.text.count("now.") for passage in passages] == [9, 9, 9, 3]


def test_a_new_page_begins_a_new_passage_once_half_of_it_is_full() -> None:
    sentence = "These are seven words of it now."
    first, second = " ".join([sentence] * 6), " ".join([sentence] * 3)
    for repeated, expected in ((first, [6, 3]), (second, [6])):
        pages = (Page(1, "1", 0), Page(2, "2", len(repeated) + 1))
        made = Document("0" * 64, f"{repeated} {second}", "", "pdf", "en", pages)
        passages = split(made, count, CorpusSettings(passage_tokens=92))
        assert [passage.text.count("now.") for passage in passages] == expected
        assert passages[0].page == 1
