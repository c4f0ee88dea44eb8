"""The workflow in the student repository: its shape, and what its commands say of a stub, right and wrong work."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader.desk.release.student_repository import WORKFLOW
from tests.desk.nbgrader import primer
from tests.desk.nbgrader.primer import NOTEBOOK, WEEK

# What docs.github.com lists for a workflow, a job and a step, as far as it is used here.
KEYS = {"name", "on", "permissions", "jobs"}
OF_A_JOB = {"if", "runs-on", "timeout-minutes", "env", "steps"}
OF_A_STEP = {"name", "if", "uses", "with", "run"}


def workflow(place):
    # YAML 1.1 takes `on` for true.
    return {{True: "on"}.get(key, key): value for key, value in yaml.safe_load((place / WORKFLOW).read_text()).items()}


def test_it_has_a_job_for_the_release_and_one_for_a_student_s_copy(released, repo):
    """Of the course's own repository and of every other; actions are those of our own workflows, by commit."""
    place = released.root / "build" / "student"
    text, made = (place / WORKFLOW).read_text(), workflow(place)
    assert made.keys() == KEYS and made["on"] == ["push", "workflow_dispatch"]
    assert made["permissions"] == {"contents": "read"}
    assert [job["if"].split(" && ")[0] for job in made["jobs"].values()] == [
        "github.repository == 'somebody/tiny'",
        "github.repository != 'somebody/tiny'",
    ]
    for job in made["jobs"].values():
        assert job.keys() <= OF_A_JOB and job["runs-on"] == "ubuntu-latest"
        for step in job["steps"]:
            assert step.keys() <= OF_A_STEP and ("uses" in step) != ("run" in step)
    used = set(re.findall(r"uses: *(.+)$", text, re.MULTILINE))
    ours = (repo / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")  # of which a test knows how
    assert used and all(f"uses: {one}\n" in ours for one in used)
    assert made["jobs"]["own_work"]["steps"][-1]["name"] == "Doubling numbers"
    assert made["jobs"]["own_work"]["steps"][-1]["run"].endswith(" week01_tiny/double.ipynb")


@pytest.fixture(scope="module")
def student(tmp_path_factory):
    """A released student repository with one notebook of the course in it."""
    return primer.released(tmp_path_factory.mktemp("primer")).root / "build" / "student"


def run_job(place, name):
    """Exit codes and output of a job's commands, each as its step would be run, but for what installs."""
    job = workflow(place)["jobs"][name]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(place), **job.get("env", {})}
    commands = [step["run"] for step in job["steps"] if "run" in step and step["name"] != "Install"]
    quiet = " -p no:cacheprovider -p no:xdist"
    return [
        subprocess.run(
            ["bash", "-e", "-c", command + quiet], cwd=place, env=environment, capture_output=True, text=True
        )
        for command in commands
    ]


@pytest.mark.long
def test_its_commands_tell_a_stub_right_and_wrong_work_apart(student, tmp_path):
    """The release runs; in a student's copy a stub and wrong work fail with the check's words; right work passes."""
    (stub,) = run_job(student, "released")
    assert stub.returncode == 0 and " passed" in stub.stdout, stub.stdout[-3000:]
    said = {}
    for name, work in (("stub", {}), ("wrong", primer.wrong()[0]), ("right", primer.right())):
        place = tmp_path / name
        shutil.copytree(student, place)
        primer.written(place / WEEK / f"{NOTEBOOK}.ipynb", work)
        (said[name],) = run_job(place, "own_work")
    assert {name: one.returncode for name, one in said.items()} == {"stub": 1, "wrong": 1, "right": 0}
    assert "dot_by_hand: not written yet" in said["stub"].stdout and "6 failed" in said["stub"].stdout
    assert "a minus sign is lost on the way" in said["wrong"].stdout and "1 failed" in said["wrong"].stdout
