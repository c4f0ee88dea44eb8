"""A PostgreSQL server of one's own: a folder and a socket in it, no port, ended by its own process number."""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

NOBODY = 65534  # initdb and postgres refuse to run as root
START_SECONDS = 60


def programs():
    """The folder with `initdb` and `postgres`, or None. Debian keeps them off the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += [Path(path).parent for path in sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextlib.contextmanager
def server(bin_folder):
    """The address of a database in a new server, as SQLAlchemy wants it."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    # Not below pytest's folder, which no other user may enter; and short, for the socket's path.
    place = Path(tempfile.mkdtemp(prefix="grader-pg-"))
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": place, **user}
    try:
        if user:
            os.chown(place, NOBODY, NOBODY)
        words = ["--auth=trust", "--username=grader", "--encoding=UTF8", "--locale=C", "--no-sync", place / "data"]
        subprocess.run([bin_folder / "initdb", *words], check=True, **options)
        words = ["-D", place / "data", "-k", place, "-c", "listen_addresses=", "-c", "fsync=off"]
        options["stdout"] = subprocess.DEVNULL
        running = subprocess.Popen([bin_folder / "postgres", *words], **options)
        try:
            _await_connections(place, running)
            yield f"postgresql+psycopg://grader@/postgres?host={place}"
        finally:
            running.send_signal(signal.SIGINT)  # end every connection, then stop
            running.wait(30)
    finally:
        shutil.rmtree(place)


def _await_connections(place, running):
    import psycopg

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"host={place} user=grader dbname=postgres").close()
            return
        except psycopg.OperationalError:
            if running.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
