"""Names typed in quizzes: what is odd is listed for a person, and nothing else."""

import json
from pathlib import Path

import pytest

from grader.desk.course.roster import Person
from grader.desk.grade.results import Kept
from grader.desk.report.report import report
from grader.desk.report.signatures import odd_names

ROSTER = [Person("ada", "Ada", "Lovelace", "ada.l@example.org"), Person("bo", "Bo", "Müller"), Person("s17")]


def signed(*names):
    """A student's results with these names in them; an empty one where a test was not passed."""
    parts = {f"q{n}": {"outcomes": [{"signed": name}, {}]} for n, name in enumerate(names)}
    return {"quiz": Kept("who", "key", {"parts": parts}, Path("x"))}


@pytest.mark.parametrize("name", ["Ada Lovelace", "lovelace  ADA", "ada", "ada.l@example.org", ""])
def test_whatever_a_student_is_called_is_fine(name):
    """First and last name in either order, the id, the address; or no name at all."""
    assert odd_names({"ada": signed(name)}, ROSTER) == []


def test_accents_may_be_missing():
    """The numbers are then others, but it is the same person."""
    assert odd_names({"bo": signed("Bo Muller")}, ROSTER) == []


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({"ada": signed("Grace Hopper")}, {"ada": "not the name in the roster"}),
        ({"ada": signed("Bo Müller")}, {"ada": "the name of bo"}),
        ({"ada": signed("bo"), "bo": signed("Bo")}, {"ada": "as bo", "bo": "as ada"}),
        ({"x": signed("Q"), "y": signed(" q ")}, {"x": "as y", "y": "as x"}),
        ({"ada": signed("Ada Lovelace", "ada")}, {"ada": "several names"}),
    ],
)
def test_what_is_odd_is_said(kept, why):
    """Another name, somebody else's, one that two typed, several at once."""
    odd = odd_names(kept, ROSTER)
    assert {one.student for one in odd} == set(why)
    assert all(why[one.student] in one.why for one in odd)


def test_without_a_name_in_the_roster_nothing_can_be_compared():
    """A folder called by a number says nothing about the name."""
    assert odd_names({"s17": signed("Chris P."), "s18": signed("Dana Q.")}, ROSTER) == []


def test_dots_are_listed_too():
    """A long name is cut; what is left of it may hold no letter."""
    assert [one.why for one in odd_names({"ada": signed("." * 80)}, ROSTER)] == ["not the name in the roster"]


def test_the_report_lists_them(graded):
    """With the name as it was typed, and nothing where all is well."""
    week = graded.weeks[0]
    assert "Names typed in quizzes" not in report(graded, [week]).page.read_text(encoding="utf-8")
    place = graded.desk_folder / "results" / week.folder / "ada" / "double.json"
    content = json.loads(place.read_text(encoding="utf-8"))
    next(iter(content["result"]["parts"].values()))["outcomes"][0]["signed"] = "Bo <b>"
    place.write_text(json.dumps(content), encoding="utf-8")
    (graded.root / "roster.csv").write_text("id,first_name,last_name\nada,Ada,Lovelace\n", encoding="utf-8")
    page = report(graded, [week]).page.read_text(encoding="utf-8")
    assert "Names typed in quizzes" in page and "Bo &lt;b&gt;" in page and "not the name in the roster" in page
