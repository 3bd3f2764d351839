"""How numbers are told."""


def count(number: int, noun: str) -> str:
    """The number with its noun: "1 document", "1,204 passages"."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"
