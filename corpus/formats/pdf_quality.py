"""Whether a page's text can be trusted, and what is said about pages that have none."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.documents import Problem

ENOUGH = 20  # visible characters from which shares mean something
WORST = 0.2  # share of characters without meaning; real pages with odd bullets and formulas stay under 0.1
FEWEST_VOWELS = 0.22  # of Latin letters: on 478 real pages 0.25 or more, where a font shifts all letters under 0.2
FEW = 50  # characters: a stamp or page number on a scan, not its text
PICTURE = 0.5  # share of the page that a scan covers
OUTLINES = 200  # drawn shapes: fewer are rules and boxes, more may be letters drawn as shapes
_NAMES = re.compile(r"\(cid:\d+\)|/[A-Za-z]\d{1,4}(?=/|\s|$)|/uni[0-9A-F]{4}")
_INVISIBLE = "\x02\xad\ufffe"
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)

OCR = "Run OCR on the file, for example with ocrmypdf, and build again."
UNMAPPED = "Save it from its own program with fonts embedded, or run OCR (ocrmypdf --force-ocr), and build again."


def is_garbage(text: str) -> bool:
    """Whether the text is codes of a font instead of letters."""
    visible = [character for character in text if not character.isspace() and character not in _INVISIBLE]
    if len(visible) < ENOUGH:
        return bool(visible) and all(_is_meaningless(character) for character in visible)
    meaningless = sum(map(_is_meaningless, visible)) + sum(len(name.group()) for name in _NAMES.finditer(text))
    return meaningless > WORST * len(visible) or _is_shifted(text, len(visible))


def _is_meaningless(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in {"Cc", "Co", "Cn", "Cs"}


def _is_shifted(text: str, visible: int) -> bool:
    """Whether letters stand for other letters: many of them, and hardly a vowel among them."""
    letters = len(_LATIN.findall(text))
    return letters >= 200 and letters > 0.6 * visible and len(_VOWEL.findall(text)) < FEWEST_VOWELS * letters


def is_picture(page: pdfium.PdfPage, text: str) -> bool:
    """Whether the page shows a picture, or letters drawn as shapes, and (nearly) no text."""
    if len("".join(text.split())) >= FEW:
        return False
    objects = list(page.get_objects(max_depth=3))
    shapes = sum(found.type == raw.FPDF_PAGEOBJ_PATH for found in objects)
    width, height = page.get_mediabox()[2:]
    area = sum(_area(found) for found in objects if found.type == raw.FPDF_PAGEOBJ_IMAGE)
    return area > PICTURE * abs(width * height) or (not text.strip() and (area > 0 or shapes > OUTLINES))


def _area(found: pdfium.PdfObject) -> float:
    left, bottom, right, top = map(float, found.get_bounds())
    return abs((right - left) * (top - bottom))


def page_problems(name: str, pictures: Sequence[int], garbled: Sequence[int]) -> Iterator[Problem]:
    """One problem for each kind, with all its pages."""
    if pictures:
        yield Problem(name, f"{_pages(pictures)} without text.", OCR, pictures[0])
    if garbled:
        reason = f"{_listed(garbled)}: the text is font codes instead of letters and was left out."
        yield Problem(name, reason, UNMAPPED, garbled[0])


def _pages(numbers: Sequence[int]) -> str:
    return f"{_listed(numbers)} {'is an image' if len(numbers) == 1 else 'are images'}"


def _listed(numbers: Iterable[int]) -> str:
    """The pages as "Page 4" or "Pages 1, 3-9"."""
    ranges = []
    for _, group in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        ranges.append(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]))
    single = len(ranges) == 1 and "-" not in ranges[0]
    return f"{'Page' if single else 'Pages'} {', '.join(ranges)}"
