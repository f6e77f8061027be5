"""What a rule sets: the field of the target, its type, the name it goes by in the result."""

from __future__ import annotations

from zx.catalog.fieldtypes import Address, Keyed, Many, Money, Nested, Ref, Text, Type
from zx.catalog.schema import Field, Shape
from zx.check.scope import World
from zx.diagnostics.suggest import nearest
from zx.syntax import ast
from zx.values.dataclass import dataclass

STATED = frozenset({("zoho", "Total_After_Discount"), ("xero", "LineAmount")})
"""Read-only fields that a rule may state: the engine works the others out from them (starter rules 1, 2.1)."""


@dataclass(frozen=True, slots=True)
class Target:
    """``parts`` (addresses only) maps the parts of an address to the names that hold them."""

    name: str
    type: Type
    field: Field
    shape: Shape
    parts: tuple[tuple[str, str, Type], ...] = ()


def find_target(world: World, path: ast.Path, shape: Shape, *, keys: bool = False) -> Target | None:
    """The field of ``shape`` that ``path`` names; None when it was reported. ``keys``: read-only fields may stand here
    (``match on``)."""
    names = [path.head, *path.rest]
    field = shape.fields.get(path.head)
    if field is None:
        _unknown(world, path, shape, path.head)
        return None
    prefix = path.head
    here = shape
    if path.selector is not None or isinstance(field.type, Keyed):
        keyed = _keyed(world, path, field, here)
        if keyed is None or isinstance(keyed, Target):
            return keyed
        field, here, prefix = keyed
        names = names[1:]
    while isinstance(field.type, Nested) and len(names) > 1:
        inner = world.catalogue.shape(here.system, field.type.shape)
        if inner is None or names[1] not in inner.fields:
            _unknown(world, path, inner or here, names[1])
            return None
        here, field, names = inner, inner.fields[names[1]], names[1:]
        prefix = f"{prefix}.{field.name}"
    if len(names) > 1:
        _unfit(world, path, f"`{prefix}` has no parts that can be set")
        return None
    if isinstance(field.type, Nested):
        _unfit(world, path, f"`{prefix}` is set part by part: `{prefix}.…`")
        return None
    if isinstance(field.type, Many):
        _unfit(world, path, f"the rows of `{prefix}` are made by `lines of … -> {prefix}`")
        return None
    if field.read_only and not keys and (here.system, field.name) not in STATED:
        system = here.system.capitalize()
        world.reporter.error(
            "E0203", f"`{prefix}` is calculated by {system} and cannot be set", path.span, f"read-only in {system}"
        )
        return None
    if isinstance(field.type, Address):
        parts = tuple((part, flat, _type(here, flat)) for part, flat in field.group.items())
        return Target(prefix, field.type, field, here, parts)
    return Target(prefix, field.type, field, here)


def _keyed(world: World, path: ast.Path, field: Field, shape: Shape) -> Target | tuple[Field, Shape, str] | None:
    """``Addresses[POBOX]`` as an address, or the row's field with its prefix."""
    if not isinstance(field.type, Keyed):
        _unfit(world, path, f"`{path.head}` has no rows with keys")
        return None
    selector = path.selector
    if selector is None or selector not in field.type.keys:
        near = nearest(selector or "", list(field.type.keys))
        keys = ", ".join(f"{path.head}[{key}]" for key in field.type.keys)
        world.reporter.error(
            "E0202",
            f"`{path.head}` has no `{selector}`" if selector else f"which of `{path.head}` is meant?",
            path.span,
            f"there are {keys}",
            fix=".".join((f"{path.head}[{near}]", *path.rest)) if near else None,
        )
        return None
    row = world.catalogue.shape(shape.system, field.type.shape)
    prefix = f"{path.head}[{selector}]"
    if row is None:
        return None
    if not path.rest:
        if not field.group:
            _unfit(world, path, f"`{prefix}` is set part by part: `{prefix}.…`")
            return None
        parts = tuple((part, f"{prefix}.{member}", _type(row, member)) for part, member in field.group.items())
        return Target(prefix, Address(), field, row, parts)
    inner = row.fields.get(path.rest[0])
    if inner is None:
        _unknown(world, path, row, path.rest[0])
        return None
    return inner, row, f"{prefix}.{inner.name}"


def _type(shape: Shape, name: str) -> Type:
    field = shape.fields.get(name)
    return field.type if field else Text()


def _unknown(world: World, path: ast.Path, shape: Shape, name: str) -> None:
    near = nearest(name, [field.name for field in shape.fields.values() if not field.read_only])
    when = world.read_at(shape.system)
    label = f"did you mean `{near}`?" if near else f"not in the {shape.system.capitalize()} catalogue"
    world.reporter.error(
        "E0202",
        f"{shape.full_name} has no field `{name}`; nothing would be sent",
        path.span,
        label + (f" (fetched {when})" if when and not near else ""),
        fix=path.text.replace(name, near) if near else None,
    )


def _unfit(world: World, path: ast.Path, message: str) -> None:
    world.reporter.error("E0202", message, path.span, "this cannot be set as it is")


_NO_WINNER = frozenset({"Account", "TaxRate", "Currency", "Contact"})


def has_no_winner(target: Target) -> bool:
    """Money has no automatic winner: amounts, quantities, taxes, accounts, currency, contact (starter rules 2.10)."""
    if isinstance(target.type, Ref):
        return target.type.name in _NO_WINNER or target.name in ("Account_Name", "Contact_Name")
    return isinstance(target.type, Money) or target.name in (
        "Quantity",
        "CurrencyCode",
        "Currency",
        "CurrencyRate",
        "Line_Tax",
        "$line_tax",
        "Exchange_Rate",
    )
