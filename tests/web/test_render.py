"""Answers as HTML, without a browser."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import phrases
from assistant.answers import Answer, Citation, Nearest, Quote, Searched
from assistant.commands.asking import as_text
from assistant.web import render, render_source
from assistant.web.conversation import Turn, history
from assistant.web.export import escaped, markdown
from assistant.web.render_source import View, with_headings
from assistant.web.render_turn import thread
from corpus.documents import Document, Heading, Page

CITE = Citation("a<b>.pdf", "f/a<b>.pdf", "0" * 64, "T", 22, "xii", ("Methods", "Do & sing"), 10, 20)
QUOTE = Quote("Take 60 <mg> daily.", "60 <mg>", 5, 0.934, CITE)
ANSWER = Answer("How <much>?", "How <much>?", True, 0.934, (), (QUOTE,), (), (), Searched(1, 1204), 7, {"total": 0.081})


class Words(HTMLParser):
    """The text of HTML, and its tags, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def address(cite: Citation) -> str:
    return f"{cite.start}-{cite.end}"


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), st.data())
def test_any_text_is_shown_as_it_is(words: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    seen = Words(render.marked(words, start, end))
    assert seen.text == words
    assert set(seen.tags) <= {"mark"}


def test_answer_shows_quote_place_and_confidence() -> None:
    html = render.answer_html(ANSWER, address, 3)
    seen = Words(html).text
    assert "Take 60 <mg> daily." in seen
    assert "<mark>60 &lt;mg&gt;</mark>" in html
    assert "a<b>.pdf" in seen
    assert "p. xii (PDF page 22)" in seen
    assert "Methods › Do & sing" in seen
    assert "very likely, 93 %" in seen
    assert "Searched 1,204 passages of 1 document in 0.08 s" in seen
    assert 'data-cite="10-20"' in html
    assert "changed" not in seen


def test_changed_file_and_further_places_are_said() -> None:
    quote = replace(QUOTE, citation=replace(CITE, changed=True), also=(replace(CITE, start=30, end=40),))
    html = render.answer_html(replace(ANSWER, quotes=(quote,)), address, 1)
    assert "The file has changed since it was indexed" in html
    assert 'data-cite="30-40"' in html


def test_mark_over_the_whole_quote_is_left_out() -> None:
    assert "<mark>" not in render.span(replace(QUOTE, answer=QUOTE.text, answer_start=0))


def test_every_marker_opens_its_own_quote() -> None:
    cites = [replace(CITE, start=n, end=n + 5) for n in range(3)]
    answer = replace(ANSWER, quotes=tuple(replace(QUOTE, citation=cite) for cite in cites))
    html = render.answer_html(answer, address, 1)
    places = [html.index(f'data-cite="{n}-{n + 5}"') for n in range(3)]
    quotes = [html.index(f'id="quote-1-{n}"') for n in (1, 2, 3)]
    assert places == sorted(places)
    assert all(place < quote for place, quote in zip(places, quotes, strict=True))


def test_a_table_row_says_what_its_columns_are() -> None:
    row = replace(QUOTE, top_row="Dose <mg> | When")
    told = "Top row of the table: Dose <mg> | When"
    assert told in Words(render.answer_html(replace(ANSWER, quotes=(row,)), address, 1)).text
    assert phrases.copied(row).split("\n")[1] == told
    assert "Top row" not in render.answer_html(ANSWER, address, 1)


def test_silence_says_why_and_what_was_near() -> None:
    answer = replace(
        ANSWER,
        answered=False,
        confidence=0.09,
        quotes=(),
        reasons=("Too <unsure>.",),
        unknown_words=("zebra<fish>",),
        nearest=(Nearest("Near <it>.", CITE, "Top <row> | Of it"),),
    )
    seen = Words(render.answer_html(answer, address, 1)).text
    for part in (
        "Not in these documents",
        "Too <unsure>.",
        "zebra<fish>",
        "Near <it>.",
        "Top <row> | Of it",
        "1,204 passages",
    ):
        assert part in seen
    assert "Not in the chosen documents" in Words(render.answer_html(answer, address, 1, chosen=True)).text
    perhaps = Words(render.answer_html(replace(answer, confidence=0.1), address, 1)).text
    assert "No sure answer in these documents" in perhaps
    assert "Not in" not in perhaps


def test_a_refusal_reads_alike_on_the_page_in_the_terminal_and_exported() -> None:
    silent = replace(ANSWER, answered=False, confidence=0.3, quotes=(), reasons=("Too unsure.",))
    told = "No sure answer in the chosen documents (searched 1,204 passages of 1 document)."
    assert as_text(silent, chosen=True).startswith(told)
    exported = markdown([Turn("How?", silent, chosen=True), Turn("How?", replace(silent, confidence=0.05))])
    assert f"{told}\n\n- Too unsure" in exported
    assert "Not in these documents (searched" in exported
    row = replace(QUOTE, text="40 mg | 3", answer="40 mg", answer_start=0, top_row="Dose | Patients")
    assert "Dose \\| Patients" in markdown([Turn("How?", replace(ANSWER, quotes=(row,)))])


def test_follow_up_says_how_it_was_understood() -> None:
    assert "Understood as" not in render.answer_html(ANSWER, address, 1)
    assert "How much <b>?" in Words(render.answer_html(replace(ANSWER, understood_as="How much <b>?"), address, 1)).text


def test_next_question_leans_on_those_since_the_last_bare_one() -> None:
    turns = [Turn("a"), Turn("b", bare=True), Turn("c")]
    assert history(turns) == ["b", "c"]
    assert history(turns[:1]) == ["a"]
    assert history([]) == []


def test_failed_question_shows_its_message() -> None:
    assert "It <failed>." in Words(thread("key", [Turn("q", message="It <failed>.")], address)).text


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "very likely, over 99 %"),
        (0.9, "very likely, 90 %"),
        (0.5, "more likely than not, 50 %"),
        (0.3, "unsure, 30 %"),
        (0.004, "unlikely, under 1 %"),
        (0.0, "unlikely, under 1 %"),
    ],
)
def test_confidence_in_words(probability: float, words: str) -> None:
    assert phrases.certainty(probability) == words


