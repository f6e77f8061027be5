"""Settings as constants of the sync: the value of zx.toml or the default, typed, with the place it stands at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from zx.catalog.fieldtypes import Bool, Date, Enum, Money, Number, OneOf, Ref, Text
from zx.catalog.schema import Catalogue
from zx.check.reporter import Reporter
from zx.check.typenames import NamedType, written_type
from zx.diagnostics.diagnostic import Span
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import ExprType, Reported, describe
from zx.syntax import ast
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class SettingValue:
    """A value as zx.toml has it; dates are ISO text. ``key`` is where its name stands, when that is known."""

    value: str | Decimal | bool
    span: Span
    key: Span | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """``value`` in its run-time form, None when the setting has none; ``place`` is where the value stands."""

    name: str
    type: ExprType
    value: object
    place: Span
    node: ast.Setting


Settings = Mapping[str, Setting]


def type_settings(
    nodes: Mapping[str, ast.Setting],
    values: Mapping[str, SettingValue],
    catalogue: Catalogue,
    reporter: Reporter,
    sync: str,
    place: Span,
    lost: Collection[str] = (),
) -> dict[str, Setting]:
    """All settings of the rules with their values in this sync; E0601, E0602 and E0603 are reported.

    ``lost``: words of lines that could not be read; a setting of such a name may be declared there.
    """
    for name, unknown in values.items():
        if name not in nodes and name not in lost:
            near = nearest(name, list(nodes))
            reporter.error(
                "E0603",
                f"no rule declares a setting `{name}`",
                unknown.key or unknown.span,
                f"did you mean `{near}`?" if near else f"sync {sync}",
                fix=near,
            )
    typed: dict[str, Setting] = {}
    for name, node in nodes.items():
        declared = written_type(node.type, catalogue, reporter)
        given = values.get(name)
        if given is not None:
            if node.default is not None:
                _default(node, declared, reporter, catalogue)
            value = _given(node, declared, given, reporter, sync)
            typed[name] = Setting(name, value[0], value[1], given.span, node)
        elif node.default is not None:
            default = _default(node, declared, reporter, catalogue)
            typed[name] = Setting(name, default[0], default[1], node.default.span, node)
        elif declared.optional:
            typed[name] = Setting(name, declared.type, None, node.name.span, node)
        else:
            reporter.error(
                "E0602",
                f"sync {sync} has no value for the setting `{name}`",
                place,
                f"{describe(declared.type)}, without a default ({node.name.span.place})",
                help=f"add to [sync.{sync}.settings]: {name} = …",
            )
            typed[name] = Setting(name, Reported(), None, place, node)
    return typed


def _given(
    node: ast.Setting, declared: NamedType, given: SettingValue, reporter: Reporter, sync: str
) -> tuple[ExprType, object]:
    if declared.optional and isinstance(given.value, str) and not given.value.strip():
        return declared.type, None  # blank text is missing, in zx.toml as everywhere
    problem = _mismatch(declared.type, given.value)
    if problem is None:
        return declared.type, given.value
    if isinstance(declared.type, Text) and isinstance(given.value, str):
        most = declared.type.length
        message = f'the {node.name.text} "{given.value}" has {len(given.value)} characters, {most} are allowed'
        limit = f"text({most})"
        label = f"sync {sync}; the limit is set in {node.name.span.place}, {limit}"
    else:
        shown = f'"{given.value}"' if isinstance(given.value, str) else str(given.value).lower()
        message = f"the setting `{node.name.text}` cannot be {shown}"
        label = f"sync {sync}; {problem} ({node.name.span.place})"
    fix = None
    if isinstance(declared.type, OneOf) and isinstance(given.value, str):
        near = nearest(given.value, list(declared.type.values))
        fix = f'"{near}"' if near else None
    reporter.error("E0601", message, given.span, label, fix=fix)
    return Reported(), None


def _mismatch(type: ExprType, value: object) -> str | None:
    """What is wrong with ``value`` for ``type``, None when nothing is."""
    if isinstance(type, Reported):
        return None
    fits = {
        Text: isinstance(value, str),
        Number: isinstance(value, Decimal),
        Money: isinstance(value, Decimal),
        Bool: isinstance(value, bool),
        Date: isinstance(value, str) and _is_date(value),
        OneOf: isinstance(value, str),
        Enum: isinstance(value, str),
        Ref: isinstance(value, str),
    }.get(type.__class__, False)
    if not fits:
        hint = " (true or false in zx.toml)" if isinstance(type, Bool) else ""
        return f"it needs {describe(type)}{hint}"
    if isinstance(type, Text) and type.length is not None and len(str(value)) > type.length:
        return f"{type.length} characters are allowed"
    if isinstance(type, OneOf) and value not in type.values:
        return f"values: {', '.join(type.values)}"
    return None


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _default(
    node: ast.Setting, declared: NamedType, reporter: Reporter, catalogue: Catalogue
) -> tuple[ExprType, object]:
    assert node.default is not None
    found, value = constant_value(node.default)
    if not found or (value is None and not declared.optional):
        meant = _meant(node.default, declared.type)
        reporter.error(
            "E0301",
            f"the default of `{node.name.text}` must be a plain value",
            node.default.span,
            f"did you mean `{meant}`?" if meant else f"{describe(declared.type)} is declared",
            fix=meant,
        )
        return Reported(), None
    problem = None if value is None else _mismatch(declared.type, value)
    if isinstance(declared.type, Text) and isinstance(value, str) and problem is not None:
        reporter.error(
            "E0601",
            f'the {node.name.text} "{value}" has {len(value)} characters, {declared.type.length} are allowed',
            node.default.span,
            f"the default; text({declared.type.length}) is declared",
        )
        return Reported(), None
    if problem is not None:
        code = "E0204" if isinstance(declared.type, OneOf | Enum) and isinstance(value, str) else "E0301"
        reporter.error(code, f"the default of `{node.name.text}` does not fit its type", node.default.span, problem)
        return Reported(), None
    return declared.type, value


def _meant(expr: ast.Expr, type: ExprType) -> str | None:
    """A value as other languages write it, or without its quotes."""
    if not isinstance(expr, ast.Path) or expr.rest:
        return None
    if isinstance(type, Bool):
        return {"true": "yes", "false": "no"}.get(expr.head.lower())
    if isinstance(type, Text | OneOf):
        return f'"{expr.head}"'
    return None


def constant_value(expr: ast.Expr) -> tuple[bool, object]:
    """Whether ``expr`` is a plain value, and which; ``missing`` is (True, None)."""
    if isinstance(expr, ast.TextLiteral):
        return expr.constant is not None, expr.constant
    if isinstance(expr, ast.Constant) and expr.kind != "clear":
        if expr.kind == "percent":
            assert isinstance(expr.value, Decimal)
            return True, expr.value / 100
        return True, expr.value
    if isinstance(expr, ast.Unary) and expr.operator == "-":
        found, value = constant_value(expr.operand)
        if found and isinstance(value, Decimal):
            return True, -value
    return False, None
