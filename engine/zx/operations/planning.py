"""From a snapshot to a plan and its report: what preview, push and explain have in common."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import shlex
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zx import __version__
from zx.apply.sender import BATCH, UNENFORCED_BATCH
from zx.catalog.schema import Catalogue
from zx.compile.program import Program
from zx.files.disk import DiskError, private_folder
from zx.model.decision import NO_ANSWERS, Decisions
from zx.model.link import SyncState
from zx.model.snapshot import Organisation, Snapshot
from zx.operations.desk import Desk
from zx.operations.kept import keep_state
from zx.operations.revision import revision
from zx.plan.action import WRITES, Outcome, Plan
from zx.plan.planner import PlanInputs
from zx.ports.state_store import StateDamaged
from zx.report.about import About, Hint
from zx.state.digest import FieldDigest, load_key
from zx.state.format import pair_id
from zx.state.memory import LinkMemory
from zx.state.remembering import RememberingStore
from zx.state.store import TomlStateStore
from zx.values.dataclass import dataclass
from zx.values.dates import instant_text
from zx.workspace.workspace import ZX_TOML, Sync

if TYPE_CHECKING:  # a plan can be made and told of where no adapter is loaded
    from zx.operations.connections import Pair


@dataclass(frozen=True, slots=True)
class Memory:
    """What zx remembers of one pair of organisations. ``guarded`` is the folder of journal, lock and key; ``secret`` is
    the key of the digests."""

    store: RememberingStore
    guarded: Path
    digest: FieldDigest
    secret: bytes = field(repr=False)

    @property
    def journal(self) -> Path:
        return self.guarded / "journal"

    @property
    def lock(self) -> Path:
        return self.guarded / "lock"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan is made on: rules, catalogue, data and people's answers of one sync, checked and read."""

    sync: Sync
    program: Program
    catalogue: Catalogue
    snapshot: Snapshot
    decisions: Decisions = NO_ANSWERS


def memory_of(
    desk: Desk, sync: Sync, zoho: Organisation, xero: Organisation, say: Callable[[str], None] | None = None
) -> Memory:
    """The memory of this pair of organisations; nothing is made but folders and the key. ``say`` hears of a state that
    is older than what was sent; the desk when nobody else does. Raises DiskError."""
    guarded = desk.paths.guarded(sync, pair_id(zoho.id, xero.id))
    private_folder(guarded.parent)
    private_folder(guarded)
    tracked = TomlStateStore(
        desk.paths.states, pair=sync.pair, tenants=(zoho.id, xero.id), new_lineage=lambda: secrets.token_hex(8)
    )
    store = RememberingStore(tracked, LinkMemory(guarded / "links.sqlite"), say or desk.say)
    secret = _key(desk, guarded)
    return Memory(store, guarded, FieldDigest(secret), secret)


def _key(desk: Desk, guarded: Path) -> bytes:
    """The key of the state's digests: what ZX_STATE_KEY says, else one for this pair, made on first use."""
    if desk.environment.state_key:
        return hashlib.sha256(desk.environment.state_key.encode()).digest()
    return load_key(guarded / "state.key")


def inputs_of(desk: Desk, ground: Ground, memory: Memory) -> PlanInputs:
    """Everything the planner wants, with the state as it is on disk now; says so when the settings switch all off.
    Raises StateDamaged."""
    return inputs_from(desk, ground, memory.store.load(), memory.digest)


def remember(desk: Desk, ground: Ground) -> None:
    """Keeps the state beside the snapshot just read. What is wrong with it is for those who need it to tell of."""
    with contextlib.suppress(StateDamaged, DiskError):
        memory = memory_of(desk, ground.sync, ground.snapshot.zoho, ground.snapshot.xero, lambda _: None)
        keep_state(desk, ground.sync, memory.store.load())


def inputs_from(desk: Desk, ground: Ground, state: SyncState, digest: Callable[[Any], str]) -> PlanInputs:
    """Everything the planner wants, with this ``state``, whose digests are made by ``digest``."""
    sync = ground.sync
    if all(program.needed and program.unasked is None for program in ground.program.maps.values()):
        desk.say(f"Every workflow of sync {sync.name} is switched off in its settings: there is nothing to send.")
    return PlanInputs(
        sync=sync.name,
        zoho=sync.zoho.name,
        xero=sync.xero.name,
        program=ground.program,
        catalogue=ground.catalogue,
        snapshot=ground.snapshot,
        state=state,
        timezone=sync.timezone,
        now=instant_text(desk.clock.now()),
        digest=digest,
        decisions=ground.decisions,
    )


def about_plan(desk: Desk, ground: Ground, plan: Plan, pair: Pair | None, run: str | None = None) -> About:
    """What a report says besides the plan. ``pair`` is None when nothing was opened (offline)."""
    known = revision(desk.workspace.root, (ZX_TOML, *ground.program.sources))
    return About(
        version=__version__,
        zoho=ground.snapshot.zoho,
        xero=ground.snapshot.xero,
        generated_at=instant_text(desk.clock.now()),
        revision=known.commit,
        dirty=known.dirty,
        rule_files=len(ground.program.sources),
        calls=calls_needed(plan, pair),
        hints=() if run else _hints(desk, plan),
        run=run,
    )


def calls_needed(plan: Plan, pair: Pair | None) -> Mapping[str, Mapping[str, int | None]]:
    """About how many requests sending ``plan`` takes, by connection, and what is left of the day's."""
    elements = Counter(
        (action.target.connection, action.map, action.outcome, action.enforced)
        for action in plan.actions
        if action.outcome in WRITES and action.outcome is not Outcome.ADOPT
    )
    opened = {} if pair is None else {side.connection.name: side for side in pair}
    needed = dict.fromkeys((plan.zoho, plan.xero), 0)
    for (connection, _, outcome, enforced), number in elements.items():
        batch = opened[connection].writer.batch if connection in opened else BATCH
        if outcome is Outcome.CREATE and not enforced:
            batch = min(batch, UNENFORCED_BATCH)
        requests = -(-number // batch)
        # What is updated or undone is read once more before it is sent (reliability 1.5).
        needed[connection] += requests if outcome is Outcome.CREATE else 2 * requests
    for action in plan.actions:
        # Steps of many quotes share a request; counted one by one they are never too few.
        needed[action.target.connection] += len(action.then)
    left = {name: side.reader.calls().get("left_today") for name, side in opened.items()}
    return {name: {"needed": number, "left_today": left.get(name)} for name, number in needed.items()}


def something_left(plan: Plan) -> bool:
    """Whether a person has something to do before everything can be sent."""
    return plan.verdict == "blocked"


def _hints(desk: Desk, plan: Plan) -> tuple[Hint, ...]:
    several = len(desk.workspace.syncs) > 1
    name, option = (f" {plan.sync}", f" --sync {plan.sync}") if several else ("", "")
    hints = []
    if any(action.writes for action in plan.actions):
        words = "send exactly this" if plan.verdict == "ready" else "send what is ready"
        hints.append(Hint(words, f"zx push{name} --plan {plan.digest[:8]}"))
    stopped = [action for action in plan.actions if action.outcome in (Outcome.BLOCK, Outcome.CONFLICT)]
    if stopped:
        # A document says more than the customer or item it waits for.
        one = max(stopped, key=lambda action: abs(action.totals.source) if action.totals else -1)
        hints.append(Hint("see one record in full", f"zx explain{option} {shlex.quote(one.source.label)}"))
        hints.append(Hint("settle what is open", f"zx review{name}"))
    return tuple(hints)
