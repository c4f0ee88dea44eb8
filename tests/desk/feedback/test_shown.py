"""What a student wrote and drew on their page: formulas, figures, code; harmless, and within bounds."""

import base64
import json
import struct

import nbformat
import pytest
from bs4 import BeautifulSoup

from grader.checks.diagnosis.verdict import Verdict
from grader.desk.feedback import exercises, shown
from grader.desk.feedback.exercises import MAX_CELLS, MAX_LINES, work_of
from grader.desk.feedback.feedback import feedback
from grader.desk.feedback.markdown import MAX_FORMULAS
from grader.desk.feedback.marks import Marks
from grader.desk.feedback.released import Sheet
from grader.desk.feedback.room import Room
from grader.desk.feedback.said import Lines, Said, Source, definitions, taken_apart
from grader.desk.feedback.shown import outputs_of, text_with_formulas
from grader.desk.grade.results import Store
from grader.desk.paper.mathml import LONGEST, formula
from grader.judge.sanitise import sanitise
from tests.desk import tiny
from tests.hostile.pages import active_parts

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 8, 8) + b"\0" * 999).decode()


@pytest.mark.parametrize(
    "text",
    [
        r"$\href{javascript:hostile()}{x}$",
        r"$\style{background:url(//hostile)}{x}$ $\class{total}{x}$ $\cssId{notes}{x}$",
        r'$\text{"><script>hostile()</script>}$',
        r"$\text{&lt;script&gt;hostile()&lt;/script&gt;}$",
        '![$x" onerror="hostile()$](http://a.b/c.png)',
        '[$x$](http://a.b "$y\\" onclick=hostile()$")',
        "&#xe000;0&#xe001; $x$ &#xe000;7&#xe001;",
        "# [x](javascript:hostile())",
        "<math href=javascript:hostile()>x</math>",
    ],
)
def test_a_formula_can_do_nothing(text):
    made = str(text_with_formulas(text))
    assert active_parts(made) == []
    assert not BeautifulSoup(made, "html.parser").select(
        "[href*=hostile], [style], [class], [id], [onerror], [onclick]"
    )


def test_formulas_are_mathml_and_what_is_none_is_shown_as_typed():
    assert "<mfrac>" in text_with_formulas(r"So $\frac{1}{2}$") and "<mtable" in formula(
        r"\begin{matrix}1\\2\end{matrix}"
    )
    assert "$" not in text_with_formulas("$$a$$ and \\begin{align}a&=b\\end{align}")
    for tex in (r"\frac{", "{" * 3000, "x" * (LONGEST + 1), r"\newcommand{\a}{xx}\newcommand{\b}{\a\a}\b"):
        assert formula(tex).startswith("<code>"), tex[:20]
    assert len(text_with_formulas("$x^2$ " * 20_000)) < 4 * MAX_FORMULAS


def test_a_figure_has_its_own_words():
    """As `alt`, after the number by which the student knows it; whatever they are, they are text."""
    nb = nbformat.v4.new_notebook()
    metadata = {"image/png": {"alt": '"><b>loss</b>, from 2 to 0.5'}}
    nb.cells = [nbformat.v4.new_code_cell("1", id="a")]
    nb.cells[0].outputs = [nbformat.v4.new_output("display_data", {"image/png": PNG}, metadata=metadata)]
    [shown] = outputs_of(sanitise(nb).cells[0], 4, Room())
    assert shown.about == 'Figure 1 that your cell 4 drew: "><b>loss</b>, from 2 to 0.5'


def test_headings_of_a_text_are_neither_links_nor_targets():
    made = BeautifulSoup(str(text_with_formulas("# Notes\n\nof mine")), "html.parser")
    assert made.h4.get_text() == "Notes" and not made.select("a, [id]")


def figure(data=PNG):
    return {"output_type": "display_data", "data": {"image/png": data, "text/plain": "<Figure>"}}


def test_figures_are_shown_and_named():
    one, other, text = outputs_of(
        {"outputs": [figure(), figure("bm8="), {"output_type": "stream", "text": "\x1b[31mred"}]}, 7, Room()
    )
    assert one.kind == "picture" and one.about == "Figure 1 that your cell 7 drew"
    assert other.kind == "text" and "left out" in other.value and text.value == "red"


