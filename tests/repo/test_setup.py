"""Set-up installs what is missing where it may, and says in one line what to run where it may not."""

import os
import shutil
import subprocess

import pytest

TOOLS = ("bash", "env", "head", "dirname")


@pytest.fixture
def machine(tmp_path):
    """A PATH of our own making: `machine("name", "script")` adds a program to it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))

    def add(name, script="true"):
        (folder / name).unlink(missing_ok=True)  # never write through a link to a program of the system
        (folder / name).write_text(f"#!/bin/bash\n{script}\n")
        (folder / name).chmod(0o755)

    add.path = str(folder)
    add("uname", "echo Linux")
    add("fc-list", "echo DejaVu Sans")
    return add


def run(script, machine, *arguments, **environment):
    done = subprocess.run(
        [script, *arguments], env={"PATH": machine.path, **environment}, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def test_nothing_is_said_when_nothing_is_missing(repo, machine):
    """With bubblewrap and a browser there, the script is silent."""
    machine("bwrap")
    machine("google-chrome")
    assert run(repo / "tools/system_packages.sh", machine, "--tests") == (0, "")


def test_root_installs_what_is_missing(repo, machine, tmp_path):
    """As root, apt-get is called with exactly the missing packages."""
    machine("id", "echo 0")
    machine("apt-get", f'echo "$@" >> {tmp_path}/calls')
    status, _ = run(repo / "tools/system_packages.sh", machine)
    assert status == 0
    assert (tmp_path / "calls").read_text().splitlines()[-1] == "install -y --no-install-recommends bubblewrap"


def test_without_rights_one_line_says_what_to_run(repo, machine):
    """An ordinary user without sudo reads one command and the set-up goes on."""
    machine("id", "echo 1000")
    machine("apt-get", "exit 99")
    status, said = run(repo / "tools/system_packages.sh", machine)
    assert status == 0
    assert said == "setup: missing bubblewrap; run: sudo apt-get install -y --no-install-recommends bubblewrap\n"


def test_a_failed_install_says_what_to_run(repo, machine):
    """apt-get failing, as without a network, is told and stops nothing."""
    machine("id", "echo 0")
    machine("apt-get", "exit 100")
    status, said = run(repo / "tools/system_packages.sh", machine)
    assert status == 0 and "run: sudo apt-get install" in said


def test_another_system_is_told(repo, machine):
    """Where bubblewrap cannot exist, the script says so and goes on."""
    machine("uname", "echo Darwin")
    status, said = run(repo / "tools/system_packages.sh", machine)
    assert status == 0 and "needs Linux" in said


def test_an_old_python_is_refused(repo, machine, tmp_path):
    """Without Python 3.11 or newer the set-up stops and says how to name one."""
    machine("bwrap")
    machine("python3", "exit 1")
    shutil.copytree(repo / "tools", tmp_path / "tools")
    status, said = run(tmp_path / "tools/setup.sh", machine)
    assert status != 0 and "Python 3.11 or newer" in said


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_the_two_commands_of_the_readme_work_in_a_fresh_clone(repo, tmp_path):
    """A clone in a folder with a space: `make setup`, then `make demo`, and nothing else."""
    clone = tmp_path / "a fresh clone"
    subprocess.run(["git", "clone", "--quiet", str(repo), str(clone)], check=True)
    # As a new user's shell: nothing of the environment the tests run in.
    ours = ("GRADER_", "PYTEST_", "VIRTUAL_ENV", "JUPYTER_", "IPYTHONDIR", "MAKE", "MFLAGS")
    outside = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    outside["PATH"] = os.pathsep.join(p for p in outside["PATH"].split(os.pathsep) if str(repo) not in p)
    for target in ("setup", "demo"):
        done = subprocess.run(["make", target], cwd=clone, env=outside, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
