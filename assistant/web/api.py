"""The same `ask` for programs: over HTTP as `/ask`, and as the MCP tool `ask`."""

import json
from typing import Any

import gradio as gr

from assistant.web.site_parts import Site
from corpus.errors import AssistantError, UsageError
from index.cores import questions_at_once

AT_ONCE = questions_at_once()  # over HTTP; people's questions have their own threads


def make_api(site: Site) -> None:
    """The endpoint and the tool."""

    def asked(
        question: str, documents: list[str] | None, threshold: float | None, history: list[str] | None
    ) -> dict[str, Any]:
        earlier = _questions(history)
        return site.desk.opened().ask(question, history=earlier, documents=documents, threshold=threshold).as_dict()

    def answer(
        question: str,
        documents: list[str] | None = None,
        threshold: float | None = None,
        history: list[str] | None = None,
    ) -> dict[str, Any]:
        try:
            return asked(question, documents, threshold, history)
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask(
        question: str,
        documents: list[str] | None = None,
        threshold: float | None = None,
        history: list[str] | None = None,
    ) -> str:
        """Answer a question in the words of the indexed documents, with the exact place of each quote.

        Args:
            question: the question, in whole words; a follow-up such as "How is it given?" needs the history
            documents: paths or names of the documents to search in; all if left out
            threshold: quote only if at least this sure, from 0 to 1; the default was fitted
            history: the questions asked before, oldest first; none if left out

        Returns:
            JSON: quotes with their citations, or the reasons why the documents do not answer
        """
        return json.dumps(asked(question, documents, threshold, history), ensure_ascii=False)

    # Gradio makes a tool of each documented endpoint and gives its value as Python's `str`. So the tool is an endpoint
    # of its own, which gives JSON, and the one for HTTP, which gives an object, is undocumented.
    gr.api(answer, api_name="ask", api_visibility="undocumented", concurrency_limit=AT_ONCE)
    gr.api(ask, api_name="ask_tool", queue=False)


def _questions(history: list[str] | None) -> list[str]:
    """The earlier questions. Gradio checks no types, and a text in place of the list would be read by its letters."""
    questions = [] if history is None else history
    if not isinstance(questions, list) or not all(isinstance(question, str) for question in questions):
        raise UsageError("The history is not a list of texts. Give the earlier questions, oldest first.")
    return questions
