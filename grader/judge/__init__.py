"""Asks the sandbox for numbers and decides outside it.

What hidden tests need is exported here; the rest is imported from its module.
"""

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
