"""Code that prints, shows or writes far more than anybody can read."""

# ruff: noqa: E501  (cells of notebooks, kept as text)

from tests.hostile.attack import ALL, DOUBLE, DOUBLED, Attack


def flood(name, tries, code, **more):
    return Attack(name, tries, double=code + "\n" + DOUBLE, **{"earns": ALL, "least": 1.0, **more})


ATTACKS = [
    flood(
        "floods-stdout",
        "print 50 MB on one line",
        "print('x' * 50 * 2**20)",
        says=("printed more than", "printed far more than"),
        quick=True,
    ),
    flood(
        "floods-stderr",
        "write 50 MB of warnings",
        "import sys\nsys.stderr.write('warning\\n' * 7 * 2**20)",
        says=("printed more than", "printed far more than"),
    ),
    flood(
        "floods-below-python",
        "write 50 MB past Python, to the descriptors",
        "import os\nos.write(1, b'x' * 50 * 2**20)",
        least=1.0,
    ),
    flood(
        "floods-display",
        "display 50 MB of HTML",
        "from IPython.display import HTML, display\ndisplay(HTML('x' * 50 * 2**20))",
    ),
    flood("floods-displays", "display thousands of things", "for number in range(5000): display(number)", least=1.0),
    flood(
        "floods-updates",
        "update one display without end",
        """
handle = display("x", display_id=True)
for number in range(20_000): handle.update("x" * 1000)
""",
        least=1.0,
    ),
    flood("floods-errors", "raise an exception with 50 MB of message", "raise ValueError('x' * 50 * 2**20)", earns=ALL),
    flood(
        "floods-without-end", "print for ever", "while True: print('x' * 1000)", earns=1.0, least=0.0, says="printed"
    ),
    Attack(
        "floods-through-interrupts",
        "print for ever, through every interrupt",
        double=DOUBLE,
        triple="""
while True:
    try:
        while True: print("x" * 100_000)
    except BaseException: pass
""",
        earns=DOUBLED,
        says=("printed without end", "could not be stopped", "ran longer than"),
    ),
    Attack(
        "floods-from-a-thread",
        "print for ever from a thread that outlives its cell",
        double="""
import threading
def speak():
    while True: print("x" * 1000)
threading.Thread(target=speak, daemon=True).start()
"""
        + DOUBLE,
        earns=ALL,
        least=0.0,
    ),
    Attack(
        "floods-in-an-answer",
        "print without end while the judge asks",
        double="def double(x):\n    for _ in range(20_000): print('x' * 1000)\n    return 2 * x\n",
        earns=ALL,
    ),
    flood(
        "floods-files",
        "write thousands of files beside the notebook",
        """
for number in range(5000): open(f"file{number}.txt", "w").write("x")
""",
    ),
    flood(
        "floods-with-pictures",
        "show pictures that unpack to gigabytes",
        """
import base64, struct, zlib
from IPython.display import display, publish_display_data
row = zlib.compress(bytes(2**22))
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**16, 2**16, 8, 0, 0, 0, 0)) + chunk(b"IDAT", row)
for _ in range(20): publish_display_data({"image/png": base64.b64encode(png).decode()})
""",
    ),
]
