"""GRADER_NO_SKIP=1 lets no test pass by not running."""

import subprocess
import sys

import pytest

SKIPPERS = {
    "mark": "import pytest\n@pytest.mark.skip(reason='later')\ndef test_it(): pass\n",
    "call": "import pytest\ndef test_it(): pytest.skip('later')\n",
    "module": "import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass\n",
    "fixture": "import pytest\n@pytest.fixture\ndef gone(): pytest.skip('later')\ndef test_it(gone): pass\n",
}


def run_pytest(folder, repo, source, monkeypatch, no_skip):
    """Exit code of pytest on one test file under the suite's own conftest."""
    (folder / "conftest.py").write_text((repo / "tests/conftest.py").read_text())
    (folder / "test_one.py").write_text(source)
    monkeypatch.setenv("GRADER_NO_SKIP", no_skip)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # starts in half the time
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, folder]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("way", SKIPPERS)
def test_a_skip_fails_where_skips_are_not_allowed(way, tmp_path, repo, monkeypatch):
    """Every way of skipping ends in a failure that still tells the reason."""
    done = run_pytest(tmp_path, repo, SKIPPERS[way], monkeypatch, "1")
    assert done.returncode not in (0, 5), done.stdout
    assert "GRADER_NO_SKIP" in done.stdout


def test_a_skip_is_a_skip_elsewhere(tmp_path, repo, monkeypatch):
    """Without the variable nothing changes."""
    assert run_pytest(tmp_path, repo, SKIPPERS["mark"], monkeypatch, "").returncode == 0


def test_an_expected_failure_stays_one(tmp_path, repo, monkeypatch):
    """xfail is not a skip."""
    source = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"
    assert run_pytest(tmp_path, repo, source, monkeypatch, "1").returncode == 0
