"""The rules of a sync, from files to a program; ``zx check``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from zx.catalog.schema import Catalogue
from zx.check.census import Census
from zx.check.checker import SyncRules
from zx.check.settings import SettingValue
from zx.check.typed import TypedRules
from zx.compile.judged import judge
from zx.diagnostics.diagnostic import Diagnostic
from zx.operations.census import last_census
from zx.operations.decisions import Read, read_decisions
from zx.operations.desk import Desk
from zx.operations.errors import Broken
from zx.operations.metadata import Metadata
from zx.operations.prefixes import Prefixed, clashing_prefixes, odd_prefixes
from zx.values.dataclass import dataclass
from zx.workspace.rules import RuleFiles, decisions_file, rule_files
from zx.workspace.workspace import ZX_TOML, Sync

if TYPE_CHECKING:
    from zx.compile.bound import Parts
    from zx.compile.program import Program


@dataclass(frozen=True, slots=True)
class Texts:
    """What a sync is told in: the text of zx.toml, its rule files, and decisions.zx."""

    zx_toml: str
    rules: RuleFiles
    decisions: RuleFiles


@dataclass(frozen=True, slots=True)
class Checked:
    """The rules of one sync judged; ``sources`` hold every text a diagnostic may point into.

    ``sound``: no mistake in rules, files or prefixes stands in the way of a program. ``program`` is None without, and
    where none was wanted, and so is ``parts``, what its functions are made of. ``typed`` is what it was made from,
    ``answers`` is decisions.zx.
    """

    sync: Sync
    program: Program | None
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    typed: TypedRules | None = None
    parts: Parts | None = None
    answers: Read | None = None
    sound: bool = False

    @property
    def errors(self) -> int:
        return sum(found.is_error for found in self.diagnostics)

    @property
    def warnings(self) -> int:
        return len(self.diagnostics) - self.errors

    def usable(self) -> Program:
        """The program. Raises Broken when there is none."""
        if self.program is None or self.errors:
            raise Broken(
                f"the rules of sync {self.sync.name} have {_mistakes(self.errors)}; nothing was read or sent",
                tuple(found for found in self.diagnostics if found.is_error),
                self.sources,
            )
        return self.program


def check(
    desk: Desk,
    sync: Sync,
    metadata: Metadata,
    *,
    counting: bool = False,
    compiling: bool = True,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Checked:
    """Reads and judges the rules of ``sync`` against the packaged catalogue and what was last read. No network.

    ``counting``: findings say how many of the records last read they are about. ``compiling``: a program is wanted.
    ``instead`` holds texts to judge in place of files on disk.
    """
    root, catalogue = desk.workspace.root, metadata.catalogue()
    files = rule_files(root, sync)
    files = replace(files, sources={name: instead.get(name, text) for name, text in files.sources.items()})
    census = last_census(desk, sync, catalogue) if counting else {}
    texts = Texts(desk.workspace.text, files, decisions_file(root))
    return check_texts(desk, texts, sync, catalogue, census, compiling=compiling)


def check_texts(
    desk: Desk, texts: Texts, sync: Sync, catalogue: Catalogue, census: Census, *, compiling: bool = True
) -> Checked:
    """Judges the rules of ``sync`` as ``texts`` tell them, wherever they come from, and makes a program of them where
    one is wanted."""
    files = texts.rules
    settings = {name: SettingValue(setting.value, setting.span, setting.key) for name, setting in sync.settings.items()}
    told = SyncRules(sync.name, settings, sync.timezone, sync.place, census)
    judged = judge(files.sources, catalogue, told)
    odd = odd_prefixes(sync)
    unread = any(found.is_error for found in files.diagnostics)
    if unread:
        # Part of the rules is not there: only what each text says of itself can be judged.
        shapes = tuple(found for found in judged.diagnostics if found.code[1:3] == "01")
        diagnostics = (*files.diagnostics, *shapes, *odd)
    else:
        diagnostics = (*files.diagnostics, *judged.diagnostics, *odd)
    sound = judged.typed is not None and not unread and not odd
    program, parts = None, None
    if sound and compiling:
        from zx.compile.build import compiled  # noqa: PLC0415 - a check makes no code

        built = compiled(judged, files.sources, catalogue, told)
        program, parts = built.program, built.parts
    answers = read_decisions(desk, sync, judged.fields() if sound else None, texts.decisions)
    diagnostics = (*diagnostics, *answers.diagnostics)
    sources = {ZX_TOML: texts.zx_toml, **files.sources, **answers.sources}
    return Checked(sync, program, catalogue, diagnostics, sources, judged.typed, parts, answers, sound)


def distinct(checked: Iterable[Checked]) -> tuple[Diagnostic, ...]:
    """The diagnostics of several syncs, each once, in the order of their places: shared files repeat themselves."""
    results = list(checked)
    built = [Prefixed(one.sync, one.typed) for one in results if one.typed is not None]
    every = [*(diagnostic for one in results for diagnostic in one.diagnostics), *clashing_prefixes(built)]
    found = dict.fromkeys(every)
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


def _mistakes(number: int) -> str:
    return "a mistake" if number == 1 else f"{number} mistakes"
