"""Servers and clients that tests share."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from servers import Redis, Server
from testing_service import TestService

from reprise import Client


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server alone, for tests that do it no harm. They differ by their keys."""
    started = Server()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def fleet() -> Iterator[tuple[Server, Server]]:
    """Two nodes over a Redis."""
    redis = Redis()
    nodes = (Server("--redis", redis.url), Server("--redis", redis.url))
    yield nodes
    for node in nodes:
        node.stop()
    redis.stop()


@pytest.fixture(scope="session")
def testing_server() -> Iterator[Server]:
    """A server in testing mode. Faults are for the methods of one test, which takes them back."""
    started = Server("--testing")
    yield started
    started.stop()


@pytest.fixture
def testing(testing_server: Server) -> Iterator[TestService]:
    """What the server in testing mode can be told and asked."""
    service = TestService(testing_server.target)
    yield service
    service.clear()
    service.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    # A slow machine must not fail a test: only what is tested has a short deadline.
    with Client(server.target, deadline=20) as opened:
        yield opened


_numbers = itertools.count()


@pytest.fixture
def key() -> str:
    """A key that no other test has."""
    return f"test:{next(_numbers)}"
