import random

from index.hashed import HashedEncoder
from training.negatives import DRAWN_FROM, LookAlikes, Near, answers_nowhere, beside, mined, mined_near, near_miss
from training.sources import Question, make_paragraph, touched


def asked(text: str, paragraph: str, answer: str) -> Question:
    made = make_paragraph(paragraph, "t")
    span = (paragraph.index(answer), paragraph.index(answer) + len(answer))
    return Question(text, made, (span,), touched(made.sentences, span))


TOWER = asked("When was the Eiffel Tower opened in Paris?", "The Eiffel Tower in Paris was opened in 1889.", "1889")
PARAGRAPHS = [
    make_paragraph(text, "t")
    for text in (
        TOWER.paragraph.text,
        "The Eiffel Tower of Paris had its opening in 1889 too, says this one.",
        "The Eiffel Tower in Paris was painted brown in 1968 and opened to painters.",
        "Bread is made of flour.",
    )
]


def test_mined_passages_share_words_but_never_contain_the_answer() -> None:
    look_alikes = LookAlikes(PARAGRAPHS)
    assert [p.text for p in look_alikes.find(TOWER, 10)] == [PARAGRAPHS[2].text]
    pair = mined(TOWER, look_alikes, random.Random(1))
    assert pair == Question(TOWER.text, PARAGRAPHS[2])


def test_no_look_alike_makes_no_pair() -> None:
    assert mined(TOWER, LookAlikes(PARAGRAPHS[:2]), random.Random(1)) is None


def test_passages_near_in_meaning_never_contain_the_answer() -> None:
    painted = [
        make_paragraph(f"The Eiffel Tower of Paris was painted and opened {n} times.", "t") for n in range(30, 40)
    ]
    far = [make_paragraph(f"Bread number {n} is made of flour, salt and water.", "t") for n in range(30)]
    paragraphs, asked = [*far, *PARAGRAPHS[:2], *painted], [TOWER] * 100
    near = Near(paragraphs, HashedEncoder())
    made = list(mined_near(asked, near, random.Random(1)))
    assert len(made) == 100
    assert all(q.text == TOWER.text and not q.answers for q in made)
    assert {q.paragraph.text for q in made} < {p.text for p in painted}
    assert len({q.paragraph.text for q in made}) == DRAWN_FROM
    assert list(mined_near([TOWER], Near(PARAGRAPHS[:2], HashedEncoder()), random.Random(1))) == []
    found = list(near.find(asked))
    assert found == list(Near(paragraphs, HashedEncoder(), together=7).find(asked))
    groups = list(beside(asked, near, random.Random(1), 3))
    assert [group[0] for group in groups] == asked
    for others in (group[1:] for group in groups):
        assert {(q.text, q.answers) for q in others} == {(TOWER.text, ())}
        assert len({q.paragraph.text for q in others} & {p.text for p in painted}) == len(others) == 3


def test_signs_in_a_question_are_no_query_language() -> None:
    odd = asked('What is "tower" AND NOT (+paris:*)^2 OR?', "The answer is x.", "x")
    assert PARAGRAPHS[2] in LookAlikes(PARAGRAPHS).find(odd, 10)


def test_an_answer_counts_as_contained_whatever_its_case() -> None:
    assert not answers_nowhere(asked("Who?", "It was The Crown.", "The Crown"), "so said the crown")
    assert answers_nowhere(asked("Who?", "It was The Crown.", "The Crown"), "so said the king")


def test_near_misses_change_one_fact_and_keep_the_paragraph() -> None:
    names = ["Sydney Harbour", "London", "Paris", "Eiffel Tower"]
    made = {near_miss(TOWER, names, random.Random(seed)) for seed in range(40)} - {None}
    assert {pair.text for pair in made} >= {
        "When was the Sydney Harbour opened in Paris?",
        "When was the Eiffel Tower opened in London?",
    }
    assert all(pair.paragraph is TOWER.paragraph and not pair.answers and not pair.evidence for pair in made)
    assert TOWER.text not in {pair.text for pair in made}


def test_a_changed_number_is_not_in_the_paragraph() -> None:
    year = asked("Who ruled in 1066?", "In 1066 William ruled. In 1067 and 1061 he still did.", "William")
    changed = {near_miss(year, [], random.Random(seed)).text for seed in range(60)}
    assert len(changed) > 3
    assert not changed & {"Who ruled in 1066?", "Who ruled in 1067?", "Who ruled in 1061?"}


def test_opposite_words_are_swapped_unless_the_paragraph_has_both() -> None:
    first = asked("Who came first?", "Bob came first.", "Bob")
    both = asked("Who came first?", "Bob came first, Tim last.", "Bob")
    assert {near_miss(first, [], random.Random(seed)).text for seed in range(5)} == {"Who came last?"}
    assert all(near_miss(both, [], random.Random(seed)) is None for seed in range(5))


def test_negation_stays_rare_and_grammatical() -> None:
    question = asked("What was sold?", "Tea was sold.", "Tea")
    made = [near_miss(question, [], random.Random(seed)) for seed in range(300)]
    texts = [pair.text for pair in made if pair]
    assert set(texts) == {"What was not sold?"}
    assert 60 < len(texts) < 140
