"""A small plot as SVG text: a frame with ticks, and marks in the frame's own units. Colours come from the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 250
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 16, 42


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's axes: x from 0 to `x_max`, y from 0 to `y_max`."""

    x_max: float = 1.0
    y_max: float = 1.0

    def x(self, value: float) -> float:
        """Pixels from the left."""
        return round(LEFT + value / self.x_max * (WIDTH - LEFT - RIGHT), 2)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return round(HEIGHT - BOTTOM - value / self.y_max * (HEIGHT - TOP - BOTTOM), 2)

    def line(self, points: Sequence[tuple[float, float]], style: str) -> str:
        """A line through points."""
        path = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        return f'<polyline class="{style}" points="{path}"/>'

    def dot(self, x: float, y: float, *, radius: float, tip: str) -> str:
        """A dot that tells `tip` when pointed at."""
        place = f'cx="{self.x(x)}" cy="{self.y(y)}" r="{radius:g}"'
        return f'<circle class="dot" {place}><title>{escape(tip)}</title></circle>'

    def bar(self, start: float, end: float, height: float, *, tip: str) -> str:
        """A bar from `start` to `end`, two pixels apart from the next, that tells `tip` when pointed at."""
        left, width = self.x(start) + 1, max(self.x(end) - self.x(start) - 2, 1)
        top = self.y(height)
        box = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{round(HEIGHT - BOTTOM - top, 2):g}" rx="2"'
        return f'<rect class="bar" {box}><title>{escape(tip)}</title></rect>'

    def text(self, x: float, y: float, words: str, *, anchor: str = "middle", below: int = 0) -> str:
        """Words at a place, moved down by `below` pixels."""
        place = f'x="{self.x(x)}" y="{round(self.y(y) + below, 2)}"'
        return f'<text {place} text-anchor="{anchor}">{escape(words)}</text>'

    def x_ticks(self, ticks: Sequence[tuple[float, str]]) -> list[str]:
        """Words under the x axis."""
        return [self.text(x, 0, words, below=16) for x, words in ticks]

    def y_ticks(self, ticks: Sequence[tuple[float, str]]) -> list[str]:
        """Grid lines with words left of the y axis."""
        grid = [self.line([(0, y), (self.x_max, y)], "grid") for y, _ in ticks]
        words = [f'<text x="{LEFT - 6}" y="{self.y(y) + 4:g}" text-anchor="end">{escape(w)}</text>' for y, w in ticks]
        return grid + words


def figure(title: str, x_label: str, marks: Sequence[str]) -> str:
    """The whole plot with its title as caption and its x label under the axis."""
    label = f'<text x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>'
    image = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
    return f"<figure><figcaption>{escape(title)}</figcaption>{image}{''.join(marks)}{label}</svg></figure>"


def share_ticks(top: float = 1.0) -> list[tuple[float, str]]:
    """Ticks at quarters of `top`, in per cent."""
    return [(top * part / 4, f"{100 * top * part / 4:.0f} %") for part in range(5)]
