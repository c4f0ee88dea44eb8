"""Commands start without what they do not use, and whoever uses it finds it whole."""

import subprocess
import sys

import pytest

HEAVY = "nbconvert nbgrader.apps nbgrader.server_extensions setuptools requests.api numpy IPython matplotlib".split()


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("module", ["grader.desk.gradebook.book", "grader.desk.report.todo"])
def test_the_gradebook_is_read_without_nbgrader(module):
    loaded = run(f"import sys, {module}\nprint(*sys.modules)")
    assert not {*HEAVY, "nbgrader.api", "sqlalchemy", "nbformat.validator", "traitlets"} & {*loaded}


def test_the_gradebook_is_opened_without_the_jupyter_server():
    loaded = run("import sys, grader.desk, nbgrader.api\nprint(*sys.modules)")
    assert not {*HEAVY} & {*loaded}


@pytest.mark.parametrize("first", ["", "from nbformat.v4.nbjson import reads\n"])
def test_nbformat_is_whole_for_whoever_uses_it(first):
    run(
        f"import grader.desk\n{first}import nbformat\n"
        "assert nbformat.v4.nbformat == nbformat.current_nbformat == 4 and nbformat.v3.nbformat == 3\n"
        "cells = [nbformat.v4.new_code_cell('1')]\n"
        "nbformat.validator.validate(nbformat.v4.new_notebook(cells=cells))\n"
    )


def test_a_file_of_questions_starts_no_ipython(repo):
    loaded = run(
        "import sys, importlib, pathlib\n"
        f"sys.path.insert(0, {str(repo)!r})\n"
        f"path = next(pathlib.Path({str(repo)!r}).glob('week*/*_questions.py'))\n"
        "importlib.import_module(f'{path.parent.name}.{path.stem}')\nprint(*sys.modules)"
    )
    assert "IPython" not in loaded


def test_a_part_of_nbgrader_that_asks_for_its_version_may_be_imported_first():
    run(
        "import grader.desk, nbgrader.server_extensions.formgrader\n"
        "import nbgrader\nassert nbgrader.load_formgrader and nbgrader.__version__\n"
    )


def test_what_was_put_off_is_there_once_it_is_used():
    run(
        "import grader.desk, sys, requests\n"
        "import nbgrader.api\n"
        "assert 'requests.api' not in sys.modules and 'setuptools' not in sys.modules\n"
        "from nbgrader import utils\n"
        "try:\n    utils.unpack_archive('/nowhere.zip', '/nowhere')\n"
        "except FileNotFoundError:\n    pass\n"
        "import setuptools.archive_util, setuptools.wheel, requests.exceptions\n"
        "assert setuptools.archive_util.UnrecognizedFormat and requests.get and sys.modules['requests'].get\n"
        "import nbgrader\n"
        "assert nbgrader.__version__ and nbgrader._jupyter_server_extension_points()\n"
        "assert nbgrader.load_formgrader and not hasattr(nbgrader, 'nothing')\n"
    )
