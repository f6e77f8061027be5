"""E0207: a name of a file that is not used here, said once for the one `use` that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zx.diagnostics.diagnostic import Diagnostic
from zx.resolve.files import way_to
from zx.resolve.ruleset import Unseen


def report_unseen(unseen: Iterable[Unseen], visible: Mapping[str, frozenset[str]]) -> list[Diagnostic]:
    """The diagnostics for ``unseen``: one for each missing `use`, at the first place that needs it.

    A file that lacks two files of which one uses the other lacks that one only; and where a file that is used lacks the
    same file, the line belongs there.
    """
    first: dict[tuple[str, str], Unseen] = {}
    for one in sorted(unseen, key=lambda one: one.span):
        first.setdefault((one.span.file, one.owner.file), one)
    missing: dict[str, set[str]] = {}
    for file, owner in first:
        missing.setdefault(file, set()).add(owner)
    found = []
    for (file, owner), one in first.items():
        by_another = any(owner in visible[other] for other in missing[file] - {owner} if owner != file)
        elsewhere = any(owner in missing.get(used, ()) for used in visible[file] - {file})
        if not by_another and not elsewhere:
            found.append(_diagnostic(one))
    return found


def _diagnostic(one: Unseen) -> Diagnostic:
    path = way_to(one.owner.file, one.span.file)
    return Diagnostic(
        "E0207",
        f"`{one.what}` is defined in {one.owner.file}, which is not used here",
        one.span,
        f"defined at {one.owner.place}",
        help=f'add `use "{path}"` at the top of this file',
    )
