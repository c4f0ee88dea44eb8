"""What a notebook imports: checks of results and gradients, the diagnosis of a wrong one, data, plots.

    from grader import checks
    with checks.exercise("relu") as check:
        check.equal("forward", ReLU().forward(X), expected)

The import is light: numpy only. Matplotlib, scikit-learn, tqdm and IPython are imported by the functions that use them.
"""

from grader.checks.data import Digits, digits, mnist
from grader.checks.derivatives.differentials import DifferentialCheck, check_differential
from grader.checks.derivatives.numerical import numerical_gradient, numerical_jacobian
from grader.checks.derivatives.own import derivation
from grader.checks.diagnosis.diagnose import Verdict, diagnose
from grader.checks.exercise.exercise import Exercise, exercise, when_written
from grader.checks.figures.style import LiveCurves, progress, show_mistakes, use_style

__all__ = [
    "DifferentialCheck",
    "Digits",
    "Exercise",
    "LiveCurves",
    "Verdict",
    "check_differential",
    "derivation",
    "diagnose",
    "digits",
    "exercise",
    "mnist",
    "numerical_gradient",
    "numerical_jacobian",
    "progress",
    "show_mistakes",
    "use_style",
    "when_written",
]
