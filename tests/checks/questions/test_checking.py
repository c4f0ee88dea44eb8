"""`check("double")` as a notebook sees it."""

import linecache
import re
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from grader.checks.exercise import failed_cells
from grader.checks.exercise.html import html
from grader.checks.exercise.model_answers import ModelAnswer, read, written
from grader.checks.questions import Right, lent, question, through, unchanged
from grader.checks.questions.checking import Checks, checks_of, names_in
from grader.checks.questions.question import seeded
from grader.checks.questions.record import Recorded

X = np.arange(6.0).reshape(2, 3) + 0.5


@question("test_double", points=0.5)
def doubles(student, X):
    """Doubles every entry."""
    return student.double(X)


@question("test_double", points=0.25)
def doubles_nothing_in_place(student, X):
    """Changes no argument."""
    return [student.double(X), X]


@lent
def double(x, times=1):
    """Doubled so many times."""


@question("test_quadruple", points=1, lends=(double,))
def quadruples(student, X):
    """Doubles twice."""
    return student.quadruple(X)


@question("test_secret", points=1)
def secret(student):
    """Something that only grading knows."""
    return student.secret()


@question("test_slope", points=1)
def cube_slope(student, X, G):
    """The gradient of cubes."""
    return student.slope(X, G)


@cube_slope.differences
def _(student, X, G):
    return through(student.cube, X, G)


@pytest.fixture
def checks():
    module = ModuleType("week09_toy.toy_questions")
    vars(module).update({name: value for name, value in globals().items() if hasattr(value, "points")})
    found = Checks("week09_toy.toy_questions")
    found.module = module
    found.recorded = {
        "doubles": Recorded(SimpleNamespace(X=X), Right(2 * X, "double", {"squares": X**2}), {}),
        "doubles_nothing_in_place": Recorded(SimpleNamespace(X=X), Right([2 * X, X], "double and X"), {}),
        "quadruples": Recorded(SimpleNamespace(X=X), Right(4 * X, "quadruple"), {"double": [([2 * X, 1], 4 * X)]}),
        "cube_slope": Recorded(SimpleNamespace(X=X, G=X[::-1]), Right(3 * X**2 * X[::-1], "slope"), {}),
        "secret": Recorded(SimpleNamespace(), None, {}),
    }
    return found


