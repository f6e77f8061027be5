"""The bench: `make bench`, or bench/run.py [--documents N] [--rounds N] [--write PAGE] (bench/README.md).

Every measurement is a process of its own and counts its processor time, not the clock: the machine may be shared.
Rounds are interleaved, each peer once in a round, and the least of all rounds stands in the table. Outputs are
compared with the reference, document by document, before any figure is given.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from engine_figures import Figure, figures

HERE = Path(__file__).resolve().parent
PEERS = HERE / "peers"
REFERENCE = "py_idiomatic"
START, END = "<!-- bench: begin -->", "<!-- bench: end -->"


@dataclass(frozen=True)
class Peer:
    """One way to do the task. ``tool`` must be there for it to run; ``command`` where it is no module of ours."""

    name: str
    label: str
    modes: tuple[str, ...] = ("map", "stream")
    tool: str = ""


ALL = (
    Peer(REFERENCE, "hand-written Python, Decimal (the reference)"),
    Peer("py_exact", "the reference on documents with exact numbers"),
    Peer("py_totals", "the reference adding up the lines' own totals"),
    Peer("zx_rules", "**the task as `.zx` rules**, exact"),
    Peer("py_fast", "hand-optimised Python, doubles where they are provably exact"),
    Peer("node_plain", "hand-written JavaScript (V8), doubles", tool="node"),
    Peer("jq", "jq, doubles", ("stream",), tool="jq"),
)


@dataclass(frozen=True)
class Run:
    documents: int
    cpu: float
    megabytes: float

    @property
    def rate(self) -> float:
        return self.documents / self.cpu


def command(peer: Peer, mode: str, source: Path, target: Path) -> list[str]:
    if peer.name == "jq":
        tables = json.loads((HERE / "tables.json").read_text("utf-8"))
        given = [word for name, rows in tables.items() for word in ("--argjson", name, json.dumps(rows))]
        return ["jq", "-c", *given, "-f", str(PEERS / "invoice.jq"), str(source)]
    driver = ["node", "drive.mjs"] if peer.tool == "node" else [sys.executable, "drive.py"]
    return [*driver, peer.name, mode, str(source), str(target)]


def measured(peer: Peer, mode: str, source: Path, target: Path, documents: int) -> Run:
    words = command(peer, mode, source, target)
    if peer.name != "jq":
        said = json.loads(subprocess.run(words, cwd=PEERS, check=True, stdout=subprocess.PIPE, text=True).stdout)
        return Run(said["n"], said["cpu"], said["mb"])
    with target.open("wb") as out:
        process = subprocess.Popen(words, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("jq failed")
    return Run(documents, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def differences(wanted: Path, found: Path) -> tuple[int, int, Any]:
    """Documents compared, documents that differ, and the first of them. Numbers compare by value."""
    total = bad = 0
    first = None
    with wanted.open(encoding="utf-8") as left, found.open(encoding="utf-8") as right:
        for one, other in zip_longest(map(json.loads, left), map(json.loads, right)):
            total += 1
            if one != other:
                bad += 1
                first = first or (one, other)
    return total, bad, first


def peers_table(runs: dict[tuple[str, str], list[Run]], equal: dict[str, str]) -> list[str]:
    rows = [
        "| engine | map, documents/s | ratio | JSON to JSON, documents/s | ratio | peak MB | equal outputs |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    best = {key: max(run.rate for run in found) for key, found in runs.items()}
    for peer in ALL:
        if peer.name not in equal:
            continue
        cells = []
        for mode in ("map", "stream"):
            rate = best.get((peer.name, mode))
            ratio = "–" if rate is None else f"{rate / best[REFERENCE, mode]:.2f}×"
            cells += ["–" if rate is None else f"{rate:,.0f}", ratio]
        memory = max(run.megabytes for run in runs[peer.name, "stream"])
        rows.append(f"| {peer.label} | {' | '.join(cells)} | {memory:.0f} | {equal[peer.name]} |")
    return rows


def figures_table(found: list[Figure]) -> list[str]:
    rows = ["| what | measured | bar |", "| --- | --: | --: |"]
    return rows + [f"| {figure.what} | {figure.value} | {figure.bar} |" for figure in found]


def compared(documents: int, rounds: int, work: Path) -> list[str]:
    """The table of the mapping task. Ends the run when an output differs."""
    source = work / "invoices.jsonl"
    subprocess.run([sys.executable, HERE / "make_invoices.py", str(documents), source], check=True)
    here = [peer for peer in ALL if not peer.tool or shutil.which(peer.tool)]
    for peer in ALL:
        if peer not in here:
            print(f"{peer.label}: left out, {peer.tool} is not installed", file=sys.stderr)
    runs: dict[tuple[str, str], list[Run]] = {}
    equal: dict[str, str] = {}
    for number in range(rounds):
        for peer in here:
            for mode in peer.modes:
                target = work / f"{peer.name}.jsonl"
                runs.setdefault((peer.name, mode), []).append(measured(peer, mode, source, target, documents))
            if number == 0:
                total, bad, first = differences(work / f"{REFERENCE}.jsonl", target)
                if bad:
                    raise SystemExit(f"{peer.name} differs in {bad} of {total} documents, first:\n{first}")
                equal[peer.name] = f"{total:,} of {total:,}"
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    return peers_table(runs, equal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", type=Path, help="put the tables into this page, between its marks")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tables = compared(given.documents, given.rounds, Path(folder))
        tables += ["", *figures_table(figures(given.rounds, Path(folder)))]
    about = f"{given.documents:,} documents, best of {given.rounds} rounds, Python {platform.python_version()}."
    text = "\n".join([about, "", *tables])
    print(text)
    if given.write is not None:
        page = given.write.read_text("utf-8")
        before, rest = page.split(START)
        after = rest.split(END)[1]
        given.write.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
