"""The rules of the near cache and its proof, in every order, without a server and without time."""

from __future__ import annotations

import itertools
import random

import pytest

from reprise.changes import Change
from reprise.near_cache import EVENTS_PER_FLIGHT_MAX, NearCache, NearEntry
from reprise.near_proof import Proof
from reprise.options import NearCacheOptions
from reprise.results import Lookup


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def entry(revision: str = "r1", *, data: bytes = b"v", tags: tuple[str, ...] = (), fresh: float = 2000.0) -> NearEntry:
    return NearEntry(data, "application/json", revision, tags, fresh)


def serving(options: NearCacheOptions | None = None) -> tuple[NearCache, Clock]:
    """Returns a near cache with a stream and a proof that is as old as nothing."""
    clock = Clock()
    near = NearCache(options or NearCacheOptions(), clock)
    near.ready("t0")
    prove(near, clock)
    return near, clock


def prove(near: NearCache, clock: Clock) -> None:
    for _ in range(2):
        question = near.question()
        assert question is not None
        near.answered(question[1], sent_at=clock.now, head="h", age=0.0, covered=question[1] != "")


def fill(near: NearCache, key: str, made: NearEntry) -> bool:
    flight = near.begin(key)
    return flight is not None and near.keep(flight, made)


SET_OWN = Change(key="k", cause="SET", revision="r1")
SET_OTHER = Change(key="k", cause="SET", revision="r2")
ELSEWHERE = Change(key="other", cause="SET", revision="r9")
TOUCH = Change(key="k", cause="TOUCH", revision="r1")
DELETE = Change(key="k", cause="DELETE", revision="r3")
MARK_STALE = Change(key="k", cause="KEY", mode="MARK_STALE", revision="r4")
TAG = Change(tag="t", cause="TAG", revision="r5")
OTHER_TAG = Change(tag="u", cause="TAG", revision="r5")
PREFIX = Change(prefix="k", cause="PREFIX", revision="r6")
ALL = Change(whole_namespace=True, cause="NAMESPACE", revision="r7")
EPOCH = Change(whole_namespace=True, cause="EPOCH")
EVENTS = [SET_OWN, SET_OTHER, ELSEWHERE, TOUCH, DELETE, MARK_STALE, TAG, OTHER_TAG, PREFIX, ALL, EPOCH]


def allowed(told: tuple[Change, ...]) -> bool:
    """Returns rule 4 in other words than the near cache's: may a Hit of r1 with the tag t enter?"""
    if any(change in (TAG, PREFIX, ALL, EPOCH) for change in told):
        return False
    of_key = [change for change in told if change.key == "k"]
    return not of_key or of_key[-1] == SET_OWN


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_hit_enters_only_if_nothing_told_meanwhile_forbids_it(count: int) -> None:
    """Goal: rule 4 holds for each sequence of events. Method: all of them, told before or in the flight."""
    for told in itertools.product(EVENTS, repeat=count):
        near, _ = serving()
        flight = near.begin("k")
        assert flight is not None
        for change in told:
            near.told([change], "t1")
        assert near.keep(flight, entry(tags=("t",))) == allowed(told), told
        assert (near.entry("k") is not None) == allowed(told), told


def test_what_was_told_before_the_read_was_sent_forbids_nothing() -> None:
    for change in EVENTS:
        near, _ = serving()
        near.told([change], "t1")
        assert fill(near, "k", entry(tags=("t",))), change


def test_an_event_drops_what_it_covers_but_not_what_it_made() -> None:
    """Goal: rule 5. Method: each event after the entry."""
    for change in EVENTS:
        near, _ = serving()
        assert fill(near, "k", entry(tags=("t",)))
        near.told([change], "t1")
        stays = change in (SET_OWN, ELSEWHERE, OTHER_TAG)
        assert (near.entry("k") is not None) == stays, change
        assert sum(near.stats().drops.values()) == (0 if stays else 1)


def test_a_reset_drops_all_forbids_what_is_on_its_way_and_needs_a_new_proof() -> None:
    near, clock = serving()
    assert fill(near, "a", entry())
    flight = near.begin("k")
    assert flight is not None
    near.reset("t9")
    assert not near.keep(flight, entry())
    assert near.entry("a") is None
    assert near.stats().resets == 1
    assert fill(near, "b", entry())
    assert near.entry("b") is None
    prove(near, clock)
    assert near.entry("b") is not None