def test_a_page_holds_so_much_and_says_what_it_leaves_out(monkeypatch):
    """Of cells, lines, figures and of all together."""
    monkeypatch.setattr(shown, "MAX_PICTURE", 1000)
    assert "left out" in next(outputs_of({"outputs": [figure()]}, 1, Room())).value
    monkeypatch.undo()
    many = [{"cell_type": "code", "source": "x\n" * 999, "outputs": [figure()] * 99}] * (MAX_CELLS + 3)
    work = work_of(many, Sheet(None, None, "", "", {}, frozenset(), ""), Marks({}), {}, ())
    first = work.others[0]
    assert work.left_out == 3 and len(work.others) == MAX_CELLS
    assert first.left_out == 998 - MAX_LINES + 1 and "more outputs" in first.outputs[-1].value
    full = work_of(many, Sheet(None, None, "", "", {}, frozenset(), ""), Marks({}), {}, (), Room(50_000))
    assert "the page is full" in full.others[-1].text


def test_a_picture_says_where_a_result_is_wrong(graded):
    """What grading keeps is shown as squares with words; anything else that stands in its place is not."""
    kept = Store(graded.desk_folder).place(tiny.WEEK, "bob", "double")
    for picture, rows in (("0040/0000", 2), ("12/<b>", 0), ("0" * 500, 0)):
        content = json.loads(kept.read_text())
        content["result"]["parts"]["test_double"]["outcomes"][0]["picture"] = picture
        kept.write_text(json.dumps(content))
        feedback(graded, list(graded.weeks), ("bob",))
        page = graded.step("feedback", "bob", tiny.WEEK, "double.html").read_text()
        assert [row.get_text() for row in BeautifulSoup(page, "html.parser").select(".heat tr")] == ["··✗·", "····"][
            :rows
        ]


VERDICTS = [
    Verdict(False, "named", "Dense.weights after backward", pattern="just what it gives", likely="averaged; so sum"),
    Verdict(False, "factor", "gradient of W", pattern="yours / expected = 0.2; in all 12 entries", likely="averaged"),
    Verdict(False, "mask", "out", pattern="3 of 12 entries are wrong"),
    Verdict(False, "differs", "out"),
    Verdict(
        False,
        "zero",
        "dW",
        pattern="all zero",
        likely="a copy; not the array",
        facts=(("x", "lr makes no difference"),),
    ),
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.code)
def test_a_hint_is_taken_apart_into_what_it_was_made_of(verdict):
    """A guess is a guess, and a fact is none."""
    seen = "" if verdict.code == "named" else verdict.pattern
    seen = "; ".join([seen, *(text for _, text in verdict.facts)]) if verdict.facts else seen
    assert taken_apart(verdict.hint()) == Said(verdict.what, seen, verdict.likely)


def test_what_happened_is_no_quantity():
    raised = "stopped with ValueError: no; in forward, at `return x @ w`; likely a transpose"
    assert taken_apart(raised) == Said("", raised.partition("; likely")[0], "a transpose")
    assert taken_apart("took longer than one check may take: is there a loop?").likely == ""
    assert taken_apart("11.1 % are right, 97 % are asked for; no better than guessing: nothing was learned").what == ""


CELL = """class Dense(Layer):
    def __init__(self): ...

    def backward(self, x, g):
        return g @ self.weights

def backward_of_all(network):
    return 0.5 * network"""


@pytest.mark.parametrize(
    ("hint", "title", "line"),
    [
        ("Dense.weights after backward: likely averaged", "", 4),
        ("input gradient: wrong", "Dense.backward returns the gradient", 4),
        ("stopped with ValueError; in backward, at `return g @ self.weights`", "backward_of_all", 5),
        ("stopped with ValueError; in f, at `return # * network`", "", 8),
        ("your cell stopped: NameError in line 2: no, at `x`", "", 2),
        ("your cell `other` stopped: NameError in line 2: no, at `x`", "", None),
        ("something else", "of no name", None),
    ],
)
def test_the_line_that_a_hint_is_about(hint, title, line):
    found = Lines([Source(3, "dense", CELL.split("\n"))]).find(taken_apart(hint), title, "dense")
    assert found == (line and (3, line))


def test_definitions_of_what_is_no_python():
    assert dict(definitions(["class A:", "  def f(self: (", "def g", "async def h():"])) == {
        "A": 1,
        "A.f": 2,
        "g": 3,
        "h": 4,
    }


def test_only_the_lines_that_are_shown_are_coloured(monkeypatch):
    """The lexer's time is the square of the number of blank lines."""
    coloured = []
    monkeypatch.setattr(exercises, "code_lines", lambda source: coloured.append(source) or source.split("\n"))
    made = exercises._shown(1, {"cell_type": "code", "source": "  \n" * 10_000 + "x"}, [], Room())
    assert coloured[0].count("\n") == MAX_LINES - 1 and made.left_out == 10_001 - MAX_LINES