def in_notebook(source):
    """The names of a notebook with this cell."""
    names = {"np": np, "__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), names)
    return names


def text(checks, source, exercise="double"):
    return checks.report(exercise, in_notebook(source)).text()


def test_right_work(checks):
    """A line for each property, and the points."""
    assert text(checks, "def double(x): return x * 2") == (
        "✓ ok     double  Doubles every entry.\n"
        "✓ ok     double  Changes no argument.\n"
        "double: 2 of 2 properties, 0.75 of 0.75 points"
    )


def test_wrong_work_is_told_by_name(checks):
    """And the property beside it keeps its points; a case is not changed for the next question."""
    said = text(checks, "def double(x):\n    x *= 2\n    return x")
    assert "✓ ok     double  Doubles every entry." in said and "0.5 of 0.75 points" in said
    assert said == text(checks, "def double(x):\n    x *= 2\n    return x")
    assert "likely   squares" in text(checks, "double = np.square")


def test_an_argument_that_stayed_has_no_mark_beside_a_wrong_result(checks):
    """What is wrong has its mark at the other property; where nothing else is wrong, here."""
    doubles_nothing_in_place.relation(lambda answer, case: unchanged("X", answer[1], case.X) or True)
    try:
        said = text(checks, "def double(x): return np.cos(x)")
        assert "✗ wrong  double  Doubles every entry." in said and "0 of 2 properties, 0 of 0.75 points" in said
        assert "· open   double  Changes no argument.\n  why      no mark here: unchanged, as it should be: X" in said
        at_second = "calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x if len(calls) < 2 else np.cos(x)"
        assert "✗ wrong  double  Changes no argument." in text(checks, at_second)
    finally:
        doubles_nothing_in_place.relations.pop()


def test_an_error_is_explained_once(checks):
    """By the student's line; the second time it is the same one."""
    said = text(checks, "def double(x): return x @ x")
    assert said.count("mismatch") == 1 and "the same error as above" in said and "0 of 0.75 points" in said


def test_a_model_answer_opens_once_everything_is_right(checks):
    """Below the results, closed at first, and not where a property is wrong or left to grading."""
    checks.models = {"double": ModelAnswer("def double(x):\n    return x + x", "It's < one line.", "double = ...")}
    shown = html(checks.report("double", in_notebook("def double(x): return x * 2")))
    assert shown.index("<details") > shown.index("Changes no argument") and "It&#x27;s &lt; one line." in shown
    assert "return x + x" in shown and "Another way" in shown
    assert "<details" not in html(checks.report("double", in_notebook("def double(x):\n    x *= 2\n    return x")))
    assert read(written(checks.models)) == checks.models and "return" not in written(checks.models)


def test_a_check_that_is_stopped_by_hand_says_where_it_was(checks, monkeypatch):
    """In place of a traceback through the check; it ends the run of the cell as before."""
    monkeypatch.setattr("grader.checks.questions.checking.Checks", lambda module: checks)
    source = "def double(x):\n    while True:\n        raise KeyboardInterrupt"
    monkeypatch.setitem(linecache.cache, "<cell>", (len(source), None, source.splitlines(True), "<cell>"))
    stopped = in_notebook(source)
    with pytest.raises(KeyboardInterrupt) as found:
        exec("check('double')", {**stopped, "check": checks_of("week09_toy.toy_questions")})
    told = found.value._render_traceback_()
    assert told[:2] == [
        "double: stopped by you, so nothing is judged",
        "  line     raise KeyboardInterrupt   (in double)",
    ]
    assert "loop around this line" in told[-1]


def test_what_is_not_written(checks):
    """Nothing of it: one line. A part of it: a line each."""
    assert text(checks, "def double(x): raise NotImplementedError('double')") == "double: not written yet"
    said = text(checks, "double = [lambda x: 2 * x]\ndef double(x, n=[]):\n    n.append(1)\n    if len(n) > 1:\n"
                "        raise NotImplementedError('double')\n    return 2 * x")  # fmt: skip
    assert "✓ ok" in said and "not written yet" in said and "1 of 2 properties" in said
    assert "NameError: name 'double' is not defined" in text(checks, "")


def test_a_right_function_does_not_lose_by_its_neighbour(checks):
    """It is asked with the student's own first, then with recorded calls of a right one, by keyword or not."""
    quadruple = "def quadruple(x): return double(x=2 * x)"
    assert "1 of 1 points" in text(checks, f"def double(x): return x + x\n{quadruple}", "quadruple")
    assert "1 of 1 points" in text(checks, f"def double(x): return x - x\n{quadruple}", "quadruple")
    assert "1 of 1 points" in text(checks, f"def double(x): raise ValueError\n{quadruple}", "quadruple")
    other = text(checks, "def double(x): return x - x\ndef quadruple(x): return double(double(x))", "quadruple")
    assert "· open   quadruple" in other and "mend `double` first" in other
    names = in_notebook(f"def double(x): return x - x\n{quadruple}")
    checks.report("quadruple", names)
    assert names["double"](3) == 0, "what was lent stays"


@question("test_deal", points=1)
def deals(student, n):
    """Deals all numbers."""
    return sorted(student.deal(n, np.random.default_rng(0)))


@lent(deals)
def deal(n, rng):
    """Yields the numbers below n, shuffled by rng."""
    yield


@question("test_draw", points=1, lends=(deal, double))
def draws(student, X):
    """Draws the first one, doubled."""
    return student.draw(X, np.random.default_rng(3))


def test_only_what_is_wrong_is_lent(checks):
    """A right neighbour, judged by questions that are named, is asked itself; a generator is passed as a number."""
    seed = int(np.random.default_rng(3).integers(2**31))
    checks.recorded |= {
        "deals": Recorded(SimpleNamespace(n=3), Right([0, 1, 2], "deal"), {}),
        "draws": Recorded(SimpleNamespace(X=X), Right(2 * X[1], "draw"), {"deal": [([2, seed], [1, 0])]}),
    }
    double, draw = "def double(x): return x * 2\n", "def draw(X, rng): return double(X[next(deal(len(X), rng))])"
    wrong, right = "def deal(n, rng): yield 0\n", "def deal(n, rng): yield from (2, 1, 0)[-n:]\n"
    assert "1 of 1 points" in text(checks, double + wrong + draw, "draw")
    assert "✗ wrong  draw" in text(checks, double + right + draw.replace("double", "2 * double"), "draw")
    assert "mend `double` first" in text(checks, wrong.replace("deal", "double") + right + draw, "draw")


def test_a_question_of_another_module_has_its_own_key():
    """Its name, title and points stay."""
    other = doubles.own("week09_toy.other_questions")
    other.key = "a key"
    assert (other.name, other.title, other.points) == (doubles.name, doubles.title, doubles.points)
    assert (other.module, doubles.module, doubles.key) == ("week09_toy.other_questions", __name__, None)


def test_what_only_grading_knows_has_no_mark(checks):
    """It is read all the same, and an error shows."""
    assert "read; judged when graded" in text(checks, "def secret(): return 3", "secret")
    assert "ZeroDivisionError" in text(checks, "def secret(): return 1 / 0", "secret")


@pytest.mark.parametrize(
    ("cube", "told"),
    [
        (lambda X: X**3, "as expected"),
        (lambda X: X**2, "as yours: so your forward is wrong"),
        (lambda X: X**4, None),
        (lambda X: np.random.normal(), None),
    ],
)
def test_a_wrong_gradient_is_measured_on_the_forward_of_its_own(checks, cube, told):
    """Where that settles something; and never for a right one."""
    text = checks.report("slope", {"cube": cube, "slope": lambda X, G: 2 * X * G}).text()
    assert "✗ wrong" in text
    assert (told and re.search(rf"measured \S+ by differences of your own forward, {told}$", text, re.M)) or (
        told is None and "measured" not in text
    )
    assert "measured" not in checks.report("slope", {"cube": cube, "slope": lambda X, G: 3 * X**2 * G}).text()


def test_an_unknown_exercise_is_an_error(checks):
    """With the names of those that there are."""
    with pytest.raises(ValueError, match="no exercise 'duoble' here; there are deal, double, draw, quadruple, secret"):
        checks.report("duoble", {})


def test_shared_generators_are_put_back():
    """A check changes no random number of the notebook's."""
    np.random.seed(5)
    wanted = np.random.rand()
    np.random.seed(5)
    with seeded(1):
        first = np.random.rand()
    assert np.random.rand() == wanted
    with seeded(1):
        assert np.random.rand() == first


class Run:
    """What IPython tells after a cell."""

    def __init__(self, source, error=None, before=None):
        self.info = SimpleNamespace(raw_cell=source)
        self.error_in_exec, self.error_before_exec = error, before


def test_an_answer_that_a_stub_has_replaced_is_told(checks, monkeypatch):
    """It was written into another cell, above the marked one, which then defined the name anew."""
    monkeypatch.setattr(failed_cells, "_written", set())
    monkeypatch.setattr(failed_cells, "_taken", set())
    stub = "def double(x):\n    raise NotImplementedError('double')"
    failed_cells._ran(Run(stub))
    assert text(checks, stub) == "double: not written yet"
    failed_cells._ran(Run("def double(x): return 2 * x"))
    failed_cells._ran(Run(stub))
    assert "another cell defined double, and the marked cell, as it was handed out" in text(checks, stub)
    failed_cells._ran(Run("def double(x): return 3 * x"))
    assert "another cell" not in text(checks, "def double(x): return 3 * x")


@pytest.mark.parametrize(
    ("assigned", "says"),
    [
        ("np = 3", "`np` is an int here and hides numpy"),
        ("sum = 0.5", "`sum` is a float here and hides Python's own"),
    ],
)
def test_a_variable_that_hides_a_function_is_told(checks, assigned, says):
    """Only where something is wrong, for it may do no harm."""
    wrong = f"{assigned}\ndef double(x): return sum([np.array(x), x])"
    assert says in " ".join(text(checks, wrong).split())
    assert "hides" not in text(checks, f"{assigned}\ndef double(x): return x * 2")


def test_a_demonstration_names_the_exercise_that_it_waits_for(checks, capsys):
    """Of those whose check found something, the one that its cell uses, itself or by another function."""
    cell = "def twice(x): return double(x) + 1\nfrom grader import checks\nwith checks.when_written():\n    {}"
    wrong = "def double(x): return None\n"
    checks.report("double", in_notebook(wrong))
    in_notebook(wrong + cell.format("twice(1)"))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "✗ this demonstration stopped: it needs `double`, and this does not hold yet: Doubles every entry."
    )
    in_notebook(wrong + cell.format("assert double(1) == 2"))
    assert "text says: it needs `double`" in capsys.readouterr().out
    checks.report("double", in_notebook("def double(x): return 2 * x"))
    in_notebook(wrong + cell.format("twice(1)"))
    assert "look at the checks above" in capsys.readouterr().out


