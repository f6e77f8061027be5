"""Which names and addresses zx.toml may use."""

from __future__ import annotations

import ipaddress
import re

from zx.workspace.tomltable import WRONG_VALUE, Table

_NAME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9_])*")


def good_name(name: str, table: Table) -> None:
    if len(name) > 40 or not _NAME.fullmatch(name):
        table.findings.error(
            WRONG_VALUE,
            f"{name!r} is no good name here",
            table.findings.place(table.path).key,
            help="up to 40 letters, digits, _ and single - ; it becomes part of folder names",
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
