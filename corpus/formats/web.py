"""Web pages: the main text, without the menus, notices and scripts around it.

A page that marks its own text (<main>, <article>) is walked: all of it but the elements that are never text, so that
no sentence is lost. On other pages trafilatura finds the main text, unless it loses the headings or most of the words.
"""

import copy
import re
from dataclasses import replace

import lxml.html
import trafilatura
from lxml import etree

from corpus.documents import Extracted, Problem
from corpus.errors import DocumentUnreadable
from corpus.formats.blocks import BlockWriter
from corpus.formats.decode import decode
from corpus.formats.tree import write

_DECLARED = re.compile(rb"<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML = re.compile(r"^\s*<\?xml[^>]*\?>")
_NEVER_TEXT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "form",
        "button",
        "select",
        "option",
        "svg",
        "iframe",
        "object",
        "input",
        "textarea",
        "head",
    ]
)
_NOISE_ROLES = frozenset(["navigation", "dialog", "search", "contentinfo", "alert", "alertdialog", "complementary"])
_NOISE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|share|sharing|social|breadcrumbs?|newsletter|skip-?link|advert|ads?|promo|related"
    r"|comments?|sidebar|toc|navbox|noprint|mw-editsection|pagination|popup|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s+(?:[|·•»]|::|[-–—])\s+")
MENU_ITEMS = 8  # a list of links this long leads elsewhere
SMALLEST_SHARE = 0.4  # of the text outside menus; with less, the main text was not found


def extract(data: bytes, name: str) -> Extracted:
    """The main text of a web page with its headings, lists and tables.

    Raises: DocumentUnreadable for an empty page and for bytes that are not text.
    """
    text, problems = _decode(data, name)
    page = _parse(text)
    whole = _without_noise(page)
    main = _main(whole)
    found = _walked(whole if main is None else main)
    if main is None:
        found = _chosen(text, found)
    extracted = replace(found.extracted(_title(page), problems=problems), from_web=True)
    if not extracted.text:
        raise DocumentUnreadable("The page holds no text.", "Save the page again once it has loaded fully.")
    return extracted


def _walked(element: etree._Element) -> BlockWriter:
    writer = BlockWriter()
    write(element, writer)
    return writer


def _chosen(text: str, walked: BlockWriter) -> BlockWriter:
    """What trafilatura takes for the main text, unless it lost most of the headings or of the words."""
    body = trafilatura.bare_extraction(text, favor_recall=True, include_tables=True, include_comments=False)
    if body is None or body.body is None:
        return walked
    found = _walked(body.body)
    here, there = found.extracted(""), walked.extracted("")
    lost_headings = len(here.headings) < len(there.headings) / 2
    return walked if lost_headings or len(here.text) < SMALLEST_SHARE * len(there.text) else found


def _decode(data: bytes, name: str) -> tuple[str, tuple[Problem, ...]]:
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(declared[1].decode("ascii")), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, name)


def _parse(text: str) -> lxml.html.HtmlElement:
    try:
        return lxml.html.document_fromstring(_XML.sub("", text))
    except (etree.ParserError, ValueError) as error:
        raise DocumentUnreadable("The page holds no text.", "Save the page again once it has loaded fully.") from error


def _title(page: lxml.html.HtmlElement) -> str:
    """The <h1> with which og:title or <title> begins, else og:title, else <title> without the site's name."""
    shared = " ".join(str(page.xpath("string(//meta[@property='og:title']/@content)")).split())
    full = shared or " ".join(str(page.xpath("string(//title)")).split())
    headings = [" ".join(heading.text_content().split()) for heading in page.iter("h1")]
    for heading in headings:
        if heading and full.startswith(heading):
            return heading
    if shared:
        return shared
    return _SITE.split(full)[0] if full else next((heading for heading in headings if heading), "")


def _without_noise(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The page without the elements that are never text."""
    root = copy.deepcopy(page)
    for element in list(root.iter()):
        if element is not root and element.getparent() is not None and _is_noise(element):
            element.drop_tree()
    return root


def _main(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The element that the page itself marks as its text, if most of its text is there."""
    marked = page.xpath("//main | //*[@role='main']") or page.xpath("//article")
    largest = max(marked, key=_words, default=None)
    return largest if largest is not None and _words(largest) >= SMALLEST_SHARE * _words(page) else None


def _is_noise(element: lxml.html.HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return True
    if element.tag in _NEVER_TEXT or element.get("role", "") in _NOISE_ROLES or "hidden" in element.attrib:
        return True
    if element.tag in ("ul", "ol") and _is_menu(element):
        return True
    if element.tag in ("header", "footer"):  # those of an article hold its title or its references
        return not any(True for _ in element.iterancestors("article", "main"))
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag not in ("body", "article", "main", "html") and bool(_NOISE_NAMES.search(names))


def _is_menu(element: lxml.html.HtmlElement) -> bool:
    """A long list of nothing but links, none of which is a sentence: other languages, related pages."""
    items = [_text(item).strip() for item in element.iter("li")]
    if len(items) < MENU_ITEMS or any(item.endswith((".", "!", "?", "。")) and len(item.split()) > 3 for item in items):
        return False
    linked = sum(len(_text(link).strip()) for link in element.iter("a"))
    return linked >= 0.95 * sum(len(item) for item in items)


def _words(element: lxml.html.HtmlElement) -> int:
    return len(str(element.text_content()).split())


def _text(element: lxml.html.HtmlElement) -> str:
    return str(element.text_content())
