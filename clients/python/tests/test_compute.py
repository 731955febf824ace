"""get_or_compute, of both clients, against a real server."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from servers import Redis, Server, eventually, free_port
from testing_service import TestService

from reprise import NEGATIVE, AsyncClient, Client, CodecError, RepriseError
from reprise.v1.admin_service_pb2 import CreateNamespaceRequest
from reprise.v1.admin_service_pb2_grpc import AdminServiceStub
from reprise.v1.namespace_pb2 import READ_FALLBACK_MISS, WRITE_FALLBACK_LOCAL, NamespaceSettings


class Counted:
    """A computation that counts, waits where it is told to, and throws where it is told to."""

    def __init__(self, value: Any = 1) -> None:
        self.value = value
        self.begun = 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> Any:
        self.begun += 1
        assert self.gate.wait(30)
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


def test_it_is_computed_once_and_kept(client: Client, key: str) -> None:
    compute = Counted({"a": 1})
    for _ in range(3):
        assert client.get_or_compute(key, 60, compute).value == {"a": 1}
    assert compute.begun == 1
    assert client.get(key).value == {"a": 1}


def test_threads_of_one_process_share_one_computation(client: Client, key: str) -> None:
    compute = Counted()
    compute.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(client.get_or_compute, key, 60, compute) for _ in range(8)]
        eventually(lambda: compute.begun)
        compute.gate.set()
        assert [one.result(30).value for one in asked] == [1] * 8
    assert compute.begun == 1


def test_of_two_processes_one_computes_and_the_other_gets_its_value(server: Server, key: str) -> None:
    """Goal: OneFiller across clients. Method: the second asks while the first computes."""
    first, second = Counted("first"), Counted("second")
    first.gate.clear()
    with Client(server.target) as a, Client(server.target) as b, ThreadPoolExecutor(2) as pool:
        one = pool.submit(a.get_or_compute, key, 60, first)
        eventually(lambda: first.begun)
        two = pool.submit(b.get_or_compute, key, 60, second, wait=30)
        first.gate.set()
        assert one.result(30).value == two.result(30).value == "first"
    assert second.begun == 0


def test_who_waits_too_long_computes_and_keeps_nothing_over_the_leader(server: Server, key: str) -> None:
    first, second = Counted("first"), Counted("second")
    first.gate.clear()
    with Client(server.target) as a, Client(server.target) as b, ThreadPoolExecutor(2) as pool:
        one = pool.submit(a.get_or_compute, key, 60, first)
        eventually(lambda: first.begun)
        assert b.get_or_compute(key, 60, second, wait=0.1).value == "second"
        first.gate.set()
        assert one.result(30).value == "first"


def test_an_invalidation_while_it_is_computed_keeps_the_value_out(server: Server, key: str) -> None:
    compute = Counted("old")
    compute.gate.clear()
    with Client(server.target) as a, Client(server.target) as b, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(a.get_or_compute, key, 60, compute)
        eventually(lambda: compute.begun)
        b.invalidate_keys([key])
        compute.gate.set()
        assert asked.result(30).value == "old"
        assert b.get(key).miss


def test_what_it_throws_comes_out_and_the_lease_is_handed_back(client: Client, key: str) -> None:
    with pytest.raises(ZeroDivisionError):
        client.get_or_compute(key, 60, Counted(ZeroDivisionError()))
    # With the lease still held this would wait for ten seconds.
    assert client.get_or_compute(key, 60, Counted(2), wait=0.2).value == 2
    assert client.get(key).hit


def test_a_value_that_has_no_encoding_is_told_and_hands_the_lease_back(client: Client, key: str) -> None:
    with pytest.raises(CodecError):
        client.get_or_compute(key, 60, Counted(object()))
    assert client.get_or_compute(key, 60, Counted(2), wait=0.2).value == 2


@pytest.mark.parametrize("negative_ttl", [None, 30])
def test_nothing_is_remembered_only_where_that_is_asked_for(
    client: Client, key: str, negative_ttl: float | None
) -> None:
    compute = Counted(NEGATIVE)
    for _ in range(2):
        assert client.get_or_compute(key, 60, compute, negative_ttl=negative_ttl).negative
    assert compute.begun == (1 if negative_ttl else 2)


def test_a_stale_value_is_returned_at_once_and_computed_in_the_background(client: Client, key: str) -> None:
    client.set(key, "old", ttl=0.05, stale_window=60)
    eventually(lambda: client.get(key).miss)
    compute = Counted("new")
    compute.gate.clear()
    found = client.get_or_compute(key, 60, compute, stale_window=60)
    assert (found.value, found.stale) == ("old", True)
    compute.gate.set()
    eventually(lambda: client.get(key).value_or(None) == "new")
    assert compute.begun == 1


def test_a_stale_value_in_place_of_an_error(client: Client, key: str) -> None:
    client.set(key, "old", ttl=0.05, stale_window=60)
    eventually(lambda: client.get(key).miss)
    failing = Counted(ZeroDivisionError())
    assert client.get_or_compute(key, 60, failing, stale_if_error=True).value == "old"
    assert failing.begun == 1
    with pytest.raises(ZeroDivisionError):
        client.get_or_compute(key, 60, failing)


def test_a_value_near_its_end_is_computed_early(client: Client, key: str) -> None:
    """Goal: one caller computes before the end. Method: what is asked for lives so long that all of it is the end."""
    client.set(key, "old", ttl=20)
    compute = Counted("new")
    # Fresh for less than a tenth of what is asked for, and the dice always say yes.
    client._core.chance = lambda: 1 - 1e-12
    assert client.get_or_compute(key, 1000, compute).value == "old"
    eventually(lambda: client.get(key).value_or(None) == "new")
    assert compute.begun == 1


def test_while_the_cache_is_away_it_is_computed_all_the_same() -> None:
    with Client(f"127.0.0.1:{free_port()}") as client:
        compute = Counted(5)
        assert client.get_or_compute("k", 60, compute).value == 5
        assert compute.begun == 1


UNAVAILABLE = {"failure": {"code": grpc.StatusCode.UNAVAILABLE.value[0]}}


def sets_of(testing: TestService, origin: str) -> int:
    return sum(call.metadata["reprise-origin"] == origin for call in testing.calls("reprise.v1.CacheService/Set"))


def test_what_was_computed_while_the_cache_was_away_is_not_set(
    testing_server: Server, testing: TestService, key: str
) -> None:
    """Goal: nothing that was invalidated during the computation comes back.

    Method: reads fail, everything else works; while it is computed, the key is invalidated.
    """
    with Client(testing_server.target, deadline=20) as client, Client(testing_server.target, deadline=20) as other:

        def compute() -> str:
            other.invalidate_keys([key])
            return "old"

        testing.fail("reprise.v1.CacheService/Get", **UNAVAILABLE)
        assert client.get_or_compute(key, 60, compute).value == "old"
        testing.clear()
        assert client.get(key).miss
        assert sets_of(testing, client.origin) == 0


async def test_what_a_task_computed_while_the_cache_was_away_is_not_set(
    testing_server: Server, testing: TestService, key: str
) -> None:
    async with AsyncClient(testing_server.target, deadline=20) as client:
        testing.fail("reprise.v1.CacheService/Get", **UNAVAILABLE)
        assert (await client.get_or_compute(key, 60, lambda: "value")).value == "value"
        testing.clear()
        assert (await client.get(key)).miss
        assert sets_of(testing, client.origin) == 0


def test_a_store_that_is_away_may_keep_it_on_one_node(key: str) -> None:
    """Goal: a miss with STORE_UNAVAILABLE is set, without condition and request id. Method: Redis is killed."""
    redis = Redis()
    server = Server("--redis", redis.url)
    try:
        with grpc.insecure_channel(server.target) as channel:
            settings = NamespaceSettings(read_fallback=READ_FALLBACK_MISS, write_fallback=WRITE_FALLBACK_LOCAL)
            AdminServiceStub(channel).CreateNamespace(
                CreateNamespaceRequest(name="kind", settings=settings), timeout=30, wait_for_ready=True
            )
        with Client(server.target, namespace="kind", deadline=20) as client:
            redis.stop()

            def is_away() -> bool:
                try:
                    return client.get(key).reason == "STORE_UNAVAILABLE"
                except RepriseError:
                    return False

            eventually(is_away)
            compute = Counted("value")
            assert client.get_or_compute(key, 60, compute).value == "value"
            kept = client.get(key)
            assert (kept.value_or(None), kept.unverified) == ("value", True)
            assert compute.begun == 1
    finally:
        server.stop()
        redis.stop()


def test_what_is_marked_stale_while_it_is_computed_early_stays_stale(client: Client, key: str) -> None:
    """Goal: an early refresh brings nothing back. Method: marking stale leaves the entry its revision."""
    client.set(key, "old", ttl=20, stale_window=60)
    compute = Counted("computed before the change")
    compute.gate.clear()
    client._core.chance = lambda: 1 - 1e-12
    assert client.get_or_compute(key, 1000, compute).value == "old"
    eventually(lambda: compute.begun)
    client.invalidate_keys([key], mark_stale=True)
    compute.gate.set()
    eventually(lambda: key not in client._computing._in_background)
    assert client.get(key).miss
    assert client.get(key, allow_stale=True).value == "old"


def test_a_leader_who_is_interrupted_leaves_the_others_to_begin_anew(client: Client, key: str) -> None:
    class Interrupted(BaseException):
        pass

    entered, go = threading.Event(), threading.Event()

    def interrupted() -> None:
        entered.set()
        assert go.wait(30)
        raise Interrupted

    with ThreadPoolExecutor(2) as pool:
        leader = pool.submit(client.get_or_compute, key, 60, interrupted)
        assert entered.wait(30)
        follower = pool.submit(client.get_or_compute, key, 60, Counted(3))
        go.set()
        with pytest.raises(Interrupted):
            leader.result(30)
        assert follower.result(30).value == 3


async def test_tasks_share_one_computation_and_one_may_leave(server: Server, key: str) -> None:
    """Goal: a cancelled caller ends only its own waiting. Method: the one who began it is cancelled."""
    begun = 0
    gate = asyncio.Event()

    async def compute() -> str:
        nonlocal begun
        begun += 1
        await gate.wait()
        return "value"

    async with AsyncClient(server.target) as client:
        first = asyncio.create_task(client.get_or_compute(key, 60, compute))
        second = asyncio.create_task(client.get_or_compute(key, 60, compute))
        while not begun:
            await asyncio.sleep(0.01)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        gate.set()
        assert (await second).value == "value"
        assert begun == 1


async def test_a_computation_that_nobody_waits_for_is_cancelled(server: Server, key: str) -> None:
    began, cancelled = asyncio.Event(), asyncio.Event()

    async def compute() -> str:
        began.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return ""

    async with AsyncClient(server.target) as client:
        asked = asyncio.create_task(client.get_or_compute(key, 60, compute))
        await began.wait()
        asked.cancel()
        await asyncio.wait_for(cancelled.wait(), 30)
        # The lease was handed back: nobody has to wait for it.
        assert (await client.get_or_compute(key, 60, lambda: 2, wait=5)).value == 2
