"""The logic that both clients share, without a server: retries, own writes, streams, what waits, early refresh."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import grpc
import pytest

from reprise.changes import Change, Progress, Reset, State, StateChange
from reprise.compute import refreshes_early
from reprise.durations import from_wire, seconds_of, to_wire
from reprise.effects import HangUp, Next, Open, Silent, Sleep
from reprise.errors import Closed, NotFound, Overloaded, RepriseError, Unavailable
from reprise.follow import follow
from reprise.inbox import EVENTS_MAX, Inbox
from reprise.own_writes import INVALIDATIONS_MAX, KEYS_MAX, OwnWrites
from reprise.retry import BUDGET_MAX, RetryBudget, may_retry, wait_before_retry
from reprise.v1 import invalidation_service_pb2 as pb

AWAY = Unavailable("away", code=grpc.StatusCode.UNAVAILABLE)


class TestDurations:
    @pytest.mark.parametrize("seconds", [0, 0.001, 1.5, 3600, -1.25, 2592000])
    def test_a_duration_comes_back(self, seconds: float) -> None:
        assert from_wire(to_wire(seconds)) == pytest.approx(seconds)
        assert from_wire(to_wire(timedelta(seconds=seconds))) == pytest.approx(seconds)

    @pytest.mark.parametrize("bad", [float("nan"), float("inf")])
    def test_what_is_not_finite_is_refused(self, bad: float) -> None:
        with pytest.raises(ValueError, match="finite"):
            seconds_of(bad)

    @pytest.mark.parametrize("bad", ["1", True, None])
    def test_what_is_no_duration_is_refused(self, bad: Any) -> None:
        with pytest.raises(TypeError):
            seconds_of(bad)


class TestRetries:
    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (AWAY, True),
            (Overloaded("", code=grpc.StatusCode.RESOURCE_EXHAUSTED, reason="OVERLOADED"), True),
            (RepriseError("", code=grpc.StatusCode.RESOURCE_EXHAUSTED, reason="REQUEST_IDS_FULL"), True),
            (RepriseError("", code=grpc.StatusCode.RESOURCE_EXHAUSTED, reason="VALUE_TOO_LARGE"), False),
            (RepriseError("", code=grpc.StatusCode.INTERNAL), True),
            (RepriseError("", code=grpc.StatusCode.INTERNAL, reason="INTERNAL"), False),
            (RepriseError("", code=grpc.StatusCode.DEADLINE_EXCEEDED), False),
            (RepriseError("", code=grpc.StatusCode.PERMISSION_DENIED), False),
            (Closed(), False),
        ],
    )
    def test_only_what_may_heal_is_tried_again(self, error: RepriseError, expected: bool) -> None:
        assert may_retry(error) is expected

    def test_waits_double_with_full_jitter_and_end_after_three_tries(self) -> None:
        waits = [wait_before_retry(AWAY, tries, 10, RetryBudget(), lambda: 1.0) for tries in (1, 2, 3)]
        assert waits == [0.025, 0.05, None]
        assert wait_before_retry(AWAY, 1, 10, RetryBudget(), lambda: 0.0) == 0.0

    def test_it_is_never_sooner_than_the_server_asks_for_nor_beyond_the_deadline(self) -> None:
        asked = Unavailable("away", code=grpc.StatusCode.UNAVAILABLE, retry_after=0.5)
        assert wait_before_retry(asked, 1, 10, RetryBudget(), lambda: 0.0) == 0.5
        assert wait_before_retry(asked, 1, 0.5, RetryBudget(), lambda: 0.0) is None

    def test_retries_have_a_budget(self) -> None:
        budget = RetryBudget()
        assert [budget.spend() for _ in range(11)] == [True] * int(BUDGET_MAX) + [False]
        for _ in range(11):
            budget.earn()
        assert [budget.spend(), budget.spend()] == [True, False]


class TestOwnWrites:
    def setup_method(self) -> None:
        self.now = 100.0
        self.own = OwnWrites(2.0, lambda: self.now)

    def test_a_read_carries_the_newest_token_of_its_key_for_two_seconds(self) -> None:
        self.own.wrote(["a", "b"], "t1")
        self.own.wrote(["a"], "t2")
        assert self.own.tokens_for(["a"]) == ["t2"]
        assert self.own.tokens_for(["a", "b", "c"]) == ["t2", "t1"]
        assert self.own.tokens_for(["c"]) == []
        self.now += 2.0
        assert self.own.tokens_for(["a"]) == []

    @pytest.mark.parametrize("more", [0, 1])
    def test_beyond_the_limit_of_keys_reads_ask_for_the_latest(self, more: int) -> None:
        self.own.wrote([str(number) for number in range(KEYS_MAX + more)], "t")
        assert self.own.tokens_for(["5"]) == (None if more else ["t"])
        self.now += 2.0
        assert self.own.tokens_for(["5"]) == []

    @pytest.mark.parametrize("more", [0, 1])
    def test_beyond_the_limit_of_invalidations_reads_ask_for_the_latest(self, more: int) -> None:
        for number in range(INVALIDATIONS_MAX + more):
            self.own.invalidated(lambda key: key == "a", f"t{number}")
        assert self.own.tokens_for(["a"]) == (None if more else [f"t{n}" for n in range(INVALIDATIONS_MAX)])
        assert self.own.tokens_for(["b"]) == (None if more else [])

    @pytest.mark.parametrize(("count", "fits"), [(16, True), (17, False)])
    def test_more_tokens_than_a_read_may_carry_become_the_latest(self, count: int, fits: bool) -> None:
        for number in range(count):
            self.own.wrote([str(number)], f"t{number}")
        assert (self.own.tokens_for(map(str, range(count))) is not None) == fits

    def test_forgetting_drops_all(self) -> None:
        self.own.wrote([str(number) for number in range(KEYS_MAX + 1)], "t")
        self.own.forget_all()
        assert self.own.tokens_for(["5"]) == []


class TestInbox:
    def setup_method(self) -> None:
        self.states: list[State] = []
        self.inbox = Inbox("t0", self.states.append, lambda: None)

    def test_the_token_stands_after_what_was_taken(self) -> None:
        self.inbox.ready("t1")
        assert self.inbox.token == "t1"
        self.inbox.changes([Change(key="a"), Change(key="b", token="t2")], "t2")
        assert self.inbox.token == "t0"
        self.inbox.take()
        assert self.inbox.token == "t0"
        self.inbox.take()
        assert self.inbox.token == "t2"
        self.inbox.progress("t3")
        assert self.inbox.token == "t3"

    def test_of_progress_in_a_row_only_the_newest_waits(self) -> None:
        self.inbox.progress("t1")
        self.inbox.progress("t2")
        assert self.inbox.take() == Progress("t2")
        assert self.inbox.take() is None

    @pytest.mark.parametrize("more", [0, 1])
    def test_what_is_not_taken_is_bounded_and_the_loss_is_told(self, more: int) -> None:
        self.inbox.state(State.READY)
        self.inbox.changes([Change(key="k")] * (EVENTS_MAX + more), "t9")
        taken = list(iter(self.inbox.take, None))
        if more:
            assert taken == [StateChange(State.RESETTING), Reset("SLOW", "t9"), StateChange(State.READY)]
        else:
            assert len(taken) == EVENTS_MAX + 1
        assert self.inbox.token == "t9"

    def test_states_are_told_once_each(self) -> None:
        for state in (State.CONNECTING, State.CONNECTING, State.READY, State.STALE):
            self.inbox.state(state)
        assert self.states == [State.CONNECTING, State.READY, State.STALE]
        self.inbox.close()
        self.inbox.close()
        assert self.states[-1] is self.inbox.current is State.CLOSED
        assert len(self.states) == 4


class Listener:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args: self.told.append((name, *args))


class TestFollow:
    def follow(self, **fields: Any) -> tuple[Generator[Any, Any, None], Listener]:
        listener = Listener()
        return follow(pb.SubscribeRequest(**fields), listener, lambda: 1.0), listener

    def test_it_goes_on_with_the_newest_token_after_each_break(self) -> None:
        operation, listener = self.follow(resume_token="t0")
        opened = operation.send(None)
        assert isinstance(opened, Open)
        assert opened.request.resume_token == "t0"
        assert isinstance(operation.send("handle"), Next)
        ready = pb.SubscribeResponse(ready=pb.Ready(token="t1"))
        assert isinstance(operation.send(ready), Next)
        events = pb.Events(events=[pb.Event(key="k", cause=pb.EVENT_CAUSE_SET)], token="t2")
        operation.send(pb.SubscribeResponse(events=events))
        assert operation.throw(AWAY) == Sleep(0.1)
        again = operation.send(None)
        assert again.request.resume_token == "t2"
        assert [told[1] for told in listener.told if told[0] == "state"] == [
            State.CONNECTING,
            State.READY,
            State.STALE,
            State.CONNECTING,
        ]

    def test_waits_double_up_to_five_seconds_and_begin_anew_once_something_was_heard(self) -> None:
        operation, _ = self.follow()
        operation.send(None)
        waits = []
        for _ in range(8):
            waits.append(operation.throw(AWAY).seconds)
            operation.send(None)
        assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
        operation.send("handle")
        operation.send(pb.SubscribeResponse(ready=pb.Ready(token="t")))
        assert operation.throw(AWAY) == Sleep(0.1)

    def test_a_silent_stream_is_hung_up(self) -> None:
        operation, listener = self.follow()
        operation.send(None)
        operation.send("handle")
        waiting = operation.send(pb.SubscribeResponse(progress=pb.Progress(token="t")))
        assert waiting == Next("handle", 3.0)
        assert operation.throw(Silent()) == HangUp("handle")
        assert isinstance(operation.send(None), Sleep)
        assert listener.told[-1] == ("state", State.STALE)

    def test_going_away_is_waited_for_as_the_server_says(self) -> None:
        operation, _ = self.follow()
        operation.send(None)
        operation.send("handle")
        away = pb.GoingAway(token="t5", retry_after=to_wire(2.5))
        operation.send(pb.SubscribeResponse(going_away=away))
        assert operation.send(None) == HangUp("handle")
        assert operation.send(None) == Sleep(2.5)
        assert operation.send(None).request.resume_token == "t5"

    def test_a_reset_is_told_and_its_token_kept(self) -> None:
        operation, listener = self.follow(resume_token="t0")
        operation.send(None)
        operation.send("handle")
        reset = pb.Reset(reason=pb.RESET_REASON_HISTORY_GONE, token="t7")
        operation.send(pb.SubscribeResponse(reset=reset))
        assert listener.told[-2:] == [("state", State.RESETTING), ("reset", "HISTORY_GONE", "t7")]
        operation.throw(AWAY)
        assert operation.send(None).request.resume_token == "t7"

    def test_what_no_retry_heals_ends_it(self) -> None:
        operation, listener = self.follow()
        operation.send(None)
        gone = NotFound("gone", code=grpc.StatusCode.NOT_FOUND)
        with pytest.raises(StopIteration):
            operation.throw(gone)
        assert listener.told[-1] == ("ended", gone)

    def test_an_unknown_message_is_ignored(self) -> None:
        operation, _ = self.follow()
        operation.send(None)
        operation.send("handle")
        assert isinstance(operation.send(pb.SubscribeResponse()), Next)


class TestEarlyRefresh:
    def test_it_is_only_in_the_last_tenth(self) -> None:
        assert not refreshes_early(10.0, 100.0, lambda: 0.999999)
        assert refreshes_early(9.99, 100.0, lambda: 0.999999)

    def test_it_grows_likelier_towards_the_end(self) -> None:
        draws = [number / 1000 for number in range(1000)]
        shares = [
            sum(refreshes_early(left, 100.0, lambda draw=draw: draw) for draw in draws) / 1000
            for left in (9.9, 5.0, 1.0, 0.0)
        ]
        assert shares == sorted(shares)
        assert shares[0] == pytest.approx(0.05, abs=0.01)
        assert shares[-1] == 1.0
