"""Cleaning: what goes, what stays, and that every kept character traces back."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.boxes import pack, unpack
from corpus.clean import Cleaned, clean
from corpus.documents import Extracted, Heading, Page, PageBoxes

NONCE = "The zorblatt dose of frindle was 5 mg in ward nine."
ALPHABET = [*list("aB9.-,:\n\n  \t|•\xad\xa0ﬁ\u200b\ufeff\u2028\r\x0c\x02$é。"), "Skip to content", "Read also:", "1. "]


def text_of(text: str, **others: object) -> str:
    return clean(Extracted(text, "", **others)).text  # type: ignore[arg-type]


def source_map(cleaned: Cleaned) -> list[int]:
    return [run.source + step for run in cleaned.runs for step in range(run.length)]


def check_traces(source: str, cleaned: Cleaned) -> None:
    places = source_map(cleaned)
    assert len(places) == len(cleaned.text)
    assert places == sorted(places)
    for character, place in zip(cleaned.text, places, strict=True):
        origin = source[place]
        same = character == origin or (character.isspace() and origin.isspace())
        assert same or character in unicodedata.normalize("NFKC", origin)


def paged(*texts: str) -> Extracted:
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    pages = tuple(Page(number + 1, str(number + 1), start) for number, start in enumerate(starts))
    return Extracted("\n".join(texts), "", pages=pages)


@given(st.lists(st.sampled_from(ALPHABET), max_size=60).map("".join))
def test_every_kept_character_traces_back_in_order(text: str) -> None:
    check_traces(text, clean(Extracted(text, "")))


@given(st.lists(st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join), min_size=1, max_size=5))
def test_every_kept_character_of_pages_traces_back_in_order(texts: list[str]) -> None:
    extracted = paged(*texts)
    cleaned = clean(extracted)
    check_traces(extracted.text, cleaned)
    starts = [page.start for page in cleaned.pages]
    assert starts == sorted(starts)
    assert len(starts) == len(texts)
    assert all(0 <= start <= len(cleaned.text) for start in starts)


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("", ""),
        ("e\ufb03cient \ufb01ndings", "efficient findings"),
        ("\ufeffzero\u200bwidth soft\u00adhyphen", "zerowidth softhyphen"),
        ("50\u00a0mg   twice\ta day", "50 mg twice a day"),
        ("one\r\n\r\ntwo\rthree", "one\n\ntwo\nthree"),
    ],
)
def test_invisible_and_odd_characters_become_plain(dirty: str, plain: str) -> None:
    assert text_of(dirty) == plain


WRAPPED = (
    "Ketamine was introduced as an anaesthetic in the year 1970 and is\n"
    "still one of the safest agents for short operations where equip-\n"
    "ment is scarce. At doses far below those used in theatre it lifts\n"
    "mood, sometimes within the same afternoon.\n"
    "\n"
    "A second paragraph follows here, and it is wrapped at that width\n"
    "as well.\n"
)


def test_hard_wrapped_lines_are_joined_and_paragraphs_kept() -> None:
    first, second = text_of(WRAPPED).split("\n\n")
    assert first.startswith("Ketamine was introduced as an anaesthetic in the year 1970 and is still one of the safest")
    assert "equipment is scarce. At doses" in first
    assert second == "A second paragraph follows here, and it is wrapped at that width as well."


def test_list_items_in_wrapped_text_stay_lines() -> None:
    text = text_of(
        WRAPPED + "\nBefore the session the team should check these things on the ward:\n- the pulse;\n- sleep.\n"
    )
    assert text.endswith("on the ward:\n- the pulse;\n- sleep.")


def test_verse_and_tables_keep_their_lines() -> None:
    verse = "Shall I compare thee\nto a summer's day\nThou art more lovely\nand more temperate"
    table = "Scale    Items   Top score\nHAM-D    17      52\nMADRS    10      60"
    assert text_of(verse) == verse
    assert text_of(table) == "Scale Items Top score\nHAM-D 17 52\nMADRS 10 60"


@pytest.mark.parametrize(
    ("above", "below", "elsewhere", "joined"),
    [
        ("trans-", "mission", "", "transmission"),
        ("low-", "dose", "", "low-dose"),
        ("co-", "operation", "Their co-operation was good.", "co-operation"),
        ("co-", "operation", "Their cooperation was good.", "cooperation"),
        ("GABA-", "A", "", "GABA-A"),
        ("Mont-", "gomery", "", "Montgomery"),
        ("short-", "and long-term", "", "short- and long-term"),
    ],
)
def test_hyphens_at_line_ends(above: str, below: str, elsewhere: str, joined: str) -> None:
    wide = "This line only shows how wide the lines of this text have been set.\n" * 3
    text = text_of(
        f"{elsewhere}\n\n{wide}and here is a line that ends within a word, namely in {above}\n{below} things.\n"
    )
    assert f"in {joined} things." in text


def test_running_headers_and_page_numbers_go_but_no_sentence_does() -> None:
    bodies = [
        f"This is body number {word} and it tells about the {word} visit." for word in ("one", "two", "three", "four")
    ]
    pages = [f"Trial Report 2024\n{body}\nPage {number} of 4" for number, body in enumerate(bodies, 1)]
    pages[1] = f"Trial Report 2024\n{NONCE}\n{bodies[1]}\n{NONCE.replace('zorblatt', 'quimble')}\nPage 2 of 4"
    text = clean(paged(*pages)).text
    assert "Trial Report" not in text
    assert "of 4" not in text
    for sentence in (*bodies, NONCE, NONCE.replace("zorblatt", "quimble")):
        assert text.count(sentence) == 1


def test_a_sentence_repeated_on_every_page_is_kept_once() -> None:
    text = clean(paged(*(f"{NONCE}\nBody {word} is here." for word in ("one", "two", "three")))).text
    assert text.count(NONCE) == 1


def test_a_sentence_runs_over_the_page_end() -> None:
    cleaned = clean(paged("Header\nThe infusion was stopped\n1", "Header\nafter one hour.\n2", "Header\nDone.\n3"))
    assert cleaned.text == "The infusion was stopped after one hour.\n\nDone."
    assert [page.start for page in cleaned.pages] == [0, 25, 42]


def test_boxes_and_headings_follow_their_characters() -> None:
    texts = ("H\ufb01 Title\nof two\nbo-\ndy text", "next  page")
    extracted = paged(*texts)
    rows = [np.arange(1, 4 * len(text) + 5, dtype=np.float32).reshape(-1, 4) for text in texts]
    boxes = tuple(
        PageBoxes(page.number, page.start, 100, 100, pack(row)) for page, row in zip(extracted.pages, rows, strict=True)
    )
    extracted = Extracted(extracted.text, "", extracted.pages, (Heading(0, 15, 1),), boxes=boxes)
    cleaned = clean(extracted)
    heading = cleaned.headings[0]
    assert cleaned.text[heading.start : heading.end] == "Hfi Title of two"
    every = np.concatenate(rows)
    for page, first in zip(cleaned.boxes, (0, cleaned.pages[1].start), strict=True):
        assert page.start == first
    kept = np.concatenate([unpack(page) for page in cleaned.boxes])
    assert kept.tolist() == every[source_map(cleaned)].tolist()
