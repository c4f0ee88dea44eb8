"""Derivations, line by line: right ones, wrong ones, hostile ones, and random edits of right lines."""

import random
import time
import warnings

import numpy as np
import pytest

from grader import checks
from grader.checks.derivatives import derivation
from grader.checks.derivatives.derivation import Function, agrees, judge
from grader.checks.derivatives.explain import derived, explain
from grader.checks.derivatives.language import Refused, parse, statements, written
from grader.checks.derivatives.values import Evaluator
from tests.checks.derivatives import oracle
from tests.checks.derivatives.right_derivations import right_derivations
from tests.checks.derivatives.wrong_derivations import wrong_derivations
from week02_matrix_diff.derivations import FUNCTIONS

QUADRATIC = FUNCTIONS["quadratic"]


def fault(text, function=QUADRATIC, seed=0):
    found = judge(text, function, seed)
    return found.fault.code if found.fault else ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_derivations_are_right(name):
    """In every way of writing, and for other draws."""
    texts = [text for exercise, text in right_derivations() if exercise == name]
    assert len(texts) >= 3
    for seed, text in enumerate(texts):
        found = judge(text, FUNCTIONS[name], seed)
        assert found.right and found.half, f"{found.fault}\n{text}"


STYLES = {
    "without spaces": lambda text: text.replace(" @ ", "@").replace(" * ", "*"),
    "numpy": lambda text: (
        text.replace("tr(", "np.trace(").replace("inv(", "np.linalg.inv(").replace("np.linalg.np", "np")
    ),
    "comments": lambda text: "# my own\n" + text.replace("\n", "  # so\n\n"),
    "indented": lambda text: "\n".join(f"    {line}" for line in text.split("\n")) + "\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_how_it_is_typed_makes_no_difference(style):
    """Spaces, comments, empty lines, np."""
    for name, text in right_derivations()[::6]:
        if style == "numpy" and "np." in text:
            continue
        found = judge(STYLES[style](text), FUNCTIONS[name])
        assert found.right, f"{found.fault}\n{STYLES[style](text)}"


def test_wrong_derivations_are_wrong_each_with_its_sentence():
    """Its code and words; and nine of ten wrong lines are told more than that they are not equal."""
    rows, bare, unequal = wrong_derivations(), [], 0
    for name, text, code, words in rows:
        found = derived(text, FUNCTIONS[name])
        assert (found.fault.code if found.fault else "") == code, text
        assert words in str(found.fault), f"{words}: {found.fault}\n{text}"
        unequal += code == "unequal"
        bare += [text] if code == "unequal" and ";" not in str(found.fault) else []
    assert unequal >= 80 and len(bare) < 0.1 * unequal, bare
    assert len(rows) + len(right_derivations()) + len(STYLES) * len(right_derivations()[::6]) > 250


def test_rules_stand_between_the_lines():
    """Of each right line, by the line before it."""
    text = "q = x.T @ A @ x\nd(log(q))\n= dq / q\n= (dx.T @ A @ x + x.T @ A @ dx) / q\n= <(A @ x + A.T @ x) / q, dx>"
    found = derived(text, FUNCTIONS["log_quadratic"])
    assert [line.rule for line in found.answer] == ["", "chain rule", "product rule", "canonical form"]
    found = derived("d(inv(X))\n= -inv(X) @ dX @ inv(X)", FUNCTIONS["inverse"])
    assert found.answer[1].rule == "inverse"
    found = derived(
        "d(inv(X))\n= d(inv(X)@X@inv(X))\n= d(inv(X))@X@inv(X) + inv(X)@dX@inv(X) + d(inv(X))", found.function
    )
    assert found.answer[2].rule == "product rule"
    text = "r = y - X@w\nd(norm(r)**2 + lam*norm(w)**2)\n= d(norm(r)**2) + lam*d(norm(w)**2)\n= 2*r.T@dr + 2*lam*w.T@dw"
    assert [line.rule for line in derived(text, FUNCTIONS["ridge"]).answer[1:]] == ["sum, term by term", "chain rule"]
    text = "d(tr(A @ x @ x.T))\n= tr(A @ d(x @ x.T))\n= tr(A @ dx @ x.T + A @ x @ dx.T)"
    assert [line.rule for line in derived(text, QUADRATIC).answer[1:]] == ["constant factors", "product rule"]


def test_a_function_of_one_s_own_is_checked():
    """`checks.derivation`, with sizes in words; what it shows is text, and a table of formulas."""
    right = "s = exp(A @ x)\nd(sum(s))\n= sum(ds)\n= sum(s * (A @ dx))\n= <A.T @ s, dx>"
    shown = checks.derivation(right, "sum(exp(A @ x))", wrt="x", A="m n", x="n")
    assert shown.right and "✗" not in repr(shown) and r"\odot" in shown.markdown()
    wrong = checks.derivation(right.replace("A.T @ s", "A @ s"), "sum(exp(A @ x))", wrt="x", A="m n", x="n")
    assert not wrong.right and "`A` is 5x2, `s` is 5x1" in repr(wrong)
    with pytest.raises(ValueError, match="ends in <G, dX>"):
        checks.derivation(right, "exp(A @ x)", wrt="x", A="m n", x="n")
    with pytest.raises(ValueError, match="no letter"):
        checks.derivation(right, "exp(A @ x)", wrt="x", d="m n", x="n")


@pytest.mark.parametrize(
    "text, half",
    [
        ("d(x.T @ A @ x)\n= dx.T @ A @ x + x.T @ A @ dx", True),
        ("d(x.T @ A @ x)\n= dx.T @ A @ x + x.T @ A @ dx\n= <2 * A @ x, dx>", True),
        ("x.T @ A @ x\n= dx.T @ A @ x + x.T @ A @ dx", True),
        ("d(x.T @ A @ x)\n= <(A + A.T) @ x, dx>", False),
        ("d(x.T @ A @ x)\n= d(x).T @ A @ x + x.T @ A @ dx", True),
        ("d(x.T @ A @ x)\n= d(x.T) @ A @ x + x.T @ A @ dx", False),
        ("d(x.T @ A @ x)\n= x.T @ A @ dx", False),
        ("", False),
    ],
)
def test_a_right_line_that_shows_the_rule_earns_half(text, half):
    """If a right line has no d( ) left."""
    found = judge(text, QUADRATIC)
    assert (found.half, found.right) == (half, False)


@pytest.mark.parametrize(
    "old, new, lacks, words",
    [
        (" - 2 * X.T @ r, dw", " + 2 * X.T @ r, dw", "no right line has dw without a d( ) left", "not equal to line 4"),
        ("= 2 * r.T @ dr", "= r.T @ dr", "line 3: it is not equal to line 2", "differential of the function"),
        ("= 2 * r.T @ dr", "= 2 * norm(dr)", "line 3: a differential inside", "differential of the function"),
    ],
)
def test_each_half_has_its_own_reason(old, new, lacks, words):
    """And a line after one that is not right is compared with the function."""
    text = "r = y - X @ w\nd(r.T @ r + lam * w.T @ w)\n= 2 * r.T @ dr + 2 * lam * w.T @ dw"
    text += "\n= 2 * r.T @ dr + lam * dw.T @ w + lam * w.T @ dw\n= <2 * lam * w - 2 * X.T @ r, dw>"
    text = text.replace(old, new)
    found = judge(text, FUNCTIONS["ridge"])
    assert not found.half and str(found.lacks).startswith(lacks)
    if words != "not equal to line 4":
        text = text.replace("- 2 * X.T @ r, dw", "+ 2 * X.T @ r, dw")
    assert words in str(derived(text, FUNCTIONS["ridge"]).lines[4].fault)


def test_a_minus_is_seen_at_even_sizes():
    """det(-X) = det(X) there."""
    function = Function("det(X)", {"X": "n n"}, ("X",))
    assert fault("d(det(-X))\n= <det(X) * inv(X).T, dX>", function) == "other_function"
    assert fault("d(det(X))\n= <det(X) * inv(X).T, dX>", function) == ""


@pytest.mark.parametrize(
    "text, code",
    [
        ("a @ x @ dx", "readings"),
        ("d(dx.T @ x)", "twice"),
        ("exp(dx)", "inside"),
        ("x.T @ A @ dx ** 2", "twice"),
        ("A @ x", "degree"),
        ("<A @ dx, x>", ""),
    ],
)
def test_what_is_refused_has_its_sentence(text, code):
    """A product of two readings, differentials in wrong places."""
    function = Function("x.T @ A @ x", {"x": "n", "a": "n", "A": "n n"}, ("x",))
    line = judge(f"d(x.T @ A @ x)\n= {text}", function).lines[1]
    assert line.fault and line.fault.code == (code or "unequal")


OPEN = "a bracket that is opened here is not closed"
REFUSED_FIRST = "line 2: a differential inside"
UNEXPLAINED = [
    ("logdet", "D = det(X\nd(log(D))\n= dD / D\n= tr(inv(X) @ dX)\n= <inv(X).T, dX>", f"line 1: {OPEN}"),
    ("two_layer", "H = tanh(X @ W1\nZ = H @ W2\nd(sum(Y * Z))\n= sum(Y * dZ)", f"line 1: {OPEN}"),
    ("ridge", "r = (y - X @ w\nd(r.T @ r + lam * w.T @ w)\n= 2 * r.T @ dr + 2 * lam * w.T @ dw", f"line 1: {OPEN}"),
    ("factorization_A", "R = X - A @\nd(norm(R)**2)\n= 2 * <R, dR>", "line 1: `R` stands in what it names"),
    (
        "trace_axbinv",
        "d(tr(A @ X @ B @ inv(X)))\n= tr(A@dX@B@inv(X)) + tr(A@X@B@inv(dX))\n= <(B@inv(X)@A).T, dX>",
        REFUSED_FIRST,
    ),
    (
        "trace_axbinv",
        "d(tr(A @ X @ B @ inv(X)))\n= tr(A @ dX @ B @ inv(X) @ dX)\n= <(B@inv(X)@A).T, dX>",
        "line 2: two differentials",
    ),
    (
        "det_sandwich",
        "M = X.T@A@X\nd(det(M))\n= det(dM)\n= det(dX.T@A@X + X.T@A@dX)\n= <det(M) * A @ X, dX>",
        "line 3: a differential inside",
    ),
]


@pytest.mark.parametrize("name, text, words", UNEXPLAINED)
def test_a_line_that_cannot_be_read_leaves_the_others_judged(name, text, words):
    """A part without its name; a refused line before a wrong one."""
    found = judge(text, FUNCTIONS[name], 7)
    explain(found)
    assert str(found.fault).startswith(words) and not found.right


def test_whatever_fails_in_judging_is_a_sentence(monkeypatch):
    """Not an exception, in judging or in finding words."""
    text = "d(x.T @ A @ x)\n= <2 * A @ x, dx>"
    monkeypatch.setattr(derivation._Judge, "judge", lambda self: 1 / 0)
    found = derived(text, QUADRATIC, 8)
    assert found.fault and found.fault.code == "unjudged" and not found.half
    monkeypatch.undo()
    monkeypatch.setattr("grader.checks.derivatives.explain.explained", lambda *rest: 1 / 0)
    found = derived(text, QUADRATIC, 9)
    assert str(found.fault) == "line 2: it is not equal to line 1"


HOSTILE = [
    "(" * 5000,
    "((" * 19 + "x" + "))" * 19,
    "-" * 5000 + "x",
    "d(" * 1500 + "x" + ")" * 1500,
    "x" + ".T" * 2900,
    "x" + "**2" * 1900,
    " @ ".join(["A"] * 1400),
    " + ".join(["dx"] * 1100),
    "d(x.T @ A @ x)\n" + "= x.T @ A @ dx + dx.T @ A @ x\n" * 4000,
    "\n".join(f"p{i} = {'@'.join(['A'] * 120)}" for i in range(12)),
    "p0 = A\n" + "\n".join(f"p{i + 1} = p{i} @ p{i} @ p{i}" for i in range(30)) + "\nd(p30)",
    "p0 = x\n" + "\n".join(f"p{i + 1} = exp(p{i})" for i in range(30)) + "\nd(p30)",
    "d(x.T @ A @ x)\n" + ("= (" + " + ".join(["dx"] * 24) + ")" + " * 1" * 90 + "\n") * 12,
    "__import__('os').system('touch /tmp/no')",
    "x.__class__",
    "9" * 5900,
    "x ** 9999999999",
    "10000 ** 4 ** 4 ** 4",
    "\x00",
    "\ud800",
    "=" * 3000,
    "<" * 3000,
    "lambda: 0",
    "x if x else x",
    "d(x.T @ A @ x)\n= 1 is 1",
    "'\\d'",
    "sum(x, axis=7)",
    "²",
    "d(x.T @ A @ x) = " * 300,
    "r = r\nr = r\ndr = dr",
    "x" * 5900,
]


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_hostile_texts_are_refused_in_time(place, capfd):
    """And nothing is printed, or executed."""
    started = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = derived(HOSTILE[place], QUADRATIC)
    assert not found.right and found.fault
    assert time.process_time() - started < 4
    assert capfd.readouterr() == ("", "")


def test_a_text_decides_about_its_points():
    """What fits the numbers of one text does not fit those of another."""
    a, b = (judge(text, QUADRATIC, 1).points[0].letters["A"] for text in ("d(x)", "d(x) "))
    assert not np.allclose(a, b)


KINDS = [["+", "-"], ["@", "*", "/"], ["2", "3", "0.5", "1"], ["inv", "det", "tr", "sum", "tanh", "d"]]


def edited(text, known, rng):
    """One or two small edits: a sign, a factor, a transpose, an order; or any token deleted or doubled."""
    tokens = [token.text for statement in statements(text) for part in statement.parts for token in part.tokens]
    names = [*known, *(f"d{name}" for name in known)]
    for _ in range(rng.choice([1, 1, 1, 2])):
        if not tokens:  # the line was a single one
            return text
        place = rng.randrange(len(tokens))
        token, kind = tokens[place], rng.randrange(8)
        alike = next((one for one in [*KINDS, names] if token in one), None)
        if kind <= 2 and alike:
            tokens[place] = rng.choice(alike)
        elif kind == 3 and (token in names or token == ")"):
            tokens[place] = f"{token}.T"
        elif kind == 4 and token in names:
            tokens[place] = f"(-{token})"
        elif kind == 5 and token in ("@", "*") and place + 1 < len(tokens):
            del tokens[place : place + 2]
        elif kind == 6:
            of_its_kind = [other for other, one in enumerate(tokens) if one in (alike or ())] or [place]
            other = rng.choice(of_its_kind)
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif kind == 7 and rng.random() < 0.5:
            tokens[place : place + 1] = rng.choice([[], [token, token], [rng.choice(names)]])
    return " ".join(tokens).replace(" .T", ".T").replace(" . T", ".T")


def edits_are_judged_as_by_the_oracle(count, seed):
    """How many could be compared; those of them that are equal."""
    rng, compared, same = random.Random(seed), 0, 0
    bases = []
    for name, text in right_derivations():
        found = judge(text, FUNCTIONS[name])
        if "I" not in text:
            named = [(part, written(node)) for part, node in found.names.items()]
            truth = derivation._Judge(found).slopes
            bases += [(found, truth, line, named) for line in found.answer if line.node]
    for _ in range(count):
        found, truth, line, named = rng.choice(bases)
        known = {*found.function.letters, *found.names}
        text = edited(line.text, sorted(known), rng)
        try:
            parts = statements(text)[0].parts
            node = parse(parts[0], known)
        except (Refused, IndexError):
            continue
        if len(parts) > 1 or node.holds("I"):
            continue
        evaluators = [Evaluator(point, found.names) for point in found.points]
        mine = agrees(node, evaluators, truth)
        theirs = []
        for point, wanted in zip(found.points, truth, strict=True):
            try:
                with np.errstate(all="ignore"):
                    value = oracle.value(written(node), point.letters, point.directions, named)
            except Exception:
                theirs.append(False)
                continue
            theirs.append(value.shape == wanted.shape and np.allclose(value, wanted, rtol=1e-6, atol=1e-9))
            if not theirs[-1]:
                break
        compared, same = compared + 1, same + all(theirs)
        if mine:
            assert all(theirs), f"{found.function.text}: {text} is not equal"
        elif all(theirs):
            # What no value tells: a differential in a wrong place, or a product of two readings.
            with pytest.raises(Refused):
                derivation.degree(node)
                for evaluator in evaluators:
                    evaluator.terms(node)
    return compared, same


def test_random_edits_of_right_lines_are_judged_as_by_an_oracle():
    """A few; all of them with the long tests."""
    compared, same = edits_are_judged_as_by_the_oracle(300, 1)
    assert compared > 150 and same > 15


@pytest.mark.long
def test_twenty_thousand_edits_of_right_lines():
    """No crash, and no verdict that differs from that of the oracle."""
    compared, same = edits_are_judged_as_by_the_oracle(20_000, 2)
    assert compared > 10_000 and same > 1_000
