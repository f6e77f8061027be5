"""The import law and the habits that keep the floors apart (docs/architecture.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "engine" / "zx"
MODULES = sorted(ENGINE.rglob("*.py"))

PURE = frozenset(
    ("values", "diagnostics", "model", "catalog", "ports", "runtime", "stdlib", "syntax", "resolve", "check", "compile")
) | {"plan", "verify"}
"""Rooms under the pure line: floors 0 to 3."""
IN_CIRCLES = frozenset(("check", "model"))
"""Rooms of which two modules name each other's types: an expression may hold a table, and a table expressions."""
OUTSIDE = frozenset(
    ("os", "io", "pathlib", "time", "random", "socket", "http", "requests", "click", "subprocess", "sqlite3")
)
ASKING_FOR_NOW = frozenset(("datetime.now", "datetime.utcnow", "datetime.today", "date.today"))
WRITING = frozenset(
    ("write_text", "write_bytes", "os.open", "os.write", "os.replace", "os.rename", "os.truncate", "shutil.move")
)
FUNCTION_LINES, MODULE_LINES = 60, 800


def room(path: Path) -> str:
    return path.relative_to(ENGINE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(ENGINE).as_posix()


def imports(tree: ast.AST) -> Iterator[str]:
    """The first part of every imported module's name; imports under TYPE_CHECKING count too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last two parts of what is called: ``datetime.now``, ``path.open``, ``open``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node
            elif isinstance(node.func, ast.Attribute):
                owner = node.func.value
                first = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
                yield f"{first}.{node.func.attr}", node


def impure(tree: ast.AST) -> list[str]:
    """What a module under the pure line must not do: reach outside, open a file, ask what time it is."""
    reached = [f"imports {module}" for module in imports(tree) if module in OUTSIDE]
    return reached + [f"calls {called}" for called, _ in calls(tree) if called in ASKING_FOR_NOW | {"open"}]


def writes(tree: ast.AST) -> list[str]:
    """Calls that write to a path, by name; an ``open`` counts when its mode is anything but reading."""
    return [
        called
        for called, node in calls(tree)
        if ({called, last(called)} & WRITING or _opens_to_write(called, node)) and not _into_nothing(node)
    ]


def last(called: str) -> str:
    return called.rpartition(".")[2]


def _opens_to_write(called: str, node: ast.Call) -> bool:
    modes = [mode.value for mode in _modes(called, node) if isinstance(mode, ast.Constant)]
    return last(called) == "open" and any(set(str(mode)) & set("wax+") for mode in modes)


def _into_nothing(node: ast.Call) -> bool:
    """``os.open(os.devnull, …)``, where output goes that nobody reads any more."""
    return bool(node.args) and isinstance(node.args[0], ast.Attribute) and node.args[0].attr == "devnull"


def _modes(called: str, node: ast.Call) -> list[ast.expr]:
    """The argument that says how a file is opened: the second of ``open(path, mode)``, the first of ``path.open``."""
    position = 1 if called == "open" else 0
    return [word.value for word in node.keywords if word.arg == "mode"] + node.args[position : position + 1]


def long_functions(tree: ast.AST) -> list[str]:
    """Functions whose body, without its docstring, is over the limit."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if body and (body[-1].end_lineno or 0) - body[0].lineno + 1 > FUNCTION_LINES:
                found.append(node.name)
    return found


def circle(reached: dict[str, set[str]]) -> tuple[str, ...]:
    """Modules that reach each other in a circle; empty where all go one way."""
    try:
        TopologicalSorter(reached).prepare()
    except CycleError as found:
        return tuple(found.args[1])
    return ()


def within(folder: Path) -> dict[str, set[str]]:
    """For each module of a room those of the same room that it imports, for their types alone too."""
    start, known = f"zx.{folder.name}", {path.stem for path in folder.glob("*.py")}
    found: dict[str, set[str]] = {}
    for path in folder.glob("*.py"):
        nodes = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)]
        modules = [node.module or "" for node in nodes]
        named = {module.removeprefix(f"{start}.") for module in modules if module.startswith(f"{start}.")}
        named |= {alias.name for node in nodes if node.module == start for alias in node.names}
        found[path.stem] = named & known
    return found


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def test_imports_go_down_the_floors_only() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", lint, "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", sorted(PURE - IN_CIRCLES))
def test_modules_of_a_room_import_one_way(folder: str) -> None:
    assert circle(within(ENGINE / folder)) == ()


def test_every_room_is_drawn_in_the_architecture() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    drawn = {word for line in picture.splitlines() for word in re.findall(r"[a-z]+", line.split(" -- ")[0])}
    assert {path.parent.name for path in ENGINE.glob("*/__init__.py")} <= drawn


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in PURE], ids=name)
def test_nothing_under_the_pure_line_reaches_outside(path: Path) -> None:
    assert impure(parsed(path)) == []


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "files"], ids=name)
def test_only_files_opens_a_path_for_writing(path: Path) -> None:
    assert writes(parsed(path)) == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
    assert long_functions(parsed(path)) == []


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "cli"], ids=name)
def test_only_faces_print_and_exit(path: Path) -> None:
    said = [called for called, _ in calls(parsed(path)) if called in ("print", "sys.exit", "exit", "click.echo")]
    assert said == []


def test_the_checks_see_what_they_look_for() -> None:
    """Without this, a check that looks at nothing would pass for ever."""
    sample = ast.parse(
        "import os.path\nfrom time import sleep\nnow = datetime.now(UTC)\nfile = open('x', 'w')\n"
        "path.open('ab')\nos.open(os.devnull, 1)\nPath('y').write_text('')\nopen('z')\npath.open()\n"
        "def long():\n    '''Words.'''\n" + "    x = 1\n" * (FUNCTION_LINES + 1)
    )
    assert impure(sample) == ["imports os", "imports time", "calls datetime.now", "calls open", "calls open"]
    assert writes(sample) == ["open", "path.open", ".write_text"]
    assert long_functions(sample) == ["long"]
    assert circle({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == ("a", "b", "a")
