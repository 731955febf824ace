"""Fills a cache from a file: `python -m reprise.warmup FILE --target HOST:PORT`.

Each line is a JSON object with `key` and `value`, and where wanted `ttl` (seconds), `stale_window` (seconds) and
`tags`. Exit codes: 0 all were set, 1 some were not, 2 the command can't be used as it stands, 4 the server can't be
reached.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from .cache_manager import DEFAULT_TARGET
from .client import Client
from .errors import BatchError, DeadlineExceeded, RepriseError, Unavailable
from .results import SetItem

MESSAGES_MAX = 10
"""Bad lines that are told one by one; the rest are counted."""
DEADLINE_S = 30.0
"""For each batch."""


@dataclass
class Tally:
    """What became of the lines."""

    stored: int = 0
    failed: int = 0


def main(arguments: list[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reprise.warmup", description="Fills a cache from a file.")
    parser.add_argument("file", help="JSON lines {key, value, ttl, stale_window, tags}; - for standard input")
    parser.add_argument("--target", default=os.environ.get("REPRISE_TARGET") or DEFAULT_TARGET, help="HOST:PORT")
    parser.add_argument("--namespace", default="default")
    parser.add_argument("--ttl", type=float, help="seconds, for lines without one")
    parser.add_argument("--batch", type=int, default=500, help="entries of one call, 1 to 1000")
    parser.add_argument("--insecure", action="store_true", help="allow a plain connection to another machine")
    given = parser.parse_args(arguments)
    if not 1 <= given.batch <= 1000:
        parser.error("--batch is 1 to 1000")
    try:
        file = sys.stdin.buffer if given.file == "-" else open(given.file, "rb")  # noqa: SIM115
        client = Client(given.target, namespace=given.namespace, insecure=given.insecure, deadline=DEADLINE_S)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    with file, client:
        return _warm(file, client, given.ttl, given.batch)


def _warm(file: IO[bytes], client: Client, ttl: float | None, batch: int) -> int:
    tally, began = Tally(), time.monotonic()
    bar = ProgressBar(file)
    try:
        for items in _batches(_items(file, tally), batch):
            _set(client, items, ttl, tally)
            bar.show(tally.stored)
    except (Unavailable, DeadlineExceeded) as error:
        bar.end()
        print(f"reprise.warmup: the server can't be reached: {error}", file=sys.stderr)
        return 4
    except RepriseError as error:
        bar.end()
        print(f"reprise.warmup: {error}", file=sys.stderr)
        return 1
    bar.end()
    print(f"{tally.stored} stored, {tally.failed} failed, {time.monotonic() - began:.1f} s")
    return 1 if tally.failed else 0


def _items(file: IO[bytes], tally: Tally) -> Iterator[SetItem[Any]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            yield item_of(line)
        except (ValueError, TypeError) as error:
            tally.failed += 1
            if tally.failed <= MESSAGES_MAX:
                print(f"reprise.warmup: line {number}: {error}", file=sys.stderr)


def item_of(line: bytes) -> SetItem[Any]:
    """Returns the entry of a line. `ValueError` tells what is wrong with it."""
    try:
        entry = json.loads(line)
    except ValueError:
        raise ValueError("not JSON") from None
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
        raise ValueError("an object with key (a text) and value is needed")
    unknown = entry.keys() - {"key", "value", "ttl", "stale_window", "tags"}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    for name in ("ttl", "stale_window"):
        if name in entry and (isinstance(entry[name], bool) or not isinstance(entry[name], (int, float))):
            raise ValueError(f"{name} is seconds")
    tags = entry.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("tags is a list of texts")
    return SetItem(entry["key"], entry["value"], entry.get("ttl"), entry.get("stale_window"), tuple(tags))


def _batches(items: Iterator[SetItem[Any]], size: int) -> Iterator[list[SetItem[Any]]]:
    batch: list[SetItem[Any]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _set(client: Client, items: list[SetItem[Any]], ttl: float | None, tally: Tally) -> None:
    try:
        client.set_many(items, ttl=ttl)
        tally.stored += len(items)
    except BatchError as error:
        failures = [result for result in error.results if isinstance(result, RepriseError)]
        tally.stored += len(items) - len(failures)
        for failure in failures[: max(0, MESSAGES_MAX - tally.failed)]:
            print(f"reprise.warmup: {failure}", file=sys.stderr)
        tally.failed += len(failures)


class ProgressBar:
    """Shows on a terminal how much of the file is done; nothing elsewhere."""

    WIDTH = 30
    """Characters of the bar itself."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._shown = False
        try:
            self._size = os.fstat(file.fileno()).st_size if file.seekable() else 0
        except (OSError, ValueError):
            self._size = 0

    def show(self, stored: int) -> None:
        """Draws the bar anew."""
        if not sys.stderr.isatty():
            return
        self._shown = True
        share = min(1.0, self._file.tell() / self._size) if self._size else 0.0
        filled = round(share * self.WIDTH)
        bar = f"[{'#' * filled}{'.' * (self.WIDTH - filled)}] {share:4.0%} " if self._size else ""
        print(f"\r{bar}{stored} stored", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Ends the line of the bar."""
        if self._shown:
            print(file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
