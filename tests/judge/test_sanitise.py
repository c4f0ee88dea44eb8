"""Nothing a student writes or prints runs in the page that shows it."""

import base64
import re
import time
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import nbgrader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from nbformat import v4

from grader.judge.sanitise import sanitise
from grader.judge.sanitise.html import clean_html
from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.markdown import inert_markdown
from grader.judge.sanitise.text import plain, shortened

PNG = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()
FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "meta",
    "base",
    "link",
    "style",
    "svg",
    "math",
    "input",
    "button",
}
VERBATIM = {"pre", "code", "script", "style"}  # elements in which MathJax looks for no formulas
COMMANDS = re.compile(r"\\(href|style|class|cssId|require|data|bbox|unicode|mmlToken)\b")
ATTACKS = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<ScRiPt/x>alert(1)</sCrIpT>",
    "event handler": "<img src=x onerror=alert(1)>",
    "handler in a broken tag": "<img src=x onerror=alert(1) ",
    "handler without spaces": "<svg/onload=alert(1)>",
    "tag in a code span that is none": "`` ` <img src=x onerror=alert(1)> ``` ",
    "tag in an HTML block": "<details>\n<p>\n<script>alert(1)</script>\n</p>\n</details>",
    "autolink that is a tag": "<details>\n<https://x/onclick=alert(1)>\n</details>",
    "tag in a formula": "$$<img src=x onerror=alert(1)>$$",
    "tag in an environment": "\\begin{equation}<script>alert(1)</script>\\end{equation}",
    "tag in a drawing": "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "drawing": "~~~ mermaid\ngraph TD; click A href 'javascript:alert(1)'\n~~~",
    "iframe": "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "foreign element": "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "form over the page": "<form action='https://x'><input name=score><button>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://x'>",
    "script link": "[click](javascript:alert(1))",
    "script link with spaces": "[click]( <javascript:alert(1)> )",
    "script link in entities": "[click](&#106;avascript&colon;alert(1))",
    "script link by reference": "[click][a]\n\n[a]: javascript:alert(1)",
    "script link by reference in a quotation": "> [click][a]\n>\n> [a]:\n> javascript:alert(1)",
    "script autolink": "<javascript:alert(1)>",
    "script link behind a prefix that is stripped": "[click](files/javascript:alert(1))",
    "page as data": "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "image that logs out": "![x](/hub/logout)",
    "image of another server": "![x][y]\n\n[y]: https://evil.example/pixel.png",
    "formula with a link": "$\\href{javascript:alert(1)}{x}$",
    "formula in entities": "&#36;&bsol;href{javascript:alert(1)}{x}&dollar;",
    "formula with a style": "$\\style{background:url(https://x)}{x}$",
    "closing tags": "</div></div></details></body>",
}


