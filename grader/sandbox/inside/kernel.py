"""Starts an IPython kernel inside the sandbox, on sockets that the outside already listens on.

``python -m grader.sandbox.inside.kernel FD`` reads its settings, one JSON object, from the file descriptor:

- ``sockets``: ``{channel: file descriptor}`` of listening Unix sockets, one for each Jupyter channel. The kernel gets
  the open sockets rather than paths, so that the folder they lie in can stay outside.
- ``key``: signs Jupyter's messages. ``limits``: ``{name in the module resource: number}``.
- ``work``: the folder to run in. ``files``: a folder whose content is copied there.
- ``libraries``: folders to have on ``sys.path``. ``font_list``: matplotlib's list of fonts as a file, or null.

Runs beside student code and promises nothing against it: everything that must hold is enforced from outside.
"""

from __future__ import annotations

import json
import os
import random
import resource
import select
import shutil
import sys
from typing import TYPE_CHECKING

from grader.sandbox.inside import colab

if TYPE_CHECKING:
    from grader.sandbox.inside.application import Application
    from grader.sandbox.protocol.fork_messages import KernelSettings

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


def main(settings_fd: int) -> None:
    """Become a kernel. Returns when it is asked to shut down."""
    leave_if_abandoned()
    with open(settings_fd, encoding="utf-8") as stream:
        run(json.load(stream))


def run(settings: KernelSettings) -> None:
    """The same with the settings at hand: what a process forked from a preloaded one calls."""
    set_limits(settings["limits"])
    prepare_folders(settings["work"], settings["font_list"])
    prepare_path(settings["libraries"])
    make_repeatable()
    colab.install()
    app = application()
    app.listen({channel: settings["sockets"][channel] for channel in CHANNELS}, settings["key"])
    sys.modules.pop("debugpy", None)
    # Last, so that nothing handed in takes part in the start; and behind everything installed on the path, so that
    # a file numpy.py is never taken for numpy.
    shutil.copytree(settings["files"], settings["work"], dirs_exist_ok=True, copy_function=shutil.copyfile)
    sys.path.append(settings["work"])
    app.start()


def leave_if_abandoned() -> None:
    """End if whoever started this is gone: bwrap ties itself to its parent only a moment after it has started."""
    reader = select.poll()
    reader.register(2, 0)
    if reader.poll(0):
        os._exit(1)


def set_limits(limits: dict[str, int]) -> None:
    """Set resource limits, as far as they are below those already there."""
    for name, value in limits.items():
        kind = getattr(resource, name)
        ceiling = resource.getrlimit(kind)[1]
        value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(kind, (value, value))


def prepare_folders(work: str, font_list: str | None) -> None:
    """Make the working folder and what programs expect of a home."""
    for path in (work, os.environ["HOME"]):
        os.makedirs(path, mode=0o700, exist_ok=True)
    os.chdir(work)
    if font_list:
        os.makedirs(os.environ["MPLCONFIGDIR"], exist_ok=True)
        shutil.copy(font_list, os.environ["MPLCONFIGDIR"])


def prepare_path(libraries: list[str]) -> None:
    sys.path[:] = [path for path in sys.path if path not in ("", os.getcwd())]
    sys.path.extend(path for path in libraries if path not in sys.path)


def make_repeatable() -> None:
    """The same random numbers in every run, also where the notebook gives no seed."""
    import numpy as np

    random.seed(0)
    np.random.seed(0)
    # numpy asks this function for the entropy of a generator that is made without a seed.
    np.random.bit_generator.randbits = random.Random(0).getrandbits  # type: ignore[attr-defined]


def application() -> Application:
    """The one kernel application of this process: made when it is first asked for, and inherited by forks."""
    without_debugger()
    from grader.sandbox.inside.application import Application

    return Application.instance()


def without_debugger() -> None:
    """Importing the debugger takes a tenth of a second, and nobody attaches."""
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # which says that there is none


if __name__ == "__main__":
    main(int(sys.argv[1]))
