"""What decides the grade of a notebook, as files and as one digest.

A changed hidden test must never leave a score as it was. So whole files count, whatever in them was changed, and where
it cannot be known what a test imports or reads, the whole of `solutions/` and of the weeks counts: too much is graded
again, never too little.
"""

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.util import decode_source
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from grader.judge.grading.result import text_of

PACKAGE = Path(__file__).parents[2]
# Parts of the grader that show what was decided, or are never there when a class is graded.
SHOWS_ONLY = (
    "checks/figures",
    "checks/exercise/html.py",
    "checks/exercise/heat_map.py",
    "checks/quiz/personal_figures.py",
    "checks/quiz/worked_steps.py",
    "judge/rehearsal",
)
_DECIDING = ("checks", "judge", "sandbox")
# What hidden tests may import and yet be followed. Any other module, such as `os` or `importlib`, may load or read what
# no text names. A week's own modules also draw, and read the records that lie beside them.
_FOLLOWED = frozenset(
    "__future__ abc ast collections contextlib copy dataclasses decimal enum fractions functools grader hashlib"
    " inspect itertools json math numbers numpy operator random re solutions statistics string textwrap time types"
    " typing warnings".split()
)
_FOLLOWED_IN_WEEKS = _FOLLOWED | {"IPython", "ipywidgets", "matplotlib", "pathlib", "sklearn", "tqdm"}
_UNFOLLOWED_NAMES = frozenset(
    {"__import__", "__builtins__", "__loader__", "__path__", "__spec__", "compile", "eval", "exec"}
)
_READS = frozenset({"__file__", "open", "fromfile", "genfromtxt", "load", "loadtxt", "memmap"})
# Does a text, public or not, have one of these names?
_NAMED_IN_PUBLIC = re.compile(rf"\b(?:{'|'.join(sorted(_UNFOLLOWED_NAMES))})\b")
_NAMED_IN_SECRET = re.compile(rf"\b(?:{'|'.join(sorted(_UNFOLLOWED_NAMES | _READS))})\b")
_NO_DATA = frozenset({".ipynb", ".md", ".py", ".pyc"})  # notebooks, prose and code: data are all other files


class SpecError(Exception):
    """The course's own files disagree with each other. The message says which and how."""


class _Unfollowed(Exception):
    """A file whose imports cannot be read off its text."""


