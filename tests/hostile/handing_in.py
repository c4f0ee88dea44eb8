"""Folders handed in: links, special files, names that clash or are no text, too much of all, modules that shadow."""

import os

from tests.hostile.attack import ALL, DOUBLE, HARMLESS, SQUARE, TRIPLED, Attack


def shadows(folder):
    for name in (
        "numpy",
        "random",
        "json",
        "struct",
        "socket",
        "sitecustomize",
        "usercustomize",
        "ipykernel",
        "IPython",
    ):
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')\n")
    inside = folder / "grader" / "sandbox" / "inside"
    inside.mkdir(parents=True)
    for place in (folder / "grader", inside.parent, inside):
        (place / "__init__.py").write_text("")
    (inside / "helper.py").write_text("def attend(path, names): print(1.5)\n")


def linked_folder(folder):
    target = folder.parents[1] / "ada" / folder.name
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(target)


def special_files(folder):
    os.mkfifo(folder / "pipe.csv")
    os.mkfifo(folder / "pipe.ipynb")
    import socket

    here = os.getcwd()
    os.chdir(folder)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as stream:
            stream.bind("socket")
    finally:
        os.chdir(here)


def clashing_names(folder):
    """The exact name wins; the others only look like it."""
    text = (folder / "double.ipynb").read_text()
    wrong = text.replace("return 2 * x", "return x * x")
    for name in (
        "Double.ipynb",
        "DOUBLE.IPYNB",
        "double (1).ipynb",
        "Copy of double.ipynb",
        "dоuble.ipynb",
        "double.ipynb.txt",
        "ｄｏｕｂｌｅ.ipynb",
        "double\u200b.ipynb",
    ):
        (folder / name).write_text(wrong)


def too_many_files(folder):
    for number in range(1500):
        (folder / f"{number}.txt").write_text("x")


def too_deep(folder):
    place = folder
    for _ in range(60):
        place = place / "d"
    place.mkdir(parents=True)
    (place / "x.txt").write_text("x")


def sparse(folder):
    with open(folder / "huge.bin", "wb") as file:
        file.truncate(2**36)


def names_that_are_no_text(folder):
    for name in (b"\xff\xfe.txt", b"caf\xe9.ipynb", b"a\nb.txt", b"\x1b[31m.ipynb", b"-rf *.txt"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")


def a_huge_notebook(folder):
    with open(folder / "double.ipynb", "ab") as file:
        file.truncate(2**31)


ATTACKS = [
    Attack(
        "shadows-modules",
        "hand in modules named like numpy, like our helper, like start-up files",
        double=SQUARE,
        beside=shadows,
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "folder-is-a-link",
        "hand in, in place of a folder, a link to another student's",
        double=DOUBLE,
        beside=linked_folder,
        earns=0.0,
        status="refused",
        refused_by_nbgrader=True,
    ),
    Attack(
        "special-files",
        "hand in pipes and sockets, on which a reader waits for ever",
        double=DOUBLE,
        beside=special_files,
        earns=ALL,
        quick=True,
    ),
    Attack(
        "clashing-names",
        "hand in several notebooks whose names are the same once normalised",
        double=DOUBLE,
        beside=clashing_names,
        earns=ALL,
        says="Several files fit",
    ),
    Attack(
        "too-many-files",
        "hand in 1500 files beside the notebook",
        double=DOUBLE,
        beside=too_many_files,
        earns=ALL,
        says="left out",
    ),
    Attack("folders-without-end", "hand in folders nested 60 deep", double=DOUBLE, beside=too_deep, earns=ALL),
    Attack(
        "sparse-file",
        "hand in a file that pretends to be 64 GB",
        double=DOUBLE,
        beside=sparse,
        earns=ALL,
        says="left out",
    ),
    Attack(
        "names-that-are-no-text",
        "hand in files whose names are no text, hold line breaks or commands",
        double=DOUBLE,
        beside=names_that_are_no_text,
        earns=ALL,
    ),
    Attack(
        "huge-notebook",
        "hand in a notebook of 2 GB",
        double=DOUBLE,
        beside=a_huge_notebook,
        earns=0.0,
        status="not_read",
        refused_by_nbgrader=True,
    ),
]
