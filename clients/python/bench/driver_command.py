"""What the drivers of `make bench-clients` are asked for, and what both of them need."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from cachetools import TTLCache

from reprise import Lookup, NearCacheOptions, NearCacheStats
from reprise.v1 import cache_service_pb2

Answer: TypeAlias = dict[str, Any]

READS = 1000
"""Reads between two looks at the clock."""
MAX_LAG = 5
"""Deliberate: longer than the default, so that a machine that stalls for a second does not turn hits into calls."""
DEADLINE = 20
"""Seconds for a call."""
READY_WITHIN = 30
"""Seconds until a near cache serves."""
TTL = 600
"""Seconds for what is computed."""


@dataclass(frozen=True)
class Command:
    """A measurement that the orchestrator asks for."""

    do: str
    """What is measured: `hits`, `gets`, `batches`, `latencies` or `changes`."""
    who: str
    """Who does it; each measurement knows its own contestants."""
    address: str
    namespace: str
    keys: list[str]
    """Keys that the server has."""
    value_bytes: int
    """The size of each value."""
    seconds: float
    callers: int
    """Callers at the same time."""
    rate: int
    """Changes a second."""

    @staticmethod
    def parse(line: str) -> Command:
        """Reads a line of JSON."""
        fields = json.loads(line)
        return Command(
            do=fields["do"],
            who=fields["who"],
            address=fields["address"],
            namespace=fields["namespace"],
            keys=fields["keys"],
            value_bytes=fields["valueBytes"],
            seconds=fields["seconds"],
            callers=fields["callers"],
            rate=fields["rate"],
        )

    @property
    def reads(self) -> list[str]:
        """The keys again and again, READS in all."""
        return (self.keys * (READS // len(self.keys) + 1))[:READS]

    def near(self) -> NearCacheOptions:
        """The options of a near cache."""
        return NearCacheOptions(max_lag=MAX_LAG, share_decoded=self.who == "shared")

    def get_request(self) -> cache_service_pb2.GetRequest:
        """A Get of the first key."""
        return cache_service_pb2.GetRequest(namespace=self.namespace, key=self.keys[0])

    def batch_request(self) -> cache_service_pb2.BatchGetRequest:
        """A BatchGet of all keys."""
        return cache_service_pb2.BatchGetRequest(namespace=self.namespace, keys=self.keys)

    def compute_key(self, call: int) -> str:
        """The key of a getOrCompute: of one that hits, or a new one."""
        return f"compute:{RUN}:{call}" if self.who == "miss" else self.keys[0]


RUN = f"{time.time_ns():x}"


class Counter:
    """Counts operations, and the time and CPU time that pass."""

    def __init__(self, seconds: float) -> None:
        self.operations = 0
        self._began = time.perf_counter()
        self._cpu_began = time.process_time()
        self._end = self._began + seconds

    def is_over(self) -> bool:
        """Tells whether the time is over."""
        return time.perf_counter() >= self._end

    def counted(self) -> Answer:
        """Returns what was counted until now."""
        seconds, cpu_seconds = time.perf_counter() - self._began, time.process_time() - self._cpu_began
        return {"operations": self.operations, "seconds": seconds, "cpuSeconds": cpu_seconds}


def local_read(command: Command) -> Callable[[str], bytes]:
    """Returns a read of what a program would use without a near cache."""
    values = {key: bytes(command.value_bytes) for key in command.keys}
    if command.who == "map":
        return values.__getitem__
    cache: TTLCache[str, bytes] = TTLCache(10_000, 3600)
    cache.update(values)
    lock = threading.Lock()

    def read(key: str) -> bytes:
        with lock:
            return cache[key]

    return read


def checked_reads(found: int, command: Command) -> int:
    """Returns how many reads found so many bytes; raises unless it is all of them."""
    if found != READS * command.value_bytes:
        raise RuntimeError("a read found something else")
    return READS


def served(before: NearCacheStats | None, after: NearCacheStats | None) -> float:
    """Returns the share of the reads between two readings that the near cache answered."""
    if before is None or after is None:
        raise RuntimeError("there is no near cache")
    hits, misses = after.hits - before.hits, after.misses - before.misses
    return hits / (hits + misses)


def check_get(response: Any, command: Command) -> None:
    """Raises unless a stub's Get is a hit of the right size."""
    if len(response.hit.value) != command.value_bytes:
        raise RuntimeError("a call brought something else")


def check_batch(response: Any, command: Command) -> None:
    """Raises unless a stub's BatchGet is all hits of the right size."""
    for result in response.results:
        check_get(result, command)
    check_count(len(response.results), command)


def check_lookup(found: Lookup, command: Command) -> None:
    """Raises unless a client's read is a hit of the right size."""
    if not found or len(found.value) != command.value_bytes:
        raise RuntimeError("a call brought something else")


def check_lookups(found: dict[str, Lookup], command: Command) -> None:
    """Raises unless a client's read of many is all hits of the right size."""
    for each in found.values():
        check_lookup(each, command)
    check_count(len(found), command)


def check_count(count: int, command: Command) -> None:
    """Raises unless a batch brought as many as there are keys."""
    if count != len(command.keys):
        raise RuntimeError("a batch brought fewer keys")
