"""Which documents there are: names to identities, and whether a gold answer is in any of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from assistant.evaluation.metrics.spans import holds, normalise
from assistant.evaluation.protocols import Library
from assistant.evaluation.questions import Question, Texts
from corpus.documents import Document


class TextsLibrary:
    """A set's own texts as a library."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def documents(self) -> Iterable[tuple[str, Document]]:
        """Each name with its document."""
        return iter(self._texts)

    def text_of(self, sha256: str) -> str | None:
        """The text with this identity; null if there is none."""
        return self._by_identity.get(sha256)

    @cached_property
    def _by_identity(self) -> dict[str, str]:
        return {document.sha256: document.text for _, document in self._texts}


class Shelf:
    """The names of all documents, and the questions (`missing`, in their order) of which no document holds an answer.

    Without a library (`Shelf.bare`) names are compared with cited paths as they are written, the documents of
    passages are not compared, and every answer counts as loaded.
    """

    def __init__(self, library: Library, questions: Sequence[Question]) -> None:
        self.library: Library | None = library
        self._paths: dict[str, set[str]] = defaultdict(set)
        self._file_names: dict[str, set[str]] = defaultdict(set)
        self._labels: dict[str, str] = {}
        unseen = set(_Pending(questions).search(self._note(library.documents())))
        unseen |= {question.id for question in questions if self._lacks_graded(question)}
        self.missing = tuple(question.id for question in questions if question.id in unseen)
        self.missing_ids = frozenset(self.missing)

    @classmethod
    def bare(cls) -> "Shelf":
        """A shelf that knows no documents."""
        shelf = cls(_NoLibrary(), ())
        shelf.library = None
        return shelf

    def _note(self, documents: Iterable[tuple[str, Document]]) -> Iterator[tuple[str, Document]]:
        for path, document in documents:
            self._paths[path].add(document.sha256)
            self._file_names[PurePosixPath(path).name].add(document.sha256)
            self._labels.setdefault(document.sha256, path)
            yield path, document

    def _lacks_graded(self, question: Question) -> bool:
        """Whether a question has relevant documents, no answers to look for, and none of the documents is there."""
        relevant = [name for name, grade in question.grades if grade > 0]
        return bool(relevant) and not question.answerable and not any(self.identities(name) for name in relevant)

    def identities(self, named: str) -> set[str]:
        """The SHA-256 of every document of this path or, if there is no such path, of this file name."""
        return self._paths.get(named) or self._file_names.get(named) or set()

    def is_named(self, named: str, found: Sequence[str]) -> bool:
        """Whether one of `found` (paths, names, SHA-256) is the document that a question names."""
        return named in found or not self.identities(named).isdisjoint(found)

    def label(self, found: str) -> str:
        """One name for a document given by its SHA-256, path or file name."""
        identities = self.identities(found)
        return self._labels.get(found) or (self._labels[min(identities)] if identities else found)


class _NoLibrary:
    def documents(self) -> Iterable[tuple[str, Document]]:
        return ()

    def text_of(self, sha256: str) -> str | None:
        return None


class _Pending:
    """Questions whose gold answers were not seen yet, by the document they name."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._by_name: dict[str | None, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for question in questions:
            if question.answerable:
                self._by_name[question.document][question.id] = question.answers

    def search(self, documents: Iterable[tuple[str, Document]]) -> Iterator[str]:
        """The ids of the questions with no gold answer in the documents they may use."""
        for path, document in documents:
            waiting = [self._by_name.get(name) for name in (None, path, PurePosixPath(path).name)]
            if any(waiting):
                lowered, normalised = document.text.lower(), normalise(document.text)
                for questions in filter(None, waiting):
                    _strike(questions, lowered, normalised)
        for questions in self._by_name.values():
            yield from questions


def _strike(questions: dict[str, tuple[str, ...]], lowered: str, normalised: str) -> None:
    """Take out the questions with an answer in this text, in lower case and normalised."""
    for name, answers in list(questions.items()):
        if any(holds(lowered, normalised, gold) for gold in answers):
            del questions[name]
