"""Every handed-in file finds its notebook by clear rules, and the student is told whenever a rule was needed."""

import pytest

from grader.desk.collect.notebook_names import Handed, match

WEEK = ["backprop", "regression", "intro_to_backprop"]


def taken(*names, notebooks=("backprop",)):
    """The file taken for the first notebook; later names are newer."""
    return match([Handed(name, age) for age, name in enumerate(names)], notebooks).taken.get(notebooks[0])


@pytest.mark.parametrize(
    "name",
    [
        "backprop.ipynb",
        "Copy of backprop.ipynb",
        "Copy of Copy of backprop (2).ipynb",
        "backprop (1).ipynb",
        "backprop-Copy1.ipynb",
        "Backprop.IPYNB",
        "backprop_final.ipynb",
        "backprop final (2).ipynb",
        "backprop.ipynb.txt",
        "ivanov_backprop.ipynb",
        "Копия backprop.ipynb",
    ],
)
def test_names_that_people_give_are_known(name):
    assert taken(name, "notes.ipynb", "other.ipynb") == name


def test_the_exact_name_wins_over_a_newer_copy():
    assert taken("backprop.ipynb", "backprop (1).ipynb") == "backprop.ipynb"


def test_of_two_copies_the_newest_wins_and_both_are_told():
    found = match([Handed("backprop (2).ipynb", 1), Handed("backprop (1).ipynb", 2)], ["backprop"])
    assert found.taken == {"backprop": "backprop (1).ipynb"}
    assert "backprop (2).ipynb" in " ".join(found.notes["backprop"])


def test_a_longer_notebook_name_keeps_its_file():
    """`intro_to_backprop` ends with `backprop` and is not it."""
    found = match([Handed("Copy of intro_to_backprop.ipynb"), Handed("backprop.ipynb")], WEEK)
    assert found.taken == {"intro_to_backprop": "Copy of intro_to_backprop.ipynb", "backprop": "backprop.ipynb"}


def test_the_last_file_goes_to_the_last_notebook():
    """Whether a file called anything is the notebook is decided by its cells."""
    assert taken("homework.ipynb") == "homework.ipynb"


def test_several_unknown_files_are_not_guessed_at():
    found = match([Handed("a.ipynb"), Handed("b.ipynb")], ["backprop"])
    assert not found.taken and found.unknown == ["a.ipynb", "b.ipynb"]


def test_the_exact_name_needs_no_note():
    assert match([Handed("backprop.ipynb")], ["backprop"]).notes == {"backprop": []}
