"""Serves the page on this machine."""

import asyncio
import errno
import logging
import os
import shlex
import socket
from contextlib import suppress
from pathlib import Path

import click
import uvicorn
from fastapi import FastAPI

from assistant.web.backend import Backend, Opener
from assistant.web.desk import Desk
from assistant.web.feedback import Feedback
from assistant.web.guard import LOOPBACK, Guard
from assistant.web.policy import Policy
from assistant.web.seal import Seal, kept_key
from assistant.web.site_parts import Site
from assistant.web.starting import Starting
from corpus.errors import UsageError


def serve(index_folder: Path, *, host: str = "127.0.0.1", port: int = 7860, reader: str | None = None) -> None:
    """Serve until interrupted. The page is there at once; the models are loaded behind it.

    Raises: UsageError for a host beyond this machine or a port that is taken.
    """
    listening = listen(host, port)
    site = make_site(index_folder, Desk(opener(index_folder, reader)))
    site.sockets.install()
    server = make_server(site, port)
    click.echo(f"Chapter & Verse: http://{host}:{port} (Ctrl-C stops it)")
    click.echo(f"Index: {index_folder} (in a terminal: assistant ask --index {shlex.quote(str(index_folder))} …)")
    with suppress(
        KeyboardInterrupt
    ):  # uvicorn raises it again once all is closed; Ctrl-C is how the page is meant to end
        server.run(sockets=[listening])


def make_site(index_folder: Path, desk: Desk) -> Site:
    """The parts of the page over an index."""
    return site_over(desk, Seal(kept_key(index_folder)), index_folder / "feedback")


def site_over(desk: Desk, seal: Seal, own_sets: Path) -> Site:
    """The parts of the page; uploaded sets and what readers say are kept in `own_sets`."""
    sets = tuple(path for path in (Path("examples/questions.jsonl"),) if path.is_file())
    return Site(desk, seal, own_sets, Feedback(own_sets), sets)


def opener(index_folder: Path, reader: str | None) -> Opener:
    """What opens the assistant; its models are imported only then."""

    def open_assistant() -> Backend:
        from assistant.web.served import Served

        served = Served.open(index_folder, reader=reader)
        served.resume()
        return served

    return open_assistant


def make_server(site: Site, port: int) -> uvicorn.Server:
    """The server of a page that makes itself and loads its models behind its first page."""
    os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")

    def make() -> FastAPI:
        from assistant.web.site import make_app  # Gradio takes seconds to import and reads these variables

        app = make_app(site, port)
        site.desk.start()  # only now: two imports at once take longer than one after the other
        return app

    app = Guard(Policy(Starting(make)), port)
    logging.getLogger("uvicorn.error").addFilter(is_fault)
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))


def is_fault(record: logging.LogRecord) -> bool:
    """Whether a log record is more than a page that was still open when the server ended."""
    return record.exc_info is None or not isinstance(record.exc_info[1], asyncio.CancelledError)


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to a loopback address.

    Raises: UsageError for another host or a taken port.
    """
    if f"[{host}]" not in LOOPBACK and host not in LOOPBACK:
        raise UsageError(
            f"The page is served on this machine only, not on {host}, because it has no sign-in yet. "
            "Leave --host away, or use 127.0.0.1."
        )
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise UsageError(_reason(error, port)) from error
    return listening


def _reason(error: OSError | OverflowError, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken, perhaps by another assistant. Choose another with --port, such as {port + 1}."
    return f"Port {port} cannot be used: {error}. Choose another with --port, between 1024 and 65535."
