"""``zx test``: the tests of the rules, run against the rules alone. No network, no record of an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import simplejson

from zx.adapters.xero import codec as xero_codec
from zx.adapters.zoho import codec as zoho_codec
from zx.catalog.live import with_metadata
from zx.catalog.load import packaged
from zx.diagnostics.diagnostic import Diagnostic
from zx.files.disk import atomic_write, make_folder
from zx.model.record import Kind
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.operations.kept import last_metadata
from zx.values.dataclass import dataclass
from zx.values.jsontext import loads
from zx.verify.coverage import Coverage, measure
from zx.verify.missing import MissingTests
from zx.verify.mutation import Mutation, mutate
from zx.verify.run import Result
from zx.verify.suite import Suite, load_suite
from zx.workspace.patterns import TESTS
from zx.workspace.rules import MAX_RULE_BYTES, all_rule_files, named_files, with_csv
from zx.workspace.workspace import Sync

_BASE_CURRENCY = "AUD"
"""What a Zoho record in a file is kept in when it does not say (the demo's currency)."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Results in the order of files and lines. ``suites`` hold what was run, one for each sync with tests; ``broken``:
    some file does not check."""

    suites: tuple[Suite, ...]
    results: tuple[Result, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)

    @property
    def broken(self) -> bool:
        return any(diagnostic.is_error for diagnostic in self.diagnostics)


def test(desk: Desk, paths: Sequence[Path] = (), *, containing: str = "") -> Tested:
    """Runs the tests of ``paths`` (none named: of all rule files) whose title holds ``containing``.

    Raises UsageError for a path that is not there or lies outside the workspace.
    """
    root = desk.workspace.root
    wanted = _wanted(root, paths)
    syncs = desk.syncs(None)
    texts: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    suites: list[Suite] = []
    taken: set[str] = set()
    for sync in syncs:
        read = with_csv(root, named_files(root, _files(root, sync, wanted)))
        texts |= read.sources
        diagnostics += read.diagnostics
        tests = [
            name
            for name in read.sources
            if name.endswith(".zx") and name not in taken and _is_wanted(root / name, wanted)
        ]
        taken |= set(tests)
        if tests:
            suites.append(_suite(desk, sync, read.sources, tests, containing))
    results = [item.run() for suite in suites for item in suite.items]
    unsaid = [result.unsaid for result in results if result.unsaid is not None]
    every = [*diagnostics, *(found for suite in suites for found in suite.diagnostics), *unsaid]
    unique = sorted(dict.fromkeys(every), key=lambda found: (found.span, found.code))
    return Tested(tuple(suites), tuple(results), tuple(unique), texts)


def accept(desk: Desk, tested: Tested) -> tuple[str, ...]:
    """Writes the files of ``expect from`` anew where what is sent is another now; gives their names. Raises
    UsageError for a place outside the workspace, DiskError."""
    written = []
    fixtures = WorkspaceFixtures(desk.workspace.root)
    for suite in tested.suites:
        for item in suite.items:
            wanted = item.prepared.expected.document
            document = None if wanted is None else item.runner.document(item.prepared, item.ready)
            if wanted is None or document is None or document == wanted.content:
                continue
            place = fixtures.place(item.case.file, wanted.path)
            make_folder(place.parent)
            atomic_write(place, (_pretty(document) + "\n").encode(), 0o644)
            written.append(place.relative_to(desk.workspace.root.resolve()).as_posix())
    return tuple(dict.fromkeys(written))


def _pretty(document: Mapping[str, Any]) -> str:
    return str(simplejson.dumps(document, use_decimal=True, ensure_ascii=False, indent=2))


def coverage(tested: Tested) -> Coverage:
    """Which lines and rows of the rules the tests came by."""
    modules = {file: module for suite in tested.suites for file, module in suite.modules.items()}
    return measure(modules, [result.seen for result in tested.results])


def mutation(desk: Desk, tested: Tested, budget_s: float) -> Mutation:
    """Every mutant of the rules against the tests, the missing tests written, for ``budget_s`` seconds at most."""
    began = desk.clock.monotonic()
    whole = Mutation()
    done = 0

    def expired() -> bool:
        return desk.clock.monotonic() - began > budget_s

    for suite in tested.suites:
        results = tested.results[done : done + len(suite.items)]
        done += len(suite.items)
        missing = MissingTests(suite.sources, WorkspaceFixtures(desk.workspace.root), expired)
        part = mutate(suite, results, expired, missing, desk.progress)
        whole.killed += part.killed
        whole.refused += part.refused
        whole.left += part.left
        whole.survivors += part.survivors
    return whole


def write_file(path: Path, content: bytes) -> None:
    """Writes what a person asked to have in a file of their own naming. Raises DiskError."""
    atomic_write(path, content, 0o644)


def _suite(desk: Desk, sync: Sync, sources: Mapping[str, str], tests: Sequence[str], containing: str) -> Suite:
    metadata = last_metadata(desk, sync)
    catalogue = with_metadata(packaged(), zoho=metadata.zoho, xero=metadata.xero, read_at={})
    zones = dict.fromkeys(tests, sync.timezone)
    fixtures = WorkspaceFixtures(desk.workspace.root)
    return load_suite(sources, tests, replace(catalogue, lists={}), zones, fixtures, containing=containing)


def _files(root: Path, sync: Sync, wanted: Sequence[Path]) -> list[Path]:
    """The rule files of ``sync``, the tests beside them, and what a person named."""
    known = all_rule_files(root, sync.rules)
    folders = dict.fromkeys(path.parent for path in known)
    beside = [path for folder in folders for path in folder.glob(f"*{TESTS}") if path.is_file()]
    named = [path for path in wanted if path.is_file()]
    return list(dict.fromkeys([*known, *beside, *named]))


def _wanted(root: Path, paths: Sequence[Path]) -> list[Path]:
    made = []
    for path in paths:
        whole = path.resolve()
        if not whole.is_relative_to(root.resolve()):
            raise UsageError(f"{path} lies outside this workspace", f"the workspace is {root}")
        if not whole.exists():
            raise UsageError(f"there is no {path}", "name test files or folders, or nothing for all of them")
        made.append(whole)
    return made


def _is_wanted(path: Path, wanted: Sequence[Path]) -> bool:
    return not wanted or any(path.resolve() == one or path.resolve().is_relative_to(one) for one in wanted)


class WorkspaceFixtures:
    """Records in JSON files of the workspace, as the API returns them; found beside the test or from the root."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def record(self, test: str, path: str, kind: Kind) -> Mapping[str, Any] | str:
        found = self._find(test, path)
        if isinstance(found, str):
            return found
        raw = self._json(found)
        if isinstance(raw, str):
            return f"{path} {raw}"
        one = _single(raw, kind)
        if one is None:
            return f"{path} does not hold one {kind}"
        try:
            if kind.system == "zoho":
                return zoho_codec.record(kind, {"id": "of this test", **one}, _BASE_CURRENCY).values
            return xero_codec.values(one, xero_codec.shape_of(kind))
        except (KeyError, ValueError, TypeError):
            return f"{path} is not a {kind} as the service returns it"

    def document(self, test: str, path: str) -> Any | None:
        found = self._find(test, path)
        raw = None if isinstance(found, str) else self._json(found)
        return None if isinstance(raw, str) else raw

    def place(self, test: str, path: str) -> Path:
        """Where the file ``path`` of a test is, or belongs. Raises UsageError outside the workspace."""
        found = self._find(test, path)
        if isinstance(found, Path):
            return found
        whole = (self._root.resolve() / test).parent / path
        if not whole.resolve().is_relative_to(self._root.resolve()):
            raise UsageError(f"{path} lies outside the workspace, so it is not written")
        return whole.resolve()

    def _find(self, test: str, path: str) -> Path | str:
        root = self._root.resolve()
        for start in ((root / test).parent, root):
            whole = (start / path).resolve()
            if not whole.is_relative_to(root):
                return f"{path} lies outside the workspace, so it is not read"
            if whole.is_file():
                return whole
        return f"there is no file {path}, neither beside the test nor from the top of the workspace"

    def _json(self, path: Path) -> Any:
        """The JSON in ``path``; a text says why there is none."""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_RULE_BYTES + 1)
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        if len(content) > MAX_RULE_BYTES:
            return "is larger than 1 MiB"
        try:
            return loads(content)
        except ValueError as error:
            return f"is not JSON: {error}"


def _single(raw: Any, kind: Kind) -> Mapping[str, Any] | None:
    """The one record in an answer: bare, in a list, or under the name the service gives it."""
    if isinstance(raw, dict):
        inner = next(
            (raw[name] for name in ("data", kind.name, f"{kind.name}s") if isinstance(raw.get(name), list)), None
        )
        if inner is None:
            return raw
        raw = inner
    return raw[0] if isinstance(raw, list) and len(raw) == 1 and isinstance(raw[0], dict) else None
