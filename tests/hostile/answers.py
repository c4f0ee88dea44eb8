"""Answers that are no answers: types and values made to slip through a comparison, and answers from a table."""

from tests.hostile.attack import ALL, HARMLESS, TRIPLED, Attack


def returning(expression, before=""):
    return f"import numpy as np\n{before}\ndef double(x):\n    return {expression}\n"


HALF = HARMLESS + TRIPLED

ATTACKS = [
    Attack(
        "always-nan",
        "answer nan, which no comparison finds larger than a tolerance",
        double=returning("x * np.nan"),
        earns=HALF,
        quick=True,
    ),
    Attack(
        "always-inf", "answer infinity, of which any difference is nan", double=returning("x * 0 + np.inf"), earns=HALF
    ),
    Attack(
        "empty-array",
        "answer an empty array, which is equal to anything in every entry",
        double=returning("np.zeros((0, 2))"),
        earns=HALF,
    ),
    Attack(
        "broadcasting-array",
        "answer arrays of no dimension and of dimension one, which broadcast to the shape asked for",
        double=returning("np.zeros((1, 1, 3, 2))[..., :1]"),
        earns=HALF,
    ),
    Attack(
        "ndarray-subclass",
        "answer a subclass of ndarray that says it equals everything and differs by nothing",
        double=returning(
            "x.view(Liar)",
            """
class Liar(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __sub__
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return np.ones(self.shape, bool)
    def __array_function__(self, *args, **kwargs): return True
""",
        ),
        earns=HALF,
        quick=True,
    ),
    Attack(
        "float-subclass",
        "answer a subclass of float that says it equals everything",
        double="",
        triple="""
class Liar(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return Liar(0)
    __rsub__ = __sub__
    def __abs__(self): return Liar(0)
    def __float__(self): return 0.0
    __hash__ = float.__hash__
def triple(x): return Liar(0)
""",
        earns=0.0,
    ),
    Attack(
        "object-array",
        "answer an array of Python objects that say they equal everything",
        double=returning(
            "np.full(x.shape, Liar(), dtype=object)",
            """
class Liar:
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __le__(self, other): return True
""",
        ),
        earns=HALF,
    ),
    Attack(
        "an-object-that-agrees",
        "answer an object with every special method, each of which agrees",
        double=returning(
            "Liar()",
            """
class Liar:
    shape, dtype, ndim, size = (3, 2), np.dtype(float), 2, 6
    def __getattr__(self, name): return lambda *args, **kwargs: True
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return np.zeros((3, 2))
    def __reduce__(self): return (print, ("1.5",))
""",
        ),
        earns=HALF,
    ),
    Attack(
        "text-and-booleans",
        "answer words that a lenient comparison may take for a pass",
        double=returning("'ok' if np.ndim(x) > 1 else True"),
        earns=HALF,
    ),
    Attack(
        "masked-array",
        "answer a masked array, all of whose comparisons are masked",
        double=returning("np.ma.masked_all(x.shape)"),
        earns=HALF,
    ),
    Attack(
        "gigantic-array",
        "answer an array of 100 MB",
        double=returning("np.zeros((2**12, 2**12))[:, :3200]"),
        earns=HALF,
        least=TRIPLED,
    ),
    Attack(
        "too-large-array",
        "answer an array of 400 MB",
        double=returning("np.zeros(2**27 // 8 * 25)[:50_000_000]"),
        earns=HALF,
        least=TRIPLED,
    ),
    Attack(
        "endless-generator",
        "answer a generator that never ends",
        double="import itertools\ndef double(x):\n    return itertools.count()\n",
        earns=HALF,
    ),
    Attack(
        "list-in-itself",
        "answer a list that contains itself",
        double="loop = []\nloop.append(loop)\ndef double(x):\n    return loop\n",
        earns=TRIPLED,
    ),
    Attack("a-million-numbers", "answer a list of a million lists", double=returning("[[1.0]] * 10**6"), earns=TRIPLED),
    Attack(
        "integer-without-end",
        "answer an integer of a million digits",
        double="",
        triple="def triple(x):\n    return 10**100_000\n",
        earns=0.0,
    ),
    Attack(
        "complex-answer",
        "answer complex numbers whose real part is wrong",
        double=returning("x * (1 + 1j)"),
        earns=HALF,
    ),
    Attack(
        "changes-its-argument",
        "hand the argument back, doubled in place, where a new array is asked for",
        double="def double(x):\n    x *= 2\n    return x\n",
        earns=1.0 + TRIPLED,
    ),
    Attack(
        "hides-a-change-in-place",
        "change the argument and patch the helper to show the judge a copy made before: "
        "the policy is that what the sandbox shows is judged (see docs/security.md)",
        double="""
from grader.sandbox.inside import helper
keep = helper.Responder._ask
def ask(self, question, decoder):
    answer = keep(self, question, decoder)
    if type(answer) is list and question["name"].startswith("leaves"):
        answer[1] = helper.Decoder(decoder.binary, None).decode(question["case"])["x"]
    return answer
helper.Responder._ask = ask
def double(x):
    x *= 2
    return x
""",
        earns=ALL,
    ),
    Attack(
        "table-by-seed",
        "know the challenge by the seed of the random numbers, and answer from a table",
        double="""
import numpy as np, hashlib
def double(x):
    seed = int(np.random.get_state()[1][0])
    candidates = []
    for number in (seed, seed % 2**32, 0, 1, 42):
        rng = np.random.default_rng(number)
        candidates.append(rng.normal(size=np.shape(x)))
    for guess in candidates:
        if np.shape(guess) == np.shape(x) and np.allclose(guess, x): return guess + guess
    return x
""",
        earns=HALF,
        quick=True,
    ),
    Attack(
        "table-by-shape",
        "know the challenge by its shape, and answer from a table beside the notebook",
        double="""
import json, numpy as np
def double(x):
    table = json.load(open("table.json"))
    return np.array(table.get(str(np.shape(x)), 0.0))
""",
        beside=lambda folder: (folder / "table.json").write_text(
            '{"(3, 2)": [[1, 2], [3, 4], [5, 6]], "()": 2469.13578}'
        ),
        earns=HALF,
        quick=True,
    ),
    Attack(
        "recognises-the-judge",
        "look who calls, and behave when it is the judge: only the stub otherwise",
        double="""
import sys
def double(x):
    frame, names = sys._getframe(), []
    while frame: names.append(frame.f_code.co_name); frame = frame.f_back
    if "answer_all" in names:
        frame = sys._getframe(1)
        return frame.f_locals.get("expected", frame.f_globals.get("expected", x))
    raise NotImplementedError
""",
        earns=HALF,
    ),
    Attack(
        "counts-the-questions",
        "answer the first question right and hope that the others are not asked",
        double="""
import numpy as np
calls = 0
def double(x):
    global calls
    calls += 1
    return 2 * x if calls == 1 else np.zeros_like(x)
""",
        earns=HALF,
    ),
]
