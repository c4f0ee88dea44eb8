"""What of this machine is seen inside the sandbox: the interpreter, its libraries, our helper, and nothing else.

Every folder keeps the path it has outside, because interpreters and libraries remember theirs. Our own package is the
exception: only what a notebook and the judge's helper import is bound, under ``/sandbox/lib``, so that an editable
install of the project shows nothing of the checkout.
"""

import sys
from collections.abc import Iterable
from importlib.util import cache_from_source
from pathlib import Path

SANDBOX = Path("/sandbox")  # everything of ours inside the sandbox
LIBRARY = SANDBOX / "lib"
RUN = SANDBOX / "run"
FILES = SANDBOX / "files"
HOME = Path("/tmp/home")
WORK = Path("/tmp/work")

PACKAGE = Path(__file__).resolve().parents[2]
# What of our package can be imported inside, relative to it.
PUBLIC = (
    "__init__.py",
    "checks",
    "sandbox/__init__.py",
    "sandbox/inside",
    "sandbox/protocol/__init__.py",
    "sandbox/protocol/channel.py",
    "sandbox/protocol/values.py",
)

# /usr without what a distribution does not put there: /usr/local and /usr/src may hold anything.
SYSTEM = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share")
LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
CONFIGURATION = ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")


def interpreter() -> Path:
    """The python that runs student code: the one that runs this, with its environment's libraries."""
    return Path(sys.executable)


def library_folders() -> list[str]:
    """Folders of installed packages, in the order of ``sys.path``."""
    folders = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return [path for path in dict.fromkeys(folders) if Path(path).is_dir()]


def bound_folders() -> list[Path]:
    """Files and folders to bind read-only at their own path, parents before children."""
    wanted = [Path(path) for path in (*SYSTEM, *CONFIGURATION)]
    wanted += [Path(path) for path in LINKS if not Path(path).is_symlink()]
    wanted += _of_the_interpreter()
    wanted += [Path(path) for path in library_folders()]
    return sorted({path for path in wanted if path.exists()})


def _of_the_interpreter() -> list[Path]:
    base = Path(sys.base_prefix)
    paths = [base / "bin", base / "lib", base / "lib64"] if str(base) != "/usr" else []
    prefix = Path(sys.prefix)
    if prefix != base:
        paths += [prefix / "pyvenv.cfg", prefix / "bin"]
    return paths


def symbolic_links() -> list[tuple[str, str]]:
    """``(link, target)`` for the links of a merged /usr."""
    return [(path, str(Path(path).readlink())) for path in LINKS if Path(path).is_symlink()]


def hidden_folders() -> list[Path]:
    """Folders that lie inside a bound one and must not be seen: our own package, or the checkout it is in."""
    own = PACKAGE if str(PACKAGE.parent) in library_folders() else PACKAGE.parent
    return [own] if any(folder in own.parents or folder == own for folder in bound_folders()) else []


def package_files(packages: Iterable[Path] = ()) -> list[tuple[Path, Path]]:
    """``(outside, inside)`` for what can be imported inside: the parts of our package, and modules of ``packages``.

    Of each of these folders only Python files and records (JSON) directly in it are seen, under the folder's name; and
    what Python has compiled of them, else every notebook would do it again.
    """
    ours = [(PACKAGE / name, LIBRARY / "grader" / name) for name in PUBLIC]
    given = [(path, LIBRARY / path.parent.name / path.name) for path in modules_of(packages)]
    modules = [(Path(cache_from_source(path)), inside.parent) for path, inside in given if path.suffix == ".py"]
    compiled = [(path, folder / "__pycache__" / path.name) for path, folder in modules if _is_plain(path)]
    return ours + given + compiled


def modules_of(packages: Iterable[Path]) -> list[Path]:
    """The files of ``packages`` that are seen inside."""
    found = [path for folder in packages for ending in ("*.py", "*.json") for path in folder.glob(ending)]
    return sorted(filter(_is_plain, found))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
