"""What a hidden test's verdict depends on, as a digest: its own source, and what it uses of the solutions folder.

So an edit of one hidden test, or of a helper that only it uses, leaves the digests of the others as they are. What
cannot be followed makes the digest depend on the whole folder: then too much is graded again, never too little.
"""

import inspect
import sys
import types
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np


class _Unknown(Exception):
    """Something that cannot be followed."""


def digests_of(tests, folder):
    """The digests of ``HiddenTest``s, by name, that are defined below ``folder``, the solutions of the course."""
    sources = _Sources(Path(folder).resolve())
    return {test.name: _digest_of(test, folder, sources) for test in tests}


def _digest_of(test, folder, sources):
    reader = _Reader(sources)
    declared = repr((test.cell, test.name, test.title, test.points, test.seconds))
    try:
        reader.add(declared.encode())
        reader.value(test.function)
    except _Unknown:
        reader = _Reader(sources)
        reader.add(declared.encode())
        for path in sorted(Path(folder).rglob("*.py")):
            reader.add(str(path.relative_to(folder)).encode() + path.read_bytes())
    return reader.digest.hexdigest()


class _Sources:
    """Where things are defined below a folder, and their source; each looked up once."""

    def __init__(self, folder):
        self.folder = folder
        self._texts = {}
        self._files = {}

    def ours(self, value):
        """Whether a module, class or function is defined below the folder."""
        if not isinstance(value, (types.ModuleType, type, types.FunctionType)):
            return False
        module = value.__name__ if isinstance(value, types.ModuleType) else value.__module__
        if module not in self._files:
            path = getattr(sys.modules.get(module), "__file__", None)
            self._files[module] = bool(path) and self.holds(path)
        return self._files[module]

    def holds(self, path):
        """Whether a file lies below the folder."""
        return self.folder in Path(path).resolve().parents

    def text(self, value):
        """Its source. Raises ``_Unknown``."""
        key = (value.__module__, value.__qualname__, getattr(getattr(value, "__code__", None), "co_firstlineno", 0))
        if key not in self._texts:
            try:
                self._texts[key] = inspect.getsource(value).encode()
            except (OSError, TypeError):
                raise _Unknown from None
        return self._texts[key]


class _Reader:
    def __init__(self, sources):
        self.sources = sources
        self.digest = sha256()
        self.seen = {}  # by id; holds the objects, so that no id is used again

    def add(self, data):
        self.digest.update(len(data).to_bytes(8, "big") + data)

    def value(self, value):
        """Take in a value that a test refers to."""
        if value is None or isinstance(value, (bool, int, float, complex, str, bytes, type(...), range, slice)):
            self.add(repr(value).encode())
        elif isinstance(value, (np.ndarray, np.generic)):
            if value.dtype.hasobject:
                raise _Unknown
            self.add(repr((value.dtype.str, value.shape)).encode() + value.tobytes())
        elif id(value) in self.seen:
            self.add(b"seen")
        else:
            self.seen[id(value)] = value
            self._object(value)

    def _object(self, value):
        if isinstance(value, (list, tuple)):
            self._items(type(value).__name__, value)
        elif isinstance(value, (set, frozenset)):
            self._items("set", sorted(value, key=repr))
        elif isinstance(value, (dict, types.MappingProxyType)):
            self._items("dict", [part for item in value.items() for part in item])
        elif isinstance(value, types.ModuleType):
            self._module(value)
        elif isinstance(value, types.FunctionType):
            self._function(value)
        elif isinstance(value, type):
            self._class(value)
        elif isinstance(value, (staticmethod, classmethod, types.MethodType)):
            self.value(value.__func__)
            self.value(getattr(value, "__self__", None))
        elif isinstance(value, property):
            self._items("property", [value.fget, value.fset, value.fdel])
        elif hasattr(value, "cache_parameters"):  # functools.cache and its kind
            self.value(value.__wrapped__)
        elif isinstance(value, partial):
            self._items("partial", [value.func, value.args, value.keywords])
        elif isinstance(value, (types.BuiltinFunctionType, np.ufunc, type(np.linalg.inv))):
            self.add(f"{getattr(value, '__module__', '')}.{value.__name__}".encode())
        elif self.sources.ours(type(value)) or type(value).__module__.startswith("grader."):
            self.value(type(value))
            self._items("fields", [part for item in sorted(vars(value).items()) for part in item])
        else:
            raise _Unknown

    def _items(self, kind, items):
        self.add(f"{kind} {len(items)}".encode())
        for item in items:
            self.value(item)

    def _module(self, module):
        self.add(module.__name__.encode())
        if self.sources.ours(module):
            self.add(Path(module.__file__).read_bytes())
            members = [value for _, value in sorted(vars(module).items())]
            self._items("module", [value for value in members if self._foreign_to(value, module)])

    def _foreign_to(self, value, module):
        """Whether a module got ``value`` from another module of ours, whose source it does not hold."""
        if isinstance(value, types.ModuleType):
            return self.sources.ours(value)
        return getattr(value, "__module__", module.__name__) != module.__name__ and self.sources.ours(value)

    def _function(self, function):
        self.add(f"{function.__module__}.{function.__qualname__}".encode())
        if not self.sources.ours(function) and not function.__closure__:
            return  # of a library or of the grader itself, whose version counts elsewhere
        self.add(self.sources.text(function))
        self._items("defaults", [function.__defaults__, function.__kwdefaults__])
        for cell in function.__closure__ or ():
            try:
                self.value(cell.cell_contents)
            except ValueError:  # not filled yet
                self.add(b"empty")
        self._names(function.__code__, function.__globals__)
        if hasattr(function, "__wrapped__"):
            self.value(function.__wrapped__)

    def _names(self, code, names):
        """Global names that the code, or a function inside it, mentions. Attributes of that name come along."""
        for name in sorted(set(code.co_names)):
            if name in names:
                self.add(name.encode())
                self.value(names[name])
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._names(constant, names)

    def _class(self, cls):
        self.add(f"{cls.__module__}.{cls.__qualname__}".encode())
        if not self.sources.ours(cls):
            return
        self.add(self.sources.text(cls))
        self._items("bases", list(cls.__bases__))
        for name, member in sorted(vars(cls).items()):
            if isinstance(member, types.FunctionType) and not self.sources.holds(member.__code__.co_filename):
                continue  # made by dataclasses from the source of the class
            if isinstance(member, (types.FunctionType, staticmethod, classmethod, property)):
                self.add(name.encode())
                self.value(member)
