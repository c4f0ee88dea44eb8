"""A small released notebook, its solution, and ways in which a notebook comes back changed."""

import json
from copy import deepcopy

import nbformat
from nbformat import v4
from nbgrader.nbgraderformat import MetadataValidator

from grader.judge.repair.names import defined_names

CODE = {
    "given_layer": "import numpy as np\n\n\nclass Layer:\n    pass",
    "relu": 'class ReLU(Layer):\n    def forward(self, input):\n        raise NotImplementedError("relu")',
    "test_relu": 'with checks.exercise("relu") as check:\n    check.that("keeps the positive", ReLU().forward(1) == 1)',
    "relu_figure": "import time\n\nfor layer in range(3):\n    time.sleep(1)\n    print(layer)\nslow = 1",
    "forward": 'def forward(network, X):\n    raise NotImplementedError("forward")',
    "test_forward": 'with checks.exercise("forward") as check:\n    check.that("gives a list", forward([], 1) == [])',
    "given_data": "X, y = np.zeros((2, 3)), np.zeros(2)",
    "forward_again": 'def forward(network, X):\n    raise NotImplementedError("forward_again")',
    "test_forward_again": 'with checks.exercise("forward_again") as check:\n    check.that("any", forward([], 2))',
    "bonus": "class Tanh:\n    ...\n\n\nclass Sigmoid:\n    ...\n\n\nrate = None",
    "test_bonus": 'with checks.exercise("bonus") as check:\n    check.that("all are there", Tanh and Sigmoid and rate)',
}
SOLVED = {
    "relu": "class ReLU(Layer):\n    def forward(self, input):\n        return max(0, input)",
    "forward": "def forward(network, X):\n    return [layer.forward(X) for layer in network]",
    "forward_again": "def forward(network, X):\n    result = [layer(X) for layer in network]\n    return result",
    "bonus": "class Tanh:\n    pass\n\n\nclass Sigmoid:\n    slope = 0.25\n\n\nrate = 0.1",
    "why": "Because the gradient of a constant is zero.",
}
POINTS = {"test_relu": 1, "test_forward": 0.5, "test_forward_again": 2, "test_bonus": 1}
PROSE = {
    "title": "# A small homework\n\nFour exercises about layers.",
    "relu_text": "## Exercise 1: ReLU\n\nKeep what is positive.",
    "why_text": "## Exercise 4\n\nWhy does nothing move when all weights are zero?",
    "goals": "You have written a network.",
}
ORDER = [
    "title", "given_layer", "relu_text", "relu", "test_relu", "relu_figure", "forward", "test_forward", "given_data",
    "forward_again", "test_forward_again", "why_text", "why", "bonus", "test_bonus", "goals",
]  # fmt: skip
SOLUTIONS = ["relu", "forward", "forward_again", "bonus"]


