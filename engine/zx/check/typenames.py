"""Types as written in the rules to types of expressions."""

from __future__ import annotations

from zx.catalog.fieldtypes import Address, Bool, Date, DateTime, Enum, Money, Number, OneOf, Ref, SetOf, Text
from zx.catalog.schema import Catalogue
from zx.check.reporter import Reporter
from zx.diagnostics.suggest import nearest
from zx.stdlib.types import ExprType, Reported
from zx.syntax import ast
from zx.values.dataclass import dataclass

_SIMPLE: dict[str, ExprType] = {
    "text": Text(),
    "number": Number(),
    "money": Money(),
    "date": Date(),
    "datetime": DateTime(),
    "bool": Bool(),
    "address": Address(),
}


# How other languages call these types.
_FOREIGN = {
    **dict.fromkeys(("string", "str", "char", "varchar"), "text"),
    **dict.fromkeys(("int", "integer", "decimal", "float", "double", "numeric"), "number"),
    **dict.fromkeys(("amount", "currency", "price"), "money"),
    **dict.fromkeys(("boolean", "yesno", "flag"), "bool"),
    **dict.fromkeys(("timestamp", "time"), "datetime"),
}


@dataclass(frozen=True, slots=True)
class NamedType:
    type: ExprType
    optional: bool


def written_type(name: ast.TypeName, catalogue: Catalogue, reporter: Reporter) -> NamedType:
    """The type that ``name`` means; an unknown one is reported."""
    return NamedType(_type(name, catalogue, reporter), name.optional)


def _type(name: ast.TypeName, catalogue: Catalogue, reporter: Reporter) -> ExprType:
    if name.kind == "text":
        return Text(name.length)
    if name.kind == "one of":
        return OneOf(name.values)
    if name.kind == "name":
        known = _SIMPLE.get(name.name)
        if known is None:
            near = _FOREIGN.get(name.name.lower()) or nearest(name.name, list(_SIMPLE))
            reporter.error(
                "E0201", f"there is no type `{name.name}`", name.span, f"types: {', '.join(_SIMPLE)}", fix=near
            )
            return Reported()
        return known
    remote = name.remote
    assert remote is not None
    if name.kind == "set":
        if catalogue.shape(remote.system, remote.name) or catalogue.enumeration(remote.system, remote.name):
            return SetOf(remote.system, remote.name)
    elif catalogue.shape(remote.system, remote.name) is not None:
        return Ref(remote.system, remote.name)
    elif catalogue.enumeration(remote.system, remote.name) is not None:
        return Enum(remote.system, remote.name)
    candidates = [
        key.partition(".")[2]
        for key in (*catalogue.shapes, *catalogue.enumerations)
        if key.startswith(f"{remote.system}.") and key.count(".") == 1
    ]
    near = nearest(remote.name, candidates)
    reporter.error(
        "E0201",
        f"{remote.system.capitalize()} has no `{remote.name}`",
        remote.span,
        f"did you mean `{remote.system}.{near}`?" if near else "neither a kind of record nor a list of values",
        fix=f"{remote.system}.{near}" if near else None,
    )
    return Reported()
