"""Checking the fields of one row of a set: each returns the value or says in plain words what is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from assistant.evaluation.questions import RowError

KINDS = ("", "on-topic", "off-topic")
DIGITS = 18  # at most, so that a number fits everywhere: Python itself refuses texts of more than 4,300
_SPELLED = re.compile(rf"\s*[+-]?[0-9]{{1,{DIGITS}}}\s*")  # `str.isdigit` takes "²" too, which `int` does not


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


def whole_number(value: object) -> int | None:
    """The whole number that a value is, or spells in digits as tables do; null where it is none."""
    if isinstance(value, str):
        return int(value) if _SPELLED.fullmatch(value) else None
    return value if type(value) is int and abs(value) < 10**DIGITS else None


def page(row: Mapping[str, Any]) -> int | None:
    """The physical page, counted from 1, or null."""
    value = row.get("page")
    number = whole_number(value)
    if value is not None and (number is None or number < 1):
        given = f'"{value}", ' if isinstance(value, str) else ""
        raise RowError(f'"page" is {given}not a page number counted from 1')
    return number


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
