"""Personal questions in front of the judge: whatever stands in the variables is read, told in words, or refused."""

import pytest

from grader.checks.quiz import personal_numbers as personal
from grader.checks.quiz.personal_answers import Asked
from grader.judge.authoring.personal import personal_choice, personal_number, wrong_answers
from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import rehearse
from week02_matrix_diff import quiz_1_questions as questions

WEEK, QUIZ = "week02_matrix_diff", "quiz_1"


@pytest.fixture(scope="module")
def reference(repo):
    return reference_cells(repo, WEEK, QUIZ)


def points_and_hints(reference, **cells):
    result = rehearse(WEEK, QUIZ, {**reference, **cells}, strict=True)
    return result, " ".join(hint for hints in result.hints.values() for hint in hints)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("None", "not written yet; your numbers are drawn from your name"),
        ("'  '", "write your name in quotes"),
        ("42", "must be a text"),
        ("object()", "must be a text"),
        ("['Ada']", "must be a text"),
    ],
)
def test_without_a_proper_name_no_question_is_judged(name, told):
    """Every question says what is missing, and none gets points."""
    # The answers of the reference would stop with the same complaint; these are typed.
    cells = {"gate": "gate = [0, 0, 0]", "regions": "regions = [0, 0, 0, 0]"}
    result = rehearse(WEEK, QUIZ, {"student_name": f"student_name = {name}", **cells}, strict=True)
    assert result.total == 0 and all(told in hint for hints in result.hints.values() for hint in hints)


def test_a_name_of_another_student_gives_that_student_s_questions(reference):
    """The answers of Emmy Noether are not those of Ada Lovelace."""
    typed = {cell: source.replace("student_name)", "'Emmy Noether')") for cell, source in reference.items()}
    result, _ = points_and_hints(reference, **{**typed, "student_name": 'student_name = "Ada Lovelace"'})
    assert result.total < 4


def test_the_name_that_counts_is_the_one_at_the_question(reference):
    """A name changed on the way is told to the instructor question by question."""
    changed = 'student_name = "Ada Lovelace"\nparameters = 89'
    result, _ = points_and_hints(reference, parameters=changed)
    signed = {cell: {outcome.signed for outcome in outcomes} for cell, outcomes in result.outcomes.items()}
    assert result.total == 9
    assert signed["test_neuron"] == {"Emmy Noether"} and signed["test_parameters"] == {"Ada Lovelace"}


@pytest.mark.parametrize(
    ("cell", "source", "told"),
    [
        ("neuron", "neuron = [1, 2, 3]", "write a list of 2 numbers"),
        ("neuron", "neuron = [1, float('nan')]", "finite"),
        ("parameters", "parameters = 'many'", "without quotes"),
        ("parameters", "parameters = print", "write a number"),
        ("formula", "formula = 'e'", "one of a, b, c or d"),
        ("formula", "formula = 3", "one of a, b, c or d"),
        ("picture", "units = [1, 2, 3]\noffset = 0", "list of 3 numbers"),
        ("picture", "units = [[1, 2, 3]] * 21\noffset = 0", "list of rows"),
        ("picture", "units = []\noffset = 0", "list of rows"),
        ("gate", "gate = 'and'", "write a list of 3 numbers"),
    ],
)
def test_what_is_no_answer_is_told_in_words(reference, cell, source, told):
    """And costs nothing elsewhere."""
    result, hints = points_and_hints(reference, **{cell: source})
    assert result.total == 8 and told in hints


def test_an_answer_that_is_nearly_right_is_told_so(reference):
    """It does not get the point, and is not given away."""
    result, hints = points_and_hints(reference, parameters="parameters = 61.1")
    assert result.total == 8 and "almost" in hints and "61" not in hints


def test_one_wrong_number_of_several_costs_its_share(reference):
    """Each number of a list is judged for itself."""
    wrong = reference["linear_net"] + "\nlinear_net[1] += 1000"
    result, hints = points_and_hints(reference, linear_net=wrong)
    assert result.total == 8.5 and "another number is expected" in hints


def test_mistakes_have_the_numbers_of_the_name_given():
    """A catalogue for another name would ask for other numbers."""
    parts = Asked(questions.__name__).numbers(questions.neuron, "One.", "Two.")
    for part in parts:
        personal_number(part, right=lambda q: [1, 2], mistakes=lambda q: {"up": [q.b, 2]})
    first, in_words = wrong_answers("Ada Lovelace", *parts)
    bias = personal.numbers(questions.neuron, "Ada Lovelace").b
    assert first.source == f"neuron = [{bias}, 2]\n" and first.hint == "up"
    assert first.loses == {"test_neuron": 0.5 * (bias != 1)} and in_words.loses == {"test_neuron": 1}


def test_a_choice_is_told_why_by_its_kind():
    """The letters differ from name to name, the reasons do not."""
    reasons = {kind: f"not {kind}" for kind in ("crossed", "outside", "rows")}
    test = Asked(questions.__name__).choice(questions.formula, "It.")
    personal_choice(test, right=lambda q: "columns", reasons=lambda q: reasons)
    for name in ("Ada Lovelace", "Alan Turing"):
        letters = personal.numbers(questions.formula, name).kinds
        for mistake in wrong_answers(name, test)[:3]:
            letter = mistake.source.split("'")[1]
            assert mistake.hint == reasons[letters["abcd".index(letter)]]
