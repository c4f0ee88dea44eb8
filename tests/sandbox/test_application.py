"""What our kernel does otherwise than ipykernel's must not be seen by a notebook."""

import pytest

from grader.sandbox.kernels import forked_kernel
from tests.sandbox.tools import run, shown, statuses

AWAITING = "await nothing()\nget_ipython().input_transformers_post.append(renew)\nage = 'old'"


@pytest.fixture(params=["forked", "fresh"], autouse=True)
def kernels(request, monkeypatch):
    """Every test here for both kinds of kernels."""
    monkeypatch.setenv(forked_kernel.VARIABLE, request.param)


def test_output_comes_whole_and_in_order():
    """What is printed, shown, and printed again by threads arrives in that order and in its own cell."""
    execution = run(
        "from IPython.display import display\n"
        "import sys, threading\n"
        "for i in range(200):\n"
        "    print(i)\n"
        "display('shown')\n"
        "print('to stderr', file=sys.stderr, flush=True)\n"
        "thread = threading.Thread(target=print, args=('from a thread',)); thread.start(); thread.join()",
        # What a program prints is read by a thread of its own, so that it takes its place when it is read.
        "import os, time; os.system('echo from a program'); time.sleep(0.5); print('second'); 'result'",
        "1 / 0",
        "",
        "print('last')",
    )
    first = execution.nb.cells[0].outputs
    assert [output.output_type for output in first] == ["stream", "display_data", "stream", "stream"]
    assert first[0].text == "".join(f"{i}\n" for i in range(200))
    assert first[2].text == "to stderr\n" and first[3].text == "from a thread\n"
    assert shown(execution, 1) == "from a program\nsecond\n'result'"
    assert [output.output_type for output in execution.nb.cells[2].outputs] == ["error"]
    assert shown(execution) == "last\n"


def test_printing_and_showing_take_turns():
    """For longer than the streams wait before they send by themselves, so that both ways of sending meet."""
    execution = run(
        "import time\nfrom IPython.display import display\n"
        "for i in range(40):\n    print(i); time.sleep(0.013); display(i)"
    )
    outputs = execution.nb.cells[0].outputs
    assert [output.get("text", "shown") for output in outputs[::2]] == [f"{i}\n" for i in range(40)]
    assert [output.data["text/plain"] for output in outputs[1::2]] == [str(i) for i in range(40)]


def test_a_cell_may_await():
    """Cells that await run like others."""
    execution = run(
        "import asyncio\nawait asyncio.sleep(0.01)\nprint('waited')",
        "async def answer():\n    return 42\nawait answer()",
    )
    assert shown(execution, 0) == "waited\n" and shown(execution, 1) == "42"


def test_cells_are_translated_as_ipython_does():
    """Magics, shell lines and transformers of the notebook's own work, and act from the next cell on."""
    execution = run(
        "%%capture text\nprint('caught')",
        "text.stdout",
        "answer = !echo 1\nanswer[0]",
        "get_ipython().input_transformers_post.append(lambda lines: [line.replace('TWO', '2') for line in lines])",
        "TWO + TWO",
        "TWO + TWO",
        "get_ipython().input_transformers_post.clear()",
        "TWO + TWO",
    )
    assert [shown(execution, number) for number in (1, 2, 4, 5)] == ["'caught\\n'", "'1'", "4", "4"]
    assert "NameError" in shown(execution, 7)


def test_no_translation_is_kept_for_the_next_cell():
    """The same text again, after it has changed how cells are translated: ipykernel asks once where a cell awaits."""
    execution = run(
        "async def nothing():\n    pass\ndef renew(lines):\n    return [line.replace('old', 'new') for line in lines]",
        AWAITING,
        AWAITING,
        "age",
        "%nosuchmagic",
        "print('said')",
        "print('said')",
    )
    assert shown(execution, 3) == "'new'"
    assert [shown(execution, number) for number in (5, 6)] == ["said\n", "said\n"]


