"""How the cost of a change grows with the folder, drawn from `results/change.json`.

python benchmarks/change_plot.py          # writes docs/images/change.svg
"""

import json
from math import log10
from pathlib import Path

from record import RESULTS

from assistant.evaluation.svg import HEIGHT, LEFT, RIGHT, WIDTH, Frame

PLOT = Path(__file__).parent.parent / "docs" / "images" / "change.svg"
FASTEST = 0.001  # seconds at the bottom of the plot; each grid line is ten times the one below
CHANGES = {"no change": "#777", "one edit": "#c33", "one added": "#36c", "one deleted": "#393", "one renamed": "#a6a"}
STYLE = "text{font:11px sans-serif;fill:#333} polyline{fill:none;stroke-width:2} .grid{stroke:#ddd;stroke-width:1}"


def drawn(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """The plot: documents to the right, seconds upwards, both by powers of ten."""
    sizes = sorted(map(int, figures))
    frame = Frame(x_max=log10(sizes[-1] / sizes[0]) or 1, y_max=5)
    marks = frame.y_ticks([(power, f"{FASTEST * 10**power:g} s") for power in range(6)])
    marks += frame.x_ticks([(log10(size / sizes[0]), f"{size:,}") for size in sizes])
    for row, (name, colour) in enumerate(CHANGES.items()):
        seconds = {size: figures[str(size)][name]["seconds"] for size in sizes}
        points = [(log10(size / sizes[0]), log10(max(s, FASTEST) / FASTEST)) for size, s in seconds.items()]
        marks.append(frame.line(points, "line").replace("<polyline", f'<polyline stroke="{colour}"'))
        marks.append(f'<text x="{LEFT + 8}" y="{28 + 14 * row}" style="fill:{colour}">{name}</text>')
    label = f'<text x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - 6}" text-anchor="middle">documents</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    title = "<title>Seconds to apply one change, by the number of documents</title>"
    return f"{head}{title}<style>{STYLE}</style>{''.join(marks)}{label}</svg>\n"


if __name__ == "__main__":
    PLOT.write_text(drawn(json.loads((RESULTS / "change.json").read_text())["figures"]))
