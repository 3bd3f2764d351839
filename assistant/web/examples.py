"""Questions to begin with, made from the user's own headings."""

from itertools import islice

from assistant.web.backend import Backend
from corpus.documents import Document
from index.records import DocumentRow

QUESTIONS = 4
WORDS = range(2, 8)  # of a heading: one word says too little, a sentence is no topic


def example_questions(backend: Backend) -> list[str]:
    """Up to four questions, each from another document."""
    rows = [row for row in backend.status().files if row.passages]
    spread = rows[:: max(1, len(rows) // (2 * QUESTIONS))]
    found = (_question(backend.document(row.sha256), row) for row in spread)
    return list(islice((question for question in found if question), QUESTIONS))


def _question(document: Document, row: DocumentRow) -> str:
    """A question about the heading in the middle of the suitable ones; empty if there is none."""
    titles = [document.text[heading.start : heading.end].strip().rstrip(".:") for heading in document.headings]
    fit = [title for title in titles if len(title.split()) in WORDS and title != row.title and "\n" not in title]
    if not fit:
        return ""
    topic = fit[len(fit) // 2]
    if topic.endswith("?"):
        return topic
    return f"What does “{row.title or row.relative}” say about {lowered(topic)}?"


def lowered(topic: str) -> str:
    """The heading inside a sentence: its first letter small, unless the word is a name or an abbreviation."""
    word = topic.split()[0]
    small = word[0].isupper() and word[1:].islower() and word.lower() in COMMON
    return topic[0].lower() + topic[1:] if small else topic


COMMON = frozenset(
    {"a", "an", "the", "how", "what", "when", "where", "who", "why", "which", "before", "after", "during", "is", "are"}
)
"""Words that are written small inside a sentence; any other may be a name."""
