"""What the engine itself costs: start, check, parse, fmt, explain. Processor time, the least of several runs."""

import compileall
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from zx.syntax.formatter import format_text
from zx.syntax.parser import parse

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Figure:
    what: str
    value: str
    bar: str


def figures(rounds: int, work: Path) -> list[Figure]:
    """All figures, those of whole processes interleaved with those of bare Python."""
    return [*processes(rounds, work), *language(rounds)]


def processes(rounds: int, work: Path) -> list[Figure]:
    """Start and check, in a workspace with the starter rules."""
    folder = work / "workspace"
    zx = [str(Path(sys.executable).with_name("zx"))]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*zx, "init", str(folder)], check=True, **quiet)
    # As installed: some machines tell Python to keep no bytecode, and each start would measure its compiler.
    for package in ("zx", "zx.grammar", "zx.starter"):
        compileall.compile_dir(Path(str(import_module(package).__file__)).parent, quiet=2)
    lines = rule_lines(folder)
    environment = {**os.environ, "XDG_STATE_HOME": str(work / "state")}
    commands: dict[str, list[str]] = {
        "bare": [sys.executable, "-c", "pass"],
        "help": [*zx, "--help"],
        "cold": [*zx, "-C", str(folder), "check"],
        "warm": [*zx, "-C", str(folder), "check"],
    }
    best = dict.fromkeys(commands, float("inf"))
    for _ in range(rounds):
        for name, words in commands.items():
            if name == "cold":
                (folder / ".zx" / "cache" / "checked.json").unlink(missing_ok=True)
            best[name] = min(best[name], spent(words, environment))
    over = {name: f"{1000 * (best[name] - best['bare']):.0f} ms above it" for name in best}
    return [
        Figure("bare Python", f"{1000 * best['bare']:.0f} ms", "–"),
        Figure("`zx --help`", f"{1000 * best['help']:.0f} ms", "≤ 60 ms"),
        Figure(f"`zx check`, {lines} lines, cold", over["cold"], "≤ 150 ms"),
        Figure(f"`zx check`, {lines} lines, warm", over["warm"], "≤ 40 ms"),
    ]


def rule_lines(folder: Path) -> int:
    """Lines of rules in the workspace, tests left out."""
    used = [path for path in sorted((folder / "rules").glob("*.zx")) if not path.stem.endswith("_test")]
    return sum(path.read_text("utf-8").count("\n") for path in used)


def spent(words: list[str], environment: dict[str, str]) -> float:
    """Processor seconds of one process."""
    with Path(os.devnull).open("wb") as nowhere:
        process = subprocess.Popen(words, stdout=nowhere, stderr=nowhere, env=environment)
        _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime


def language(rounds: int) -> list[Figure]:
    """Parsing and formatting texts made of the starter rules, and judging with and without explaining."""
    rules = text_of_rules(4000)
    rows = text_of_rows(15000)
    many = text_of_rules(10000)
    messy = re.sub("(?m)^  (?=[a-zA-Z])", "    ", many.replace(" = ", "  =  "))
    for text in (rules, rows, many, messy):
        made, diagnostics = format_text(text, "warm.zx")
        if made is None or diagnostics:
            raise SystemExit(f"a text of the bench is not read whole: {diagnostics[0].message}")
    parsed = best_of(rounds, lambda: parse(rules, "rules.zx"))
    table = best_of(rounds, lambda: parse(rows, "rows.zx"))
    laid = best_of(rounds, lambda: format_text(many, "many.zx"))
    tidied = best_of(rounds, lambda: format_text(messy, "messy.zx"))
    return [
        Figure("parse rules", f"{rules.count(chr(10)) / parsed:,.0f} lines/s", "≥ 20,000"),
        Figure("parse table rows", f"{rows.count(chr(10)) / table:,.0f} rows/s", "≥ 60,000"),
        Figure("format 10,000 lines that need it", f"{tidied:.2f} s", "≤ 1.5 s"),
        Figure("format 10,000 lines that do not", f"{laid:.2f} s", "≤ 1.5 s"),
    ]


def best_of(rounds: int, work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def text_of_rules(lines: int) -> str:
    """The starter's maps again and again, each time under other names, in all so many lines."""
    text = (ROOT / "rules" / "invoices.zx").read_text("utf-8")
    text = text[text.index("## Zoho invoices") :]
    made, number = "", 0
    while made.count("\n") < lines:
        number += 1
        made += text.replace("map invoices:", f"map invoices{number}:").replace("of invoices:", f"of invoices{number}:")
    return made


def text_of_rows(rows: int) -> str:
    body = "".join(f"| PART{number} | {200 + number % 800} |\n" for number in range(rows))
    return "table account(Code: text) -> text\n| Code | Account |\n" + body
