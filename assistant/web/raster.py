"""Pages of a PDF as pictures. Runs in a process of its own, which imports nothing heavy and may crash alone."""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfiumError as PdfiumError

Box = tuple[float, float, float, float]

MARK = (255, 229, 154)  # the page's own marking colour
MARGIN = 1.5  # points around a box, so that the marking does not touch the letters
PIXELS = 16_000_000  # of one picture: a poster is drawn smaller instead of filling the memory


def limit(seconds: int, megabytes: int) -> None:
    """Begin the worker: it dies rather than hang, eat the machine's memory or outlive the page."""
    global _seconds
    _seconds = seconds
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024**2, megabytes * 1024**2))


def _end_with_parent() -> None:
    """A page that was killed cannot tell its worker to end, and the worker's queue never does: it holds both ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


_seconds = 0  # no limit outside a worker


def picture(file: Path, number: int, boxes: Sequence[Box], scale: float) -> bytes:
    """Page `number`, counted from 1, as PNG with the boxes painted; `scale` is pixels per point."""
    signal.alarm(_seconds)  # ends this process; a library stuck in C hears nothing else
    with pypdfium2.PdfDocument(file) as document:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(scale, (PIXELS / max(1.0, width * height)) ** 0.5)
        image = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    png = _as_png(_painted(image, boxes, scale) if boxes else image)
    signal.alarm(0)
    return png


def _painted(image: Image.Image, boxes: Sequence[Box], scale: float) -> Image.Image:
    """The picture multiplied with the marking, like a felt pen: dark letters stay dark."""
    pen = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(pen)
    for x0, y0, x1, y1 in boxes:
        corners = (x0 - MARGIN, y0 - MARGIN, x1 + MARGIN, y1 + MARGIN)
        draw.rounded_rectangle([corner * scale for corner in corners], radius=2 * scale, fill=MARK)
    return ImageChops.multiply(image, pen)


def _as_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)  # local transfer: speed before size
    return out.getvalue()
