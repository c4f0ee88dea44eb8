"""Every argument and every default of every graded function matters: without it, some question fails.

In the reference each default is changed, each parameter is replaced by a usual value, and each two parameters are
exchanged, one at a time. Functions are those that the released cell declares and that have questions of their own.
"""

import ast
from itertools import combinations

import numpy as np
import pytest

from grader.judge.grading.spec import reference_cells
from tests import mirror
from tests.notebooks.found import REPO
from tools.solved import released

USUAL = "usual_value_of"  # the name under which the changed functions find `usual`
# What nobody can notice, or need not: (notebook, change) and why.
SYMMETRIC = "the formula is symmetric in both"
ONLY_SHAPE = "only the shape of this argument counts"
EXCEPTIONS = {
    ("week01_backprop/gradient_lab", "relative_error: a and b exchanged"): SYMMETRIC,
    ("week01_backprop/classification", "lr_at: epoch and decay exchanged"): SYMMETRIC,
    ("week01_backprop/regression", "lr_at: epoch and decay exchanged"): SYMMETRIC,
    ("week02_matrix_diff/layers", "MSECriterion.forward: x and target exchanged"): SYMMETRIC,
    ("week02_matrix_diff/layers", f"NLLCriterion.backward: x = {USUAL}(x, 0)"): ONLY_SHAPE,
    ("week02_matrix_diff/layers", f"NLLCriterion.backward: x = {USUAL}(x, 1)"): ONLY_SHAPE,
    ("week02_matrix_diff/matrix_diff", "d_chain: J_f and grad_g exchanged"): "J'g is g'J where g is a vector",
    ("week02_matrix_diff/matrix_diff", f"d_trace: X = {USUAL}(X, 0)"): ONLY_SHAPE,
    ("week02_matrix_diff/matrix_diff", f"d_trace: X = {USUAL}(X, 1)"): ONLY_SHAPE,
    ("week02_matrix_diff/matrix_diff", f"ridge_hessian: w = {USUAL}(w, 0)"): ONLY_SHAPE,
    ("week02_matrix_diff/matrix_diff", f"ridge_hessian: w = {USUAL}(w, 1)"): ONLY_SHAPE,
    ("week03_adaptive_sgd/adaptive_sgd", "sgd_step: grad and lr exchanged"): SYMMETRIC,
    ("week03_adaptive_sgd/adaptive_sgd", "momentum_step: grad and lr exchanged"): SYMMETRIC,
    ("week03_adaptive_sgd/adaptive_sgd", "momentum_step: velocity and mu exchanged"): SYMMETRIC,
    ("week03_adaptive_sgd/adaptive_sgd", "nesterov_step: velocity and mu exchanged"): SYMMETRIC,
    ("week03_adaptive_sgd/optimization", "gd_rate: eta and curvatures exchanged"): SYMMETRIC,
}


def usual(value, number):
    """What somebody may have had in mind who forgets an argument: a value like it, the first or the second choice."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, np.integer)):
        return (1, 2)[number]
    if isinstance(value, (float, np.floating)):
        return (0.1, 1.0)[number]
    if isinstance(value, np.ndarray):
        constant = (0, 1) if value.dtype.kind in "iu" else (0.5, 1.0)
        return np.full_like(value, constant[number])
    if isinstance(value, (list, tuple)):
        return value[:1] if number else type(value)(usual(item, 0) for item in value)
    return None


def other_defaults(node):
    """The texts of other values that this default might have."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, str) or node.value is None:
        return []
    value = node.value
    if isinstance(value, bool):
        return [str(not value)]
    others = [2 * value, value + 1, 0] if isinstance(value, int) else [2 * value, value / 2, value + 0.5, 0.0]
    return list(dict.fromkeys(repr(other) for other in others if other != value))