def marks(grade_id, **changes):
    """nbgrader's metadata of a cell of the released notebook."""
    plain = {
        "grade": False,
        "grade_id": grade_id,
        "locked": False,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    return {**plain, **changes}


def released():
    """The notebook as students get it: stubs, tests, given cells, a demonstration, a written answer."""
    cells = []
    for name in ORDER:
        if name in PROSE:
            cells.append(v4.new_markdown_cell(PROSE[name], id=name))
        elif name == "why":
            answer = marks("why", grade=True, solution=True, points=0)
            cells.append(v4.new_markdown_cell("*Your answer here.*", id=name, metadata={"nbgrader": answer}))
        else:
            cells.append(v4.new_code_cell(CODE[name], id=name, metadata=_code_metadata(name)))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _code_metadata(name):
    if name in POINTS:
        tags = {"tags": ["bonus"]} if name == "test_bonus" else {}
        return {"nbgrader": marks(name, grade=True, locked=True, points=POINTS[name]), **tags}
    if name in SOLUTIONS:
        return {"nbgrader": marks(name, solution=True)}
    return {"tags": ["skip-grading"]} if name == "relu_figure" else {"nbgrader": marks(name, locked=True)}


def solved():
    """The released notebook, solved, with the outputs of a run."""
    nb = released()
    for cell in nb.cells:
        cell.source = SOLVED.get(cell.id, cell.source)
        if cell.cell_type == "code":
            cell.outputs = [v4.new_output("stream", name="stdout", text="ok\n")]
            cell.execution_count = 7
    return nb


def written(nb):
    """The bytes of a notebook, or of a JSON value that pretends to be one."""
    return json.dumps(nb).encode()


def cell_of(nb, cell_id):
    return next(cell for cell in nb.cells if cell.id == cell_id)


def place_of(nb, cell_id):
    return [cell.id for cell in nb.cells].index(cell_id)


def standing_at_tests(nb, wanted):
    """For each test cell the source of the last cell before it that defines each of the wanted names."""
    latest, standing = {}, {}
    for cell in nb.cells:
        if cell.cell_type != "code" or "skip-grading" in cell.metadata.get("tags", []):
            continue
        if cell.id in wanted:
            standing[cell.id] = {name: latest.get(name) for name in wanted[cell.id]}
        latest.update(dict.fromkeys(defined_names(cell.source), cell.source))
    return standing


def names_by_test(nb):
    """The names each test cell judges: those its solution cell defines."""
    by_id = {cell.id: cell for cell in nb.cells}
    pairs = [(name, name.removeprefix("test_")) for name in by_id if name.removeprefix("test_") != name]
    return {test: sorted(defined_names(by_id[owner].source)) for test, owner in pairs if owner in by_id}


# Ways in which a right notebook comes back changed without meaning anything by it.


def without_cell_metadata(nb):
    for cell in nb.cells:
        cell.metadata = {}
    return nb


def without_ids(nb):
    for cell in nb.cells:
        cell.pop("id")
    nb.nbformat_minor = 4
    return nb


def without_both(nb):
    return without_ids(without_cell_metadata(nb))


def without_notebook_metadata(nb):
    nb.metadata = {}
    return nb


def through_format_3(nb):
    return nbformat.from_dict(nbformat.convert(nb, 3))


def through_format_3_without_metadata(nb):
    return nbformat.from_dict(nbformat.convert(without_cell_metadata(nb), 3))


def through_colab(nb):
    """As Colab saves it: format 4.0, ids in the metadata, its own keys, sources as lists of lines."""
    for cell in nb.cells:
        cell.metadata = {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
        cell.source = cell.source.splitlines(keepends=True)
        if cell.cell_type == "code":
            cell.metadata["outputId"] = "8f0e"
    nb.metadata = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nb.nbformat_minor = 0
    return nb


def through_another_kernel(nb):
    nb.metadata = {"kernelspec": {"name": "conda-env-dl", "display_name": "dl", "language": "python"}}
    return nb


def with_own_cells(nb):
    """Helper cells, notes and a picture of the student's own, between all others."""
    cells = []
    for number, cell in enumerate(nb.cells):
        cells += [v4.new_code_cell(f"helper_{number} = {number}"), v4.new_markdown_cell("note"), cell]
    nb.cells = cells
    return nb


def with_all_doubled(nb):
    """Every cell is there twice, as after two pastes; identical copies of ids and marks."""
    nb.cells = [copy for cell in nb.cells for copy in (cell, deepcopy(cell))]
    return nb


def with_tests_doubled_at_the_top(nb):
    nb.cells = [deepcopy(cell) for cell in nb.cells if cell.id.startswith("test_")] + nb.cells
    return nb


def with_tests_first(nb):
    nb.cells = sorted(nb.cells, key=lambda cell: not cell.id.startswith("test_"))
    return nb


def with_exercises_reordered(nb):
    """The bonus exercise, which nothing needs, before the first one."""
    moved = [cell for cell in nb.cells if cell.id.endswith("bonus")]
    rest = [cell for cell in nb.cells if not cell.id.endswith("bonus")]
    nb.cells = rest[:2] + moved + rest[2:]
    return nb


def without_tests(nb):
    nb.cells = [cell for cell in nb.cells if not cell.id.startswith("test_")]
    return nb


def without_tests_and_marks(nb):
    return without_both(without_tests(nb))


def without_given(nb):
    nb.cells = [cell for cell in nb.cells if not cell.id.startswith("given_")]
    return nb


def with_unfinished_copies(nb):
    """The stub of every exercise was kept below its solution."""
    stubs = {cell.id: cell for cell in released().cells if cell.id in SOLUTIONS}
    nb.cells = [copy for cell in nb.cells for copy in (cell, stubs.get(cell.id)) if copy is not None]
    return nb


def with_unfinished_copies_and_no_marks(nb):
    return without_both(with_unfinished_copies(nb))


def with_tests_edited(nb):
    for cell in nb.cells:
        if cell.id.startswith("test_"):
            cell.source = "# quick check\n" + cell.source + "\nprint('all right')"
    return nb


def with_tests_edited_and_stripped(nb):
    return without_both(with_tests_edited(nb))


def with_marks_forged(nb):
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"] |= {"points": 100, "grade": True, "solution": True, "locked": False}
        cell.metadata["tags"] = ["skip-grading", "raises-exception"]
    return nb


def with_windows_line_ends(nb):
    for cell in nb.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    return nb


HARMLESS_EVERYWHERE = [
    without_cell_metadata, without_ids, without_both, without_notebook_metadata, through_format_3,
    through_format_3_without_metadata, through_colab, through_another_kernel, with_own_cells, with_all_doubled,
    with_tests_doubled_at_the_top, with_tests_first, with_exercises_reordered, without_tests, without_given,
    with_tests_edited, with_tests_edited_and_stripped, with_marks_forged, with_windows_line_ends,
]  # fmt: skip
HARMLESS = [*HARMLESS_EVERYWHERE, with_unfinished_copies, with_unfinished_copies_and_no_marks, without_tests_and_marks]


def assert_canonical(nb, against):
    """Valid for nbformat and nbgrader; marks, locked sources and tags are the released ones; tests after solutions."""
    nbformat.validate(nb)
    MetadataValidator().validate_nb(nb)
    assert (nb.nbformat, nb.nbformat_minor) == (4, 5) and nb.metadata.kernelspec.name == "python3"
    nbformat.writes(nb).encode()
    ids = [cell.id for cell in nb.cells]
    assert len(set(ids)) == len(ids)
    ours = {cell.id: cell for cell in against.cells}
    for cell in nb.cells:
        known = ours.get(cell.id)
        assert cell.metadata.get("nbgrader") == (known.metadata.get("nbgrader") if known else None)
        assert set(cell.metadata.get("tags", [])) <= set(known.metadata.get("tags", []) if known else [])
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None
        marks = cell.metadata.get("nbgrader", {})
        if marks and not marks["solution"]:
            assert (cell.source, cell.cell_type) == (known.source, known.cell_type)
        if marks.get("grade") and not marks["solution"]:
            assert ids.index(cell.id) > ids.index(cell.id.removeprefix("test_"))
    assert {name for name, cell in ours.items() if "nbgrader" in cell.metadata} <= set(ids)
