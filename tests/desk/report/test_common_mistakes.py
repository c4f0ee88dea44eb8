"""Submissions are grouped by the mistake, whatever exercise and numbers it shows in; topics follow from the groups."""

import pytest

from grader.desk.report.common_mistakes import diagnosed, mistake_in, page_of, topic_of, topics, way
from tests.desk import tiny

HINTS = {
    "gradient of weights: yours is 1/batch_size times the right value; likely averaged over the batch once too often": (
        "averaged over the batch once too often"
    ),
    "w: likely the velocity is not returned": "the velocity is not returned",
    "loss: all 12 entries are wrong, with no simple relation to the right value": (
        "all 12 entries are wrong, with no simple relation to the right value"
    ),
    "X was changed in place: work on a copy": "X was changed in place: work on a copy",
    "stopped with ValueError: bad; in f, at `x @ y`; likely which factor needs .T?": "which factor needs .T?",
    "stopped with KeyError: 'w'": "stopped with KeyError: 'w'",
}


@pytest.mark.parametrize("hint", HINTS)
def test_the_mistake_is_what_is_likely_or_seen(hint):
    """Without the name of the quantity, which differs from exercise to exercise."""
    code = {"X": "argument_changed", "s": "exception:KeyError"}.get(hint[0], "named")
    assert mistake_in(hint, code) == HINTS[hint]


def lost(who, cell, hint, code="factor"):
    return who, tiny.NOTEBOOK, cell, {"hint": hint, "code": code, "passed": False}


FAILURES = [
    lost("ada", "test_dense", "gradient of weights: yours is 0.2 times; likely averaged over the batch of 5"),
    lost("bob", "test_dense", "gradient of biases: yours is 0.1 times; likely averaged over the batch of 10"),
    lost("bob", "test_train", "gradient: yours is 0.1 times; likely averaged over the batch of 10"),
    lost("cyd", "test_relu", "gradient of x: likely the step climbs"),
    lost("dan", "test_relu", "not written yet", "not_written"),
    lost("eve", "test_relu", "not written yet", "not_written"),
]


@pytest.fixture
def course(released):
    return released


def test_equal_mistakes_are_one_group(course):
    """Two students averaged over the batch; one mistake of one student and stubs are not of the class."""
    (found,) = diagnosed(course, course.weeks[0], FAILURES)
    assert (found.text, found.exercises, found.students) == (
        "averaged over the batch of 5", ("dense", "train"), ("ada", "bob"))  # fmt: skip
    assert found.examples == (("ada", None), ("bob", None))


def test_examples_lead_to_the_feedback(course):
    """To the page where there is one, else to the graded notebook; the link works from the report's folder."""
    week = course.weeks[0]
    for step, suffix in (("autograded", "ipynb"), ("feedback", "html")):
        place = course.step(step, "o'brien [x]", week.folder, f"{tiny.NOTEBOOK}.{suffix}")
        place.parent.mkdir(parents=True)
        place.write_text("")
        assert page_of(course, week, "o'brien [x]", tiny.NOTEBOOK) == place
    assert way(place, course.root / "reports") == f"../feedback/o%27brien%20%5Bx%5D/{week.folder}/{tiny.NOTEBOOK}.html"


def test_what_a_tenth_of_the_class_needs_is_suggested(course):
    """The topic, how many it would have helped, and their mistake; rarer ones are not."""
    found = diagnosed(course, course.weeks[0], FAILURES)
    (topic,) = topics(found, graded=20)
    assert (topic.name, topic.students) == ("where the mean over the batch enters, and that it enters once", 2)
    assert topic.mistake == "averaged over the batch of 5"
    assert topics(found, graded=21) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the inner sizes of the product differ; which factor needs .T?", "shapes"),
        ("a minus sign is missing or too many", "sign"),
        ("exp of more than 709, or a division by 0", "overflow"),
        ("eps is not inside the root", "eps"),
        ("compare with >, not >=: the slope at 0", "ReLU"),
        ("the velocity is not returned", "optimiser"),
        ("the name is not defined at this point", "order of cells"),
        ("work on a copy", "in place"),
    ],
)
def test_mistakes_have_topics(text, word):
    assert word in topic_of(text)


def test_what_says_nothing_has_no_topic():
    assert topic_of("all 12 entries are wrong, with no simple relation to the right value") == ""
