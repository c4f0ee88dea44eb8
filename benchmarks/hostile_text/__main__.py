"""`python -m benchmarks.hostile_text`: twice the hostile text must take about twice the time, for all that reads it.

Each function that reads text of a student's gets each of the texts that once were, or might be, hard to read, at two
lengths. Best of five of each. Exits 1 if some text takes more than `MOST` times as long when it is doubled. The README
says how to read the table.
"""

import argparse
import gc
import json
import sys
import time
from contextlib import suppress
from pathlib import PurePosixPath

import nbformat.v4 as v4

from benchmarks.hostile_text.pieces import PIECES
from benchmarks.hostile_text.readers import read, readers
from grader.checks.exercise.exceptions import explain
from grader.checks.quiz.quiz import read_array, read_choice, read_number, read_numbers, read_row, read_rows
from grader.desk.collect.file_names import decoded, shown, writable
from grader.desk.collect.notebook_names import normalised
from grader.desk.collect.senders import sender_of
from grader.desk.course.csv_files import as_it_was, harmless
from grader.desk.course.roster import folded
from grader.desk.course.safe_names import unsafe_name
from grader.desk.nbgrader.clean_html import clean_markdown
from grader.desk.report.similar import WINDOW, _fingerprint
from grader.judge import memo
from grader.judge.authoring.exceptions import student_error
from grader.judge.repair import repair
from grader.judge.repair.recognising import Recogniser
from grader.judge.sanitise import sanitise
from grader.judge.sanitise.markdown import inert_markdown

TRIES, MOST = 5, 2.5
FIRST_TRIES, CLEAR = 2, 2.2  # a growth that is below CLEAR after so few tries needs no more
QUICK = 0.01  # seconds: what takes less is measured at a greater length, up to LONGEST
SHORTEST, LONGEST = 4_000, 60_000  # characters
# A growth beyond MOST is measured again, also at greater lengths: where memory no longer fits into a cache, or is given
# back to the system each time, the same work costs more once, and from there on as much again.
FURTHER = 500_000
LEAST = 1.5  # a growth below it: the function has stopped reading, and says nothing of what it did before
MARKS = {"nbgrader": {"grade_id": "f", "solution": True, "schema_version": 3}}
RELEASED = v4.new_notebook(cells=[v4.new_code_cell("def f(): ...", metadata=MARKS)])


def repaired(text):
    cells = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": []},
        {"cell_type": "markdown", "source": text, "metadata": {}},
    ]
    repair(json.dumps({"cells": cells, "nbformat": 4, "metadata": {"kernelspec": {"name": text}}}).encode(), RELEASED)


def sanitised(text):
    data = {"text/html": text, "text/markdown": text, "text/latex": text, "text/plain": text}
    outputs = [v4.new_output("display_data", data), v4.new_output("stream", text=text)]
    sanitise(v4.new_notebook(cells=[v4.new_code_cell(text, outputs=outputs), v4.new_markdown_cell(text)]))


def rendered(text):
    """From Markdown to the page, as `grader feedback` does it."""
    clean_markdown({}, inert_markdown(text))


def recognised(text):
    file = json.dumps({"cells": [{"cell_type": "code", "source": text}]}).encode()
    return Recogniser({"f": RELEASED}).look(file).notebook


def named(text):
    """What collecting does with a name; no file system knows a longer one."""
    name = text[:255].replace("/", "_")
    normalised(name), sender_of(PurePosixPath("inbox", name or "x"), ["backprop"], "week01"), writable(name)
    decoded(name.encode("utf-8", "replace"))


def identified(text):
    """An id in a roster, or what stands in the place of one."""
    folded(text), unsafe_name(text), shown(text), as_it_was(harmless(text))


def reported(text):
    """An exception as the sandbox reports it."""
    line = {"line": 1, "function": text, "source": text}
    student_error({"type": "ValueError", "message": text, "trace": [line], "shapes": {text: [[1], "float64"]}})


def explained(text):
    """An exception in the student's notebook."""
    explain(ValueError(text))


def answered(text):
    """What a student wrote as an answer, read in every way."""
    for reader in (
        lambda: read_choice(text, "abcd", several=True),
        lambda: read_number(text),
        lambda: read_numbers(text, 3),
        lambda: read_row(text, 3, 1),
        lambda: read_array(text, (2, 2), "x"),
        lambda: read_rows(text, 2),
    ):
        with suppress(ValueError, NotImplementedError):
            reader()


FUNCTIONS = {
    "repair": repaired,
    "repair: recognising": recognised,
    "sanitise": sanitised,
    "feedback: Markdown": rendered,
    "explain: reports": reported,
    "explain: exceptions": explained,
    "similar: code": lambda text: _fingerprint(text, "code", WINDOW),
    "similar: words": lambda text: _fingerprint(text, "words", WINDOW),
    "names: files": named,
    "names: ids and tables": identified,
    "quiz": answered,
    **dict(readers()),
}


def seconds(function, text, tries=TRIES):
    """Best of the tries."""
    best = float("inf")
    gc.collect()
    gc.disable()  # its work depends on everything else that is in memory
    for _ in range(tries):
        began = time.process_time()
        read(function, text)
        best = min(best, time.process_time() - began)
        if best > 2:
            break
    gc.enable()
    return best


def growth(function, piece):
    """(how many times as long twice the text takes, the seconds it takes, its characters)."""
    size = SHORTEST
    while seconds(function, piece.text(size), 1) < QUICK and 4 * size <= LONGEST:
        size *= 2
    measured = doubled(function, piece, size, FIRST_TRIES)
    if measured[0] <= CLEAR:
        return measured
    measured = doubled(function, piece, size)
    for further in (size, 2 * size, 4 * size, 8 * size):
        if measured[0] <= MOST or 2 * further > FURTHER:
            break
        again = doubled(function, piece, further)
        measured = min(measured, again) if again[0] >= LEAST else measured
    return measured


def doubled(function, piece, size, tries=TRIES):
    once, twice = (seconds(function, piece.text(n), tries) for n in (size, 2 * size))
    return (twice / once if twice >= QUICK else 1.0), twice, 2 * size


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="functions whose name begins so")
    only = arguments.parse_args().only
    bad = 0
    gc.collect()
    gc.freeze()  # what was imported is looked through no more: it took most of the time
    memo.CHARACTERS = -1  # the text of the try before must not be remembered
    print("| function | worst text | times as long | seconds | characters |\n| --- | --- | --- | --- | --- |")
    for name, function in FUNCTIONS.items():
        if not name.startswith(only):
            continue
        found = []
        for piece in PIECES:
            found.append((*growth(function, piece), piece.name))
        for times, took, size, piece in [one for one in sorted(found, reverse=True) if one[0] > MOST] or [max(found)]:
            print(f"| {name} | `{piece}` | {times:.2f} | {took:.3f} | {size} |", flush=True)
            bad += times > MOST
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
