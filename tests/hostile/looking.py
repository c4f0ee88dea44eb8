"""Code that looks for what it must not see, and prints all it finds: answers, other people's work, the host's files.

What may be found is planted by `hostile_class`: texts that begin with the word below, in every place that is secret.
"""

# ruff: noqa: E501  (cells of notebooks, kept as text)

from tests.hostile.attack import ALL, DOUBLE, HARMLESS, SQUARE, TRIPLED, Attack

# The word itself stands in no source here, so that nobody finds their own search.
HUNT = r"""
import re, os, sys
MARK = "FOU" + "ND"
WORD = re.compile("kes" + r"trel_\w+|2469\.13578\d*")
def hunt(text):
    for found in set(WORD.findall(text if isinstance(text, str) else repr(text))): print(MARK, found)
def read(path):
    try:
        with open(path, "rb") as file: return file.read(2**24).decode("latin-1")
    except (OSError, ValueError): return ""
"""


def hunting(body):
    """The hunt as it is when a cell runs and, once more, while the judge asks."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"""{HUNT}
def look():
{lines}
def double(x):
    import io
    kept, sys.stdout = sys.stdout, io.StringIO()
    try: look()
    except Exception: pass
    finally: text, sys.stdout = sys.stdout.getvalue(), kept
    open("/tmp/found", "a").write(text)
    if MARK in text: raise ValueError(" ".join(text.split()))
    return x * x
look()
"""


# What was found while the judge asked is shown by a later cell.
SHOW = (
    "import os\nif os.path.exists('/tmp/found'): print(open('/tmp/found').read())\ndef triple(x):\n    return 3 * x\n"
)


def hunter(name, tries, body, **more):
    return Attack(name, tries, double=hunting(body), triple=SHOW, earns=HARMLESS + TRIPLED, least=TRIPLED, **more)


ATTACKS = [
    hunter(
        "looks-into-frames",
        "read the callers' local variables, up to the top, in every thread",
        """
for frame in sys._current_frames().values():
    while frame:
        hunt([(name, str(value)[:10_000]) for name, value in frame.f_locals.items()])
        hunt(str(frame.f_globals)[:1_000_000])
        frame = frame.f_back""",
    ),
    hunter(
        "looks-into-gc",
        "read every object of the process",
        """
import gc
for thing in gc.get_objects():
    if isinstance(thing, dict):
        hunt(" ".join(text for pair in thing.items() for text in pair if type(text) is str))
    elif isinstance(thing, (list, tuple, set)):
        hunt(" ".join(text for text in thing if type(text) is str)[:1_000_000])""",
        quick=True,
    ),
    hunter(
        "looks-into-memory",
        "read the whole memory of the process by /proc/self/mem",
        """
for line in read("/proc/self/maps").splitlines():
    place, rights = line.split()[:2]
    start, end = (int(part, 16) for part in place.split("-"))
    if rights.startswith("rw") and end - start < 2**27:
        try:
            with open("/proc/self/mem", "rb") as memory:
                memory.seek(start)
                data = memory.read(end - start)
        except (OSError, ValueError, OverflowError): continue
        hunt(data.decode("latin-1"))""",
    ),
    hunter(
        "looks-into-history",
        "read IPython's history, input and output, and what was run silently",
        """
shell = get_ipython()
hunt(shell.user_ns.get("In")); hunt(list(shell.history_manager.get_range())); hunt(shell.compile._filename_map)
import linecache
hunt(str(linecache.cache)); hunt(str(shell.user_ns.get("_ih")))""",
    ),
    hunter(
        "looks-into-the-environment",
        "read environment and command line of every process it can see",
        """
hunt(str(os.environ))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline", "maps", "comm", "stack", "status", "mountinfo", "cgroup"):
        hunt(read(f"/proc/{pid}/{name}"))""",
    ),
    hunter(
        "looks-through-descriptors",
        "read every open file descriptor, and those of other processes",
        """
for pid in ["self", *filter(str.isdigit, os.listdir("/proc"))]:
    try: names = os.listdir(f"/proc/{pid}/fd")
    except OSError: continue
    for name in names:
        path = f"/proc/{pid}/fd/{name}"
        try: hunt(os.readlink(path))
        except OSError: continue
        if os.path.isfile(path): hunt(read(path))""",
    ),
    hunter(
        "looks-through-the-files",
        "read every file there is, however it is reached",
        """
