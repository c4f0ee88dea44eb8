"""A course of one tiny notebook, to test the judge without the real ones."""

import nbformat

WEEK, NAME = "weekX", "toy"
STUB = 'def double(x):\n    raise NotImplementedError("double")'
RIGHT = "def double(x):\n    return 2 * x"
TESTS = '''
import numpy as np
from grader.judge import expect, expect_unchanged, hidden_test

@hidden_test("test_double", points=1)
def doubles_numbers(student, rng):
    """doubles every entry"""
    x = rng.normal(size=(3, 2))
    expect(student.double(x), 2 * x, what="double(x)", mistakes={"squares in place of doubling": x**2})

@hidden_test("test_double", points=0.5)
def leaves_its_argument_alone(student, rng):
    """does not change its argument"""
    x = rng.normal(size=3)
    held = student.put(x)
    student.double(held)
    expect_unchanged(held, x, what="x")

@hidden_test("test_triple", points=1)
def triples(student, rng):
    """triples a number"""
    expect(student.triple(2.0), 6.0, what="triple(2)")
'''
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
    (solutions / "hidden_tests.py").write_text(TESTS)
    (solutions / "mistakes.py").write_text(MISTAKES)
    (solutions / "reference.py").write_text(f"# %% double\n{RIGHT}\n\n# %% triple\ndef triple(x):\n    return 3 * x\n")
    return folder
