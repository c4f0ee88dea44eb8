"""Notebooks whose file was edited: test cells, points, ids, locked cells, marks, tags, stored outputs."""

import json

from tests.hostile.attack import ALL, DOUBLE, HARMLESS, SQUARE, TRIPLED, Attack, by_id, cell, inserted

HALF = HARMLESS + TRIPLED
SCORE = {"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}


def edit(name, tries, change, double=SQUARE, **more):
    return Attack(name, tries, double=double, change=change, **{"earns": HALF, **more})


def test_cells_print_the_score(nb):
    for name in ("test_double", "test_triple"):
        by_id(nb, name)["source"] = "100.0"


def more_points(nb):
    for one in nb["cells"]:
        one.get("metadata", {}).get("nbgrader", {}).update(points=1000, grade=True)


def swapped_ids(nb):
    first, second = by_id(nb, "test_double"), by_id(nb, "test_triple")
    for one, name in ((first, "test_triple"), (second, "test_double")):
        one["metadata"]["nbgrader"]["grade_id"] = one["id"] = name


def test_cells_doubled(nb):
    for name in ("test_triple", "test_double", "triple"):
        nb["cells"].append(json.loads(json.dumps(by_id(nb, name))))


def locked_cells_edited(nb):
    by_id(nb, "setup")["source"] = "import numpy as np\nnp.allclose = lambda *a, **k: True\nfull_score = 2.5"
    by_id(nb, "test_double")["metadata"]["nbgrader"]["locked"] = False
    by_id(nb, "setup")["metadata"]["editable"] = True


def forged_checksums(nb):
    for one in nb["cells"]:
        one.get("metadata", {}).get("nbgrader", {})["checksum"] = "0" * 32
    by_id(nb, "test_double")["source"] = "1.5"


def every_tag(nb):
    for one in nb["cells"]:
        one["metadata"]["tags"] = [
            "skip-grading",
            "raises-exception",
            "remove-cell",
            "hide-input",
            "injected-parameters",
            "bonus",
        ]


def practice(nb):
    for one in nb["cells"]:
        one["metadata"].setdefault("tags", []).append("practice")
        one["metadata"]["nbgrader"] = {**one["metadata"].get("nbgrader", {}), "task": True, "solution": True}


def other_kernel(nb):
    nb["metadata"]["kernelspec"] = {
        "name": "../../../bin/sh",
        "display_name": "$(touch /tmp/kestrel_kernel)",
        "language": "bash",
        "argv": ["touch", "/tmp/kestrel_kernel"],
    }
    nb["metadata"]["language_info"] = {"name": "bash", "file_extension": "/../../x.sh", "pygments_lexer": "../x"}
    nb["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {"a": {"model_name": "HTMLModel"}}}
    }


def stored_outputs(nb):
    for one in nb["cells"]:
        if one["cell_type"] == "code":
            one["outputs"], one["execution_count"] = [SCORE, SCORE], 7


def new_graded_cells(nb):
    for name in ("test_bonus", "test_double2", "test_double "):
        mark = {
            "grade": True,
            "grade_id": name,
            "locked": True,
            "points": 50,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        nb["cells"].append(cell("50", id=name, metadata={"nbgrader": mark}, outputs=[SCORE]))
    task = {
        "grade": True,
        "grade_id": "task",
        "locked": False,
        "points": 50,
        "schema_version": 3,
        "solution": False,
        "task": True,
    }
    nb["cells"].append(cell("Done.", "markdown", id="task", metadata={"nbgrader": task}))


def cells_removed(nb):
    nb["cells"] = [one for one in nb["cells"] if not one["id"].startswith("test_")]


def tests_first(nb):
    nb["cells"].sort(key=lambda one: not one["id"].startswith("test_"))


def own_grading_notes(nb):
    nb["cells"].insert(
        0, cell("**About this grading**\n\n- Full points, by order of the instructor.", "markdown", id="grading-notes")
    )
    nb["cells"].insert(1, cell("import time\ntime.sleep(60)", id="grading-notes-2"))


def no_ids(nb):
    for one in nb["cells"]:
        one.pop("id"), one.pop("metadata")


def strange_fields(nb):
    nb.update(
        nbformat=4,
        nbformat_minor=10**9,
        worksheets=[],
        orig_nbformat="x",
        metadata={"nbgrader": {"points": 100}, "title": "x"},
    )
    for one in nb["cells"]:
        one["metadata"]["nbgrader"] = [1, {"grade_id": ["x"]}, None]


def wrong_types(nb):
    for one in nb["cells"]:
        one["metadata"]["nbgrader"] = {"grade_id": {"a": 1}, "points": "1e999", "grade": "yes", "schema_version": 99}
        one["source"] = list(one["source"])


ATTACKS = [
    edit(
        "test-cells-print-the-score",
        "let the test cells show a score of their own",
        test_cells_print_the_score,
        quick=True,
    ),
    edit("more-points", "raise the points of every cell to 1000", more_points),
    edit("grade-ids-swapped", "swap the ids of the cells, so that the solved exercise is graded twice", swapped_ids),
    edit("test-cells-doubled", "hand in every test cell twice", test_cells_doubled),
    edit("locked-cells-edited", "edit locked cells", locked_cells_edited),
    edit("checksums-forged", "forge the checksums by which nbgrader knows a changed cell", forged_checksums),
    edit("every-tag", "tag every cell with what skips, hides or allows", every_tag),
    edit("marked-as-practice", "mark every cell as practice, task and solution", practice),
    edit("another-kernel", "name a kernel that is a program, and a language that is a path", other_kernel),
    edit(
        "stored-outputs",
        "hand in test cells with the full score as their stored output",
        stored_outputs,
        double="",
        earns=TRIPLED,
        quick=True,
    ),
    edit("new-graded-cells", "add graded cells of the student's own, with 50 points each", new_graded_cells),
    edit(
        "test-cells-removed", "remove the test cells, which nbgrader takes for full points", cells_removed, quick=True
    ),
    edit(
        "tests-before-solutions",
        "put the test cells first, before anything is defined",
        tests_first,
        double=DOUBLE,
        earns=ALL,
    ),
    edit(
        "own-grading-notes",
        "write the grader's own notes, under its own cell id, and claim full points",
        own_grading_notes,
        says="ran longer than",
    ),
    edit("no-ids-no-metadata", "take away all ids and metadata", no_ids),
    edit("strange-fields", "put the wrong things into the notebook's own fields", strange_fields),
    edit("fields-of-wrong-types", "give every field another type than it has", wrong_types),
    edit(
        "redefined-later",
        "define the right function only after its test, and a wrong one before",
        inserted(DOUBLE, at=5, id="later"),
    ),
    edit(
        "not-a-notebook",
        "hand in a program in place of a notebook",
        lambda nb: b"#!/bin/sh\ntouch /tmp/kestrel_script\n",
        earns=0.0,
        status="broken",
    ),
    edit(
        "json-nested-without-end",
        "hand in JSON nested a million deep",
        lambda nb: b'{"cells":' + b"[" * 10**6,
        earns=0.0,
        status="broken",
    ),
    edit(
        "millions-of-cells",
        "hand in a notebook of two million empty cells",
        lambda nb: b'{"cells":[' + b"{}," * 2 * 10**6 + b"{}]}",
        earns=0.0,
        status="broken",
    ),
    edit(
        "number-of-a-million-digits-in-json",
        "hand in numbers that take minutes to read",
        lambda nb: json.dumps(nb).replace('"execution_count": null', '"execution_count": ' + "9" * 10**6).encode(),
    ),
    edit(
        "magics",
        "use magics that run other languages, change the settings or save files elsewhere",
        inserted(
            """
%load_ext sql
%%bash
touch /tmp/kestrel_magic
""".strip(),
            at=1,
            id="magics",
        ),
    ),
]
