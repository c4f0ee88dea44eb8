"""Whatever one student hands in, on any platform: no traceback, nobody else's result changes, and the same command, and
the next one, succeed."""

import os
import random
import re
import shutil

import pytest

from grader.desk.collect.collect import collect
from tests.desk import tiny
from tests.desk.collect import downloads
from tests.desk.collect.downloads import FOLDER, LINK, NOTEBOOK, notebook, tarred, zipped

MINE = notebook("eve's")
OTHERS = {who: [(NOTEBOOK, notebook(f"{who}'s"))] for who in ("ada", "bob", "zoe")}
FORGED = "Ada Lovelace_0_assignsubmission_file_/double.ipynb"
METADATA = b"submission_0:\n  :submitters:\n  - :sid: ada\nsub:\n  :submitters:\n  - :sid: ada\n"


def noise(rng):
    return bytes(rng.randrange(256) for _ in range(rng.randrange(400)))


def odd_name(rng):
    pieces = [
        "a",
        "ж",
        "é",
        "e\u0301",
        " ",
        ".",
        "-",
        "_",
        "LATE",
        "\u202e",
        "\x1b[31m",
        "\n",
        "'",
        '"',
        "=1+1",
        "%s",
        "王",
    ]
    return "".join(rng.choices(pieces, k=rng.randrange(1, 9))) + rng.choice(["", ".ipynb", ".txt", ".zip", ".eml"])


def cut(data, rng):
    return data[: rng.randrange(len(data))]


def flipped(data, rng):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 9)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


# What Eve hands in, from a random generator: `[(name, content)]`.
DAMAGE = {
    "nothing in a file": lambda rng: [("src/__init__.py", b""), (NOTEBOOK, b"")],
    "a folder named as the time": lambda rng: [("timestamp.txt/x", b"1"), (NOTEBOOK, MINE)],
    "a time of her own": lambda rng: [("timestamp.txt", b"2020-01-01 00:00:00 UTC"), (NOTEBOOK, MINE)],
    "a file where a folder was": lambda rng: [("data/x", b"1"), ("data/y", b"2"), (NOTEBOOK + "/x", b"3")],
    "a folder where a file was": lambda rng: [("data", b"1"), (NOTEBOOK, MINE)],
    "names in other encodings": lambda rng: [("имя.txt".encode("cp866"), b"1"), ("王.txt".encode("gbk"), b"2")],
    "names of any bytes": lambda rng: [(noise(rng)[:40].replace(b"\0", b"").replace(b"/", b"") + b"x", b"1")],
    "odd names": lambda rng: [(odd_name(rng), MINE) for _ in range(4)],
    "a long name": lambda rng: [("x" * rng.choice([150, 240, 400, 5000]) + ".ipynb", MINE)],
    "nested folders": lambda rng: [
        ("/".join(["d"] * rng.choice([15, 30, 200, 400])) + "/x.txt", b"1"),
        (NOTEBOOK, MINE),
    ],
    "paths that lead out": lambda rng: [("../ada/double.ipynb", MINE), ("..", MINE), (".", MINE), ("/etc/x", MINE)],
    "a link": lambda rng: [("link", LINK), (NOTEBOOK, LINK)],
    "empty folders": lambda rng: [("a", FOLDER), (NOTEBOOK, FOLDER), ("timestamp.txt", FOLDER)],
    "somebody else's folder": lambda rng: [(FORGED, MINE), ("ada/double.ipynb", MINE)],
    "somebody else's folder in a zip": lambda rng: [("w.zip", zipped([(FORGED, MINE), ("../../ada/x.ipynb", MINE)]))],
    "somebody else's e-mail": lambda rng: [("m.eml", downloads.mail("ada", [(NOTEBOOK, MINE)]))],
    "a list of Gradescope's": lambda rng: [("submission_metadata.yml", METADATA), ("submission_0/double.ipynb", MINE)],
    "no git repository": lambda rng: [
        (".git/HEAD", noise(rng)),
        (".git/refs/heads/main", noise(rng)),
        (NOTEBOOK, MINE),
    ],
    "a broken zip": lambda rng: [("w.zip", cut(zipped([(NOTEBOOK, MINE)]), rng))],
    "a zip with an error": lambda rng: [("w.zip", flipped(zipped([(NOTEBOOK, MINE), ("x", b"1" * 99)]), rng))],
    "a tar with an error": lambda rng: [("w.tar.gz", flipped(tarred([(NOTEBOOK, MINE)]), rng))],
    "a bomb": lambda rng: [("w.zip", zipped([("x.txt", bytes(2**22))])), (NOTEBOOK, MINE)],
    "times out of range": lambda rng: [("w.tar.gz", tarred([(NOTEBOOK, MINE)], rng.choice([1e18, -1e18, 1e11, -5.0])))],
    "signs of a zip's directory": lambda rng: [("w.zip", zipped([("x", b"1")]) + b"PK\x01\x02" * 20_000)],
    "unknown archives": lambda rng: [("hw.rar", b"Rar!\x1a\x07\x00"), ("hw.7z", b"7z\xbc\xaf\x27\x1c" + noise(rng))],
    "names of ours": lambda rng: [(".collected", b""), ("mapping.csv", b"x"), ("index.json", b"["), (NOTEBOOK, MINE)],
    "one name twice": lambda rng: [("Double.ipynb", MINE), (NOTEBOOK, MINE), ("double (1).ipynb", noise(rng))],
    "noise": lambda rng: [(rng.choice([NOTEBOOK, "x.zip", "x.tgz", "x.eml", "x"]), noise(rng)) for _ in range(2)],
}


