"""The conformance driver: does with the client what the runner asks for on stdin, and says on stdout what came out.

It drives `AsyncClient`; with REPRISE_DRIVER=sync it drives `Client`, each command in a thread of its own.
"""

from __future__ import annotations

import asyncio
import base64
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import grpc

from reprise import (
    NEGATIVE,
    AsyncClient,
    BatchError,
    Change,
    Client,
    Closed,
    CodecError,
    Condition,
    DeadlineExceeded,
    InvalidArgument,
    Lookup,
    NearCacheOptions,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    Progress,
    RepriseError,
    Reset,
    SetItem,
    State,
    StateChange,
    Tls,
    Unavailable,
)

SYNC = os.environ.get("REPRISE_DRIVER") == "sync"
FEATURES = [
    "batching",
    "get_or_compute",
    "early_refresh",
    "subscribe",
    "near_cache",
    "pass_through",
    "codec_raw",
    "codec_msgpack",
    *([] if SYNC else ["cancel"]),
    "latest",
    "invalidate_options",
    "conditions",
    "deadline_per_call",
    "failover",
    "credential",
    "tls",
    "token",
]
THREADS_MAX = 200
KINDS = (Unavailable, DeadlineExceeded, OutcomeUnknown, InvalidArgument, NotFound, Overloaded)
Json = dict[str, Any]


class Computation(Exception):
    """What a computation throws that is to throw."""


class NotSupported(Exception):
    """A command or an option that is not here."""


class Gate:
    """Opens once."""

    def __init__(self) -> None:
        self.open = False

    async def passed(self) -> None:
        while not self.open:
            await asyncio.sleep(0.005)

    def passed_blocking(self) -> None:
        while not self.open:
            time.sleep(0.005)


