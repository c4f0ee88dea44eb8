"""Solved notebooks: the released cells filled from solutions/, built into build/solved/ and never stored.

What each cell must print is stored, in tests/notebooks/outputs/, and put into the built notebook for nbval to compare.

    python -m tools.solved             build all of them, to look at or to run in Jupyter
    python -m tools.solved --record    run them, too, and store what they print
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from grader.judge.grading.spec import notebooks_of, reference_cells
from grader.judge.rehearsal.rehearsal import filled

REPO = Path(__file__).resolve().parent.parent
BUILT = REPO / "build" / "solved"
OUTPUTS = REPO / "tests" / "notebooks" / "outputs"
# A picture's bytes differ between machines, a widget's id between runs.
NOT_COMPARED = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")
# Stored for a cell that shows pictures inside HTML, such as an animation: it must run, its output is not compared.
PICTURE = "picture"
CELL_SECONDS = 120


def notebooks() -> list[tuple[str, str]]:
    """(week, name) of every notebook that has a reference."""
    weeks = sorted(path.name for path in REPO.glob("week[0-9][0-9]_*"))
    return [(week, name) for week in weeks for name in notebooks_of(REPO, week) if reference_cells(REPO, week, name)]


def released(week: str, name: str) -> NotebookNode:
    """The notebook as students get it."""
    return nbformat.read(REPO / week / f"{name}.ipynb", as_version=4)


def build(week: str, name: str) -> NotebookNode:
    """The solved notebook, each code cell with the output it must have."""
    notebook = filled(released(week, name), reference_cells(REPO, week, name))
    stored = _stored(week, name)
    expected = json.loads(stored.read_text(encoding="utf-8")) if stored.exists() else {}
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            outputs = expected.get(cell.id, [])
            cell.execution_count = number  # nbval refuses outputs of a cell that says it has not run
            if outputs == PICTURE:
                cell.metadata.tags = [*cell.metadata.get("tags", []), "nbval-ignore-output"]
            else:
                cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return notebook


def run(notebook: NotebookNode) -> NotebookNode:
    """Run All in a fresh kernel and an empty folder; an exception in a cell is raised here, as is a dead kernel.

    Returns the notebook with its outputs. Bars and curves that only a watching person needs are off.
    """
    env = {**os.environ, "GRADER_QUIET": "1"}
    env.pop("MPLBACKEND", None)  # else figures are not shown in the notebook
    with tempfile.TemporaryDirectory() as folder:
        place = {"metadata": {"path": folder}}
        # What one cell prints may arrive in one piece or in several; it is stored in one.
        client = NotebookClient(notebook, timeout=CELL_SECONDS, resources=place, coalesce_streams=True)
        return client.execute(env=env)


def record(week: str, name: str) -> None:
    """Store what the cells of the solved notebook print."""
    printed = {
        cell.id: PICTURE if _shows_html_pictures(cell) else [_comparable(output) for output in cell.outputs]
        for cell in run(build(week, name)).cells
        if cell.cell_type == "code" and cell.outputs
    }
    _stored(week, name).parent.mkdir(parents=True, exist_ok=True)
    _stored(week, name).write_text(json.dumps(printed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _stored(week: str, name: str) -> Path:
    return OUTPUTS / week / f"{name}.json"


def _shows_html_pictures(cell: NotebookNode) -> bool:
    return any("base64," in str(output.get("data", {}).get("text/html", "")) for output in cell.outputs)


def _comparable(output: NotebookNode) -> dict:
    kept = {key: value for key, value in output.items() if key not in ("metadata", "execution_count")}
    if "data" in kept:
        kept["data"] = {kind: data for kind, data in kept["data"].items() if kind not in NOT_COMPARED}
        kept["metadata"] = {}
    if kept["output_type"] == "execute_result":
        kept["execution_count"] = None
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="run them and store what they print")
    recording = parser.parse_args().record
    for week, name in notebooks():
        if recording:
            record(week, name)
        path = BUILT / week / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(build(week, name), path)
        print(path.relative_to(REPO))


if __name__ == "__main__":
    main()
