"""Homework 1 as plain Python: what a student's package must do where there is no Jupyter, on any system.

Read with `json` and run with `exec`, so that this file also runs on a plain install (tools/plain_install.py).
"""

import json
import re

import pytest

NOTEBOOK = "week01_backprop/backprop.ipynb"
RIGHT = "tests/right_solutions/week01_backprop/backprop/renamed.py"
SAMPLE = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def cells_of(repo):
    """{cell id: source} of the code that grading runs: figures and demonstrations are left out."""
    cells = json.loads((repo / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return {c["id"]: "".join(c["source"]) for c in code if "skip-grading" not in c["metadata"].get("tags", ())}


def right_cells(repo):
    """{cell id: source} of a solution whose author has read no reference."""
    parts = re.split(r"^# %% (\w+)\n", (repo / RIGHT).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def printed(cells, capsys):
    """{cell id: what it printed}, with all cells run in one namespace."""
    namespace, said = {"__name__": "__main__"}, {}
    for name, source in cells.items():
        exec(compile(source, name, "exec"), namespace)
        said[name] = capsys.readouterr().out
    return said


def test_the_untouched_notebook_runs_to_its_end(repo, capsys):
    """And every check says that its exercise is not written yet."""
    said = printed(cells_of(repo), capsys)
    checks = {name: text for name, text in said.items() if name.startswith("test_")}
    assert checks and all("not written yet" in text for text in checks.values()), checks


@pytest.fixture
def solved(repo, capsys):
    return printed(cells_of(repo) | right_cells(repo), capsys)


@pytest.mark.parametrize("name", ["relu", "dense", "forward", "train", "accuracy"])
def test_a_right_solution_passes_its_checks(name, solved):
    """No line says wrong, and something was checked."""
    assert "✓" in solved[f"test_{name}"] and "✗" not in solved[f"test_{name}"] and "wrong" not in solved[f"test_{name}"]


@pytest.mark.parametrize("document", ["README.md", "docs/student.md"])
def test_the_documents_show_what_a_wrong_solution_is_told(document, repo, capsys):
    """Gradients divided by the batch size once more: entry, pattern and a likely cause, word for word."""
    right = right_cells(repo)
    wrong = right["dense"].replace("x.T.dot(dy)", "x.T.dot(dy) / len(x)")
    said = printed(cells_of(repo) | right | {"dense": wrong}, capsys)["test_dense"]
    (sample,) = re.findall(
        r"^```text\n(.*?)^```", (repo / document).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert "averaged over the batch" in sample and sample in said
