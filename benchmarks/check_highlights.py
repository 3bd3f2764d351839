"""Reads back, from the PDFs under DATA/documents, the text under the boxes painted for sampled sentences.

    python benchmarks/check_highlights.py --data ../shared/data

A character lies under a box if the middle of its ink does. PDFium maps the box from the page as shown to the page's
own coordinates, so crop box and rotation are not taken from our code. Compared are all characters but white space,
hyphens (cleaning drops those at line ends), invisible ones, and those that the file does not name.

Told apart are kinds of sentences, of which one may be several: on a page that is rotated, that is cropped, that has two
columns, and with letters that are written from right to left.
"""

import argparse
import json
import random
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from ctypes import byref, c_double
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from record import Record
from tqdm import tqdm

from corpus.boxes import boxes_of, lines, unpack
from corpus.documents import Document, Problem, Span
from corpus.load import load_files
from corpus.read import read
from corpus.sentences import split

SEED = 7
SENTENCES = 12  # of one document
SHORTEST = 10  # characters: shorter ones are labels and table cells
BAR_RIGHT, BAR_NOT_DRAWN = 0.99, 0.03
KINDS = ("rotated", "cropped", "two-column", "right-to-left")
CROPPED = 1.0  # points, on any side; less is how files round
EVERYTHING = 1e5  # points: no page is larger
COLUMN_LINES = 5  # side by side with one of the other half: fewer may be a table or a caption
COLUMN_SHARE = 0.5  # of the lines as wide as a fifth of the page; a page of columns may have a wide title and figures
COLUMN_WIDTH = 0.2  # of the page: what is narrower is a cell or a number
OVER_MIDDLE = 0.02  # of the page: margins that differ move the gap between columns off the middle
IGNORED = frozenset("-\u00ad\u2010\u2011\ufffe\ufffd\x02")

Painted = tuple[int, float, float, float, float]
Box = tuple[float, float, float, float]
Row = dict[str, Any]  # as in the report: `state` and `kinds`; where not right, `quote` and what was `under` its boxes


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


def counted(sampled: dict[str, list[Row]]) -> dict[str, object]:
    """Shares over all sentences and of each kind, and each sentence that was not right."""
    rows = [{"file": file, **row} for file, rows in sampled.items() for row in rows]
    return {
        **shares(rows),
        "kinds": {kind: shares([row for row in rows if kind in row["kinds"]]) for kind in KINDS},
        "failures": [row for row in rows if row["state"] != "right"],
    }


def shares(rows: Sequence[Row]) -> dict[str, float]:
    """How many sentences of how many files, the share of the drawn ones that are right, and of all not drawn."""
    drawn = [row for row in rows if row["state"] != "not drawn"]
    return {
        "files": len({row["file"] for row in rows}),
        "sentences": len(rows),
        "right": round(sum(row["state"] == "right" for row in drawn) / max(1, len(drawn)), 4),
        "not_drawn": round((len(rows) - len(drawn)) / max(1, len(rows)), 4),
    }


def report(result: Document | Problem) -> list[Row]:
    """The rows that `checked` left in the worker's document; none for a file that cannot be read."""
    return [] if isinstance(result, Problem) else list(json.loads(result.text))


def checked(data: bytes, name: str) -> Document:
    """A document whose text is the report on this file, as JSON; runs in a worker process."""
    document = read(data, name)
    spans = [span for span in split(document.text) if span.end - span.start >= SHORTEST]
    chosen = random.Random(SEED).sample(spans, min(SENTENCES, len(spans)))
    with ExitStack() as stack:
        # Without boxes the file may be one that PDFium refuses; its sentences count all the same, as not drawn.
        pdf = stack.enter_context(pdfium.PdfDocument(data)) if document.boxes else None
        rows = [row(pdf, document, span) for span in chosen]
    return Document(sha256(data).hexdigest(), json.dumps(rows), name, "pdf", "en")


def row(pdf: pdfium.PdfDocument | None, document: Document, span: Span) -> Row:
    """Whether the sentence's boxes show it: "right", "wrong" with what they show instead, or "not drawn"."""
    quote = document.text[span.start : span.end]
    kinds = kinds_of(pdf, document, span)
    boxes = boxes_of(document.boxes, span.start, span.end)
    if pdf is None or not boxes:
        return {"state": "not drawn", "kinds": kinds, "quote": quote}
    shown = "".join(under(pdf, box) for box in boxes)
    if plain(shown) == plain(quote):
        return {"state": "right", "kinds": kinds}
    return {"state": "wrong", "kinds": kinds, "quote": quote, "under": shown}


def kinds_of(pdf: pdfium.PdfDocument | None, document: Document, span: Span) -> list[str]:
    """Those of `KINDS` that the sentence is of, by the page on which it starts."""
    quote = document.text[span.start : span.end]
    found = ["right-to-left"] if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in quote) else []
    page = document.page_at(span.start)
    if pdf is None or page is None:
        return found
    with closing(pdf[page.number - 1]) as opened:
        found += ["rotated"] if opened.get_rotation() else []
        found += ["cropped"] if is_cropped(opened) else []
    boxes = [known for known in document.boxes if known.number == page.number]
    columns = any(has_columns(list(lines(unpack(known))), known.width) for known in boxes)
    return [*found, "two-column"] if columns else found


def is_cropped(page: pdfium.PdfPage) -> bool:
    """Whether the page shows less than its media box.

    PDFium tells no box that a page inherits, but heeds it: so the crop box is widened for a moment, then put back.
    """
    shown = page.get_bbox()
    page.set_cropbox(-EVERYTHING, -EVERYTHING, EVERYTHING, EVERYTHING)
    whole = page.get_bbox()
    page.set_cropbox(*shown)
    return any(abs(edge - other) > CROPPED for edge, other in zip(shown, whole, strict=True))


def has_columns(found: Sequence[Box], width: float) -> bool:
    """Whether most lines of a page end left of its middle or begin right of it, many of them side by side."""
    wide = [line for line in found if line[2] - line[0] >= COLUMN_WIDTH * width]
    left = [line for line in wide if line[2] <= (0.5 + OVER_MIDDLE) * width]
    right = [line for line in wide if line[0] >= (0.5 - OVER_MIDDLE) * width]
    beside = sum(any(min(a[3], b[3]) > max(a[1], b[1]) for b in right) for a in left)
    return beside >= COLUMN_LINES and len(left) + len(right) > COLUMN_SHARE * len(wide)


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
