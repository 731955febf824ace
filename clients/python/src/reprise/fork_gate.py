"""Keeps threads out of gRPC while the process forks.

gRPC survives a fork only if no thread of the application is inside it at that moment: else the child inherits a lock
that nobody will ever release, and hangs. So a fork waits until the calls of other threads have their answers, ends the
streams that are open (they go on after the fork, where they were), and whoever wants to call meanwhile waits for the
fork.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator

FORK_WAIT_S_MAX = 10.0
"""How long a fork waits for calls that are on their way. Beyond it the child may not be able to use a client."""


class ForkGate:
    """Counts who is inside, and lets nobody in while it is closed."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begins anew, as the child of a fork: of those who were inside, none is there."""
        self._changed = threading.Condition(threading.Lock())
        self._inside = 0
        self._closed = False
        self._interrupts: set[Callable[[], None]] = set()

    @contextlib.contextmanager
    def inside(self, interrupt: Callable[[], None] | None = None) -> Iterator[None]:
        """Is inside until it ends. `interrupt` is called where a fork waits for that."""
        with self._changed:
            while self._closed:
                self._changed.wait()
            self._inside += 1
            if interrupt is not None:
                self._interrupts.add(interrupt)
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                if interrupt is not None:
                    self._interrupts.discard(interrupt)
                if self._inside == 0:
                    self._changed.notify_all()

    def close(self, seconds: float = FORK_WAIT_S_MAX) -> bool:
        """Lets nobody in any more, and waits until nobody is inside. Returns whether that was so in time."""
        with self._changed:
            self._closed = True
            interrupts = tuple(self._interrupts)
        for interrupt in interrupts:
            interrupt()
        with self._changed:
            return self._changed.wait_for(lambda: self._inside == 0, seconds)

    def open(self) -> None:
        """Lets everybody in again."""
        with self._changed:
            self._closed = False
            self._changed.notify_all()


fork_gate = ForkGate()
"""The gate of this process."""

_in_child: list[Callable[[], None]] = [fork_gate.renew]
_registering = threading.Lock()
_registered = False


def after_fork_in_child(renew: Callable[[], None]) -> None:
    """Calls a function in each process that is forked from this one while it has a channel."""
    _in_child.append(renew)


def guard_forks() -> None:
    """Lets forks pass through the gate; to be called when there is a channel.

    Not before: gRPC registers its own handlers with its first channel, and what is registered last runs first before a
    fork, and last after it. Its threads must still run when streams are ended, and have been seen to in the child.
    """
    global _registered
    with _registering:
        if _registered or not hasattr(os, "register_at_fork"):
            return
        _registered = True
        os.register_at_fork(before=fork_gate.close, after_in_parent=fork_gate.open, after_in_child=_renew_all)


def _renew_all() -> None:
    for renew in _in_child:
        renew()
