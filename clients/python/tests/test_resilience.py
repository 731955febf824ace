"""What happens when servers go, processes fork, threads crowd."""

from __future__ import annotations

import asyncio
import multiprocessing
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from servers import Server, eventually, free_port

from reprise import AsyncClient, Client, Closed, DeadlineExceeded, RepriseError, Unavailable
from reprise.fork_gate import ForkGate


def test_nobody_there_is_unavailable() -> None:
    with Client(f"127.0.0.1:{free_port()}", deadline=5) as client:
        with pytest.raises(Unavailable) as caught:
            client.get("k")
        assert caught.value.reason == ""


def test_a_server_that_falls_silent_never_holds_a_call_beyond_its_deadline() -> None:
    server = Server()
    try:
        with Client(server.target, deadline=20) as client:
            client.set("k", 1)
            server.pause()
            with pytest.raises(DeadlineExceeded):
                client.get("k", deadline=0.5)
    finally:
        server.stop()


def test_with_two_servers_one_may_be_killed(fleet: tuple[Server, Server], key: str) -> None:
    """Goal: failover. Method: one of the two addresses was never anybody's, the other is; and calls go on."""
    dead = f"127.0.0.1:{free_port()}"
    for _ in range(4):
        with Client([dead, fleet[0].target]) as client:
            client.set(key, 1, ttl=60)
            assert client.get(key).value == 1


def test_a_read_on_another_node_is_not_older_than_the_own_write(fleet: tuple[Server, Server], key: str) -> None:
    """Goal: read your writes on whatever node. Method: the client is moved to the other node after each write."""
    with Client([node.target for node in fleet]) as client:
        runtime = client._open_runtime()
        for number in range(20):
            client.set(key, number, ttl=60)
            runtime._channels._current = number % 2
            assert client.get(key).value == number
            client.invalidate_tags(["whatever"])
            runtime._channels._current = (number + 1) % 2
            assert client.get(key).value == number


def test_after_a_restart_old_tokens_are_dropped() -> None:
    port = free_port()
    server = Server(port=port)
    try:
        with Client(server.target, max_lag=60, deadline=10) as client:
            client.set("k", 1)
            server.kill()
            server = Server(port=port)
            assert eventually(lambda: _quiet(lambda: client.get("k").kind)) == "miss"
    finally:
        server.stop()


def _quiet(call: Any) -> Any:
    try:
        return call()
    except RepriseError:
        return None


def test_concurrent_gets_become_few_calls(server: Server, key: str) -> None:
    """Goal: batching. Method: the calls that leave the client are counted."""
    with Client(server.target, batch_window=0.05) as client:
        called: list[str] = []
        runtime = client._open_runtime()
        plain = runtime._unary

        def counted(method: Any, *rest: Any) -> Any:
            called.append(method.name)
            return plain(method, *rest)

        runtime._unary = counted  # type: ignore[method-assign]
        client.set_many({f"{key}:{number}": number for number in range(30)}, ttl=60)
        called.clear()
        with ThreadPoolExecutor(30) as pool:
            found = list(pool.map(lambda number: client.get(f"{key}:{number}").value, range(30)))
        assert found == list(range(30))
        assert "BatchGet" in called
        assert len(called) < 30


async def test_gets_of_one_turn_become_one_call(server: Server, key: str) -> None:
    async with AsyncClient(server.target) as client:
        called: list[str] = []
        runtime = client._open_runtime()
        plain = runtime._unary

        async def counted(method: Any, *rest: Any) -> Any:
            called.append(method.name)
            return await plain(method, *rest)

        runtime._unary = counted  # type: ignore[method-assign]
        await asyncio.gather(*(client.get(f"{key}:{number % 20}") for number in range(40)))
        assert called == ["BatchGet"]
        called.clear()
        await client.get(key)
        assert called == ["Get"]


def test_one_client_serves_many_threads(server: Server, key: str) -> None:
    with Client(server.target, near_cache=True) as client:
        errors: list[BaseException] = []

        def work(worker: int) -> None:
            try:
                for number in range(50):
                    name = f"{key}:{worker}:{number % 5}"
                    client.set(name, number, ttl=60)
                    assert client.get(name).value == number
                    client.get_many([name, f"{key}:none"])
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert errors == []


def _in_child(client: Client, key: str, answers: Any, parent_origin: str) -> None:
    try:
        written = client.set(f"{key}:child", "child", ttl=60).stored
        near = client.near_cache_stats()
        answers.put(
            (client.get(key).value, written, client.origin != parent_origin, near is not None and near.hits == 0)
        )
        eventually(lambda: getattr(client.near_cache_stats(), "serving", False))
        answers.put("serving")
    except BaseException as error:
        answers.put(repr(error))


