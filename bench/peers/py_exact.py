"""The reference on documents whose numbers are Decimal already, as the rules get them: what conversion alone costs."""

from py_idiomatic import map_one

NUMBERS = "exact"
__all__ = ["NUMBERS", "map_one"]
