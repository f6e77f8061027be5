"""``zx check --fix``: fixes that messages propose, put in, laid out and checked again; nothing ends up worse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zx.compile.build import SettingValue, SyncRules, build
from zx.diagnostics.diagnostic import Diagnostic
from zx.files.disk import atomic_write
from zx.operations.desk import Desk
from zx.operations.kept import last_metadata
from zx.syntax.formatter import format_text
from zx.syntax.layout import ITEM_WORDS
from zx.values.dataclass import dataclass
from zx.workspace.rules import rule_files
from zx.workspace.workspace import Sync

_MOST = 50
"""Fixes in one run; who needs more runs it again."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One mistake that is gone: where it was, and the line as it was and as it is."""

    diagnostic: Diagnostic
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is wrong with the rules as they would be."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def weight(self) -> tuple[int, int]:
        errors = sum(found.is_error for found in self.diagnostics)
        return errors, len(self.diagnostics) - errors

    def has(self, diagnostic: Diagnostic) -> bool:
        return any((one.code, one.message) == (diagnostic.code, diagnostic.message) for one in self.diagnostics)


def fix(desk: Desk, syncs: Sequence[Sync], code: str | None = None) -> tuple[Fixed, ...]:
    """Applies every fix (with ``code``: of this code only) to the rule files of ``syncs`` and writes what changed.

    A fix is kept only when its message is gone afterwards and there are no more mistakes than before. Raises DiskError.
    """
    bench = _Bench(desk, syncs)
    done: list[Fixed] = []
    refused: set[tuple[str, str]] = set()
    judged = bench.judge({})
    changed: dict[str, str] = {}
    while len(done) < _MOST:
        todo = [one for one in judged.diagnostics if _wanted(one, code) and (one.code, one.message) not in refused]
        if not todo:
            break
        for diagnostic in todo[:1]:
            mended = bench.mend(diagnostic, judged, changed)
            if mended is None:
                refused.add((diagnostic.code, diagnostic.message))
                continue
            fixed, text, judged = mended
            changed[diagnostic.span.file] = text
            done.append(fixed)
    for name, text in changed.items():
        laid_out, _ = format_text(text, name)
        path = desk.workspace.root / name
        atomic_write(path, (laid_out or text).encode(), path.stat().st_mode & 0o777)
    return tuple(done)


def _wanted(diagnostic: Diagnostic, code: str | None) -> bool:
    return bool(diagnostic.fix) and diagnostic.span.file.endswith(".zx") and code in (None, diagnostic.code)


class _Bench:
    """The rules of several syncs, judged with some files changed in memory."""

    def __init__(self, desk: Desk, syncs: Sequence[Sync]) -> None:
        self._syncs = [(sync, last_metadata(desk, sync).catalogue()) for sync in syncs]
        self._sources = {sync.name: dict(rule_files(desk.workspace.root, sync).sources) for sync in syncs}

    def text(self, file: str, changed: Mapping[str, str]) -> str:
        return changed.get(file) or next(texts[file] for texts in self._sources.values() if file in texts)

    def judge(self, changed: Mapping[str, str]) -> _Judged:
        found: dict[Diagnostic, None] = {}
        for sync, catalogue in self._syncs:
            own = self._sources[sync.name]
            sources = {**own, **{name: text for name, text in changed.items() if name in own}}
            settings = {name: SettingValue(one.value, one.span, one.key) for name, one in sync.settings.items()}
            made = build(sources, catalogue, SyncRules(sync.name, settings, sync.timezone, sync.place))
            found |= dict.fromkeys(made.diagnostics)
        return _Judged(tuple(found))

    def mend(
        self, diagnostic: Diagnostic, before: _Judged, changed: Mapping[str, str]
    ) -> tuple[Fixed, str, _Judged] | None:
        """The first way of putting the fix in that makes nothing worse."""
        file = diagnostic.span.file
        text = self.text(file, changed)
        for mended in ways(text, diagnostic):
            judged = self.judge({**changed, file: mended})
            if not judged.has(diagnostic) and judged.weight <= before.weight:
                line = diagnostic.span.line - 1
                lines = mended.split("\n")
                added = len(lines) > len(text.split("\n"))
                old = "" if added else text.split("\n")[line].strip()
                return Fixed(diagnostic, old, lines[line + added].strip()), mended, judged
        return None


def ways(text: str, diagnostic: Diagnostic) -> Iterator[str]:
    """``text`` with the fix in place of what is marked, in place of the line, and as a line below: what reads like a
    whole line first as one."""
    span, fix = diagnostic.span, diagnostic.fix or ""
    lines = text.replace("\r\n", "\n").split("\n")
    if span.line > len(lines):
        return
    line = lines[span.line - 1]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    marked = line[: span.column - 1] + fix + line[span.end_column - 1 :] if span.line == span.end_line else None
    whole = [[*lines[: span.line - 1], indent + fix, *lines[span.line :]]]
    below = [[*lines[: span.line], f"  {fix}", *lines[span.line :]]]
    inside = [] if marked is None else [[*lines[: span.line - 1], marked, *lines[span.line :]]]
    is_line = fix.startswith((*ITEM_WORDS, "|")) or " = " in fix
    for one in (*whole, *below, *inside) if is_line else (*inside, *whole):
        yield "\n".join(one)
