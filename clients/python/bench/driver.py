"""The driver of `make bench-clients`.

It reads commands from stdin, a JSON object a line, measures one after the other, and answers each with one line: what
was measured, or an error.

Run: `.venv/bin/python -u bench/driver.py sync`, or `asyncio`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable

import driver_asyncio
import driver_sync
from driver_command import Answer, Command


def main(flavour: str) -> None:
    """Answers until stdin ends."""
    measure: Callable[[Command], Answer] = (
        driver_sync.measure if flavour == "sync" else lambda command: asyncio.run(driver_asyncio.measure(command))
    )
    for line in sys.stdin:
        try:
            answer = measure(Command.parse(line))
        except Exception as error:  # Whatever it is, the orchestrator tells it.
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