class Page(HTMLParser):
    """What in a page could act: elements, event handlers and addresses."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.handlers, self.addresses, self.ids, self.classes = [], [], [], [], set()
        self.verbatim, self.formulas = 0, ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in ACTIVE:
            self.elements.append((tag, str(sorted((name, str(value)[:40]) for name, value in attributes))))
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.handlers.append((tag, name, value))
            if name in ("href", "src", "action", "xlink:href"):
                self.addresses.append((tag, str(value)))
            if name == "id":
                self.ids.append(value)
            if name == "class":
                self.classes.update(str(value).split())
        self.verbatim += tag in VERBATIM

    def handle_endtag(self, tag):
        self.verbatim -= tag in VERBATIM

    def handle_data(self, data):
        if not self.verbatim:
            self.formulas += data + "\n"


@cache
def exporter(template):
    """Of nbconvert, with nbgrader's templates beside its own."""
    return HTMLExporter(
        template_name=template,
        extra_template_basedirs=[str(FORMGRADER / "templates")],
        extra_template_paths=[str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")],
    )


def render(nb, template="basic"):
    """The page of a notebook. "feedback" is what nbgrader shows; "basic" has the same cells and none of the frame."""
    marks = {"notebook": "hw", "score": 0, "max_score": 1, "late_penalty": 0}
    return exporter(template).from_notebook_node(deepcopy(nb), resources={"nbgrader": marks})[0]


@cache
def empty_page(template):
    return Page(render(v4.new_notebook(), template))


def assert_inert(nb, template="basic"):
    """The page of the sanitised notebook acts no more than the page of an empty one."""
    page, empty = Page(render(sanitise(nb), template)), empty_page(template)
    assert sorted(set(page.elements)) == sorted(set(empty.elements))
    assert [handler for handler in page.handlers if handler[1:] != ("style", "text-align: right;")] == empty.handlers
    assert not COMMANDS.search(page.formulas)
    assert not {"mermaid", "tabbable"} & page.classes
    for tag, address in page.addresses:
        fine = ("https://", "http://", "#", "mailto:", "attachment:", "data:image/png;base64,")
        assert address.startswith(fine) or (tag, address) in empty.addresses or ":" not in address
        if tag == "img":
            assert address.startswith("data:image/png;base64,")


def markdown_notebook(source, **fields):
    return v4.new_notebook(cells=[v4.new_markdown_cell(source, **fields)])


def output_notebook(*outputs):
    return v4.new_notebook(cells=[v4.new_code_cell("1", outputs=list(outputs))])


def display(**data):
    return v4.new_output("display_data", {mime.replace("_", "/"): value for mime, value in data.items()})


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_markdown_is_inert(attack):
    """No attack in Markdown survives, at the start of a line or inside one, in a quotation or in a list."""
    assert_inert(
        markdown_notebook(f"{attack}\n\ntext {attack} text\n\n> {attack}\n\n- {attack}\n\n| a |\n|-|\n| {attack} |")
    )


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_outputs_are_inert(attack):
    """No attack in an output survives, whatever the output calls itself."""
    outputs = [display(**{mime: attack}) for mime in ("text_html", "text_markdown", "text_plain", "text_latex")]
    outputs += [display(**{"image_svg+xml": attack, "application_javascript": attack, "text_vnd.mermaid": attack})]
    outputs += [display(**{"application_vnd.jupyter.widget-view+json": {"model_id": attack}, "image_png": attack})]
    outputs += [v4.new_output("stream", name="stdout", text=attack)]
    outputs += [v4.new_output("error", ename=attack, evalue=attack, traceback=[attack])]
    assert_inert(output_notebook(*outputs))


@pytest.mark.parametrize("template", ["feedback", "classic", "lab"])
def test_whole_pages_are_inert(template):
    """All attacks at once, in code, Markdown, raw cells and metadata, in whole pages."""
    everything = "\n\n".join(ATTACKS.values())
    cells = [make(everything) for make in (v4.new_code_cell, v4.new_markdown_cell, v4.new_raw_cell)]
    for cell in cells:
        cell.metadata = {"tags": ["<script>", "x' onclick='alert(1)"], "raw_mimetype": "text/html", "alt": '"><script>'}
    nb = v4.new_notebook(cells=cells, metadata={"title": "</title><script>", "widgets": {"a": {"state": {}}}})
    assert_inert(nb, template)


FRAGMENTS = st.sampled_from(
    [
        *ATTACKS.values(),
        "<",
        ">",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "]:",
        "`",
        "```",
        "$",
        "$$",
        "\\",
        "&",
        "#",
        "=",
        "\n",
        "\n\n",
    ]
    + [
        "> ",
        "- ",
        "|",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<details>",
        "\n    ",
        "a",
        " ",
        "javascript:",
        "onerror=",
        "/",
        '"',
        "'",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_any_mixture_is_inert(source):
    """Pieces of attacks and of Markdown in any order are inert, as text, as HTML and as a raw cell."""
    nb = markdown_notebook(source)
    nb.cells += output_notebook(display(text_html=source), display(text_markdown=source)).cells
    nb.cells.append(v4.new_raw_cell(source))
    assert_inert(nb)


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_any_mixture_is_inert_at_length(source):
    """The same with many more mixtures."""
    assert_inert(markdown_notebook(source))


def test_the_test_sees_attacks():
    """The same pages without sanitising do act: the check above can fail."""
    for attack in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[click](javascript:alert(1))"):
        page, empty = Page(render(markdown_notebook(attack))), empty_page("basic")
        acts = [address for _, address in page.addresses if address.startswith("javascript")]
        assert page.handlers != empty.handlers or len(page.elements) > len(empty.elements) or acts


@pytest.mark.parametrize(
    "source",
    [
        "a < b and b > c, $x < y$, $1<2$, `a < b` is *kept*",
        "[link](https://example.org/a_(b)?c=d&e#f) and [place](#top) and <https://example.org>",
        "$$\\begin{aligned} x &= y \\\\ z &< 1 \\end{aligned}$$",
        "```python\nx = 1 if a < 2 else b[1:2]\n```",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "H<sub>2</sub>O<br>x<sup>2</sup> <details><summary>more</summary>text</details>",
        "&lt;script&gt; &amp; &nbsp;",
    ],
)
def test_harmless_markdown_is_unchanged(source):
    """Formulas, code, tables, links and plain tags stay as the student wrote them."""
    assert inert_markdown(source) == source


def test_tags_that_are_not_closed_are_broken():
    """A tag that would style or hide the rest of the page is text; so is one that closes what it did not open."""
    for source in ("<b>x", "</details>", "</b>x<b>", "<details/>"):
        assert "< " in inert_markdown(source)
    assert inert_markdown("<b>x</b><i>") == "<b>x</b>< i>"


def test_raw_cells_and_tags_are_plain():
    """Some templates paste raw cells, and some the tags, into the page as they are."""
    cell = v4.new_raw_cell(
        "<b>$\\href{x}{y}$", metadata={"raw_mimetype": "text/html", "tags": ["bonus", "' x=", "<b>"]}
    )
    safe = sanitise(v4.new_notebook(cells=[cell])).cells[0]
    assert (safe.source, safe.metadata) == ("< b>$\\ href{x}{y}$", {"tags": ["bonus"]})


def test_code_and_marks_are_kept():
    """Sources of code, ids, tags and nbgrader's marks are the same afterwards; the notebook itself is not changed."""
    marks = {"grade": True, "grade_id": "test_x", "locked": True, "points": 2, "schema_version": 3, "solution": False}
    cell = v4.new_code_cell("if a<b: pass", id="test_x", metadata={"nbgrader": marks, "tags": ["bonus"]})
    cell.outputs = [v4.new_output("execute_result", {"text/plain": "1.5"}, execution_count=3)]
    nb = v4.new_notebook(cells=[cell])
    before = deepcopy(nb)
    safe = sanitise(nb)
    assert safe.cells == before.cells and nb == before
    nbformat.validate(safe)


def test_tables_survive():
    """The table that pandas draws keeps its cells and loses its style sheet."""
    source = '<div>\n<style scoped>td {color: red}</style>\n<table border="1" class="dataframe">'
    source += '<tr style="text-align: right;">'
    source += "<th>a &lt; b</th></tr><tr><td>1</td></tr></table></div>"
    safe = clean_html(source)
    assert '<table border="1" class="dataframe"><tr style="text-align: right;"><th>a &lt; b</th>' in safe
    assert "style>" not in safe and "red" not in safe


def test_attached_pictures_are_found_again():
    """An attached picture is shown under whatever name it had; a missing one does not stop the page from being made."""
    attachments = {"my picture.png": {"image/png": PNG}, "evil.svg": {"image/svg+xml": "<svg onload=alert(1)>"}}
    nb = markdown_notebook("![a](attachment:my%20picture.png) ![b](attachment:evil.svg) ![c](attachment:gone.png)")
    nb.cells[0].attachments = attachments
    page = render(sanitise(nb))
    assert page.count(f"data:image/png;base64,{PNG}") == 1 and "<svg" not in page
    assert_inert(nb)


def test_pictures_are_believed_by_their_bytes():
    """A picture is a picture of the stated type, of a sensible size, in base64."""
    assert valid_image("image/png", PNG, 1000)
    huge = base64.b64encode(base64.b64decode(PNG)[:16] + b"\x7f\xff\xff\xff" * 2).decode()
    for mime, data in [
        ("image/jpeg", PNG),
        ("image/png", "x"),
        ("image/png", huge),
        ("image/svg+xml", PNG),
        ("image/png", 3),
    ]:
        assert not valid_image(mime, data, 1000)
    assert not valid_image("image/png", PNG, 10)
    assert not valid_image("image/gif", base64.b64encode(b"GIF89a").decode(), 100)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x10\x00\x20rest"
    assert valid_image("image/jpeg", base64.b64encode(jpeg).decode(), 100)


def test_outputs_of_other_types_say_so():
    """What is not shown (an SVG, a script, a picture that is none) leaves a line that says what it was."""
    bundles = [{"image/svg+xml": "<svg/>"}, {"application/javascript": "alert(1)"}, {"image/png": "AAAA"}]
    outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
    shown = [output.data for output in sanitise(output_notebook(*outputs)).cells[0].outputs]
    assert [set(data) for data in shown] == [{"text/plain"}] * 3
    assert all(mime in data["text/plain"] for data, bundle in zip(shown, bundles, strict=True) for mime in bundle)


def test_headings_do_not_take_the_ids_of_score_fields():
    """Formgrader finds a score field by its id, so no heading gets the id of a graded cell."""
    marks = {"grade": True, "grade_id": "test_x", "locked": True, "points": 2, "schema_version": 3, "solution": False}
    sources = [
        "# test_x",
        "- ## test\\_x",
        "test_x\n===",
        "# te[st](https://a)_x",
        "#test_x-comment",
        "# statusmessage",
    ]
    nb = v4.new_notebook(cells=[v4.new_markdown_cell(source) for source in sources])
    nb.cells.append(v4.new_code_cell("1", id="test_x", metadata={"nbgrader": marks}))
    ids = Page(render(sanitise(nb))).ids
    assert not {"test_x", "test_x-comment", "statusmessage"} & set(ids)
    assert "test_x" in Page(render(nb)).ids


def test_floods_are_cut_and_scores_are_not():
    """Endless text, many outputs and heavy pictures are cut; the two outputs of a test cell always stay."""
    noise = [v4.new_output("stream", name="stdout", text="x" * 100)] * 5000
    flood = [display(text_plain="y" * 10**6)] * 150
    score = [v4.new_output("execute_result", {"text/plain": "0"}, execution_count=None), display(text_markdown="why")]
    nb = v4.new_notebook(cells=[v4.new_code_cell("1") for _ in range(3)])
    for cell, outputs in zip(nb.cells, (noise, flood, score), strict=True):
        cell.outputs = outputs
    first, second, third = sanitise(nb).cells
    assert len(first.outputs) == 1 and "characters left out" in first.outputs[0].text
    assert (
        len(second.outputs) == 101 and max(len(output.data["text/plain"]) for output in second.outputs[:-1]) <= 20_000
    )
    assert [output.output_type for output in third.outputs] == ["execute_result", "display_data"]
    assert third.outputs[0].data["text/plain"] == "0"


def test_text_is_plain():
    """Colours stay, control codes go, half characters become storable, a progress bar shows its last state."""
    assert plain("\x1b[31mred\x1b[0m\x1b[2J\x1b]0;title\x07\x00") == "\x1b[31mred\x1b[0m]0;title"
    assert plain("a\ud800b\U0001f600") == "a\ufffdb\U0001f600"
    assert plain(" 0%\r50%\r100%\r\ndone\r") == "100%\ndone"
    assert len(shortened("x" * 1000, 200)) <= 200 and "left out" in shortened("x" * 1000, 200)


def test_what_a_figure_says_in_words_is_short():
    """And none of its letters a control code."""
    output = display(image_png=PNG)
    output.metadata = {"image/png": {"alt": "\x1b[1m" + "w" * 10**6, "width": 3}}
    cell = v4.new_code_cell("1")
    cell.outputs = [output]
    (made,) = sanitise(v4.new_notebook(cells=[cell])).cells[0].outputs
    alt = made.metadata["image/png"]["alt"]
    assert len(alt) <= 1000 and "w" * 100 in alt and "\x1b" not in alt


@pytest.mark.parametrize("piece", ["<b id=1><p>", "<", "<!--", "<table>", "<script>", "<a '", "&amp", "<b x='\""])
def test_html_takes_time_in_proportion(piece):
    """200 kB of the worst HTML are cleaned in a second, not in minutes."""
    start = time.process_time()
    clean_html(piece * (200_000 // len(piece)))
    assert time.process_time() - start < 3


def test_html_grows_in_proportion():
    """Formatting left open is not opened anew in every paragraph, as a browser does it."""
    source = "".join(f"<b id={number}><p>" for number in range(5000))
    assert len(clean_html(source)) < 2 * len(source)


@pytest.mark.parametrize(
    "piece", ["\\\\[", "\\begin{a}", "[", "*a", "![", "](", "`a``", "<b>", "$", "> ", "&", "a\n===\n"]
)
def test_markdown_takes_bounded_time(piece):
    """A megabyte of the worst Markdown is made inert and rendered in seconds."""
    start = time.process_time()
    render(sanitise(markdown_notebook(piece * (1_000_000 // len(piece)))))
    assert time.process_time() - start < 15


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text()
        | st.sampled_from(["text/html", "image/png", "stream", "error"]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["output_type", "data", "metadata", "text", "name", "traceback", "text/html", "image/png"]
                ),
                inner,
            )
        ),
        max_leaves=15,
    )
)
def test_no_output_stops_it(output):
    """Whatever a kernel calls an output, what is kept is a valid notebook that can be written."""
    nb = v4.new_notebook(cells=[v4.new_code_cell("1")])
    kinds = ("stream", "error", "display_data", "execute_result")
    likely = [{**output, "output_type": kind} for kind in kinds] if isinstance(output, dict) else []
    nb.cells[0].outputs = nbformat.from_dict([output, *likely]) if likely else output
    safe = sanitise(nb)
    nbformat.validate(safe)
    assert nbformat.writes(safe).encode() and [cell.source for cell in safe.cells] == ["1"]
