"""What kind of question it is, by its words; sets that name the type themselves are believed."""

import re

TYPES = (
    (
        "how many",
        r"\bhow (many|much|long|old|often|far|tall|high|large|big)\b|\bwhat (percentage|percent|number|proportion)\b",
    ),
    ("why", r"\bwhy\b|\bfor what reason\b|\bwhat (was |is )?the reason\b"),
    ("how", r"\bhow\b"),
    ("who", r"\bwho(m|se)?\b"),
    ("when", r"\bwhen\b|\b(what|which) (year|date|day|month|century|decade)\b"),
    ("where", r"\bwhere\b|\b(what|which) (city|country|place|state)\b"),
    ("which", r"\bwhich\b"),
    ("what", r"\bwhat\b"),
    ("yes/no", r"^(is|are|was|were|do|does|did|has|have|had|can|could|may|should|will|would)\b"),
)
_RULES = [(name, re.compile(pattern)) for name, pattern in TYPES]


def question_type(question: str) -> str:
    """One of the names in `TYPES`, the first whose words occur; "other" if none does.

    A question that starts with a verb is yes/no whatever words follow.
    """
    words = question.strip().lower()
    if _RULES[-1][1].search(words):
        return "yes/no"
    return next((name for name, rule in _RULES if rule.search(words)), "other")
