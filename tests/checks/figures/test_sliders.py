"""Figures with sliders: a still picture for every setting, and a picture that follows the sliders."""

import sys

import pytest

from grader.checks.figures import sliders

plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(autouse=True)
def no_open_figures():
    yield
    plt.close("all")


def draw(ax, eta):
    ax.set_title(f"eta {eta}")


def draw_two(axes, eta):
    axes[1].set_title(f"eta {eta}")


def test_stills_stand_side_by_side():
    """One panel: a row of settings. Two panels: a row for each setting."""
    row = sliders.explore(draw, [{"eta": 1}, {"eta": 2}])
    assert [ax.get_title() for ax in row.axes] == ["eta 1", "eta 2"]
    grid = sliders.explore(draw_two, [{"eta": 1}, {"eta": 2}], panels=2)
    assert [ax.get_title() for ax in grid.axes] == ["", "eta 1", "", "eta 2"]


def shown(monkeypatch):
    """What `explore` displays when it is in a notebook."""
    found = []
    monkeypatch.setattr(sliders, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: found.append(thing))
    sliders.explore(draw, [{"eta": 0.25}], sliders={"eta": (0.0, 1.0, 0.25)})
    return found


def test_a_figure_carries_its_alternative_text(monkeypatch):
    """In the metadata of its picture, where readers of notebooks look for it; without a text, no metadata."""
    pytest.importorskip("IPython")
    found = []
    monkeypatch.setattr(sliders, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda thing, metadata: found.append(metadata))
    sliders.show(plt.figure(), "two lines that cross")
    sliders.explore(draw, [{"eta": 1}], alt="one line")
    sliders.show(plt.figure())
    assert found == [{"image/png": {"alt": "two lines that cross"}}, {"image/png": {"alt": "one line"}}, None]
    assert not plt.get_fignums()


def test_a_slider_that_moves_draws_anew(monkeypatch):
    """The still picture first, then the sliders, at the first setting."""
    pytest.importorskip("ipywidgets")
    still, box = shown(monkeypatch)
    slider, image = box.children
    before = image.value
    assert (slider.value, slider.min, slider.max) == (0.25, 0.0, 1.0)
    slider.value = 0.75
    assert image.value != before
    assert not plt.get_fignums()


def test_without_ipywidgets_the_still_picture_is_all(monkeypatch):
    """No error and no sliders."""
    pytest.importorskip("IPython")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert len(shown(monkeypatch)) == 1
