"""A question that the assistant refuses (too long, say) is one without an answer, and the run goes on."""

from collections.abc import Callable, Sequence

from assistant.answers import Answer, Searched
from assistant.evaluation.protocols import Answering, Found
from corpus.errors import UsageError


class Forbearing:
    """An assistant whose refusals are told and count as silence."""

    def __init__(self, assistant: Answering, notice: Callable[[str], None]) -> None:
        self._assistant = assistant
        self._notice = notice

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The answer; one without quotes, and confidence 0, where the question is refused."""
        try:
            return self._assistant.ask(question, history=history, documents=documents, threshold=threshold)
        except UsageError as error:
            self._notice(f'"{question[:60]}": {error}')
            return Answer(question, question, False, 0.0, (str(error),), (), (), (), Searched(0, 0), 0)

    def retrieve(
        self, question: str, *, documents: Sequence[str] | None = None, top_k: int | None = None
    ) -> Sequence[Found]:
        """The hits; none where the question is refused."""
        try:
            return self._assistant.retrieve(question, documents=documents, top_k=top_k)
        except UsageError:
            return []
