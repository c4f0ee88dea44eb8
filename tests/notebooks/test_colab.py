"""The set-up cell on Colab's own versions: it adds our package, replaces nothing, and does nothing the second time."""

import http.server
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.judge.grading.spec import load_notebook, reference_cells
from grader.judge.rehearsal.rehearsal import filled

REPO = Path(__file__).resolve().parents[2]
# Of August 2026. Colab's Python is 3.13; here it is the one that runs the tests.
COLAB = {
    "numpy": "2.1.3",
    "ipython": "7.34.0",
    "ipykernel": "6.17.1",
    "ipywidgets": "7.7.1",
    "matplotlib": "3.10.0",
    "scikit-learn": "1.6.1",
    "tqdm": "4.67.1",
}
pytestmark = pytest.mark.long


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def colab(tmp_path_factory):
    """The Python of a fresh virtual environment that holds Colab's versions, and nothing of ours."""
    folder = tmp_path_factory.mktemp("colab") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    wanted = [f"{name}=={version}" for name, version in COLAB.items()]
    # IPython 7.34 imports pkg_resources, which newer setuptools no longer bring.
    installed = subprocess.run([python, "-m", "pip", "install", "-q", "setuptools<80", *wanted], capture_output=True)
    if installed.returncode:
        pytest.skip(f"Colab's versions cannot be installed here: {installed.stderr.decode()[-300:]}")
    return python


@pytest.fixture(scope="module")
def wheel_url(tmp_path_factory):
    """Our wheel on a server of this machine."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, REPO]
    subprocess.run(build, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{next(folder.glob('*.whl')).name}"
    server.shutdown()
    server.server_close()


def solved(week, name):
    spec = load_notebook(REPO, week, name)
    return filled(spec.released, reference_cells(REPO, week, name))


def packages(python):
    lines = subprocess.run([python, "-m", "pip", "freeze", "--all"], capture_output=True, text=True, check=True).stdout
    return set(lines.splitlines())


def run_setup(python, notebook, folder, package):
    (source,) = [cell.source for cell in notebook.cells if cell.id == "setup"]
    environment = {**os.environ, "GRADER_PACKAGE": package, "HOME": str(folder), "MPLBACKEND": "agg"}
    return subprocess.run([python, "-c", source], cwd=folder, env=environment, capture_output=True, text=True)


def test_set_up_adds_our_package_replaces_nothing_and_is_idle_then(colab, wheel_url, tmp_path):
    homework = solved("week01_backprop", "backprop")
    before = packages(colab)
    first = run_setup(colab, homework, tmp_path, f"backprop-grader @ {wheel_url}")
    assert first.returncode == 0, first.stderr
    after = packages(colab)
    assert before <= after
    assert [line.split()[0].split("==")[0] for line in after - before] == ["backprop-grader"]
    # Installed now: a package that cannot be had is not even asked for.
    second = run_setup(colab, homework, tmp_path, "backprop-grader @ http://127.0.0.1:9/nothing.whl")
    assert second.returncode == 0, second.stderr


@pytest.mark.parametrize(
    "week, name",
    [
        ("week01_backprop", "backprop"),
        ("week01_backprop", "regression"),
        ("week02_matrix_diff", "layers"),
        ("week02_matrix_diff", "quiz_1"),
        ("week03_adaptive_sgd", "adaptive_sgd"),
    ],
)
def test_a_solved_notebook_runs_on_colabs_versions(colab, wheel_url, week, name, tmp_path):
    """In a folder named like the week, as in a student's clone: the week's modules come from the package."""
    subprocess.run([colab, "-m", "pip", "install", "-q", "--no-deps", f"backprop-grader @ {wheel_url}"], check=True)
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    argv = f'["{colab}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"]'
    (spec / "kernel.json").write_text(f'{{"argv": {argv}, "display_name": "Colab", "language": "python"}}')
    folder = tmp_path / week
    shutil.copytree(REPO / week, folder)
    notebook = solved(week, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(tmp_path))
        patch.setenv("GRADER_QUIET", "1")
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    printed = nbformat.writes(notebook)
    # A quiz only reads answers.
    assert "✗" not in printed and ("✓" in printed) == (name != "quiz_1")
