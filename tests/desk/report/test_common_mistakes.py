"""Submissions are grouped by the mistake, whatever exercise and numbers it shows in; topics follow from the groups."""

import pytest

from grader.checks.diagnosis import diagnose
from grader.desk.report.common_mistakes import EVERYWHERE, TOPICS, diagnosed, page_of, topics, way
from grader.judge.authoring.topics import BY_CODE, BY_WORDS, topic_of
from tests.desk import tiny


def lost(who, cell, mistake, code="factor:1/batch_size", topic="batch_mean", **facts):
    outcome = {"hint": f"the hint: likely {mistake}", "mistake": mistake, "code": code, "topic": topic, "name": "a"}
    return who, tiny.NOTEBOOK, cell, {**outcome, "passed": False, "place": "", **facts}


FAILURES = [
    lost("ada", "test_dense", "averaged over the batch of 5"),
    lost("bob", "test_dense", "averaged over the batch of 10"),
    lost("bob", "test_train", "averaged over the batch of 5"),
    lost("cyd", "test_relu", "the step climbs", "named:0", "step_sign"),
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


def groups(course, failures):
    """Who made each mistake."""
    return [(one.exercises, one.students) for one in diagnosed(course, course.weeks[0], failures)]


def reworded(failures):
    """The same outcomes in other words: every student is told something else, and nothing can be parsed."""
    return [
        (who, *where, {**outcome, "hint": f"x{number}; likely y", "mistake": f"z{number}"})
        for number, (who, *where, outcome) in enumerate(failures)
    ]


@pytest.mark.parametrize(
    "failures",
    [
        FAILURES,
        [lost(who, "test_dense", "the velocity is not returned", "named:1", place="f+3") for who in "ab"],
        [
            lost("a", "test_dense", "no chain", "named:chain_rule"),
            lost("b", "test_relu", "no chain", "named:chain_rule"),
        ],
        [lost(who, "test_dense", "stopped with KeyError: 'w'", "exception:KeyError", name=who) for who in "ab"],
    ],
)
def test_a_reworded_hint_leaves_the_groups_as_they_are(course, failures):
    """What is said is for people; the report counts codes."""
    assert groups(course, failures) and groups(course, reworded(failures)) == groups(course, failures)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"code": "named:0"}, {"code": "named:1"}),
        ({"code": "named:0", "place": "f+3"}, {"code": "named:0", "place": "f+5"}),
        ({"code": "named:0", "name": "a"}, {"code": "named:0", "name": "b"}),
        ({"code": "named:0", "cell": "test_a"}, {"code": "named:0", "cell": "test_b"}),
        ({"code": "factor:2"}, {"code": "factor:1/2"}),
        ({"code": "named:chain_rule"}, {"code": "named:no_step"}),
        ({"code": "exception:KeyError", "cell": "test_a"}, {"code": "exception:KeyError", "cell": "test_b"}),
        ({"code": "property", "name": "a"}, {"code": "property", "name": "b"}),
    ],
)
def test_mistakes_in_the_same_words_are_told_apart_by_their_codes(course, one, other):
    """Two students each: one group with the same facts, none with others."""
    both = [lost(who, mistake="the words", **{"cell": "test_a", **facts}) for who, facts in (("a", one), ("b", other))]
    same = [lost(who, mistake="the words", **{"cell": "test_a", **one}) for who in "ab"]
    assert groups(course, both) == [] and len(groups(course, same)) == 1


def test_every_code_of_the_rules_is_one_mistake_in_all_exercises():
    """But for a named mistake without a code of its own, and for types, which are told by exercise."""
    assert diagnose.CODES - EVERYWHERE == {"named", "type"}


@pytest.mark.parametrize(
    ("code", "text", "word"),
    [
        ("named:0", "the inner sizes of the product differ; which factor needs .T?", "shapes"),
        ("named:0", "a minus sign is missing or too many", "sign"),
        ("exception:OverflowError", "exp of more than 709, or a division by 0", "overflow"),
        ("step:-1", "the step goes the other way", "sign of a step"),
        ("step:1/batch_size", "averaged over the batch", "mean over the batch"),
        ("named:0", "eps is not inside the root", "eps"),
        ("named:0", "compare with >, not >=: the slope at 0", "ReLU"),
        ("named:0", "the velocity is not returned", "optimiser"),
        ("not_defined", "", "order of cells"),
        ("argument_changed", "", "in place"),
        ("factor:1/batch_size", "", "mean over the batch"),
        ("factor:-1/(length of axis 0)", "", "mean over the batch"),
        ("factor:1/2", "", "every term"),
        ("transposed", "", "matrix product"),
    ],
)
def test_mistakes_have_topics(code, text, word):
    """What the rules find by its code, what authors have named by their words."""
    assert word in TOPICS[topic_of(code, text)]


def test_every_topic_is_put_into_words():
    assert {*BY_CODE.values()} | {topic for _, topic in BY_WORDS} == TOPICS.keys()


def test_what_says_nothing_has_no_topic():
    assert topic_of("differs", "all 12 entries are wrong, with no simple relation to the right value") == ""
