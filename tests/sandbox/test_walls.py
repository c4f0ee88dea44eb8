"""The parts of the wall, each alone: filter, layout, control groups, watch, limits, what is said when it fails."""

import os
import pickle
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox.walls import accounts, bubblewrap, cgroups, seccomp, visible_files, watchdog
from grader.sandbox.walls.limits import Limits
from tests.sandbox.tools import run, shown, statuses

REPO = Path(__file__).resolve().parents[2]


def decide(program, number, *arguments, machine="x86_64"):
    """What a filter answers to a system call, by interpreting its BPF: the action word."""
    audit = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "i386": 0x40000003}[machine]
    data = struct.pack("=IIQ6Q", number, audit, 0, *(list(arguments) + [0] * 6)[:6])
    place, accumulator = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * place)
        place += 1
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif code == 0x06:
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[code]
            place += if_true if holds else if_false


ALLOW, EPERM, ENOSYS, NO_FAMILY, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x50061, 0x80000000


@pytest.mark.parametrize("column, machine", [(0, "x86_64"), (1, "aarch64")])
def test_the_filter_refuses_what_it_lists(column, machine):
    """Each listed call is refused on both architectures, all others of the table are allowed."""
    program = seccomp.program(machine)
    refused = {numbers[column] for numbers in seccomp.REFUSED.values()}
    special = {table[column] for table in (seccomp.CLONE, seccomp.CLONE3, seccomp.SOCKET, seccomp.IOCTL)}
    for number in range(500):
        if number not in special:
            assert decide(program, number, machine=machine) == (EPERM if number in refused else ALLOW), number


def test_the_filter_reads_arguments():
    """clone with namespaces, sockets of other families, typing into terminals: refused; their plain use: allowed."""
    program = seccomp.program("x86_64")
    assert decide(program, 56, 0x3D0F00) == ALLOW and decide(program, 56, 17) == ALLOW
    for flag in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert decide(program, 56, flag | 17) == EPERM
    assert decide(program, 435) == ENOSYS
    assert [decide(program, 41, family) for family in (1, 2, 10)] == [ALLOW] * 3
    assert [decide(program, 41, family) for family in (17, 38, 40, 3)] == [NO_FAMILY] * 4
    assert decide(program, 41, 16, 3, 0) == ALLOW and decide(program, 41, 16, 3, 12) == NO_FAMILY
    assert decide(program, 16, 1, 0x5412) == EPERM and decide(program, 16, 1, 0x5401) == ALLOW


def test_the_filter_knows_other_ways_in():
    """32-bit programs are killed, x32 numbers refused: both would name calls by other numbers."""
    program = seccomp.program("x86_64")
    assert decide(program, 0, machine="i386") == KILL
    assert decide(program, 0x40000000 + 165) == ENOSYS


def test_an_unknown_machine_is_refused(monkeypatch):
    """Where the filter knows no numbers there is no sandbox."""
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "vax")
    assert not seccomp.supported()
    bubblewrap._try_once.cache_clear()
    assert "vax" in bubblewrap.available().reason


@pytest.mark.parametrize(
    ("complaint", "advice"),
    [
        ("bwrap: Unknown option --disable-userns", "0.8"),
        ("bwrap: No permissions to create new namespace, likely because ...", "user namespaces"),
        ("bwrap: setting up uid map: Permission denied", "apparmor"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "user namespaces"),
        ("unshare: unshare failed: Operation not permitted", "--privileged"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "--privileged"),
        ("bwrap: execvp /x/python: Permission denied", "o+rX"),
        ("", "bwrap"),
    ],
)
def test_every_failure_has_a_remedy(complaint, advice):
    """What bubblewrap says is passed on, with what to do about it."""
    reason, remedy = bubblewrap._explain(complaint)
    assert reason and advice in remedy


def test_the_refusal_survives_a_process_pool():
    """The exception comes back from a worker process as it was."""
    error = pickle.loads(pickle.dumps(bubblewrap.SandboxUnavailable("no bwrap", "Install it.")))
    assert (error.reason, error.remedy) == ("no bwrap", "Install it.") and "Install it." in str(error)


def test_packages_in_a_folder_closed_to_others(tmp_path, monkeypatch):
    """Libraries that only we can reach are usable inside, and what lies beside them is not there."""
    packages = tmp_path / "closed" / "site-packages"
    packages.mkdir(parents=True)
    (packages / "closed_library.py").write_text("value = 7")
    (tmp_path / "closed" / "secret").write_text("secret")
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.syspath_prepend(str(packages))
    execution = run(f"import closed_library, os; print(closed_library.value, os.listdir({str(packages.parent)!r}))")
    assert shown(execution) == "7 ['site-packages']\n"


def test_a_checkout_inside_a_bound_folder_is_covered(monkeypatch):
    """If the project lies where the system's files are, it is hidden all the same; its environment stays usable."""
    around = REPO if REPO.parent == Path("/tmp") else REPO.parent  # /tmp itself must stay writable
    monkeypatch.setattr(visible_files, "SYSTEM", (*visible_files.SYSTEM, str(around)))
    assert visible_files.hidden_folders() == [REPO]
    execution = run(
        f"import os; print(os.listdir({str(REPO)!r}))\n"
        f"try: open({str(REPO / 'x')!r}, 'w'); print('WRITTEN')\nexcept OSError: pass",
        "import numpy; from grader import checks",
    )
    assert set(eval(shown(execution, 0))) <= {".venv", "venv"}
    assert statuses(execution) == ["ok", "ok"]


