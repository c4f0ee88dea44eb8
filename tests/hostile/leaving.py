"""Code that leaves something for the next submission, and submissions that look for it."""

# ruff: noqa: E501  (cells of notebooks, kept as text)

from tests.hostile.attack import ALL, DOUBLE, HARMLESS, SQUARE, TRIPLED, Attack

LEFT = "left_for_the_next"

ATTACKS = [
    Attack(
        "leaves-processes",
        "leave daemons, with and without a session of their own, that outlive the notebook",
        double="""
import os, time, signal
for way in range(6):
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if way % 2: os.setsid()
        if way > 2 and os.fork(): os._exit(0)
        while True: time.sleep(1)
"""
        + DOUBLE,
        earns=ALL,
        quick=True,
    ),
    Attack(
        "leaves-threads",
        "leave threads and timers that run on, and functions for the end of the process",
        double="""
import threading, time, atexit, signal
for _ in range(8): threading.Thread(target=lambda: [time.sleep(0.01) for _ in iter(int, 1)], daemon=False).start()
atexit.register(lambda: time.sleep(600))
signal.signal(signal.SIGALRM, lambda *args: None); signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
"""
        + DOUBLE,
        earns=ALL,
    ),
    Attack(
        "leaves-files",
        "leave files and programs in every folder that can be written to",
        double=f"""
import os
for top in ("/tmp", "/dev/shm", "/var/tmp", "/run", os.path.expanduser("~"), "/sandbox/run", "/sandbox/files", "/etc/profile.d"):
    try:
        open(os.path.join(top, "{LEFT}"), "w").write("{LEFT}")
        os.chmod(os.path.join(top, "{LEFT}"), 0o4777)
    except OSError: pass
"""
        + DOUBLE,
        earns=ALL,
        quick=True,
    ),
    Attack(
        "leaves-shared-memory",
        "leave POSIX and System V shared memory, semaphores and message queues",
        double=f"""
import ctypes
from multiprocessing import shared_memory, resource_tracker
resource_tracker.register = lambda *args: None
block = shared_memory.SharedMemory("{LEFT}", create=True, size=2**20)
libc = ctypes.CDLL(None)
print(libc.shmget(0x6b65, 2**20, 0o1666), libc.semget(0x6b65, 1, 0o1666), libc.msgget(0x6b65, 0o1666))
try: print(ctypes.CDLL("librt.so.1").mq_open(b"/{LEFT}", 0o102, 0o666, None))
except OSError as error: print(error)
"""
        + DOUBLE,
        earns=ALL,
    ),
    Attack(
        "leaves-bytecode",
        "replace the bytecode of libraries, so that the next kernel imports something else",
        double=f"""
import os, sys, numpy, importlib.util
import grader.sandbox.inside.helper as probe
for module in (numpy, os, probe):
    for path in (module.__file__, importlib.util.cache_from_source(module.__file__)):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "ab").write(b"# {LEFT}")
            print("WRITTEN")
        except OSError as error: print(error)
sys.dont_write_bytecode = False
"""
        + DOUBLE,
        earns=ALL,
    ),
    Attack(
        "leaves-start-files",
        "leave start-up files: IPython profiles, usercustomize, .pth files, matplotlib's settings",
        double=f"""
import os, site, sys
places = [os.path.expanduser("~/.ipython/profile_default/startup/00.py"), site.getusersitepackages() + "/usercustomize.py",
          site.getusersitepackages() + "/x.pth", os.environ["MPLCONFIGDIR"] + "/matplotlibrc", "/tmp/sitecustomize.py",
          *[path + "/sitecustomize.py" for path in sys.path if path]]
for path in places:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("import os; os.environ['{LEFT}'] = '1'")
    except OSError: pass
"""
        + DOUBLE,
        earns=ALL,
    ),
    Attack(
        "leaves-sockets",
        "leave a listening socket with an abstract name, and one on the loopback",
        double=f"""
import socket, os, time
abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0{LEFT}"); abstract.listen()
loop = socket.socket(); loop.bind(("127.0.0.1", 47123)); loop.listen()
if os.fork() == 0: time.sleep(600)
"""
        + DOUBLE,
        earns=ALL,
    ),
    # The name puts it behind all others, when their work is done.
    Attack(
        "zz-finds-what-was-left",
        "find what a submission before it left: files, names, sockets, shared memory, processes",
        double=f"""
import os, socket, sys, ctypes
found = [os.path.join(place, name) for top in ("/tmp", "/dev/shm", "/run", "/sandbox", "/var/tmp")
         for place, _, names in os.walk(top) for name in names if "{LEFT}" in name]
found += [name for name in os.environ if "{LEFT}" in name]
def reach(family, address):
    try: socket.socket(family).connect(address); return True
    except OSError: return False
found += ["abstract"] * reach(socket.AF_UNIX, "\\0{LEFT}") + ["port"] * reach(socket.AF_INET, ("127.0.0.1", 47123))
found += ["sysv"] * (ctypes.CDLL(None).shmget(0x6b65, 1, 0) != -1)
found += [name for name in os.listdir("/proc") if name.isdigit() and int(name) > 2 and int(name) != os.getpid()
          and open(f"/proc/{{name}}/comm").read().strip() == "python"]
import numpy, grader.sandbox.inside.helper as probe
found += [m.__file__ for m in (numpy, os, probe) if b"{LEFT}" in open(m.__file__, "rb").read()]
print("ALL CLEAN" if not found else f"LEFT OVER {{found}}")
"""
        + SQUARE,
        earns=HARMLESS + TRIPLED,
        quick=True,
    ),
]
