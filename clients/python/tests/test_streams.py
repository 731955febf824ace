"""Subscriptions and the near cache against real servers."""

from __future__ import annotations

import asyncio
import threading

import pytest
from servers import Server, eventually, free_port

from reprise import AsyncClient, Change, Client, NearCacheOptions, NotFound, Progress, Reset, State, Subscription


def next_change(subscription: Subscription) -> Change:
    while True:
        message = subscription.take(30)
        assert message is not None
        if isinstance(message, Change):
            return message


def ready(subscription: Subscription) -> None:
    eventually(lambda: subscription.state is State.READY)


def test_it_tells_what_others_change(server: Server, key: str) -> None:
    with (
        Client(server.target) as writer,
        Client(server.target) as reader,
        reader.subscribe(prefixes=[f"{key}:"]) as heard,
    ):
        ready(heard)
        stored = writer.set(f"{key}:a", 1)
        writer.set("elsewhere", 1)
        writer.invalidate_tags(["some"], mark_stale=True)
        writer.delete(f"{key}:a")
        changes = [next_change(heard) for _ in range(3)]
        assert [change.cause for change in changes] == ["SET", "TAG", "DELETE"]
        assert changes[0].key == f"{key}:a"
        assert changes[0].revision == stored.revision
        assert (changes[1].tag, changes[1].mode) == ("some", "MARK_STALE")


def test_own_changes_are_told_only_where_that_is_asked_for(client: Client, key: str) -> None:
    with (
        client.subscribe(keys=[key, f"{key}:end"]) as without,
        client.subscribe(keys=[key], include_own=True) as with_own,
        Client(client._targets) as other,
    ):
        ready(without)
        ready(with_own)
        client.set(key, 1)
        assert next_change(with_own).key == key
        other.set(f"{key}:end", 1)
        assert next_change(without).key == f"{key}:end"


def test_a_subscription_goes_on_after_the_token_of_another(server: Server, client: Client, key: str) -> None:
    with client.subscribe(keys=[key], include_own=True) as first:
        ready(first)
        client.set(key, 1)
        next_change(first)
        token = first.token
    second = client.set(key, 2)
    with client.subscribe(keys=[key], include_own=True, resume_token=token) as again:
        assert next_change(again).revision == second.revision


def test_iterating_ends_when_it_is_closed_by_another_thread(client: Client) -> None:
    subscription = client.subscribe()
    ended = threading.Event()

    def listen() -> None:
        for _ in subscription:
            pass
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    ready(subscription)
    subscription.close()
    assert ended.wait(30)
    assert subscription.state is State.CLOSED


def test_progress_comes_when_nothing_happens(client: Client) -> None:
    with client.subscribe(keys=["nobody"], progress_interval=0.1) as subscription:
        eventually(lambda: isinstance(subscription.take(1), Progress))


def test_what_no_retry_heals_is_raised(server: Server) -> None:
    with Client(server.target, namespace="nowhere") as client, client.subscribe() as subscription:
        with pytest.raises(NotFound):
            for _ in subscription:
                pass
        assert subscription.state is State.CLOSED


def test_closing_the_client_ends_its_subscriptions(server: Server) -> None:
    client = Client(server.target)
    subscription = client.subscribe()
    ready(subscription)
    client.close()
    assert list(subscription.changes()) == []
    assert subscription.state is State.CLOSED


def test_after_a_restart_it_is_told_that_changes_may_be_missing() -> None:
    """Goal: a new history is never taken for the old one. Method: the server is killed and begins anew on its port."""
    port = free_port()
    server = Server(port=port)
    states: list[State] = []
    try:
        with Client(server.target) as client, client.subscribe(include_own=True, on_state=states.append) as heard:
            ready(heard)
            client.set("k", 1)
            next_change(heard)
            server.kill()
            eventually(lambda: heard.state is not State.READY)
            server = Server(port=port)
            ready(heard)
            eventually(lambda: client.set("k", 2))
            seen = []
            while not (seen and isinstance(seen[-1], Change)):
                seen.append(heard.take(30))
            assert any(isinstance(message, Reset) for message in seen)
            assert State.STALE in states
            assert State.RESETTING in states
    finally:
        server.stop()


