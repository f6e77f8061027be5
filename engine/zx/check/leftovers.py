"""W0510: amounts of a document that no rule passes on, so that every document with one would be blocked."""

from __future__ import annotations

from collections.abc import Container, Iterator

from zx.check.scope import World
from zx.check.usage import nodes
from zx.resolve.ruleset import MapRules, RuleSet
from zx.syntax import ast

_AMOUNTS = ("Discount", "Adjustment")
"""What Zoho takes off or adds below the lines of a document (reference/zoho 2.9)."""
_NOUNS = {"Discount": "a discount", "Adjustment": "an adjustment"}


def report_leftovers(world: World, rules: RuleSet, live: Container[str]) -> None:
    for name, one in rules.maps.items():
        source, total = one.node.source, _total(one)
        shape = world.catalogue.shape(source.system, source.name)
        if name not in live or source.system != "zoho" or shape is None or total is None or not one.sections:
            continue
        known = [field for field in _AMOUNTS if field in shape.fields]
        read = set(_read(one))
        left = [field for field in known if field not in read]
        if left:
            lists = one.sections[0].target.text
            world.reporter.warning(
                "W0510",
                f"nothing says what becomes of {' and '.join(f'`{field}`' for field in left)}",
                total.span,
                f"every {shape.noun} with {' or '.join(_NOUNS[field] for field in left)} will be blocked",
                help="\n".join(_cure(field, name, lists) for field in left),
            )


def _total(rules: MapRules) -> ast.TotalMustBe | None:
    return next((item for item in rules.items if isinstance(item, ast.TotalMustBe)), None)


def _read(rules: MapRules) -> Iterator[str]:
    """Every field of the document that an item of the map or of its lines names, also where a setting rules it out."""
    for item in (*rules.items, *(item for section in rules.sections for item in section.items)):
        for node in nodes(item):
            if isinstance(node, ast.Path):
                yield node.head
                if node.head == "parent":
                    yield from node.rest


def _cure(field: str, name: str, lists: str) -> str:
    if field == "Discount":
        return "take it off the lines: `spread Discount`"
    return f"add a section: `line {field.lower()} of {name} -> {lists}`"
