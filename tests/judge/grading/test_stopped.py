"""What a cell that stops has defined is judged, what it has not is put down to it, and both are told."""

import nbformat
import pytest

from grader.judge.grading.grade import grade_notebook
from grader.judge.grading.spec import load_notebook
from grader.sandbox.walls.limits import Limits
from tests.judge import toy

TRIPLE = "def triple(x):\n    return 3 * x"
COLAB = "from google.colab import drive\ndrive.mount('/content/drive')\n"


@pytest.fixture
def grade(course):
    spec = load_notebook(course, "weekX", "toy")

    def grade(double=toy.RIGHT, triple=TRIPLE, own=None):
        nb = toy.notebook()
        for cell in nb.cells:
            cell.source = {"double": double, "triple": triple}.get(cell.id, cell.source)
        nb.cells[2:2] = [nbformat.v4.new_code_cell(own)] if own else []
        return grade_notebook(spec, nbformat.writes(nb).encode(), limits=Limits(cell_seconds=2))

    return grade


def hints(result, test):
    return {(outcome.hint, outcome.code) for outcome in result.parts[test].outcomes if outcome.hint}


@pytest.mark.parametrize(
    "line", [COLAB, "import torch\n", "name = input('Your name: ')\n", "open('/content/data.csv')\n"]
)
def test_what_stands_below_a_line_that_stops_has_its_points(grade, line):
    """And the student is told which line was left out."""
    result = grade(double=line + toy.RIGHT)
    assert result.points == 2.5
    (note,) = result.notes
    assert note.startswith("Left out of cell 3") and line.split("\n")[0] in note


@pytest.mark.parametrize("magic", ["%%time", "%%prun -q", "%%memit", "\n%%capture shown"])
def test_a_magic_takes_no_definition_with_it_where_its_cell_stops(grade, magic):
    """Whether it is known here or not."""
    result = grade(double=f"{magic}\nimport torch\n{toy.RIGHT}")
    assert result.points == 2.5 and "No module named 'torch', at `import torch`" in result.notes[0]


def test_a_magic_of_another_language_stays_one(grade):
    result = grade(own="%%shell\necho a b")
    assert result.points == 2.5 and "`%%shell` not found" in result.notes[0]


@pytest.mark.parametrize("what", ["from google.colab import output", "from google import colab as output"])
def test_a_function_that_wants_something_of_colab_is_judged_for_what_it_computes(grade, what):
    """Code that asks whether it is on Colab is still told that it is not."""
    asks = "def on_colab():\n    try:\n        import google.colab\n        return True\n    except ImportError:\n"
    asks += "        return False\nassert not on_colab()\n"
    lines = f"    {what}\n    with output.use_tags('some'):\n        output.eval_js('beep()')\n    return 2 * x"
    result = grade(double=f"def double(x):\n{lines}", own=asks)
    assert result.points == 2.5 and not result.notes


def test_a_notebook_that_quits_is_judged_to_its_end(grade):
    result = grade(own="quit()")
    assert result.points == 2.5 and "SystemExit in line 1" in result.notes[0]


@pytest.mark.parametrize(
    ("source", "line", "text"),
    [
        (f"{toy.RIGHT}\nprint((1", 3, "it ends before a bracket, a text or a block is closed, at `print((1`"),
        (f"<<<<<<< HEAD\n{toy.RIGHT}\n=======", 1, "invalid syntax, at `<<<<<<< HEAD`"),
        ("def double(x):\n    return\u00a02 * x", 2, "invalid non-printable character U+00A0, at `return 2 * x`"),
        (f"{toy.RIGHT}\ntype Numbers = list", 3, "invalid syntax, at `type Numbers = list`"),
    ],
)
def test_a_cell_that_cannot_be_compiled_gives_all_its_tests_the_one_hint(grade, source, line, text):
    """With its line, under one code; other exercises are judged as ever."""
    result = grade(double=source)
    (found,) = hints(result, "test_double")
    assert found == (f"your cell stopped: SyntaxError in line {line}: {text}", "stopped:SyntaxError")
    assert result.parts["test_triple"].points == 1 and "Nothing of cell 3 could be run" in result.notes[0]


def test_a_name_that_is_missing_elsewhere_is_put_down_to_the_cell_that_stopped(grade):
    """Also where it is missed inside a function; a mistake of its own is told as ever."""
    result = grade(double="def double(x):\n    return 2 * x\n1 +", triple="def triple(x):\n    return double(x) + x")
    ((hint, code),) = hints(result, "test_triple")
    assert hint.startswith("your cell `double` stopped: SyntaxError in line 3") and code == "stopped:SyntaxError"
    ((hint, code),) = hints(grade(double=COLAB + toy.RIGHT, triple="def triple(x):\n    return 4 * x"), "test_triple")
    assert code != "stopped:SyntaxError" and "stopped" not in hint


def test_a_name_that_is_missing_is_not_put_down_to_a_cell_further_down(grade):
    """That one may stop as it will: mending it would not help."""
    result = grade("def double(x):\n    return twice(x)", f"twice = [][1]\n{TRIPLE}")
    told = hints(result, "test_double")
    assert told and not any("stopped: IndexError" in hint for hint, _ in told)
    assert any("twice" in hint for hint, _ in told)


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        ("class Own(BaseException): pass", "exception:Own"),
        ("Own = GeneratorExit", "exception:GeneratorExit"),
        ("class Own(Exception):\n    def __str__(self): raise self", "exception:Own"),
        ("class Own(Exception):\n    def __str__(self): raise SystemExit", "exception:Own"),
    ],
)
def test_an_exception_of_any_class_is_told_by_its_name(grade, raised, code):
    result = grade(triple=f"{raised}\ndef triple(x):\n    raise Own")
    ((hint, told),) = hints(result, "test_triple")
    assert told == code and code.split(":")[1] in hint and "raise Own" in hint


def test_a_class_that_could_not_be_made_is_put_down_to_its_statement(grade):
    result = grade(double="double = np.nothing\n")
    ((hint, _),) = hints(result, "test_double")
    assert hint.startswith("your cell stopped: AttributeError in line 1") and hint.endswith("at `double = np.nothing`")


def test_an_answer_that_the_marked_cell_takes_away_is_told(grade):
    """It stands in a cell of the student's own, above the marked one, which is as it was handed out."""
    (note,) = grade(double=toy.STUB, own=toy.RIGHT).notes
    assert note.startswith("Cell 3 defines double, but cell 4, the marked one, is as it was handed out")


def test_stubs_are_no_cells_that_stop(grade):
    result = grade(double="double(3)\n" + toy.STUB, own="def f():\n    raise NotImplementedError\nf()")
    assert len(result.notes) == 1 and "NameError in line 1" in result.notes[0]
