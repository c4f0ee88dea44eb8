"""HTML that would do more than show text, and ways to get it before an instructor's or a student's eyes."""

import nbformat

from grader.desk.grade.run import grade
from tests.desk import tiny

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<form action="https://example.org"><input></form>',
    '<div style="background:url(https://example.org)">x</div>',
    "<style>@import 'https://example.org'</style>",
    '<img src="https://example.org/seen.png" alt="x">',
    '<math href="javascript:alert(1)">x</math>',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
]


def plant(course, student, attacks, layer):
    """Let `student` show the attacks in a written answer, in a cell of their own and in what their code displays.

    `layer` has to stop them: "judge" when they are handed in, or "pages" when they stand in the graded notebook.
    """
    text = "\n\n".join(attacks)
    nb = tiny.solved({**tiny.RIGHT, "why": text} if layer == "judge" else tiny.RIGHT, tiny.released(course))
    if layer == "judge":
        shown = "\n".join(f"display(HTML({attack!r}), Javascript('alert(\"eve\")'))" for attack in attacks)
        source = f"from IPython.display import HTML, Javascript, display\n{shown}"
        nb.cells[1:1] = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(source)]
    tiny.hand_in(course, student, nb)
    grade(course, list(course.weeks), (student,))
    if layer == "pages":
        _write_into_graded_notebook(course.step("autograded", student, tiny.WEEK, "double.ipynb"), text)


def _write_into_graded_notebook(path, text):
    nb = nbformat.read(path, as_version=4)
    next(cell for cell in nb.cells if cell.id == "why").source = text
    shown = [nbformat.v4.new_output("display_data", {kind: text}) for kind in ("text/html", "text/markdown")]
    shown.append(nbformat.v4.new_output("display_data", {"application/javascript": "alert('eve')"}))
    nb.cells[1:1] = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell("1", outputs=shown)]
    path.chmod(0o644)
    nbformat.write(nb, path)
