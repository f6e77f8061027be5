"""Modules to one rule set: unique names, extensions, overrides and drops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from zx.diagnostics.diagnostic import Diagnostic, Label, Severity, Span
from zx.diagnostics.suggest import nearest
from zx.resolve.files import visible_files
from zx.resolve.ruleset import Entry, LineRules, MapRules, RuleSet, SummaryRules, Unseen
from zx.syntax import ast


def resolve(modules: Mapping[str, ast.Module]) -> tuple[RuleSet, list[Diagnostic]]:
    """One set of all files; every mistake in names is reported, and what is wrong is left out."""
    visible, diagnostics = visible_files(modules)
    resolver = _Resolver(modules, visible, diagnostics)
    return resolver.run(), diagnostics


class _Resolver:
    """Collects sections by kind, then puts the extensions in."""

    def __init__(
        self, modules: Mapping[str, ast.Module], visible: Mapping[str, frozenset[str]], diagnostics: list[Diagnostic]
    ) -> None:
        self._visible = visible
        self._diagnostics = diagnostics
        self._settings: dict[str, ast.Setting] = {}
        self._tables: dict[str, ast.Table] = {}
        self._maps: dict[str, ast.Map] = {}
        self._line_names: dict[str, ast.LineSection] = {}
        self._lines: list[ast.LinesOf] = []
        self._extensions: list[ast.Extend] = []
        self._places: dict[str, Span] = {}
        self._summaries: dict[str, ast.Summary] = {}
        self._unseen: list[Unseen] = []
        self._lost = {word for module in modules.values() for word in module.lost_words}
        self._lost_lines = {file: module.lost_lines for file, module in modules.items()}
        for file in sorted(modules):
            for section in modules[file].sections:
                self._collect(section)

    def run(self) -> RuleSet:
        items = {name: list(node.items) for name, node in (self._maps | self._summaries).items()}
        lines, own_lines = self._line_sections()
        for extension in self._extensions:
            for extended in {name.text: name for name in extension.names}.values():
                self._extend(extension, extended, items, lines, own_lines)
        sections: dict[str, tuple[LineRules, ...]] = {}
        for name in items:
            named = sorted(own_lines.get(name, {}).items(), key=lambda pair: pair[0])
            own = [_line_rules(section, entries) for _, (section, entries) in named]
            sections[name] = (*(_line_rules(section, entries) for section, entries in lines.get(name, [])), *own)
        return RuleSet(
            self._settings,
            self._tables,
            {name: MapRules(node, _entries(items[name]), sections[name]) for name, node in self._maps.items()},
            self._visible,
            frozenset(self._lost),
            self._lost_lines,
            tuple(self._unseen),
            {name: SummaryRules(node, _entries(items[name]), sections[name]) for name, node in self._summaries.items()},
        )

    # --- collecting -----------------------------------------------------------------------------------------------

    def _collect(self, section: ast.SectionNode) -> None:
        if isinstance(section, ast.Setting):
            # Settings live under `settings.`, so they may share a name with a map.
            if self._unique(section.name, "settings."):
                self._settings[section.name.text] = section
        elif isinstance(section, ast.Table):
            if self._unique(section.name):
                self._tables[section.name.text] = section
        elif isinstance(section, ast.Map):
            if self._unique(section.name):
                self._check_repeats(section.items)
                self._maps[section.name.text] = section
        elif isinstance(section, ast.LineSection):
            if self._unique(section.name):
                self._check_repeats(section.items)
                self._line_names[section.name.text] = section
        elif isinstance(section, ast.LinesOf):
            self._check_repeats(section.items)
            self._lines.append(section)
        elif isinstance(section, ast.Summary):
            if self._unique(section.name):
                self._check_repeats(section.items)
                self._summaries[section.name.text] = section
        elif isinstance(section, ast.Extend):
            self._extensions.append(section)

    def _later(self, span: Span, what: str, help: str) -> None:
        self._report("E0519", f"this version of zx does not run {what} yet", span, "not supported yet", help=help)

    def _unique(self, name: ast.Name, prefix: str = "") -> bool:
        first = self._places.setdefault(prefix + name.text, name.span)
        if first == name.span:
            return True
        self._report(
            "E0208",
            f"there are two sections named `{name.text}`",
            name.span,
            f"also defined at {first.place}",
            others=(Label(first, "the first one"),),
            help="names are unique over all files of a sync; use `extend` to add to a map",
        )
        return False

    def _check_repeats(self, items: Iterable[ast.Item], *, overrides: bool = False) -> None:
        places: dict[str, Span] = {}
        for item in items:
            if isinstance(item, ast.Drop) or (isinstance(item, ast.Assign) and item.override != overrides):
                continue
            key = None if overrides and not isinstance(item, ast.Assign) else _key(item)
            if key is None:
                continue
            first = places.setdefault(key, item.span)
            if first is not item.span:
                self._twice(item, first)

    def _twice(self, item: ast.Item, first: Span) -> None:
        name, span = _label(item)
        self._report(
            "E0211",
            f"{name} is set twice",
            span,
            f"also set at {first.place}",
            others=(Label(first, "the other one"),),
            help="keep one; in an `extend`, write `override` to replace it"
            if isinstance(item, ast.Assign)
            else "keep one",
        )

    # --- lines ----------------------------------------------------------------------------------------------------

    def _line_sections(
        self,
    ) -> tuple[
        dict[str, list[tuple[ast.LinesOf, list[ast.Item]]]],
        dict[str, dict[str, tuple[ast.LineSection, list[ast.Item]]]],
    ]:
        lines: dict[str, list[tuple[ast.LinesOf, list[ast.Item]]]] = {}
        own: dict[str, dict[str, tuple[ast.LineSection, list[ast.Item]]]] = {}
        for section in self._lines:
            for name in section.maps:
                known = self._map_meant(name, shared=True)
                if known is not None and not self._is_walked(section, name, lines.get(known, [])):
                    lines.setdefault(known, []).append((section, list(section.items)))
                if section.per and known in self._maps:
                    help = "leave it out: only a `summary` groups lines"
                    self._later(section.per[0].span, "`per` on the lines of a map", help)
        for line in self._line_names.values():
            for name in line.maps:
                known = self._map_meant(name, shared=True)
                if known is not None:
                    own.setdefault(known, {})[line.name.text] = (line, list(line.items))
        return lines, own

    def _is_walked(
        self, section: ast.LinesOf, name: ast.Name, others: Sequence[tuple[ast.LinesOf, list[ast.Item]]]
    ) -> bool:
        """Whether another section makes lines of the same rows: each would be sent twice."""
        both = (section.source.text, section.target.text)
        first = next((other for other, _ in others if (other.source.text, other.target.text) == both), None)
        if first is None or section.per:
            return False
        self._report(
            "E0211",
            f"the lines of `{name.text}` are said twice",
            name.span,
            f"also said at {first.span.place}",
            others=(Label(first.span, "the other section"),),
            help=f"every line would be sent twice; to change lines, write `extend lines of {name.text}`",
        )
        return True

    def _map_meant(self, name: ast.Name, *, shared: bool = False, others: Iterable[str] = ()) -> str | None:
        """The map that ``name`` means: of this name, or of the nearest one when there is none (reported), so that what
        stands below is judged all the same. ``others``: further names that fit here.

        ``shared``: the header of a line section, which may also name a map of a file that uses this one.
        """
        node = self._maps.get(name.text) or self._summaries.get(name.text)
        if node is not None:
            owner = node.name.span
            if not (shared and name.span.file in self._visible.get(owner.file, frozenset())):
                self._see(name, owner)
            return name.text
        if name.text in self._lost:
            return None
        near = nearest(name.text, [*self._maps, *self._summaries, *others])
        self._report(
            "E0201",
            f"there is no map `{name.text}`",
            name.span,
            f"did you mean `{near}`?" if near else "no rule file of this sync has a map of this name",
            fix=near,
        )
        return near

    def _see(self, name: ast.Name, owner: Span) -> None:
        """Keeps a name of a file that is not used here; the rest is judged as if the `use` stood there."""
        if owner.file not in self._visible.get(name.span.file, frozenset()):
            self._unseen.append(Unseen(name.text, name.span, owner))

    # --- extensions -----------------------------------------------------------------------------------------------

    def _extend(
        self,
        extension: ast.Extend,
        name: ast.Name,
        items: dict[str, list[ast.Item]],
        lines: dict[str, list[tuple[ast.LinesOf, list[ast.Item]]]],
        own_lines: dict[str, dict[str, tuple[ast.LineSection, list[ast.Item]]]],
    ) -> None:
        targets: list[list[ast.Item]] = []
        line = self._line_names.get(name.text)
        if not extension.lines and line is not None:
            self._see(name, line.name.span)
            meant: str | None = name.text
        else:
            meant = self._map_meant(name, others=() if extension.lines else self._line_names)
        if meant is None:
            self._lose(extension.items)
        elif extension.lines:
            targets = [entries for _, entries in lines.get(meant, [])]
            if not targets:
                self._report("E0210", f"`{meant}` has no `lines of` section to extend", name.span, "nothing to extend")
        elif meant in self._line_names:
            targets = [sections[meant][1] for sections in own_lines.values() if meant in sections]
        else:
            targets = [items[meant]]
        self._check_repeats(extension.items, overrides=True)
        for target in targets:
            self._apply(extension, target)

    def _lose(self, items: Iterable[ast.Item]) -> None:
        """What these items would have said is missing now, and must not be missed."""
        for item in items:
            if isinstance(item, ast.Assign):
                self._lost.add(item.target.head)
            elif isinstance(item, ast.Let):
                self._lost.add(item.name)
            elif isinstance(item, ast.TotalMustBe):
                self._lost.add("total")
            elif isinstance(item, ast.Match):
                self._lost.add("match")

    def _apply(self, extension: ast.Extend, target: list[ast.Item]) -> None:
        for item in extension.items:
            if isinstance(item, ast.Drop):
                index = _position(target, item.target.text)
                if index is None:
                    self._nothing_there("drop", item.target, target)
                else:
                    del target[index]
            elif isinstance(item, ast.Assign) and item.override:
                index = _position(target, item.target.text)
                if index is None:
                    self._nothing_there("override", item.target, target)
                else:
                    target[index] = item
            else:
                key = _key(item)
                clash = next((other for other in target if key is not None and _key(other) == key), None)
                if clash is not None:
                    self._twice(item, clash.span)
                else:
                    target.append(item)

    def _nothing_there(self, verb: str, path: ast.Path, target: Sequence[ast.Item]) -> None:
        if path.head in self._lost:
            return
        near = nearest(path.text, [item.target.text for item in target if isinstance(item, ast.Assign)])
        advice = f"nothing sets it, so leave out `{verb}`" if verb == "override" else "nothing sets it"
        label = f"did you mean `{near}`?" if near else advice
        self._report("E0210", f"there is no `{path.text}` to {verb}", path.span, label, fix=near)

    def _report(
        self,
        code: str,
        message: str,
        span: Span,
        label: str,
        *,
        others: Sequence[Label] = (),
        help: str | None = None,
        fix: str | None = None,
    ) -> None:
        found = Diagnostic(code, message, span, label, Severity.ERROR, tuple(others), None, help, fix)
        for index, known in enumerate(self._diagnostics):
            if known.code == code and known.span == span:
                return
            if known.code == code == "E0201" and known.message == message:
                self._diagnostics[index] = replace(known, others=(*known.others, Label(span, "and here")))
                return
        self._diagnostics.append(found)


def _entries(items: Iterable[ast.Item]) -> tuple[Entry, ...]:
    return tuple(item for item in items if not isinstance(item, ast.Drop))


def _line_rules(section: ast.LinesOf | ast.LineSection, items: Iterable[ast.Item]) -> LineRules:
    if isinstance(section, ast.LinesOf):
        return LineRules("lines", section.span, section.source, section.target, _entries(items), section.per)
    return LineRules(section.name.text, section.span, None, section.target, _entries(items))


def _key(item: ast.Item) -> str | None:
    """What may stand only once in a section; None for items that may repeat."""
    if isinstance(item, ast.Assign):
        return f"field {item.target.text}"
    if isinstance(item, ast.Let):
        return f"let {item.name}"
    if isinstance(item, ast.TotalMustBe):
        return "total"
    return None


def _label(item: ast.Item) -> tuple[str, Span]:
    if isinstance(item, ast.Assign):
        return f"`{item.target.text}`", item.target.span
    if isinstance(item, ast.Let):
        return f"`{item.name}`", item.name_span
    return "`total must be`", item.span


def _position(items: Sequence[ast.Item], target: str) -> int | None:
    return next(
        (index for index, item in enumerate(items) if isinstance(item, ast.Assign) and item.target.text == target), None
    )
