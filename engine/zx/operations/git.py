"""Git as zx uses it: asked, never told. Nothing is fetched, no hook and no monitor runs, no lock is taken."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from zx.operations.errors import UsageError
from zx.values.dataclass import dataclass

_TIMEOUT_S = 60
_FILE = "100"
"""How the mode of an ordinary file begins; links and submodules are no rules."""


def ask(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What git answers in ``root``; None when there is no git or it refuses."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        result = subprocess.run(
            command,
            cwd=root,
            env={**os.environ, **quiet},
            input=given,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return result.stdout if result.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one commit below the workspace, by their names in it. Nothing is checked out."""

    root: Path
    commit: str
    blobs: Mapping[str, str] = field(repr=False)

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of those of ``names`` that are files of this commit. Raises UsageError."""
        wanted = [name for name in names if name in self.blobs]
        if not wanted:
            return {}
        asked = "".join(f"{self.blobs[name]}\n" for name in wanted).encode()
        answer = ask(self.root, "cat-file", "--batch", given=asked)
        if answer is None:
            raise UsageError(f"git could not read the files of {self.commit[:10]}", "is the clone complete?")
        found, at = {}, 0
        for name in wanted:
            end = answer.index(b"\n", at)
            _, kind, size = answer[at:end].decode().split(" ") if answer[at:end].count(b" ") == 2 else ("", "", "0")
            if kind != "blob":
                raise UsageError(f"git does not have {name} of {self.commit[:10]}", "is the clone complete?")
            found[name] = answer[end + 1 : end + 1 + int(size)]
            at = end + 2 + int(size)
        return found


def tree_of(root: Path, revision: str) -> Tree:
    """The files of ``revision`` (a branch, a tag, a hash, ``HEAD~1``). Raises UsageError."""
    if ask(root, "rev-parse", "--is-inside-work-tree") is None:
        raise UsageError(
            "this workspace is not in git (or git is not installed), so there is no other revision of its rules",
            "keep the workspace in git: git init, git add -A, git commit",
        )
    said = ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if said is None:
        raise UsageError(
            f"git knows no revision {revision!r} here",
            "name a branch, a tag or a commit; in a shallow clone fetch it first: git fetch --depth 1 origin NAME",
        )
    commit = said.decode().strip()
    listed = ask(root, "ls-tree", "-r", "-z", commit)
    if listed is None:
        raise UsageError(f"git cannot list the files of {revision}", "is the clone complete?")
    blobs = {}
    for entry in filter(None, listed.split(b"\0")):
        about, _, name = entry.partition(b"\t")
        mode, kind, blob = about.decode().split()
        if kind == "blob" and mode.startswith(_FILE):
            blobs[name.decode(errors="surrogateescape")] = blob
    return Tree(root, commit, blobs)
