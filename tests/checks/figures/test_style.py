"""Figures show what they say, and nothing is drawn or printed more often than needed."""

import io
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
import tqdm

from grader import checks
from grader.checks.figures import style


@pytest.fixture(autouse=True)
def no_figures_left():
    """Every test starts and ends without open figures."""
    plt.close("all")
    with plt.rc_context():
        yield
    plt.close("all")


def test_style_has_distinct_colours_also_in_grey():
    """The palette is set, and neighbouring colours differ in lightness or the markers tell them apart."""
    checks.use_style()
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(style.COLOURS)
    assert len(set(style.COLOURS)) == len(set(style.MARKERS)) == 7


def test_live_curves_draw_once_where_nobody_watches(monkeypatch):
    """Outside a notebook the figure is made by close, with axes named, a legend and all points."""
    curves = checks.LiveCurves(x="epoch", y="accuracy", title="digits")
    for epoch in range(5):
        curves.add(epoch, train=epoch / 5, held_out=epoch / 6)
        assert curves.figure is None
    curves.close()
    axes = curves.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("epoch", "accuracy", "digits")
    assert [line.get_label() for line in axes.lines] == ["train", "held out"]
    assert axes.lines[1].get_ydata().tolist() == [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6]
    assert plt.get_fignums() == []


def test_live_curves_are_redrawn_at_a_bounded_rate(monkeypatch):
    """In a watched notebook, a thousand points within a second are drawn a few times only."""
    now = [0.0]
    drawn = []
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setattr(style, "in_notebook", lambda: True)
    monkeypatch.setattr(style.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(style.LiveCurves, "_display", lambda self: drawn.append(now[0]))
    with checks.LiveCurves(seconds=0.25) as curves:
        for step in range(1000):
            now[0] = step / 1000
            curves.add(step, loss=1.0)
    assert drawn == [0.0, 0.25, 0.5, 0.75, 0.999]


def test_empty_curves_close_quietly():
    """No point, no figure."""
    with checks.LiveCurves() as curves:
        pass
    assert curves.figure is None


def test_mistakes_are_shown_with_both_labels():
    """Only the wrong ones, with what they are and what they were read as, and how many there are."""
    images = np.random.default_rng(0).uniform(size=(9, 64))
    truth, read_as = np.arange(9), np.array([0, 1, 7, 3, 4, 1, 6, 7, 0])
    figure = checks.show_mistakes(images, truth, read_as, most=2, columns=2)
    assert [axis.get_title() for axis in figure.axes] == ["2 read as 7", "5 read as 1"]
    assert figure.axes[0].images[0].get_array().shape == (8, 8)
    assert figure.texts[0].get_text() == "3 of 9 wrong, the first 2"


def test_no_mistakes_is_a_figure_too():
    """A perfect net gets an empty picture that says so."""
    figure = checks.show_mistakes(np.zeros((2, 8, 8)), [1, 2], [1, 2])
    assert figure.texts[0].get_text() == "0 of 2 wrong"
    assert not any(axis.images for axis in figure.axes)


def test_progress_is_silent_where_nobody_watches(capsys):
    """The items come through; nothing is printed."""
    assert list(checks.progress(range(5), desc="training")) == [0, 1, 2, 3, 4]
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_progress_is_shown_on_a_terminal_and_can_be_silenced(monkeypatch):
    """A terminal gets a bar; GRADER_QUIET=1 takes it away."""
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", terminal)
    # Another test of this process may have made a Jupyter kernel, for which tqdm then chose a widget.
    monkeypatch.setitem(sys.modules, "tqdm.auto", tqdm)
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    assert list(checks.progress(range(3), desc="training", leave=True)) == [0, 1, 2]
    assert "training: 100%" in terminal.getvalue()
    terminal.truncate(0)
    monkeypatch.setenv("GRADER_QUIET", "1")
    assert list(checks.progress(range(3), desc="training", leave=True)) == [0, 1, 2]
    assert "training" not in terminal.getvalue()


def test_import_is_light():
    """`import grader.checks` loads numpy, the standard library and itself; matplotlib and the rest come when used."""
    assert _loaded("from grader import checks") - _loaded("import numpy") - set(sys.stdlib_module_names) == {"grader"}


def _loaded(statement):
    """Names of the top-level modules that a fresh interpreter holds after a statement."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
