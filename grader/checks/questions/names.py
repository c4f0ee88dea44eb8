"""The names of the notebook, as a question sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class Names:
    """`student.Dense` is what the notebook calls `Dense`, as it stands now. Errors: `NameError`, as in the notebook."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.__dict__["_namespace"] = namespace

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self._namespace:
            raise NameError(f"name {name!r} is not defined")
        return self._namespace[name]

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a question changes no name of the notebook")

    def has(self, name: str) -> bool:
        """Is the name defined?"""
        return name in self._namespace


@contextmanager
def replacing(namespace: dict[str, Any], others: Mapping[str, Callable]) -> Iterator[None]:
    """Put functions in place of names of the notebook, and what was there back again."""
    missing = object()
    before = {name: namespace.get(name, missing) for name in others}
    namespace.update(others)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is missing:
                namespace.pop(name, None)
            else:
                namespace[name] = value
