"""The quizzes of week 2: the answers are sympy's, for every name; slips are named; all names have the same work."""

import re
import sys
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import linprog
from sympy.parsing.sympy_parser import implicit_multiplication_application, parse_expr, standard_transformations

from grader.checks.questions.checking import Checks
from grader.checks.questions.plain import plain
from grader.checks.quiz import personal_answers, personal_numbers
from grader.checks.quiz.quiz import NotAnAnswer
from grader.judge.authoring import personal
from grader.judge.authoring.personal import answer_sheet
from grader.judge.authoring.verdicts import NotWritten, Verdictless, Wrong
from grader.judge.grading.spec import keys_of, load_notebook
from grader.judge.hidden import Signed
from week02_matrix_diff import quiz_1_questions, quiz_2_questions

WEEK = "week02_matrix_diff"
CLASS = [f"Student {number}" for number in range(1000)]
FEW = CLASS[:25]
READ = (*standard_transformations, implicit_multiplication_application)


@pytest.fixture(scope="module", autouse=True)
def own_solutions(repo):
    """Tests of other checkouts may have left their own `solutions` behind."""
    for name in [one for one in sys.modules if one.split(".")[0] == "solutions"]:
        if not str(getattr(sys.modules[name], "__file__", "")).startswith(str(repo / "solutions")):
            del sys.modules[name]


def worked(key):
    """The worked answers of a question: a function of its numbers."""
    quiz, name = key.split(".")
    return getattr(import_module(f"solutions.{WEEK}.{quiz}.worked"), name)


def parts_of(key):
    """The keys of a question: one for each number, or letter, of its answer."""
    quiz, name = key.split(".")
    module = import_module(f"solutions.{WEEK}.{quiz}.keys")
    return [one.key for one in module.asked.ask.questions.values() if one.of.key == key]


def told(part, written):
    """What the report is told of somebody's answer; `Wrong` if it is."""
    return part.decided(plain(part.asked.function(written)), None)


QUIZZES = {"quiz_1": quiz_1_questions, "quiz_2": quiz_2_questions}
QUESTIONS = {one.key: one for module in QUIZZES.values() for one in vars(module).values() if getattr(one, "key", None)}
KEYS = list(QUESTIONS)
CHOICES = ["quiz_1.formula", "quiz_2.dead", "quiz_2.layer_gradient", "quiz_2.trace_rule"]
COMPUTED = [key for key in KEYS if key not in (*CHOICES, "quiz_1.gate", "quiz_1.picture")]


def parsed(text):
    """A formula of a question's plain text as a sympy expression."""
    return parse_expr(text.strip().replace("^", "**"), local_dict={"max": sp.Max}, transformations=READ)


def between(text, start, end):
    return re.search(rf"{start}(.*?){end}", text, re.DOTALL).group(1)


def sympy_neuron(q, text):
    unit = parsed(between(text, "y_hat = ", ", at"))
    return [unit.subs(dict(zip(sp.symbols("x_1 x_2"), point, strict=True))) for point in (q.A, q.B)]


def sympy_parameters(q, text):
    sizes = [int(word) for word in re.findall(r"\d+", text)]
    shapes = [shape for pair in zip(sizes[:-1], sizes[1:], strict=True) for shape in (pair, pair[1:])]
    return [sum(np.empty(shape).size for shape in shapes)]


def sympy_linear_net(q, text):
    first, second, out = (
        parsed(part) for part in re.split(r"h_1 = |h_2 = |y_hat = ", text.replace(",", "").rstrip("."))[1:]
    )
    line = sp.expand(out.subs({"h_1": first, "h_2": second}))
    x = sp.Symbol("x")
    return [line.coeff(x, 1), line.coeff(x, 0)]


def sympy_relu_net(q, text):
    hidden = (sp.Matrix([q.x]) * sp.Matrix(q.W) + sp.Matrix([q.b])).applyfunc(lambda z: sp.Max(0, z))
    return [(hidden * sp.Matrix(q.v))[0] + q.c]


