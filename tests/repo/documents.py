"""What the documents, help texts and printed advice tell a reader to type, and whether that can be typed."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

import click
from click.testing import CliRunner

REPO = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
# A command of ours or of Jupyter's, at the start of a line or inside another one: ssh w1 '... .venv/bin/dask worker'.
COMMAND = re.compile(
    r"(?:^|(?<=[\s'(]))(?:\.venv/bin/)?((?:grader|nbgrader|make|dask|jupyter|\.ci/run|python -m) [^'`)|;&#>]+)"
)
SECONDS = 120
# These read `sys.argv` themselves or take nothing: only what they are given to work on is looked for.
READ_BY_HAND = (
    "tests.mutation.run",
    "tools.house",
    "benchmarks.feedback",
    "benchmarks.feedback.beginners",
    "benchmarks.feedback.gradient_check",
    "benchmarks.feedback.rules",
)


def documents(repo: Path = REPO) -> list[str]:
    """Every page that people read, as paths from the checkout's root."""
    pages = [
        *repo.glob("*.md"),
        *repo.glob("docs/*.md"),
        *repo.glob("benchmarks/*/README.md"),
        *repo.glob("week*/*.md"),
    ]
    return sorted(page.relative_to(repo).as_posix() for page in pages)


def fences(text: str, language: str) -> list[str]:
    """The blocks of code in one language of a Markdown text, without the indentation of a list they stand in."""
    found = [(indent, code) for indent, name, code in FENCE.findall(text) if name == language]
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def commands(text: str) -> list[str]:
    """The commands in the shell blocks and the back-ticks of a Markdown text."""
    lines = [
        line.partition(" # ")[0] for code in fences(text, "bash") for line in code.replace("\\\n", " ").splitlines()
    ]
    inline = [" ".join(code.split()) for code in INLINE.findall(FENCE.sub("", text))]
    # In prose a command begins its back-ticks, and one word such as `make` alone tells nobody to type it.
    inline = [code for code in inline if (found := COMMAND.search(code)) and found.start() == 0]
    return [match[1].strip() for line in [*lines, *inline] for match in COMMAND.finditer(line)]


def advice(source: str) -> Iterator[str]:
    """The commands that the strings of a module name: in back-ticks, or after a colon at the end."""
    tree = ast.parse(source)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
        else:
            continue
        yield from commands(text)
        yield from re.findall(r"(?:: |&& )((?:nb)?grader [a-z][^.:`\n]*)$", text)


def wrong_with(command: str) -> str | None:
    """Why a reader who types this would be told off, or None. Nothing is changed by asking."""
    words = shlex.split(command.replace('"', ""))
    program, rest = words[0], words[1:]
    if program == "python":
        return _wrong_module(rest[1], tuple(rest[2:]))
    if program in ("make", ".ci/run"):
        gone = {word for word in rest if "=" not in word} - targets((REPO / "Makefile").read_text(encoding="utf-8"))
        return f"no target {sorted(gone)}" if gone else None
    if rest[0].isupper():
        return None  # `grader COMMAND --help`
    if program == "nbgrader":
        return None if rest[0] in nbgrader_commands() else f"nbgrader has no command {rest[0]!r}"
    if program == "jupyter":
        return None if shutil.which(f"jupyter-{rest[0]}", path=str(Path(sys.executable).parent)) else "no such program"
    return _told_off(_group(program), rest)


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))


@cache
def nbgrader_commands() -> frozenset[str]:
    """Asked in a process of its own: importing nbgrader changes how Python's own modules are found."""
    code = "from nbgrader.apps.nbgraderapp import NbGraderApp; print(*NbGraderApp.subcommands)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


@cache
def _group(program: str) -> click.Command:
    if program == "grader":
        from grader.desk.cli import main

        return main
    from distributed.cli import dask_scheduler, dask_worker

    return click.Group("dask", {"scheduler": dask_scheduler.main, "worker": dask_worker.main})


def _told_off(group: click.Command, words: list[str]) -> str | None:
    """What a click command says of these words; with --help after its name it reads all of them and does nothing."""
    answer = CliRunner().invoke(group, [words[0], "--help", *words[1:]])
    return answer.output.strip().splitlines()[-1] if answer.exit_code else None


