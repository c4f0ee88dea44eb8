"""The public repository that students see: released weeks, the package of checks, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tomllib
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.desk.course.facts import Course, Week
from grader.desk.errors import DeskError
from grader.desk.files import TEMPLATES, write_atomically
from grader.desk.release import links, quiz_answers
from grader.judge.grading.digests import packages_of
from grader.sandbox.walls.visible_files import modules_of

MANIFEST = ".released"
PACKAGE_FOLDERS = ("checks",)
_LICENCES = ("LICENSE", "LICENSE-text")
GUIDES = ("docs/student.md", "docs/notation.md", "docs/links.md")
WORKFLOW = ".github/workflows/notebooks.yml"
# Without its limit of time nbval waits half an hour for a kernel that died.
_NBVAL = "python -m pytest --nbval-lax --nbval-cell-timeout=300"
_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}


@dataclass(frozen=True)
class Changes:
    """What a release does to the student repository, as paths in it."""

    added: list[str]
    changed: list[str]
    removed: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def tree(course: Course, weeks: Sequence[Week], number: int) -> dict[str, bytes]:
    """The whole content of the student repository for these released weeks, by path; `number` is its package's."""
    files: dict[str, bytes] = {}
    for week in weeks:
        for path in files_of(course.step("release", week.folder)):
            files[f"{week.folder}/{path.relative_to(course.step('release', week.folder)).as_posix()}"] = (
                path.read_bytes()
            )
    files |= modules(course, weeks) | quiz_answers.files(course, weeks)
    files["grader/__init__.py"] += f"\nRELEASE = {number}  # a set-up cell asks for at least its own\n".encode()
    files["pyproject.toml"] = _pyproject(_project(course), number).encode()
    for name in (*_LICENCES, *GUIDES):
        if (course.repo / name).exists():
            files[name] = (course.repo / name).read_bytes()
    files["README.md"] = _readme(course, weeks)
    files[WORKFLOW] = _rendered("student_workflow.yml.j2", course=course, weeks=weeks, nbval=_NBVAL)
    files["requirements.txt"] = _requirements(course)
    files[".gitignore"] = b".ipynb_checkpoints/\n__pycache__/\n.venv/\ndata/\n"
    return files


def write(place: Path, files: dict[str, bytes]) -> Changes:
    """Bring the folder `place` to exactly `files`, as far as it is ours: what git or a person added there stays."""
    changes = compare(place, files)
    for name in (*changes.added, *changes.changed):
        write_atomically(place / name, files[name])
    for name in changes.removed:
        (place / name).unlink()
    write_atomically(place / MANIFEST, "\n".join(sorted(files)) + "\n")
    return changes


def compare(place: Path, files: dict[str, bytes]) -> Changes:
    """What `write` would do."""
    manifest = place / MANIFEST
    ours = set(manifest.read_text(encoding="utf-8").splitlines()) if manifest.exists() else set()
    there = {name for name in files if (place / name).is_file()}
    return Changes(
        added=sorted(set(files) - there),
        changed=sorted(name for name in there if (place / name).read_bytes() != files[name]),
        removed=sorted(name for name in ours - set(files) if (place / name).is_file()),
    )


def files_of(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _SKIPPED.intersection(path.parts)
    ]


def modules(course: Course, weeks: Sequence[Week]) -> dict[str, bytes]:
    """What the notebooks of these weeks import, by path: the checks, and the weeks' own modules."""
    source, folders = course.repo / "grader", {week.folder for week in weeks}
    files = {"grader/__init__.py": (source / "__init__.py").read_bytes()}
    for folder in PACKAGE_FOLDERS:
        for path in files_of(source / folder):
            files[f"grader/{path.relative_to(source).as_posix()}"] = path.read_bytes()
    for path in modules_of(folder for folder in packages_of(course.repo) if folder.name in folders):
        files[path.relative_to(course.repo.resolve()).as_posix()] = path.read_bytes()
    return files


def _project(course: Course) -> dict:
    path = course.repo / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise DeskError(f"{path} cannot be read: {error}.", "The student package is described there.") from None


def _pyproject(project: dict, number: int) -> str:
    dependencies = "".join(f'    "{name}",\n' for name in project["dependencies"])
    return (
        '[build-system]\nrequires = ["hatchling>=1.26"]\nbuild-backend = "hatchling.build"\n\n'
        f'[project]\nname = "{project["name"]}"\nversion = "{project["version"]}.post{number}"\n'
        f'description = "The checks that the course\'s notebooks import"\n'
        f'requires-python = "{project["requires-python"]}"\nlicense = "MIT"\ndependencies = [\n{dependencies}]\n\n'
        '[tool.hatch.build.targets.wheel]\ninclude = ["/grader", "/week*/*.py", "/week*/*.json"]\n'
    )


def _requirements(course: Course) -> bytes:
    lines = ["# Everything a notebook of this course needs on your own machine; in Colab it is there already.", "."]
    return "\n".join([*lines, "jupyterlab>=4.2", "ipywidgets>=8.1", ""]).encode()


def _readme(course: Course, weeks: Sequence[Week]) -> bytes:
    tables = {week.folder: links.table(course, [week]) for week in weeks}
    guides = [name for name in GUIDES if (course.repo / name).exists()]
    return _rendered("student_readme.md.j2", course=course, weeks=weeks, tables=tables, guides=guides)


def _rendered(template: str, **facts: object) -> bytes:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template(template).render(facts).encode()