def digest_of_files(folder: Path, paths: Iterable[Path]) -> str:
    """SHA-256 of the names and bytes of files; ``paths`` are relative to ``folder``."""
    total = sha256()
    for path in sorted(paths):
        for part in (path.as_posix().encode(), (folder / path).read_bytes()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


@lru_cache(maxsize=1)
def digest_of_grader() -> str:
    """The grader's own code, as far as it decides scores, hints and graded notebooks; read once in a process."""
    shown = {PACKAGE / name for name in SHOWS_ONLY}
    paths = [path for folder in _DECIDING for path in _files_below(PACKAGE / folder) if path.suffix != ".pyc"]
    return digest_of_files(PACKAGE, [path.relative_to(PACKAGE) for path in paths if not shown & {path, *path.parents}])


def deciding_files(repo: Path, week: str, name: str) -> tuple[Path, ...]:
    """The files of a course that decide the grade of a notebook beside the notebook itself, relative to ``repo``.

    These are the modules that its hidden tests import, directly or through others; the modules of its week, which its
    own cells may import; and the data that lie beside any of them. Nothing of the ``grader`` package is among them.
    """
    repo, own = Path(repo).resolve(), Path("solutions", week, name)
    modules: set[Path] = set()
    modules_of_week = [path.relative_to(repo) for path in (repo / week).glob("*.py")]
    waiting = [own / "keys.py"]
    waiting += [path for path in modules_of_week if not path.stem.endswith("_questions")]  # the rest if it is imported
    try:
        while waiting:
            path = waiting.pop()
            if path not in modules and (repo / path).is_file():
                modules.add(path)
                waiting += [parent / "__init__.py" for parent in path.parents if parent.parts]
                waiting += _imported(repo, path)
    except _Unfollowed:
        weeks = [path for path in repo.glob("week*/*") if path.suffix not in (".ipynb", ".md") and path.is_file()]
        return tuple(sorted(path.relative_to(repo) for path in [*_files_below(repo / "solutions"), *weeks]))
    folders = {own, Path(week), *(path.parent for path in modules)}
    data = {path.relative_to(repo) for folder in folders if folder.parts for path in data_in(repo / folder)}
    return tuple(sorted(modules | data))


def packages_of(repo: str | Path) -> tuple[Path, ...]:
    """The week folders of a course that hold modules, which any of its notebooks may import."""
    return tuple(sorted({path.parent for path in Path(repo).resolve().glob("week*/*.py")}))


def digest_with(code: str, released: NotebookNode) -> str:
    """Of everything of the course's that decides a grade; `code`: that of the files beside the released notebook."""
    return sha256(f"{code}\n{text_of(released)}".encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_notebook(repo: Path, week: str, name: str, released: NotebookNode) -> str:
    """The `digest` of its `NotebookSpec`, without loading a hidden test."""
    return digest_with(digest_of_files(repo, deciding_files(repo, week, name)), released)


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not _is_left_behind(path.relative_to(folder)))


def _is_left_behind(path: Path) -> bool:
    """Of an editor, a linter or Python itself, rather than of the course."""
    return path.name.endswith("~") or any(part == "__pycache__" or part.startswith(".") for part in path.parts)


def data_in(folder: Path) -> Iterator[Path]:
    """The data of a package: in its folder and in those below that are no packages themselves.

    Not the records of questions: notebooks check by them, and the judge does not.
    """
    for path in folder.iterdir() if folder.is_dir() else ():
        if _is_left_behind(Path(path.name)):
            continue
        if path.is_file() and path.suffix not in _NO_DATA and not path.stem.endswith("_questions"):
            yield path
        elif path.is_dir() and not (path / "__init__.py").exists():
            yield from data_in(path)


def _imported(repo: Path, path: Path) -> list[Path]:
    """The modules of the course that a Python file imports, anywhere in it. Raises ``_Unfollowed``."""
    try:
        text = decode_source((repo / path).read_bytes())
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        raise _Unfollowed from None
    public = path.parts[0] != "solutions"
    # Imports are statements. A name may stand anywhere: it is looked for where the text, as Python reads it, has it.
    named = (_NAMED_IN_PUBLIC if public else _NAMED_IN_SECRET).search(unicodedata.normalize("NFKC", text))
    found: list[Path] = []
    for node in ast.walk(tree) if named else _statements(tree):
        if _hides(node, public):
            raise _Unfollowed
        for name in _names_imported(node, path):
            found += _modules_called(repo, name)
    return found


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for inner in getattr(node, part, ()):
            yield inner
            yield from _statements(inner)


def _hides(node: ast.AST, public: bool) -> bool:
    """Whether a piece of code may load or read what its text does not name; ``public``: of a week's own module."""
    if isinstance(node, ast.Import):
        return any(not _is_followed(alias.name, public) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return not node.level and not _is_followed(node.module or "", public)
    names = _UNFOLLOWED_NAMES if public else _UNFOLLOWED_NAMES | _READS
    if isinstance(node, ast.Attribute):
        return node.attr in names
    return isinstance(node, ast.Name) and node.id in names


def _is_followed(module: str, public: bool) -> bool:
    top = module.split(".")[0]
    return top.startswith("week") or top in (_FOLLOWED_IN_WEEKS if public else _FOLLOWED)


def _names_imported(node: ast.AST, path: Path) -> Iterator[str]:
    """Full names of what an import statement in the file ``path`` may load: modules, or things inside modules."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = path.parts[: len(path.parts) - node.level] if node.level else ()
        module = ".".join([*package, *filter(None, [node.module])])
        yield module
        yield from (f"{module}.{alias.name}" for alias in node.names)


def _modules_called(repo: Path, name: str) -> list[Path]:
    """The files that are loaded for a full name; ``package.*`` may load every module of the package."""
    *parents, last = parts = name.split(".")
    if parts[0] == "grader" or "" in parts:
        return []
    folder = Path(*parents)
    if last == "*":
        is_package = (repo / folder / "__init__.py").is_file()
        return [path.relative_to(repo) for path in (repo / folder).rglob("*.py")] if is_package else []
    # A package stands for its __init__.py, not for all that lies in it.
    return [folder / f"{last}.py", folder / last / "__init__.py"]