def _pieces(text):
    """The inner kinks of f, and its slope on every piece."""
    x = sp.Symbol("x", real=True)
    f = parsed(text.split("= ")[1]).subs("x", x)
    turns = sorted({sp.solve(inner, x)[0] for unit in f.atoms(sp.Max) for inner in unit.args if inner.has(x)})
    inside = [turns[0] - 1, sum(turns) / 2, turns[1] + 1]
    step = sp.Rational(1, 100)
    return turns, [(f.subs(x, at + step) - f.subs(x, at)) / step for at in inside]


def sympy_kinks(q, text):
    return _pieces(text)[0]


def sympy_slopes(q, text):
    return _pieces(text)[1]


def sympy_regions(q, text):
    return [{"one line": 0, "two lines": 2, "three lines": 3, "four points": 2}[kind] for kind, *_ in q.panels]


def sympy_gradient(q, text):
    w = sp.Symbol("w")
    return [sp.diff(sum((y - w * x) ** 2 for x, y in zip(q.x, q.y, strict=True)) / 2, w).subs(w, q.w)]


def sympy_two_weights(q, text):
    u, v = sp.symbols("u v")
    f = parsed(between(text, "= ", ", from").replace("uv", "u v"))
    at, eta = {u: q.u, v: q.v}, sp.Rational(1, 10)
    return [q.u - eta * sp.diff(f, u).subs(at), q.v - eta * sp.diff(f, v).subs(at)]


def sympy_chain(q, text):
    w, v = sp.symbols("w v", real=True)
    loss = (v * sp.Max(0, w * q.x + q.b) - q.y) ** 2 / 2
    at = {w: q.w, v: q.v}
    return [sp.diff(loss, w).subs(at), sp.diff(loss, v).subs(at)]


def sympy_rate(q, text):
    w, start, eta = sp.symbols("w w_0 eta")
    f = parsed(text.split("= ")[1])
    goal = sp.solve(sp.diff(f, w), w)[0]
    share = sp.simplify((start - eta * sp.diff(f, w).subs(w, start) - goal) / (start - goal))
    return [sp.solve(share, eta)[0], sp.solve(share + 1, eta)[0]]


def sympy_quadratic_form(q, text):
    x = sp.Matrix(sp.symbols("x_1 x_2"))
    f = (x.T * sp.Matrix(q.A) * x)[0]
    return [sp.diff(f, entry).subs(dict(zip(x, q.x, strict=True))) for entry in x]


def sympy_least_squares(q, text):
    w = sp.Matrix(sp.symbols("w_1 w_2"))
    r = sp.Matrix(q.y) - sp.Matrix(q.X) * w
    return [sp.diff(r.dot(r), entry).subs(dict(zip(w, q.w, strict=True))) for entry in w]


@pytest.mark.parametrize("key", [*COMPUTED, "quiz_1.slopes"])
def test_worked_numbers_are_sympys(key):
    """Computed from the sentence that the student reads, by an implementation that is not ours."""
    question = "quiz_1.kinks" if key == "quiz_1.slopes" else key
    for name in FEW:
        asked = QUESTIONS[question](name)
        independent = globals()[f"sympy_{key.split('.')[1]}"](asked.numbers, asked.plain())
        np.testing.assert_allclose(worked(key)(asked.numbers), np.array(independent, dtype=float), rtol=1e-12)


def test_the_formula_taken_for_right_is_the_network_of_the_matrices():
    """And the three others are other functions."""
    inputs = sp.symbols("x_1 x_2")
    points = np.random.default_rng(0).normal(scale=4, size=(2, 50))
    for name in FEW:
        asked = QUESTIONS["quiz_1.formula"](name)
        q, formulas = asked.numbers, asked.plain().splitlines()[2:]
        network = np.maximum(points.T @ np.array(q.W) + q.b, 0) @ q.v + q.c
        for kind, line in zip(q.kinds, formulas, strict=True):
            values = sp.lambdify(inputs, parsed(line.split("y_hat = ")[1]))(*points)
            assert np.allclose(values, network) == (kind == "columns")


