"""Code that tries to reach anything: the internet, the host, other programs' sockets."""

# ruff: noqa: E501  (cells of notebooks, kept as text)

from tests.hostile.attack import HARMLESS, SQUARE, TRIPLED, Attack

REACH = """
import socket, os
socket.setdefaulttimeout(0.5)
def attempt(what, action):
    try: print("REACHED" if action() is not False else "no", what)
    except Exception as error: print("no", what, type(error).__name__)
"""
HALF = HARMLESS + TRIPLED

ATTACKS = [
    Attack(
        "reaches-the-internet",
        "connect outside by TCP, UDP and names",
        double=REACH
        + """
attempt("tcp", lambda: socket.create_connection(("1.1.1.1", 443)))
attempt("tcp6", lambda: socket.create_connection(("2606:4700:4700::1111", 443)))
attempt("udp", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("8.8.8.8", 53)))
attempt("name", lambda: socket.gethostbyname("example.org"))
import urllib.request
attempt("http", lambda: urllib.request.urlopen("http://example.org", timeout=0.5))
attempt("metadata", lambda: urllib.request.urlopen("http://169.254.169.254/latest", timeout=0.5))
"""
        + SQUARE,
        earns=HALF,
    ),
    Attack(
        "reaches-the-host",
        "connect to programs on the host: its loopback, its abstract and ordinary sockets",
        double=REACH
        + """
port = 47321
attempt("loopback", lambda: socket.create_connection(("127.0.0.1", port)))
attempt("loopback6", lambda: socket.create_connection(("::1", port)))
def unix(path):
    stream = socket.socket(socket.AF_UNIX); stream.connect(path)
attempt("abstract", lambda: unix("\\0hostile-test"))
for path in ("/run/docker.sock", "/var/run/dbus/system_bus_socket", "/run/systemd/private", "/tmp/.X11-unix/X0"):
    attempt(path, lambda: unix(path))
"""
        + SQUARE,
        earns=HALF,
        quick=True,
    ),
    Attack(
        "other-kinds-of-sockets",
        "open raw, packet, vsock, bluetooth, netlink and kernel-crypto sockets",
        double=REACH
        + """
for family, kind, protocol in ((2, 3, 1), (2, 3, 255), (10, 3, 58), (17, 3, 3), (40, 1, 0), (31, 3, 1), (38, 5, 0), (29, 3, 1),
                               (16, 3, 15), (16, 3, 9), (16, 3, 12), (15, 3, 2), (21, 5, 0), (30, 5, 0), (44, 2, 0)):
    attempt((family, kind, protocol), lambda: socket.socket(family, kind, protocol))
attempt("ping", lambda: socket.socket(2, 2, 1).sendto(b"x" * 8, ("1.1.1.1", 0)))
"""
        + SQUARE,
        earns=HALF,
    ),
    Attack(
        "installs-a-package",
        "install a package by pip, or fetch a program",
        double=REACH
        + """
import subprocess, sys
def run(*command): return subprocess.run(command, capture_output=True, timeout=4).returncode == 0
attempt("pip", lambda: run(sys.executable, "-m", "pip", "install", "--retries", "0", "--timeout", "1", "six==1.16.1"))
attempt("curl", lambda: run("curl", "-sm1", "http://example.org"))
"""
        + SQUARE,
        earns=HALF,
        least=0.0,
    ),
    Attack(
        "new-namespaces",
        "make new namespaces and mounts, become root, trace others",
        double=REACH
        + """
import ctypes
libc = ctypes.CDLL(None)
for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000): attempt(("unshare", flag), lambda: libc.unshare(flag) == 0)
attempt("mount", lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, 0) == 0)
attempt("setuid", lambda: os.setuid(0))
attempt("ptrace", lambda: libc.ptrace(16, os.getppid(), 0, 0) == 0)
attempt("chroot", lambda: os.chroot("/tmp"))
attempt("sudo", lambda: os.system("sudo -n true 2>/dev/null") == 0)
attempt("su", lambda: os.system("su -c true </dev/null 2>/dev/null") == 0)
attempt("device", lambda: os.mknod("/tmp/disk", 0o60666, os.makedev(254, 0)))
attempt("keyring", lambda: libc.syscall(248, b"user", b"x", b"y", 1, -3) > 0)
attempt("bpf", lambda: libc.syscall(321, 0, 0, 0) >= 0)
"""
        + SQUARE,
        earns=HALF,
        quick=True,
    ),
]
