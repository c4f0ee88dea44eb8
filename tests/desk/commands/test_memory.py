"""The memory of the commands themselves: below a gigabyte, however many submissions there are."""

import base64
import os
import subprocess
import sys

import nbformat
import pytest

from tests.desk import tiny

MB = 2**20
MOST = 1000  # MB
FEW, MANY, SIZE = 8, 50, 20  # submissions, and MB of outputs of each
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PICTURE = base64.b64encode(PNG + b"\0" * (2 * MB)).decode()


def outputs():
    """20 MB: pictures, and a little of everything."""
    count = SIZE * MB // len(PICTURE)
    made = [nbformat.v4.new_output("display_data", {"image/png": PICTURE, "text/plain": "x"}) for _ in range(count)]
    return [*made, nbformat.v4.new_output("stream", text="x" * (SIZE * MB - count * len(PICTURE)))]


def peak(*command, course):
    """MB of the largest process of a command and of those that it starts."""
    program = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    grader = [sys.executable, "-m", "grader.desk.cli", *command, "--course", str(course.root)]
    told = subprocess.run([sys.executable, "-c", program, *grader], stdout=subprocess.PIPE, text=True, env=os.environ)
    code, megabytes = map(int, told.stdout.split())
    assert code in (0, 1), command
    return megabytes


@pytest.mark.long
def test_the_peak_is_below_a_gigabyte_and_flat(released):
    nb = tiny.solved(tiny.RIGHT, tiny.released(released))
    next(cell for cell in nb.cells if cell.cell_type == "code").outputs = outputs()
    text = nbformat.writes(nb)
    students = [f"s{number:02}" for number in range(MANY)]
    peaks = {}
    for some in (students[:FEW], students):
        for student in some:
            tiny.hand_in(released, student, text)
        peaks["grade", len(some)] = peak("grade", course=released)
        for student in some:
            place = released.step("autograded", student, tiny.WEEK, f"{tiny.NOTEBOOK}.ipynb")
            shown = nbformat.read(place, as_version=4)
            if shown.cells[-1].source == "draw()":
                continue  # of the few before: graded no second time, and as large as all others
            shown.cells.append(nbformat.v4.new_code_cell("draw()", outputs=outputs()))
            place.chmod(0o644)
            nbformat.write(shown, place)
        for command in ("feedback", "report", "similar"):
            arguments = (command, tiny.WEEK) if command == "similar" else (command,)
            peaks[command, len(some)] = peak(*arguments, course=released)
    print(peaks)
    for (command, _), megabytes in peaks.items():
        assert megabytes < MOST, peaks
        assert megabytes < 1.3 * peaks[command, FEW] + 30, peaks