def _right_options(key, name, value_of):
    """Kinds of the options that are the gradient of a scalar by sympy; `value_of` gives (gradient, {kind: product})."""
    gradient, products = value_of(QUESTIONS[key](name).numbers)
    return {kind for kind, product in products.items() if product is not None and product == gradient}


def _gradient(f, X):
    return sp.Matrix(X.rows, X.cols, lambda i, j: sp.diff(f, X[i, j]))


def _layer(q):
    X, W, G = (sp.Matrix(rows, columns, sp.symbols(f"{letter}0:{rows * columns}"))
               for letter, rows, columns in (("x", q.n, q.d), ("w", q.d, q.m), ("g", q.n, q.m)))  # fmt: skip
    loss = sum(sp.matrix_multiply_elementwise(G, X * W))
    factors = {"G": G, "X": X, "W": W, "G'": G.T, "X'": X.T, "W'": W.T}
    products = {}
    for kind in q.kinds:
        left, right = (factors[word] for word in kind.split())
        products[kind] = left * right if left.cols == right.rows else None
    return _gradient(loss, X if q.asked == q.X else W).expand(), {k: p and p.expand() for k, p in products.items()}


def _trace(q):
    left, right, X = (sp.Matrix(3, 3, sp.symbols(f"{letter}0:9")) for letter in "lrx")
    products = {"left right": left * right, "right left": right * left,
                "left' right'": left.T * right.T, "right' left'": right.T * left.T}  # fmt: skip
    return _gradient((left * X * right).trace(), X).expand(), {k: p.expand() for k, p in products.items()}


@pytest.mark.parametrize(("key", "value_of"), [("quiz_2.layer_gradient", _layer), ("quiz_2.trace_rule", _trace)])
def test_exactly_the_option_taken_for_right_is_the_gradient(key, value_of):
    """By sympy's derivatives, entry by entry."""
    for name in CLASS[:6]:
        asked = QUESTIONS[key](name)
        (letter,) = answer_sheet_of(key, name)
        right = dict(zip(personal_numbers.LETTERS, asked.numbers.kinds, strict=False))[letter]
        assert _right_options(key, name, value_of) == {right}


def answer_sheet_of(key, name):
    return [test.answers.sheet(QUESTIONS[key](name)) for test in parts_of(key)]


def test_a_silent_unit_lets_only_the_output_bias_move():
    """sympy's four derivatives at the sample: three are zero, that of c is not."""
    w, b, v, c = letters = sp.symbols("w b v c", real=True)
    for name in FEW:
        q = QUESTIONS["quiz_2.dead"](name).numbers
        loss = (v * sp.Max(0, w * q.x + b) + c - q.y) ** 2 / 2
        at = dict(zip(letters, (q.w, q.b, q.v, q.c), strict=True))
        moved = [bool(sp.diff(loss, letter).subs(at)) for letter in letters]
        assert moved == [False, False, False, True]


def test_the_gates_are_their_truth_tables():
    """At a thousandth inside both ends of each interval, and no longer a thousandth outside."""
    truth = [lambda a, b: a and b, lambda a, b: a or b]
    for name in FEW:
        q = QUESTIONS["quiz_1.gate"](name).numbers
        tables = [*truth, lambda a, b, larger=q.larger: (a, b)[larger - 1]]
        for (above, most), table in zip(worked("quiz_1.gate")(q), tables, strict=True):
            for bias, right in ((above + 0.001, True), (most, True), (above, False), (most + 0.001, False)):
                fires = [q.w[0] * a + q.w[1] * b + bias > 0 for a, b in np.ndindex(2, 2)]
                assert (fires == [bool(table(a, b)) for a, b in np.ndindex(2, 2)]) == right


def test_the_pictures_need_three_units():
    """The worked net passes through the corners and is level outside; the slope changes at three places."""
    for name in CLASS:
        q = QUESTIONS["quiz_1.picture"](name).numbers
        units, offset = worked("quiz_1.picture")(q)
        f = lambda x, units=units, offset=offset: offset + sum(a * max(0, w * x + b) for w, b, a in units)  # noqa: E731
        (x0, y0), _, (x2, y2) = q.corners
        assert [f(x) for x, _ in q.corners] == [y for _, y in q.corners]
        assert (f(x0 - 9), f(x2 + 9)) == (y0, y2) and all(a for *_, a in units) and len(units) == 3


