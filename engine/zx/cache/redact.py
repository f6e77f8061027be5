"""Records without the people in them: names and free text replaced by pseudonyms, everything that counts kept.

Numbers, dates, amounts, codes, ids, choices from lists and document numbers stay. Every word of any other text becomes
another word of the same length, the same one wherever it stands, by a key that is not in the text: so that texts which
were equal, began alike or contained each other still do, and rules and matching give the same results. A word that
stands in the rules stays: rules may ask for it, and it is in git already.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from typing import Any

from zx.catalog.fieldtypes import Address, Enum, Keyed, Many, Nested, OneOf, Ref, SetOf, Text
from zx.catalog.schema import Catalogue, Field, Shape
from zx.model.record import Record

_WORD = re.compile(r"\(quantity [0-9.]+\)$|[^\W_]+")
"""Words; what zx itself adds to a description is one that stays."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ID = re.compile(r"(?:^|_)(?:id|ID)$|[a-z]ID$|^id$")
_MARKERS = frozenset({"ContactNumber"})
"""Where zx leaves the source's id: ``zx-57…`` is no name (reliability 1.4)."""
_UNITS = frozenset({"Currency", "CurrencyCode"})
"""Texts that are units of numbers."""
_ORGANISATION = ("OrganisationID", "Name", "BaseCurrency", "Timezone", "PeriodLockDate", "EndOfYearLockDate")
_QUOTED = re.compile(r'"([^"\n]*)"')


class Redactor:
    """``Redactor(key, catalogue, words)(record)``: the record as others may see it."""

    def __init__(self, key: bytes, catalogue: Catalogue, words: Collection[str]) -> None:
        self._key = key
        self._catalogue = catalogue
        self._kept = frozenset(words) | {"rounding"}  # as zx itself calls the line that closes a gap
        self._made: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def __call__(self, record: Record) -> Record:
        shape = self._catalogue.shape(record.kind.system, record.kind.name)
        return Record(record.kind, record.id, record.version, self._object(record.values, shape))

    def text(self, text: str) -> str:
        """``text`` with every word replaced that the rules do not know."""
        return _WORD.sub(self._word, text)

    def _word(self, match: re.Match[str]) -> str:
        word = match.group()
        folded = word.casefold()
        if folded in self._kept or word.startswith("("):
            return word
        plain = self._pseudonym(folded)
        return "".join(
            letter.upper() if index < len(word) and word[index].isupper() else letter
            for index, letter in enumerate(plain)
        )

    def _pseudonym(self, folded: str) -> str:
        """Letters for letters and digits for digits; two words have one pseudonym only when no other is left."""
        known = self._made.get(folded)
        if known is not None:
            return known
        made = ""
        for attempt in range(50):
            drawn = hmac.new(self._key, f"{attempt}\0{folded}".encode(), hashlib.sha256).digest()
            stream = hashlib.shake_256(drawn).digest(2 * len(folded))
            made = "".join(
                str(stream[2 * index] % 10) if letter.isdigit() else _LETTERS[stream[2 * index] % 26]
                for index, letter in enumerate(folded)
            )
            if made not in self._taken and made != folded and made not in self._kept:
                break
        self._taken.setdefault(made, folded)
        self._made[folded] = made
        return made

    # --- by the type of a field -------------------------------------------------------------------------------------

    def _object(self, values: Mapping[str, Any], shape: Shape | None) -> dict[str, Any]:
        return {name: self._field(name, value, shape) for name, value in values.items()}

    def _field(self, name: str, value: Any, shape: Shape | None) -> Any:
        field = None if shape is None else shape.fields.get(name)
        if self._plain(name, value, field, shape):
            return value
        kind = None if field is None else field.type
        system = "" if shape is None else shape.system
        if isinstance(kind, Many | Nested) and shape is not None:
            inner = self._catalogue.shape(system, kind.shape)
            return self._rows(value, inner)
        if isinstance(kind, Keyed) and isinstance(value, Mapping):
            inner = self._catalogue.shape(system, kind.shape)
            return {key: self._rows(row, inner) for key, row in value.items()}
        if isinstance(kind, Ref):
            return self._rows(value, self._catalogue.shape(kind.system, kind.name))
        return self._rows(value, None)

    def _rows(self, value: Any, shape: Shape | None) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return self._object(value, shape)
        if isinstance(value, list | tuple):
            return [self._rows(item, shape) for item in value]
        return value

    def _plain(self, name: str, value: Any, field: Field | None, shape: Shape | None) -> bool:
        """Whether a field holds nothing of a person: not a text, or one that is a code, a number or an id."""
        if name in _MARKERS or name in _UNITS or _ID.search(name) is not None:
            return True
        if field is None:
            return (name.endswith("Code") and name != "Code") or name in ("Status", "Type", "Code")
        if shape is not None and name in (shape.id_field, shape.version_field, shape.number_field):
            return True
        if shape is not None and name == shape.key_field:
            return not name.endswith("Name") or self._catalogue.is_list(shape.system, shape.name)
        if isinstance(field.type, Ref):
            target = self._catalogue.shape(field.type.system, field.type.name)
            return isinstance(value, str) and target is not None and not (target.key_field or "").endswith("Name")
        if isinstance(field.type, SetOf | Enum | OneOf):
            return True
        return not isinstance(field.type, Text | Many | Nested | Keyed | Address)


def known_words(sources: Mapping[str, str]) -> frozenset[str]:
    """The words that rules may ask for: those of their quoted texts, their tables and their CSV files."""
    words: set[str] = set()
    for name, text in sources.items():
        for line in text.splitlines():
            if name.endswith(".csv") or line.lstrip().startswith("|"):
                parts = [line]
            else:
                parts = _QUOTED.findall(line)
            for part in parts:
                words |= {word.casefold() for word in _WORD.findall(part)}
    return frozenset(words)


def redacted_metadata(metadata: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What an organisation adds to the catalogue, without what says more of it than rules need. ``names`` stand for
    the organisations."""
    zoho = {
        name: value for name, value in metadata.get("zoho", {}).items() if name in ("fields", "taxes", "currencies")
    }
    xero = dict(metadata.get("xero", {}))
    about = xero.get("Organisation")
    if isinstance(about, Mapping):
        xero["Organisation"] = {name: about[name] for name in _ORGANISATION if name in about} | {"Name": names["xero"]}
    accounts = xero.get("Accounts")
    if isinstance(accounts, list):
        xero["Accounts"] = [
            {name: value for name, value in account.items() if name not in ("BankAccountNumber", "Description")}
            for account in accounts
        ]
    return {"zoho": zoho, "xero": xero}
