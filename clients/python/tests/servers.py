"""Real servers for tests: started on free ports, stopped with the tests."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WAIT_S = 30.0
START_WAIT_S = 90.0
"""A server needs half a second of the processor to start, which a crowded machine does not give it for a long time."""


def eventually(condition: Callable[[], object], what: str = "") -> object:
    """Returns what the condition gives as soon as it is true; fails after 30 s."""
    end = time.monotonic() + WAIT_S
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {WAIT_S} s: {what or condition}"
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


class Server:
    """One server process. `port` 0 lets it choose."""

    def __init__(self, *flags: str, port: int = 0, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [
                str(ROOT / "node_modules/.bin/node"),
                str(ROOT / "src/main.ts"),
                "serve",
                "--listen",
                f"127.0.0.1:{port}",
                "--ops-listen",
                "off",
                *flags,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
        )
        self.port = self._listening()

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _listening(self) -> int:
        lines: queue.Queue[bytes] = queue.Queue()
        assert self.process.stdout is not None
        # Read to the end, so that a full pipe never holds the server back.
        threading.Thread(target=_pump, args=(self.process.stdout, lines), daemon=True).start()
        end = time.monotonic() + START_WAIT_S
        while time.monotonic() < end:
            line = lines.get(timeout=START_WAIT_S)
            if line == b"":
                break
            told = json.loads(line) if line.startswith(b"{") else {}
            if told.get("event") == "serverListening":
                return int(told["port"])
        raise AssertionError("the server did not start")

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(WAIT_S)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _pump(stream: object, lines: queue.Queue[bytes]) -> None:
    for line in stream:  # type: ignore[attr-defined]
        if lines.qsize() < 1000:
            lines.put(line)
    lines.put(b"")


class Redis:
    """A Redis on a free port, in memory."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", self._folder],
            stdout=subprocess.DEVNULL,
        )
        eventually(self._answers, "redis")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def _answers(self) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)