def test_no_line_separates_the_four_points():
    """So one unit cannot; a strip does, with two."""
    points, side = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]]), np.array([1, 1, -1, -1])
    constraints = -side[:, None] * np.column_stack([points, np.ones(4)])
    assert not linprog(np.zeros(3), A_ub=constraints, b_ub=-np.ones(4), bounds=(None, None)).success
    inside = (points.sum(axis=1) < 1).astype(int) + (points.sum(axis=1) > -1) > 1
    assert list(inside) == [False, False, True, True]


class Counted(float):
    """A number that counts what is done with it, and remembers the largest result."""

    operations, largest = 0, 0.0

    def _done(self, value):
        if value is NotImplemented:
            return value
        Counted.operations += 1
        Counted.largest = max(Counted.largest, abs(value))
        return Counted(value)


for operation in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "neg"):
    method = f"__{operation}__"
    setattr(Counted, method, lambda self, *other, m=method: self._done(getattr(float, m)(self, *other)))


def counted(value):
    if isinstance(value, (tuple, list)):
        return tuple(map(counted, value))
    return Counted(value) if isinstance(value, (int, float)) else value


def work(key, name):
    """(operations, largest number on the way) of the worked answer."""
    Counted.operations, Counted.largest = 0, 0.0
    numbers = vars(QUESTIONS[key](name).numbers)
    worked(key)(SimpleNamespace(**{letter: counted(value) for letter, value in numbers.items()}))
    return Counted.operations, Counted.largest


# The largest number that anybody meets on the way.
LARGEST = {
    "quiz_1.neuron": 26, "quiz_1.parameters": 240, "quiz_1.linear_net": 30, "quiz_1.relu_net": 60, "quiz_1.kinks": 12,
    "quiz_1.regions": 0, "quiz_2.gradient": 30, "quiz_2.two_weights": 40, "quiz_2.chain": 40, "quiz_2.rate": 100,
    "quiz_2.quadratic_form": 40, "quiz_2.least_squares": 40,
}  # fmt: skip


@pytest.mark.parametrize("key", COMPUTED)
def test_every_name_has_the_same_work(key):
    """As many operations for everyone, and no number beyond what the question allows."""
    found = [work(key, name) for name in CLASS]
    assert len({operations for operations, _ in found}) == 1
    assert max(largest for _, largest in found) <= LARGEST[key]


@pytest.mark.parametrize("key", [key for key in COMPUTED if key != "quiz_1.regions"])
def test_no_answer_is_zero_by_accident(key):
    """Of a ReLU unit one output is zero on purpose, and one never is."""
    for name in CLASS:
        answer = worked(key)(QUESTIONS[key](name).numbers)
        assert sum(value == 0 for value in answer) == (key == "quiz_1.neuron")


def test_no_unit_lies_at_its_kink():
    """A right answer never hangs on what ReLU is at 0."""
    for name in CLASS:
        one, net = QUESTIONS["quiz_1.neuron"](name).numbers, QUESTIONS["quiz_1.relu_net"](name).numbers
        sums = [one.w[0] * p[0] + one.w[1] * p[1] + one.b for p in (one.A, one.B)]
        sums += list(np.array(net.x) @ np.array(net.W) + net.b)
        for key in ("quiz_2.chain", "quiz_2.dead"):
            q = QUESTIONS[key](name).numbers
            sums.append(q.w * q.x + q.b)
        signs = [s > 0 for s in sums]
        assert 0 not in sums and signs[0] != signs[1] and sum(signs[2:5]) == 2 and signs[5:] == [True, False]


@pytest.mark.parametrize("key", KEYS)
def test_neighbours_have_other_answers(key):
    """Copying from the neighbour is right less often than one time in three, for a choice or a short number too."""
    answers = [tuple(test.answers.sheet(QUESTIONS[key](name)) for test in parts_of(key)) for name in CLASS[:300]]
    same = sum(left == right for left, right in zip(answers[:-1], answers[1:], strict=True))
    assert same < len(answers) / 3


