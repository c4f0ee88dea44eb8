"""Markup that would run a script in the browser of whoever opens feedback, report or Formgrader."""

# ruff: noqa: E501  (cells of notebooks, kept as text)

import base64

from tests.hostile.attack import ALL, DOUBLE, HARMLESS, TRIPLED, Attack, cell

# Every script leaves its mark in the window, opens a dialog and asks for a page: the browser test listens to all three.
RUN = "window.hostile=1;alert('hostile');fetch('/hostile')"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script><foreignObject><iframe srcdoc="x"/></foreignObject></svg>'
TAGS = [
    f"<script>{RUN}</script>",
    f"<ScRiPt src='/hostile.js'></sCrIpT\n><script>{RUN}//",
    f'<img src=x onerror="{RUN}">',
    f"<img/src=x/onerror={RUN}//",
    f'<iframe srcdoc="<script>parent.hostile=1</script>"></iframe><iframe src="javascript:{RUN}"></iframe>',
    f'<object data="data:text/html,<script>{RUN}</script>"></object><embed src="javascript:{RUN}">',
    f'<a href="javascript:{RUN}" id="hostile-link">x</a><a href="data:text/html,<script>{RUN}</script>">y</a>',
    f'<details open ontoggle="{RUN}"><summary>x</summary></details><video><source onerror="{RUN}"></video>',
    f'<form action="javascript:{RUN}"><input autofocus onfocus="{RUN}"><button formaction="javascript:{RUN}">x</button></form>',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror={RUN}&gt;"></table></mtext></math>',
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript><template><script>{RUN}</script></template>',
    "<base href='https://example.org/'><meta http-equiv='refresh' content='0;url=https://example.org/'><link rel=stylesheet href='/x'>",
    "<style>*{background:url(/hostile)}</style><p style='background:url(/hostile);position:fixed;inset:0'>x</p>",
    f"</textarea></pre></div></script>--><script>{RUN}</script><plaintext>",
    SVG,
]
LATEX = [
    rf"$\href{{javascript:{RUN}}}{{x}}$ $\unicode{{x3c}}\require{{html}}\class{{x}}{{y}}\style{{background:url(/hostile)}}{{z}}$",
    rf"$$\begin{{array}}{{c}}<script>{RUN}</script>\end{{array}}$$ $\def\x{{\x\x}}\x$ $\includegraphics{{/hostile}}$",
    rf"\(\cssId{{nbgrader}}{{<img src=x onerror={RUN}>}}\) $\htmlData{{onclick={RUN}}}{{x}}$",
]
MARKDOWN = [
    f"[x](javascript:{RUN}) ![x](javascript:{RUN}) [y][z]\n\n[z]: javascript:{RUN}",
    f'![x](/hostile.png "{RUN}") <javascript:{RUN}> [x](  jav&#x61;script:{RUN})',
    f"```mermaid\nclick A call {RUN}\n```\n\n[x](data:text/html;base64,{base64.b64encode(TAGS[0].encode()).decode()})",
]
EVERYTHING = "\n\n".join([*TAGS, *LATEX, *MARKDOWN])
DATA = base64.b64encode(SVG.encode()).decode()


def showing(*calls):
    body = "\n".join(calls)
    return f"from IPython.display import HTML, SVG, Javascript, Latex, Markdown, IFrame, display, publish_display_data\n{body}\n{DOUBLE}"


def attachments(nb):
    nb["cells"].append(
        cell(
            "![x](attachment:x.svg) ![y](attachment:y.png) ![z](attachment:<img src=x onerror=alert(1)>)",
            "markdown",
            id="pictures",
            attachments={
                "x.svg": {"image/svg+xml": SVG},
                "y.png": {"image/png": DATA, "text/html": SVG},
                "<img src=x onerror=alert(1)>": {"image/svg+xml": DATA},
            },
        )
    )


def page_beside(folder):
    for name in ("evil.html", "evil.svg", "evil.xhtml", "evil.js"):
        (folder / name).write_text(
            f"<html xmlns='http://www.w3.org/1999/xhtml'><script>{RUN}</script></html>" if "svg" not in name else SVG
        )


