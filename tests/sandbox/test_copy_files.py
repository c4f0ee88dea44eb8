"""Copying what was handed in: plain files only, nothing followed, sizes bounded."""

import os

import pytest

from grader.sandbox.kernels.copy_files import TooManyFiles, copy_plain_files
from grader.sandbox.walls.limits import Limits


@pytest.fixture
def folders(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    return source, target


def test_plain_files_are_copied(folders):
    """Files and folders arrive with their content, readable by the kernel's user."""
    source, target = folders
    (source / "data").mkdir(mode=0o700)
    (source / "data" / "x.csv").write_text("1,2")
    (source / "data" / "x.csv").chmod(0o600)
    copy_plain_files(source, target, Limits())
    assert (target / "data" / "x.csv").read_text() == "1,2"
    assert (target / "data" / "x.csv").stat().st_mode & 0o777 == 0o644
    assert (target / "data").stat().st_mode & 0o777 == 0o755


def test_links_devices_and_pipes_are_left_out(folders):
    """A link out of the folder, a folder that is a link, a pipe and a socket are not copied and not waited for."""
    source, target = folders
    secret = source.parent / "secret"
    secret.write_text("secret")
    (source / "link").symlink_to(secret)
    (source / "folder").symlink_to(source.parent)
    (source / "dangling").symlink_to("/nowhere")
    os.mkfifo(source / "pipe")
    copy_plain_files(source, target, Limits())
    assert os.listdir(target) == []


def test_the_folder_itself_must_not_be_a_link(folders):
    """A submission's folder that is a symbolic link is refused."""
    source, target = folders
    (source.parent / "link").symlink_to(source)
    with pytest.raises(OSError):
        copy_plain_files(source.parent / "link", target, Limits())


@pytest.mark.parametrize("problem", ["number", "size", "total", "depth"])
def test_too_much_is_refused(folders, problem):
    """Too many, too large or too deep: an error, and little of it copied."""
    source, target = folders
    if problem == "number":
        for number in range(1001):
            (source / str(number)).touch()
    elif problem == "size":
        (source / "a").write_bytes(bytes(2**20 + 1))
    elif problem == "total":
        for number in range(3):
            (source / str(number)).write_bytes(bytes(2**20))
    else:
        (source / "/".join("abcdefghi")).mkdir(parents=True)
    with pytest.raises(TooManyFiles):
        copy_plain_files(source, target, Limits(file_mb=1, tmp_mb=4))


def test_a_sparse_file_counts_in_full(folders):
    """A file that takes no room on disk and much in memory is refused."""
    source, target = folders
    with open(source / "sparse", "wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(TooManyFiles):
        copy_plain_files(source, target, Limits())
