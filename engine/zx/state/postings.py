"""The text of one summary in state: canonical to write, strict to read. Pure: text in, values out.

One file for each document of a summary, named by its number; it is written before the document is sent and then only
if the document was certainly not made. One member a line, sorted by id::

    "57…01" = { v = '{"Total":"138.01"}', l = ['[0,["200","OUTPUT"],{"LineAmount":"100.01"}]'] }

``v`` is what the member adds up to in the header, ``l`` in each line, by its keys; both are JSON. A member without
either has left the group. Ids, codes and amounts only: no names.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from zx.model.posting import Part, Posting, Share
from zx.state.format import FORMAT, TooNew, Unreadable, decoded, line_of, quoted, read_toml

POSTING_LIMIT = 8 * 1024 * 1024
_HEADER = "# One document of a summary of zx. Written by zx. See docs/state-format.md.\n"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,80}")
_RESTORE = "nothing was sent or changed. Restore the file: git checkout -- <file>; it says who is in this summary"
_TEXTS = ("number", "sync", "summary", "source", "target")


def posting_name(number: str) -> str:
    """The name of the file, without ``.toml``: the number where it can be one."""
    return number if _PLAIN.fullmatch(number) else hashlib.sha256(number.encode()).hexdigest()[:16]


def write_posting(posting: Posting) -> str:
    lines = [_HEADER, f"format = {FORMAT}\n"]
    lines += [f"{name} = {quoted(getattr(posting, name))}\n" for name in _TEXTS]
    lines += [f"order = {posting.order}\n", "\n[group]\n"]
    lines += [f"{quoted(name)} = {quoted(text)}\n" for name, text in sorted(posting.group.items())]
    lines.append("\n[members]\n")
    lines += [f"{quoted(member)} = {_share(share)}\n" for member, share in sorted(posting.members.items())]
    return "".join(lines)


def _share(share: Share) -> str:
    items = []
    if share.values:
        items.append(f"v = {_json(_amounts(share.values))}")
    if share.parts:
        parts = ", ".join(_json([part.section, list(part.key), _amounts(part.values)]) for part in share.parts)
        items.append(f"l = [{parts}]")
    return "{ " + ", ".join(items) + " }" if items else "{}"


def _amounts(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {name.removeprefix("$"): format(value, "f") for name, value in sorted(values.items())}


def _json(value: Any) -> str:
    """JSON in a literal text of TOML, which has no escapes."""
    return "'" + json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("'", "\\u0027") + "'"


def read_posting(data: bytes) -> Posting:
    """What one file says. Raises Unreadable; TooNew for a later format."""
    text = decoded(data)
    values = read_toml(text)
    version = values.get("format")
    if type(version) is not int or version < 1:
        raise Unreadable(line_of(text, "format"), "format is missing or no number", _RESTORE)
    if version > FORMAT:
        message = f"this summary has format {version}; this zx knows formats up to {FORMAT}"
        raise TooNew(line_of(text, "format"), message, "update zx (pip install --upgrade zx-sync)")
    if surplus := values.keys() - {"format", "order", "group", "members", *_TEXTS}:
        _refuse(text, min(surplus), "is nothing a summary has")
    for name in _TEXTS:
        if not isinstance(values.get(name), str) or not values[name]:
            _refuse(text, name, "is missing or no text")
    order, group, members = values.get("order"), values.get("group"), values.get("members")
    if type(order) is not int or order < 0:
        _refuse(text, "order", "is missing or no number")
    if not isinstance(group, dict) or not all(isinstance(item, str) for item in group.values()):
        _refuse(text, "group", "is no table of texts")
    if not isinstance(members, dict):
        _refuse(text, "members", "is no table")
    shares = {member: _read_share(text, member, entry) for member, entry in members.items()}
    number, sync, summary, source, target = (values[name] for name in _TEXTS)
    return Posting(number, order, sync, summary, source, target, group, shares)


def _read_share(text: str, member: str, entry: Any) -> Share:
    try:
        if not isinstance(entry, dict) or entry.keys() - {"v", "l"}:
            raise ValueError
        values = _read_amounts(json.loads(entry["v"])) if "v" in entry else {}
        parts = tuple(_read_part(json.loads(part)) for part in entry.get("l", []))
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation):
        _refuse(text, member, "is no member of a summary: { v = …, l = […] } is expected")
    return Share(values, parts)


def _read_part(value: Any) -> Part:
    section, key, values = value
    if type(section) is not int or not all(isinstance(item, str) for item in key):
        raise ValueError
    return Part(section, tuple(key), _read_amounts(values))


def _read_amounts(value: Any) -> dict[str, Decimal]:
    found = {f"${name}": Decimal(amount) for name, amount in value.items() if isinstance(amount, str)}
    if len(found) != len(value) or not all(amount.is_finite() for amount in found.values()):
        raise ValueError
    return found


def _refuse(text: str, word: str, message: str) -> NoReturn:
    raise Unreadable(line_of(text, word), f'"{word}" {message}', _RESTORE)
