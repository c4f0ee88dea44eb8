"""The pinned environment, the package's metadata, and what is built from them, agree."""

import ast
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import tomllib
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)(\[[a-z,]+\])?==([0-9][0-9a-z.+-]*)( ; [^#]+?)?( +# via .*)?$")


def pins(text: str) -> dict[str, dict[str, str]]:
    """{name: {marker: version}} of a requirements file in which every line is an exact pin."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            match = PIN.match(line)
            assert match, f"not an exact pin: {line}"
            found.setdefault(canonicalize_name(match[1]), {})[(match[4] or "").removeprefix(" ; ")] = match[3]
    return found


@pytest.fixture(scope="module")
def pinned(repo):
    """Both files: what everyone installs, and what only tests need besides, which replaces nothing of it."""
    main, oracle = (pins((repo / name).read_text()) for name in ("requirements.txt", "requirements-oracle.txt"))
    versions = {name: set(of.values()) for name, of in main.items()}
    assert {name: of for name, of in oracle.items() if set(of.values()) != versions.get(name, set(of.values()))} == {}
    return oracle | main


@pytest.fixture(scope="module")
def project(repo):
    return tomllib.loads((repo / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("line", ["numpy>=2", "numpy", "numpy==2.*", "numpy @ https://example.org/numpy.whl", "-e ."])
def test_a_loose_pin_is_found(line):
    """Anything but name==version fails the reading."""
    with pytest.raises(AssertionError):
        pins(line)


def test_every_dependency_is_pinned_above_its_floor(pinned, project):
    """What pyproject.toml asks for, extras included, stands in requirements.txt at a version it allows."""
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (Requirement(text) for group in groups for text in group):
        for version in pinned[canonicalize_name(requirement.name)].values():
            assert requirement.specifier.contains(version), f"{requirement} is pinned at {version}"


def test_what_runs_here_is_what_is_pinned(pinned):
    """The tests run in the environment that requirements.txt describes (else: make setup)."""
    here = {
        name: version
        for name, versions in pinned.items()
        for marker, version in versions.items()
        if not marker or Marker(marker).evaluate()
    }
    assert {name: metadata.version(name) for name in here} == here


def test_every_import_is_a_declared_dependency(repo, project):
    """A third-party module that grader/ imports comes from a package that pyproject.toml names."""
    declared = {
        canonicalize_name(Requirement(text).name)
        for group in (project["dependencies"], *project["optional-dependencies"].values())
        for text in group
    }
    providers = metadata.packages_distributions()
    trees = [ast.parse(path.read_text()) for path in (repo / "grader").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"grader", "solutions"}
    undeclared = {top for top in tops if declared.isdisjoint(map(canonicalize_name, providers.get(top, [])))}
    assert "numpy" in tops and not undeclared


def test_a_students_install_is_small(project):
    """The plain install brings what a notebook needs, and Colab's versions of 2026 satisfy it."""
    colab = {"numpy": "2.1.3", "matplotlib": "3.10.0", "scikit-learn": "1.6.1", "tqdm": "4.67.1"}
    required = [Requirement(text) for text in project["dependencies"]]
    assert {requirement.name for requirement in required} == set(colab)
    assert all(requirement.specifier.contains(colab[requirement.name]) for requirement in required)


def test_what_is_built_holds_the_package_and_no_secret(repo, tmp_path):
    """Wheel and source archive contain grader/ and the weeks' modules, and nothing of solutions/ or tests/."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    subprocess.run(command, cwd=repo, check=True, capture_output=True)
    wheel = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        source = [name.split("/", 1)[1] for name in archive.getnames()]
    assert "grader/checks/__init__.py" in wheel and "grader/checks/__init__.py" in source
    modules = {path.relative_to(repo).as_posix() for path in repo.glob("week*/*.py")}
    others = {name for name in wheel if ".dist-info/" not in name and not name.startswith("grader/")}
    assert modules and modules <= others and modules <= set(source)
    assert {Path(name).suffix for name in others} <= {".py", ".json"}
    assert not [name for name in source if name.split("/")[0] in ("solutions", "tests", ".venv")]