# Runs a module up to the end of its reading of the command line, and prints what it read.
READ_ONLY = """
import argparse, json, runpy, sys
real = argparse.ArgumentParser.parse_args
def parse_only(parser, args=None, namespace=None):
    print(json.dumps(vars(real(parser, args, namespace)), default=str))
    sys.exit(0)
argparse.ArgumentParser.parse_args = parse_only
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def _can_be_imported(module: str) -> bool:
    # By the path only: setuptools' own finder, when asked for pip, replaces distutils in this process.
    if PathFinder.find_spec(module.partition(".")[0]) is None:
        return False
    return "." not in module or importlib.util.find_spec(module) is not None


@cache
def _wrong_module(module: str, words: tuple[str, ...]) -> str | None:
    if not _can_be_imported(module):
        return f"there is no module {module}"
    lost = [word for word in words if word.startswith(("week", "tests")) and not _is_ours(word)]
    if lost:
        return f"there is no {lost[0]}"
    if module in READ_BY_HAND or not PATH.match(module.replace(".", "/")):
        return None
    command = [sys.executable, "-W", "ignore", "-c", READ_ONLY, module, *words]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=SECONDS)
    return done.stderr.strip().splitlines()[-1] if done.returncode else _wrong_mistake(json.loads(done.stdout))


def _wrong_mistake(options: dict) -> str | None:
    """Whether the catalogue has the mistake that is to be rehearsed."""
    name = options.get("mistake")
    if name in (None, "all"):
        return None
    from grader.judge.grading.spec import load_mistakes

    known = {mistake.name for mistake in load_mistakes(REPO, options["week"], options["notebook"])}
    return None if name in known else f"there is no mistake {name!r}"


def _is_ours(word: str) -> bool:
    """Whether a folder, a file, or a notebook whose path this is without its ending, is there."""
    return (REPO / word).exists() or (REPO / f"{word}.ipynb").is_file()


PATH = re.compile(r"(?:grader|tests|tools|docs|benchmarks|solutions|week\d\d_\w+|\.github|\.ci)/[\w./*-]+$")
DOTTED = re.compile(r"(?:grader|checks|solutions|tests|tools|benchmarks)(?:\.\w+)+$")
BARE = re.compile(r"\w+\.(?:py|md)$")
NAME = re.compile(r"_*[A-Za-z]\w*(?:\.\w+)?$")


def lost_names(text: str) -> list[str]:
    """Paths, dotted names, and functions in the row of a table that begins with their file, that do not exist."""
    text = FENCE.sub("", text)
    codes = [code.strip().removesuffix("()") for code in re.findall(r"`([^`\n]+)`", text)]
    lost = [code for code in codes if PATH.match(code) and not _some_file(code)]
    lost += [code for code in codes if BARE.match(code) and not any(_files_named(code))]
    lost += [code for code in codes if DOTTED.match(code) and not code.endswith(".py") and not _some_object(code)]
    for file, row in re.findall(r"^\| `([\w/]+\.py)` \|(.*)$", text, re.MULTILINE):
        named = [code.removesuffix("()") for code in re.findall(r"`([^`]+)`", row.split("|")[0])]
        if (REPO / file).is_file():
            lost += [name for name in named if NAME.match(name) and name not in _defined(REPO / file)]
    return lost


def _some_file(path: str) -> bool:
    """Whether a path leads somewhere; WEEK, NAME, NOTEBOOK and STUDENT stand for any."""
    return any(REPO.glob(re.sub(r"WEEK|NAME|NOTEBOOK|STUDENT|weekNN_name", "*", path).rstrip("/")))


def _files_named(name: str) -> Iterator[Path]:
    """Files of this name, wherever they lie."""
    for folder in ("grader", "solutions", "tests", "tools", "benchmarks", "docs", "week*"):
        yield from REPO.glob(f"{folder}/**/{name}")
    yield from REPO.glob(name)


def _some_object(dotted: str) -> bool:
    """Whether a dotted name is a module of ours, or something in one. `checks` is what notebooks call it."""
    dotted = f"grader.{dotted}" if dotted.startswith("checks.") else dotted
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name, None)
        return found is not None
    return False


def _defined(file: Path) -> set[str]:
    """Names of a module's functions, classes, methods (`Class.method`) and assigned names."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found
