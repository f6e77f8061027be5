"""From an exception to a message and an exit code: the one place that does it."""

from __future__ import annotations

import traceback

from zx.cli.exits import Exit
from zx.cli.face import Face
from zx.diagnostics.render import render_text
from zx.files.disk import DiskError
from zx.files.lock import Locked
from zx.operations.errors import Broken, NothingKept, StalePlan, Stopped, UsageError
from zx.ports.remote import Limited, NotAllowed, NotReached, Refused, RemoteError, Unknown
from zx.ports.state_store import StateDamaged
from zx.report.visible import visible
from zx.state.journal import JournalDamaged
from zx.workspace.clock import BadNow
from zx.workspace.workspace import ZX_TOML, ConfigError

_REMOTE: dict[type[RemoteError], tuple[Exit, str]] = {
    NotReached: (Exit.TEMPORARY, "nothing was changed there; run the command again when the service answers"),
    Unknown: (Exit.TEMPORARY, "run the command again: it looks first, and sends nothing twice"),
    Limited: (Exit.TEMPORARY, "nothing was changed there; run the command again later"),
    NotAllowed: (Exit.PERMISSION, "nothing was changed there; sign in again, or ask for the permission"),
    Refused: (Exit.FAILED, "nothing was changed there"),
}


def tell(error: Exception, face: Face) -> int:
    """Say on standard error what happened and what to do, and choose the exit code."""
    if face.debug:
        face.say("".join(traceback.format_exception(error)))
    match error:
        case ConfigError():
            face.say(render_text(error.diagnostics, {ZX_TOML: error.text}, colour=face.colour(face.err)))
            return Exit.USAGE
        case Broken():
            face.say(render_text(error.diagnostics, error.sources, colour=face.colour(face.err)))
            face.say(f"zx: {error}")
            return Exit.BLOCKED
        case UsageError():
            _message(face, str(error), error.help)
            return Exit.USAGE
        case BadNow():
            _message(face, str(error), "")
            return Exit.USAGE
        case StalePlan():
            _message(face, str(error), error.help)
            return Exit.BLOCKED
        case NothingKept() | Stopped():
            _message(face, str(error), error.help)
            return Exit.FAILED
        case RemoteError():
            return _remote(face, error)
        case StateDamaged():
            _message(face, f"{error.place}: {error.message}", error.advice)
            return Exit.FAILED
        case JournalDamaged():
            _message(face, f"{error.place}: {error.message}", error.advice)
            return Exit.FAILED
        case Locked():
            _message(face, str(error), error.advice)
            return Exit.TEMPORARY
        case DiskError():
            _message(face, str(error), error.advice)
            return Exit.TEMPORARY if error.full else Exit.IO
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            _message(face, f"{place}{error.strerror or error}", "check the file and the disk, then run it again")
            return Exit.IO
    _message(
        face,
        f"an internal error: {type(error).__name__}: {error}",
        "this is a mistake in zx, not in your data; ZX_DEBUG=1 shows where, for a report",
    )
    return Exit.FAILED


def _remote(face: Face, error: RemoteError) -> int:
    code, advice = next(
        (found for kind, found in _REMOTE.items() if isinstance(error, kind)), (Exit.FAILED, "run the command again")
    )
    message = error.message if error.connection in error.message else f"{error.connection}: {error.message}"
    _message(face, message, error.advice or advice)
    return code


def _message(face: Face, message: str, help: str) -> None:
    """Two lines at most: what happened, and the next step. Texts may come from outside, so nothing invisible."""
    face.say(f"zx: {visible(message)}")
    if help:
        face.say(f"    {visible(help)}")
