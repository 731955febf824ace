"""Every call of the blocking client against a real server."""

from __future__ import annotations

from datetime import timedelta

import grpc
import pytest
from servers import Server, eventually

import reprise
from reprise import (
    ABSENT,
    NEGATIVE,
    PRESENT,
    BatchError,
    Client,
    CodecError,
    Condition,
    InvalidArgument,
    NotFound,
    RepriseError,
    SetItem,
)


@pytest.mark.parametrize("value", [None, 0, "", [], {}, False, {"a": [1, 2.5, "ü", None]}, 2**80])
def test_a_value_comes_back_as_it_was(client: Client, key: str, value: object) -> None:
    assert client.set(key, value, ttl=60).stored
    found = client.get(key)
    assert found
    assert found.hit
    assert found.value == value
    assert type(found.value) is type(value)
    assert found.value_or("default") == value


def test_hit_negative_and_miss_are_three_answers(client: Client, key: str) -> None:
    """Goal: nobody takes one for another (lesson 23). Method: each, and what it says of itself."""
    miss = client.get(key)
    assert (miss.kind, miss.miss, bool(miss), miss.reason) == ("miss", True, False, "UNKNOWN")
    assert miss.fence
    client.set_negative(key, ttl=30)
    negative = client.get(key)
    assert (negative.kind, negative.negative, bool(negative)) == ("negative", True, False)
    assert negative.value_or("default") == miss.value_or("default") == "default"
    for found in (miss, negative):
        with pytest.raises(LookupError):
            _ = found.value
    client.set(key, NEGATIVE, ttl=30)
    assert client.get(key).negative


def test_an_entry_has_a_lifetime_and_tags(client: Client, key: str) -> None:
    stored = client.set(key, 1, ttl=timedelta(seconds=50), stale_window=10, tags=["a", "b"])
    assert 49 < stored.fresh_for <= 50
    assert 59 < stored.keep_for <= 60
    found = client.get(key, with_tags=True)
    assert set(found.tags) == {"a", "b"}
    assert 40 < found.fresh_for <= 50
    assert found.revision == stored.revision
    assert client.get(key, if_revision_not=stored.revision).not_modified
    assert client.get(key, at_least=[stored.token]).hit
    assert client.get(key, latest=True).hit


def test_a_stale_entry_is_served_only_where_that_is_allowed(client: Client, key: str) -> None:
    client.set(key, 1, ttl=0.05, stale_window=60)
    eventually(lambda: client.get(key).miss)
    stale = client.get(key, allow_stale=True)
    assert stale.hit
    assert stale.stale
    assert stale.fresh_for == 0


def test_conditions_are_results(client: Client, key: str) -> None:
    assert client.set(key, 1, condition=PRESENT).reason == "ABSENT"
    first = client.set(key, 1, condition=ABSENT)
    assert first.stored
    assert client.set(key, 2, condition=ABSENT).reason == "PRESENT"
    second = client.set(key, 2, condition=Condition(revision=first.revision))
    assert second.stored
    refused = client.set(key, 3, condition=Condition(revision=first.revision))
    assert (refused.stored, refused.reason, refused.revision) == (False, "REVISION_MISMATCH", second.revision)
    client.delete(key)
    fence = client.get(key).fence
    client.set(key, 4)
    assert client.set(key, 5, condition=Condition(fence=fence)).reason == "FENCE_OVERTAKEN"
    with pytest.raises(ValueError, match="exactly one"):
        Condition(absent=True, present=True)


def test_touch_delete_and_exists(client: Client, key: str) -> None:
    assert not client.touch(key, ttl=10)
    assert not client.exists(key)
    client.set(key, 1, ttl=5)
    assert client.touch(key, ttl=100).fresh_for > 90
    assert client.exists(key).exists
    assert client.delete(key).existed
    assert not client.delete(key).existed
    client.set_negative(key)
    assert client.exists(key).negative


def test_counters(client: Client, key: str) -> None:
    assert client.increment(key, 5, initial=10, ttl=60).value == 15
    assert client.increment(key, -20).value == -5
    assert client.get(key).value == "-5"
    assert client.increment(key, 2**63 - 1).value == 2**63 - 6
    assert client.increment(key, 100).reason == "OVERFLOW"
    client.set(key, {"a": 1})
    assert client.increment(key).reason == "NOT_A_COUNTER"


def test_batches(client: Client, key: str) -> None:
    keys = [f"{key}:{number}" for number in range(5)]
    assert all(client.set_many(dict.fromkeys(keys[:3], "v"), ttl=60, tags=[key]))
    found = client.get_many(keys)
    assert list(found) == keys
    assert [lookup.kind for lookup in found.values()] == ["hit"] * 3 + ["miss"] * 2
    assert client.get_many([]) == {}
    assert client.invalidate_tags([key], dry_run=True).affected == 3
    assert [result.existed for result in client.delete_many(keys)] == [True] * 3 + [False] * 2


def test_a_batch_of_more_than_a_thousand_becomes_several_calls(client: Client, key: str) -> None:
    many = {f"{key}:{number}": number for number in range(2500)}
    assert len(client.set_many(many, ttl=60)) == 2500
    found = client.get_many(many)
    assert {name: lookup.value for name, lookup in found.items()} == many
    assert sum(result.existed for result in client.delete_many(many)) == 2500


