"""What an entry of a reference list looks like."""

import re

_LABEL = r"(?:\[\d{1,3}\]|\d{1,3}[.)])\s+"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_AUTHOR = r"[^\W\d_][\w'’–-]+(?:\s[^\W\d_][\w'’–-]+)?,?\s(?:[A-Z]\.?[\s-]?){1,4}(?=[,.;:&\s(]|$)"
_PLACE = rf"{_YEAR};\s?\d+|\d+\s?\(\d+[^)]*\)\s?[,:]\s?\w?\d+|,\s\d+\s?[,:]\s?\w?\d+\s?[-–]\s?\d+|\bdoi\b|https?://doi"
_ENTRY = re.compile(
    rf"(?:{_LABEL})?{_AUTHOR}.*?\(?{_YEAR}\)?.*"  # "Smith J, Jones K. Title. Journal 2019;12:3-4"
    rf"|\[\d{{1,3}}\]\s+(?=.*\b{_YEAR}\b)(?=.*(?:et al|[A-Z]\.)).+",  # "[1] Jelen, D., et al. (2022). Title."
    re.DOTALL,
)
_HAS_PLACE = re.compile(_PLACE)
LONGEST_ENTRY = 600  # characters; an entry is a few lines, and no regular expression has to run over more
HEADINGS = re.compile(
    r"(?:\d+\.?\s+)?(?:references?(?: and notes)?|bibliography|works cited|literature cited|further reading|citations"
    r"|literatur(?:verzeichnis)?|quellen|referencias|bibliografía|参考文献)\W*",
    re.IGNORECASE,
)


def is_entry(text: str) -> bool:
    """Whether a block of text is by its own form an entry of a reference list."""
    if len(text) > LONGEST_ENTRY or not _ENTRY.match(text):
        return False
    return text.startswith("[") or bool(_HAS_PLACE.search(text)) or bool(re.search(rf"\({_YEAR}\)\.", text))
