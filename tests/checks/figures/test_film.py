"""A film: still pictures for those who read, a player for those who run."""

import sys

import pytest

from grader.checks.figures import film

plt = pytest.importorskip("matplotlib.pyplot")


def draw(axes, epoch):
    axes.set_title(f"epoch {epoch}")


def shown(monkeypatch):
    """What `film` displays when it is in a notebook."""
    found = []
    monkeypatch.setattr(film, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", found.append)
    film.film(draw, [0, 10, 100, 1000], stills=[0, 1000])
    return found


def test_stills_fill_rows():
    """Outside a notebook the still figure is returned; a panel that is left over is not seen."""
    figure = film.film(draw, [0, 10, 100], stills=[0, 10, 100])
    assert [axes.get_title() for axes in figure.axes if axes.get_visible()] == ["epoch 0", "epoch 10", "epoch 100"]
    plt.close(figure)


def test_playing_moves_the_slider_and_the_picture(monkeypatch):
    """And the slider moves the player, so that it goes on from there; no figure is left open."""
    pytest.importorskip("ipywidgets")
    _, box = shown(monkeypatch)
    (play, slider), image = box.children[0].children, box.children[1]
    first = image.value
    play.value = 2
    assert slider.label == "100" and image.value != first
    slider.value = 1
    assert play.value == 1
    slider.value = 0
    assert image.value == first
    assert not plt.get_fignums()
    assert repr(box) == "(a player, where this notebook runs)"  # all that is seen where it does not


def test_without_ipywidgets_the_stills_are_all(monkeypatch):
    """No error and no player."""
    pytest.importorskip("IPython")
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    assert len(shown(monkeypatch)) == 1
