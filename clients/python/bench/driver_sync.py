"""The measurements of `make bench-clients` with the blocking client: callers are threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc
from driver_changes import LOOK, PROBES, Changes
from driver_command import (
    DEADLINE,
    READY_WITHIN,
    TTL,
    Answer,
    Command,
    Counter,
    check_batch,
    check_get,
    check_lookup,
    check_lookups,
    checked_reads,
    local_read,
    served,
)

from reprise import Client
from reprise.v1.cache_service_pb2_grpc import CacheServiceStub

WRITERS = 8
"""Threads that write changes."""


def measure(command: Command) -> Answer:
    """Does what is asked for."""
    return _MEASUREMENTS[command.do](command)


def _hits(command: Command) -> Answer:
    keys = command.reads
    if command.who in ("map", "ttlCache"):
        read = local_read(command)

        def read_values() -> int:
            found = 0
            for key in keys:
                found += len(read(key))
            return found

        return _count_reads(command, read_values)
    with _near_client(command) as client:
        _fill_near(client, command.keys)
        before = client.near_cache_stats()
        get = client.get

        def read_lookups() -> int:
            found = 0
            for key in keys:
                found += len(get(key).value)
            return found

        counted = _count_reads(command, read_lookups)
        return counted | {"served": served(before, client.near_cache_stats())}


def _count_reads(command: Command, some: Callable[[], int]) -> Answer:
    counter = Counter(command.seconds)
    while not counter.is_over():
        counter.operations += checked_reads(some(), command)
    return counter.counted()


def _gets(command: Command) -> Answer:
    key = command.keys[0]
    if command.who == "stub":
        with grpc.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.get_request()
            return _count_calls(command, lambda: check_get(stub.Get(request), command))
    with _client(command, batching=command.who == "batching") as client:
        return _count_calls(command, lambda: check_lookup(client.get(key), command))


def _batches(command: Command) -> Answer:
    if command.who == "stub":
        with grpc.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.batch_request()
            counted = _count_calls(command, lambda: check_batch(stub.BatchGet(request), command))
    else:
        with _client(command) as client:
            counted = _count_calls(command, lambda: check_lookups(client.get_many(command.keys), command))
    return counted | {"operations": counted["operations"] * len(command.keys)}


def _count_calls(command: Command, call: Callable[[], None]) -> Answer:
    call()
    counter = Counter(command.seconds)

    def caller() -> int:
        count = 0
        while not counter.is_over():
            call()
            count += 1
        return count

    with ThreadPoolExecutor(command.callers) as pool:
        callers = [pool.submit(caller) for _ in range(command.callers)]
        counter.operations = sum(each.result() for each in callers)
    return counter.counted()


def _latencies(command: Command) -> Answer:
    if command.who == "stub":
        with grpc.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.get_request()
            return _time_calls(command, lambda _: check_get(stub.Get(request), command))
    value = bytes(command.value_bytes)
    with _client(command) as client:
        return _time_calls(
            command,
            lambda call: check_lookup(client.get_or_compute(command.compute_key(call), TTL, lambda: value), command),
        )


def _time_calls(command: Command, call: Callable[[int], None]) -> Answer:
    call(0)
    samples: list[int] = []
    began = sent = time.perf_counter()
    while sent - began < command.seconds:
        call(len(samples) + 1)
        answered = time.perf_counter()
        samples.append(round((answered - sent) * 1e6))
        sent = answered
    return {"samplesUs": samples, "perSecond": len(samples) / (sent - began)}


def _changes(command: Command) -> Answer:
    changes = Changes(command)
    with _client(command) as writer:
        writer.set_many(dict.fromkeys(changes.keys, changes.value(0)))
        with _near_client(command) as reader, ThreadPoolExecutor(WRITERS + PROBES) as pool:
            _fill_near(reader, changes.keys)
            changes.begin()
            work = [pool.submit(_write, changes, writer, first) for first in range(1, WRITERS + 1)]
            work += [pool.submit(_probe, changes, reader) for _ in range(PROBES)]
            for each in work:
                each.result()
    return changes.answer()


def _write(changes: Changes, client: Client, first: int) -> None:
    for change in range(first, changes.last + 1, WRITERS):
        time.sleep(max(0.0, changes.due_in(change)))
        changes.sending(change)
        client.set(changes.key(change), changes.value(change))


def _probe(changes: Changes, client: Client) -> None:
    while (change := changes.next_target()) is not None:
        client.get(changes.key(change))
        # Too late: it is not known whether the near cache ever had the old value.
        is_over = changes.is_late(change)
        while not is_over:
            looked = time.perf_counter()
            is_over = changes.is_seen(change, looked, client.get(changes.key(change)))
            time.sleep(LOOK)


def _client(command: Command, *, batching: bool = False) -> Client:
    return Client(command.address, namespace=command.namespace, codec="raw", batching=batching, deadline=DEADLINE)


def _near_client(command: Command) -> Client:
    return Client(
        command.address, namespace=command.namespace, codec="raw", near_cache=command.near(), deadline=DEADLINE
    )


def _fill_near(client: Client, keys: list[str]) -> None:
    give_up = time.perf_counter() + READY_WITHIN
    while (stats := client.near_cache_stats()) is None or not stats.serving or stats.entries < len(keys):
        if time.perf_counter() > give_up:
            raise TimeoutError("the near cache does not serve")
        client.get_many(keys)
        time.sleep(LOOK)


_MEASUREMENTS = {"hits": _hits, "gets": _gets, "batches": _batches, "latencies": _latencies, "changes": _changes}
