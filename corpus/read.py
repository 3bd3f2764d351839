"""One file's bytes to its frozen document."""

from hashlib import sha256
from pathlib import PurePosixPath

from corpus.clean import Cleaned, clean
from corpus.documents import Document, Extracted
from corpus.errors import DocumentUnreadable
from corpus.formats import SUFFIXES
from corpus.language import detect


def read(data: bytes, name: str) -> Document:
    """The document that the bytes of the file `name` hold; the suffix of the name says the format.

    Raises: DocumentUnreadable, with the reason and what to do.
    """
    path = PurePosixPath(name)
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(SUFFIXES)
        raise DocumentUnreadable(f"Files of type {path.suffix!r} are not read.", f"Save it as one of {known}.")
    extracted = _extract(kind, data, name)
    cleaned = clean(extracted)
    if not cleaned.text:
        raise _without_text(extracted)
    return Document(
        sha256=sha256(data).hexdigest(),
        text=cleaned.text,
        title=_title(extracted, cleaned) or path.stem,
        format=kind,
        language=detect(cleaned.text),
        pages=cleaned.pages,
        headings=cleaned.headings,
        metadata=extracted.metadata,
        problems=extracted.problems,
        runs=cleaned.runs,
        boxes=cleaned.boxes,
    )


def _extract(kind: str, data: bytes, name: str) -> Extracted:
    """The format's reader is imported when it is needed: a build of text files pays for no PDF library."""
    if kind == "pdf":
        from corpus.formats.pdf import extract
    elif kind == "docx":
        from corpus.formats.word import extract
    elif kind == "html":
        from corpus.formats.web import extract
    elif kind == "md":
        from corpus.formats.markdown import extract
    else:
        from corpus.formats.text import extract
    return extract(data, name)


def _title(extracted: Extracted, cleaned: Cleaned) -> str:
    if extracted.title.strip() or not cleaned.headings:
        return " ".join(extracted.title.split())
    first = cleaned.headings[0]
    return cleaned.text[first.start : first.end] if first.level == 1 else ""


def _without_text(extracted: Extracted) -> DocumentUnreadable:
    if extracted.problems:
        return DocumentUnreadable(extracted.problems[0].reason, extracted.problems[0].next_step)
    return DocumentUnreadable(
        "The file holds no text.", "Check that it is the file you meant; pictures need OCR first."
    )
