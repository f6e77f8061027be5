"""Whether two rows of a table can both fit one record: only then does their order matter."""

from __future__ import annotations

from zx.syntax import ast


def may_share(first: ast.Row, second: ast.Row) -> bool:
    """Whether some values fit all conditions of both rows, as far as the cells alone tell."""
    return all(_meet(one, other) for one, other in zip(first.cells[:-1], second.cells[:-1], strict=False))


def _meet(one: ast.Cell, other: ast.Cell) -> bool:
    if isinstance(one, ast.AnyCell) or isinstance(other, ast.AnyCell):
        return True
    if isinstance(one, ast.FormulaCell) or isinstance(other, ast.FormulaCell):
        return True
    if isinstance(one, ast.MissingCell) and isinstance(other, ast.MissingCell):
        return one.present == other.present
    if isinstance(one, ast.ValuesCell) and isinstance(other, ast.ValuesCell):
        return bool(_texts(one) & _texts(other))
    if isinstance(one, ast.MissingCell) or isinstance(other, ast.MissingCell):
        cell, missing = (other, one) if isinstance(one, ast.MissingCell) else (one, other)
        assert isinstance(missing, ast.MissingCell)
        if isinstance(cell, ast.ValuesCell) and not missing.present:
            return "missing" in _texts(cell)
        return missing.present
    return True


def _texts(cell: ast.ValuesCell) -> set[str]:
    return {" + ".join(sorted(member.text for member in value.members)) or value.text for value in cell.values}
