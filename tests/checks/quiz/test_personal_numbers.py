"""Personal questions: a name decides the numbers, for ever; neighbours differ; every draw can be asked."""

import json
import unicodedata
from hashlib import sha256

import numpy as np
import pytest

from grader.checks.quiz import personal_figures, personal_numbers
from grader.checks.quiz.tex import column, linear, matrix, plain
from week02_matrix_diff import quiz_1_questions, quiz_2_questions

QUESTIONS = {
    one.key: one
    for module in (quiz_1_questions, quiz_2_questions)
    for one in vars(module).values()
    if getattr(one, "key", None)
}
KEYS = list(QUESTIONS)
CLASS = [f"Student {number}" for number in range(1000)]
every_question = pytest.mark.parametrize("key", KEYS)


@pytest.mark.parametrize(
    "typed",
    ["ada lovelace", "ADA  LOVELACE", " Ada\tLovelace\n", "AdaLovelace", "Ａｄａ Lovelace", "Ada\u200b Lovelace"],
)
def test_how_a_name_is_typed_makes_no_difference(typed):
    """Case, spaces, full-width letters and invisible characters do not count."""
    assert personal_numbers.normalised(typed) == personal_numbers.normalised("Ada Lovelace")
    assert personal_numbers.code(typed) == personal_numbers.code("Ada Lovelace")


@pytest.mark.parametrize("name", ["Çelik Öztürk", "Żółć", "Ångström", "ИЙ", "STRASSE"])
def test_composed_and_decomposed_accents_are_one_name(name):
    """A name typed on another keyboard has the same numbers; so has `ß` in capitals."""
    forms = {personal_numbers.normalised(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1
    assert personal_numbers.normalised("Straße") == personal_numbers.normalised("STRASSE")


def test_other_names_have_other_codes():
    """Also where they differ by an accent or a word only."""
    names = ["Ada", "Adá", "Ada L", "Ad a b", "李明", "李 敏", *CLASS]
    assert len({personal_numbers.code(name) for name in names}) == len(names)


@pytest.mark.parametrize("name", ["", "   ", "...", "\u200b", 7, ["Ada"]])
def test_what_is_no_name_is_refused_in_words(name):
    """The message says what to write."""
    with pytest.raises(personal_numbers.NoName, match="quotes"):
        personal_numbers.normalised(name)


def test_a_name_not_yet_written_is_a_stub():
    """Like every exercise that is not written."""
    with pytest.raises(NotImplementedError):
        QUESTIONS[KEYS[0]](None)


def test_a_missing_name_is_told_where_the_questions_would_stand(capsys):
    """Run All on the released notebook reaches its end."""
    for name in (None, "", 5):
        personal_numbers.greet(name)
        personal_numbers.ask(QUESTIONS[KEYS[0]], name)
    told = capsys.readouterr().out
    assert told.count("Your numbers appear here") == 3 and "not written yet" in told and told.count("✗") == 2


def test_the_numbers_of_a_name_never_change():
    """A change here changes every student's quiz: regrading old work would then be wrong."""
    drawn = {key: vars(QUESTIONS[key]("Ada Lovelace").numbers) for key in KEYS}
    digest = sha256(json.dumps(drawn, sort_keys=True).encode()).hexdigest()
    assert (personal_numbers.code("Ada Lovelace"), digest[:16]) == ("5F5-5D4", "de4ce93d61ba7f80")


def test_questions_of_one_student_are_drawn_independently():
    """The stream depends on the quiz, the question and the name."""
    streams = [
        personal_numbers.Draw("a", "b", "c"),
        personal_numbers.Draw("a", "bc"),
        personal_numbers.Draw("a", "b", "d"),
    ]
    assert len({tuple(stream.below(10) for _ in range(20)) for stream in streams}) == 3


def test_draws_are_even():
    """Each of six numbers comes up about a sixth of the time."""
    draw = personal_numbers.Draw("dice")
    counts = np.bincount([draw.below(6) for _ in range(6000)])
    assert len(counts) == 6 and abs(counts - 1000).max() < 120


def test_what_cannot_be_drawn_is_an_error():
    """A condition that nothing meets does not hang."""
    with pytest.raises(RuntimeError):
        personal_numbers.Draw("x").until(lambda: 1, lambda made: False)


@every_question
def test_every_name_gets_a_question(key):
    """1,000 names: text, options and blanks of the same form, and nothing of TeX in the plain text."""
    asked = [QUESTIONS[key](name) for name in CLASS]
    assert len({(len(q.options), len(q.blanks), bool(q.figure)) for q in asked}) == 1
    for q in asked:
        assert not set("\\${}") & set(q.plain()) and q.text.count("$") % 2 == 0
        assert len({text for _, text in q.options}) == len(q.options)
        assert not q.options or q.numbers.kinds == tuple(kind for kind, _ in q.options)


@every_question
def test_neighbours_have_other_numbers(key):
    """Two students in a row get the same question less often than one time in five."""
    asked = [QUESTIONS[key](name) for name in CLASS]
    read = [(question.markdown(), question.described) for question in asked]
    same = sum(left == right for left, right in zip(read[:-1], read[1:], strict=True))
    assert same < len(CLASS) / 5


@pytest.mark.parametrize("key", ["quiz_1.formula", "quiz_1.picture", "quiz_1.regions"])
@pytest.mark.parametrize(("kind", "beginning"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_figures_are_drawn_the_same_each_time(key, kind, beginning):
    """As a picture for the screen and for paper."""
    asked = QUESTIONS[key]("Ada Lovelace")
    first = personal_numbers.picture(asked, kind)
    assert first.startswith(beginning) and first == personal_numbers.picture(asked, kind)


@pytest.mark.parametrize("kind", ["one line", "two lines", "three lines"])
def test_every_border_of_a_region_can_be_seen(kind):
    """However it is turned and moved, each of its lines crosses the picture."""
    wanted = {"one line": 1, "two lines": 2, "three lines": 3}[kind]
    for name in CLASS:
        for found, turn, shift in QUESTIONS["quiz_1.regions"](name).numbers.panels:
            if found == kind:
                assert len(_visible_borders(kind, turn, shift)) == wanted


def _visible_borders(kind, turn, shift):
    """The sides of the outline of which at least a length of 0.5 lies in the picture."""
    angle = np.deg2rad(turn)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = personal_figures._outline(kind) @ turned + shift
    sides = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        points = start + np.linspace(0, 1, 400)[:, None] * (end - start)
        inside = (np.abs(points) < 1).all(axis=1).mean() * np.linalg.norm(end - start)
        sides += [inside] if inside > 0.5 else []
    return sides


@pytest.mark.parametrize(
    ("terms", "text"),
    [
        (((3, "x"), (-1, "y"), (4, "")), "3x - y + 4"),
        (((-1, "x"), (0, "y"), (-2, "")), "-x - 2"),
        (((1, "x"),), "x"),
        (((-1, ""),), "-1"),
        (((0, "x"),), "0"),
    ],
)
def test_sums_read_as_people_write_them(terms, text):
    """No `1x`, no `+ -2`."""
    assert linear(*terms) == text


def test_plain_text_of_matrices_and_greek():
    """What a terminal shows."""
    text = rf"$A = {matrix([[1, -2], [3, 4]])}$, $x = {column([5, 6])}$, $\eta = \tfrac12$, $A^\top \hat y$"
    assert plain(text) == "A = [[1, -2], [3, 4]], x = [[5], [6]], eta = 1/2, A^T y_hat"
