"""The measurements of `make bench-clients` with the asyncio client: callers are tasks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import grpc.aio
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

from reprise import AsyncClient
from reprise.v1.cache_service_pb2_grpc import CacheServiceStub

UNDER_WAY_MAX = 32
"""Writes under way at most: a server that falls behind is asked for less."""


async def measure(command: Command) -> Answer:
    """Does what is asked for."""
    return await _MEASUREMENTS[command.do](command)


async def _hits(command: Command) -> Answer:
    keys = command.reads
    if command.who == "map":
        read = local_read(command)

        async def read_values() -> int:
            found = 0
            for key in keys:
                found += len(read(key))
            return found

        return await _count_reads(command, read_values)
    async with _near_client(command) as client:
        await _fill_near(client, command.keys)
        before = client.near_cache_stats()
        get = client.get

        async def read_lookups() -> int:
            found = 0
            for key in keys:
                found += len((await get(key)).value)
            return found

        counted = await _count_reads(command, read_lookups)
        return counted | {"served": served(before, client.near_cache_stats())}


async def _count_reads(command: Command, some: Callable[[], Awaitable[int]]) -> Answer:
    counter = Counter(command.seconds)
    while not counter.is_over():
        counter.operations += checked_reads(await some(), command)
        # The stream must be heard, or nothing is proven any more.
        await asyncio.sleep(0)
    return counter.counted()


async def _gets(command: Command) -> Answer:
    key = command.keys[0]
    if command.who == "stub":
        async with grpc.aio.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.get_request()

            async def ask() -> None:
                check_get(await stub.Get(request), command)

            return await _count_calls(command, ask)
    async with _client(command, batching=command.who == "batching") as client:

        async def get() -> None:
            check_lookup(await client.get(key), command)

        return await _count_calls(command, get)


async def _batches(command: Command) -> Answer:
    if command.who == "stub":
        async with grpc.aio.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.batch_request()

            async def ask() -> None:
                check_batch(await stub.BatchGet(request), command)

            counted = await _count_calls(command, ask)
    else:
        async with _client(command) as client:

            async def get() -> None:
                check_lookups(await client.get_many(command.keys), command)

            counted = await _count_calls(command, get)
    return counted | {"operations": counted["operations"] * len(command.keys)}


async def _count_calls(command: Command, call: Callable[[], Awaitable[None]]) -> Answer:
    await call()
    counter = Counter(command.seconds)

    async def caller() -> int:
        count = 0
        while not counter.is_over():
            await call()
            count += 1
        return count

    counter.operations = sum(await asyncio.gather(*(caller() for _ in range(command.callers))))
    return counter.counted()


async def _latencies(command: Command) -> Answer:
    if command.who == "stub":
        async with grpc.aio.insecure_channel(command.address) as channel:
            stub, request = CacheServiceStub(channel), command.get_request()

            async def ask(_: int) -> None:
                check_get(await stub.Get(request), command)

            return await _time_calls(command, ask)
    value = bytes(command.value_bytes)
    async with _client(command) as client:

        async def compute(call: int) -> None:
            check_lookup(await client.get_or_compute(command.compute_key(call), TTL, lambda: value), command)

        return await _time_calls(command, compute)


async def _time_calls(command: Command, call: Callable[[int], Awaitable[None]]) -> Answer:
    await call(0)
    samples: list[int] = []
    began = sent = time.perf_counter()
    while sent - began < command.seconds:
        await call(len(samples) + 1)
        answered = time.perf_counter()
        samples.append(round((answered - sent) * 1e6))
        sent = answered
    return {"samplesUs": samples, "perSecond": len(samples) / (sent - began)}


async def _changes(command: Command) -> Answer:
    changes = Changes(command)
    async with _client(command) as writer:
        await writer.set_many(dict.fromkeys(changes.keys, changes.value(0)))
        async with _near_client(command) as reader:
            await _fill_near(reader, changes.keys)
            changes.begin()
            await asyncio.gather(_write(changes, writer), *(_probe(changes, reader) for _ in range(PROBES)))
    return changes.answer()


async def _write(changes: Changes, client: AsyncClient) -> None:
    under_way = asyncio.Semaphore(UNDER_WAY_MAX)

    async def write(change: int) -> None:
        async with under_way:
            changes.sending(change)
            await client.set(changes.key(change), changes.value(change))

    writes: list[asyncio.Task[None]] = []
    for change in range(1, changes.last + 1):
        while changes.due_in(change) > 0:
            await asyncio.sleep(LOOK)
        writes.append(asyncio.create_task(write(change)))
    await asyncio.gather(*writes)


async def _probe(changes: Changes, client: AsyncClient) -> None:
    while (change := changes.next_target()) is not None:
        await client.get(changes.key(change))
        # Too late: it is not known whether the near cache ever had the old value.
        is_over = changes.is_late(change)
        while not is_over:
            looked = time.perf_counter()
            is_over = changes.is_seen(change, looked, await client.get(changes.key(change)))
            await asyncio.sleep(LOOK)


def _client(command: Command, *, batching: bool = False) -> AsyncClient:
    return AsyncClient(command.address, namespace=command.namespace, codec="raw", batching=batching, deadline=DEADLINE)


def _near_client(command: Command) -> AsyncClient:
    return AsyncClient(
        command.address, namespace=command.namespace, codec="raw", near_cache=command.near(), deadline=DEADLINE
    )


async def _fill_near(client: AsyncClient, keys: list[str]) -> None:
    give_up = time.perf_counter() + READY_WITHIN
    while (stats := client.near_cache_stats()) is None or not stats.serving or stats.entries < len(keys):
        if time.perf_counter() > give_up:
            raise TimeoutError("the near cache does not serve")
        await client.get_many(keys)
        await asyncio.sleep(LOOK)


_MEASUREMENTS = {"hits": _hits, "gets": _gets, "batches": _batches, "latencies": _latencies, "changes": _changes}
