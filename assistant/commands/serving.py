"""`serve`: the web page."""

from pathlib import Path

import click

from assistant.commands.main import index_option, main, reader_option


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Only this machine's own addresses are allowed.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@index_option
@reader_option
def serve(host: str, port: int, folder: Path, reader: str | None) -> None:
    """Serve the web page until Ctrl-C."""
    from assistant.web.serve import serve as serve_page

    serve_page(folder, host=host, port=port, reader=reader)