async def test_the_asyncio_client_listens_too(server: Server, key: str) -> None:
    async with AsyncClient(server.target) as client, client.subscribe(keys=[key], include_own=True) as heard:
        while heard.state is not State.READY:
            await asyncio.sleep(0.01)
        await client.set(key, 1)
        async for change in heard:
            assert change.key == key
            break
        assert await heard.take(0.01) is None or heard.state is State.READY
        waiting = asyncio.create_task(heard.take())
        heard.close()
        while (message := await heard.take(1)) is not None:
            assert not isinstance(message, Change)
        await asyncio.wait_for(waiting, 30)


# The near cache


def serving(client: Client) -> bool:
    stats = client.near_cache_stats()
    assert stats is not None
    return stats.serving


def served(client: Client, key: str) -> bool:
    """Reads, and tells whether the near cache answered."""
    before = client.near_cache_stats()
    client.get(key)
    after = client.near_cache_stats()
    assert before is not None
    assert after is not None
    return after.hits > before.hits


def test_what_was_read_is_served_without_a_call_until_it_changes(server: Server, key: str) -> None:
    """Goal: coherence from end to end. Method: another client writes; within the lag the new value is there."""
    with Client(server.target, near_cache=NearCacheOptions(max_lag=2)) as near, Client(server.target) as other:
        other.set(key, "old", ttl=60, tags=[f"{key}-tag"])
        eventually(lambda: serving(near))
        eventually(lambda: served(near, key))
        assert near.get(key).value == "old"
        other.set(key, "new", ttl=60, tags=[f"{key}-tag"])
        eventually(lambda: near.get(key).value == "new")
        eventually(lambda: served(near, key))
        other.invalidate_tags([f"{key}-tag"])
        eventually(lambda: near.get(key).miss)


def test_own_writes_are_seen_at_once(server: Server, key: str) -> None:
    with Client(server.target, near_cache=True) as near:
        for number in range(50):
            near.set(key, number, ttl=60)
            assert near.get(key).value == number


def test_negatives_and_batches_are_served_too(server: Server, key: str) -> None:
    with Client(server.target, near_cache=True) as near, Client(server.target) as other:
        other.set_negative(key, ttl=30)
        other.set(f"{key}:v", b"bytes", ttl=60, codec="raw")
        eventually(lambda: serving(near))
        eventually(lambda: served(near, key) and served(near, f"{key}:v"))
        assert near.get(key).negative
        found = near.get_many([key, f"{key}:v"])
        assert found[key].negative
        assert found[f"{key}:v"].value == b"bytes"
        assert near.get(f"{key}:v").value is near.get(f"{key}:v").value


def test_it_stops_serving_when_the_server_falls_silent() -> None:
    """Goal: never stale in silence. Method: the server is stopped in its tracks, with its connection open."""
    server = Server()
    try:
        with Client(server.target, near_cache=True, deadline=10) as near:
            near.set("k", 1, ttl=60)
            eventually(lambda: serving(near) and served(near, "k"))
            server.pause()
            eventually(lambda: not serving(near))
            server.go_on()
            eventually(lambda: serving(near))
    finally:
        server.stop()


async def test_the_asyncio_client_has_one_too(server: Server, key: str) -> None:
    async with AsyncClient(server.target, near_cache=True) as near:
        await near.set(key, 1, ttl=60)
        stats = near.near_cache_stats()
        assert stats is not None
        while stats.hits == 0:
            assert (await near.get(key)).value == 1
            await asyncio.sleep(0.01)
            stats = near.near_cache_stats()
            assert stats is not None
        found = await near.get_or_compute(key, 60, lambda: 2)
        assert found.value == 1
