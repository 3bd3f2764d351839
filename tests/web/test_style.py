"""The page's colours can be read: contrast as WCAG 2.1 counts it, at least AA in light and dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

import assistant.web
from assistant.answers import Citation, Nearest
from assistant.web import render

CSS = (Path(assistant.web.__file__).parent / "page.css").read_text()
PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "tint"), ("muted", "paper"), ("muted", "surface"), ("muted", "tint"),
    ("accent", "paper"), ("accent", "surface"), ("on-accent", "accent"), ("on-mark", "mark"), ("warn", "paper"),
    ("warn", "tint"), ("paper", "ink"),
]  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{([^}]*)\}", CSS)
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", block)) for block in blocks[:2])
    return {**light, **dark} if scheme == "dark" else light


def luminance(colour: str) -> float:
    """Relative luminance. Source: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(scheme: str, words: str, ground: str) -> None:
    known = colours(scheme)
    assert contrast(known[words], known[ground]) >= 4.5


def test_style_names_no_other_site() -> None:
    for file in Path(assistant.web.__file__).parent.glob("*.[cj]s*"):
        assert not re.findall(r"https?://|@import|//[a-z]+\.", re.sub(r"http://www\.w3\.org", "", file.read_text())), (
            file
        )


def test_all_that_is_told_of_a_near_passage_stands_in_one_column(tab: Page) -> None:
    cite = Citation("a.md", "a.md", "0" * 64, "T", None, None, (), 0, 4)
    near = render.nearest([Nearest("Ridge | 52", cite, "Route | Length in km | Water points")], lambda _: "")
    tab.set_viewport_size({"width": 900, "height": 700})
    tab.set_content(f"<style>{CSS}</style><div class='gradio-container'>{near}</div>")
    boxes = [tab.locator(part).bounding_box() for part in (".excerpt", ".top-row", ".where")]
    assert all(box is not None and box["width"] > 600 for box in boxes), boxes
    assert len({box["x"] for box in boxes if box is not None}) == 1
