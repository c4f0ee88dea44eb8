"""Draw the picture of docs/architecture.md: the rooms, who imports whom, the walls. `python -m tools.house`.

Rooms have their places here. Arrows are those of the sources: what no import stands for is not drawn, and an import
between two rooms that has no route yet is an error. A test compares the picture with what would be drawn today.
"""

from __future__ import annotations

import ast
import re
import textwrap
from html import escape
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
PICTURE = REPO / "docs" / "images" / "architecture.svg"

# (left, top, width, height), what it is for. Kinds differ in outline and pattern, not in colour alone.
ROOMS = {
    "desk": (310, 30, 300, 120, "the instructor's commands"),
    "weeks": (50, 240, 210, 120, "notebooks with stubs and visible checks, and the modules that only they import"),
    "judge": (310, 240, 300, 120, "asks, compares outside the sandbox, decides, writes hints"),
    "solutions": (710, 240, 230, 120, "reference, keys, mistakes, rubrics"),
    "checks": (50, 440, 210, 130, "what any notebook imports"),
    "sandbox": (310, 440, 300, 130, "runs the student's code; no answers, no network, no files of the host"),
}
TITLES = {"weeks": "week*/", "solutions": "solutions/"}
COURSE = (710, 40, 230, 110)
ROUTES = {
    ("desk", "judge"): "M400 150 V234",
    ("desk", "sandbox"): "M610 110 H660 V500 H622",
    ("desk", "checks"): "M310 95 H20 V505 H44",
    ("judge", "sandbox"): "M400 360 V428",
    ("judge", "checks"): "M310 330 H285 V480 H266",
    ("weeks", "checks"): "M155 360 V434",
    ("solutions", "judge"): "M710 300 H616",
    ("solutions", "checks"): "M825 360 V610 H155 V576",
    ("solutions", "weeks"): "M825 240 V195 H155 V234",
}
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 690" font-family="sans-serif" font-size="13" role="img"
 aria-label="Weeks and checks are public, solutions secret, the sandbox is walled; arrows show who imports whom">
<defs>
<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" orient="auto-start-reverse">
<path d="M0 0 L10 5 L0 10 z"/></marker>
<pattern id="secret" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="9" height="9" fill="#fff"/><path d="M0 0 V9" stroke="#bbb" stroke-width="3"/></pattern>
</defs>
<rect width="960" height="690" fill="#fff"/>
"""


def room_of(dotted: str) -> str | None:
    """The room of a module's dotted name, or None for what is not ours or is the package itself."""
    if re.match(r"week\d\d_", dotted):
        return "weeks"
    found = re.match(r"(solutions)\b|grader\.(checks|sandbox|judge|desk)\b", dotted)
    return found and (found[1] or found[2])


def imported(source: str) -> set[str]:
    """Dotted names of all that a module imports by an absolute name, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def arrows(repo: Path = REPO) -> set[tuple[str, str]]:
    """(importing room, imported room) of every pair that the sources have. Cells of notebooks are no modules."""
    found = set()
    for folder in ("grader", "solutions", "week*"):
        for path in repo.glob(f"{folder}/**/*.py"):
            here = room_of(".".join(path.relative_to(repo).with_suffix("").parts))
            if here and path.name != "reference.py":
                found |= {(here, room_of(name)) for name in imported(path.read_text(encoding="utf-8"))}
    return {(here, there) for here, there in found if there and there != here}


def drawing(repo: Path = REPO) -> str:
    """The whole picture as SVG. Errors: KeyError for an arrow between two rooms that has no route."""
    parts = [HEAD, *(_room(name, repo) for name in ROOMS), _course()]
    parts += [f'<path d="{ROUTES[pair]}" {_line()}/>\n' for pair in sorted(arrows(repo))]
    parts += [
        f'<path d="M500 366 V428" marker-start="url(#tip)" {_line(dashed=True)}/>\n',
        _text(510, 392, "inputs in,"),
        _text(510, 408, "plain numbers out"),
        f'<path d="M616 75 H704" marker-start="url(#tip)" {_line(dashed=True)}/>\n',
        f'<path d="M50 650 H95" {_line()}/>\n{_text(105, 655, "imports")}',
        f'<path d="M190 650 H235" marker-start="url(#tip)" {_line(dashed=True)}/>\n{_text(245, 655, "data")}',
        '<rect x="310" y="638" width="40" height="22" fill="#e8f0fa" stroke="#000"/>\n' + _text(360, 655, "public"),
        '<rect x="440" y="638" width="40" height="22" fill="url(#secret)" stroke="#000" stroke-width="3"'
        ' stroke-dasharray="7 4"/>\n' + _text(490, 655, "secret"),
        '<rect x="570" y="638" width="40" height="22" fill="#fff" stroke="#000" stroke-width="5"/>\n'
        + _text(620, 655, "behind walls: bubblewrap, limits"),
    ]
    return "".join(parts) + "</svg>\n"


def _room(name: str, repo: Path) -> str:
    left, top, width, height, purpose = ROOMS[name]
    title = TITLES.get(name, f"grader/{name}")
    folders = sorted(path.parent.name for path in (repo / "grader" / name).glob("*/__init__.py"))
    fill, edge = "#fff", 'stroke="#000" stroke-width="1.5"'
    if name in ("weeks", "checks"):
        fill = "#e8f0fa"
    if name == "solutions":
        fill, edge = "url(#secret)", 'stroke="#000" stroke-width="3" stroke-dasharray="7 4"'
    if name == "sandbox":
        edge = 'stroke="#000" stroke-width="6"'
    box = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}" {edge}/>\n'
    if name == "solutions":  # words on a plain ground, not on the hatching
        box += f'<rect x="{left + 8}" y="{top + 8}" width="{width - 16}" height="{height - 16}" fill="#fff"/>\n'
    lines = textwrap.wrap(purpose, width // 8) + textwrap.wrap(" · ".join(folders), width // 8)
    words = [_text(left + 14, top + 44 + 17 * row, line) for row, line in enumerate(lines)]
    return box + _text(left + 14, top + 25, title, bold=True) + "".join(words)


def _course() -> str:
    left, top, width, height = COURSE
    box = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="14" fill="#fff" stroke="#000"/>\n'
    lines = ["one for each class, private", "submitted/ → autograded/,", "gradebook.db → feedback/"]
    words = [_text(left + 14, top + 48 + 18 * row, line) for row, line in enumerate(lines)]
    return box + _text(left + 14, top + 25, "the course folder", bold=True) + "".join(words)


def _text(x: int, y: int, words: str, bold: bool = False) -> str:
    weight = ' font-size="16" font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight}>{escape(words)}</text>\n'


def _line(dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'fill="none" stroke="#000" stroke-width="1.8"{dashes} marker-end="url(#tip)"'


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
    print(PICTURE.relative_to(REPO))
