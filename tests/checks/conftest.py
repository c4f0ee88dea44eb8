"""Figures that tests of other folders left open in this process are no business of the checks' tests."""

import sys

import pytest


@pytest.fixture(autouse=True)
def no_figures_from_before():
    """Some tests here look whether they leave a figure open."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