@pytest.mark.parametrize("when", ["sent", "answered"])
def test_an_own_write_drops_the_key_and_forbids_what_is_on_its_way(when: str) -> None:
    near, _ = serving()
    assert fill(near, "k", entry())
    before = near.begin("k")
    near.own_write(["k"])
    assert near.entry("k") is None
    during = near.begin("k")
    if when == "answered":
        near.own_write(["k"])
    assert before is not None
    assert during is not None
    assert not near.keep(before, entry())
    assert near.keep(during, entry()) == (when == "sent")


def test_an_own_write_of_another_key_changes_nothing() -> None:
    near, _ = serving()
    flight = near.begin("k")
    near.own_write(["other"])
    assert flight is not None
    assert near.keep(flight, entry())


@pytest.mark.parametrize("change", [Change(tag="t"), Change(prefix="k"), Change(whole_namespace=True)])
def test_an_own_invalidation_drops_what_it_covers_and_forbids_everything_on_its_way(change: Change) -> None:
    near, _ = serving()
    assert fill(near, "k", entry(tags=("t",)))
    assert fill(near, "a", entry())
    flight = near.begin("z")
    near.own_invalidation(change)
    assert near.entry("k") is None
    assert (near.entry("a") is None) == change.whole_namespace
    assert flight is not None
    assert not near.keep(flight, entry())


@pytest.mark.parametrize(
    ("made", "flags"),
    [(entry(), {"stale": True}), (entry(), {"unverified": True}), (entry(""), {})],
)
def test_what_is_stale_unverified_or_without_a_revision_is_not_kept(made: NearEntry, flags: dict[str, bool]) -> None:
    near, _ = serving()
    flight = near.begin("k")
    assert flight is not None
    assert not near.keep(flight, made, **flags)
    assert near.stats().refused_inserts == 1


@pytest.mark.parametrize("events", [EVENTS_PER_FLIGHT_MAX, EVENTS_PER_FLIGHT_MAX + 1])
def test_a_read_during_which_too_much_happened_is_not_kept(events: int) -> None:
    near, _ = serving()
    flight = near.begin("k")
    near.told([ELSEWHERE] * events, "t1")
    assert flight is not None
    assert near.keep(flight, entry()) == (events == EVENTS_PER_FLIGHT_MAX)


def test_an_entry_is_served_only_while_it_is_fresh() -> None:
    near, clock = serving(NearCacheOptions(max_lag=100))
    assert fill(near, "k", entry(fresh=clock.now + 5))
    clock.now += 4.9
    assert near.entry("k") is not None
    clock.now += 0.1
    assert near.entry("k") is None
    assert near.stats().drops == {"expired": 1}


def test_an_entry_is_served_only_while_the_proof_is_new_enough() -> None:
    near, clock = serving(NearCacheOptions(max_lag=2))
    assert fill(near, "k", entry())
    clock.now += 2.0
    assert near.entry("k") is not None
    clock.now += 0.01
    assert near.entry("k") is None
    assert not near.stats().serving
    prove(near, clock)
    assert near.entry("k") is not None


@pytest.mark.parametrize("max_staleness", [0, 5])
def test_a_broken_stream_ends_serving_after_the_staleness_that_is_allowed(max_staleness: float) -> None:
    near, clock = serving(NearCacheOptions(max_staleness=max_staleness))
    assert fill(near, "k", entry())
    near.broken()
    assert (near.entry("k") is not None) == (max_staleness > 0)
    clock.now += max_staleness
    near.broken()
    assert (near.entry("k") is not None) == (max_staleness > 0)
    clock.now += 0.01
    assert near.entry("k") is None
    near.ready("t1")
    prove(near, clock)
    assert near.entry("k") is not None


def test_before_the_first_stream_and_proof_everything_reads_through() -> None:
    clock = Clock()
    near = NearCache(NearCacheOptions(max_staleness=100), clock)
    assert near.begin("k") is None
    assert near.question() is None
    near.ready("t0")
    assert fill(near, "k", entry())
    assert near.entry("k") is None
    near.broken()
    assert near.entry("k") is None


def test_only_keys_of_the_prefixes_are_kept() -> None:
    near, _ = serving(NearCacheOptions(prefixes=("a:", "b:")))
    assert near.begin("k") is None
    assert fill(near, "a:1", entry())


def test_the_least_recently_used_leaves_first() -> None:
    near, clock = serving(NearCacheOptions(entries_max=2, max_lag=1000))
    assert fill(near, "a", entry())
    assert fill(near, "b", entry())
    clock.now += 0.1
    assert near.entry("a") is not None
    assert fill(near, "c", entry())
    assert near.entry("b") is None
    assert near.entry("a") is not None
    assert near.stats().evictions == 1