@pytest.mark.parametrize(
    ("page", "label", "words"),
    [(22, "xii", "p. xii (PDF page 22)"), (22, "22", "p. 22"), (None, None, ""), (5, None, "p. 5")],
)
def test_page_in_words(page: int | None, label: str | None, words: str) -> None:
    assert phrases.page(replace(CITE, page=page, page_label=label)) == words


DOCUMENT = Document(
    "0" * 64,
    "Dosing\nTake <60> mg.\nTimes\nDaily.",
    "T",
    "pdf",
    "en",
    (Page(1, "i", 0), Page(2, "1", 20)),
    (Heading(0, 6, 1), Heading(21, 26, 2)),
)


@given(st.integers(0, 33), st.integers(0, 33))
def test_headings_keep_every_character(start: int, end: int) -> None:
    start, end = min(start, end), max(start, end)
    assert Words(with_headings(DOCUMENT, start, end)).text == DOCUMENT.text[start:end]


def test_source_shows_pages_only_of_the_indexed_file() -> None:
    cite = replace(CITE, start=7, end=20, boxes=((1, 0, 0, 9, 9), (2, 0, 0, 9, 9)))
    same = render_source.source(View(cite, DOCUMENT, "address", same=True))
    assert 'src="picture/address/1.png"' in same
    assert 'src="picture/address/2.png"' in same
    assert "<mark>Take &lt;60&gt; mg.</mark>" in same
    other = render_source.source(View(cite, DOCUMENT, "address", same=False))
    assert "picture/" not in other
    assert "changed or is gone" in other
    assert "original/" not in other


def test_place_that_is_not_proven_is_not_drawn_and_it_says_so() -> None:
    html = render_source.source(View(CITE, DOCUMENT, "address", same=True))
    assert "picture/address/22.png" in html
    assert "nothing is painted" in html


def test_export_keeps_words_and_places() -> None:
    words = markdown([Turn("How *much*?", ANSWER), Turn("And?", message="It failed.")])
    assert r"## How \*much\*?" in words
    assert r"> Take 60 \<mg\> daily." in words
    assert "very likely, 93 %" in words
    assert "It failed." in words


def test_escaped_markdown_has_no_live_character() -> None:
    assert escaped("[a](b) *c* $5 _x_ <i>") == r"\[a\]\(b\) \*c\* \$5 \_x\_ \<i\>"
