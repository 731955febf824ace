"""Connections that are half-open: found in time, and no call waits for them beyond its deadline.

The bound of 15 s is made of two settings, which are shorter here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers import Server, eventually
from swallowing_proxy import SwallowingProxy

from reprise import AsyncClient, Client, DeadlineExceeded, State, target


@pytest.fixture
def proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[SwallowingProxy]:
    assert target.KEEPALIVE_AFTER_S + target.KEEPALIVE_TIMEOUT_S == 15
    monkeypatch.setattr(target, "KEEPALIVE_AFTER_S", 0.3)
    monkeypatch.setattr(target, "KEEPALIVE_TIMEOUT_S", 0.7)
    opened = SwallowingProxy(server.port)
    yield opened
    opened.close()


def test_a_half_open_connection_is_found_and_left(proxy: SwallowingProxy, key: str) -> None:
    """Goal: a stream does not wait for ever on a dead connection.

    Method: the stream's own bound for silence, three intervals, is far away, so that only the keepalive finds it.
    """
    states: list[State] = []
    with (
        Client(proxy.target, deadline=20) as client,
        client.subscribe(progress_interval=30, on_state=states.append) as subscription,
    ):
        eventually(lambda: subscription.state is State.READY)
        states.clear()
        proxy.swallow()
        eventually(lambda: State.STALE in states)
        eventually(lambda: subscription.state is State.READY)
        assert proxy.opened == 2
        client.set(key, 1, ttl=60)
        assert client.get(key).value == 1


def test_a_call_on_a_half_open_connection_ends_by_its_deadline(proxy: SwallowingProxy, key: str) -> None:
    with Client(proxy.target, deadline=20) as client:
        client.set(key, 1, ttl=60)
        proxy.swallow()
        with pytest.raises(DeadlineExceeded):
            client.get(key, deadline=0.1)
        # The next one has the time to find out, and goes over another connection.
        assert client.get(key).value == 1
        assert proxy.opened == 2


async def test_a_call_of_a_task_on_a_half_open_connection_ends_by_its_deadline(
    proxy: SwallowingProxy, key: str
) -> None:
    async with AsyncClient(proxy.target, deadline=20) as client:
        await client.set(key, 1, ttl=60)
        proxy.swallow()
        with pytest.raises(DeadlineExceeded):
            await client.get(key, deadline=0.1)
        assert (await client.get(key)).value == 1
        assert proxy.opened == 2
