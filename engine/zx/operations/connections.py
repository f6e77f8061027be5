"""From a connection of zx.toml to an open reader and writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import requests

from zx.adapters.connect import ConnectionSpec, connect
from zx.operations.desk import Desk
from zx.operations.errors import UsageError
from zx.operations.sandbox import changed_notice, sandbox_of
from zx.ports.remote import NotAllowed, Reader, Writer
from zx.sandbox.tokens import SIMULATOR
from zx.sandbox.transport import SandboxTransport
from zx.values.dataclass import dataclass
from zx.workspace.workspace import Connection, Reach, Sync


@dataclass(frozen=True, slots=True)
class Opened:
    """One connection, ready. ``settle_s`` as zx.toml raises it (None: what the organisation states)."""

    connection: Connection
    reader: Reader
    writer: Writer


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of a sync, open."""

    sync: Sync
    zoho: Opened
    xero: Opened

    def __iter__(self) -> Iterator[Opened]:
        return iter((self.zoho, self.xero))


class MemoryTokens:
    """Access tokens of simulators: worth nothing, so they live as long as the command."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}

    def load(self, name: str) -> dict[str, Any] | None:
        return self._kept.get(name)

    def save(self, name: str, tokens: dict[str, Any]) -> None:
        self._kept[name] = tokens


@contextmanager
def open_pair(desk: Desk, sync: Sync) -> Iterator[Pair]:
    """Opens both connections of ``sync`` for the block. Raises UsageError, RemoteError."""
    for connection in (sync.zoho, sync.xero):
        _refuse_service(desk, connection)
    with ExitStack() as stack:
        yield Pair(sync, _open(desk, sync.zoho, stack), _open(desk, sync.xero, stack))


def _refuse_service(desk: Desk, connection: Connection) -> None:
    """Real services need a sign-in, which this version does not have; and never a made-up time (design 4)."""
    if connection.reach is not Reach.SERVICE:
        return
    if desk.environment.now:
        raise UsageError(
            f"ZX_NOW is set and {connection.name} is a real service; nothing was read or sent",
            "unset ZX_NOW: a made-up time is for simulators only",
        )
    raise NotAllowed(
        connection.name,
        f"{connection.name} is a real service and is not signed in; this version of zx works with simulators only",
        "give the connection `sandbox = true`, or the `api` of a running simulator",
    )


def _open(desk: Desk, connection: Connection, stack: ExitStack) -> Opened:
    session = stack.enter_context(requests.Session())
    session.trust_env = False
    for base, transport in desk.transports.items():
        session.mount(base, transport)
    spec = _embedded(desk, connection, session, stack) if connection.reach is Reach.EMBEDDED else _simulator(connection)
    opened = connect(spec, session, desk.clock, MemoryTokens())
    return Opened(connection, opened.reader, opened.writer)


def _embedded(desk: Desk, connection: Connection, session: requests.Session, stack: ExitStack) -> ConnectionSpec:
    sandbox = sandbox_of(desk, connection)
    stack.callback(sandbox.close)
    if sandbox.data_changed():
        desk.say(changed_notice(connection))
    base = f"http://{connection.name.replace('.', '-').replace('_', '-').lower()}.localhost"
    session.mount(base, SandboxTransport(sandbox))
    return _spec(connection, base, sandbox.credentials)


def _simulator(connection: Connection) -> ConnectionSpec:
    """Signs in as every sandbox allows on this machine; real credentials are never loaded (reliability S15)."""
    assert connection.api is not None  # a simulator has an address, or zx.toml was refused
    return _spec(connection, connection.api, dict.fromkeys(("client_id", "client_secret", "refresh_token"), SIMULATOR))


def _spec(connection: Connection, base: str, credentials: dict[str, str]) -> ConnectionSpec:
    return ConnectionSpec(
        name=connection.name,
        system=connection.system,
        api=base,
        identity=base,
        client_id=credentials["client_id"],
        client_secret=credentials["client_secret"],
        refresh_token=credentials["refresh_token"],
        tenant=connection.tenant or credentials.get("tenant"),
        simulated=True,
    )
