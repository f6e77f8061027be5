"""Documents of a run: what is written under reports/ for people, and kept under .zx/last/ to be shown again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import simplejson

from zx.files.disk import atomic_write, make_folder, private_folder, read_limited
from zx.operations.desk import Desk
from zx.operations.errors import NothingKept
from zx.report.filtering import Term, chosen
from zx.report.html import page_html
from zx.report.markdown import preview_markdown
from zx.report.terminal import preview_text, status_line
from zx.report.view import View
from zx.values.dataclass import dataclass
from zx.values.jsontext import loads
from zx.workspace.workspace import Sync

Kind = Literal["preview", "push"]
Form = Literal["text", "json", "md", "csv"]
FORMS: tuple[Form, ...] = ("text", "json", "md", "csv")
_SUFFIX = {"text": "txt", "json": "json", "md": "md", "csv": "csv"}
_NAMES: Mapping[Kind, str] = {"preview": "preview", "push": "report"}
_LIMIT = 1 << 30
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Report:
    """One run's documents, before they are written. ``open`` says that something is left for a person."""

    kind: Kind
    sync: str
    at: str
    view: View
    document: Mapping[str, Any]
    csv: str
    open: bool

    def text(self, *, width: int, colour: bool, unicode: bool, height: int | None, terms: tuple[Term, ...] = ()) -> str:
        """``terms`` choose which records are listed; what is open and the totals are always told."""
        return preview_text(chosen(self.view, terms), width=width, colour=colour, unicode=unicode, height=height)

    def render(self, form: Form) -> str:
        """The report in one of the forms that do not depend on a terminal."""
        match form:
            case "json":
                return _json(self.document)
            case "md":
                return preview_markdown(self.view)
            case "csv":
                return self.csv
        return preview_text(self.view, width=_WIDTH, colour=False, unicode=True, height=None)

    @property
    def line(self) -> str:
        return status_line(self.view)


def keep(desk: Desk, report: Report) -> Path:
    """Writes the report for people (html, json, md) and for later commands; returns the page's path.

    Files hold customers' data, so they are for this user only (0600). Raises DiskError.
    """
    page = publish(desk, report)
    folder = _folder(desk, report.sync)
    for form in FORMS:
        atomic_write(folder / f"{report.kind}.{_SUFFIX[form]}", report.render(form).encode(), 0o600)
    atomic_write(folder / f"{report.kind}.html", read_limited(page, _LIMIT), 0o600)
    summary = {
        "kind": report.kind,
        "at": report.at,
        "line": report.line,
        "open": report.open,
        "verdict": report.document["verdict"],
        "plan": report.document["plan"],
        "counts": report.document["counts"],
    }
    atomic_write(folder / f"{report.kind}.last.json", _json(summary).encode(), 0o600)
    return page


def publish(desk: Desk, report: Report) -> Path:
    """Writes the report for people only, over the one of its kind; returns the page's path. Raises DiskError."""
    name = _NAMES[report.kind]
    page = page_of(desk, report.kind)
    make_folder(desk.paths.reports)
    atomic_write(page, page_html(report.view).encode(), 0o600)
    for form in ("json", "md"):
        atomic_write(desk.paths.reports / f"{name}.{form}", report.render(form).encode(), 0o600)
    return page


def page_of(desk: Desk, kind: Kind) -> Path:
    """Where the HTML page of a run of this kind lies."""
    return desk.paths.reports / f"{_NAMES[kind]}.html"


def kept(desk: Desk, sync: Sync, kind: Kind, form: Form) -> str:
    """The kept document of the last run of this kind. Raises NothingKept."""
    path = desk.paths.last / sync.name / f"{kind}.{_SUFFIX[form]}"
    again = f"make one with `zx {kind} {sync.name}`"
    try:
        return read_limited(path, _LIMIT).decode()
    except FileNotFoundError:
        raise NothingKept(f"sync {sync.name} has no {_NAMES[kind]} yet", again) from None
    except UnicodeDecodeError:
        raise NothingKept(f"{path} is damaged: it is not UTF-8 text; nothing else was touched", again) from None


def summary(desk: Desk, sync: Sync, kind: Kind) -> Mapping[str, Any] | None:
    """What is known of the last run of this kind; None when there was none, or when its file is damaged: it is only a
    memory of what was shown, which the next run writes anew."""
    path = desk.paths.last / sync.name / f"{kind}.last.json"
    try:
        found = loads(read_limited(path, _LIMIT))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and all(isinstance(found.get(name), str) for name in ("at", "line")):
        return found
    desk.say(f"Note: {path} is damaged, so the last {kind} is not known; the next one writes it anew.")
    return None


def _folder(desk: Desk, sync: str) -> Path:
    for folder in (desk.paths.private, desk.paths.last, desk.paths.last / sync):
        private_folder(folder)
    return desk.paths.last / sync


def _json(value: Mapping[str, Any]) -> str:
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=2) + "\n"