def test_a_definition_from_before_is_told(checks, monkeypatch):
    """All ✓ would be a lie when the cell that was just run has an error."""
    monkeypatch.setattr(failed_cells, "_failed", {})
    names = in_notebook("def double(x): return 2 * x")
    failed_cells._ran(Run("x = 1\ndef double(x):\n    return 2 *", before=SyntaxError("invalid syntax")))
    said = checks.report("double", names).text()
    assert said.startswith("note     double  the cell that defines double stopped when it was last run (SyntaxError")
    assert "may be the definition from before" in " ".join(said.split())
    failed_cells._ran(Run("def double(x): return 2 * x"))
    assert checks.report("double", names).text().startswith("✓ ok")


def test_a_variable_from_before_is_told(checks, monkeypatch):
    """A cell that only assigns stops, too. Names that are no answer of this exercise do not matter."""
    monkeypatch.setattr(failed_cells, "_failed", {})
    failed_cells._ran(Run("double: object = lambda x: 2 * y\nshape = double(1)", error=NameError("y")))
    assert checks.report("double", {}).text().startswith("note     double  the cell that defines double stopped")
    failed_cells._ran(Run("double = str\ndouble == str"))
    failed_cells._ran(Run("shape = 1 / 0", error=ZeroDivisionError("division by zero")))
    assert "note" not in checks.report("double", in_notebook("double = np.shape")).text()


def test_names_of_the_notebook_that_questions_use():
    """Where a cell that stopped must be looked for."""
    assert names_in([doubles]) == {"double"} and names_in([cube_slope]) == {"slope"}

    @question("test_double", points=1)
    def of_nothing(student, x):
        """An empty tuple is no name."""
        return () == student.double(x)

    assert names_in([of_nothing]) == {"double"}