class Written:
    """A student who wrote these lines."""

    def __init__(self, name, lines):
        exec(lines, {}, self.__dict__)
        self.student_name = name


def hints(key, name, line):
    """What the student is told of a line, by test; None where the points are earned."""
    found = {}
    for test in parts_of(key):
        try:
            told(test, Written(name, line))
            found[test] = None
        except (Verdictless, NotAnAnswer, AttributeError) as error:
            found[test] = str(error)
    return found


@pytest.mark.parametrize("key", KEYS)
def test_the_worked_answer_is_right_and_signed_for_every_name(key):
    """All parts pass, and the test tells the name that the numbers were drawn from."""
    for name in FEW:
        lines = "\n".join(dict.fromkeys(test.answers.solution(QUESTIONS[key](name)) for test in parts_of(key)))
        assert {told(test, Written(f" {name} ", lines)) for test in parts_of(key)} == {Signed(name)}


@pytest.mark.parametrize("key", KEYS)
def test_every_slip_is_told_by_its_reason(key):
    """For most names; where two slips lead to one number, either reason may be told, and the right answer is kept."""
    told = total = 0
    for name in FEW:
        asked = QUESTIONS[key](name)
        for first in {test.answers.solution(asked): test for test in parts_of(key)}.values():
            for reason, line in first.answers.wrong(asked).items():
                own = [test for test in parts_of(key) if test.answers.solution(asked) == first.answers.solution(asked)]
                found = hints(key, name, line)
                for test in own:
                    assert (found[test] is not None) == test.answers.lost(asked, reason)
                if any(test.answers.lost(asked, reason) for test in own):
                    total += 1
                    told += any(hint and reason in hint for hint in found.values())
    assert total and told / total > 0.8


@pytest.mark.parametrize("key", KEYS)
def test_another_name_s_answers_are_worth_little(key):
    """A whole answer copied from a neighbour rarely gets all its points."""
    full = 0
    for name, neighbour in zip(FEW[:-1], FEW[1:], strict=True):
        lines = "\n".join(test.answers.solution(QUESTIONS[key](neighbour)) for test in parts_of(key))
        full += not any(hints(key, name, lines).values())
    assert full <= len(FEW) / 3


def test_without_a_name_nothing_is_judged():
    """The student is told what is missing, whatever the answers are."""
    test = parts_of("quiz_1.parameters")[0]
    with pytest.raises(NotWritten, match="student_name is not written"):
        told(test, Written(None, "parameters = 1"))
    for name in ("", 3):
        with pytest.raises(Wrong, match="in quotes"):
            told(test, Written(name, "parameters = 1"))


def test_a_long_name_is_cut_for_the_report():
    """Whatever a student writes there."""
    name = "x" * 5000
    line = parts_of("quiz_1.parameters")[0].answers.solution(QUESTIONS["quiz_1.parameters"](name))
    assert len(told(parts_of("quiz_1.parameters")[0], Written(name, line)).name) == 80


READ_BACK = {
    "the answers, and no mark": ("Ada", "neuron = [3, '1/3'[0]]", "found a text"),
    "numbers": ("Ada", "neuron = [3, 1 / 4]", "read: 3; judged when graded"),
    "the second": ("Ada", "neuron = [3, 1 / 4]", "read: 0.25; judged when graded"),
    "in all": ("Ada", "neuron = [3, 1 / 4]", "neuron: no mark here, judged when graded"),
    "no answers": ("Ada", "neuron = [None, None]", "neuron: not written yet"),
    "no name": (None, "neuron = [3, 1 / 4]", "neuron: not written yet (student_name is missing)"),
    "an empty name": ("", "neuron = [3, 1 / 4]", "write your name in quotes"),
    "a letter": ("Ada", "formula = ' B'", "read: b; judged when graded"),
    "rows": ("Ada", "units = [[1, 2, 3]]; offset = 4", "read: [[[1, 2, 3]], 4]; judged when graded"),
}


