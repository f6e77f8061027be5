"""What zx remembered at other times, from git objects: ``zx log`` and ``zx diff --state``. No network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zx.model.link import Entity, Link
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.operations.git import Tree, ask, tree_of
from zx.ports.state_store import StateDamaged
from zx.state.format import Unreadable, read_head, read_shard
from zx.workspace.workspace import Sync

Links = Mapping[tuple[Entity, str], Link]


@dataclass(frozen=True, slots=True)
class LinkTurn:
    """One link between two states: ``added``, ``removed``, ``re-pointed`` or ``written`` once more. Ids are those of
    the target, blank where there is none."""

    turn: str
    entity: Entity
    source: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit that changed the state of a sync: ``at`` an instant as text, ``counts`` its link turns by kind."""

    commit: str
    at: str
    subject: str
    serial: int
    counts: Mapping[str, int]


TURNS = ("added", "removed", "re-pointed", "written")


def state_diff(desk: Desk, sync: Sync, old: str, new: str | None) -> tuple[LinkTurn, ...]:
    """The links of revision ``old`` beside those of ``new`` (None: as they are on disk). Raises UsageError,
    StateDamaged."""
    before, _ = _committed(sync, tree_of(desk.workspace.root, old))
    after, _ = _on_disk(desk, sync) if new is None else _committed(sync, tree_of(desk.workspace.root, new))
    return _turns(before, after)


def log(desk: Desk, sync: Sync, limit: int) -> tuple[Entry, ...]:
    """The last ``limit`` commits that changed the state of ``sync``, newest first. Raises UsageError, StateDamaged."""
    root = desk.workspace.root
    wanted = ("log", f"--max-count={limit}", "--format=%H%x00%cI%x00%s", "-z", "--", f"state/{sync.pair}")
    said = ask(root, *wanted)
    if said is None:
        raise UsageError("this workspace has no history in git yet", "commit the state: git add state, git commit")
    fields = said.decode(errors="replace").split("\0")
    entries = []
    for commit, at, subject in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        after, serial = _committed(sync, tree_of(root, commit))
        parent = ask(root, "rev-parse", "--verify", "--quiet", f"{commit}^")
        before: Links = {} if parent is None else _committed(sync, tree_of(root, parent.decode().strip()))[0]
        turns = _turns(before, after)
        counts = {turn: sum(one.turn == turn for one in turns) for turn in TURNS}
        entries.append(Entry(commit, at, subject, serial, counts))
    return tuple(entries)


def _committed(sync: Sync, tree: Tree) -> tuple[Links, int]:
    """The links of a commit and the serial of their state; none and 0 before there was one."""
    folder = f"state/{sync.pair}/"
    return _links(sync, tree.read(sorted(name for name in tree.blobs if name.startswith(folder))), tree.commit[:10])


def _links(sync: Sync, files: Mapping[str, bytes], when: str) -> tuple[Links, int]:
    name = f"state/{sync.pair}/zx.toml"
    if name not in files:
        return {}, 0
    links: dict[tuple[Entity, str], Link] = {}
    try:
        head = read_head(files[name])
        for name, content in files.items():
            steps = name.split("/")
            if steps[2] != "links" or not name.endswith(".toml"):
                continue
            source, _, target = steps[3].partition("-")
            for id, link in read_shard(content, head.owned).items():
                links[(Entity(source, target), id)] = link
    except Unreadable as error:
        advice = "name another revision; nothing was changed"
        raise StateDamaged(f"{name} ({when}):{error.line}", error.message, advice) from None
    return links, head.serial


def _on_disk(desk: Desk, sync: Sync) -> tuple[Links, int]:
    """The links as they are now."""
    root, folder = desk.workspace.root, desk.paths.states / sync.pair
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.toml"))}
    return _links(sync, found, "now")


def _turns(before: Links, after: Links) -> tuple[LinkTurn, ...]:
    turns = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        entity, source = key
        if old is None and new is not None:
            turns.append(LinkTurn("added", entity, source, "", new.target_id))
        elif new is None and old is not None:
            turns.append(LinkTurn("removed", entity, source, old.target_id, ""))
        elif old is not None and new is not None and old.target_id != new.target_id:
            turns.append(LinkTurn("re-pointed", entity, source, old.target_id, new.target_id))
        elif old is not None and new is not None and _agreed(old) != _agreed(new):
            turns.append(LinkTurn("written", entity, source, old.target_id, new.target_id))
    return tuple(turns)


def _agreed(link: Link) -> tuple[int, dict[str, str]]:
    return link.generation, dict(link.base)
