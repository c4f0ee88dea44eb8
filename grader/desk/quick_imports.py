"""What packages import that no command of the desk needs is put off: it is most of the time that a small one takes."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable
from types import ModuleType

# nbformat imports jsonschema, which can check these if the packages are there, and no notebook has any of them. The
# first alone builds 39 grammars of web addresses: more than a second.
FORMATS = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "uri_template", "webcolors", "fqdn")


# What the desk needs of these are a few modules. nbgrader's own file imports four extensions of the Jupyter server, and
# with them nearly all of nbgrader and nbconvert; nbformat's all versions of the format, and what validates them.
PACKAGES = ("nbgrader", "nbformat", "nbformat.v4")


def put_off_what_nobody_uses() -> None:
    """To be called before nbformat and nbgrader are imported; what has been imported is left as it is."""
    for name in FORMATS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    for name in PACKAGES:
        if name not in sys.modules:
            _put_package_off(name)
    # nbgrader names three functions for `nbgrader zip_collect`, and asks JupyterHub through requests.
    if "setuptools" not in sys.modules:
        _put_off("setuptools.archive_util", ("unpack_archive", "unpack_tarfile", "unpack_zipfile"))
    _put_off("requests")


def _put_package_off(name: str) -> None:
    """A package of which the file itself is run only when what it defines is asked for; its modules are as they are."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    package = importlib.util.module_from_spec(spec)

    def asked_for(asked: str) -> object:
        if asked == "__version__":  # modules of the package ask for it while they are imported
            return importlib.import_module(f"{name}._version").__version__
        if asked.startswith("__"):
            raise AttributeError(asked)
        if importlib.util.find_spec(f"{name}.{asked}"):
            return importlib.import_module(f"{name}.{asked}")
        for inner in PACKAGES:
            if inner.startswith(f"{name}."):
                _make_whole(inner)  # which it would import first
        _make_whole(name)
        return getattr(package, asked)

    package.__dict__["__getattr__"] = asked_for
    sys.modules[name] = package
    parent, _, last = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], last, package)


def _make_whole(name: str) -> None:
    """Run the file of a package that was put off, if it has not been run yet."""
    package = sys.modules[name]
    if package.__dict__.pop("__getattr__", None):
        package.__spec__.loader.exec_module(package)  # type: ignore[union-attr]


def _put_off(name: str, functions: Iterable[str] = ()) -> None:
    """A module imported when something of it is used: at the first call, for what is named of it in an import."""
    module = ModuleType(name)

    def imported() -> ModuleType:
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return importlib.import_module(name)

    def function(called: str) -> object:
        return lambda *values, **options: getattr(imported(), called)(*values, **options)

    def asked_for(asked: str) -> object:
        # Imports themselves look for special names; for this one where something in the package is to be imported.
        if asked.startswith("__") and (asked != "__path__" or functions):
            raise AttributeError(asked)
        return getattr(imported(), asked)

    module.__dict__.update({called: function(called) for called in functions}, __getattr__=asked_for)
    sys.modules.setdefault(name, module)
