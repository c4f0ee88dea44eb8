"""A course of one tiny notebook, to test the judge without the real ones."""

import nbformat

WEEK, NAME = "weekX", "toy"
STUB = 'def double(x):\n    raise NotImplementedError("double")'
RIGHT = "def double(x):\n    return 2 * x"
QUESTIONS = '''
from grader.checks.questions import question, unchanged

@question("test_double", points=1)
def doubles_numbers(student, x):
    """doubles every entry"""
    return student.double(x)

@question("test_double", points=0.5)
def leaves_its_argument_alone(student, x):
    """does not change its argument"""
    return [student.double(x), x]

@leaves_its_argument_alone.relation
def _(answer, case):
    return unchanged("x", answer[1], case.x)

@question("test_triple", points=1)
def triples(student, x):
    """triples a number"""
    return student.triple(x)
'''
KEYS = """
import numpy as np
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from weekX import toy_questions as asked

def numbers(rng):
    return Case(x=rng.normal(size=(3, 2)))

@key(asked.doubles_numbers)
class _:
    draw = numbers

    def right(case):
        return Right(2 * case.x, "double(x)", mistakes={"squares in place of doubling": case.x**2})

@key(asked.leaves_its_argument_alone)
class _:
    draw = numbers

    def right(case):
        return [Right(2 * case.x, "double(x)", also=[case.x**2]), None]

@key(asked.triples)
class _:
    def draw(rng):
        return Case(x=2.0)

    def right(case):
        return Right(6.0, "triple(x)")
"""
MISTAKES = """
from grader.judge.authoring.mistakes import planted
MISTAKES = [
    planted("double", "squares", "squares", 1, "squares in place", ("2 * x", "x**2")),
]
"""


def nbgrader(grade_id, *, points=None, solution=False, locked=True):
    data = {"grade": points is not None, "grade_id": grade_id, "locked": locked, "schema_version": 3}
    return {**data, "solution": solution, "task": False, **({} if points is None else {"points": points})}


def code(source, cell_id, tags=(), **kwargs):
    metadata = {"nbgrader": nbgrader(cell_id, **kwargs)} if kwargs else {}
    return nbformat.v4.new_code_cell(
        source, id=cell_id, metadata={**metadata, **({"tags": list(tags)} if tags else {})}
    )


def notebook():
    nb = nbformat.v4.new_notebook()
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nb.cells = [
        nbformat.v4.new_markdown_cell("# Toy", id="title"),
        code("import numpy as np", "setup", locked=True),
        code(STUB, "double", solution=True, locked=False),
        code("1", "test_double", points=1.5),
        code("import time; time.sleep(60)", "demo", tags=["skip-grading"]),
        code('def triple(x):\n    raise NotImplementedError("triple")', "triple", solution=True, locked=False),
        code("1", "test_triple", points=1),
    ]
    return nb


def write_course(folder):
    """Write the toy course and return its root, as ``--repo`` takes it."""
    (folder / "weekX").mkdir(parents=True)
    nbformat.write(notebook(), folder / "weekX" / "toy.ipynb")
    solutions = folder / "solutions" / "weekX" / "toy"
    solutions.mkdir(parents=True)
    for place in (folder / "solutions", solutions.parent, solutions):
        (place / "__init__.py").write_text("")
    (folder / "weekX" / "__init__.py").write_text("")
    (folder / "weekX" / "toy_questions.py").write_text(QUESTIONS)
    (solutions / "keys.py").write_text(KEYS)
    (solutions / "mistakes.py").write_text(MISTAKES)
    (solutions / "reference.py").write_text(f"# %% double\n{RIGHT}\n\n# %% triple\ndef triple(x):\n    return 3 * x\n")
    return folder
