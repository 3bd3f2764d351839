"""Words of questions and sentences, for finding which of them say the same."""

import re

WORD = re.compile(r"\w+")
# Words that a question and any sentence share by chance; they say nothing about which sentence is meant.
COMMON = frozenset(
    WORD.findall(
        "a an and are as at be been by can could did do does during for from had has have how if in into is it its "
        "many much of on or that the their there these they this to was were what when where which who whom whose why "
        "will with would name called after before about also"
    )
)


def question_words(text: str) -> frozenset[str]:
    """Lower-case words that carry meaning, cut to six letters so that "founded" meets "founder"."""
    return frozenset(word[:6] for word in WORD.findall(text.lower()) if word not in COMMON)
