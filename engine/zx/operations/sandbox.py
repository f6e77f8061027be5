"""``zx sandbox``: the embedded simulators of a workspace, served, shown, edited and reset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from zx.files.disk import disk_error, private_folder, remove
from zx.operations.desk import Desk
from zx.operations.errors import Stopped, UsageError
from zx.sandbox.app import Sandbox, open_sandbox
from zx.sandbox.errors import PortInUse, SandboxDamaged, SandboxDataError, UnknownRecord
from zx.sandbox.server import serve
from zx.values.jsontext import loads
from zx.workspace.workspace import Connection, Reach


def sandbox_of(desk: Desk, connection: Connection, calls_a_day: int | None = None) -> Sandbox:
    """The open sandbox of an embedded connection; its copy of the data is made when there is none yet.

    ``calls_a_day``: it refuses what goes beyond these and beyond the service's other limits; None: it refuses nothing.
    Raises UsageError when the connection has no sandbox of its own.
    """
    if connection.reach is not Reach.EMBEDDED:
        raise UsageError(
            f"{connection.name} is a {connection.reach}, not an embedded sandbox",
            "only a connection with `sandbox = …` in zx.toml has data of its own here",
        )
    private_folder(desk.paths.private)
    store = desk.paths.sandbox(connection)
    private_folder(store.parent)
    try:
        return open_sandbox(
            connection.system,
            store,
            connection.data,
            desk.clock,
            limits=calls_a_day is not None,
            per_day=calls_a_day,
        )
    except SandboxDataError as error:
        raise UsageError(
            f"the data of {connection.name} cannot be used: {error}", "mend the file, then retry"
        ) from error
    except SandboxDamaged as error:
        raise Stopped(
            f"the sandbox {connection.name} cannot be used: {error}; nothing was read or sent",
            f"start it over with `zx sandbox reset {connection.name}`; it is another organisation then, without what "
            "was sent to this one",
        ) from error
    except OSError as error:
        raise disk_error(store, error, "nothing was read or sent") from error


def changed_notice(connection: Connection) -> str:
    """What is said when the data folder of a sandbox was edited after its copy was made."""
    return (
        f"The data folder of {connection.name} changed since the sandbox copied it; the copy is still used. "
        f"`zx sandbox reset {connection.name}` makes it anew."
    )


def dump(desk: Desk, name: str) -> Mapping[str, Any]:
    """Every collection of the sandbox, each record as the API would return it."""
    sandbox = sandbox_of(desk, desk.connection(name))
    try:
        return sandbox.dump()
    finally:
        sandbox.close()


def edit(desk: Desk, name: str, collection: str, record: str, text: str) -> Mapping[str, Any]:
    """Merges the JSON object ``text`` into a record as a person in the web page would; returns the record."""
    try:
        fields = loads(text)
    except ValueError as error:
        raise UsageError(f"the last argument is no JSON: {error}", """write it like '{"Status": "Paid"}'""") from error
    if not isinstance(fields, dict):
        raise UsageError("the last argument is no JSON object", """write it like '{"Status": "Paid"}'""")
    sandbox = sandbox_of(desk, desk.connection(name))
    try:
        return sandbox.edit(collection, record, fields)
    except UnknownRecord as error:
        raise UsageError(f"{name}: {error.message}", f"`zx sandbox dump {name}` shows what there is") from error
    finally:
        sandbox.close()


def reset(desk: Desk, name: str | None) -> tuple[str, ...]:
    """Starts the named sandbox over, or all of them; returns their names. Links of the old copy are stale then."""
    chosen = [desk.connection(name)] if name else _embedded(desk)
    for connection in chosen:
        sandbox = _whatever_is_left(desk, connection)
        try:
            sandbox.reset()
        except SandboxDataError as error:
            raise UsageError(
                f"the data of {connection.name} cannot be used: {error}", "mend the file, then retry"
            ) from error
        finally:
            sandbox.close()
    return tuple(connection.name for connection in chosen)


def _whatever_is_left(desk: Desk, connection: Connection) -> Sandbox:
    """The sandbox, or where its file is damaged an empty new one in its place: it is about to be made anew anyway."""
    try:
        return sandbox_of(desk, connection)
    except Stopped:
        store = desk.paths.sandbox(connection)
        for suffix in ("", "-journal"):
            remove(store.with_name(store.name + suffix))
        return sandbox_of(desk, connection)


@contextmanager
def serving(
    desk: Desk, zoho_port: int | None, xero_port: int | None, calls_a_day: int | None = None
) -> Iterator[Mapping[str, Mapping[str, str]]]:
    """Serves every embedded sandbox on loopback while the block runs; gives what clients need to sign in (design 4).

    Several sandboxes of a kind take successive ports. ``calls_a_day``: see ``sandbox_of``.
    """
    apps: dict[str, Sandbox] = {}
    ports: dict[str, int | None] = {}
    following = {"zoho": zoho_port, "xero": xero_port}
    for connection in _embedded(desk):
        apps[connection.name] = sandbox_of(desk, connection, calls_a_day)
        if apps[connection.name].data_changed():
            desk.say(changed_notice(connection))
        port = following[connection.system]
        ports[connection.name] = port
        following[connection.system] = None if port is None else port + 1
    try:
        served = serve(apps, ports)
    except PortInUse as error:
        raise UsageError(error.message) from error
    try:
        yield {name: _entry(name, served.addresses[name], apps[name].credentials) for name in apps}
    finally:
        served.close()
        for app in apps.values():
            app.close()


def _entry(name: str, address: str, credentials: Mapping[str, str]) -> dict[str, str]:
    identity = "accounts" if name.startswith("zoho.") else "identity"
    return {"api": address, identity: address, **credentials}


def _embedded(desk: Desk) -> list[Connection]:
    found = [one for one in desk.workspace.connections.values() if one.reach is Reach.EMBEDDED]
    if not found:
        raise UsageError("no connection of zx.toml is an embedded sandbox", "give one `sandbox = true`")
    return found
