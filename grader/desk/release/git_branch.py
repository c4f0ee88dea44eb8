"""Put the student repository's files on a branch of a git repository: without a working tree, or in its own folder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.desk.errors import DeskError
from grader.desk.release.student_repository import MANIFEST, Changes

_NOBODY = {"NAME": "course", "EMAIL": "course@localhost"}
SECONDS = 120


class NotCommitted(Exception):
    """The files are there, and git did not take them; the message is git's."""


@dataclass(frozen=True)
class Branch:
    """A branch that may not exist yet; the repository may be bare."""

    repository: Path
    name: str

    def files(self) -> dict[str, str]:
        """The blob of every path on the branch; empty when there is no such branch."""
        if not self.tip():
            return {}
        rows = self._git("ls-tree", "-r", "-z", f"refs/heads/{self.name}").decode("utf-8").split("\0")
        return {name: meta.split()[2] for meta, _, name in (row.partition("\t") for row in rows if row)}

    def tip(self) -> str | None:
        """The commit that the branch is at."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", f"refs/heads/{self.name}").decode().strip()
        except subprocess.CalledProcessError:
            return None

    def check(self) -> None:
        """Raise `DeskError` where a commit would not be possible, or would surprise whoever works there."""
        try:
            self._git("check-ref-format", f"refs/heads/{self.name}")
            bare = self._git("rev-parse", "--is-bare-repository").decode().strip() == "true"
            head = self._git("symbolic-ref", "--quiet", "HEAD").decode().strip()
        except FileNotFoundError:
            raise DeskError(f"git is not installed, or there is no folder {self.repository}.", "See there.") from None
        except subprocess.CalledProcessError as error:
            if "symbolic-ref" not in error.cmd:
                raise DeskError(
                    f"{self.repository} is no git repository, or {self.name!r} no name for a branch.",
                    f"Make one: git init --bare {self.repository}",
                ) from None
            bare, head = True, ""
        if not bare and head == f"refs/heads/{self.name}":
            raise DeskError(
                f"The branch {self.name} is checked out in {self.repository}; it would not see the commit.",
                f"Name another branch, or write into that folder and commit yourself: --to {self.repository}",
            )

    def compare(self, files: Mapping[str, bytes]) -> Changes:
        """What a commit of `files` would change; what others put on the branch stays."""
        old = self.files()
        new = {name: self._blob(data, write=False) for name, data in files.items()}
        gone = self._ours(old) - set(new) - {MANIFEST}
        return Changes(
            added=sorted(set(new) - set(old)),
            changed=sorted(name for name in set(new) & set(old) if new[name] != old[name]),
            removed=sorted(gone & set(old)),
        )

    def commit(self, files: Mapping[str, bytes], message: str) -> tuple[Changes, str | None]:
        """Commit `files` onto the branch; the commit is None when nothing changed."""
        self.check()
        changes, parent = self.compare(files), self.tip()
        if not changes and parent:
            return changes, None
        whole = {**files, MANIFEST: ("\n".join(sorted(files)) + "\n").encode()}
        with tempfile.TemporaryDirectory(prefix="grader-git-") as place:
            index = {"GIT_INDEX_FILE": str(Path(place) / "index")}
            if parent:
                self._git("read-tree", parent, environment=index)
            lines = [f"0 {'0' * 40}\t{name}\0" for name in changes.removed]
            lines += [f"100644 {self._blob(data, write=True)}\t{name}\0" for name, data in whole.items()]
            self._git("update-index", "-z", "--index-info", data="".join(lines).encode(), environment=index)
            tree = self._git("write-tree", environment=index).decode().strip()
        parents = ("-p", parent) if parent else ()
        commit = self._git("commit-tree", tree, *parents, "-m", message, environment=self._author()).decode().strip()
        self._git("update-ref", f"refs/heads/{self.name}", commit, parent or "0" * 40)
        return changes, commit

    def commit_folder(self, names: Iterable[str], message: str) -> str | None:
        """Commit these files of the working folder, gone ones too, on whatever branch is checked out there.

        Makes the repository where there is none. None: nothing had changed. Raises `NotCommitted` with git's reason.
        """
        there: list[str] = []
        gone: list[str] = []
        for name in names:
            (there if (self.repository / name).is_file() else gone).append(name)
        from_input = ("--pathspec-from-file=-", "--pathspec-file-nul")
        try:
            if not (self.repository / ".git").exists():
                self._git("init", "--quiet")
                self._git("symbolic-ref", "HEAD", f"refs/heads/{self.name}")
            self._git("add", "--force", *from_input, data="\0".join(there).encode())
            if gone:
                self._git("rm", "--cached", "--quiet", "--ignore-unmatch", *from_input, data="\0".join(gone).encode())
            if not self._git("status", "--porcelain", "--untracked-files=no").strip():
                return None
            self._git("commit", "--quiet", "--no-gpg-sign", "-m", message, environment=self._author())
            return self._git("rev-parse", "HEAD").decode().strip()
        except FileNotFoundError:
            raise NotCommitted("git is not installed") from None
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise NotCommitted((error.stderr or b"").decode(errors="replace").strip() or str(error)) from None

    def has_remote(self) -> bool:
        """Is it known where to publish it?"""
        return bool(self._git("remote").strip())

    def _ours(self, old: Mapping[str, str]) -> set[str]:
        """The paths that an earlier release put there."""
        if MANIFEST not in old:
            return set()
        return set(self._git("cat-file", "blob", old[MANIFEST]).decode("utf-8").splitlines())

    def _blob(self, data: bytes, write: bool) -> str:
        return self._git("hash-object", *(["-w"] if write else []), "--stdin", data=data).decode().strip()

    def _author(self) -> dict[str, str]:
        """Whoever git knows here; a name that stands for the course where it knows nobody."""
        try:
            self._git("var", "GIT_COMMITTER_IDENT")
            return {}
        except subprocess.CalledProcessError:
            return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _NOBODY.items()}

    def _git(self, *arguments: str, data: bytes | None = None, environment: Mapping[str, str] | None = None) -> bytes:
        command = ["git", *arguments]
        settings = {**os.environ, **(environment or {})}
        done = subprocess.run(
            command, cwd=self.repository, env=settings, input=data, capture_output=True, timeout=SECONDS, check=True
        )
        return done.stdout
