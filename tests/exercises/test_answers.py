"""Every right answer scores full marks; every wrong one gets what it deserves, and is told why."""

from collections import Counter

import pytest

from podlab.grading.arena import arena
from podlab.grading.evaluate import evaluate
from podlab.grading.rubrics import sources
from tests.exercises.answers import COURSE, SOLUTION, Answer, everything, rubrics

ANSWERS = list(everything())
ASSIGNMENTS = sorted(p.name for p in (COURSE / "assignments").iterdir() if sources(p))
RIGHT, WRONG = 5, 8  # beside the course's own


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answer_gets_what_it_deserves(answer: Answer) -> None:
    rubric = rubrics(answer.assignment)[answer.exercise]
    report = evaluate(rubric, answer.text, arena)
    text = "\n".join(report.lines())
    assert "the check itself failed" not in text, text
    if answer.right:
        assert report.earned == rubric.points, text
    else:
        assert float(report.earned) == pytest.approx(answer.points), text
        assert report.earned < rubric.points, text
        assert answer.why, f"{answer}: no reason is expected"
        assert " ".join(answer.why.split()) in " ".join(text.split()), text


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_has_answers_enough_right_and_wrong(assignment: str) -> None:
    lacking = []
    for exercise in sorted({*rubrics(assignment), *(a.exercise for a in ANSWERS if a.assignment == assignment)}):
        own = [a for a in ANSWERS if (a.assignment, a.exercise) == (assignment, exercise) and a.name != SOLUTION]
        right = sum(a.right for a in own)
        if right < RIGHT or len(own) - right < WRONG:
            lacking.append(f"{assignment}/{exercise}: {right} right and {len(own) - right} wrong answers in tests/exercises")
    assert not lacking, f"each exercise needs {RIGHT} right and {WRONG} wrong answers: {'; '.join(lacking)}"


def test_answers_to_an_exercise_differ() -> None:
    texts = Counter((a.exercise, a.text) for a in ANSWERS)
    assert [exercise for (exercise, _), n in texts.items() if n > 1] == []
