"""Names that people type: of weeks, found by their beginning, and the nearest right name to a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

CUTOFF = 0.5  # one letter of two may be wrong: `ix` is near `id`


class NoSuchWeek(Exception):
    """A name that is no week's, or several weeks'; the message says so, and what may have been meant."""


def week_called(name: str, folders: Sequence[str]) -> str:
    """The one of `folders` that is called `name` or begins with it, as `week01` for `week01_backprop`.

    Everywhere: on the command line, in the tables and extensions of `course.toml`, in the formula of the final mark.
    Raises `NoSuchWeek`.
    """
    found = [name] if name in folders else [folder for folder in folders if name and folder.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NoSuchWeek(f"{name!r} fits several weeks: {', '.join(found)}.")
    near = {**dict(zip(short_names(folders), folders, strict=True)), **dict(zip(folders, folders, strict=True))}
    meant = dict.fromkeys(near[one] for one in nearest(name, near))
    raise NoSuchWeek(f"{name!r} is not a week of this course.{did_you_mean(meant)}")


def short_names(folders: Iterable[str]) -> list[str]:
    """`week01` for `week01_backprop`: what stands before the first underscore, where no other week begins so."""
    folders = list(folders)
    shorts = [folder.split("_")[0] for folder in folders]
    return [
        short if [folder for folder in folders if folder.startswith(short)] == [folder] else folder
        for folder, short in zip(folders, shorts, strict=True)
    ]


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """At most two of `names` that `name` may have been meant to be, the likeliest first."""
    folded = {one.casefold(): one for one in names}
    return [folded[one] for one in difflib.get_close_matches(name.casefold(), folded, n=2, cutoff=CUTOFF)]


def did_you_mean(names: Iterable[str]) -> str:
    """The sentence, with a space before it; nothing without names."""
    quoted = " or ".join(repr(name) for name in names)
    return f" Did you mean {quoted}?" if quoted else ""
