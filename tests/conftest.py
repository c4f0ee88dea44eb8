"""What every test shares: a private Jupyter, figures without a screen, the repository, a browser, no silent skips."""

import os
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("GRADER_NO_SKIP") == "1"

# These take minutes and run on one worker each: begun first, so that none is still running when all others are done.
SLOW_FILES = (
    *("test_killed.py", "test_every_notebook.py", "test_mutants.py", "test_rewritten.py", "test_catalogue.py"),
    *("test_run_all.py", "test_fresh.py", "test_universal_answers.py", "test_two_hundred.py", "test_new_week.py"),
    *("test_setup.py", "test_cluster.py", "test_formgrader.py", "test_mirror.py", "test_run.py", "test_secrets.py"),
    *("test_fuzzed_downloads.py", "test_term.py", "test_watch.py"),
)

# Set before any test module imports matplotlib or numpy, and inherited by every process a test starts.
os.environ["MPLBACKEND"] = "Agg"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Every Python that a test starts begins with tests/startup/sitecustomize.py, and this one does what it says.
STARTUP = str(REPO / "tests" / "startup")
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (STARTUP, os.environ.get("PYTHONPATH"))))
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(autouse=True)
def recursion_limit():
    """A right solution may raise it, and some run in this process: what is nested deeply must still be noticed."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)


@pytest.fixture(scope="session", autouse=True)
def private_settings(tmp_path_factory):
    """The Jupyter settings of whoever runs the tests neither help nor harm them."""
    home = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
            folder = home / name.lower()
            folder.mkdir()
            patch.setenv(name, str(folder))
        yield


@pytest.fixture(autouse=True)
def no_figures_from_before():
    """Figures that other tests left open in this process are no business of a test that counts its own."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return REPO


@pytest.fixture
def notebooks_read_once(monkeypatch):
    """Rehearsals take the notebooks of this checkout as they were first read."""
    from grader.judge.rehearsal import rehearsal
    from tests.notebooks.found import load_notebook

    monkeypatch.setattr(rehearsal, "load_notebook", load_notebook)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium of this machine, driven by playwright; mark the tests that use it `browser`."""
    from tools.browser import find_program, open_browser

    if find_program() is None:
        pytest.skip("no Chromium on this machine: run `make setup-tests`")
    with open_browser() as chromium:
        yield chromium


def pytest_collection_modifyitems(items):
    """Files in the order in which workers take them (with xdist's own reordering switched off)."""
    places = {name: place for place, name in enumerate(SLOW_FILES)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def fail_if_skipped(report):
    """Turn a skip into a failure that keeps the reason: in CI a test that did not run proves nothing."""
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason} (skips count as failures because GRADER_NO_SKIP=1)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    fail_if_skipped(report)
    return report