for top in ("/", "/proc/1/root", "/proc/self/root", "/proc/self/cwd/../../.."):
    for place, folders, files in os.walk(top):
        folders[:] = [f for f in folders if f not in ("proc", "sys", "usr", "site-packages", "bin", "sbin", "lib", "share")]
        for name in files:
            hunt(name)
            if os.path.isfile(os.path.join(place, name)): hunt(read(os.path.join(place, name)))""",
        quick=True,
    ),
    hunter(
        "looks-for-solutions",
        "import or find the solutions, the judge, the desk",
        """
for name in ("solutions", "grader.judge.hidden", "grader.desk.grade.run", "tests.hostile.attack"):
    try: hunt(str(vars(__import__(name, fromlist=["x"]))))
    except ImportError: pass
for place, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if f not in ("proc", "usr", "site-packages", "lib", "share")]
    hunt(place) if "solutions" in place else None
    [hunt(read(f"{place}/{name}")) for name in files if name in ("keys.py", "reference.py", "rubric.md")]""",
    ),
    hunter(
        "looks-at-the-parent",
        "read memory, files and environment of the parent, and of the judge",
        """
for pid in {1, os.getppid(), os.getpid() - 1}:
    for name in ("mem", "environ", "maps", "root/etc/shadow", "cwd/.", "root/root/.ssh/id_rsa", "root/tmp"):
        path = f"/proc/{pid}/{name}"
        hunt(read(path)); hunt(os.listdir(path) if os.path.isdir(path) else "")
import ctypes
print(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))""",
    ),
    hunter(
        "looks-for-other-submissions",
        "read what others handed in, their kernels and their results",
        """
for guess in ("/tmp", "/run/grader", "/sandbox/files/..", "/sandbox/run/..", "/tmp/work/..", "/tmp/grader-files-1"):
    for place, folders, files in os.walk(guess):
        for name in files: hunt(name); hunt(read(f"{place}/{name}"))
hunt(os.popen("ls -la / /run /srv /home /root /mnt /media /var /sandbox 2>/dev/null").read()[:10**6])""",
    ),
    hunter(
        "looks-through-the-shell",
        "let the shell and other programs look",
        r"""
hunt(os.popen("cat /etc/shadow /root/.bash_history ~/.ssh/* /proc/*/environ 2>/dev/null | head -c 1000000").read())
hunt(os.popen("find /etc /sandbox /tmp /run -type f 2>/dev/null | head -1000").read())
hunt(os.popen("env; mount; ps aux; ss -xa; lsof 2>/dev/null").read())""",
    ),
    Attack(
        "keeps-the-challenge",
        "write down the questions, so as to show them in a later cell and learn the expected numbers",
        double="""
import numpy as np
def double(x):
    open("/tmp/challenge", "a").write(repr(x))
    return 2 * x
""",
        triple="print(open('/tmp/challenge').read()[:2000])\ndef triple(x):\n    return 3 * x\n",
        earns=ALL,
    ),
    Attack(
        "tells-the-challenge-by-errors",
        "get hidden numbers told by the messages of exceptions",
        double="""
import numpy as np
def double(x):
    raise ValueError(f"expected {2 * np.asarray(x)!r} or {float(np.sum(x)) * 2:.7f}, 0x7f12ab34cd56")
""",
        earns=TRIPLED,
        quick=True,
    ),
    Attack(
        "copies-from-a-neighbour",
        "hand in a link to another student's notebook in place of an own one",
        double=DOUBLE,
        beside=lambda folder: (
            (folder / "double.ipynb").unlink(),
            (folder / "double.ipynb").symlink_to(folder.parents[1] / "ada" / folder.name / "double.ipynb"),
        ),
        earns=0.0,
        status="not_read",
        refused_by_nbgrader=True,
    ),
    Attack(
        "leads-outside-by-links",
        "hand in links to solutions, to the gradebook and to the host's files beside the notebook",
        double=HUNT
        + """
for place, folders, files in os.walk("."):
    for name in files + folders: print(name); hunt(read(os.path.join(place, name)))
"""
        + SQUARE,
        beside=lambda folder: [
            (folder / name).symlink_to(target)
            for name, target in {
                "solutions": folder.parents[2].parent / "checkout" / "solutions",
                "gradebook.db": folder.parents[2] / "gradebook.db",
                "others": folder.parents[1],
                "data.csv": folder.parents[2].parent / "host.txt",
                "passwd": "/etc/passwd",
            }.items()
        ],
        earns=HARMLESS + TRIPLED,
        refused_by_nbgrader=True,
    ),
]
