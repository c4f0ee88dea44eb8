"""Code that changes what it runs among: numpy, Python's own names, IPython's shell, our helper, the visible checks."""

from tests.hostile.attack import HARMLESS, SQUARE, TRIPLED, Attack

LIAR = """
class Liar:
    def __call__(self, *args, **kwargs): return True
    def __getattr__(self, name): return self
    def __bool__(self): return True
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = None
"""

ATTACKS = [
    Attack(
        "numpy-comparisons-patched",
        "make numpy's comparisons say that everything is equal",
        double=f"""
import numpy as np
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "isfinite", "abs", "max"):
    setattr(np, name, lambda *args, **kwargs: True)
np.ndarray = type("ndarray", (np.ndarray,), {{"__eq__": lambda self, other: True}})
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
        least=0.0,
        quick=True,
    ),
    Attack(
        "numpy-testing-silenced",
        "make every assertion of numpy.testing pass",
        double=f"""
import numpy.testing as testing
for name in dir(testing):
    if name.startswith("assert"): setattr(testing, name, lambda *args, **kwargs: None)
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "numpy-replaced",
        "put an object that agrees with everything in place of the module numpy",
        double=f"""
import sys
{LIAR}
for name in [name for name in sys.modules if name.split(".")[0] == "numpy"]: sys.modules[name] = Liar()
np = Liar()
def double(x): return Liar()
""",
        triple="def triple(x): return 3 * x\n",
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
    Attack(
        "builtins-patched",
        "make abs, all, any, isinstance, len, sum, round and float agree with everything",
        double=f"""
import builtins
{LIAR}
for name in ("abs", "all", "any", "len", "sum", "round", "max", "min", "sorted"):
    setattr(builtins, name, lambda *args, **kwargs: 0)
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
    Attack(
        "assert-removed",
        "compile every later cell without its assert statements, and let AssertionError be nothing",
        double=f"""
import ast, builtins
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(NoAsserts())
builtins.AssertionError = type("AssertionError", (BaseException,), {{"__new__": lambda cls, *a: SystemExit()}})
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "shell-patched",
        "let IPython's shell answer every cell with the full score",
        double=f"""
shell = get_ipython()
original = type(shell).run_cell
def run_cell(self, raw_cell, *args, **kwargs):
    return original(self, "1.5", *args, **kwargs)
type(shell).run_cell = run_cell
shell.input_transformers_post.append(lambda lines: ["1.5\\n"])
shell.events.register("post_run_cell", lambda result: print("1.5"))
{SQUARE}""",
        triple="def triple(x): return 3 * x\n",
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
    Attack(
        "display-hook-patched",
        "let every cell, also the test cells, show 1.5 as its result",
        double=f"""
import sys
from IPython.core.displayhook import DisplayHook
DisplayHook.__call__ = lambda self, result=None: self.shell.display_pub.publish({{"text/plain": "1.5"}})
sys.displayhook = lambda value: print(1.5)
get_ipython().events.register("post_execute", lambda: print("1.5"))
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "checks-patched",
        "make the visible checks and the diagnosis call everything right",
        double=f"""
import grader.checks as checks, grader.checks.diagnosis.diagnose as diagnosis
import grader.checks.diagnosis.tolerance as closeness
from grader.checks.diagnosis.verdict import Verdict
closeness.close = lambda yours, *args, **kwargs: yours == yours
diagnosis.diagnose = lambda *args, **kwargs: Verdict(True, "ok", "all")
checks.exercise = lambda name: open("/dev/null")
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "helper-patched",
        "let our helper in the kernel answer every question with a pass and points",
        double=f"""
from grader.sandbox.inside import helper
def answer(self, question, binary):
    verdict = {{"ok": True, "code": "ok"}}
    self.connection.send({{"ok": True, "passed": True, "points": 1.5, "verdict": verdict, "score": 1.5}})
helper.Responder.answer = answer
{SQUARE}""",
        earns=0.0,
        quick=True,
    ),
    Attack(
        "helper-replaced",
        "replace the module of our helper, so that the judge's call runs code of the student's",
        double=f"""
import sys, types
fake = types.ModuleType("grader.sandbox.inside.helper")
fake.attend = sys.modules["grader.sandbox.inside.helper"].attend = lambda path, namespace: print("1.5")
sys.modules["grader.sandbox.inside.helper"] = fake
import builtins
original = builtins.__import__
builtins.__import__ = lambda name, *a, **k: fake if name == "grader.sandbox.inside.helper" else original(name, *a, **k)
{SQUARE}""",
        earns=0.0,
    ),
    Attack(
        "json-and-struct-patched",
        "patch the libraries the channel is made of, so that replies say what they should not",
        double=f"""
import json, struct
json.dumps = lambda *args, **kwargs: '{{"ok": true, "passed": true}}'
struct.Struct.pack = None if False else struct.Struct.pack
{SQUARE}""",
        earns=0.0,
    ),
    Attack(
        "bytecode-patched",
        "patch the code objects of library functions in place",
        double=f"""
import numpy as np
def yes(*args, **kwargs): return True
for function in (np.allclose, np.isclose, np.array_equal):
    inner = getattr(function, "__wrapped__", function)
    inner.__code__ = yes.__code__
from grader.checks.diagnosis import tolerance
tolerance.close.__code__ = yes.__code__
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "import-hook",
        "answer every later import with a module of the student's own",
        double=f"""
import sys, types
class Finder:
    def find_spec(self, name, path, target=None):
        sys.modules[name] = types.ModuleType(name)
        raise ImportError(name)
sys.meta_path.insert(0, Finder())
for name in [name for name in sys.modules if name.startswith("grader")]: del sys.modules[name]
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
        least=0.0,  # the questions cannot import what they need either
    ),
    Attack(
        "fork-patched",
        "make os.fork, os._exit and os.kill do nothing, so that no copy of the process is made for the questions",
        double=f"""
import os
os.fork = lambda: 0
os._exit = lambda code: None
os.kill = lambda *args: None
{SQUARE}""",
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
]
