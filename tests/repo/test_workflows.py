"""The workflows: pinned actions, commands that exist, the systems and Pythons that the README promises."""

import re

import pytest
import tomllib
import yaml

from tests.repo.documents import targets

WORKFLOWS = ("ci", "weekly")
PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
PROGRAMS = {"sudo sysctl", "git diff"}  # what a step may call besides ours


def text_of(repo, name: str) -> str:
    return (repo / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")


def unpinned(text: str) -> list[str]:
    """What follows `uses:` and is no commit with its version beside it."""
    return [used for used in re.findall(r"uses: *(.+)$", text, re.MULTILINE) if not PINNED.match(used)]


def steps_of(text: str) -> list[dict]:
    return [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]


def not_there(command: str, repo) -> list[str]:
    """The targets of the Makefile and the files that a step's command names and that do not exist."""
    known = targets((repo / "Makefile").read_text(encoding="utf-8"))
    words = [word for word in command.split() if "=" not in word]
    if words[0] in ("make", ".ci/run"):
        return [word for word in words[1:] if word not in known]
    if words[0] == "python":
        return [word for word in words[1:] if not (repo / word).is_file()]
    return [] if " ".join(words[:2]) in PROGRAMS else [words[0]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned(name, repo):
    """By commit, with the version in a comment: a tag may be moved to other code."""
    assert "uses:" in text_of(repo, name) and unpinned(text_of(repo, name)) == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_what_a_step_runs_is_there(name, repo):
    """Targets of the Makefile and scripts."""
    commands = [step["run"] for step in steps_of(text_of(repo, name)) if "run" in step]
    assert commands and [gone for command in commands for gone in not_there(command, repo)] == []


def test_planted_slips_are_found(repo):
    """A tag, a short hash, a hash without its version; a target, a script and a program that are not there."""
    digits = "0123456789abcdef0123456789abcdef01234567"
    slips = ["a/b@v5", "a/b@0123456 # v5.0.0", f"a/b@{digits}"]
    assert unpinned("\n".join(f"- uses: {slip}" for slip in slips)) == slips
    assert unpinned(f"- uses: a/b@{digits} # v5.0.0") == []
    for command in (".ci/run lint tset", "make demmo UPGRADE=x", "python tools/gone.py", "curl example.org"):
        assert not_there(command, repo), command


def test_every_workflow_is_looked_at(repo):
    assert {path.name for path in (repo / ".github/workflows").iterdir()} == {f"{name}.yml" for name in WORKFLOWS}


def test_the_student_s_package_is_tested_as_promised(repo):
    """On three systems, on every Python from the one that pyproject.toml asks for."""
    matrix = yaml.safe_load(text_of(repo, "ci"))["jobs"]["student"]["strategy"]["matrix"]
    assert [system.split("-")[0] for system in matrix["system"]] == ["ubuntu", "macos", "windows"]
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={matrix['python'][0]}"
    assert matrix["python"] == [f"3.{minor}" for minor in range(10, 15)]


def test_hooks_fetch_nothing_and_are_there(repo):
    """Every hook of .pre-commit-config.yaml is local and a program of this checkout."""
    settings = yaml.safe_load((repo / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {one["repo"] for one in settings["repos"]} == {"local"}
    for hook in settings["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        first, *others = hook["entry"].split()
        assert not not_there(hook["entry"], repo) if first == "make" else (repo / first).is_file(), hook
