"""The HTML of visible checks: the same words as the text, safe, readable on a phone, in light and in dark."""

import re
from html import unescape

import numpy as np
import pytest

from grader import checks
from grader.checks.exercise.heat_map import error_map, picture
from grader.checks.exercise.html import html
from grader.checks.exercise.results import ExerciseReport, Result
from grader.judge.sanitise.html import clean_html

W = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])


def report_of(judge, name="dense"):
    """The report of one exercise whose checks are made by `judge(check)`."""
    with checks.exercise(name) as check:
        judge(check)
    return check.report


def wrong_gradient(check):
    check.that("starts with zero biases", True)
    check.gradient("gradient of weights", lambda W: 2 * np.sum(W**2), W, W, scales={"batch_size": 4})


def many(check):
    for _ in range(50):
        check.that("a long name " * 9, True)
        check.equal("backward", np.zeros((64, 32)), np.random.default_rng(0).normal(size=(64, 32)))


def words(page):
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S)).split())


def test_html_says_what_the_text_says():
    """A mark and a word for each property, the lines of a failure, then the picture; failures come first."""
    assert words(html(report_of(wrong_gradient))) == (
        "dense : 1 of 2 right "
        "✗ wrong gradient of weights, shape (2, 3) worst weights[0, 2] · yours 2 · numerical 8 "
        "pattern yours / numerical = 1/4 = 1/batch_size in all 6 entries "
        "likely averaged over the batch once too often; sum where the gradient is averaged already "
        "yours 0.5 -1 2 1.5 0.25 -0.75 numerical 2 -4 8 6 1 -3 relative error 0.75 0.75 0.75 0.75 0.75 0.75 "
        "✓ ok starts with zero biases"
    )


def test_the_worst_entry_is_framed_in_all_three_tables():
    """It is the one that the text names, by a frame and not by its colour."""
    framed = re.findall(r'<td class="worst"[^>]*>([^<]*)', html(report_of(wrong_gradient)))
    assert framed == ["2", "8", "0.75"]


def test_a_large_array_is_shown_in_blocks_by_its_worst_entries():
    """One wrong entry of 64 x 48 is still seen: a cross in the block it lies in."""
    right = np.ones((64, 48))
    yours = right.copy()
    yours[35, 23] = 1.5
    image = picture(yours, right, (35, 23), "expected")
    assert "64 x 48 entries: a square shows the worst of 8 x 4" in image
    assert len(re.findall("<td", image)) == 3 * 8 * 12
    assert [row.count("✗") for row in image.split("<tr>")[1:9]] == [0, 0, 0, 0, 1, 0, 0, 0]


def test_the_map_of_errors_holds_no_number_of_the_result():
    """Digits for how wrong an entry is; nothing where there is nothing to see."""
    right = np.arange(1.0, 13.0).reshape(3, 4)
    yours = right * [[1, 1, 1, 1.05], [1, np.nan, 1, 1], [-1, 1, 1, 1.0001]]
    assert error_map(yours, right) == "0002/0400/4001"
    for nothing in (right, 2 * right, right.T, 3.0, right.astype(str), [yours], right.astype(complex)):
        assert error_map(nothing, right) == ""
    large = np.zeros((90, 70))
    assert error_map(large + (np.arange(70) == 3), large).split("/") == ["400000000000"] * 8


def test_kinks_are_left_out_of_the_picture():
    """An entry that is not judged shows no number and no error."""
    judge = lambda check: check.gradient("x", lambda x: np.maximum(x, 0).sum(), np.array([0.0, 1, -1]), np.ones(3))  # noqa: E731
    assert "yours kink 1 1 numerical kink 1 0 relative error kink 0 1" in words(html(report_of(judge)))


def test_nan_is_shown_as_such():
    judge = lambda check: check.equal("loss", np.array([1.0, np.nan]), np.array([1.0, 2.0]))  # noqa: E731
    assert "yours 1 nan expected 1 2 relative error 0 nan" in words(html(report_of(judge)))


NO_PICTURE = {
    "other shapes": (np.ones(3), np.ones(4)),
    "a number": (np.array(1.0), np.array(2.0)),
    "complex": (np.array([1j, 2]), np.ones(2)),
}


@pytest.mark.parametrize("name", NO_PICTURE)
def test_nothing_is_drawn_that_cannot_be_compared(name):
    """The text alone says what is wrong with it."""
    yours, right = NO_PICTURE[name]
    assert "<table" not in html(report_of(lambda check: check.equal("result", yours, right)))


def stopped(check):
    raise ValueError("<img src=x onerror=alert(1)>")


def test_code_in_a_sentence_is_set_as_code():
    """And its signs stay what they are."""
    page = html(ExerciseReport("derive", [Result("a line", False, ["  pattern  `A + A.T` for `<2 * A>`"])]))
    assert "<code>A + A.T</code> for <code>&lt;2 * A&gt;</code>" in page


def not_written(check):
    raise NotImplementedError("<b>dense</b>")


@pytest.mark.parametrize("judge", [stopped, not_written, wrong_gradient, many])
def test_nothing_of_a_student_becomes_a_tag(judge):
    """Messages and names are escaped, and the feedback's own filter leaves the words as they are."""
    page = html(report_of(judge))
    assert "<img" not in page and "<b>dense</b>: not" not in page
    assert words(clean_html(page)) == words(page)


@pytest.mark.parametrize("judge", [stopped, not_written, wrong_gradient, many])
def test_no_check_is_too_large_for_a_notebook(judge):
    """Kilobytes, not megabytes."""
    assert len(html(report_of(judge))) < 30_000


@pytest.mark.browser
@pytest.mark.parametrize(("paper", "ink"), [("#ffffff", "#111111"), ("#111111", "#eeeeee")], ids=["light", "dark"])
def test_it_fits_a_phone_and_a_screen(browser, paper, ink):
    """At 360 pixels nothing sticks out, nothing is higher than a screen, and text has a contrast of 4.5 at least."""
    page = browser.new_page(viewport={"width": 360, "height": 640})
    boxes = "".join(f"<div class=box>{html(report_of(judge))}</div>" for judge in (wrong_gradient, many, stopped))
    page.set_content(f"<body style='background:{paper};color:{ink};margin:8px'>{boxes}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heights = page.evaluate("[...document.querySelectorAll('.box')].map(box => box.offsetHeight)")
    assert max(heights) <= 600
    shades = page.evaluate("[...document.querySelectorAll('td')].map(td => getComputedStyle(td).backgroundColor)")
    assert min(contrast(shade, paper, ink) for shade in set(shades)) >= 4.5
    page.close()


def contrast(shade, paper, ink):
    """WCAG's contrast of the ink on a translucent shade over the paper."""
    red, green, blue, *opacity = (float(part) for part in re.findall(r"[\d.]+", shade))
    alpha = opacity[0] if opacity else 1.0
    below = [int(paper[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [alpha * c + (1 - alpha) * b for c, b in zip((red, green, blue), below, strict=True)]
    bright, dark = sorted((luminance(mixed), luminance([int(ink[i : i + 2], 16) for i in (1, 3, 5)])), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