def test_answers_that_do_not_fit_into_a_message_are_asked_for_again(server: Server, key: str) -> None:
    with Client(server.target, codec="raw", deadline=30) as client:
        many = {f"{key}:{number}": bytes(6_000_000) for number in range(4)}
        client.set_many(many, ttl=60)
        assert [len(lookup.value) for lookup in client.get_many(many).values()] == [6_000_000] * 4
        client.delete_many(many)


def test_one_bad_item_of_a_batch_leaves_the_others(client: Client, key: str) -> None:
    items = [SetItem(key, 1), SetItem("", 2), SetItem(f"{key}:nan", float("nan")), SetItem(f"{key}:3", 3, ttl=5)]
    with pytest.raises(BatchError) as caught:
        client.set_many(items, ttl=60)
    results = caught.value.results
    assert results[0].stored
    assert isinstance(results[1], InvalidArgument)
    assert isinstance(results[2], CodecError)
    assert results[3].fresh_for <= 5
    assert client.get_many([key, f"{key}:3"])[key].value == 1


def test_invalidations(client: Client, key: str) -> None:
    client.set_many([SetItem(f"{key}:a:{n}", n, tags=(f"{key}-tag",)) for n in range(3)], ttl=60)
    assert client.invalidate_keys([f"{key}:a:0"]).token
    assert client.get(f"{key}:a:0").reason == "INVALIDATED"
    assert client.invalidate_prefix(f"{key}:a:", affected_max=1).refused == "TOO_MANY_AFFECTED"
    assert client.get(f"{key}:a:1").hit
    assert client.invalidate_prefix(f"{key}:a:", mark_stale=True)
    assert client.get(f"{key}:a:1").miss
    done = client.invalidate_tags([f"{key}-tag"], wait="NODES")
    assert done.receipt[0].state in ("APPLIED", "STREAMED")
    with pytest.raises(ValueError, match="wait is one of"):
        client.invalidate_tags(["t"], wait="SOON")
    with pytest.raises(TypeError, match="several texts"):
        client.invalidate_tags("tag")


def test_invalidate_all_covers_everything(key: str) -> None:
    own = Server()
    try:
        with Client(own.target) as client:
            client.set(key, 1)
            assert client.invalidate_all()
            assert client.get(key).reason == "INVALIDATED"
    finally:
        own.stop()


def test_errors_are_typed_and_tell_no_keys(client: Client, server: Server) -> None:
    with pytest.raises(InvalidArgument) as caught:
        client.get("secret" * 1000)
    assert caught.value.reason == "KEY_TOO_LONG"
    assert caught.value.metadata["keyBytesMax"] == "1024"
    assert caught.value.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "secret" not in str(caught.value)
    with Client(server.target, namespace="nowhere") as other, pytest.raises(NotFound):
        other.get("k")
    with pytest.raises(RepriseError) as large:
        client.set("large", "x" * (9 * 1024 * 1024))
    assert large.value.reason == "VALUE_TOO_LARGE"


def test_a_message_beyond_the_limit_is_a_typed_error(client: Client, key: str) -> None:
    with pytest.raises(RepriseError) as caught:
        client.set(key, "x" * (17 * 1024 * 1024))
    assert caught.value.code is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_pass_through_does_nothing_and_says_so(server: Server, key: str) -> None:
    with Client(server.target, pass_through=True, near_cache=True) as off, Client(server.target) as on:
        assert off.set(key, 1).reason == "PASS_THROUGH"
        assert off.get(key).reason == "PASS_THROUGH"
        assert off.get_many([key])[key].reason == "PASS_THROUGH"
        assert [result.reason for result in off.set_many({key: 1})] == ["PASS_THROUGH"]
        assert off.delete(key).reason == off.delete_many([key])[0].reason == "PASS_THROUGH"
        assert off.touch(key).reason == off.increment(key).reason == "PASS_THROUGH"
        assert off.invalidate_all().refused == "PASS_THROUGH"
        assert not off.exists(key)
        assert [off.get_or_compute(key, 60, lambda n=n: n).value for n in (1, 2)] == [1, 2]
        assert on.get(key).miss


def test_targets_are_checked_before_anything_is_sent() -> None:
    for bad in ("localhost", "localhost:x", ":1", "", "localhost:99999", []):
        with pytest.raises(ValueError, match="HOST:PORT"):
            Client(bad)
    with pytest.raises(ValueError, match="another machine"):
        Client("192.0.2.1:7171")
    with pytest.raises(ValueError, match="never sent"):
        Client("192.0.2.1:7171", insecure=True, credential="secret")
    Client("192.0.2.1:7171", insecure=True).close()
    Client("[::1]:7171", credential="secret").close()
    with pytest.raises(ValueError, match="positive"):
        Client("localhost:1", deadline=0)


def test_a_closed_client_says_so(server: Server) -> None:
    client = Client(server.target)
    client.close()
    client.close()
    with pytest.raises(reprise.Closed):
        client.get("k")


def test_a_credential_is_asked_for_with_each_call(server: Server, key: str) -> None:
    asked: list[int] = []

    def credential() -> str:
        asked.append(1)
        return "text"

    with Client(server.target, credential=credential) as client:
        client.set(key, 1)
        client.get(key)
    assert len(asked) == 2
