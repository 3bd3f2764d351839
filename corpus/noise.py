"""What a saved web page carries around its text: which lines to drop, and labels glued to a sentence.

Careful by rule: a line goes only if all of it is a known label, if it repeats the title or the line above it near
the top, or if it is a link title right under "Read also:". A line that ends like a sentence stays. Words that a
document may well use as a line of its own ("Print", "Latest", "Related articles") count only where a sure label
proves a saved page.
"""

import re
from collections.abc import Sequence

# fmt: off
SURE = frozenset({
    "accept all cookies", "accept cookies", "aller au contenu",
    "back to top", "close menu", "cookie preferences", "cookie settings", "copy link", "jump to content",
    "leave a comment", "leave a reply", "listen to this article", "manage choices", "manage cookies",
    "next article", "next post", "open menu", "pin it", "post a comment", "previous article", "previous post",
    "recommended for you", "reject all cookies",
    "saltar al contenido", "scroll to top", "share on facebook", "share on linkedin",
    "share on twitter", "share on x", "share this article", "share this page", "share this post",
    "share via email", "sign up for our newsletter", "skip navigation", "skip to content", "skip to main",
    "skip to main content", "skip to navigation", "subscribe now", "subscribe to our newsletter",
    "toggle navigation", "zum inhalt springen",
})
WEAK = frozenset({
    "about us", "accept all", "advertisement", "all rights reserved", "main menu", "privacy policy", "weiterlesen",
    "terms and conditions", "terms of service", "terms of use", "close", "comments",
    "contact", "contact us", "cookies", "copy",
    "e-mail",
    "edit", "email", "facebook", "follow", "follow us", "home", "latest", "like", "linkedin", "load more",
    "log in", "login", "menu", "most read", "newsletter", "next", "no comments", "pin", "pinterest", "popular",
    "previous", "print", "read more", "reddit", "register", "related", "reply", "save", "search", "share",
    "share this", "show more", "sign in", "sign up", "sponsored", "subscribe", "telegram", "trending", "tweet",
    "twitter", "whatsapp", "x",
})
# fmt: on
LINK_LABELS = frozenset({"read also", "you may also like", "you might also like", "related articles", "related posts"})
BREADCRUMB = re.compile(r"(?:Home|Start|Startseite|Inicio|Accueil)(?:\s*[»›>/]\s*[^»›>/.]+)+")
TOPICS = re.compile(r"(?:Related topics|Tags|Tagged|Filed under|Posted in|Categories):\s[^.!?]+")
COPYRIGHT = re.compile(r"(?:©|\(c\)|Copyright\b)[^.!?]*(?:\.?\s*All rights reserved\.?)?", re.IGNORECASE)
GLUED = re.compile(
    r"(?<=[.!?…”\"])Skip to (?:main )?content(?=\s|[A-Z]|$)"  # "...therapies.Skip to content"
    r"|(?<=[.!?…”\"] )Skip to (?:main )?content(?=$|\s*[A-Z])"
    r"|^Skip to (?:main )?content(?=[ \t]*[A-Z])",  # alone on its line it is left to prove a saved page
    re.MULTILINE,
)
TOP_LINES = 20  # repeated titles and teasers stand at the top of a saved page
LONGEST_LINK = 14  # words in a link title
MEASURE = re.compile(r"\d\s*(?:%|[a-zµ]{1,3}\b)")  # "60 mg": what a study tells, not where a link leads


def glued_labels(text: str) -> list[tuple[int, int]]:
    """The ranges of labels that a saved page glued to a sentence."""
    return [match.span() for match in GLUED.finditer(text)]


def noise_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines to drop; `lines` are all lines of a text, empty ones included."""
    plain = [line.strip() for line in lines]
    labels = [_label(line) for line in plain]
    dropped = _repeated(plain)
    sure = {number for number, label in enumerate(labels) if label in SURE}
    if sure:
        dropped |= sure | {number for number, line in enumerate(plain) if _is_furniture(line)}
    return dropped


def link_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the labels like "Read also:" and of the links under them, in a file that may be a saved page.

    On a page that no other label proves, only a label goes under which nothing but furniture follows.
    """
    plain = [line.strip() for line in lines]
    labels = [number for number, line in enumerate(plain) if _label(line) in LINK_LABELS]
    if any(_label(line) in SURE for line in plain):
        return {number for label in labels for number in (label, *_links_below(plain, label))}
    text = {number for number, line in enumerate(plain) if line and not _is_labels(line)}.difference(labels)
    first = next((label for label in labels if text and label > max(text)), len(plain))
    return {number for number in range(first, len(plain)) if plain[number]}


def _label(line: str) -> str:
    return line.rstrip(" :…»›→").lstrip("«‹←").strip().casefold()


def _is_furniture(line: str) -> bool:
    """Whether all of a line is labels that a page has around its text."""
    if not line:
        return False
    return _is_labels(line) or any(pattern.fullmatch(line) for pattern in (BREADCRUMB, TOPICS, COPYRIGHT))


def _is_labels(line: str) -> bool:
    parts = [part for part in re.split(r"\s{2,}|\s*[|·•,]\s*", line) if part]
    return all(_label(part) in SURE | WEAK for part in parts) or _all_buttons(line)


def _all_buttons(line: str) -> bool:
    words = line.split()
    return len(words) >= 2 and all(word.casefold() in WEAK for word in words)


def _repeated(plain: Sequence[str]) -> set[int]:
    """Lines near the top that say the title, or the line above them, once more."""
    dropped: set[int] = set()
    kept: list[str] = []
    filled = [number for number, line in enumerate(plain) if line][:TOP_LINES]
    for number in filled:
        line = plain[number]
        titles = [above for above in kept if _label(above) not in SURE][:1]
        if len(line.split()) >= 3 and line in titles + kept[-1:]:
            dropped.add(number)
        else:
            kept.append(line)
    return dropped


def _links_below(plain: Sequence[str], label: int) -> range:
    """The block of link titles right under a label; no line of it if it tells of measures or runs into a sentence.

    Under an empty line it may as well be a heading and a list, so there nothing but furniture may follow.
    """
    first = next((number for number in range(label + 1, len(plain)) if plain[number]), len(plain))
    end = next((number for number in range(first, len(plain)) if not _is_link_title(plain[number])), len(plain))
    below = [line for line in plain[end:] if line and not _is_furniture(line) and _label(line) not in LINK_LABELS]
    runs_on = bool(below) and below[0] == plain[end]
    is_text = runs_on or any(MEASURE.search(line) for line in plain[first:end])
    return range(first, first if is_text or (below and first > label + 1) else end)


def _is_link_title(line: str) -> bool:
    if not line or _label(line) in LINK_LABELS:
        return False
    return len(line.split()) <= LONGEST_LINK and line[-1] not in '.!…。！:;,"”'
