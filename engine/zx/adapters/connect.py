"""A connection: a reader and a writer over one signed-in client."""

from __future__ import annotations

from dataclasses import field

import requests

from zx.adapters.guarded import GuardedReader, GuardedWriter
from zx.adapters.http.client import Client, Refusals
from zx.adapters.http.exchange import Exchange
from zx.adapters.http.hosts import checked_base
from zx.adapters.http.tokens import Tokens, TokenStore
from zx.adapters.xero.reader import XeroReader
from zx.adapters.xero.refusals import XeroRefusals
from zx.adapters.xero.writer import XeroWriter
from zx.adapters.zoho.reader import ZohoReader
from zx.adapters.zoho.refusals import ZohoRefusals
from zx.adapters.zoho.writer import ZohoWriter
from zx.model.record import System
from zx.ports.clock import Clock
from zx.ports.remote import Reader, Writer
from zx.values.dataclass import dataclass

__all__ = ["Connection", "ConnectionSpec", "TokenStore", "connect"]


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """What zx.toml and the sign-in say of one connection.

    ``name`` is ``zoho.acme`` or ``acme``. ``api`` and ``identity`` are base addresses without path: of the API, and of
    Xero's identity server or Zoho's accounts server (for a simulator both are the same). ``refresh_token`` is the
    sign-in zx was given; newer tokens made from it are in the token store. ``tenant`` is Xero's organisation id.
    """

    name: str
    system: System
    api: str
    identity: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    tenant: str | None = None
    simulated: bool = False

    @property
    def connection(self) -> str:
        """The name with its system: ``zoho.acme``."""
        return self.name if self.name.startswith(f"{self.system}.") else f"{self.system}.{self.name}"


@dataclass(frozen=True, slots=True)
class Connection:
    reader: Reader
    writer: Writer


def connect(spec: ConnectionSpec, session: requests.Session, clock: Clock, tokens: TokenStore) -> Connection:
    """A connection that has sent nothing yet. Raises NotAllowed for an address zx must not send to."""
    name = spec.connection
    api = checked_base(name, spec.system, "api", spec.api, simulated=spec.simulated)
    identity = checked_base(name, spec.system, "identity", spec.identity, simulated=spec.simulated)
    exchange = Exchange(name, session, simulated=spec.simulated)
    zoho = spec.system == "zoho"
    signer = Tokens(
        name,
        url=identity + ("/oauth/v2/token" if zoho else "/connect/token"),
        scheme="Zoho-oauthtoken" if zoho else "Bearer",
        client=(spec.client_id, spec.client_secret),
        refresh_token=spec.refresh_token,
        store=tokens,
        exchange=exchange,
        clock=clock,
        simulated=spec.simulated,
    )
    refusals: Refusals = ZohoRefusals() if zoho else XeroRefusals()
    client = Client(name, api, exchange=exchange, signer=signer, refusals=refusals, clock=clock)
    if zoho:
        # A simulator answers at once: threads would only make its order of events depend on chance.
        zoho_reader = ZohoReader(client, simulated=spec.simulated, workers=1 if spec.simulated else 4)
        return _guarded(name, zoho_reader, ZohoWriter(client, zoho_reader))
    xero_reader = XeroReader(client, spec.tenant or None, simulated=spec.simulated)
    return _guarded(name, xero_reader, XeroWriter(client, xero_reader))


def _guarded(name: str, reader: Reader, writer: Writer) -> Connection:
    return Connection(GuardedReader(name, reader), GuardedWriter(name, writer))
