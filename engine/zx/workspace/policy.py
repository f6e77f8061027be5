"""``[run]`` of zx.toml: what an unattended cycle may do."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from zx.diagnostics.suggest import nearest
from zx.values.money import decimal_from
from zx.workspace.names import is_loopback
from zx.workspace.tomltable import Table
from zx.workspace.workspace import RunPolicy

_KEYS = (
    *("push", "commit_state", "max_creates", "max_total", "max_changed_share", "no_deletes", "all_or_nothing"),
    *("status_page", "on_attention", "keep"),
)


def policy(table: Table) -> RunPolicy:
    table.only(_KEYS)
    return RunPolicy(
        push=_push_policy(table),
        commit_state=table.boolean("commit_state", True),
        max_creates=table.count("max_creates", 500),
        max_total=_amount(table, "max_total", r"\d+(\.\d+)?", '"50000.00"'),
        max_changed_share=_amount(table, "max_changed_share", r"\d+(\.\d+)?%", '"20%"'),
        no_deletes=table.boolean("no_deletes", False),
        all_or_nothing=table.boolean("all_or_nothing", False),
        status_page=_status_page(table),
        on_attention=table.strings("on_attention"),
        keep_days=_keep(table),
    )


def _push_policy(table: Table) -> Literal["never", "committed", "any"]:
    text = table.text("push")
    match text:
        case "never" | "any" | "committed":
            return text
        case None:
            return "committed"
    near = nearest(text, ("never", "committed", "any"))
    table.wrong(
        "push", f"{text!r} is no policy for pushing", help=f"write {near!r}" if near else "never, committed, any"
    )
    return "committed"


def _amount(table: Table, key: str, form: str, example: str) -> Decimal | None:
    text = table.text(key)
    if text is None:
        return None
    if not re.fullmatch(form, text):
        table.wrong(key, f"{text!r} is no amount for `{key}`", help=f"write it like {example}")
        return None
    return decimal_from(text.rstrip("%"))


def _status_page(table: Table) -> str | None:
    text = table.text("status_page")
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        table.wrong("status_page", f"{text!r} is no address", help='write it like "127.0.0.1:8765"')
    elif not is_loopback(host.strip("[]")):
        table.wrong("status_page", f"{host} is not this machine; the status page is served on loopback only")
    return text


def _keep(table: Table) -> int:
    text = table.text("keep")
    if text is None:
        return 90
    match = re.fullmatch(r"(\d{1,5}) days?", text)
    if match is None:
        table.wrong("keep", f"{text!r} is no length of time for `keep`", help='write it like "90 days"')
        return 90
    return int(match[1])
