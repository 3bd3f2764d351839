"""Checking the fields of one row of a set: each returns the value or says in plain words what is wrong."""

from collections.abc import Mapping
from typing import Any

from assistant.evaluation.questions import RowError

KINDS = ("", "on-topic", "off-topic")


def text(row: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A field that is text and not blank; `default` where it is missing or null."""
    value = row.get(name)
    if value is None and default is not None:
        return default
    if value is None:
        raise RowError(f'"{name}" is missing')
    if not isinstance(value, str):
        raise RowError(f'"{name}" is not text')
    if not value.strip() and default is None:
        raise RowError(f'"{name}" is empty')
    return value.strip()


def identity(row: Mapping[str, Any], number: int) -> str:
    """The row's id, text or a whole number; its line where it has none."""
    value = row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(row, "id", f"line-{number}") or f"line-{number}"


def answers(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The gold answers; an empty list means that the documents do not answer."""
    value = row.get("answers")
    if value is None:
        raise RowError('"answers" is missing (an empty list means: not in the documents)')
    if not isinstance(value, list) or not all(isinstance(answer, str) for answer in value):
        raise RowError('"answers" is not a list of texts')
    if any(not answer.strip() for answer in value):
        raise RowError('"answers" holds an empty text (leave the list empty if nothing answers)')
    return tuple(answer.strip() for answer in value)


def page(row: Mapping[str, Any]) -> int | None:
    """The physical page, counted from 1, or null."""
    value = row.get("page")
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise RowError('"page" is not a page number counted from 1')


def kind(row: Mapping[str, Any]) -> str:
    """`on-topic`, `off-topic` or nothing."""
    value = text(row, "kind", "")
    if value not in KINDS:
        raise RowError(f'"kind" is "{value}", not "on-topic" or "off-topic"')
    return value


def texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts; empty where it is missing."""
    value = row.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RowError(f'"{name}" is not a list of texts')
    return tuple(value)
