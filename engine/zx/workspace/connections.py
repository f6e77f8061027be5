"""The connections of zx.toml: ``[zoho.acme]``, ``[xero.books]``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from zx.diagnostics.suggest import nearest
from zx.workspace.names import good_name, is_loopback
from zx.workspace.tomltable import NOT_LOOPBACK, SANDBOX_FOLDER, Table, kind_of
from zx.workspace.workspace import SETTLE_S, Connection, Reach

DATA_CENTRES = ("com", "eu", "in", "com.au", "jp", "ca", "com.cn", "sa", "uk", "ae")
"""Top-level domains of Zoho's data centres (reference/zoho 1)."""
_CONNECTION_KEYS = ("sandbox", "api", "verify_history", "calls_reserved", "settle")
_OWN_KEYS = {"zoho": ("data_centre",), "xero": ("tenant",)}


def connections(top: Table, root: Path) -> dict[str, Connection]:
    result = {}
    systems: tuple[Literal["zoho", "xero"], ...] = ("zoho", "xero")
    for system in systems:
        for short, table in top.tables(system):
            good_name(short, table)
            table.only((*_OWN_KEYS[system], *_CONNECTION_KEYS))
            result[f"{system}.{short}"] = _connection(system, short, table, root)
    return result


def _connection(system: Literal["zoho", "xero"], short: str, table: Table, root: Path) -> Connection:
    reach, data, api = _reach(table, root)
    centre = table.text("data_centre")
    if centre is not None and centre not in DATA_CENTRES:
        near = nearest(centre, DATA_CENTRES)
        table.wrong(
            "data_centre",
            f"{centre!r} is no Zoho data centre" + (f"; did you mean {near!r}?" if near else ""),
            help=f"one of {', '.join(DATA_CENTRES)}",
        )
    return Connection(
        name=f"{system}.{short}",
        system=system,
        reach=reach,
        place=table.findings.place(table.path).key,
        data=data,
        api=api,
        data_centre=centre,
        tenant=table.text("tenant"),
        verify_history=table.boolean("verify_history", False),
        calls_reserved=table.count("calls_reserved", 50),
        settle_s=_settle(table, reach),
    )


def _reach(table: Table, root: Path) -> tuple[Reach, Path | None, str | None]:
    sandbox = table.values.get("sandbox")
    if "api" in table:
        if sandbox:
            table.wrong("api", "a connection has a `sandbox` of its own or the `api` of a running one, not both")
        return Reach.SIMULATOR, None, _loopback(table)
    if sandbox is None or sandbox is False:
        return Reach.SERVICE, None, None
    if sandbox is True:
        return Reach.EMBEDDED, None, None
    if not isinstance(sandbox, str):
        table.wrong("sandbox", f"`sandbox` is {kind_of(sandbox)}, true or the name of a folder was expected")
        return Reach.EMBEDDED, None, None
    folder = (root / sandbox).resolve()
    if not folder.is_relative_to(root) or folder == root:
        table.wrong("sandbox", f"the sandbox folder {sandbox!r} lies outside the workspace", code=SANDBOX_FOLDER)
    elif not folder.is_dir():
        table.wrong("sandbox", f"there is no folder {sandbox!r} in this workspace", code=SANDBOX_FOLDER)
    return Reach.EMBEDDED, folder, None


def _loopback(table: Table) -> str | None:
    """The base address of a running simulator: plain http to this machine and nothing else (reliability S15)."""
    text = table.text("api")
    if text is None:
        return None
    try:
        address = urlsplit(text)
        host, port = address.hostname, address.port
    except ValueError:
        host, port, address = None, None, urlsplit("")
    if host is None or port is None or address.scheme != "http" or address.username or address.query:
        table.wrong("api", f"{text!r} is no address of a simulator", help='write it like "http://127.0.0.1:8702"')
        return None
    if not is_loopback(host):
        table.wrong(
            "api",
            f"{host} is not this machine; `api` takes loopback addresses only",
            code=NOT_LOOPBACK,
            help="a real service is named by leaving out `api` and `sandbox`",
        )
        return None
    return text.rstrip("/")


def _settle(table: Table, reach: Reach) -> Decimal | None:
    if "settle" not in table:
        return None
    value = table.values["settle"]
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        table.wrong("settle", f"`settle` is {kind_of(value)}, a number of seconds was expected")
        return None
    if reach is Reach.SERVICE and value < SETTLE_S:
        table.wrong("settle", f"`settle` may be raised above {SETTLE_S} seconds, not lowered")
        return None
    return Decimal(value)
