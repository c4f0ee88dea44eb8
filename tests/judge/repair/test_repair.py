"""Whatever is handed in becomes a notebook in the canonical form, or a status that says why not."""

import base64
import json
import warnings
from copy import deepcopy

import nbformat
import pytest
from nbformat import v4

from grader.judge.grading.spec import load_notebook, reference_cells
from grader.judge.repair import repair
from grader.judge.repair.assembling import PLACEHOLDER
from grader.judge.repair.cells import clean_source
from grader.judge.repair.names import defined_names
from grader.judge.repair.released import NOTES_ID
from tests.judge import handed_in
from tests.judge.handed_in import CODE, assert_canonical, cell_of, place_of, released, solved, written


def repaired(nb, against=None):
    """Repair a notebook and check everything that holds for every repaired notebook."""
    against = against or released()
    result = repair(written(nb), against)
    assert_canonical(result.nb, against)
    return result


def homework_1(repo):
    """Homework 1 as released, and solved by the reference."""
    spec = load_notebook(repo, "week01_backprop", "backprop")
    cells = reference_cells(repo, "week01_backprop", "backprop")
    full = deepcopy(spec.released)
    for cell in full.cells:
        cell.source = cells.get(cell.id, cell.source)
    return spec.released, full


def test_untouched_notebooks_need_no_repair():
    """The released notebook and a solved one are left as they are, without a note."""
    for nb in (released(), solved()):
        result = repaired(nb)
        assert (result.status, result.notes, result.missing) == ("ok", [], [])
        assert [cell.source for cell in result.nb.cells] == [cell.source for cell in nb.cells]


@pytest.mark.parametrize("change", handed_in.HARMLESS, ids=lambda change: change.__name__)
def test_harmless_changes_leave_the_solutions_where_they_were(change):
    """At every test cell the same sources define the names it judges, and the written answer is the same."""
    wanted = handed_in.names_by_test(released())
    expected = handed_in.standing_at_tests(solved(), wanted)
    assert len(expected) == 4 and all(all(sources.values()) for sources in expected.values())
    result = repaired(change(solved()))
    assert handed_in.standing_at_tests(result.nb, wanted) == expected
    assert cell_of(result.nb, "why").source == handed_in.SOLVED["why"]
    assert result.missing == []
    again = repaired(result.nb)
    assert again.notes == [] and again.nb == result.nb


@pytest.mark.parametrize("change", handed_in.HARMLESS_EVERYWHERE, ids=lambda change: change.__name__)
def test_harmless_changes_of_homework_1(change, repo):
    """The same for homework 1 with its reference solution."""
    ours, full = homework_1(repo)
    wanted = handed_in.names_by_test(ours)
    expected = handed_in.standing_at_tests(full, wanted)
    assert len(expected) == 9
    result = repaired(change(deepcopy(full)), ours)
    assert handed_in.standing_at_tests(result.nb, wanted) == expected
    assert result.missing == []


