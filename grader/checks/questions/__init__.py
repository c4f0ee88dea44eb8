"""The public half of a test: what is asked, in which form an answer comes, and how answer and numbers are compared.

    from grader.checks.questions import array, question

    @question("test_dense", points=0.2)
    def dense_adds_its_biases(student, X, W, b):
        \"\"\"Dense.forward adds the biases to every row.\"\"\"
        return dense(student, W, b).forward(X)

A question is ordinary Python: `student` gives the names of the notebook, the other parameters are the fields of the
case, and what it returns leaves as plain data. It holds no formula of the exercise. The right numbers come from its
key, which is secret, or, in the notebook, from the record of one case.
"""

from grader.checks.probes.fields import Roles
from grader.checks.questions.checking import checks_of
from grader.checks.questions.forms import array, items, number, pairs, truth
from grader.checks.questions.names import Names
from grader.checks.questions.question import Question, lent, question, through
from grader.checks.questions.relations import same, unchanged
from grader.checks.questions.right import Right

__all__ = [
    "Names",
    "Question",
    "Right",
    "Roles",
    "array",
    "checks_of",
    "items",
    "lent",
    "number",
    "pairs",
    "question",
    "same",
    "through",
    "truth",
    "unchanged",
]
