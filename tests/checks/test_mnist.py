"""MNIST comes from the first mirror that has the right files, once; nothing else is ever taken for it.

A small data set of the same format stands in for it, served on the loopback interface.
"""

import gzip
import hashlib
import http.server
import struct
import threading

import numpy as np
import pytest

from grader.checks import data, mnist
from grader.checks.data import MNIST_CHECKSUMS, parse_idx

RNG = np.random.default_rng(0)
ARRAYS = {
    "train-images-idx3-ubyte.gz": RNG.integers(0, 256, (6, 28, 28), dtype=np.uint8),
    "train-labels-idx1-ubyte.gz": RNG.integers(0, 10, 6, dtype=np.uint8),
    "t10k-images-idx3-ubyte.gz": RNG.integers(0, 256, (2, 28, 28), dtype=np.uint8),
    "t10k-labels-idx1-ubyte.gz": RNG.integers(0, 10, 2, dtype=np.uint8),
}


def idx(array):
    """The bytes of an array in IDX format."""
    return b"\x00\x00\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


FILES = {name: gzip.compress(idx(array), mtime=0) for name, array in ARRAYS.items()}
CHECKSUMS = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}


class Mirror(http.server.BaseHTTPRequestHandler):
    """good/: the files; corrupt/: one byte changed; truncated/: broken off; everything else: 404."""

    asked: list[str] = []

    def do_GET(self):
        kind, _, name = self.path.strip("/").partition("/")
        self.asked.append(self.path)
        content = FILES.get(name)
        if content is None or kind not in ("good", "corrupt", "truncated"):
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        body = {"good": content, "corrupt": content[:-9] + b"X" + content[-8:], "truncated": content[:20]}[kind]
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """(base address, list of the paths asked for)"""
    Mirror.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", Mirror.asked
        running.shutdown()


def dead_mirror():
    """An address where nothing listens."""
    with http.server.HTTPServer(("127.0.0.1", 0), Mirror) as closed:
        return f"http://127.0.0.1:{closed.server_port}/"


def test_images_and_labels_arrive_scaled_and_in_order(server, tmp_path):
    """Pixels in [0, 1], flat by default, integer labels."""
    found = mnist(tmp_path, [f"{server[0]}/good/"], checksums=CHECKSUMS)
    assert found.X_train == pytest.approx(ARRAYS["train-images-idx3-ubyte.gz"].reshape(6, 784) / 255)
    assert found.y_train.tolist() == ARRAYS["train-labels-idx1-ubyte.gz"].tolist()
    assert found.X_val.shape == (2, 784) and found.y_val.dtype == int
    assert mnist(tmp_path, [], flat=False, checksums=CHECKSUMS).X_val.shape == (2, 28, 28)


def test_bad_mirrors_are_passed_over(server, tmp_path):
    """Dead, missing, corrupt and truncated: the fifth mirror is used, and nothing of the others is kept."""
    base = server[0]
    mirrors = [dead_mirror(), f"{base}/absent", f"{base}/corrupt/", f"{base}/truncated/", f"{base}/good"]
    assert mnist(tmp_path, mirrors, checksums=CHECKSUMS).X_train.shape == (6, 784)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == FILES


def test_second_call_is_served_from_the_cache(server, tmp_path):
    """No mirror is asked again; a file damaged in the cache is fetched again."""
    base, asked = server
    mnist(tmp_path, [f"{base}/good/"], checksums=CHECKSUMS)
    assert len(asked) == 4
    mnist(tmp_path, [f"{base}/good/"], checksums=CHECKSUMS)
    assert len(asked) == 4
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    mnist(tmp_path, [f"{base}/good/"], checksums=CHECKSUMS)
    assert asked[4:] == ["/good/t10k-labels-idx1-ubyte.gz"]


def test_error_names_every_mirror_and_its_reason(server, tmp_path):
    """Offline, the message says what was tried, why it failed and what works without a download."""
    base, dead = server[0], dead_mirror()
    mirrors = [dead, f"{base}/absent/", f"{base}/corrupt/", f"{base}/truncated/"]
    with pytest.raises(ConnectionError) as caught:
        mnist(tmp_path, mirrors, checksums=CHECKSUMS)
    lines = str(caught.value).splitlines()
    size = len(FILES["train-images-idx3-ubyte.gz"])
    assert lines[0] == "train-images-idx3-ubyte.gz could not be downloaded from any mirror:"
    assert lines[1].startswith(f"  {dead}: ") and "refused" in lines[1]
    assert lines[2] == f"  {base}/absent/: HTTP 404 Not Found"
    assert lines[3] == f"  {base}/corrupt/: the file is not the published one (wrong SHA-256, {size} bytes)"
    assert lines[4].startswith(f"  {base}/truncated/: ") and "20" in lines[4]
    assert "checks.digits()" in lines[5]
    assert list(tmp_path.iterdir()) == []


def test_cache_that_cannot_be_written_does_no_harm(server, tmp_path):
    """A file where the folder should be: the data come all the same."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert mnist(blocked, [f"{server[0]}/good/"], checksums=CHECKSUMS).X_val.shape == (2, 784)


def test_cache_folder_is_the_users(monkeypatch, tmp_path):
    """GRADER_CACHE first, then the system's folder for caches."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GRADER_CACHE", raising=False)
    assert data._cache_folder() == tmp_path / "backprop-grader" / "mnist"
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "own"))
    assert data._cache_folder() == tmp_path / "own" / "mnist"


def test_endless_download_is_stopped(server, tmp_path, monkeypatch):
    """More bytes than MNIST has are not waited for."""
    monkeypatch.setattr(data, "LARGEST_DOWNLOAD", 100)
    monkeypatch.setattr(data, "CHUNK", 64)
    with pytest.raises(ConnectionError, match="more than 0 MB"):
        mnist(tmp_path, [f"{server[0]}/good/"], checksums=CHECKSUMS)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an IDX file.* nothing"),
        (b"<html>", "not an IDX file.* 3c 68 74 6d"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00", "not an IDX file"),
        (b"\x00\x00\x08\x00", "inside its header"),
        (b"\x00\x00\x08\x03\x00\x00", "inside its header"),
        (idx(np.zeros((2, 3), np.uint8))[:-1], "5 bytes of data where its header"),
        (idx(np.zeros((2, 3), np.uint8)) + b"\x00", "7 bytes of data where its header"),
        (b"\x00\x00\x08\x02" + b"\xff" * 8 + b"\x00", "1 bytes of data where its header"),
    ],
)
def test_idx_is_parsed_strictly(content, message):
    """Another format, a short header, too little or too much data: refused, each in its words."""
    with pytest.raises(ValueError, match=message):
        parse_idx(content)


def test_published_checksums_are_sha256_of_four_files():
    """The names are those of the format, the sums have the right length and differ."""
    assert set(MNIST_CHECKSUMS) == set(ARRAYS)
    assert len({int(checksum, 16) for checksum in MNIST_CHECKSUMS.values() if len(checksum) == 64}) == 4
