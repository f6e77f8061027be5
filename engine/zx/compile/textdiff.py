"""Two states of the same files, line by line: which lines are other ones now, and what stood in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from difflib import SequenceMatcher

from zx.compile.lineage import Line
from zx.values.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class LineMap:
    """``added`` are lines of the new texts without an equal one in the old, ``removed`` the reverse. ``before`` gives,
    for a line that took another's place, that other; ``after`` is its inverse. Blanks between words do not count, nor
    does a line that moved to another file."""

    added: frozenset[Line]
    removed: frozenset[Line]
    before: Mapping[Line, Line]
    after: Mapping[Line, Line]
    old: Mapping[str, tuple[str, ...]] = field(repr=False)
    new: Mapping[str, tuple[str, ...]] = field(repr=False)

    def old_text(self, line: Line) -> str:
        return _text(self.old, line)

    def new_text(self, line: Line) -> str:
        return _text(self.new, line)


def _text(files: Mapping[str, tuple[str, ...]], line: Line) -> str:
    lines = files.get(line[0], ())
    return lines[line[1] - 1].strip() if 0 < line[1] <= len(lines) else ""


def line_map(old: Mapping[str, str], new: Mapping[str, str]) -> LineMap:
    """How the texts ``old`` became ``new``, both by file name."""
    before_lines = {name: tuple(text.splitlines()) for name, text in old.items()}
    after_lines = {name: tuple(text.splitlines()) for name, text in new.items()}
    added: set[Line] = set()
    removed: set[Line] = set()
    before: dict[Line, Line] = {}
    for name in sorted({*old, *new}):
        left, right = before_lines.get(name, ()), after_lines.get(name, ())
        matcher = SequenceMatcher(None, [_flat(line) for line in left], [_flat(line) for line in right], autojunk=False)
        for tag, start, end, to_start, to_end in matcher.get_opcodes():
            if tag == "equal":
                continue
            gone = [(name, number + 1) for number in range(start, end)]
            come = [(name, number + 1) for number in range(to_start, to_end)]
            removed.update(gone)
            added.update(come)
            before.update(_pairs(come, gone, after_lines, before_lines))
    _moved(added, removed, before, before_lines, after_lines)
    after = {was: now for now, was in before.items()}
    return LineMap(frozenset(added), frozenset(removed), before, after, before_lines, after_lines)


def _flat(line: str) -> str:
    return " ".join(line.split())


def _pairs(
    come: list[Line], gone: list[Line], new: Mapping[str, tuple[str, ...]], old: Mapping[str, tuple[str, ...]]
) -> dict[Line, Line]:
    """Which of the new lines took which old one's place: the most alike, in their order."""
    if len(come) == len(gone):
        return dict(zip(come, gone, strict=True))
    found: dict[Line, Line] = {}
    start = 0
    for line in come:
        rest = gone[start:]
        if not rest:
            break
        alike = [SequenceMatcher(None, _text(new, line), _text(old, other)).ratio() for other in rest]
        best = max(range(len(rest)), key=alike.__getitem__)
        if alike[best] > 0.5:
            found[line] = rest[best]
            start += best + 1
    return found


def _moved(
    added: set[Line],
    removed: set[Line],
    before: dict[Line, Line],
    old: Mapping[str, tuple[str, ...]],
    new: Mapping[str, tuple[str, ...]],
) -> None:
    """A line that stands in another file now, word for word, is no change. Within a file the order may matter."""
    gone: dict[str, list[Line]] = {}
    for line in sorted(removed):
        gone.setdefault(_flat(_text(old, line)), []).append(line)
    for line in sorted(added):
        same = gone.get(_flat(_text(new, line)), [])
        was = next((other for other in same if other[0] != line[0]), None)
        if was is not None:
            same.remove(was)
            added.discard(line)
            removed.discard(was)
            before.pop(line, None)
            before[line] = was
