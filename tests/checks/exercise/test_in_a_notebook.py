"""In a real Jupyter kernel: what a student sees, and what nbval compares."""

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = [
    """
import numpy as np
from grader import checks
class Dense:
    def forward(self, X):
        return X @ self.weights.T
""",
    """
with checks.exercise("dense") as check:
    layer = Dense()
    layer.weights = np.ones((3, 4))
    layer.forward(np.ones((5, 3)))
""",
    """
checks.use_style()
with checks.LiveCurves(x="epoch", seconds=0) as curves:
    for epoch in checks.progress(range(3), desc="training"):
        curves.add(epoch, accuracy=epoch / 3)
""",
    """
figure = checks.show_mistakes(np.zeros((3, 64)), [1, 2, 3], [1, 2, 4])
""",
]


@pytest.fixture(scope="module")
def run():
    """Run the cells in a kernel; returns the outputs of each."""

    def run_cells(**environment):
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("MPLBACKEND", raising=False)
            patch.delenv("PYTEST_CURRENT_TEST", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
            NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        return [cell.outputs for cell in notebook.cells]

    return run_cells


def test_quiet_kernel_gives_the_same_outputs_every_time(run):
    """Text and figures: one explained error as plain text, no live curves, no trace of a progress bar."""
    quiet = run(GRADER_QUIET="1")
    assert quiet[0] == []
    assert quiet[1][0]["text"] == (
        "✗ wrong  dense  stopped by an error\n"
        "  message  ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0 (size 4 is different\n"
        "           from 3)\n"
        "  line     return X @ self.weights.T   (in Dense.forward)\n"
        "  shapes   X (5, 3), self.weights (3, 4)\n"
        "  likely   X @ self.weights.T is 5x3 with 4x3: the inner sizes of the product differ; which factor needs .T,\n"
        "           and is the order right?\n"
    )
    assert quiet[2] == []
    assert [output.output_type for output in quiet[3]] == ["display_data"]
    assert quiet[3][0]["metadata"]["image/png"]["alt"] == "1 of 3 wrong. 3 read as 4; a picture of 8 by 8 cells."


def test_watched_kernel_shows_html_and_redraws_one_figure(run):
    """A check is one output, as text and as HTML; the curves are one output that was updated, beside the bar."""
    watched = run()
    assert [set(output["data"]) for output in watched[1]] == [{"text/plain", "text/html"}]
    assert watched[1][0]["data"]["text/plain"].startswith("✗ wrong  dense  stopped by an error\n  message  ValueError")
    assert "X (5, 3), self.weights (3, 4)" in watched[1][0]["data"]["text/html"]
    outputs = watched[2]
    figures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(figures) == 1
    assert len(outputs) <= 2
