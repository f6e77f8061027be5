"""The text of state files: canonical to write, strict and fast to read. Pure: text in, values out.

A shard holds one link a line, sorted by source id::

    "57…01" = { x = "220d…", g = 3, r = "1f0c9a2e", b = "9f31c2ab…" }

``x`` is the target id, ``g`` the generation, ``r`` names a list of owned fields kept under ``[owned]`` in the head
file, ``b`` is the digests of those fields, 16 hexadecimal digits each, one after another. Any order of lines is read
(git merges shards with ``merge=union``); a key that occurs twice is refused, as TOML does.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, NoReturn

from zx.model.link import Link
from zx.values.dataclass import dataclass

FORMAT = 1
"""The version of the layout this code writes. A higher one is refused, never guessed at."""

SHARD_LIMIT = 8 * 1024 * 1024
HEAD_LIMIT = 1024 * 1024
_LINE_LIMIT = 64 * 1024
_DOTS = 16
_NESTING = 16
_DIGEST = 16

_SHARD_HEADER = "# Links of zx, one a line. Written by zx; merged by union. See docs/state-format.md.\n"
_HEAD_HEADER = "# State of zx for one pair of organisations. Written by zx. See docs/state-format.md.\n"

_LINK_LINES = re.compile(
    r'^"([^"\\\x00-\x1f\x7f]+)" = \{ x = "([^"\\\x00-\x1f\x7f]+)", g = ([1-9][0-9]{0,8})'
    r'(?:, r = "([0-9a-f]{8})", b = "([0-9a-f]+)")? \}$',
    re.MULTILINE,
)
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_HEXADECIMAL = re.compile("[0-9a-f]*")
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |$)")
_LONG = ('"""', "'''")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_TOML_LINE = re.compile(r"\(at line (\d+)")


class Unreadable(Exception):
    """A text that is no state file. ``line`` counts from 1; ``message`` says what is wrong, ``advice`` what to do."""

    def __init__(self, line: int, message: str, advice: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message
        self.advice = advice


class TooNew(Unreadable):
    """Written by a later zx."""


@dataclass(frozen=True, slots=True)
class Head:
    """``zx.toml`` of one pair. ``owned`` maps a list's name (8 hexadecimal digits) to field names, sorted."""

    pair: str
    lineage: str
    serial: int
    owned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class PackedBase(Mapping[str, str]):
    """Field → digest, kept as two texts: a million links fit in memory and load in seconds."""

    __slots__ = ("digests", "fields")

    def __init__(self, fields: tuple[str, ...], digests: str) -> None:
        self.fields = fields
        self.digests = digests

    def __getitem__(self, name: str) -> str:
        try:
            at = self.fields.index(name) * _DIGEST
        except ValueError:
            raise KeyError(name) from None
        return self.digests[at : at + _DIGEST]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __repr__(self) -> str:
        return repr(dict(self))


class PackedLinks(Mapping[str, Link]):
    """The links of a shard as the texts of their lines, made into links when they are asked for: a million are read
    in the time that making a million objects would take alone."""

    __slots__ = ("_lines", "_owned")

    def __init__(
        self, lines: Mapping[str, tuple[str, str, str, str, str]], owned: Mapping[str, tuple[str, ...]]
    ) -> None:
        """``lines``: source id → source id, target id, generation, name of the list of fields ("": none), digests."""
        self._lines = lines
        self._owned = owned

    def __getitem__(self, source_id: str) -> Link:
        _, target, generation, name, digests = self._lines[source_id]
        return Link(target, int(generation), PackedBase(self._owned[name], digests) if name else {})

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def pair_id(zoho: str, xero: str) -> str:
    """The name of a pair of organisations in state: a hash, so that no tenant id stands in git."""
    return hashlib.sha256(f"zx pair\0{zoho}\0{xero}".encode()).hexdigest()[:32]


@functools.lru_cache(maxsize=4096)
def owned_name(fields: tuple[str, ...]) -> str:
    """The name of a list of owned fields: by content, so two branches give one list one name."""
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()[:8]


def shard_name(source_id: str, width: int) -> str:
    """Which shard of 16**width holds ``source_id``: ``7`` for width 1, ``7c`` for 2."""
    return hashlib.sha256(source_id.encode()).hexdigest()[:width]


def owned_fields(link: Link) -> tuple[str, ...]:
    """The fields a link has a base for, sorted: the order of their digests."""
    if isinstance(link.base, PackedBase):
        return link.base.fields
    return tuple(sorted(link.base))


def write_shard(links: Mapping[str, Link]) -> str:
    """The canonical text of a shard. Raises ValueError for a link that could not be read back."""
    return _SHARD_HEADER + "".join(_link_line(source_id, links[source_id]) for source_id in sorted(links))


def _link_line(source_id: str, link: Link) -> str:
    if not source_id or not link.target_id or link.generation < 1:
        raise ValueError(f"no link: {source_id!r} to {link!r}")
    text = f"{quoted(source_id)} = {{ x = {quoted(link.target_id)}, g = {link.generation}"
    if link.base:
        fields = owned_fields(link)
        digests = link.base.digests if isinstance(link.base, PackedBase) else _packed(source_id, link.base, fields)
        text += f', r = "{owned_name(fields)}", b = "{digests}"'
    return text + " }\n"


def _packed(source_id: str, base: Mapping[str, str], fields: tuple[str, ...]) -> str:
    digests = [base[name] for name in fields]
    packed = "".join(digests)
    if any(len(digest) != _DIGEST for digest in digests) or not _HEXADECIMAL.fullmatch(packed):
        raise ValueError(f"a digest of {source_id!r} is not 16 hexadecimal digits")
    return packed


def write_head(head: Head) -> str:
    """The canonical text of ``zx.toml``."""
    lines = [
        _HEAD_HEADER,
        f"format = {FORMAT}\n",
        f"pair = {quoted(head.pair)}\n",
        f"lineage = {quoted(head.lineage)}\n",
        f"serial = {head.serial}\n",
        "\n# Lists of owned fields; `r` of a link names one, `b` holds a digest for each field in turn.\n[owned]\n",
    ]
    for name in sorted(head.owned):
        lines.append(f"{name} = [{', '.join(quoted(item) for item in head.owned[name])}]\n")
    return "".join(lines)


def quoted(text: str) -> str:
    if not _SPECIAL.search(text):
        return f'"{text}"'
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", plain) + '"'


def read_shard(data: bytes, owned: Mapping[str, tuple[str, ...]]) -> Mapping[str, Link]:
    """The links of a shard. Raises Unreadable."""
    text = decoded(data)
    found = _LINK_LINES.findall(text)
    packed = {line[0]: line for line in found}
    lists = {(name, len(digests)) for _, _, _, name, digests in found}
    comments = text.count("\n#") + text.startswith("#")
    whole = len(found) + comments == text.count("\n") and text.endswith("\n")
    if whole and len(packed) == len(found) and all(_fits(name, length, owned) for name, length in lists):
        return PackedLinks(packed, owned)
    _refuse_line(text, owned)
    return _read_shard_slowly(text, owned)


def _fits(name: str, length: int, owned: Mapping[str, tuple[str, ...]]) -> bool:
    return not name or (name in owned and length == _DIGEST * len(owned[name]))


def _refuse_line(text: str, owned: Mapping[str, tuple[str, ...]]) -> None:
    """The first line that is wrong in our own form, up to the first that is not in our form at all."""
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line[0] == "#":
            continue
        found = _LINK_LINES.fullmatch(line)
        if found is None:
            _refuse_conflict(line, number)
            return
        source_id, _, _, name, digests = found.groups()
        if source_id in seen:
            _refuse_duplicate(source_id, number)
        seen.add(source_id)
        _base(name, digests, owned, number)


def _base(name: str | None, digests: str | None, owned: Mapping[str, tuple[str, ...]], line: int) -> Mapping[str, str]:
    if name is None or digests is None:
        return {}
    fields = owned.get(name)
    if fields is None:
        advice = "bring zx.toml of this folder and its links from one commit: git checkout <commit> -- <this folder>"
        raise Unreadable(line, f'r = "{name}" names a list that zx.toml of this state does not have', advice)
    if len(digests) != _DIGEST * len(fields):
        raise Unreadable(line, f"b has {len(digests)} digits where {len(fields)} fields need 16 each", _RESTORE)
    return PackedBase(fields, digests)


_RESTORE = (
    "nothing was sent or changed. Restore the file: git checkout -- <file>; "
    "where that is not possible, move <file or folder> away: zx then finds what it sent by number and marker"
)


def _refuse_conflict(line: str, number: int) -> None:
    if _CONFLICT.match(line):
        advice = (
            "keep the lines of both sides and remove the three marker lines "
            "(with `state/**/*.toml merge=union` in .gitattributes git does that itself)"
        )
        raise Unreadable(number, "git left a merge conflict in this file", advice)


def _refuse_duplicate(source_id: str, line: int) -> NoReturn:
    advice = (
        "two branches linked the same record: look at both target records, keep the line of the right one, "
        "remove the other line, and void the surplus record if there is one"
    )
    raise Unreadable(line, f'"{source_id}" is linked twice in this state', advice)


def _read_shard_slowly(text: str, owned: Mapping[str, tuple[str, ...]]) -> dict[str, Link]:
    """The same for text that is TOML but not in our own form (edited by hand, escapes in ids)."""
    data = read_toml(text)
    links: dict[str, Link] = {}
    for source_id, entry in data.items():
        line = line_of(text, source_id)
        if not isinstance(entry, dict):
            raise Unreadable(line, f'"{source_id}" is no link: {{ x = …, g = … }} is expected', _RESTORE)
        if surplus := entry.keys() - {"x", "g", "r", "b"}:
            raise Unreadable(line, f'"{source_id}" has {sorted(surplus)[0]}, which a link does not have', _RESTORE)
        target, generation = entry.get("x"), entry.get("g")
        if not source_id or not isinstance(target, str) or not target:
            raise Unreadable(line, f'x of "{source_id}" is no id', _RESTORE)
        if type(generation) is not int or generation < 1:
            raise Unreadable(line, f'g of "{source_id}" is no number from 1', _RESTORE)
        name, digests = entry.get("r"), entry.get("b")
        if (name is None) != (digests is None):
            raise Unreadable(line, f'"{source_id}" has only one of r and b', _RESTORE)
        if name is not None and (not isinstance(name, str) or not isinstance(digests, str)):
            raise Unreadable(line, f'r and b of "{source_id}" are no texts', _RESTORE)
        if digests is not None and not _HEXADECIMAL.fullmatch(digests):
            raise Unreadable(line, f'b of "{source_id}" has other characters than 0-9 and a-f', _RESTORE)
        links[source_id] = Link(target, generation, _base(name, digests, owned, line))
    return links


def read_head(data: bytes) -> Head:
    """What ``zx.toml`` says. Raises Unreadable; TooNew for a later format.

    After a union merge of two branches ``serial`` stands there twice: the higher one counts. Equal lines of ``[owned]``
    may be repeated, too: they are named by content.
    """
    text = decoded(data)
    seen: set[str] = set()
    kept: list[str] = []
    serials: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        _refuse_conflict(line, number)
        if found := re.fullmatch(r"serial = ([0-9]{1,15})", line):
            serials.append(int(found[1]))
            line = "" if len(serials) > 1 else line
        elif line and line[0] != "#":
            line = "" if line in seen else line
            seen.add(line)
        kept.append(line)
    values = read_toml("\n".join(kept))
    version = values.get("format")
    if type(version) is not int or version < 1:
        raise Unreadable(line_of(text, "format"), "format is missing or no number", _RESTORE)
    if version > FORMAT:
        message = f"this state has format {version}; this zx knows formats up to {FORMAT}"
        raise TooNew(line_of(text, "format"), message, "update zx (pip install --upgrade zx-sync)")
    for key in ("pair", "lineage"):
        if not isinstance(values.get(key), str) or not values[key]:
            raise Unreadable(line_of(text, key), f"{key} is missing or no text", _RESTORE)
    serial = max(serials, default=values.get("serial"))
    if type(serial) is not int or serial < 0:
        raise Unreadable(line_of(text, "serial"), "serial is missing or no number", _RESTORE)
    return Head(values["pair"], values["lineage"], serial, _owned(values.get("owned", {}), text))


def _owned(table: Any, text: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(table, dict):
        raise Unreadable(line_of(text, "owned"), "owned is no table", _RESTORE)
    owned: dict[str, tuple[str, ...]] = {}
    for name, fields in table.items():
        if not isinstance(fields, list) or not all(isinstance(item, str) and item for item in fields):
            raise Unreadable(line_of(text, name), f"{name} is no list of field names", _RESTORE)
        owned[name] = tuple(fields)
        if name != owned_name(owned[name]) or list(owned[name]) != sorted(set(fields)):
            raise Unreadable(line_of(text, name), f"{name} is not the name of this list of fields", _RESTORE)
    return owned


def decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, "the file is not UTF-8 text", _RESTORE) from None


def read_toml(text: str) -> dict[str, Any]:
    """``tomllib`` behind the limits of reliability 3.1, S12: 60 KB of dots once cost it 12.8 s."""
    for number, line in enumerate(text.split("\n"), 1):
        _refuse_conflict(line, number)
        if len(line) > _LINE_LIMIT:
            raise Unreadable(number, "the line is too long for a state file", _RESTORE)
        bare = _TOKEN.sub(lambda token: token[0] if len(token[0]) == 3 and token[0] in _LONG else "", line)
        if '"' in bare or "'" in bare:
            raise Unreadable(number, "this is no state file (a text does not end on its line)", _RESTORE)
        if bare.count(".") > _DOTS or bare.count("[") + bare.count("{") > _NESTING:
            raise Unreadable(number, "the line is too deeply nested for a state file", _RESTORE)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = _TOML_LINE.search(str(error))
        at = int(found[1]) if found else text.count("\n") + 1
        if "overwrite" in str(error) and (key := re.match(r'\s*"([^"]*)"', text.split("\n")[at - 1])):
            _refuse_duplicate(key[1], at)
        message = str(error).split(" (at")[0] or "nested too deeply"
        raise Unreadable(at, f"this is no state file ({message})", _RESTORE) from None


def line_of(text: str, word: str) -> int:
    """The first line with ``word``, for a message; 1 when it is nowhere."""
    at = text.find(word)
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