class Listening:
    """A subscription and the states that its callback told."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.subscription: Any = None
        self.end: Json | None = None


class Driver:
    """All that the runner named."""

    def __init__(self) -> None:
        self.clients: dict[str, Any] = {}
        self.subscriptions: dict[str, Listening] = {}
        self.gates: dict[str, Gate] = {}
        self.begun: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self.running: dict[int, asyncio.Task[Any]] = {}

    async def answer(self, command: Json) -> Json:
        """Returns `ok` or `error` of a command."""
        try:
            handler: Callable[[Json], Any] | None = getattr(self, f"do_{command['do']}", None)
            if handler is None:
                raise NotSupported(command["do"])
            return {"ok": await handler(command)}
        except asyncio.CancelledError:
            return {"error": {"kind": "Cancelled"}}
        except Exception as error:
            return {"error": error_json(error)}

    async def do_hello(self, _command: Json) -> Json:
        return {"language": "python", "features": FEATURES}

    async def do_reset(self, _command: Json) -> Json:
        for gate in self.gates.values():
            gate.open = True
        for listening in self.subscriptions.values():
            listening.subscription.close()
        for client in self.clients.values():
            await settled(client.close)
        self.clients, self.subscriptions, self.gates = {}, {}, {}
        self.begun, self.ended = {}, {}
        return {}

    async def do_parallel(self, command: Json) -> list[Json]:
        if SYNC:
            await threads_are_there(len(command["commands"]))
        return list(await asyncio.gather(*(self.answer(each) for each in command["commands"])))

    async def do_cancel(self, command: Json) -> Json:
        task = self.running.get(command["command"])
        if task is not None:
            task.cancel()
        return {}

    # Clients

    async def do_open(self, command: Json) -> Json:
        names = {"namespace": "namespace", "passThrough": "pass_through", "batching": "batching", "codec": "codec"}
        names |= {"unknownAsRaw": "unknown_as_bytes", "insecure": "insecure", "credential": "credential"}
        options = {ours: command[theirs] for theirs, ours in names.items() if theirs in command}
        options |= seconds(command, deadlineMs="deadline", maxLagMs="max_lag")
        if "tls" in command:
            tls = command["tls"]
            options["tls"] = Tls(tls.get("ca"), tls.get("cert"), tls.get("key"), tls.get("serverName"))
        if "nearCache" in command:
            near = command["nearCache"]
            given = seconds(near, maxLagMs="max_lag", maxStalenessMs="max_staleness")
            given |= picked(near, entriesMax="entries_max", bytesMax="bytes_max", shareDecoded="share_decoded")
            if "prefixes" in near:
                given["prefixes"] = tuple(near["prefixes"])
            options["near_cache"] = NearCacheOptions(**given)
        if SYNC:
            # On a busy machine threads that were begun together call further apart than the default, which is half a
            # millisecond. Gets still go out as soon as the call before them has returned.
            options["batch_window"] = 0.5
        client = (Client if SYNC else AsyncClient)(command["targets"], **options)
        if isinstance(client, AsyncClient):
            await client.__aenter__()
        self.clients[command["client"]] = client
        return {"origin": client.origin}

    async def do_close(self, command: Json) -> Json:
        await settled(self.clients[command["client"]].close)
        return {}

    # Calls

    async def call(self, command: Json, name: str, *args: Any, **named: Any) -> Any:
        named |= seconds(command, deadlineMs="deadline")
        method = getattr(self.clients[command["client"]], name)
        return await settled(lambda: method(*args, **named))

    async def do_get(self, command: Json) -> Json:
        return lookup_json(await self.call(command, "get", command["key"], **read_options(command)), command)

    async def do_get_many(self, command: Json) -> Json:
        try:
            found = await self.call(command, "get_many", command["keys"], **read_options(command))
            results = [found[key] for key in command["keys"]]
        except BatchError as error:
            results = error.results
        return {"results": [item_json(result, lambda one: lookup_json(one, command)) for result in results]}

    async def do_set(self, command: Json) -> Json:
        options = lifetime(command) | picked(command, tags="tags")
        if "condition" in command:
            options["condition"] = Condition(**command["condition"])
        return set_json(await self.call(command, "set", command["key"], value_of(command["value"]), **options))

    async def do_set_negative(self, command: Json) -> Json:
        options = lifetime(command) | picked(command, tags="tags")
        return set_json(await self.call(command, "set_negative", command["key"], **options))

    async def do_set_many(self, command: Json) -> Json:
        items = [
            SetItem(
                item["key"],
                NEGATIVE if item.get("negative") else value_of(item["value"]),
                tags=tuple(item.get("tags", ())),
                condition=Condition(**item["condition"]) if "condition" in item else None,
                **lifetime(item),
            )
            for item in command["items"]
        ]
        try:
            results = await self.call(command, "set_many", items)
        except BatchError as error:
            results = error.results
        return {"results": [item_json(result, set_json) for result in results]}

    async def do_delete(self, command: Json) -> Json:
        return delete_json(await self.call(command, "delete", command["key"]))

    async def do_delete_many(self, command: Json) -> Json:
        try:
            results = await self.call(command, "delete_many", command["keys"])
        except BatchError as error:
            results = error.results
        return {"results": [item_json(result, delete_json) for result in results]}

    async def do_touch(self, command: Json) -> Json:
        result = await self.call(command, "touch", command["key"], **lifetime(command))
        told = {"touched": result.touched, "revision": result.revision, "token": result.token}
        return told | {"freshForMs": result.fresh_for * 1000} | passed_through(result.reason)

    async def do_increment(self, command: Json) -> Json:
        options: Json = seconds(command, ttlMs="ttl")
        if "initial" in command:
            options["initial"] = int(command["initial"])
        delta = [int(command["delta"])] if "delta" in command else []
        result = await self.call(command, "increment", command["key"], *delta, **options)
        if not result.incremented:
            return {"notIncremented": result.reason} | passed_through(result.reason)
        return {"value": str(result.value), "revision": result.revision, "token": result.token}

    async def do_exists(self, command: Json) -> Json:
        options = picked(command, latest="latest", atLeast="at_least")
        result = await self.call(command, "exists", command["key"], **options)
        return {"exists": result.exists, "negative": result.negative}

    async def do_invalidate(self, command: Json) -> Json:
        options = picked(command, dryRun="dry_run", affectedMax="affected_max", wait="wait")
        if "mode" in command:
            options["mark_stale"] = command["mode"] == "MARK_STALE"
        for name in ("keys", "tags", "prefix"):
            if name in command:
                result = await self.call(command, f"invalidate_{name}", command[name], **options)
                break
        else:
            result = await self.call(command, "invalidate_all", **options)
        if result.counted:
            return {"counted": result.affected, "precision": result.precision}
        if result.refused == "PASS_THROUGH":
            return {"invalidated": False, "passThrough": True}
        if result.refused:
            return {"refused": result.refused, "affected": result.affected}
        return {"invalidated": True, "token": result.token}

    # get_or_compute

    async def do_get_or_compute(self, command: Json) -> Json:
        compute = command["compute"]
        options = seconds(command, staleWindowMs="stale_window", negativeTtlMs="negative_ttl", waitMs="wait") | picked(
            command, tags="tags", staleIfError="stale_if_error"
        )
        ttl = command["ttlMs"] / 1000 if "ttlMs" in command else None
        function = self.blocking(compute) if SYNC else self.awaited(compute)
        found = await self.call(command, "get_or_compute", command["key"], ttl, function, **options)
        return lookup_json(found, command) | {"computed": self.begun.get(compute["name"], 0)}

    def awaited(self, compute: Json) -> Callable[[], Any]:
        async def function() -> Any:
            self.count(self.begun, compute)
            try:
                if "gate" in compute:
                    await self.gate(compute["gate"]).passed()
                return outcome_of(compute)
            finally:
                self.count(self.ended, compute)

        return function

    def blocking(self, compute: Json) -> Callable[[], Any]:
        def function() -> Any:
            self.count(self.begun, compute)
            try:
                if "gate" in compute:
                    self.gate(compute["gate"]).passed_blocking()
                return outcome_of(compute)
            finally:
                self.count(self.ended, compute)

        return function

    def count(self, counts: dict[str, int], compute: Json) -> None:
        counts[compute["name"]] = counts.get(compute["name"], 0) + 1

    def gate(self, name: str) -> Gate:
        return self.gates.setdefault(name, Gate())

    async def do_computed(self, command: Json) -> Json:
        name = command["compute"]
        return {"begun": self.begun.get(name, 0), "ended": self.ended.get(name, 0)}

    async def do_release(self, command: Json) -> Json:
        self.gate(command["gate"]).open = True
        return {}

    # Listening

    async def do_subscribe(self, command: Json) -> Json:
        if command.get("view", "messages") not in ("changes", "messages"):
            raise NotSupported("view")
        listening = Listening()
        options = picked(
            command,
            prefixes="prefixes",
            tags="tags",
            keys="keys",
            causes="causes",
            includeOwn="include_own",
            resumeToken="resume_token",
        ) | seconds(command, progressIntervalMs="progress_interval")

        def on_state(state: State) -> None:
            listening.states.append(state.value)

        client = self.clients[command["client"]]
        listening.subscription = client.subscribe(on_state=on_state, **options)
        listening.only_changes = command.get("view") == "changes"  # type: ignore[attr-defined]
        self.subscriptions[command["subscription"]] = listening
        return {}

    async def do_take(self, command: Json) -> Json:
        listening = self.subscriptions[command["subscription"]]
        wanted, count = command.get("of", ["event"]), command.get("count", 1)
        end = time.monotonic() + command.get("timeoutMs", 10_000) / 1000
        taken: list[Json] = []
        while len(taken) < count:
            message = listening.end or await self.next_message(listening, end - time.monotonic())
            if message["kind"] in wanted:
                taken.append(message)
            if message["kind"] == "end" and "end" not in wanted:
                raise TimeoutError
        return {"messages": taken}

    async def next_message(self, listening: Listening, timeout: float) -> Json:
        if timeout <= 0:
            raise TimeoutError
        try:
            message = await settled(lambda: listening.subscription.take(timeout))
        except RepriseError as error:
            listening.end = {"kind": "end", "error": error_json(error)}
            return listening.end
        if message is None:
            if listening.subscription.state is not State.CLOSED:
                raise TimeoutError
            listening.end = {"kind": "end"}
            return listening.end
        if getattr(listening, "only_changes", False) and not isinstance(message, Change):
            return {"kind": ""}
        return message_json(message)

    async def do_state(self, command: Json) -> Json:
        listening = self.subscriptions[command["subscription"]]
        subscription = listening.subscription
        return {"state": subscription.state.value, "states": list(listening.states), "token": subscription.token}

    async def do_unsubscribe(self, command: Json) -> Json:
        self.subscriptions[command["subscription"]].subscription.close()
        return {}

    async def do_near_stats(self, command: Json) -> Json:
        stats = self.clients[command["client"]].near_cache_stats()
        if stats is None:
            raise NotSupported("near_cache")
        told = asdict(stats)
        told["drops"] = sum(told["drops"].values())
        told["refusedInserts"] = told.pop("refused_inserts")
        return told


async def settled(call: Callable[[], Any]) -> Any:
    """Returns the outcome of a call, of whichever client."""
    if SYNC:
        return await asyncio.get_running_loop().run_in_executor(POOL, call)
    outcome = call()
    return await outcome if inspect.isawaitable(outcome) else outcome


async def threads_are_there(count: int) -> None:
    """Sees to it that so many commands begin at once: starting a thread takes longer than a call."""
    barrier = threading.Barrier(min(count, THREADS_MAX // 2))
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(POOL, barrier.wait) for _ in range(barrier.parties)))


def outcome_of(compute: Json) -> Any:
    if "throws" in compute:
        raise Computation(compute["throws"])
    return NEGATIVE if compute.get("nothing") else value_of(compute["value"])


def value_of(value: Json) -> Any:
    if "raw" in value:
        return base64.b64decode(value["raw"])
    if "special" in value:
        return float(value["special"])
    return value["json"]


def value_json(value: Any) -> Json:
    return {"raw": base64.b64encode(value).decode()} if isinstance(value, bytes) else {"json": value}


def picked(command: Json, **names: str) -> Json:
    return {ours: command[theirs] for theirs, ours in names.items() if theirs in command}


def seconds(command: Json, **names: str) -> Json:
    return {ours: command[theirs] / 1000 for theirs, ours in names.items() if theirs in command}


def lifetime(command: Json) -> Json:
    return seconds(command, ttlMs="ttl", staleWindowMs="stale_window")


def read_options(command: Json) -> Json:
    return picked(command, allowStale="allow_stale", withTags="with_tags", latest="latest", atLeast="at_least")


def lookup_json(found: Lookup, command: Json) -> Json:
    if found.miss:
        return {"kind": "miss", "missReason": found.reason, "fence": found.fence}
    told: Json = {"kind": found.kind, "revision": found.revision, "stale": found.stale}
    told |= {"unverified": found.unverified, "freshForMs": found.fresh_for * 1000}
    if command.get("withTags"):
        told["tags"] = list(found.tags)
    if found.hit:
        told["value"] = value_json(found.value)
    return told


def set_json(result: Any) -> Json:
    if not result.stored:
        told = {"stored": False, "notStored": result.reason, "revision": result.revision}
        return told | passed_through(result.reason)
    told = {"stored": True, "revision": result.revision, "token": result.token}
    return told | {"freshForMs": result.fresh_for * 1000, "local": result.local}


def delete_json(result: Any) -> Json:
    return {"existed": result.existed, "token": result.token} | passed_through(result.reason)


def passed_through(reason: str) -> Json:
    return {"passThrough": True} if reason == "PASS_THROUGH" else {}


def item_json(result: Any, shown: Callable[[Any], Json]) -> Json:
    return {"error": error_json(result)} if isinstance(result, Exception) else shown(result)


def message_json(message: Any) -> Json:
    match message:
        case Change():
            target: Json = {"key": message.key, "tag": message.tag, "prefix": message.prefix}
            told = {name: text for name, text in target.items() if text is not None}
            if message.whole_namespace:
                told["wholeNamespace"] = True
            if message.mode:
                told["mode"] = message.mode
            return told | {
                "kind": "event",
                "cause": message.cause,
                "revision": message.revision,
                "actor": message.actor,
            }
        case Progress(token):
            return {"kind": "progress", "token": token}
        case Reset(reason):
            return {"kind": "reset", "reason": reason}
        case StateChange(state):
            return {"kind": "state", "state": state.value}
    raise AssertionError(message)


def error_json(error: BaseException) -> Json:
    match error:
        case Computation():
            return {"kind": "Computation", "reason": str(error)}
        case NotSupported():
            return {"kind": "NotSupported", "reason": str(error)}
        case TimeoutError():
            return {"kind": "Timeout"}
        case Closed():
            return {"kind": "Cancelled"}
        case CodecError():
            return {"kind": "CodecError"}
        case RepriseError():
            kind = next((kind.__name__ for kind in KINDS if isinstance(error, kind)), "RepriseError")
            return {"kind": kind, "code": error.code.name, "reason": error.reason}
        case TypeError() | ValueError():
            return {"kind": "Usage", "reason": f"{error}"}
    print(f"unexpected: {error!r}", file=sys.stderr)
    return {"kind": "Unexpected", "code": grpc.StatusCode.UNKNOWN.name, "reason": repr(error)}


async def main() -> None:
    """Reads commands until the end of stdin."""
    driver = Driver()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=64 * 1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    def forget(number: int, _task: asyncio.Task[None]) -> None:
        driver.running.pop(number, None)

    async def perform(command: Json) -> None:
        answer = {"id": command["id"], **(await driver.answer(command))}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

    while line := await reader.readline():
        command = json.loads(line)
        task = asyncio.create_task(perform(command))
        driver.running[command["id"]] = task
        task.add_done_callback(partial(forget, command["id"]))
    await asyncio.wait_for(driver.do_reset({}), 4)


if __name__ == "__main__":
    if SYNC:
        from concurrent.futures import ThreadPoolExecutor

        POOL = ThreadPoolExecutor(THREADS_MAX)
    asyncio.run(main())
    sys.stdout.flush()
    os._exit(0)
