"""Files that are whole or not there: a run killed at any moment leaves no half of one."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")


def write_atomically(path: Path, data: bytes | str, mode: int = 0o644) -> None:
    """Write `data` to `path`: a temporary file beside it, flushed to disk, then renamed over it.

    An `OSError` names `path`, which a person knows, and not the temporary file.
    """
    try:
        _write(path, data.encode("utf-8") if isinstance(data, str) else data, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def _write(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def swap_folder(new: Path, place: Path, attic: Path) -> None:
    """Put the folder `new` at `place`; what was there before goes to `attic` (same file system) and is deleted.

    Between the two renames nothing is at `place`, never a mixture of old and new.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    attic.mkdir(parents=True, exist_ok=True)
    if place.exists() or place.is_symlink():
        old = Path(tempfile.mkdtemp(dir=attic)) / "old"
        os.rename(place, old)
    os.rename(new, place)
    empty_folder(attic)


def empty_folder(folder: Path) -> None:
    """Delete what `folder` holds, read-only files included."""
    for entry in list(folder.iterdir()) if folder.is_dir() else []:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)


def remove_abandoned(prefix: str) -> None:
    """Remove what this user's killed processes left among temporary files: `<prefix><number of the process>-...`."""
    for place in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        number = place.name.removeprefix(prefix).partition("-")[0]
        try:
            ours = place.lstat().st_uid == os.geteuid() and not place.is_symlink()
        except FileNotFoundError:
            continue  # another process was faster
        if ours and number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(place, ignore_errors=True)


def digest(*parts: bytes | str) -> str:
    """SHA-256 of the parts, each with its length before it, so that no two lists of parts look alike."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big"))
        total.update(data)
    return total.hexdigest()
