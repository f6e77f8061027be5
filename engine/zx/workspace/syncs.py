"""The syncs of zx.toml: ``[sync.au]`` with its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from zx.diagnostics.suggest import nearest
from zx.workspace.names import good_name
from zx.workspace.schedule import FORMS, schedule
from zx.workspace.tomltable import TIMEZONE, UNKNOWN_CONNECTION, Table, kind_of
from zx.workspace.workspace import MANUAL, Connection, Schedule, Setting, Sync


def sync(name: str, table: Table, connections: Mapping[str, Connection]) -> Sync | None:
    good_name(name, table)
    table.only(("zoho", "xero", "rules", "timezone", "every", "settings"))
    sides = [_side(system, table, connections) for system in ("zoho", "xero")]
    rules = table.strings("rules")
    if "rules" not in table:
        table.missing("rules", '["rules/*.zx"]')
    for pattern in rules:
        if not pattern or pattern.startswith(("/", "~")) or ".." in pattern.split("/") or "\\" in pattern:
            table.wrong("rules", f"{pattern!r} does not stay inside the workspace", help='write it like "rules/*.zx"')
    zone = _timezone(table)
    if sides[0] is None or sides[1] is None:
        return None
    return Sync(
        name=name,
        zoho=sides[0],
        xero=sides[1],
        rules=rules,
        rules_place=table.value_span("rules"),
        timezone=zone,
        every=_every(table),
        settings=_settings(table.table("settings")),
        place=table.findings.place(table.path).key,
    )


def _side(system: str, table: Table, connections: Mapping[str, Connection]) -> Connection | None:
    if system not in table:
        known = [name.partition(".")[2] for name in connections if name.startswith(f"{system}.")]
        table.missing(system, f'"{known[0] if known else "…"}"')
        return None
    short = table.text(system)
    if short is None:
        return None
    found = connections.get(f"{system}.{short}")
    if found is None:
        names = [name.partition(".")[2] for name in connections if name.startswith(f"{system}.")]
        near = nearest(short, names)
        table.wrong(
            system,
            f"there is no connection [{system}.{short}]" + (f"; did you mean {near!r}?" if near else ""),
            code=UNKNOWN_CONNECTION,
            help=None if near else f"add a table [{system}.{short}] to zx.toml",
        )
    return found


def _timezone(table: Table) -> str:
    if "timezone" not in table:
        table.missing("timezone", '"Australia/Sydney"')
        return "UTC"
    zone = table.text("timezone")
    if zone is None:
        return "UTC"
    try:
        ZoneInfo(zone)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError, below; a folder or a path is one of these
        known = False
    except KeyError:
        known = False
    else:
        known = bool(zone)
    if not known:
        near = nearest(zone, sorted(available_timezones()))
        table.wrong(
            "timezone",
            f"there is no time zone {zone!r}" + (f"; did you mean {near!r}?" if near else ""),
            code=TIMEZONE,
            help='IANA names, like "Australia/Sydney" or "Europe/London"',
        )
        return "UTC"
    return zone


def _every(table: Table) -> Schedule:
    text = table.text("every")
    if text is None:
        return MANUAL
    result = schedule(text)
    if result is None:
        table.wrong("every", f"{text!r} is no schedule", help=f"write {FORMS}")
        return MANUAL
    return result


def _settings(table: Table) -> dict[str, Setting]:
    result = {}
    for name, value in table.values.items():
        plain = _setting_value(value)
        if plain is None:
            table.wrong(name, f"setting `{name}` is {kind_of(value)}; a text, number, date, true or false was expected")
            continue
        result[name] = Setting(plain, table.value_span(name), table.key_span(name))
    return result


def _setting_value(value: Any) -> str | Decimal | bool | None:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite()):
        return Decimal(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    return None
