"""A week's own modules in the sandbox: they and their records can be used there, and nothing else of their folder."""

import py_compile
from pathlib import Path

import pytest

from grader.sandbox.kernels import forked_kernel
from grader.sandbox.kernels.open import open_kernel
from grader.sandbox.run.notebook import run_notebook
from grader.sandbox.walls.limits import Limits
from tests.sandbox.tools import QUICK, notebook, shown

READ_A_RECORD = "from week07_waves import table; print(table.value, table.record())"


@pytest.fixture(params=["forked", "fresh"])
def kernels(request, monkeypatch):
    """Both kinds of kernels."""
    monkeypatch.setenv(forked_kernel.VARIABLE, request.param)


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    return made_week(tmp_path_factory.mktemp("course"), 1)


def made_week(course, value):
    """A folder with a module that reads the record beside it, and with what else a week's folder holds."""
    folder = course / "week07_waves"
    (folder / "more").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "table.py").write_text(
        "import json, pathlib\n"
        f"value = {value}\n"
        "def record(): return json.loads((pathlib.Path(__file__).parent / 'table.json').read_text())\n"
    )
    (folder / "table.json").write_text("[1.5]")
    for name in ("waves.ipynb", "README.md", "more/hidden.py"):
        (folder / name).write_text("secret = 'told'")
    (course / "beside.py").write_text("secret = 'told'")
    (folder / "link.py").symlink_to(course / "beside.py")
    (folder / "link.json").symlink_to("/etc/passwd")
    return folder


def say(*sources, packages, **options):
    """What the last cell shows."""
    return shown(run_notebook(notebook(*sources), limits=Limits(**QUICK), packages=packages, **options))


def test_a_module_and_the_record_beside_it_are_there(kernels, week):
    """As in the folder that students have."""
    assert say(READ_A_RECORD, packages=[week]) == "1 [1.5]\n"


def test_so_they_are_for_trusted_code(week):
    """Which runs without walls."""
    assert say(READ_A_RECORD, packages=[week], isolation="trusted") == "1 [1.5]\n"


def test_a_week_that_was_not_given_is_not_there(kernels):
    assert "ModuleNotFoundError" in say(READ_A_RECORD, packages=[])


def test_nothing_else_of_the_folder_is_seen(kernels, week):
    """Notebooks, texts, folders in it, files beside it; and a link leads nowhere."""
    look = "import os, week07_waves as week; print(sorted({*os.listdir(week.__path__[0])} - {'__pycache__'}))"
    assert say(look, packages=[week]) == "['__init__.py', 'table.json', 'table.py']\n"
    assert "ModuleNotFoundError" in say("import week07_waves.more.hidden", packages=[week])
    assert "FileNotFoundError" in say(f"open({str(week.parent / 'beside.py')!r})", packages=[week])


def test_what_is_compiled_of_a_module_is_seen(kernels, tmp_path):
    """Else each notebook compiles it again; what is older than the module does not count."""
    week, look = made_week(tmp_path, 1), "from week07_waves import table; print(table.value, table.double())"
    text = (week / "table.py").read_text()
    (week / "table.py").write_text(text + "def double(): return value * 2")
    place = Path(py_compile.compile(str(week / "table.py"), doraise=True))
    place.write_bytes(place.read_bytes().replace(b"double", b"triple"))  # as nobody would compile it
    assert "no attribute 'double'" in say(look, packages=[week])
    (week / "table.py").write_text(text + "def double(): return value * 20")
    forked_kernel.close_all()
    assert say(look, packages=[week]) == "1 20\n"


def test_it_cannot_be_written_to(kernels, week):
    """Neither changed for the next kernel nor added to."""
    for way in ("open(week.table.__file__, 'w')", "open(week.__path__[0] + '/more.py', 'w')"):
        assert "OSError" in say(f"import week07_waves.table, week07_waves as week\n{way}", packages=[week])


def test_a_folder_of_that_name_that_was_handed_in_does_not_stand_in_its_place(kernels, week, tmp_path):
    """As package or as module, with the record that the module reads beside it."""
    handed_in = tmp_path / "handed_in"
    made_week(handed_in, "'mine'")
    (handed_in / "week07_waves.py").write_text("table = None")
    (handed_in / "week07_waves" / "table.json").write_text("[7]")
    assert say(READ_A_RECORD, packages=[week], files=handed_in) == "1 [1.5]\n"


def test_courses_with_different_weeks_do_not_share_a_fork_server(tmp_path, monkeypatch):
    """Nor does one that has a module more than before; the same weeks do share one."""
    monkeypatch.setenv(forked_kernel.VARIABLE, "forked")
    forked_kernel.close_all()
    weeks = [made_week(tmp_path / name, value) for value, name in enumerate(("one", "other"))]

    def server(week):
        kernel = open_kernel(Limits(), packages=[week])
        kernel.close()
        return kernel._server

    first = server(weeks[0])
    assert server(weeks[0]) is first
    assert say(READ_A_RECORD, packages=[weeks[1]]) == "1 [1.5]\n"
    assert server(weeks[0]) is not first
    before = server(weeks[0])
    (weeks[0] / "late.py").touch()
    assert server(weeks[0]) is not before
    forked_kernel.close_all()
