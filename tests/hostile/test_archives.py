"""An archive gives plain files inside its folder, within bounds, or nothing at all."""

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.desk.collect.archives import BadArchive, Bounds, safe_parts, same_name, unpack

SMALL = Bounds(files=20, file_bytes=2**20, total_bytes=3 * 2**20, archive_bytes=2**20, ratio=50)
BAD_NAMES = [
    "../up.txt",
    "a/../../up.txt",
    "/etc/passwd",
    "C:\\windows.txt",
    "..\\up.txt",
    "a/\x1b[31m.txt",
    "a\nb.txt",
    "x\u202etxt.exe",
    "d/" * 40 + "x",
    "\\\\host\\share\\x.txt",
]


def zipped(path, files, links=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(zipfile.ZipInfo(name) if not name.endswith("/") else name, data)
        for name, target in links:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o120777 << 16
            packed.writestr(info, target)
    return path


def tarred(path, files, specials=(), mode="w:gz"):
    """`specials`: `(name, type, target)`."""
    with tarfile.open(path, mode, format=tarfile.PAX_FORMAT) as packed:
        for name, kind, target in specials:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            packed.addfile(info)
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o4777
            packed.addfile(info, io.BytesIO(data))
    return path


MAKERS = {
    "zip": zipped,
    "tar.gz": tarred,
    "tar": lambda path, files: tarred(path, files, mode="w"),
    "tar.bz2": lambda path, files: tarred(path, files, mode="w:bz2"),
    "tar.xz": lambda path, files: tarred(path, files, mode="w:xz"),
}


def everything_below(folder):
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("kind", MAKERS)
def test_plain_files_come_out_as_they_were(tmp_path, kind):
    """In their folders, readable, without the rights that the archive gives them."""
    files = [("ada/week01/double.ipynb", b"{}"), ("Мария/заметки.txt", b"text"), ("empty.txt", b"")]
    found = unpack(MAKERS[kind](tmp_path / f"a.{kind}", files), tmp_path / "out")
    assert {name: path.read_bytes() for name, path in everything_below(tmp_path / "out").items()} == dict(files)
    assert found.left_out == [] and sorted(map(str, found.files)) == sorted(name for name, _ in files)
    assert all(path.stat().st_mode & 0o7777 == 0o644 for path in everything_below(tmp_path / "out").values())


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_names_that_lead_elsewhere_are_left_out(tmp_path, kind):
    """`..`, absolute names, drives, control characters; the rest comes out, endless names cut, nothing lies outside."""
    files = [*[(name, b"x") for name in BAD_NAMES], ("n" * 300, b"z"), ("fine.txt", b"y")]
    found = unpack(MAKERS[kind](tmp_path / f"a.{kind}", files), tmp_path / "in" / "out")
    fine, shortened = sorted(everything_below(tmp_path / "in"))
    assert fine == "out/fine.txt" and set(shortened.removeprefix("out/")) == {"n"} and len(shortened) < 210
    assert len(found.left_out) == len(BAD_NAMES)
    assert not (tmp_path / "up.txt").exists()


def test_links_and_special_files_are_left_out(tmp_path):
    """Also when a later file wants to be written through one of them."""
    secret = tmp_path / "secret"
    secret.mkdir()
    kinds = [
        ("link", tarfile.SYMTYPE, str(secret)),
        ("hard", tarfile.LNKTYPE, "/etc/passwd"),
        ("pipe", tarfile.FIFOTYPE, ""),
        ("disk", tarfile.BLKTYPE, ""),
        ("tty", tarfile.CHRTYPE, ""),
    ]
    found = unpack(tarred(tmp_path / "a.tgz", [("link/x.txt", b"x"), ("fine.txt", b"y")], kinds), tmp_path / "one")
    assert not any(path.is_symlink() for path in (tmp_path / "one").rglob("*"))
    assert len(found.left_out) == 5 and list(secret.iterdir()) == []
    archive = zipped(tmp_path / "a.zip", [("link/x.txt", b"x")], [("link", str(secret)), ("other", "/etc/passwd")])
    found = unpack(archive, tmp_path / "two")
    assert set(everything_below(tmp_path / "two")) == {"link/x.txt"} and len(found.left_out) == 2
    assert list(secret.iterdir()) == []


@pytest.mark.parametrize(
    "pair",
    [
        ("A.txt", "a.txt"),
        ("é.txt", "e\u0301.txt"),
        ("ﬁ.txt", "fi.txt"),
        ("a.txt", "a.txt. "),
        ("x", "x/y"),
        ("a/b.txt", "A/B.txt"),
        ("a.txt", "./a.txt"),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_names_that_clash_are_told(tmp_path, kind, pair):
    """The first of two names that some file system takes for one is kept, the second left out."""
    found = unpack(MAKERS[kind](tmp_path / f"a.{kind}", [(pair[0], b"first"), (pair[1], b"second")]), tmp_path / "out")
    assert [path.read_bytes() for path in everything_below(tmp_path / "out").values()] == [b"first"]
    assert len(found.left_out) == 1


def bomb_zip(path):
    return zipped(path, [("a.txt", bytes(2**24))])


def bomb_of_overlaps(path):
    """Many directory entries that share one compressed file, as in Fifield's bomb."""
    body = zlib.compress(bytes(2**20), 9)[2:-4]
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(bytes(2**20)), len(body), 2**20, 1, 0) + b"a"
    entries = b""
    for number in range(18):
        name = f"{number:02}".encode()
        fields = (20, 20, 0, 8, 0, 0, zlib.crc32(bytes(2**20)), len(body), 2**20, len(name), 0, 0, 0, 0, 0, 0)
        entries += struct.pack("<4s6H3L5H2L", b"PK\1\2", *fields) + name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 18, 18, len(entries), len(head) + len(body), 0)
    path.write_bytes(head + body + entries + end)
    return path


def zip_that_lies(path):
    """The directory claims one byte; sixteen million come out."""
    data = bytearray(bomb_zip(path).read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<L", 1)
    path.write_bytes(data)
    return path


def gzip_without_end(path):
    path.write_bytes(gzip.compress(bytes(2**26), 9))
    return path


def tar_header_without_end(path):
    """A pax header of 60 MB."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 60 * 2**20
    path.write_bytes(bz2.compress(info.tobuf() + bytes(60 * 2**20)))
    return path


def with_dictionary(size):
    """An xz that asks its reader for so much memory."""
    return lzma.compress(b"x" * 4096, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": size}])


BOMBS = {
    "ratio": bomb_zip,
    "overlapping entries": bomb_of_overlaps,
    "false sizes": zip_that_lies,
    "gzip": gzip_without_end,
    "header": tar_header_without_end,
    "tar": lambda path: tarred(path, [("a", bytes(2**24))]),
    "many": lambda path: zipped(path, [(f"{n}.txt", b"") for n in range(50)]),
    "many in tar": lambda path: tarred(path, [(f"{n}.txt", b"") for n in range(50)]),
    "many folders": lambda path: zipped(path, [(f"{n}/", b"") for n in range(50)]),
    "one large": lambda path: zipped(path, [("a", os.urandom(2**20 - 2000) + b"x" * 3000)]),
    "large in all": lambda path: zipped(path, [(str(n), bytes(2**19) + os.urandom(2**15)) for n in range(8)]),
    "no archive": lambda path: path.write_bytes(b"hello") and path,
    "empty": lambda path: path.write_bytes(b"") or path,
    "cut": lambda path: path.write_bytes(zipped(path, [("a", os.urandom(5000))]).read_bytes()[:3000]) and path,
    "cut tar": lambda path: path.write_bytes(tarred(path, [("a", os.urandom(5000))]).read_bytes()[:3000]) and path,
    "cut xz": lambda path: (
        path.write_bytes(MAKERS["tar.xz"](path, [("a", os.urandom(5000))]).read_bytes()[:3000]) and path
    ),
    "bomb in xz": lambda path: MAKERS["tar.xz"](path, [("a", bytes(2**24))]),
    "dictionary of 1 GB": lambda path: path.write_bytes(with_dictionary(2**30)) and path,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_too_large_or_damaged_leaves_nothing(tmp_path, name):
    """Refused with a sentence; neither the target nor half of it is there; memory does not grow with the bomb."""
    import tracemalloc

    archive = BOMBS[name](tmp_path / "archive")
    tracemalloc.start()
    with pytest.raises(BadArchive, match="was not unpacked: .+"):
        unpack(archive, tmp_path / "in" / "out", SMALL)
    assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
    tracemalloc.stop()
    assert list((tmp_path / "in").iterdir()) == []


def test_encrypted_and_unknown_methods_are_left_out(tmp_path):
    path = zipped(tmp_path / "a.zip", [("a.txt", b"x" * 100)])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as packed:
        packed.writestr("b.txt", "y" * 100)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    found = unpack(path, tmp_path / "out")
    assert everything_below(tmp_path / "out") == {} and len(found.left_out) == 2


def test_what_is_there_already_is_never_touched(tmp_path):
    """A target that exists, a link in its place, an archive that is a link."""
    archive = zipped(tmp_path / "a.zip", [("a.txt", b"x")])
    (tmp_path / "there").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "link.zip").symlink_to(archive)
    for source, target in ((archive, "there"), (archive, "dangling"), (tmp_path / "link.zip", "new")):
        with pytest.raises(BadArchive):
            unpack(source, tmp_path / target)
    assert list((tmp_path / "there").iterdir()) == [] and not (tmp_path / "nowhere").exists()


MANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=300, **MANY)
@given(st.text(max_size=30) | st.sampled_from(BAD_NAMES))
def test_a_safe_name_stays_inside(name):
    """Whatever the name, its parts lead below the target and can be written."""
    parts = safe_parts(name)
    if parts is not None:
        path = os.path.normpath("/".join(parts))
        assert not path.startswith(("/", "..")) and "\x00" not in path and all(parts)
        path.encode("utf-8")
        assert same_name(parts) == same_name(tuple(part.upper() for part in parts)) or not path.isascii()


@settings(max_examples=150, **MANY)
@given(st.integers(0, 10**6), st.binary(max_size=20), st.sampled_from(["zip", "tar.gz", "tar", "tar.xz"]))
def test_any_damage_gives_files_or_a_refusal(tmp_path_factory, place, junk, kind):
    """Bytes changed anywhere: either it unpacks inside its folder, or it is refused in words."""
    folder = tmp_path_factory.mktemp("damage")
    archive = MAKERS[kind](folder / "a", [("a/b.txt", b"text" * 100), ("c.txt", b"more")])
    data = bytearray(archive.read_bytes())
    place %= len(data)
    data[place : place + len(junk)] = junk
    archive.write_bytes(data)
    try:
        unpack(archive, folder / "in" / "out", SMALL)
        assert {path.name for path in (folder / "in").iterdir()} == {"out"}
    except BadArchive:
        assert list((folder / "in").iterdir()) == []
