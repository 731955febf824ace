"""CacheManager, the decorator, the warm-up, the examples and the reference: what users begin with."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import pkgutil
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from servers import Server, eventually, free_port

import reprise
from reprise import NEGATIVE, AsyncClient, BackendMismatch, CacheManager, Client, cached
from reprise.warmup import item_of

HERE = Path(__file__).resolve().parent.parent

FIRST_LINES = """
from services.cache import CacheManager
cache = CacheManager(backend="redis")
cache.set("spotify:user:123", {"top_tracks": ["a", "b"]}, ttl=3600)
data = cache.get("spotify:user:123")
cache.invalidate("spotify:user:123")
"""


def run(*arguments: str, target: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE / "examples"), "REPRISE_TARGET": target}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


# CacheManager


def test_the_first_lines_run_as_they_are(fleet: tuple[Server, Server]) -> None:
    done = run("-c", FIRST_LINES + "print(data, cache.get('spotify:user:123'))", target=fleet[0].target)
    assert (done.returncode, done.stdout, done.stderr) == (0, "{'top_tracks': ['a', 'b']} None\n", "")


def test_the_first_lines_say_when_the_server_has_no_redis(server: Server) -> None:
    done = run("-c", FIRST_LINES, target=server.target)
    assert done.returncode == 1
    assert "BackendMismatch: The server keeps its entries in memory, not in redis." in done.stderr


def test_the_backend_is_checked(server: Server, fleet: tuple[Server, Server]) -> None:
    CacheManager("memory", target=server.target, deadline=20).close()
    CacheManager("redis", target=fleet[1].target, deadline=20).close()
    CacheManager(target=server.target).close()
    with pytest.raises(BackendMismatch):
        CacheManager("memory", target=fleet[0].target, deadline=20)
    with pytest.raises(ValueError, match="backend is one of"):
        CacheManager("memcached", target=server.target)


def test_a_server_that_is_away_is_asked_later() -> None:
    port = free_port()
    cache = CacheManager("redis", target=f"127.0.0.1:{port}", deadline=5)
    server = Server(port=port)
    try:

        def refused() -> bool:
            try:
                cache.get("k")
            except BackendMismatch:
                return True
            except reprise.Unavailable:
                return False
            # The server came between the question and the call: the next call asks again.
            return False

        eventually(refused)
    finally:
        cache.close()
        server.stop()


def test_it_does_what_most_programs_want(server: Server, key: str) -> None:
    with CacheManager(target=server.target, deadline=20) as cache:
        assert cache.get(key) is None
        assert cache.get(key, "default") == "default"
        assert cache.set(key, 1, ttl=60, tags=[f"{key}-tag"])
        assert cache.get(key) == 1
        assert cache.invalidate(tags=[f"{key}-tag"])
        assert cache.get(key) is None
        assert cache.set_many({f"{key}:a": 1, f"{key}:b": None}, ttl=60)
        assert cache.get_many([f"{key}:a", f"{key}:b", f"{key}:c"]) == {f"{key}:a": 1, f"{key}:b": None}
        assert cache.invalidate(prefix=f"{key}:")
        assert cache.get_many([f"{key}:a", f"{key}:b"]) == {}
        assert cache.get_or_compute(key, 60, lambda: [1]) == [1]
        assert cache.get_or_compute(key, 60, lambda: [2]) == [1]
        assert cache.invalidate(key)
        assert cache.get_or_compute(key, 60, lambda: NEGATIVE) is None


def test_there_are_no_patterns(server: Server) -> None:
    with CacheManager(target=server.target) as cache:
        with pytest.raises(ValueError, match="no patterns"):
            cache.invalidate("user:*")
        with pytest.raises(TypeError):
            cache.invalidate()
        with pytest.raises(TypeError):
            cache.invalidate("k", prefix="p:")
        with pytest.raises(TypeError):
            cache.invalidate(pattern="*")  # type: ignore[call-arg]


def test_a_client_of_ones_own_is_not_closed(client: Client, key: str) -> None:
    with CacheManager(client=client) as cache:
        cache.set(key, 1)
    assert client.get(key).value == 1
    with pytest.raises(ValueError, match="already"):
        CacheManager(client=client, target="localhost:1")


# The decorator


def test_a_function_is_called_once_for_its_arguments(client: Client, key: str) -> None:
    calls: list[Any] = []

    @cached(client, ttl=60, tags=[f"{key}-{{a}}"])
    def function(a: Any, b: int = 2, *, c: Any = None) -> Any:
        """Documented."""
        calls.append((a, b, c))
        return {"a": a}

    assert function(1) == function(1, 2) == function(a=1, b=2) == {"a": 1}
    assert len(calls) == 1
    for other in (True, "1", 1.0, None, [1], {"x": 1}):
        function(other)
    assert len(calls) == 7
    assert function.__doc__ == "Documented."
    function.invalidate(1)  # type: ignore[attr-defined]
    function(1)
    assert len(calls) == 8
    client.invalidate_tags([f"{key}-1"])
    function(1)
    assert len(calls) == 9
    function.invalidate_all()  # type: ignore[attr-defined]
    function(1)
    assert len(calls) == 10
    with pytest.raises(TypeError, match="key"):
        function(object())


def test_keys_are_templates_functions_or_shortened(client: Client, key: str) -> None:
    by_template = cached(client, ttl=60, key=f"{key}:{{a}}")(lambda a: a)
    by_function = cached(client, ttl=60, key=lambda a: f"{key}:{a}")(lambda a: a)
    plain = cached(client, ttl=60)(lambda a: a)
    assert by_template.key_for(1) == by_function.key_for(1) == f"{key}:1"  # type: ignore[attr-defined]
    long = [plain.key_for("x" * 5000 + end) for end in "ab"]  # type: ignore[attr-defined]
    assert len(set(long)) == 2
    assert all(len(one.encode()) <= 1024 for one in long)
    assert plain("y" * 5000) == "y" * 5000
    with pytest.raises(TypeError, match="tags"):
        by_template.invalidate_all()  # type: ignore[attr-defined]


def test_none_is_a_value_and_negative_is_none(client: Client, key: str) -> None:
    calls: list[str] = []

    @cached(client, ttl=60, key=f"{key}:{{what}}", negative_ttl=30)
    def function(what: str) -> Any:
        calls.append(what)
        return None if what == "none" else NEGATIVE

    for _ in range(2):
        assert function("none") is None
        assert function("negative") is None
    assert calls == ["none", "negative"]


def test_coroutine_functions_go_with_the_asyncio_client(server: Server, client: Client, key: str) -> None:
    async def scenario() -> None:
        async with AsyncClient(server.target, deadline=20) as asynchronous:
            calls: list[int] = []

            @cached(asynchronous, ttl=60, key=f"{key}:{{a}}")
            async def function(a: int) -> int:
                calls.append(a)
                return a * 2

            assert await asyncio.gather(function(1), function(1), function(2)) == [2, 2, 4]
            assert sorted(calls) == [1, 2]
            await function.invalidate(1)  # type: ignore[attr-defined]
            assert await function(1) == 2
            assert len(calls) == 3
            with pytest.raises(TypeError, match="Coroutine"):
                cached(asynchronous, ttl=1)(lambda: 1)

    asyncio.run(scenario())

    async def wrong() -> None:
        """Is no function that blocks."""

    with pytest.raises(TypeError, match="Coroutine"):
        cached(client, ttl=1)(wrong)


# The warm-up


def test_a_file_is_set_in_batches(server: Server, client: Client, key: str, tmp_path: Path) -> None:
    file = tmp_path / "warm.jsonl"
    lines = [{"key": f"{key}:{n}", "value": {"n": n}, "ttl": 100, "tags": [key]} for n in range(1234)]
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    done = run("-m", "reprise.warmup", str(file), "--batch", "100", target=server.target)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1234 stored, 0 failed, ")
    found = client.get_many([line["key"] for line in lines], with_tags=True)
    wrong = [n for n, lookup in enumerate(found.values()) if lookup.value != {"n": n} or lookup.tags != (key,)]
    assert wrong == []


def test_bad_lines_are_told_and_the_others_are_set(server: Server, client: Client, key: str) -> None:
    lines = ["{", "[]", '{"key":"a"}', json.dumps({"key": key, "value": None}), '{"key":"","value":1}']
    done = run("-m", "reprise.warmup", "-", "--target", server.target, target="", input="\n".join(lines))
    assert done.returncode == 1
    assert done.stdout.startswith("1 stored, 4 failed")
    assert "line 1: not JSON" in done.stderr
    assert "KEY_INVALID" in done.stderr
    assert client.get(key).value is None


def test_its_exit_codes_tell_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "warm.jsonl"
    file.write_text('{"key":"a","value":1}\n')
    assert run("-m", "reprise.warmup", str(tmp_path / "none"), target="127.0.0.1:1").returncode == 2
    assert run("-m", "reprise.warmup", str(file), "--batch", "0", target="127.0.0.1:1").returncode == 2
    assert run("-m", "reprise.warmup", str(file), target=f"127.0.0.1:{free_port()}").returncode == 4


def test_a_terminal_sees_a_bar(server: Server, key: str, tmp_path: Path) -> None:
    file = tmp_path / "warm.jsonl"
    file.write_text("".join(json.dumps({"key": f"{key}:{n}", "value": n}) + "\n" for n in range(50)))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "reprise.warmup", str(file), "--target", server.target, "--batch", "10"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=True)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert b"[##############################] 100% 50 stored" in shown
    assert done.stdout.startswith(b"50 stored")


@pytest.mark.parametrize(
    "line",
    [b"x", b"[]", b'{"key":1,"value":1}', b'{"key":"a","value":1,"ttl":"1"}', b'{"key":"a","value":1,"tags":"t"}',
     b'{"key":"a","value":1,"time":1}', b'{"key":"a","value":1,"ttl":true}'],
)  # fmt: skip
def test_a_line_must_be_an_entry(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        item_of(line)


# Examples


def test_the_first_lines_example(fleet: tuple[Server, Server]) -> None:
    done = run("examples/first_lines.py", target=fleet[0].target, cwd=HERE)
    assert (done.returncode, done.stdout) == (0, "{'top_tracks': ['a', 'b']} None\n"), done.stderr


def test_the_embeddings_example(server: Server) -> None:
    done = run("examples/embeddings.py", target=server.target, cwd=HERE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "1000 vectors, 1000 computed, equal: True",
        "after the invalidation 1010 computed",
    ]


def test_the_functions_example(server: Server) -> None:
    done = run("examples/functions.py", target=server.target, cwd=HERE)
    assert done.returncode == 0, done.stderr
    user = "{'id': 7, 'team': 'red'}"
    assert done.stdout.splitlines() == [f"{user} None"] * 2 + ["computed 2 times", f"{user} computed 3 times"]


# The reference and what is measured


def modules() -> list[Any]:
    names = [module.name for module in pkgutil.iter_modules(reprise.__path__)]
    return [reprise, *(importlib.import_module(f"reprise.{name}") for name in names if name not in ("v1", "__main__"))]


def test_every_public_name_is_documented() -> None:
    """Goal: nothing public without words.

    Method: all modules, classes, functions, methods and properties are walked.
    """
    missing = []
    for module in modules():
        if not module.__doc__:
            missing.append(module.__name__)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if not inspect.getdoc(thing):
                missing.append(f"{module.__name__}.{name}")
            if inspect.isclass(thing):
                missing += [
                    f"{module.__name__}.{name}.{member}"
                    for member, value in vars(thing).items()
                    if not member.startswith("_")
                    and (inspect.isfunction(value) or isinstance(value, property))
                    and not inspect.getdoc(value)
                ]
    assert missing == []
    assert [name for name in reprise.__all__ if not hasattr(reprise, name)] == []


def test_both_clients_have_the_same_surface() -> None:
    """Goal: one surface. Method: names, parameters and defaults are compared."""
    names = {name for name in dir(Client) if not name.startswith("_")}
    assert names == {name for name in dir(AsyncClient) if not name.startswith("_")}
    for name in names | {"__init__"}:
        blocking, awaited = getattr(Client, name), getattr(AsyncClient, name)
        if not callable(blocking):
            continue
        ours, theirs = inspect.signature(blocking).parameters, inspect.signature(awaited).parameters
        assert list(ours) == list(theirs), name
        assert [one.default for one in ours.values()] == [one.default for one in theirs.values()], name


def test_the_reference_builds(tmp_path: Path) -> None:
    done = subprocess.run([HERE / "docs", str(tmp_path)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "reprise.html").read_text()
    assert "get_or_compute" in page
    assert "CacheManager" in page


def test_calls_and_the_near_cache_are_measured(server: Server, key: str) -> None:
    from opentelemetry import metrics
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    with Client(server.target, near_cache=True, deadline=20) as client:
        client.set(key, 1)
        with pytest.raises(reprise.InvalidArgument):
            client.get("")
        told: Any = reader.get_metrics_data()
    found = {metric.name: list(metric.data.data_points) for metric in told.resource_metrics[0].scope_metrics[0].metrics}
    outcomes = {(point.attributes["method"], point.attributes["outcome"]) for point in found["reprise.client.calls"]}
    assert {("Set", "OK"), ("Get", "INVALID_ARGUMENT")} <= outcomes
    assert found["reprise.client.call.duration"][0].sum > 0
    assert found["reprise.client.near_cache.misses"][0].value >= 1
    assert "reprise.client.near_cache.bytes" in found


def test_the_console_shows_no_keys_or_values() -> None:
    assert "secret" not in repr(reprise.Lookup("hit", value="secret"))
    assert "secret" not in repr(reprise.Condition(lease_id="secret"))
