"""``zx diff REV [REV2]``: what other rules would do with the same data. Reads git objects and the last snapshot, or a
file of one; loads nothing that could reach a network, and writes nothing but reports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import simplejson

from zx import __version__
from zx.compile.lineage import Line, lineage
from zx.compile.textdiff import line_map
from zx.files.disk import atomic_write, make_folder
from zx.model.decision import DECISIONS, NO_ANSWERS
from zx.operations.desk import Desk
from zx.operations.errors import Broken, UsageError
from zx.operations.git import tree_of
from zx.operations.offline import Basis, basis
from zx.operations.planning import Ground, inputs_from
from zx.operations.revision import revision
from zx.operations.rules import Checked, Texts, check, check_texts
from zx.plan.action import Plan
from zx.plan.charge import Charger, Setting, settings_of
from zx.plan.difference import difference
from zx.plan.planner import make_plan
from zx.plan.standing import AfterPush
from zx.report.diff.about import DiffAbout, RuleSide
from zx.report.diff.html import diff_html
from zx.report.diff.markdown import diff_markdown
from zx.report.diff.view import DiffView, diff_view
from zx.values.dataclass import dataclass
from zx.values.dates import instant_text
from zx.workspace.config import parsed
from zx.workspace.rules import RuleFiles, committed_files
from zx.workspace.workspace import ZX_TOML, ConfigError, Sync


@dataclass(frozen=True, slots=True)
class Rules:
    """One side of the comparison: the rules of a revision, or those of the work tree."""

    name: str
    commit: str
    dirty: bool
    sync: Sync
    checked: Checked


@dataclass(frozen=True, slots=True)
class Compared:
    """What a difference looks like, where its page lies, and whether anything differs or is newly blocked."""

    view: DiffView
    page: Path
    differs: bool
    newly_blocked: bool


def diff(desk: Desk, sync: Sync, old: str, new: str | None, *, source: Path | None = None) -> Compared:
    """The rules of revision ``old`` beside those of ``new`` (None: the files as they are), on one snapshot.

    Raises UsageError, NothingKept, Broken, ConfigError, StateDamaged, DiskError.
    """
    found = basis(desk, sync, source, then=True)
    left = _committed(desk, sync, old, found)
    right = _work_tree(desk, sync, found) if new is None else _committed(desk, sync, new, found)
    plans = [_plan(desk, side, found) for side in (left, right)]
    standing = AfterPush(found.snapshot, right.checked.catalogue)
    compared = difference(plans[0], plans[1], standing)
    charger = _charger(left, right)
    about = DiffAbout(
        version=__version__,
        sync=sync.name,
        generated_at=instant_text(desk.clock.now()),
        zoho=found.snapshot.zoho,
        xero=found.snapshot.xero,
        read_at=found.snapshot.read_at,
        snapshot=found.snapshot.digest,
        redacted=found.redacted,
        old=_about(left, plans[0]),
        new=_about(right, plans[1]),
    )
    view = diff_view(compared, plans[0], plans[1], [charger.charge(record) for record in compared.records], about)
    return Compared(view, _keep(desk, view), compared.differs, compared.counts["newly_blocked"] > 0)


def _keep(desk: Desk, view: DiffView) -> Path:
    """Writes reports/diff.html, .json and .md, for this user only. Raises DiskError."""
    folder = desk.paths.reports
    make_folder(folder)
    document = simplejson.dumps(view.document, use_decimal=True, ensure_ascii=False, indent=2) + "\n"
    for suffix, text in (("html", diff_html(view)), ("json", document), ("md", diff_markdown(view))):
        atomic_write(folder / f"diff.{suffix}", text.encode(), 0o600)
    return folder / "diff.html"


def _about(side: Rules, plan: Plan) -> RuleSide:
    return RuleSide(side.name, side.commit, side.dirty, plan.digest, plan.rules_digest)


# --- rules of either side


def _committed(desk: Desk, sync: Sync, name: str, found: Basis) -> Rules:
    tree = tree_of(desk.workspace.root, name)
    contents = tree.read([ZX_TOML])
    if ZX_TOML not in contents:
        raise UsageError(f"{name} has no zx.toml here, so there are no rules to compare", "name a later revision")
    text = contents[ZX_TOML].decode("utf-8-sig", errors="replace")
    try:
        then = parsed(desk.workspace.root, text).syncs.get(sync.name)
    except ConfigError as error:
        raise _named(error, name) from None
    if then is None:
        raise UsageError(f"{name} has no sync {sync.name!r} in its zx.toml", "name a later revision")
    pair = (then.zoho.name, then.xero.name)
    if pair != (sync.zoho.name, sync.xero.name):
        raise UsageError(
            f"at {name} sync {sync.name} connects {pair[0]} and {pair[1]}, now {sync.zoho.name} and {sync.xero.name}: "
            "there is no data that both rule sets read",
            "compare revisions that connect the same organisations",
        )
    files = committed_files(tree.blobs, tree.read, then)
    told = tree.read([DECISIONS])
    decisions = RuleFiles({DECISIONS: told[DECISIONS].decode("utf-8-sig", errors="replace")} if told else {})
    texts = Texts(text, files, decisions)
    checked = check_texts(desk, texts, then, found.metadata.catalogue(), {})
    return _usable(Rules(name, tree.commit, False, then, checked))


def _named(error: ConfigError, name: str) -> ConfigError:
    told = tuple(replace(one, message=f"at {name}: {one.message}") for one in error.diagnostics)
    return ConfigError(told, error.text)


def _work_tree(desk: Desk, sync: Sync, found: Basis) -> Rules:
    checked = check(desk, sync, found.metadata)
    known = revision(desk.workspace.root, checked.sources)
    return _usable(Rules("the files as they are", known.commit or "", known.dirty, sync, checked))


def _usable(side: Rules) -> Rules:
    try:
        side.checked.usable()
    except Broken as error:
        raise Broken(
            f"{error} ({side.name})".replace("read or sent", "compared"), error.diagnostics, error.sources
        ) from None
    return side


def _plan(desk: Desk, side: Rules, found: Basis) -> Plan:
    program, answers = side.checked.usable(), side.checked.answers
    decided = NO_ANSWERS if answers is None else answers.decisions
    ground = Ground(side.sync, program, side.checked.catalogue, found.snapshot, decided)
    return make_plan(inputs_from(desk, ground, found.state, found.digest))


# --- blame


def _charger(old: Rules, new: Rules) -> Charger:
    typed = (old.checked.typed, new.checked.typed)
    assert typed[0] is not None and typed[1] is not None  # the rules are usable
    lines = line_map(old.checked.sources, new.checked.sources)
    settings = [
        Setting(name, _setting_line(old, name), _setting_line(new, name))
        for name in settings_of(typed[0].settings, typed[1].settings)
    ]
    return Charger(lineage(typed[0]), lineage(typed[1]), lines, settings)


def _setting_line(side: Rules, name: str) -> Line | None:
    """Where a setting gets its value: in zx.toml, else where the rules declare its default."""
    given = side.sync.settings.get(name)
    if given is not None:
        return ZX_TOML, given.span.line
    declared = re.compile(rf"^\s*setting\s+{re.escape(name)}\b")
    for file, text in side.checked.sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            if file.endswith(".zx") and declared.match(line):
                return file, number
    return None