SEEN = re.compile(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]*")


class Class:
    """One course folder, emptied for each case."""

    def __init__(self, place):
        self.place = place
        tiny.write_checkout(place / "checkout")
        self.course = tiny.write_course(place / "class", place / "checkout")
        (self.course.root / "roster.csv").write_text(downloads.ROSTER)
        self.expected = {}

    def emptied(self):
        for name in ("submitted", "attempts", "in"):
            shutil.rmtree(self.course.root / name, ignore_errors=True)
        for name in ("mapping.csv", "collected.csv"):
            (self.course.root / name).unlink(missing_ok=True)
        (self.course.root / "in").mkdir()
        return self

    def take(self, shape, pack, class_, day):
        place = self.course.root / "in" / f"{day}.zip"
        source = pack(class_, day, place) if shape is None else pack(shape(class_, day), day, place)
        return source, self.collect(source)

    def collect(self, source):
        return collect(self.course, self.course.weeks[0], [source])

    def of_others(self):
        return {
            str(path.relative_to(self.course.root)): path.read_bytes()
            for who in OTHERS
            for path in self.course.step("submitted", who).rglob("*")
            if path.is_file()
        }


def check(class_, shape, pack, damage, seed):
    """Eve's damage among right submissions, the same again, and then a second download in which all is well."""
    if (shape, pack) not in class_.expected:
        class_.emptied().take(shape, pack, OTHERS, 2)
        class_.expected[shape, pack] = class_.of_others()
        assert len(class_.of_others()) == 9, "every other student has a notebook, its time and our mark"
    rng = random.Random(seed)
    hers = [one for kind in damage for one in DAMAGE[kind](rng)]
    if shape in downloads.FLAT:
        hers = [(name.rsplit("/" if isinstance(name, str) else b"/")[-1], x) for name, x in hers if x is not FOLDER]
    try:
        source, first = class_.emptied().take(shape, pack, {**OTHERS, "eve": _fitting(hers)}, 2)
    except UnicodeError:
        return  # no such download can be made
    assert class_.of_others() == class_.expected[shape, pack], f"somebody else's result: {source} {damage}"
    assert {one.student for one in first.taken} >= set(OTHERS)
    assert all(len(line) < 1500 and SEEN.fullmatch(line) for line in first.problems), first.problems
    again = class_.collect(source)
    assert not any(one.changed for one in again.taken) and again.problems == first.problems
    for line in first.problems:
        assert not line.startswith(tuple(f"{who}:" for who in OTHERS)), line
    if first.problems:
        assert len(todo_lines(class_)) == len(first.problems)
    better = notebook("eve's, mended")
    _, later = class_.take(shape, pack, {**OTHERS, "eve": [(NOTEBOOK, better)]}, 9)
    folder = class_.course.step("submitted", "eve", tiny.WEEK)
    there = [path.read_bytes() for path in folder.glob("*.ipynb") if path.is_file()]
    assert better in there, (later.problems, first.problems)
    assert set(class_.of_others()) == set(class_.expected[shape, pack])


def todo_lines(class_):
    from grader.desk.collect.troubles import read_troubles

    return read_troubles(class_.course.root)


def _fitting(files):
    """Names as strings: what is no UTF-8 as lone surrogates."""
    return [(os.fsdecode(name), content) for name, content in files]


WAYS = [
    (shape, pack) for shape in downloads.SHAPES for pack in (downloads.as_zip, downloads.as_tar, downloads.as_folder)
]
WAYS.append((None, downloads.as_mails))


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    return Class(tmp_path_factory.mktemp("fuzzed"))


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_damage_on_one_platform(class_, kind):
    number = list(DAMAGE).index(kind)
    check(class_, *WAYS[number % len(WAYS)], [kind], number)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_two_thousand_downloads(class_, part):
    """Platforms times damage, one to three kinds together."""
    rng = random.Random(part)
    for number in range(100):
        seed = part * 100 + number
        check(class_, *WAYS[seed % len(WAYS)], rng.sample(list(DAMAGE), rng.randrange(1, 4)), seed)
