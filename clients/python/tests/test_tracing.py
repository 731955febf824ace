"""Spans of calls, with the SDK of OpenTelemetry, and what the server is told of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from servers import Server, eventually
from testing_service import TestService

from reprise import AsyncClient, Client, InvalidArgument

_exporter = InMemorySpanExporter()


@pytest.fixture(scope="module", autouse=True)
def _traced() -> None:
    # A process has one provider, for good.
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(_exporter))
    trace.set_tracer_provider(provider)


@pytest.fixture
def parent() -> Iterator[Any]:
    """The span of the test: what it calls are its children."""
    with trace.get_tracer("test").start_as_current_span("test") as span:
        yield span


def spans_below(parent: Any) -> list[Any]:
    mine = parent.get_span_context().trace_id
    return [span for span in _exporter.get_finished_spans() if span.context.trace_id == mine and span.name != "test"]


def traceparent_of(span: Any) -> str:
    return f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-{span.context.trace_flags:02x}"


def test_each_call_is_a_span_that_the_server_is_told_of(
    testing_server: Server, testing: TestService, key: str, parent: Any
) -> None:
    with Client(testing_server.target, deadline=20) as client:
        client.set(key, 1)
        client.get(key)
        with pytest.raises(InvalidArgument):
            client.get("")
    told = [(span.name, dict(span.attributes), span.kind, span.status.is_ok) for span in spans_below(parent)]
    rpc = {"rpc.system": "grpc", "rpc.service": "reprise.v1.CacheService"}
    client_kind = trace.SpanKind.CLIENT
    assert told == [
        ("reprise.client/Set", {**rpc, "rpc.method": "Set", "outcome": "OK"}, client_kind, True),
        ("reprise.client/Get", {**rpc, "rpc.method": "Get", "outcome": "OK"}, client_kind, True),
        ("reprise.client/Get", {**rpc, "rpc.method": "Get", "outcome": "INVALID_ARGUMENT"}, client_kind, False),
    ]
    assert all(span.parent.span_id == parent.get_span_context().span_id for span in spans_below(parent))
    recorded = {call.metadata.get("traceparent", ""): call.method for call in testing.calls()}
    for span in spans_below(parent):
        assert recorded[traceparent_of(span)] == f"reprise.v1.CacheService/{span.attributes['rpc.method']}"


async def test_each_call_of_a_task_is_a_span_that_the_server_is_told_of(
    testing_server: Server, testing: TestService, key: str
) -> None:
    with trace.get_tracer("test").start_as_current_span("test") as parent:
        async with AsyncClient(testing_server.target, deadline=20) as client:
            await client.set(key, 1)
            await client.get(key)
            await client.invalidate_keys([key])
    names = ["reprise.client/Set", "reprise.client/Get", "reprise.client/Invalidate"]
    assert [span.name for span in spans_below(parent)] == names
    recorded = {call.metadata.get("traceparent", "") for call in testing.calls()}
    assert {traceparent_of(span) for span in spans_below(parent)} <= recorded


def test_tries_of_a_call_are_one_span(testing_server: Server, testing: TestService, key: str, parent: Any) -> None:
    with Client(testing_server.target, deadline=20) as client:
        testing.fail("reprise.v1.CacheService/Exists", calls=1, failure={"code": 14})
        client.exists(key)
    (span,) = spans_below(parent)
    assert span.attributes["outcome"] == "OK"
    tries = [call for call in testing.calls() if call.metadata.get("traceparent") == traceparent_of(span)]
    assert [call.code for call in tries] == [14, 0]


def test_what_is_computed_in_the_background_belongs_to_the_callers_trace(client: Client, key: str, parent: Any) -> None:
    client.set(key, "old", ttl=0.05, stale_window=60)
    eventually(lambda: client.get(key).miss)
    assert client.get_or_compute(key, 60, lambda: "new", stale_window=60).stale
    eventually(lambda: sum(span.name == "reprise.client/Set" for span in spans_below(parent)) == 2)


def test_what_the_near_cache_answers_is_no_span(server: Server, key: str, parent: Any) -> None:
    with Client(server.target, near_cache=True, deadline=20) as client:
        client.set(key, 1, ttl=600)

        def hits() -> bool:
            before = len(spans_below(parent))
            client.get(key)
            return len(spans_below(parent)) == before

        # Until the near cache serves, each get is a call and a span.
        eventually(hits)
        stats = client.near_cache_stats()
        assert stats is not None
        assert stats.hits >= 1
    assert any(span.name == "reprise.client/Get" for span in spans_below(parent))
    assert not any(span.name in ("reprise.client/GetHead", "reprise.client/Subscribe") for span in spans_below(parent))
