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


def put_off_what_nobody_uses() -> None:
    """To be called before nbformat and nbgrader are imported; what has been imported is left as it is."""
    for name in FORMATS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    if "nbgrader" not in sys.modules:
        _put_nbgrader_without_its_servers()
    # nbgrader names three functions for `nbgrader zip_collect`, and asks JupyterHub through requests.
    if "setuptools" not in sys.modules:
        _put_off("setuptools.archive_util", ("unpack_archive", "unpack_tarfile", "unpack_zipfile"))
    _put_off("requests")


def _put_nbgrader_without_its_servers() -> None:
    """The package `nbgrader`, of which the file itself is run only when what it defines is asked for.

    That file imports four extensions of the Jupyter server, and with them nearly all of nbgrader and nbconvert. The
    gradebook, which is what the desk needs, is two modules.
    """
    spec = importlib.util.find_spec("nbgrader")
    if spec is None or spec.loader is None:
        return
    package, loader = importlib.util.module_from_spec(spec), spec.loader

    def asked_for(name: str) -> object:
        if name == "__version__":  # modules of the package ask for it while they are imported
            return importlib.import_module("nbgrader._version").__version__
        if name.startswith("__") or importlib.util.find_spec(f"nbgrader.{name}"):
            raise AttributeError(name)  # a module of the package is imported next by whoever asks for it
        del package.__dict__["__getattr__"]
        loader.exec_module(package)
        return getattr(package, name)

    package.__dict__["__getattr__"] = asked_for
    sys.modules["nbgrader"] = package


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
