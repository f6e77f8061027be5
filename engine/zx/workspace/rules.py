"""The rule files of a sync, read from the workspace and nowhere else (reliability S10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from zx.diagnostics.diagnostic import Diagnostic, Span
from zx.model.decision import DECISIONS
from zx.syntax.csvtext import named_csv
from zx.values.dataclass import dataclass
from zx.workspace.patterns import is_program, matching, name_in
from zx.workspace.tomltable import RULE_FILE
from zx.workspace.workspace import Sync

MAX_RULE_BYTES = 1 << 20
MAX_CSV_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Texts by workspace-relative name (``rules/invoices.zx``), sorted by name; what could not be read is reported,
    and ``unread`` says how many files that are."""

    sources: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: int = 0


def rule_files(root: Path, sync: Sync) -> RuleFiles:
    """The program files of ``sync``: those its patterns name, without tests, and the CSV files their tables name."""
    paths: dict[str, Path] = {}
    diagnostics = []
    for pattern in sync.rules:
        try:
            found = matching(root, pattern)
        except (ValueError, IndexError, NotImplementedError) as error:
            diagnostics.append(
                Diagnostic(
                    RULE_FILE,
                    f"{pattern!r} is no pattern of files ({error})",
                    sync.rules_place,
                    help='write it like "rules/*.zx", or "rules/**/*.zx" for subfolders too',
                )
            )
            continue
        if not found:
            diagnostics.append(
                Diagnostic(RULE_FILE, f"no file matches {pattern!r}", sync.rules_place, help="is the folder right?")
            )
        paths |= {name: path for name, path in found.items() if is_program(name) and name != DECISIONS}
    return with_csv(root, _read(root, paths, diagnostics))


def with_csv(root: Path, files: RuleFiles) -> RuleFiles:
    """``files`` with the CSV files that their tables name. One that is not there is for the checker to report."""
    sources = dict(files.sources)
    found: dict[str, Diagnostic] = {}
    for file, text in files.sources.items():
        for name in named_csv(text, file):
            if not (root / name).is_file():
                continue
            read = sources.get(name) or found.get(name) or _text(root, name, root / name, MAX_CSV_BYTES)
            if isinstance(read, Diagnostic):
                found[name] = read
            else:
                sources[name] = read
    return replace(files, sources=sources, diagnostics=(*files.diagnostics, *found.values()))


def committed_files(
    names: Iterable[str], read: Callable[[Iterable[str]], Mapping[str, bytes]], sync: Sync
) -> RuleFiles:
    """The program files of ``sync`` among ``names``, the files of a commit, of which ``read`` gives the contents."""
    known = sorted(names)
    diagnostics, chosen = [], set()
    for pattern in sync.rules:
        steps = [step for step in pattern.split("/") if step not in ("", ".")]
        found = [name for name in known if _fits(name.split("/"), steps)]
        if not found:
            diagnostics.append(
                Diagnostic(RULE_FILE, f"no file matches {pattern!r}", sync.rules_place, help="is the folder right?")
            )
        chosen |= {name for name in found if is_program(name)}
    rules = _texts(read(sorted(chosen)), MAX_RULE_BYTES, diagnostics)
    named = {name for file, text in rules.items() for name in named_csv(text, file)} & set(known)
    tables = _texts(read(sorted(named - set(rules))), MAX_CSV_BYTES, diagnostics)
    return RuleFiles(rules | tables, tuple(diagnostics), len(chosen) - len(rules))


def _texts(contents: Mapping[str, bytes], most: int, diagnostics: list[Diagnostic]) -> dict[str, str]:
    texts = {}
    for name, content in contents.items():
        text = _decoded(name, content, most)
        if isinstance(text, Diagnostic):
            diagnostics.append(text)
        else:
            texts[name] = text
    return texts


def _fits(steps: list[str], pattern: list[str]) -> bool:
    """Whether a name fits, with the meaning ``Path.glob`` gives a pattern; both split at their slashes."""
    if not pattern:
        return not steps
    if pattern[0] == "**":
        return any(_fits(steps[start:], pattern[1:]) for start in range(len(steps)))
    return bool(steps) and fnmatchcase(steps[0], pattern[0]) and _fits(steps[1:], pattern[1:])


def named_files(root: Path, paths: Iterable[Path]) -> RuleFiles:
    """The texts of files a person named, tests included; ``paths`` are absolute."""
    return _read(root, {name_in(root, path): path for path in paths}, [])


def decisions_file(root: Path) -> RuleFiles:
    """The text of ``decisions.zx`` at the top of the workspace; nothing where there is none."""
    path = root / DECISIONS
    return _read(root, {DECISIONS: path} if path.is_file() else {}, [])


def all_rule_files(root: Path, patterns: Iterable[str]) -> list[Path]:
    """Every rule file that the patterns name, tests included, sorted by name."""
    found = {name_in(root, path): path for pattern in patterns for path in root.glob(pattern) if path.suffix == ".zx"}
    return [found[name] for name in sorted(found) if name != DECISIONS]


def _read(root: Path, paths: Mapping[str, Path], diagnostics: list[Diagnostic]) -> RuleFiles:
    sources = {}
    for name in sorted(paths):
        text = _text(root, name, paths[name])
        if isinstance(text, Diagnostic):
            diagnostics.append(text)
        else:
            sources[name] = text
    return RuleFiles(sources, tuple(diagnostics), len(paths) - len(sources))


def _text(root: Path, name: str, path: Path, most: int = MAX_RULE_BYTES) -> str | Diagnostic:
    if not path.resolve().is_relative_to(root.resolve()):
        return _mistake(name, f"{name} lies outside the workspace, so it is not read")
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        return _mistake(name, f"{name} cannot be read: {error.strerror}")
    return _decoded(name, content, most)


def _decoded(name: str, content: bytes, most: int) -> str | Diagnostic:
    if len(content) > most:
        return _mistake(name, f"{name} is larger than {most >> 20} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _mistake(name, f"{name} is not UTF-8 text", content.count(b"\n", 0, error.start) + 1)


def _mistake(name: str, message: str, line: int = 1) -> Diagnostic:
    return Diagnostic(RULE_FILE, message, Span(name, line, 1, line, 1))