def changes(source, names):
    """(what is changed, the changed source) for the functions, and classes' methods, of these names."""
    for place, (label, function) in enumerate(_functions(ast.parse(source), names)):
        named = [*function.args.posonlyargs, *function.args.args]
        own = [one.arg for one in named if one.arg != "self"]
        read = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
        for number, default in enumerate([*function.args.defaults, *function.args.kw_defaults]):
            parameter = [*named[len(named) - len(function.args.defaults) :], *function.args.kwonlyargs][number].arg
            for text in other_defaults(default):
                change = f"{label}: {parameter} = {text} by default"
                yield change, _changed(source, names, place, _default(number, text))
        varied = [one.arg for one in (function.args.vararg, function.args.kwarg) if one]
        for parameter in [*own, *(one.arg for one in function.args.kwonlyargs), *varied]:
            given = dict(zip([one.arg for one in named[::-1]], function.args.defaults[::-1], strict=False))
            fixed = [f"{parameter} = {USUAL}({parameter}, {number})" for number in (0, 1)]
            if parameter in given:
                fixed.append(f"{parameter} = {ast.unparse(given[parameter])}")
            for line in fixed if parameter in read else []:
                yield f"{label}: {line}", _changed(source, names, place, _first(line))
        for one, other in combinations(own, 2):
            if not {one, other} & read:
                continue
            yield f"{label}: {one} and {other} exchanged", _changed(source, names, place, _exchange(one, other))


def _functions(tree, names):
    for node in tree.body:
        if getattr(node, "name", None) not in names:
            continue
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and (method.name == "__init__" or method.name[0] != "_"):
                    yield f"{node.name}.{method.name}", method


def _changed(source, names, place, change):
    tree = ast.parse(source)
    change([function for _, function in _functions(tree, names)][place])
    return ast.unparse(ast.fix_missing_locations(tree))


def _default(number, text):
    def change(function):
        new = ast.parse(text, mode="eval").body
        many = len(function.args.defaults)
        where, index = (function.args.defaults, number) if number < many else (function.args.kw_defaults, number - many)
        where[index] = new

    return change


def _first(line):
    return lambda function: function.body.insert(0, ast.parse(line).body[0])


def _exchange(one, other):
    def change(function):
        for argument in [*function.args.posonlyargs, *function.args.args]:
            argument.arg = {one: other, other: one}.get(argument.arg, argument.arg)

    return change


def unnoticed(week, name, keys=None):
    """The changes of a notebook's functions that no question notices, of those of these keys."""
    reference = reference_cells(REPO, week, name)
    keys = mirror.keys(week, name) if keys is None else keys
    cells = {key.asked.cell for key in keys}
    found = []
    for cell in released(week, name).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id not in reference or f"test_{grade_id}" not in cells:
            continue
        declared = {node.name for node in ast.parse(cell.source).body if hasattr(node, "name")}
        for label, source in changes(reference[grade_id], declared):
            text = {grade_id: f"from {__name__} import usual as {USUAL}\n{source}"}
            if not any(notices(week, name, text, keys, asked) for asked in ({f"test_{grade_id}"}, cells)):
                found.append(label)
    return found


def notices(week, name, cells, keys, asked):
    """Does a question of these test cells fail?"""
    names = mirror.namespace(week, name, cells, asked)
    return not all(mirror.graded(key, names, 0) for key in keys if key.asked.cell in asked)


@pytest.mark.long
@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_every_argument_and_every_default_is_noticed(week, name):
    """What is excepted is excepted for a reason, and no longer than needed."""
    excepted = {change for notebook, change in EXCEPTIONS if notebook == f"{week}/{name}"}
    assert set(unnoticed(week, name)) == excepted


def test_what_no_question_asks_for_is_found():
    """With the question about the slope of ELU alone, alpha by position, its default is nobody's."""
    alone = [key for key in mirror.keys("week02_matrix_diff", "layers") if key.asked.name == "elu_backward"]
    found = unnoticed("week02_matrix_diff", "layers", alone)
    assert "ELU.__init__: alpha = 2.0 by default" in found and "ELU.forward: x = usual_value_of(x, 0)" in found
    assert "ELU.__init__: alpha = 1.0" not in found and "ELU.backward: x and grad_output exchanged" not in found


def test_what_is_changed():
    """Each default, each parameter that is read, each two parameters; functions that are declared, and no others."""
    source = "def f(a, *, eps=1e-8):\n    return a + eps\n\ndef helper(b, c=1):\n    return b\n"
    assert [label for label, _ in changes(source, {"f"})] == [
        *(f"f: eps = {value} by default" for value in ("2e-08", "5e-09", "0.50000001", "0.0")),
        *(f"f: a = usual_value_of(a, {number})" for number in (0, 1)),
        *(f"f: eps = usual_value_of(eps, {number})" for number in (0, 1)),
    ]
    by_default, *_ = (changed for _, changed in changes(source, {"f"}))
    assert "eps=2e-08" in by_default and "c=1" in by_default
