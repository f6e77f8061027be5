"""What can go wrong around the simulator itself (what it answers over HTTP is another matter)."""

from __future__ import annotations


class SandboxError(Exception):
    """``message`` is meant for a person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SandboxDataError(SandboxError):
    """A data folder that cannot be read. ``line`` counts from 1; None when the whole file is meant."""

    def __init__(self, file: str, line: int | None, message: str) -> None:
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {message}")
        self.file = file
        self.line = line


class SandboxDamaged(SandboxError):
    """The file in which a sandbox keeps its data is no sound database any more."""


class UnknownRecord(SandboxError):
    """An edit that names a collection or a record there is none of."""


class PortInUse(SandboxError):
    """The port asked for is taken."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(f"port {port} for {name} is in use on 127.0.0.1: give another one, or none for a free port")
        self.name = name
        self.port = port
