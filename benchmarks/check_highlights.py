"""Reads back, from the PDFs under DATA/documents, the text under the boxes painted for sampled sentences.

    python benchmarks/check_highlights.py --data ../shared/data

A character lies under a box if the middle of its ink does. PDFium maps the box from the page as shown to the page's
own coordinates, so crop box and rotation are not taken from our code. Compared are all characters but white space,
hyphens (cleaning drops those at line ends), invisible ones, and those that the file does not name.
"""

import argparse
import json
import random
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from ctypes import byref, c_double
from hashlib import sha256
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from record import Record
from tqdm import tqdm

from corpus.boxes import boxes_of
from corpus.documents import Document, Problem, Span
from corpus.load import load_files
from corpus.read import read
from corpus.sentences import split

SEED = 7
SENTENCES = 12  # of one document
SHORTEST = 10  # characters: shorter ones are labels and table cells
BAR_RIGHT, BAR_NOT_DRAWN = 0.99, 0.03
IGNORED = frozenset("-\u00ad\u2010\u2011\ufffe\ufffd\x02")

Painted = tuple[int, float, float, float, float]


def main() -> None:
    """Samples, checks, writes `results/highlights.json`; ends with 1 below the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    root = parser.parse_args().data / "documents"
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() == ".pdf")
    record = Record("highlights", n=0, seed=SEED)
    found = load_files(paths, reader="check_highlights:checked")
    reports = {path: report(result) for path, result in tqdm(found, total=len(paths), unit="file")}
    sampled = {path.relative_to(root).as_posix(): rows for path, rows in sorted(reports.items()) if rows}
    record.n = sum(map(len, sampled.values()))
    figures = counted(sampled)
    record.write({"pdfs": len(paths), **figures})
    if float(str(figures["right"])) < BAR_RIGHT or float(str(figures["not_drawn"])) > BAR_NOT_DRAWN:
        raise SystemExit(1)


def counted(sampled: dict[str, list[dict[str, str]]]) -> dict[str, object]:
    """Shares over all sentences, and each sentence that was not right."""
    rows = [{"file": file, **row} for file, rows in sampled.items() for row in rows]
    drawn = [row for row in rows if row["state"] != "not drawn"]
    failures = [row for row in rows if row["state"] != "right"]
    return {
        "pdfs_with_sentences": len(sampled),
        "sentences": len(rows),
        "right": round(sum(row["state"] == "right" for row in drawn) / max(1, len(drawn)), 4),
        "not_drawn": round((len(rows) - len(drawn)) / max(1, len(rows)), 4),
        "failures": failures,
    }


def report(result: Document | Problem) -> list[dict[str, str]]:
    """The rows that `checked` left in the worker's document; none for a file that cannot be read."""
    return [] if isinstance(result, Problem) else list(json.loads(result.text))


def checked(data: bytes, name: str) -> Document:
    """A document whose text is the report on this file, as JSON; runs in a worker process."""
    document = read(data, name)
    spans = [span for span in split(document.text) if span.end - span.start >= SHORTEST]
    chosen = random.Random(SEED).sample(spans, min(SENTENCES, len(spans)))
    with pdfium.PdfDocument(data) as pdf:
        rows = [row(pdf, document, span) for span in chosen] if document.boxes else []
    return Document(sha256(data).hexdigest(), json.dumps(rows), name, "pdf", "en")


def row(pdf: pdfium.PdfDocument, document: Document, span: Span) -> dict[str, str]:
    """Whether the sentence's boxes show it: "right", "wrong" with what they show instead, or "not drawn"."""
    quote = document.text[span.start : span.end]
    boxes = boxes_of(document.boxes, span.start, span.end)
    if not boxes:
        return {"state": "not drawn", "quote": quote}
    shown = "".join(under(pdf, box) for box in boxes)
    if plain(shown) == plain(quote):
        return {"state": "right"}
    return {"state": "wrong", "quote": quote, "under": shown}


def plain(text: str) -> str:
    """What is compared: compatible forms, without white space, hyphens and invisible characters."""
    kept = (character for character in unicodedata.normalize("NFKC", text) if character not in IGNORED)
    return "".join(character for character in kept if character.isprintable() and not character.isspace())


def under(pdf: pdfium.PdfDocument, box: Painted) -> str:
    """The characters of the page whose middle lies in the box."""
    number, x0, y0, x1, y1 = box
    with closing(pdf[number - 1]) as page, closing(page.get_textpage()) as text:
        corners = (on_page(page, x0, y0), on_page(page, x1, y1))
        (left, right), (bottom, top) = (sorted(axis) for axis in zip(*corners, strict=True))
        inside = (code for code, x, y in middles(text) if left <= x <= right and bottom <= y <= top)
        return pairs(inside)


def on_page(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page as shown, in the page's own coordinates, to a hundredth of a point."""
    fine, found_x, found_y = 100, c_double(), c_double()
    width, height = (round(side * fine) for side in page.get_size())
    raw.FPDF_DeviceToPage(
        page.raw, 0, 0, width, height, 0, round(x * fine), round(y * fine), byref(found_x), byref(found_y)
    )
    return found_x.value, found_y.value


def middles(text: pdfium.PdfTextPage) -> Iterator[tuple[int, float, float]]:
    """Each character that the file itself writes, with the middle of its ink."""
    left, right, bottom, top = (c_double() for _ in range(4))
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text.raw, index) == 1:
            continue
        if raw.FPDFText_GetCharBox(text.raw, index, byref(left), byref(right), byref(bottom), byref(top)):
            code = raw.FPDFText_GetUnicode(text.raw, index)
            yield code, (left.value + right.value) / 2, (bottom.value + top.value) / 2


def pairs(codes: Iterable[int]) -> str:
    """The characters of UTF-16 or UTF-32 codes."""
    return "".join(map(chr, codes)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


if __name__ == "__main__":
    main()
