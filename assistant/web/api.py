"""The same `ask` for programs: over HTTP, and as an MCP tool where the `mcp` package is installed."""

from typing import Any

import gradio as gr

from assistant.web.site_parts import Site
from corpus.errors import AssistantError

AT_ONCE = 8  # questions from programs; people's questions have their own queue


def make_api(site: Site) -> None:
    """The endpoint `/ask`."""

    def ask(question: str, documents: list[str] | None = None, threshold: float | None = None) -> dict[str, Any]:
        """Answer a question in the words of the indexed documents, with the exact place of each quote.

        Args:
            question: the question, in whole words
            documents: paths or names of the documents to search in; all if left out
            threshold: quote only if at least this sure, from 0 to 1; the default was fitted

        Returns:
            quotes with their citations, or the reasons why the documents do not answer
        """
        try:
            return site.desk.opened().ask(question, documents=documents, threshold=threshold).as_dict()
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error

    gr.api(ask, api_name="ask", concurrency_limit=AT_ONCE)