def test_the_shell_is_the_one_that_programs_look_for():
    """tqdm and others tell a notebook by these; %who shows only what the notebook defined."""
    execution = run(
        "shell = get_ipython(); (type(shell).__name__, 'IPKernelApp' in shell.config, shell.kernel is not None)",
        "import os, __main__; [str(folder) for folder in _dh] == [os.getcwd()], __name__, vars(__main__) is globals()",
        "%who",
        "count = 3\n%store count",
        "_, Out[1][0], In[1][:5]",
    )
    assert shown(execution, 0) == "('ZMQInteractiveShell', True, True)"
    assert shown(execution, 1) == "(True, '__main__', True)"
    assert shown(execution, 2).split() == ["os", "shell"]
    assert "Stored 'count' (int)" in shown(execution, 3)
    assert shown(execution, 4) == "((True, '__main__', True), 'ZMQInteractiveShell', 'shell')"


def test_the_debugger_of_the_command_line_still_says_why_it_does_not_start():
    """Nobody can type here, so pdb fails at once instead of waiting."""
    execution = run("def f():\n    breakpoint()\nf()", "1")
    assert statuses(execution) == ["error", "ok"]


def test_a_statement_that_raises_does_not_take_the_rest_of_its_cell_along():
    """Everything else is run once and shown as before; the lines that raised are known, as the student counts them."""
    execution = run(
        "\n\nfrom google.colab import drive\ndrive.mount('/x')\ncount = 1\ndef f():\n    return 1\ncount += 1\ncount",
        "f(), count",
        "def g():\n    pass\nreturn 3\ndef h():\n    return 2\n[][0]",
        "%%capture\ninput('?')\nk = h()",
        "k",
    )
    stops = [[(stop.line, stop.name) for stop in cell.stops] for cell in execution.cells.values()]
    assert stops[0] == [(3, "ModuleNotFoundError"), (4, "NameError")]
    assert stops[2:4] == [[(3, "SyntaxError"), (6, "IndexError")], [(2, "StdinNotImplementedError")]]
    assert shown(execution, 0).endswith("2") and shown(execution, 1) == "(1, 2)" and shown(execution, 4) == "2"
    assert statuses(execution)[::2] == ["error", "error", "ok"]


def test_a_cell_that_cannot_be_compiled_says_so():
    execution = run("\nx = 1\ny = (", "x")
    (stop,) = execution.cells["c0"].stops
    assert stop.whole and (stop.line, stop.name) == (3, "SyntaxError") and statuses(execution) == ["error", "error"]


def test_quitting_ends_nothing():
    """In all the ways of a console, and the statements after it are run."""
    execution = run("quit()\na = 1", "exit", "import sys\nsys.exit()\nraise SystemExit(3)", "a")
    assert shown(execution) == "1" and not execution.death
    assert [cell.stops[0].name for cell in list(execution.cells.values())[:3]] == ["SystemExit"] * 3


def test_an_interrupt_ends_the_whole_cell():
    execution = run("a = 1\nwhile True:\n    pass\na = 2", "a", cell_seconds=1)
    assert statuses(execution) == ["timeout", "ok"] and shown(execution) == "1"


@pytest.mark.parametrize("text", ["raise self", "raise KeyboardInterrupt", "1 / 0", "return 1"])
def test_a_cell_ends_whose_exception_has_no_text(text):
    """IPython lets what comes of it end its own work, and no reply is sent: a cell would wait for its limit of time."""
    odd = f"class Odd(Exception):\n    def __str__(self): {text}\nraise Odd\n"
    execution = run(odd + "print('below')", "print('next')")
    assert statuses(execution) == ["error", "ok"] and shown(execution) == "next\n"
    assert "below" in shown(execution, 0) and execution.cells["c0"].stops[0].name == "Odd"


def test_an_exception_with_fifty_megabytes_of_message_is_cut_and_the_cell_goes_on():
    execution = run("raise ValueError('x' * 50 * 2**20)\ndouble = 2", "print(double)")
    (error,) = execution.nb.cells[0].outputs
    assert error.ename == "ValueError" and error.evalue.strip("x") == "" and len(error.evalue) < 10**5
    assert statuses(execution) == ["error", "ok"] and shown(execution) == "2\n" and execution.death is None