def test_the_order_of_leaving_is_the_order_of_use() -> None:
    """Goal: exactly the least recently used leaves. Method: uses by chance, beside a list that is kept in order."""
    chance = random.Random(7)
    near, clock = serving(NearCacheOptions(entries_max=20, max_lag=1e6))
    order: list[str] = []
    for number in range(2000):
        clock.now += 0.001
        name = f"k{chance.randrange(40)}"
        if near.entry(name) is None:
            assert fill(near, name, entry())
        order = [*(one for one in order if one != name), name][-20:]
        if number % 7 == 0:
            dropped = chance.choice(order)
            near.told([Change(key=dropped, cause="KEY")], "t2")
            order.remove(dropped)
    assert near._entries.keys() == set(order)
    assert near.stats().evictions > 100


def test_what_left_is_not_remembered_for_ever() -> None:
    near, _ = serving()
    for number in range(5000):
        assert fill(near, f"k{number}", entry())
        near.told([Change(key=f"k{number}", cause="KEY")], "t2")
    assert len(near._recency) < 2500


def test_a_reader_who_is_held_up_is_not_served_what_was_dropped_meanwhile() -> None:
    """Goal: a hit without a lock breaks no promise.

    Method: nothing may be served; while a reader has the entry in hand, its change is told and everything is proven.
    """
    near, clock = serving()
    assert fill(near, "k", entry())
    clock.now += 5

    class Slow(dict[str, NearEntry]):
        def get(self, key: str, default: object = None) -> NearEntry | None:  # type: ignore[override]
            found = super().get(key)
            near._entries = plain
            near.told([Change(key="k", cause="KEY")], "t2")
            prove(near, clock)
            return found

    plain = near._entries
    near._entries = Slow(plain)
    assert near.entry("k") is None
    assert "k" not in near._entries


def test_bytes_are_bounded_and_counted() -> None:
    near, _ = serving(NearCacheOptions(bytes_max=300))
    assert fill(near, "ü", entry(data=b"12345", tags=("tt",)))
    assert near.stats().bytes == 5 + 2 + 2 + 128
    assert fill(near, "big", entry(data=bytes(300)))
    assert near.entry("big") is None
    assert fill(near, "b", entry(data=bytes(100)))
    assert near.stats().bytes == 100 + 1 + 128
    near.told([ALL], "t1")
    assert near.stats().bytes == 0


def test_a_replaced_entry_is_charged_once() -> None:
    near, _ = serving()
    assert fill(near, "k", entry(tags=("t",)))
    assert fill(near, "k", entry("r2", tags=("u",)))
    assert near.stats().entries == 1
    near.told([TAG], "t1")
    assert near.entry("k") is not None
    near.told([OTHER_TAG], "t1")
    assert near.entry("k") is None


def test_a_shared_answer_is_the_same_object() -> None:
    near, _ = serving()
    made = entry()
    made.lookup = Lookup("hit", value=b"v")
    assert fill(near, "k", made)
    held = near.entry("k")
    assert held is not None
    assert held.lookup is made.lookup


class TestProof:
    def test_the_first_answer_proves_nothing(self) -> None:
        proof = Proof(1.0)
        proof.answered("", sent_at=10.0, head="h1", age=0.2, covered=False, now=10.0)
        assert proof.proven == float("-inf")
        assert proof.awaited_head == "h1"

    def test_a_covered_head_proves_the_moment_at_which_it_stood(self) -> None:
        proof = Proof(1.0)
        proof.answered("", sent_at=10.0, head="h1", age=0.2, covered=False, now=10.0)
        proof.answered("h1", sent_at=10.3, head="h2", age=0.1, covered=True, now=10.4)
        assert proof.proven == 9.8
        assert proof.awaited_head == "h2"
        assert proof.count == 1

    def test_a_head_that_is_not_covered_stays_awaited_until_it_is_too_old(self) -> None:
        proof = Proof(1.0)
        proof.answered("", sent_at=10.0, head="h1", age=0.0, covered=False, now=10.0)
        proof.answered("h1", sent_at=10.9, head="h2", age=0.0, covered=False, now=11.0)
        assert proof.awaited_head == "h1"
        proof.answered("h1", sent_at=11.0, head="h3", age=0.0, covered=False, now=11.01)
        assert proof.awaited_head == "h3"
        assert proof.proven == float("-inf")

    def test_an_answer_about_another_head_proves_nothing(self) -> None:
        proof = Proof(1.0)
        proof.answered("", sent_at=10.0, head="h1", age=0.0, covered=False, now=10.0)
        proof.reset()
        proof.answered("h1", sent_at=10.1, head="h2", age=0.0, covered=True, now=10.2)
        assert proof.proven == float("-inf")
        assert proof.awaited_head == "h2"
