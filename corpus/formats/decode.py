"""Bytes to text: byte order marks, UTF-8, then the encoding that the bytes look like."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from corpus.documents import Problem
from corpus.errors import DocumentUnreadable

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or an Office file)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
SAMPLE = 200_000  # bytes looked at to guess an encoding; more does not change the guess but costs seconds
CONTROL_SHARE = 0.01  # text has next to no control characters, a binary has a tenth or more
LEGACY_PUNCTUATION = frozenset("«»–—‘’“”„‚…•·°±²³¹µ€£¥§©®™×÷½¼¾¿¡ªº\xa0\xad†‡‰‹›")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of `data`, and a problem where single bytes could not be read.

    Raises: DocumentUnreadable for an empty file and for bytes that are not text.
    """
    _refuse_other_formats(data)
    text, problems = _decode(data, name)
    if len(_CONTROL.findall(text)) > CONTROL_SHARE * len(text):
        raise DocumentUnreadable("The file holds binary data, not text.", "Save it as text, or remove it.")
    if not text.strip("\ufeff \t\r\n\f\v\x00"):
        raise DocumentUnreadable(
            "The file holds no text.", "Delete it, or save it again from the program that made it."
        )
    return text, problems


def _refuse_other_formats(data: bytes) -> None:
    if not data:
        raise DocumentUnreadable(
            "The file is empty (0 bytes).", "Delete it, or save it again from the program that made it."
        )
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            raise DocumentUnreadable(
                f"The file is {kind}, although its name says otherwise.", "Give it its true suffix."
            )


def _decode(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _tolerant(data, encoding, name)
    if b"\x00" in data:
        return _tolerant(data, _sixteen_bits(data), name)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        if _mostly_utf8(data[:SAMPLE]):
            return _tolerant(data, "utf-8", name)
    return _tolerant(data, _legacy(data[:SAMPLE]), name)


def _sixteen_bits(data: bytes) -> str:
    """UTF-16 without a mark: Latin letters leave a zero in every other byte."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    half = min(len(data), SAMPLE) / 2
    if len(data) % 2 == 0 and max(even, odd) > 0.3 * half and min(even, odd) < 0.05 * half:
        return "utf-16-be" if even > odd else "utf-16-le"
    raise DocumentUnreadable("The file holds binary data, not text.", "Save it as text, or remove it.")


def _mostly_utf8(data: bytes) -> bool:
    """Whether the sequences that are good UTF-8 outnumber the bad bytes."""
    text = data.decode("utf-8", "replace")
    good = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    return good > text.count("\ufffd")


def _legacy(data: bytes) -> str:
    """An encoding from before Unicode: Western if all of it reads as Western letters, else the best guess."""
    western = data.decode("cp1252", "replace")
    marked = [character for character in western if character > "\x7f"]
    words = len(re.findall(r"[a-z]{2}", western))
    if words > len(marked) and all(_is_western(character) for character in marked):
        return "cp1252"
    best = from_bytes(data).best()
    if best is None:
        raise DocumentUnreadable("The file holds binary data, not text.", "Save it as UTF-8 text, or remove it.")
    return best.encoding


def _is_western(character: str) -> bool:
    return character in LEGACY_PUNCTUATION or unicodedata.category(character) in ("Ll", "Lu")


def _tolerant(data: bytes, encoding: str, name: str) -> tuple[str, tuple[Problem, ...]]:
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd") * (encoding == "utf-8")
    if bad <= 0:
        return text, ()
    reason = f"{bad} characters are not valid {encoding.upper()} and were replaced by \ufffd."
    return text, (Problem(name, reason, "Save the file again as UTF-8."),)
