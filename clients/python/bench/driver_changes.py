"""The times of changes: what does not depend on how a program waits.

Change `n` writes `n` to key `n mod KEYS`, at a steady pace. A probe reads the key of a change a moment before it is
sent, so that the near cache has the old value, and then looks again and again until it is no longer served.
"""

from __future__ import annotations

import math
import threading
import time

from driver_command import Answer, Command

from reprise import Lookup

KEYS = 2000
"""Keys that are changed in turn."""
PROBES = 4
"""Probes that follow a change each."""
LEAD_MIN, LEAD_MAX = 0.010, 1.0
"""Seconds before a change at which its probe reads the old value: twice as long whenever that was too late, a tenth
shorter whenever it was not."""
LOOK = 0.001
"""Seconds between two looks of a probe."""
SEEN_WITHIN = 10
"""Seconds in which a change must be seen."""


class Changes:
    """Changes that are sent and seen."""

    def __init__(self, command: Command) -> None:
        self.keys = [f"changes:{number}" for number in range(KEYS)]
        self.last = int(command.rate * command.seconds)
        self.samples_us: list[int] = []
        self._command = command
        self._sent_at: dict[int, float] = {}
        self._sent = 0
        self._target = 0
        self._lead = LEAD_MIN
        self._lock = threading.Lock()
        self._began = self._newest_at = time.perf_counter()

    def begin(self) -> None:
        """The first change is due from now on."""
        self._began = self._newest_at = time.perf_counter()

    def due_in(self, change: int) -> float:
        """Returns the seconds until a change is to be sent; below 0 if it is late."""
        return self._began + change / self._command.rate - time.perf_counter()

    def key(self, change: int) -> str:
        """Returns the key of a change."""
        return self.keys[change % KEYS]

    def value(self, change: int) -> bytes:
        """Returns the value of a change."""
        return str(change).zfill(self._command.value_bytes).encode()

    def sending(self, change: int) -> None:
        """Notes that a change is sent now."""
        with self._lock:
            self._newest_at = self._sent_at[change] = time.perf_counter()
            self._sent = max(self._sent, change)

    def is_late(self, change: int) -> bool:
        """Tells whether a change was sent before its probe had read the old value."""
        with self._lock:
            late = change in self._sent_at
            self._lead = min(LEAD_MAX, self._lead * 2) if late else max(LEAD_MIN, self._lead * 0.9)
            return late

    def next_target(self) -> int | None:
        """Returns the change that a probe is to follow next; None if there is none left."""
        with self._lock:
            self._target = max(self._target + 1, self._sent + math.ceil(self._command.rate * self._lead))
            return self._target if self._target <= self.last else None

    def is_seen(self, change: int, looked: float, found: Lookup) -> bool:
        """Takes what a look found. True if it was the change; it is timed if the look was after its sending."""
        if not found:
            raise RuntimeError("a key is gone")
        if int(found.value) < change:
            if looked > self._sent_at.get(change, self._newest_at) + SEEN_WITHIN:
                raise RuntimeError("a change was not seen")
            return False
        took = looked - self._sent_at.get(change, looked)
        if took >= 0:
            self.samples_us.append(round(took * 1e6))
        return True

    def answer(self) -> Answer:
        """Returns what was measured, after the last change."""
        return {"samplesUs": self.samples_us, "perSecond": self.last / (time.perf_counter() - self._began)}
