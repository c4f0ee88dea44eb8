"""``from google.colab import ...`` inside a function, as on a machine of Colab's without anybody in front of it.

A statement of a cell that raises takes nothing else with it, but a function that raises is wrong, though all it wanted
was a progress sound or a download. So a function is given things that do nothing. Everywhere else the import fails as
it does on any other machine than Colab's, and so does ``import google.colab`` alone, by which code asks where it is.

Runs beside student code and promises nothing against it.
"""

from __future__ import annotations

import dis
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from types import FrameType, ModuleType
from typing import Any

PACKAGE = "google.colab"


class Nothing:
    """Does nothing, whatever is asked of it; false, empty, and a context."""

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()

    def __call__(self, *_: object, **__: object) -> Nothing:
        return Nothing()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds ``google.colab`` and what is in it, for functions; asked when nothing else has found it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        wanted = name == "google" or f"{name}.".startswith(f"{PACKAGE}.")
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if wanted and _by_a_function() else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        def get(name: str) -> Nothing:
            if module.__name__ == "google" and name != "colab":
                raise AttributeError(name)
            return Nothing().__getattr__(name)

        module.__getattr__ = get  # type: ignore[method-assign]


def _by_a_function() -> bool:
    """Whether the import that is going on takes something from the package, inside a function."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    if frame is None or frame.f_code.co_name == "<module>":
        return False
    code, at = frame.f_code.co_code, frame.f_lasti
    return at + 2 < len(code) and dis.opname[code[at + 2]] == "IMPORT_FROM"


def install() -> None:
    sys.meta_path.append(Finder())