@pytest.mark.parametrize("case", READ_BACK)
def test_the_notebook_says_what_was_read_and_judges_nothing(case):
    """Neither a right answer nor a wrong one has a mark."""
    name, line, said = READ_BACK[case]
    exercise = "picture" if "units" in line else line.split(" ")[0]
    names = vars(Written(name, line))
    checks = Checks(quiz_1_questions.__name__)
    checks.module = quiz_1_questions  # not the one in sys.modules, which goes when keys are read
    text = checks.report(exercise, names).text()
    assert said in text and "✓" not in text


@pytest.mark.parametrize("quiz", QUIZZES)
def test_where_quizzes_answer_at_once_they_say_what_grading_says(repo, quiz, tmp_path, monkeypatch):
    """Right answers and slips, for names that are in the file; the picture has many right nets, and waits.

    A bias that is wrong is told no reason at home: it may be right anywhere in an interval.
    """
    keys, names, file = keys_of(repo, WEEK, quiz), ("Ada Lovelace", "李 明"), tmp_path / "answers.json"
    file.write_text(personal_answers.written_answers({name: personal.right_answers(keys, name) for name in names}))
    monkeypatch.setattr(personal_answers, "answers_path", lambda questions: file)
    assert "Lovelace" not in file.read_text()
    waiting = set()
    for key in keys:
        for name in (*names, "a stranger"):
            question = key.asked.of(name)
            verdicts = {}
            for reason, line in {"": key.answers.solution(question), **key.answers.wrong(question)}.items():
                verdicts[reason] = key.asked.at_once(plain(key.asked.function(Written(name, line))))
            if name == "a stranger" or not key.answers.right:
                waiting |= {key.asked.of.__name__} if name != "a stranger" else set()
                assert set(verdicts.values()) == {None}
                continue
            assert verdicts.pop("").ok
            for reason, verdict in verdicts.items():
                assert verdict.ok != key.answers.lost(question, reason) and verdict.code != "rounding"
                assert verdict.ok or reason in verdict.text() or key.asked.of.key == "quiz_1.gate"
    assert waiting == ({"picture"} if quiz == "quiz_1" else set())


def test_in_the_notebook_a_personal_answer_can_have_its_mark(repo, tmp_path, monkeypatch):
    """However the name is typed."""
    keys, file = keys_of(repo, WEEK, "quiz_1"), tmp_path / "answers.json"
    file.write_text(personal_answers.written_answers({"Ada": personal.right_answers(keys, "Ada")}))
    monkeypatch.setattr(personal_answers, "answers_path", lambda questions: file)
    checks = Checks(quiz_1_questions.__name__)
    checks.module = quiz_1_questions
    line = parts_of("quiz_1.neuron")[0].answers.solution(QUESTIONS["quiz_1.neuron"]("Ada"))
    right, wrong = (checks.report("neuron", vars(Written(" ADA", one))).text() for one in (line, "neuron = [0.1, 0.2]"))
    assert right.count("✓") == 2 and wrong.count("✗") == 2 and "another number is expected" in wrong


@pytest.mark.parametrize("quiz", QUIZZES)
def test_every_question_is_on_the_answer_sheet(repo, quiz):
    """One text for every blank of the paper version."""
    sheet = answer_sheet(keys_of(repo, WEEK, quiz), "Ada Lovelace")
    blanks = {key: len(QUESTIONS[key]("Ada Lovelace").blanks) for key in KEYS if key.startswith(quiz)}
    assert {f"{quiz}.{name}": len(texts) for name, texts in sheet.items()} == blanks


@pytest.mark.parametrize("quiz", QUIZZES)
def test_the_notebook_asks_its_questions_once_and_in_order(repo, quiz):
    """Every question of the module stands above its answer."""
    source = "\n".join(cell.source for cell in load_notebook(repo, WEEK, quiz).released.cells)
    assert [f"{quiz}.{name}" for name in re.findall(r"personal\.ask\(questions\.(\w+), student_name\)", source)] == [
        key for key in KEYS if key.startswith(quiz)
    ]
