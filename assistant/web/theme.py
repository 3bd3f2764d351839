"""Gradio's theme: the machine's own fonts, nothing fetched."""

import gradio as gr

SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def make_theme() -> gr.themes.Base:
    """A quiet theme; colours and spacing stand in page.css as variables."""
    return gr.themes.Base(font=SANS, font_mono=MONO)