ATTACKS = [
    Attack(
        "markup-in-an-answer",
        "put scripts, frames, event handlers and styles into the written answer",
        double=DOUBLE,
        why=EVERYTHING,
        earns=ALL,
        quick=True,
    ),
    Attack(
        "markup-in-own-cells",
        "put them into Markdown and raw cells of the student's own",
        double=DOUBLE,
        earns=ALL,
        change=lambda nb: nb["cells"].extend(
            [
                cell(EVERYTHING, "markdown", id="m"),
                cell(EVERYTHING, "raw", id="r"),
                *(cell(text, "markdown", id=f"m{n}") for n, text in enumerate(TAGS)),
            ]
        ),
    ),
    Attack(
        "html-outputs",
        "display HTML with scripts",
        double=showing(f"for text in {TAGS!r}: display(HTML(text))"),
        earns=ALL,
        quick=True,
    ),
    Attack(
        "svg-outputs",
        "display SVG, a document that may hold scripts",
        double=showing(
            f"display(SVG({SVG!r}))", f"publish_display_data({{'image/svg+xml': {SVG!r}, 'image/png': {DATA!r}}})"
        ),
        earns=ALL,
    ),
    Attack(
        "latex-outputs",
        "display LaTeX with links, styles and definitions that never end",
        double=showing(f"for text in {LATEX!r}: display(Latex(text)); display(Markdown(text))"),
        earns=ALL,
    ),
    Attack(
        "javascript-outputs",
        "display JavaScript, widgets, frames and types that templates execute",
        double=showing(
            f"display(Javascript({RUN!r}), IFrame('/hostile', 10, 10))",
            f"for kind in ('application/javascript', 'text/javascript', 'application/vnd.jupyter.widget-view+json', "
            f"'text/vnd.mermaid', 'application/pdf', 'text/latex', 'application/x-script', '<img src=x onerror=alert(1)>'): "
            f"publish_display_data({{kind: {RUN!r}}}, metadata={{kind: {{'x': {TAGS[2]!r}}}}})",
        ),
        earns=ALL,
    ),
    Attack(
        "markup-in-errors",
        "raise exceptions whose name, message and colours are markup",
        double=f"""
for text in {TAGS!r}:
    try: raise type(text[:80], (Exception,), {{}})(text)
    except Exception: get_ipython().showtraceback()
print("\\x1b]8;;javascript:alert(1)\\x1b\\\\x\\x1b]8;;\\x1b\\\\ \\x1b[31;1m<img src=x onerror=alert(1)>\\x1b[0m")
def double(x):
    raise type({TAGS[2]!r}, (Exception,), {{}})({TAGS[0]!r})
""",
        earns=TRIPLED,
        quick=True,
    ),
    Attack(
        "markup-in-class-names",
        "answer with objects whose class is called like a script",
        double=f"""
class Thing: pass
Thing.__name__ = Thing.__qualname__ = {TAGS[2]!r}
def double(x): return Thing()
""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "markup-in-attachments",
        "attach SVG and HTML in place of pictures",
        double=DOUBLE,
        change=attachments,
        earns=ALL,
    ),
    Attack(
        "markup-in-metadata",
        "put markup into titles, authors, tags, ids and widget states of the notebook",
        double=DOUBLE,
        change=lambda nb: (
            nb["metadata"].update(title=TAGS[0], authors=[{"name": TAGS[2]}], widgets={TAGS[0]: TAGS[2]}),
            nb["cells"].append(
                cell("x", "markdown", id="x", metadata={"tags": [TAGS[0]], "name": TAGS[2], "collapsed": TAGS[2]})
            ),
            nb["cells"].append(cell("x", "markdown", id='"><script>alert(1)</script>')),
        ),
        earns=ALL,
    ),
    Attack(
        "takes-the-page-s-ids",
        "write headings and elements with the ids of Formgrader's own fields",
        double=DOUBLE,
        why="# test_double\n\n## Test double\n\n<input id='test_double' value='1.5'><form id=notebook name=querySelector></form>",
        earns=ALL,
    ),
    Attack(
        "page-beside-the-notebook",
        "hand in a page with a script beside the notebook, and link to it",
        double=DOUBLE,
        why="[my figure](evil.html) [picture](evil.svg) ![x](evil.svg)",
        beside=page_beside,
        earns=ALL,
        quick=True,
    ),
    Attack(
        "markup-in-a-file-s-name",
        "hand the notebook in under a name that is markup",
        double=DOUBLE,
        beside=lambda folder: (folder / "double.ipynb").rename(folder / 'double "><img src=x onerror=alert(1)>.ipynb'),
        earns=ALL,
        says="img src",
    ),
    Attack(
        "markup-in-a-name",
        "be called like a script",
        double=DOUBLE,
        folder='<img src=x onerror="alert(1)">',
        earns=0.0,
        status="refused",
        refused_by_nbgrader=True,
        quick=True,
    ),
    Attack(
        "quotes-in-a-name",
        "be called so that attributes and JavaScript strings end too early",
        double=DOUBLE,
        folder="x' onmouseover='alert(1)' y=');alert(1);('",
        earns=ALL,
    ),
    Attack(
        "formula-in-a-name",
        "be called like a spreadsheet's formula",
        double=DOUBLE,
        folder="=HYPERLINK('http:','x')",
        earns=ALL,
    ),
    Attack(
        "terminal-codes-in-a-name",
        "be called by codes that command a terminal, and turn text around",
        double=DOUBLE,
        folder="x\x9b31mred\u202etxt.exe",
        earns=0.0,
        status="refused",
        refused_by_nbgrader=True,
    ),
    Attack(
        "markdown-that-takes-hours",
        "write Markdown on which renderers brood",
        double=DOUBLE,
        why="\\\\(" * 20_000 + "[" * 50_000 + "*a " * 20_000 + "<p" * 10_000,
        earns=ALL,
    ),
]