def test_an_installed_package_shows_its_public_part_only(tmp_path):
    """When the project is installed among the packages, its private part is hidden there."""
    installed = tmp_path / "site-packages" / "grader"
    shutil.copytree(REPO / "grader", installed, ignore=shutil.ignore_patterns("desk", "judge", "__pycache__"))
    (installed / "private.py").write_text("secret = 1")
    look = f"import grader, os; from grader import checks; print(grader.__file__, os.listdir({str(installed)!r}))"
    script = (
        "import grader\nfrom tests.sandbox.tools import run, shown\n"
        f"execution = run({look!r}, 'import grader.private')\n"
        "print(grader.__file__, shown(execution, 0), shown(execution, 1))"
    )
    path = os.pathsep.join([str(installed.parent), str(REPO), *visible_files.library_folders()])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-P", "-c", script], env=environment, capture_output=True, text=True)
    outside, inside, listing = done.stdout.split()[:3]
    assert (outside, inside, listing) == (f"{installed}/__init__.py", "/sandbox/lib/grader/__init__.py", "[]"), (
        done.stderr
    )
    assert "ModuleNotFoundError" in done.stdout


def test_control_groups_of_version_2(tmp_path):
    """One folder gets the limits of memory, processes and processor; a count of processes killed is read back."""
    root = tmp_path / "cgroup"
    (root / "grader" / "a").mkdir(parents=True)
    for folder in (root, root / "grader"):
        (folder / "cgroup.subtree_control").touch()
    for name in ("memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max"):
        (root / "grader" / "a" / name).touch()
    mounts = tmp_path / "mounts"
    mounts.write_text(f"cgroup2 {root} cgroup2 rw 0 0\n")
    group = cgroups.make("a", Limits(memory_mb=100, tmp_mb=16, processes=10), mounts)
    folder = root / "grader" / "a"
    assert group.entrances == (folder / "cgroup.procs",)
    assert (root / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"
    assert int((folder / "memory.max").read_text()) == (100 + 20 + 64) * 2**20
    assert (folder / "pids.max").read_text() == "18" and (folder / "cpu.max").read_text() == "100000 100000"
    assert not group.ran_out_of_memory()
    (folder / "memory.events").write_text("oom 1\noom_kill 1\n")
    assert group.ran_out_of_memory()


def test_without_control_groups_there_is_none(tmp_path):
    """Trees that are not there, or not ours to change, are no error."""
    mounts = tmp_path / "mounts"
    mounts.write_text("proc /proc proc rw 0 0\n")
    assert cgroups.make("a", Limits(), mounts) is None
    mounts.write_text(f"cgroup2 {tmp_path / 'nowhere'} cgroup2 rw 0 0\ncgroup /proc cgroup rw,memory,pids,cpu 0 0\n")
    assert cgroups.make("a", Limits(), mounts) is None


def test_memory_of_a_process_and_its_children_is_counted():
    """Children and grandchildren count; memory shared after a fork counts once."""
    code = (
        "import os, time\nhoard = bytearray(b'x') * (60 * 2**20)\n"
        "for _ in range(3):\n    if os.fork() == 0: break\n"
        "print('ready', flush=True); time.sleep(30)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        for _ in range(4):
            process.stdout.readline()
        exact = watchdog.memory_of_tree(process.pid, 0) / 2**20
        rough = watchdog.memory_of_tree(process.pid, 2**40) / 2**20
        subprocess.run(["pkill", "-P", str(process.pid)], check=False)
        process.kill()
    assert 60 < exact < 120
    assert rough > 240


def test_the_watch_ends_what_goes_beyond_its_limits(monkeypatch):
    """Too much memory, or too much time, is reported once, with the reason."""
    monkeypatch.setattr(watchdog, "SPARE_BYTES", 0)
    reasons = []
    watches = [
        watchdog.Watch(os.getpid(), Limits(memory_mb=1), None, reasons.append, 60, count_files=False),
        watchdog.Watch(os.getpid(), Limits(memory_mb=10**6), None, reasons.append, 0.5, count_files=False),
        watchdog.Watch(os.getpid(), Limits(memory_mb=10**6), None, reasons.append, 60, count_files=False),
    ]
    time.sleep(1.5)
    for each in watches:
        each.stop()
    assert reasons == ["memory", "time"]


def test_a_flood_is_told_by_bytes_and_by_messages():
    """Either alone is enough: much in few messages, and little in many."""
    from types import SimpleNamespace

    from grader.sandbox.run.session import FLOOD_FACTOR, FLOOD_MESSAGES, _Flood

    wire = SimpleNamespace(received=10**9)
    flood = _Flood([wire], 1000)
    flood.messages, wire.received = FLOOD_MESSAGES, 10**9 + FLOOD_FACTOR * 1000
    assert not flood.too_much()
    flood.messages += 1
    assert flood.too_much()
    flood.messages, wire.received = 0, wire.received + 1
    assert flood.too_much()


@pytest.mark.parametrize("wrong", [0, -1, "60", None, True, float("nan")])
def test_a_limit_that_is_none_is_refused(wrong):
    """Only a positive number limits anything."""
    with pytest.raises(ValueError, match="cell_seconds"):
        Limits(cell_seconds=wrong)


def test_an_account_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    """A folder that others may write to, or a link in its place, is not used."""
    monkeypatch.setattr(accounts, "ROOT_HOMES", (tmp_path,))
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader").chmod(0o777)
    with pytest.raises(OSError):
        accounts._check_ours(tmp_path / "grader")
    (tmp_path / "link").symlink_to("/tmp")
    with pytest.raises(OSError):
        accounts._check_ours(tmp_path / "link")
