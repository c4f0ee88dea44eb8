"""Take the guide's picture of Formgrader: `grader formgrader` in the class that `make demo` left, in JupyterLab."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.browser import open_browser
from tools.picture import REPO, SIZE

COURSE = REPO / "build/demo"
PICTURE = REPO / "docs/images/formgrader.png"
START_SECONDS = 90


def free_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process, log):
    """Until a server that was started answers; fails with its log when it ends first or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


@contextmanager
def formgrader(course: Path, work: Path) -> Iterator[str]:
    """The address of JupyterLab as the command starts it, without a password; its log and its files are in `work`."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "grader"), "formgrader", "--course", str(course), "--"]
    command += ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root", "--IdentityProvider.token="]
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(work / "run"), "PYTHONWARNINGS": "ignore"}
    log = work / "server.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/formgrader", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:  # a busy machine: nothing of it is needed any more
                process.kill()
                process.wait()


def take(course: Path, picture: Path) -> None:
    """Open Formgrader by JupyterLab's menu, open the menu once more, and save what is seen."""
    with tempfile.TemporaryDirectory() as work, formgrader(course, Path(work)) as address, open_browser() as browser:
        tab = browser.new_page(viewport=SIZE)
        tab.goto(f"{address}/lab", wait_until="domcontentloaded")
        tab.get_by_role("button", name="No", exact=True).click(timeout=60_000)  # asked about Jupyter's news
        for _ in range(2):
            tab.get_by_role("menuitem", name="Nbgrader").click(timeout=60_000)
            item = tab.get_by_role("menuitem", name="Formgrader").first
            item.hover()
            tab.screenshot(path=picture)
            item.click()
            tab.frame_locator("iframe").get_by_text("week01_backprop").first.wait_for()


if __name__ == "__main__":
    if not (COURSE / "gradebook.db").exists():
        sys.exit("There is no class yet: run `make demo` first.")
    take(COURSE, PICTURE)
    print(PICTURE.relative_to(REPO))
