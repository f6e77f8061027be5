"""Whole maps: what they need to set, match and state, beside what each of their items says."""

from __future__ import annotations

from collections.abc import Sequence

from zx.catalog.fieldtypes import Many, Money, Number, Ref
from zx.catalog.schema import Shape
from zx.check.bodies import Bodies, Judged
from zx.check.expressions import Expressions, kind_of, says_needed
from zx.check.fitting import fit
from zx.check.ir import Member, Node, walk
from zx.check.scope import Facts, Scope
from zx.check.targets import find_target
from zx.check.typed import TypedKey, TypedMap, TypedMatch, TypedNever, TypedSection, TypedSpread, TypedTotal
from zx.diagnostics.suggest import nearest
from zx.resolve.ruleset import Entry, LineRules, MapRules
from zx.stdlib.types import Nothing, Reported, Rows, describe
from zx.syntax import ast

_SENDS_MONEY = frozenset({("xero", "Invoice"), ("xero", "Quote"), ("xero", "CreditNote"), ("zoho", "Invoices")})


class Maps:
    def __init__(self, checker: Expressions) -> None:
        self._checker = checker
        self._world = checker.world
        self._bodies = Bodies(checker)

    def scope_of(self, rules: MapRules) -> Scope | None:
        """The scope of a map's items; None when its kinds do not exist (reported)."""
        node = rules.node
        source, target = self._shape(node.source), self._shape(node.target)
        if source is None or target is None:
            return None
        scope = Scope(kind_of(node.source), source, kind_of(node.target))
        self._bodies.enter(rules.items, scope)
        return scope

    def is_dead(self, rules: MapRules) -> bool:
        """Whether settings alone keep every record out of the map."""
        with self._world.reporter.silence():
            scope = self.scope_of(rules)
            return scope is not None and self._bodies.is_dead(rules.items, scope)

    def check(self, rules: MapRules) -> TypedMap | None:
        """The checked map; None when its kinds do not exist."""
        scope = self.scope_of(rules)
        target = self._shape(rules.node.target)
        if scope is None or target is None or scope.shape is None:
            return None
        name = rules.node.name.text
        judged = self._bodies.judge(rules.items, scope, target, name)
        nevers = self._nevers(rules.items, scope, judged.facts)
        creates = not any(never.verb == "create" and never.condition is None for never in nevers)
        matches = self._matches(rules.items, scope, judged, target)
        total = self._total(rules.items, scope, judged.facts)
        spreads = self._spreads(rules.items, scope, judged.facts)
        sections = [made for line in rules.sections if (made := self._section(line, scope, target)) is not None]
        guards = [item for item in rules.items if isinstance(item, ast.Guard)]
        self._whole(rules, judged, target, creates, bool(matches), total is not None)
        self._twice_taken(rules, spreads, sections)
        return TypedMap(
            name,
            rules.node.span,
            kind_of(rules.node.source),
            kind_of(rules.node.target),
            judged.body,
            tuple(matches),
            tuple(nevers),
            total,
            tuple(spreads),
            tuple(sections),
            judged.needed,
            judged.alone,
            any(says_needed(item) and not isinstance(item.condition, ast.Path) for item in guards),
        )

    def _shape(self, name: ast.QName) -> Shape | None:
        shape = self._world.catalogue.shape(name.system, name.name)
        if shape is not None and shape.id_field is not None:
            return shape
        kinds = [s.name for s in self._world.catalogue.shapes.values() if s.system == name.system and s.id_field]
        near = nearest(name.name, kinds)
        if name.system not in ("zoho", "xero"):
            meant = nearest(name.system, ("zoho", "xero"))
            self._world.reporter.error(
                "E0201",
                f"there is no system `{name.system}`",
                name.span,
                "records are those of `zoho` or of `xero`",
                fix=f"{meant}.{name.name}" if meant else None,
            )
            return None
        self._world.reporter.error(
            "E0201",
            f"{name.system.capitalize()} has no kind of record `{name.name}`",
            name.span,
            f"did you mean `{name.system}.{near}`?" if near else f"kinds: {', '.join(sorted(kinds))}",
            fix=f"{name.system}.{near}" if near else None,
        )
        return None

    # --- items ----------------------------------------------------------------------------------------------------

    def _nevers(self, items: Sequence[Entry], scope: Scope, facts: Facts) -> list[TypedNever]:
        made: list[TypedNever] = []
        for item in items:
            if not isinstance(item, ast.Policy):
                continue
            condition, possible = self._bodies.optional_condition(item.condition, scope, facts)
            reason = self._bodies.reason(item.because, scope, facts)
            if possible:
                made.append(TypedNever(item.verb, item.span, condition, reason))
        return made

    def _matches(self, items: Sequence[Entry], scope: Scope, judged: Judged, shape: Shape) -> list[TypedMatch]:
        made: list[TypedMatch] = []
        for item in items:
            if not isinstance(item, ast.Match):
                continue
            keys: list[TypedKey] = []
            for key in item.keys:
                target = find_target(self._world, key.target, shape, keys=True)
                if target is None:
                    continue
                if key.value is not None:
                    keys.append(TypedKey(target.name, self._bodies.key(key, scope, judged.facts, target).node))
                elif target.name in judged.set_by:
                    keys.append(TypedKey(target.name, None))
                elif not self._world.is_lost(key.target.head):
                    near = nearest(target.name, list(judged.set_by))
                    self._world.reporter.error(
                        "E0504",
                        f"`match on {target.name}` has no value: this map does not set `{target.name}`",
                        key.span,
                        f"did you mean `{near}`?" if near else "nothing to compare with",
                        help=f"match on {target.name} = …",
                    )
            if len(keys) == len(item.keys):
                made.append(TypedMatch(item.span, tuple(keys)))
        return made

    def _total(self, items: Sequence[Entry], scope: Scope, facts: Facts) -> TypedTotal | None:
        item = next((item for item in items if isinstance(item, ast.TotalMustBe)), None)
        if item is None:
            return None
        amount = self._amount(item.amount, scope, facts, "the total")
        method = limit = account = None
        if item.method is not None:
            method = self._method(item.method, scope, facts)
        if item.limit is not None:
            limit = self._amount(item.limit, scope, facts, "the limit")
        if item.account is not None:
            value = self._checker.value(item.account, scope, facts)
            account = fit(self._world, value, Ref("xero", "Account"), "the account for rounding")
        return TypedTotal(item.span, amount, method, limit, account)

    def _amount(self, expr: ast.Expr, scope: Scope, facts: Facts, what: str) -> Node:
        value = self._checker.value(expr, scope, facts)
        if not isinstance(value.type, Money | Number | Nothing | Reported):
            self._world.reporter.error(
                "E0301",
                f"{what} needs an amount, this gives {describe(value.type)}",
                value.span,
                f"{self._world.text(value.span)} is {describe(value.type)}",
            )
        return value.node

    def _method(self, expr: ast.Expr, scope: Scope, facts: Facts) -> Node:
        value = self._checker.value(expr, scope, facts)
        if isinstance(value.type, Reported) or (value.is_constant and value.constant in ("rounding", "override")):
            return value.node
        shown = f'"{value.constant}"' if isinstance(value.constant, str) else describe(value.type)
        self._world.reporter.error(
            "E0518",
            f'the way to close a gap must be "rounding" or "override", this is {shown}',
            value.span,
            describe(value.type),
            fix="settings.total_tax" if "total_tax" in self._world.settings else '"rounding"',
        )
        return value.node

    def _spreads(self, items: Sequence[Entry], scope: Scope, facts: Facts) -> list[TypedSpread]:
        made: list[TypedSpread] = []
        for item in items:
            if not isinstance(item, ast.SpreadItem):
                continue
            condition, possible = self._bodies.optional_condition(item.condition, scope, facts)
            amount = self._amount(item.amount, scope, facts, "`spread`")
            if possible:
                made.append(TypedSpread(item.span, amount, condition))
        return made

    # --- lines ----------------------------------------------------------------------------------------------------

    def _section(self, line: LineRules, outer: Scope, target: Shape) -> TypedSection | None:
        row = self._target_rows(line, target)
        scope, source = self._line_scope(line, outer)
        if row is None or scope is None:
            return None
        self._bodies.enter(line.items, scope)
        with self._world.reporter.silence():
            trial, _ = self._line_scope(line, outer)
            dead = False
            if trial is not None:
                self._bodies.enter(line.items, trial)
                dead = self._bodies.is_dead(line.items, trial)
        if dead:
            with self._checker.dead():
                judged = self._bodies.judge(line.items, scope, row, line.name)
            self._line_fields(line, judged)
            return None
        judged = self._bodies.judge(line.items, scope, row, line.name)
        self._line_fields(line, judged)
        required = [field.name for field in row.fields.values() if field.required and not field.read_only]
        for name in required:
            if name not in judged.set_by and not self._world.is_lost(name):
                self._world.reporter.error(
                    "E0501",
                    f"the lines do not set `{name}`, which {row.system.capitalize()} requires",
                    line.span,
                    f"required and not set: {name}",
                )
        return TypedSection(line.name, line.span, source, line.target.text, judged.body)

    def _target_rows(self, line: LineRules, target: Shape) -> Shape | None:
        field = target.fields.get(line.target.head)
        if field is not None and isinstance(field.type, Many) and not line.target.rest:
            return self._world.catalogue.shape(target.system, field.type.shape)
        lists = [f.name for f in target.fields.values() if isinstance(f.type, Many) and not f.read_only]
        near = nearest(line.target.text, lists)
        self._world.reporter.error(
            "E0202",
            f"{target.full_name} has no rows `{line.target.text}`; nothing would be sent",
            line.target.span,
            f"did you mean `{near}`?" if near else f"lists: {', '.join(lists)}",
            fix=near,
        )
        return None

    def _line_scope(self, line: LineRules, outer: Scope) -> tuple[Scope | None, str | None]:
        if line.source is None:
            return Scope(outer.kind, outer.shape, outer.target), None
        document = Scope(outer.kind, outer.shape, outer.target)
        value = self._checker.value(line.source, document, frozenset())
        if isinstance(value.type, Rows):
            shape = self._world.catalogue.shape(value.type.system, value.type.shape)
            if shape is not None:
                return Scope(None, shape, outer.target, parent=outer.shape), line.source.head
        if not isinstance(value.type, Reported):
            self._world.reporter.error(
                "E0301",
                f"`lines of` walks a list of rows, `{line.source.text}` is {describe(value.type)}",
                line.source.span,
                "not a list of rows",
            )
        return None, None

    def _line_fields(self, line: LineRules, judged: Judged) -> None:
        stated, price = judged.set_by.get("LineAmount"), judged.set_by.get("UnitAmount")
        if stated is not None and price is not None:
            self._world.reporter.error(
                "E0511",
                "`LineAmount` and `UnitAmount` are both set",
                price,
                f"also set at {stated.place}",
                help="keep `LineAmount`; zx works out the price",
            )

    # --- the whole ------------------------------------------------------------------------------------------------

    def _whole(self, rules: MapRules, judged: Judged, target: Shape, creates: bool, matched: bool, total: bool) -> None:
        node = rules.node
        name = node.name.text
        report = self._world.reporter
        system = target.system.capitalize()
        lists = {line.target.head for line in rules.sections}
        required = [field for field in target.fields.values() if field.required and not field.read_only]
        absent = [field.name for field in required if field.name not in judged.set_by and field.name not in lists]
        absent = [name for name in absent if not self._world.is_lost(name)]
        if creates and absent:
            report.error(
                "E0501",
                f"`{name}` does not set {_names(absent)}, which {system} requires",
                node.name.span,
                f"required and not set: {', '.join(absent)}",
                help=f"add {', '.join(f'`{field} = …`' for field in absent)}",
            )
        for field in required:
            loose = judged.loose.get(field.name)
            if creates and loose is not None:
                part = self._world.text(loose.span)
                report.error(
                    "E0303",
                    f"{system} requires `{field.name}`, but this can be missing",
                    loose.span,
                    loose.why,
                    fix=loose.fix,
                    help=f"{'or ' if loose.fix else ''}say what stands for it: `{part} otherwise …`",
                )
        stated = any(isinstance(item, ast.Match) for item in rules.items) or self._world.is_lost("match")
        if creates and not matched and not stated:
            report.error(
                "E0504",
                f"`{name}` has nothing to match on: a {target.noun} that is there already would be made again",
                node.name.span,
                "no `match on`",
                help=f"match on {target.number_field or target.key_field or '…'}",
            )
        sends = (target.system, target.name) in _SENDS_MONEY and (creates or bool(rules.sections))
        if sends and not total and not self._world.is_lost("total"):
            near = "Grand_Total" if node.source.system == "zoho" else "Total"
            near = f"sum({near})" if name in self._world.rules.summaries else near
            report.error(
                "E0508",
                f"`{name}` sends money and does not say what its total must be",
                node.name.span,
                f"a map to {node.target.system}.{node.target.name}",
                fix=f"total must be {near}",
            )

    def _twice_taken(self, rules: MapRules, spreads: Sequence[TypedSpread], sections: Sequence[TypedSection]) -> None:
        """E0509: what is spread over the lines must not be a line as well."""
        for spread in spreads:
            spent = _reads(spread.amount)
            for section in sections:
                amounts = [field for field in section.body.fields if field.target in ("LineAmount", "UnitAmount")]
                shared = [path for field in amounts for path in sorted(_reads(field.node) & spent)]
                if section.source is None and shared:
                    self._world.reporter.error(
                        "E0509",
                        f"`spread` and line `{section.name}` can both take `{shared[0]}`",
                        spread.span,
                        f"also taken by the line at {section.span.place}",
                        help="guards must exclude each other",
                    )


def _names(fields: Sequence[str]) -> str:
    return ", ".join(f"`{field}`" for field in fields)


def _reads(node: Node) -> set[str]:
    return {part.path for part in walk(node) if isinstance(part, Member)}
