"""Rules judged as a whole, before any code is made of them: all that `zx check` has to know."""

from __future__ import annotations

from collections.abc import Mapping

from zx.catalog.schema import Catalogue
from zx.check.checker import SyncRules, check
from zx.check.ir import ViaMap, walk
from zx.check.typed import TypedMap, TypedRules
from zx.compile.reads import Reach, reach, roots
from zx.diagnostics.diagnostic import Diagnostic, Label, Span
from zx.resolve.resolver import resolve
from zx.resolve.ruleset import RuleSet
from zx.syntax import ast
from zx.syntax.parser import parse
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """``typed`` is None when a diagnostic is an error; ``modules`` are the rule files as they were read, ``rules`` what
    they say together, ``maps`` those that a program has."""

    modules: Mapping[str, ast.Module]
    rules: RuleSet
    diagnostics: tuple[Diagnostic, ...]
    typed: TypedRules | None
    maps: tuple[str, ...]

    def fields(self) -> dict[str, frozenset[str]]:
        """What each declared map sets, its lists of rows included; nothing for one that is switched off."""
        known = dict.fromkeys(self.rules.maps, frozenset[str]())
        if self.typed is None:
            return known
        for name in self.maps:
            made = self.typed.maps[name]
            rows = (section.target for section in made.sections)
            known[name] = frozenset((*(field.target for field in made.body.fields), *rows))
        return known


def judge(sources: Mapping[str, str], catalogue: Catalogue, sync: SyncRules) -> Judged:
    """Parses, resolves and checks the rules of one sync. ``sources`` maps workspace-relative names to texts:
    those of the rule files, and of the CSV files their tables name.

    Never raises for anything the texts or settings hold.
    """
    diagnostics: list[Diagnostic] = []
    modules: dict[str, ast.Module] = {}
    for file, text in sources.items():
        if file.endswith(".csv"):
            continue
        module, found = parse(text, file)
        modules[file] = module
        diagnostics.extend(found)
    rules, found = resolve(modules)
    diagnostics.extend(found)
    typed, checked = check(rules, modules, catalogue, sync, sources)
    diagnostics.extend(checked)
    sound = not any(diagnostic.is_error for diagnostic in diagnostics)
    maps: tuple[str, ...] = ()
    if sound:
        order, circle = working_order(reached(typed, catalogue))
        if circle:
            diagnostics.append(_circle(circle, rules, typed))
            sound = False
        maps = tuple(order)
    return Judged(modules, rules, _sorted(diagnostics), typed if sound else None, maps)


def reached(rules: TypedRules, catalogue: Catalogue) -> dict[str, Reach]:
    """What each map of a program reaches, through tables too."""
    return _askable(rules.maps, {name: reach(typed, rules.tables, catalogue) for name, typed in rules.maps.items()})


def _askable(maps: Mapping[str, TypedMap], reached: Mapping[str, Reach]) -> dict[str, Reach]:
    """Without the maps of ``only when needed or …`` that settings keep from taking anything of their own accord, and
    that nobody asks in this sync: they are switched off with those who would ask."""
    left = dict(reached)
    while True:
        asked = {name for found in left.values() for name in found.maps}
        idle = [name for name in left if maps[name].choice and maps[name].alone is None and name not in asked]
        if not idle:
            return left
        for name in idle:
            del left[name]


def working_order(found: Mapping[str, Reach]) -> tuple[list[str], tuple[str, ...]]:
    """Asked maps before asking ones; among equals the order of the rules. A circle is given, not followed."""
    asks = {name: made.maps for name, made in found.items()}
    done: list[str] = []
    circle: list[str] = []

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle.extend(way[way.index(name) :] if not circle else ())
            return
        if name in done or name not in asks:
            return
        for asked in asks[name]:
            visit(asked, (*way, name))
        done.append(name)

    for name in asks:
        visit(name, ())
    return done, tuple(circle)


def _sorted(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda found: (found.span, found.code)))


def _circle(names: tuple[str, ...], rules: RuleSet, typed: TypedRules) -> Diagnostic:
    way = (*names, names[0])
    asked = [_asked(typed.maps[one], other) for one, other in zip(names, way[1:], strict=True)]
    places = [place for place in asked if place is not None]
    return Diagnostic(
        "E0216",
        f"these maps ask each other in a circle: {' → '.join(way)}",
        places[0] if places else rules.maps[names[0]].node.name.span,
        "each would have to be judged before the other",
        others=tuple(Label(place, "and asked back here") for place in places[1:]),
        help="one of them must do without `via`",
    )


def _asked(made: TypedMap, other: str) -> Span | None:
    """Where ``made`` asks the map ``other`` by `via`, in its own lines; None where a table asks for it."""
    lets = [(let.node, made.body) for let in made.body.lets]
    for root, _ in (*roots(made), *lets):
        for node in walk(root):
            if isinstance(node, ViaMap) and node.map == other:
                return node.span
    return None
