"""Code that tries to stop the run or to use the machine up: time, processes, memory, disk, the process itself."""

from tests.hostile.attack import ALL, DOUBLE, DOUBLED, TRIPLE, TRIPLED, Attack, cell


def later(name, tries, code, **more):
    """Solves `double`, then does harm in the cell of `triple`: what was earned before stays."""
    return Attack(
        name, tries, double=DOUBLE, triple=code + "\ndef triple(x):\n    return 3 * x\n", **{"earns": DOUBLED, **more}
    )


ATTACKS = [
    later("exits", "end the process from a cell", "import os\nos._exit(0)", says="ended by its own code", quick=True),
    later("segfaults", "crash the process by reading address 0", "import ctypes\nctypes.string_at(0)", says="crashed"),
    later("kills-itself", "kill the kernel's process with SIGKILL", "import os\nos.kill(os.getpid(), 9)", says="ended"),
    later(
        "stops-itself",
        "stop the kernel's process, so that it neither ends nor answers",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        says="ended",
    ),
    later(
        "signals-everybody",
        "signal the parent, the process group, process 1 and everything else there is",
        """
import os, signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSTOP):
    for pid in (os.getppid(), 1, 0 if number == signal.SIGINT else 1, -1):
        try: os.kill(pid, number)
        except OSError: pass
""",
        earns=ALL,
        least=DOUBLED,
        quick=True,
    ),
    later(
        "closes-every-descriptor",
        "close every open file, the kernel's sockets among them",
        "import os\nos.closerange(0, 4096)",
        earns=ALL,
        least=DOUBLED,
    ),
    Attack(
        "exits-in-an-answer",
        "end the process while the judge asks",
        double="import os\ndef double(x):\n    os._exit(0)\n",
        earns=TRIPLED,
        says="ended while your code was running",
    ),
    Attack(
        "segfaults-in-an-answer",
        "crash the process while the judge asks",
        double="import ctypes\ndef double(x):\n    return ctypes.string_at(0)\n",
        earns=TRIPLED,
    ),
    Attack(
        "kills-its-helper",
        "kill, from the copy that answers, the process it was copied from",
        double="import os\ndef double(x):\n    os.kill(os.getppid(), 9)\n    return 2 * x\n",
        earns=DOUBLED,
        least=0.0,
    ),
    Attack(
        "loops",
        "loop for ever in a cell",
        double="while True: pass\n",
        earns=TRIPLED,
        says="ran longer than",
        quick=True,
    ),
    later(
        "loops-and-ignores-interrupts",
        "loop for ever and catch every interrupt",
        """
import time
while True:
    try:
        while True: time.sleep(1)
    except BaseException: pass
""",
        says="could not be stopped",
    ),
    later(
        "loops-in-compiled-code",
        "spend hours in one call of compiled code, which no interrupt reaches",
        "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
        says="could not be stopped",
    ),
    Attack(
        "loops-in-an-answer",
        "loop for ever while the judge asks",
        double="def double(x):\n    while True: pass\n",
        earns=TRIPLED,
        says="loop that never ends",
    ),
    Attack(
        "sleeps-everywhere",
        "use up the time of the whole notebook, cell by cell, each within its limit",
        double="import time\ntime.sleep(3)\n" + DOUBLE,
        triple="import time\ntime.sleep(3)\n" + TRIPLE,
        change=lambda nb: nb["cells"].extend(cell("import time\ntime.sleep(3)", id=f"s{n}") for n in range(8)),
        earns=ALL,
        says="ran longer than the",
    ),
    Attack(
        "deadlocks",
        "wait for a lock that is never released",
        double="""
import threading
lock = threading.Lock(); lock.acquire(); lock.acquire()
""",
        earns=TRIPLED,
        says="ran longer than",
    ),
    later(
        "recurses",
        "recurse without end, through compiled code and with the limit taken away",
        """
import sys
sys.setrecursionlimit(10**9)
def f(x): return sorted([x], key=f)
f(1)
""",
        earns=ALL,
        least=DOUBLED,
    ),
    later(
        "fork-bomb",
        "start processes without end",
        """
import os
while True:
    try: os.fork()
    except OSError: pass
""",
        says="ended",
        earns=ALL,
        least=DOUBLED,
    ),
    later(
        "thread-bomb",
        "start threads without end",
        """
import threading, time
try:
    while True: threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
except RuntimeError as error: print(error)
""",
        earns=ALL,
        least=DOUBLED,
    ),
    Attack(
        "memory-bomb",
        "take gigabytes of memory at once",
        double="import numpy as np\nhoard = np.ones(2**33)\n" + DOUBLE,
        earns=ALL,  # what stands behind the statement that raised is run, and is right
    ),
    later(
        "memory-bomb-of-many",
        "take memory in many processes, each of which stays below the limit",
        """
import os, time
for _ in range(12):
    if os.fork() == 0:
        hoard = bytearray(b"x") * (150 * 2**20)
        time.sleep(30)
time.sleep(30)
""",
        says="ended",
    ),
    later(
        "memory-bomb-that-grows",
        "take memory little by little",
        """
hoard = []
while True: hoard.append(bytearray(b"x") * 2**20)
""",
        earns=ALL,
        least=DOUBLED,
    ),
    Attack(
        "memory-bomb-in-an-answer",
        "take gigabytes of memory while the judge asks",
        double="def double(x):\n    hoard = []\n    while True: hoard.append(bytearray(b'x') * 2**22)\n",
        earns=TRIPLED,
        least=0.0,
    ),
    later(
        "disk-filler",
        "fill every place that can be written to",
        """
import os
for top in ("/tmp", "/dev/shm", "/sandbox/run", "/var/tmp", "."):
    try:
        for number in range(10_000): open(f"{top}/{number}", "wb").write(bytes(2**24))
    except OSError as error: print(error)
os.system("rm -f /tmp/[0-9]* /dev/shm/*")
""",
        earns=ALL,
    ),
    later(
        "one-large-file",
        "write one file larger than any may be",
        """
import os
try:
    with open("/tmp/large", "wb") as file:
        file.seek(2**40); file.write(b"x")
except OSError as error: print(error)
""",
        earns=ALL,
    ),
    later(
        "inode-filler",
        "make hundreds of thousands of empty files, and folders nested without end",
        """
import os
try:
    for number in range(300_000): os.close(os.open(f"/tmp/{number}", os.O_CREAT))
except OSError as error: print(error)
""",
        earns=ALL,
        least=DOUBLED,
    ),
    later(
        "opens-files-without-end",
        "open files until no more can be had",
        """
kept = []
try:
    while True: kept.append(open("/dev/null"))
except OSError as error: print(error)
""",
        earns=ALL,
        least=DOUBLED,
    ),
    later(
        "power-without-end",
        "compute a power that takes for ever and all memory",
        "10 ** 10 ** 10",
        says="could not be stopped",
    ),
    Attack(
        "endless-source", "hand in a cell of two million characters", double="x = 1\n" * 350_000 + DOUBLE, earns=TRIPLED
    ),
    Attack(
        "parser-breaker",
        "hand in a cell that is nested so deep that compilers give up",
        double="x = " + "(" * 50_000 + ")" * 50_000 + "\n" + DOUBLE,
        earns=TRIPLED,
    ),
    later(
        "limits-raised",
        "raise the limits on its own processes",
        """
import resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        try: resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
        except (ValueError, OSError): pass
try: hoard = bytearray(4 * 2**30); print("HAD IT ALL")
except MemoryError: print("no")
""",
        earns=ALL,
    ),
]