@pytest.mark.parametrize(
    "submitted, status",
    [
        (b"", "empty"),
        (b" \n\x00\xef\xbb\xbf", "empty"),
        (b'{"cells": [], "nbformat": 4}', "empty"),
        (b'{"cells": [{"cell_type": "code", "source": " "}]}', "empty"),
        (b'{"cells": [', "broken"),
        (b"[]", "broken"),
        (b"null", "broken"),
        (b'{"nbformat": 4}', "broken"),
        (b'{"cells": 3}', "broken"),
        (b"PK\x03\x04 an archive", "broken"),
        (b"<!DOCTYPE html><html>", "broken"),
        (b"\x80\x81\x82" * 100, "broken"),
        (b"[" * 100_000, "broken"),
        (b'{"a":' * 100_000, "broken"),
        (b"1" * 100_000, "broken"),
        (b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', "wrong_notebook"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_cannot_be_graded_has_a_status(submitted, status):
    """Unreadable, empty and foreign files give a status and one sentence, and no notebook."""
    result = repair(submitted, released())
    assert (result.status, result.nb) == (status, None)
    assert len(result.notes) == 1 and result.notes[0].endswith(".")


def test_a_file_of_countless_parts_is_not_parsed():
    """What would fill the memory is refused before it is read."""
    assert "too many parts" in repair(b"[" + b"[]," * 1_000_001 + b"[]]", released()).notes[0]


def test_a_large_file_is_refused(monkeypatch):
    """A file above the limit is not even parsed."""
    monkeypatch.setattr("grader.judge.repair.json_object.MAX_BYTES", 1000)
    assert repair(written(solved()), released()).status == "broken"


def test_half_a_file_and_conflicts_are_explained():
    """A cut-off file names the line; lines of git conflicts are recognised."""
    text = nbformat.writes(solved())
    assert "line" in repair(text[: len(text) // 2].encode(), released()).notes[0]
    conflict = "<<<<<<< HEAD\n" + text + "\n=======\n>>>>>>> main\n"
    assert "git" in repair(conflict.encode(), released()).notes[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_encodings(encoding):
    """A notebook saved in another encoding is read as if nothing had happened."""
    nb = solved()
    cell_of(nb, "why").source = "Weil die Ableitung für Konstanten null ist"
    result = repair(json.dumps(nb, ensure_ascii=False).encode(encoding), released())
    assert cell_of(result.nb, "why").source.endswith("für Konstanten null ist")


def test_one_bad_byte_does_not_spoil_other_letters():
    """In a file of UTF-8 with a spoilt byte all other letters stay."""
    nb = solved()
    cell_of(nb, "why").source = "Потому что производная равна нулю"
    spoilt = json.dumps(nb, ensure_ascii=False).encode().replace("нулю".encode(), b"\xff" + "улю".encode())
    result = repair(spoilt, released())
    assert "производная" in cell_of(result.nb, "why").source and len(result.notes) == 1


def test_strange_json():
    """NaN, repeated keys, control characters, halves of characters, NUL and text after the end are put up with."""
    nb = solved()
    cell_of(nb, "relu").source += "\n# \ud800 \x00 \U0001f600"
    text = json.dumps(nb).replace(
        '"execution_count": 7', '"execution_count": NaN, "cell_type": "raw", "cell_type": "code"'
    )
    result = repair((text.replace("\\n", "\n") + "\n}\x00").encode(), released())
    assert_canonical(result.nb, released())
    assert cell_of(result.nb, "relu").source.endswith("\n# \ufffd  \U0001f600")
    assert len(result.notes) == 2


def test_fields_of_wrong_types():
    """Sources, outputs, metadata, tags and attachments of any type are read as far as they make sense."""
    nb = json.loads(written(solved()))
    nb["metadata"], nb["nbformat"], nb["nbformat_minor"] = [], "five", None
    for cell, metadata in zip(
        nb["cells"], [None, [], 3, "x", {"nbgrader": 1}, {"tags": "x"}, {"tags": [1, None]}], strict=False
    ):
        cell["metadata"] = metadata
    for cell in nb["cells"]:
        cell.pop("outputs", None)
        cell["source"] = [None, cell["source"], 3] if cell["id"] == "relu" else cell["source"]
        cell["attachments"] = {"a": {"text/html": "<script>"}, "b": 3, "c": {"image/png": "no"}}
    nb["cells"] += [
        None,
        3,
        "cell",
        [],
        {},
        {"cell_type": "plot"},
        {"cell_type": "code"},
        {"cell_type": "code", "source": 3},
    ]
    result = repaired(nb)
    assert cell_of(result.nb, "relu").source == handed_in.SOLVED["relu"]
    assert not any("attachments" in cell for cell in result.nb.cells)


def test_newer_formats():
    """A notebook of a future format is read as far as it is known."""
    nb = solved()
    nb.nbformat, nb.nbformat_minor = 5, 12
    assert "newer" in repaired(nb).notes[0]


def test_limits_of_size(monkeypatch):
    """Too many cells, a cell too long and all cells together too long are cut, and the student is told."""
    nb = handed_in.with_own_cells(solved())
    monkeypatch.setattr("grader.judge.repair.cells.MAX_CELLS", 47)
    assert "more than 47 cells" in " ".join(repaired(nb).notes)
    monkeypatch.undo()
    cell_of(nb, "relu").source += "#" * 300_000
    result = repaired(nb)
    assert len(cell_of(result.nb, "relu").source) < 100 and "too long" in result.notes[0]
    assert cell_of(result.nb, "forward").source == handed_in.SOLVED["forward"]
    monkeypatch.setattr("grader.judge.repair.cells.MAX_SOURCES", 500)
    assert sum(len(cell.source) for cell in repaired(solved()).nb.cells if cell.id in handed_in.SOLUTIONS) < 600


def test_wrong_notebooks():
    """Another homework is told apart by its marks, even if a name is known; without marks a known name is enough."""
    other = v4.new_notebook()
    for name in ("expand", "classify", "compute_loss", "sgd"):
        other.cells.append(
            v4.new_code_cell(f"def {name}(X):\n    pass", id=name, metadata={"nbgrader": handed_in.marks(name)})
        )
    other.cells.append(v4.new_code_cell("network = []"))
    assert repair(written(other), released()).status == "wrong_notebook"
    other.cells.append(v4.new_code_cell("def forward(w):\n    pass"))
    assert repair(written(other), released()).status == "wrong_notebook"
    assert repair(written(handed_in.without_both(other)), released()).status == "repaired"


def test_work_begun_from_scratch():
    """A new notebook that only defines the names is graded: every test stands after what it judges."""
    nb = v4.new_notebook(cells=[v4.new_code_cell(handed_in.SOLVED[name]) for name in ("bonus", "relu", "forward")])
    result = repaired(nb)
    assert place_of(result.nb, "test_bonus") == place_of(result.nb, "bonus") + 1
    assert result.missing == ["forward_again", "why"]
    assert cell_of(result.nb, "forward_again").source == PLACEHOLDER.format("forward_again")
    standing = handed_in.standing_at_tests(result.nb, {"test_forward_again": ["forward"]})
    assert standing["test_forward_again"]["forward"] == handed_in.SOLVED["forward"]


def test_the_same_names_twice_are_taken_in_order():
    """Two exercises that ask for the same name: from scratch, the first definition belongs to the first."""
    nb = v4.new_notebook(cells=[v4.new_code_cell(handed_in.SOLVED[name]) for name in ("forward", "forward_again")])
    sources = [cell.source for cell in nb.cells]
    assert [cell_of(repaired(nb).nb, name).source for name in ("forward", "forward_again")] == sources


def test_everything_in_one_cell():
    """All exercises in one cell: each test comes after it, and sees its names."""
    nb = v4.new_notebook(cells=[v4.new_code_cell("\n\n".join(handed_in.SOLVED[name] for name in ("relu", "bonus")))])
    result = repaired(nb)
    standing = handed_in.standing_at_tests(result.nb, handed_in.names_by_test(released()))
    assert all(standing["test_relu"].values()) and all(standing["test_bonus"].values())


def test_missing_solutions_are_told():
    """A deleted solution cell is named, its test is still there, and a second repair knows it too."""
    nb = solved()
    nb.cells = [cell for cell in nb.cells if cell.id not in ("relu", "why")]
    result = repaired(nb)
    assert result.missing == ["relu", "why"] and "relu" in " ".join(result.notes)
    assert place_of(result.nb, "test_relu") == place_of(result.nb, "relu") + 1
    assert cell_of(result.nb, "why").source == "*Your answer here.*"
    again = repaired(result.nb)
    assert again.missing == ["relu"] and again.notes == []


def test_solution_moved_into_another_cell_below_its_test():
    """A solution cell that was deleted, its code now below the test: the test goes after it."""
    nb = solved()
    relu = nb.cells.pop(place_of(nb, "relu"))
    nb.cells.append(v4.new_code_cell("import math\n" + relu.source + "\n"))
    nb.cells.append(v4.new_code_cell("print(ReLU())"))
    result = repaired(nb)
    assert handed_in.standing_at_tests(result.nb, {"test_relu": ["ReLU"]})["test_relu"]["ReLU"].startswith(
        "import math"
    )


def test_of_doubled_solutions_the_last_that_defines_something_counts():
    """All copies run in order; the marks go to the last that defines the names; a scratch copy does not take them."""
    nb = solved()
    at = place_of(nb, "relu")
    copies = [deepcopy(nb.cells[at]) for _ in range(3)]
    copies[0].source, copies[1].source = "class ReLU(Layer):\n    first = 1", "class ReLU(Layer):\n    second = 2"
    copies[2].source = "print(ReLU)"
    nb.cells[at : at + 1] = copies[:2]
    nb.cells.append(copies[2])
    result = repaired(nb)
    assert cell_of(result.nb, "relu").source == copies[1].source
    sources = [cell.source for cell in result.nb.cells]
    assert sources.index(copies[0].source) < sources.index(copies[1].source) < place_of(result.nb, "test_relu")
    assert sources[-1] == "print(ReLU)" and "relu" in " ".join(result.notes)


def test_a_split_solution_stays_together():
    """A solution split into cells that carry the same marks runs as a whole before its test."""
    nb = solved()
    at = place_of(nb, "bonus")
    pieces = handed_in.SOLVED["bonus"].split("\n\n\n")
    nb.cells[at : at + 1] = [v4.new_code_cell(piece, metadata=nb.cells[at].metadata) for piece in pieces]
    standing = handed_in.standing_at_tests(repaired(nb).nb, {"test_bonus": ["Tanh", "Sigmoid", "rate"]})
    assert list(standing["test_bonus"].values()) == pieces


def test_a_solution_put_aside_as_text():
    """A stub turned into text beside a filled-in cell stays text; without another one it is read as code again."""
    nb = solved()
    stub = cell_of(nb, "relu")
    nb.cells.insert(place_of(nb, "relu"), v4.new_code_cell(handed_in.SOLVED["relu"] + "  # mine"))
    stub.update(cell_type="markdown", source=handed_in.CODE["relu"])
    del stub["outputs"], stub["execution_count"]
    assert cell_of(repaired(nb).nb, "relu").source.endswith("# mine")
    stub.source = handed_in.SOLVED["relu"]
    nb.cells = [cell for cell in nb.cells if not cell.source.endswith("# mine")]
    result = repaired(nb)
    assert cell_of(result.nb, "relu").cell_type == "code" and "turned back" in " ".join(result.notes)


def test_edits_of_locked_cells_are_undone_but_own_names_survive():
    """A locked cell is restored; an import or a helper that a student put into it stays defined."""
    nb = solved()
    cell_of(nb, "given_layer").source = "import math\n\n\nclass Layer:\n    broken = True"
    cell_of(nb, "test_relu").source = "pass"
    result = repaired(nb)
    at = place_of(result.nb, "given_layer")
    assert result.nb.cells[at - 1].source.startswith("import math")
    assert "given_layer, test_relu" in " ".join(result.notes)
    assert sum("pass" == cell.source for cell in result.nb.cells) == 0


def test_demonstrations_are_skipped_unless_a_student_works_in_them():
    """The released tag decides, with or without marks; new names in a demonstration make it run."""
    tags = lambda result: cell_of(result.nb, "relu_figure").metadata.get("tags")  # noqa: E731
    nb = solved()
    cell_of(nb, "relu_figure").source = CODE["relu_figure"].replace("1", "1000")
    assert tags(repaired(nb)) == ["skip-grading"]
    assert tags(repaired(handed_in.without_both(deepcopy(nb)))) == ["skip-grading"]
    cell_of(nb, "relu_figure").source += "\ndef helper():\n    pass"
    assert tags(repaired(nb)) == []


def test_a_switch_turned_in_a_demonstration_changes_nothing_in_grading():
    """What a locked cell gives is not given anew by a demonstration that a student edited."""
    nb = solved()
    assert "class Layer" in cell_of(nb, "given_layer").source
    cell_of(nb, "relu_figure").source += "\nLayer = None"
    assert cell_of(repaired(nb).nb, "relu_figure").metadata.get("tags") == ["skip-grading"]


def test_a_test_put_back_sees_what_the_student_added_after_the_solution():
    """A deleted test cell comes back behind the student's own cells that follow its solution."""
    nb = solved()
    nb.cells[place_of(nb, "test_forward")] = v4.new_code_cell("forward = cached(forward)")
    standing = handed_in.standing_at_tests(repaired(nb).nb, {"test_forward": ["forward"]})
    assert standing["test_forward"]["forward"] == "forward = cached(forward)"


def test_of_doubled_tests_the_first_after_the_solution_counts():
    """A copy of a test cell at the top of the notebook does not move the test away from where it stood."""
    nb = solved()
    nb.cells.insert(place_of(nb, "test_forward"), v4.new_code_cell("forward = cached(forward)"))
    nb.cells.insert(0, deepcopy(cell_of(nb, "test_forward")))
    standing = handed_in.standing_at_tests(repaired(nb).nb, {"test_forward": ["forward"]})
    assert standing["test_forward"]["forward"] == "forward = cached(forward)"


def test_outputs_of_the_released_notebook_are_not_carried_over():
    """Every output in the repaired notebook comes from its own run."""
    ours = released()
    cell_of(ours, "test_relu").outputs = [v4.new_output("execute_result", {"text/plain": "1"}, execution_count=1)]
    assert_canonical(repair(written(solved()), ours).nb, ours)


def test_colab_keeps_ids():
    """After Colab all cells are known by their ids."""
    notes = repaired(handed_in.through_colab(solved())).notes
    assert len(notes) == 1 and "their ids" in notes[0]


def test_forged_marks_count_for_nothing():
    """Points, grade_ids and tags of a student's invention change nothing, and the student is told."""
    nb = handed_in.with_marks_forged(solved())
    forged = handed_in.marks("test_extra", grade=True, points=50)
    nb.cells.append(v4.new_code_cell("50", id="test_extra", metadata={"nbgrader": forged}))
    result = repaired(nb)
    assert result.nb.cells[-1].metadata == {} and len(result.notes) == 3
    ids = {cell.id: number for number, cell in enumerate(released().cells)}
    assert sorted(ids) == sorted(cell.id for cell in result.nb.cells if cell.id in ids)


def test_ids_of_own_cells_are_unique_and_never_those_of_the_course():
    """A cell of the student's that carries the id of a test cell, or the id of another cell, gets a new one."""
    nb = solved()
    nb.cells.insert(0, v4.new_markdown_cell("mine", id="given_data"))
    nb.cells += [v4.new_raw_cell("raw", id="same"), v4.new_markdown_cell("text", id="same")]
    nb.cells.append(v4.new_code_cell("x = 1"))
    nb.cells[-1].id = "not valid, " * 20
    result = repaired(nb)
    assert [cell.cell_type for cell in result.nb.cells[-3:]] == ["raw", "markdown", "code"]
    assert result.nb.cells[-3].id == "same"


def test_the_id_of_the_grading_notes_is_not_the_student_s():
    """Notes put on top of the graded notebook have that id for themselves."""
    nb = solved()
    nb.cells.append(v4.new_markdown_cell("You have full points.", id=NOTES_ID))
    made = repaired(nb).nb
    assert made.cells[-1].source == "You have full points."
    assert NOTES_ID not in [cell.id for cell in made.cells]


def test_written_answers_keep_their_pictures():
    """A picture in an answer stays; what only calls itself one does not."""
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\x00\x00\x01" * 2
    nb = solved()
    good, bad = {"image/png": base64.b64encode(png).decode()}, {"image/svg+xml": "<svg/>", "image/png": "AAAA"}
    cell_of(nb, "why").attachments = {"a.png": good, "b.png": bad}
    assert cell_of(repaired(nb).nb, "why").attachments == {"a.png": good}


def test_written_answers_are_found_by_their_place():
    """Without marks and ids an answer is what stands between its question and the next exercise."""
    nb = handed_in.without_both(solved())
    assert cell_of(repaired(nb).nb, "why").source == handed_in.SOLVED["why"]


def test_half_written_code_is_recognised():
    """Cells with syntax errors and stripped marks are still known by the names at the start of their lines."""
    nb = handed_in.without_both(solved())
    for cell in nb.cells:
        if "def forward" in cell.source or "class Tanh" in cell.source:
            cell.source += "\nreturn ((("
    result = repaired(nb)
    assert result.missing == []
    assert [cell_of(result.nb, name).source[:20] for name in ("forward", "bonus")] == [
        "def forward(network,",
        "class Tanh:\n    pass",
    ]


@pytest.mark.parametrize(
    "source, names",
    [
        ("a, (b, *c) = 1, 2\nd: int = 3\ne: int\nobj.f = g[0] = 4", {"a", "b", "c", "d"}),
        ("for i in x:\n    j = i\nelse:\n    k = 1\nwith open(p) as (q, r):\n    s = 1", set("ijkqrs")),
        ("try:\n    import os.path as p\nexcept Exception as e:\n    from m import n\nfinally:\n    z = 1", set("pnz")),
        ("def f(a=(b := 1)):\n    c = 1\nclass D:\n    e = 1\nif t:\n    async def g(): pass", {"f", "D", "g"}),
        ("%matplotlib inline\n!pip install x\nnp.dot?\nx = 1", {"x"}),
        ("def f(:\n    inner = 1\nclass G\nh, i = 1, 2\nj == 2\nk: int = 3\nimport a.b, c as d", set("fGhikad")),
        ("match v:\n    case 1:\n        w = 2", {"w"}),
        ("x = 1\n" * 50_000, {"x"}),
        ("-" * 50_000 + "1", set()),
        ("a = " + "(" * 5000, {"a"}),
        ("s = '\\d'", {"s"}),
        ("t = a" + ".b" * 5000, {"t"}),
    ],
)
def test_names_that_a_cell_defines(source, names):
    """Names bound at top level, found in code that parses and in code that does not; never an error or a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert defined_names(source) == names


def test_given_cells_stand_before_what_was_pasted_into_one_cell(repo):
    """In their own order; the one that needs what students write stands after it, like every test cell."""
    ours, full = homework_1(repo)
    solutions = [cell.source for cell in full.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    nb = repair(written(v4.new_notebook(cells=[v4.new_code_cell("\n".join(solutions))])), ours).nb
    order = [cell.id for cell in nb.cells if cell.cell_type == "code"]
    given = [cell.id for cell in ours.cells if cell.cell_type == "code" and cell.id.startswith(("given_", "setup"))]
    assert order[: len(given) - 1] == [name for name in given if name != "given_training"]
    assert order[len(given) - 1] == "relu" and order.index("given_training") > order.index("relu")
    tests = [cell.id for cell in ours.cells if cell.id.startswith("test_")]
    assert all(order.index(name) > order.index("relu") for name in tests)


def test_solutions_count_wherever_they_stand_among_thousands_of_cells():
    """With marks or, in code, without; also behind more text than is kept."""
    for change in (lambda nb: nb, handed_in.without_both):
        nb = change(solved())
        nb.cells[1:1] = [v4.new_code_cell(f"scratch_{number} = 1 # {'x' * 500}") for number in range(2500)]
        result = repaired(nb)
        assert set(result.missing) <= {"why"} and "more than 1000 cells" in " ".join(result.notes)
        assert cell_of(result.nb, "forward").source == handed_in.SOLVED["forward"]


def test_lines_that_lost_their_ends_are_lines_all_the_same():
    nb = json.loads(written(solved()))
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"]).split("\n")
    result = repair(json.dumps(nb).encode(), released())
    assert result.status == "ok" and cell_of(result.nb, "relu").source == handed_in.SOLVED["relu"]


def colab_script(nb):
    """What Colab's *Download .py* gives: no markers, and prose as strings."""
    head = '# -*- coding: utf-8 -*-\n"""HW1.ipynb\n\nOriginal file is located at\n'
    head += '    https://colab.research.google.com/drive/1abc\n"""\n\n'
    texts = [cell.source if cell.cell_type == "code" else f'"""{cell.source}\n"""' for cell in nb.cells]
    return head + "\n\n".join(texts)


@pytest.mark.parametrize(
    "script",
    [
        colab_script,
        lambda nb: "\n\n".join(
            f"# In[{n}]:\n\n\n{cell.source}\n" for n, cell in enumerate(nb.cells) if "def" in cell.source
        ),
        lambda nb: "\n".join(
            f"# %%{'' if cell.cell_type == 'code' else ' [markdown]'}\n"
            + (cell.source if cell.cell_type == "code" else "\n".join(f"# {line}" for line in cell.source.split("\n")))
            for cell in nb.cells
        ),
        lambda nb: "\r\n".join(cell.source for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution")),
    ],
    ids=["colab", "jupyter", "percent", "plain"],
)
def test_a_notebook_exported_as_a_script_is_read(repo, script):
    """Every solution of homework 1 stands where its test finds it."""
    ours, full = homework_1(repo)
    result = repair(script(full).encode(), ours)
    wanted = handed_in.names_by_test(ours)
    standing = handed_in.standing_at_tests(result.nb, wanted)
    assert all(all(sources.values()) for sources in standing.values()) and "Python script" in result.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://colab.research.google.com/drive/1aBc?usp=sharing\n", "a link to a notebook"),
        ("My homework: https://drive.google.com/file/d/1/view", "a link to a notebook"),
        ("see my e-mail", "damaged"),
        ("1 2 3\n4 5 6\n", "not a notebook"),
    ],
)
def test_a_link_and_prose_are_no_scripts(text, said):
    result = repair(text.encode(), released())
    assert result.status == "broken" and said in result.notes[0]


@pytest.mark.parametrize(
    "piece", ["import" + " " * 300_000 + "(", " " * 300_000 + "x", "a" + " ," * 150_000, "? " * 150_000]
)
def test_hostile_text_costs_no_more_than_its_length(piece):
    """A square of these lengths would take minutes."""
    assert defined_names(piece + "\n)") is not None
    repair(piece.encode(), released())


@pytest.mark.parametrize(
    ("lines", "text"),
    [(["a = 1", "b = 2"], "a = 1\nb = 2"), (["a = 1\n", "b = 2"], "a = 1\nb = 2"), (["\x1e", "0"], "\x1e0"), ([], "")],
)
def test_lines_are_joined_as_they_were_split(lines, text):
    """By nbformat, which splits at every line end of Python's; or by a program that has lost them all."""
    assert clean_source(lines) == text