def test_a_client_works_on_both_sides_of_a_fork(server: Server, key: str) -> None:
    """Goal: fork safety.

    Method: a client with a near cache and a stream is used, then by two forked processes at once.
    """
    context = multiprocessing.get_context("fork")
    with Client(server.target, near_cache=True) as client, client.subscribe() as subscription:
        client.set(key, "parent", ttl=60)
        eventually(lambda: getattr(client.near_cache_stats(), "serving", False))
        answers = context.Queue()
        children = [
            context.Process(target=_in_child, args=(client, key, answers, client.origin), daemon=True) for _ in range(2)
        ]
        for child in children:
            child.start()
        assert client.get(key).value == "parent"
        told = [answers.get(timeout=30) for _ in range(4)]
        for child in children:
            child.join(30)
            assert child.exitcode == 0
        assert told.count(("parent", True, True, True)) == 2
        assert told.count("serving") == 2
        assert client.get(f"{key}:child").value == "child"
        client.set(key, "again", ttl=60)
        assert client.get(key).value == "again"
        assert subscription.state.value in ("READY", "STALE", "CONNECTING")


def _reads_once(client: Client, key: str, answers: Any) -> None:
    answers.put(client.get(key).value)


def test_forks_of_a_busy_process_never_hang(server: Server, key: str) -> None:
    """Goal: no child inherits a lock of gRPC. Method: many forks while other threads call and a stream is open."""
    context = multiprocessing.get_context("fork")
    done = threading.Event()
    with Client(server.target, near_cache=True, deadline=20) as client, client.subscribe():
        client.set(key, 1, ttl=600)

        def call() -> None:
            while not done.is_set():
                client.get(key, latest=True)

        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(15):
                answers = context.Queue()
                child = context.Process(target=_reads_once, args=(client, key, answers), daemon=True)
                child.start()
                assert answers.get(timeout=30) == 1
                child.join(30)
        finally:
            done.set()
            for thread in threads:
                thread.join(30)


def test_the_gate_waits_for_those_inside_and_keeps_others_out() -> None:
    gate = ForkGate()
    interrupted, entered, left = threading.Event(), threading.Event(), threading.Event()

    def stream() -> None:
        with gate.inside(interrupted.set):
            entered.set()
            assert interrupted.wait(30)
        left.set()

    threading.Thread(target=stream, daemon=True).start()
    assert entered.wait(30)
    assert gate.close()
    assert left.wait(30)
    came_in = threading.Event()

    def latecomer() -> None:
        with gate.inside():
            came_in.set()

    threading.Thread(target=latecomer, daemon=True).start()
    assert not came_in.wait(0.05)
    gate.open()
    assert came_in.wait(30)
    with gate.inside():
        assert not gate.close(0.01)
        gate.renew()
        assert gate.close(0)


def test_an_asyncio_client_refuses_to_be_used_after_a_fork(server: Server) -> None:
    client = AsyncClient(server.target)
    client._process -= 1
    with pytest.raises(RuntimeError, match="fork"):
        asyncio.run(client.get("k"))


def test_a_program_ends_although_its_client_was_never_closed(server: Server) -> None:
    program = (
        "import reprise, sys\n"
        f"client = reprise.Client('{server.target}', near_cache=True)\n"
        "subscription = client.subscribe()\n"
        "client.set('left', 1, ttl=60)\n"
        "print(client.get('left').value)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


async def test_closing_ends_what_is_running() -> None:
    server = Server()
    try:
        client = AsyncClient(server.target, deadline=30)
        await client.set("k", 1)
        server.pause()
        running = asyncio.create_task(client.get("k"))
        await asyncio.sleep(0)
        while not client._batcher._flying:  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
        await client.close()
        with pytest.raises((RepriseError, asyncio.CancelledError)):
            await asyncio.wait_for(running, 10)
    finally:
        server.stop()


def test_a_call_that_begins_while_the_client_is_closed_opens_nothing(server: Server, key: str) -> None:
    """Goal: closing ends calls at whatever moment. Method: it is closed between a call's check and its start."""

    def credential() -> str:
        client.close()
        return "secret"

    client = Client(server.target, credential=credential, deadline=20)
    with pytest.raises(Closed):
        client.get(key)
    assert client._open_runtime()._channels._open == {}


async def test_a_call_that_begins_while_the_asyncio_client_is_closed_opens_nothing(server: Server, key: str) -> None:
    async def credential() -> str:
        await client.close()
        return "secret"

    client = AsyncClient(server.target, credential=credential, deadline=20)  # type: ignore[arg-type]
    with pytest.raises(Closed):
        await client.exists(key)
    assert client._open_runtime()._channels._open == {}


def test_closing_ends_what_is_running_in_other_threads() -> None:
    server = Server()
    try:
        client = Client(server.target, deadline=30)
        client.set("k", 1)
        server.pause()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(client.get, "k")
            eventually(lambda: client._batcher._flying)  # type: ignore[union-attr]
            client.close()
            with pytest.raises(RepriseError):
                running.result(10)
    finally:
        server.stop()
