"""Runs one Python peer: drive.py PEER map|stream INPUT OUTPUT; one JSON line of measurements to stdout.

A peer is a module with map_one(dict) -> dict | None, or map_text(str) -> iterable of str for engines that read and
write JSON themselves. NUMBERS = "exact": its documents hold Decimals, "double" (the default) floats.
"""

import gc
import json
import resource
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Any

sys.dont_write_bytecode = True
READ: dict[str, Callable[[str], Any]] = {
    "double": json.loads,
    "exact": partial(json.loads, parse_float=Decimal, parse_int=Decimal),
}
WRITE: dict[str, Callable[[Any], str]] = {
    "double": partial(json.dumps, ensure_ascii=False),
    "exact": partial(json.dumps, ensure_ascii=False, default=float),
}


def time_map(peer: Any, source: Path) -> tuple[int, float]:
    """Documents and CPU seconds, documents in memory; the best of three passes."""
    read = READ[getattr(peer, "NUMBERS", "double")]
    documents = [read(line) for line in source.open(encoding="utf-8")]
    map_one = peer.map_one
    gc.collect()
    gc.freeze()
    best = float("inf")
    for _ in range(3):
        started = process_time()
        for document in documents:
            map_one(document)
        best = min(best, process_time() - started)
    return len(documents), best


def time_stream(peer: Any, source: Path, target: Path) -> tuple[int, float]:
    """Documents and CPU seconds from a file of JSON lines to a file of JSON lines."""
    numbers = getattr(peer, "NUMBERS", "double")
    read, write = READ[numbers], getattr(peer, "write", WRITE[numbers])
    count, started = 0, process_time()
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        for line in lines:
            count += 1
            if hasattr(peer, "map_text"):
                out.writelines(f"{text}\n" for text in peer.map_text(line))
                continue
            made = peer.map_one(read(line))
            if made is not None:
                out.write(write(made) + "\n")
    return count, process_time() - started


def main() -> None:
    name, mode, source, target = sys.argv[1:]
    peer = import_module(name)
    if mode == "map":
        count, seconds = time_map(peer, Path(source))
    else:
        count, seconds = time_stream(peer, Path(source), Path(target))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"n": count, "cpu": seconds, "mb": megabytes}))


if __name__ == "__main__":
    main()
