"""What an entry of the catalogue of hostile submissions is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DOUBLE = "def double(x):\n    return 2 * x\n"
TRIPLE = "def triple(x):\n    return 3 * x\n"
SQUARE = "def double(x):\n    return x * x\n"

# Points of the small course in `hostile_class`: 1.5 for `double` (0.5 of it for leaving the argument alone, which any
# function that does nothing keeps), 1 for `triple`.
NOTHING, HARMLESS, TRIPLED, DOUBLED, ALL = 0.0, 0.5, 1.0, 1.5, 2.5


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    Attributes:
        name: the student's name in the class; unique.
        tries: one sentence: what it would like to reach.
        double, triple, why: sources that go into the cells of these names; the stub where empty.
        change: changes the notebook's JSON, a dict, after the sources are in it; or gives back bytes in its place.
        beside: is given the submission's folder when the notebook lies in it.
        folder: the student's name where that is the attack.
        earns: points of what is honestly solved in it, and still there after what the attack breaks.
        least: the fewest points it may get, where the attack's own race with the grader decides; `earns` otherwise.
        says: words that the student's page must hold; of several, one.
        status: what becomes of it: graded, or why not.
        refused_by_nbgrader: `nbgrader autograde` leaves it out, and says so.
        quick: is in the subset for `make test`.
        family: set by the catalogue.
    """

    name: str
    tries: str
    double: str = ""
    triple: str = TRIPLE
    why: str = ""
    change: Callable[[dict], bytes | None] | None = None
    beside: Callable[[Path], None] | None = None
    folder: str = ""
    earns: float = TRIPLED
    least: float | None = None
    says: str | tuple[str, ...] = ""
    status: str = "graded"
    refused_by_nbgrader: bool = False
    quick: bool = False
    family: str = ""

    @property
    def student(self):
        return self.folder or self.name

    @property
    def sources(self):
        return {
            name: text for name, text in (("double", self.double), ("triple", self.triple), ("why", self.why)) if text
        }


def cell(source, kind="code", **fields):
    """A notebook cell as JSON."""
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "source": source, "metadata": {}, **extra, **fields}


def inserted(source, kind="code", at=1, **fields):
    """A change that puts a cell of the student's own at a place of the notebook."""

    def change(nb):
        nb["cells"].insert(at, cell(source, kind, **fields))

    return change


def by_id(nb, name):
    return next(one for one in nb["cells"] if one["id"] == name)
