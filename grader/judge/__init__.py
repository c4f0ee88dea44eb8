"""Asks the sandbox for numbers and decides outside it.

What hidden tests need is exported here, and imported, with numpy, when it is asked for: results are read without it.
The rest is imported from its module.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.judge.hidden import Rank, expect, expect_that, expect_unchanged, expect_verdict, hidden_test
    from grader.judge.standin import Standin, drain, kept, prop, repeat

__all__ = [
    "Rank",
    "Standin",
    "drain",
    "expect",
    "expect_that",
    "expect_unchanged",
    "expect_verdict",
    "hidden_test",
    "kept",
    "prop",
    "repeat",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    standin = name in ("Standin", "drain", "kept", "prop", "repeat")
    return getattr(import_module("grader.judge.standin" if standin else "grader.judge.hidden"), name)
