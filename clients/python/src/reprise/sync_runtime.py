"""Performs effects by blocking: channels, streams and threads of `Client`."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import queue
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import grpc

from .core import Core
from .effects import Compute, Effect, HangUp, Next, Op, Open, Silent, Sleep, Spawn, Unary
from .errors import Closed, RepriseError, error_of_call
from .fork_gate import fork_gate, guard_forks
from .options import ClientOptions
from .target import channel_credentials, channel_options
from .wire import Method

BACKGROUND_MAX = 8
"""Computations in the background at the same time; beyond it callers do without."""
STREAM_MESSAGES_WAITING_MAX = 16
"""Messages of a stream read ahead; beyond it the connection's flow control holds the server back."""

T = TypeVar("T")
_log = logging.getLogger("reprise")


class Channels:
    """Channels to several servers: tried in random order, staying with one until it can't be reached."""

    def __init__(self, targets: Sequence[str], make: Callable[[str], Any]) -> None:
        self._targets = random.sample(targets, len(targets))
        self._make = make
        self._lock = threading.Lock()
        self._open: dict[str, Any] = {}
        self._calls: dict[tuple[int, str], Any] = {}
        self._current = 0
        self._closed = False

    def current(self) -> int:
        """Returns the number of the server to call."""
        return self._current

    def callable_for(self, server: int, method: Method[Any, Any], *, stream: bool = False) -> Any:
        """Returns what makes calls of a method at a server. `Closed` after `take_all`."""
        made = self._calls.get((server, method.path))
        if made is not None:
            return made
        with self._lock:
            # A call that is about to begin when the client is closed must not open another channel, which nobody ends.
            if self._closed:
                raise Closed
            channel = self._channel(self._targets[server])
            kind = channel.unary_stream if stream else channel.unary_unary
            made = kind(
                method.path,
                request_serializer=method.request.SerializeToString,
                response_deserializer=method.response.FromString,
            )
            self._calls[server, method.path] = made
            return made

    def open_current(self) -> None:
        """Makes the channel to the server that is called first."""
        with self._lock:
            self._channel(self._targets[self._current])

    def _channel(self, target: str) -> Any:
        if target not in self._open:
            self._open[target] = self._make(target)
        return self._open[target]

    def failed(self, server: int, error: RepriseError) -> None:
        """Goes on to the next server if this one did not answer. What a server says itself is no such failure."""
        unanswered = error.code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
        with self._lock:
            if unanswered and error.reason == "" and self._current == server:
                self._current = (server + 1) % len(self._targets)

    def take_all(self) -> list[Any]:
        """Returns all channels, which the caller closes, and opens no more."""
        with self._lock:
            self._closed = True
            channels = list(self._open.values())
            self._open.clear()
            self._calls.clear()
            return channels


def sync_channel(options: ClientOptions) -> Callable[[str], grpc.Channel]:
    """Returns what opens a channel to a target."""

    def make(target: str) -> grpc.Channel:
        settings = channel_options(options.tls)
        if options.tls is None:
            return grpc.insecure_channel(target, options=settings)
        return grpc.secure_channel(target, channel_credentials(options.tls), options=settings)

    return make


class Ending:
    """Says that an operation is to end, and wakes it where it waits."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._stream: SyncStream | None = None

    def is_set(self) -> bool:
        """Tells whether it is to end."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Waits; true at once if it is to end."""
        return self._event.wait(seconds)

    def set(self) -> None:
        """Ends the operation."""
        self._event.set()
        if self._stream is not None:
            self._stream.wake()

    def holds(self, stream: SyncStream) -> None:
        """Notes the stream that the operation waits for."""
        self._stream = stream
        if self._event.is_set():
            stream.wake()


class SyncRuntime:
    """Channels and threads of one client in one process."""

    def __init__(self, targets: Sequence[str], core: Core) -> None:
        self._core = core
        self._channels = Channels(targets, sync_channel(core.options))
        # Connects nothing yet.
        self._channels.open_current()
        guard_forks()
        self._background = threading.BoundedSemaphore(BACKGROUND_MAX)
        self.closing = Ending()
        self._endings: set[Ending] = set()

    def run(self, operation: Op[T]) -> T:
        """Performs an operation and returns its result."""
        if self.closing.is_set():
            raise Closed
        return self._drive(operation)

    def follow(
        self,
        operation: Callable[[], Op[Any]],
        ending: Ending,
        name: str,
        *,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Performs an operation in a thread of its own, until it ends, or is ended, or the client is closed.

        Afterwards `ended` is called.
        """
        self._endings.add(ending)
        if self.closing.is_set():
            ending.set()

        def work() -> None:
            try:
                self._quietly(operation, ending)
            finally:
                self._endings.discard(ending)
                ended()

        threading.Thread(target=work, name=f"reprise-{name}", daemon=True).start()

    def close(self) -> None:
        """Ends all calls and streams."""
        self.closing.set()
        for ending in tuple(self._endings):
            ending.set()
        for channel in self._channels.take_all():
            with fork_gate.inside():
                channel.close()

    def _drive(self, operation: Op[T], ending: Ending | None = None) -> T:
        try:
            effect = operation.send(None)
            while True:
                try:
                    outcome = self._perform(effect, ending or self.closing)
                except BaseException as error:
                    effect = operation.throw(error)
                else:
                    effect = operation.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            operation.close()

    def _perform(self, effect: Effect, ending: Ending) -> Any:
        match effect:
            case Unary(method, request, timeout, metadata):
                return self._unary(method, request, timeout, metadata)
            case Compute(function):
                return function()
            case Sleep(seconds):
                if ending.wait(seconds):
                    raise Closed
            case Spawn(operation):
                return self._spawn(operation)
            case Open(method, request):
                return self._open(method, request, ending)
            case Next(handle, timeout):
                return handle.next(timeout)
            case HangUp(handle):
                handle.hang_up()
        return None

    def _unary(
        self, method: Method[Any, Any], request: Any, timeout: float, traced: tuple[tuple[str, str], ...]
    ) -> Any:
        if self.closing.is_set():
            raise Closed
        server = self._channels.current()
        metadata = (*self._metadata(), *traced)
        try:
            with fork_gate.inside():
                return self._channels.callable_for(server, method)(request, timeout=timeout, metadata=metadata)
        except grpc.RpcError as failed:
            error = self.error_of(server, failed)
            raise error from failed
        except ValueError as closed:
            raise self._closed_or(closed) from None

    def _open(self, method: Method[Any, Any], request: Any, ending: Ending) -> SyncStream:
        server = self._channels.current()
        metadata = self._metadata()
        try:
            with fork_gate.inside():
                call = self._channels.callable_for(server, method, stream=True)(request, metadata=metadata)
        except ValueError as closed:
            raise self._closed_or(closed) from None
        stream = SyncStream(self, server, call, ending)
        ending.holds(stream)
        return stream

    def _closed_or(self, error: ValueError) -> Exception:
        # gRPC says so where the channel was closed.
        return Closed() if self.closing.is_set() else error

    def error_of(self, server: int, failed: Any) -> RepriseError:
        """Returns what a failure means, and goes on to another server where that helps."""
        if self.closing.is_set():
            return Closed()
        error = error_of_call(failed)
        self._channels.failed(server, error)
        return error

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        credential = self._core.options.credential
        origin = ("reprise-origin", self._core.origin)
        if credential is None:
            return (origin,)
        text = credential if isinstance(credential, str) else credential()
        return (origin, ("authorization", f"Bearer {text}"))

    def _spawn(self, operation: Callable[[], Op[Any]]) -> bool:
        if not self._background.acquire(blocking=False):
            return False

        def work() -> None:
            try:
                self._quietly(operation)
            finally:
                self._background.release()

        # What is done in the background belongs to the caller's trace.
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(work,), name="reprise-background", daemon=True).start()
        return True

    def _quietly(self, operation: Callable[[], Op[Any]], ending: Ending | None = None) -> None:
        try:
            self._drive(operation(), ending)
        except Closed:
            pass
        except Exception:
            _log.warning("Work in the background failed.", exc_info=True)


class SyncStream:
    """A stream whose messages a thread reads, so that waiting for the next can end in time."""

    def __init__(self, runtime: SyncRuntime, server: int, call: Any, ending: Ending) -> None:
        self._runtime = runtime
        self._server = server
        self._call = call
        self._ending = ending
        self._hung_up = threading.Event()
        self._interrupted = False
        self._read: queue.Queue[Any] = queue.Queue(STREAM_MESSAGES_WAITING_MAX)
        threading.Thread(target=self._work, name="reprise-stream", daemon=True).start()

    def next(self, timeout: float) -> Any:
        """Returns the next message, or None at a good end."""
        if self._ending.is_set():
            self.hang_up()
            raise Closed
        try:
            read = self._read.get(timeout=timeout)
        except queue.Empty:
            if self._interrupted:
                raise _forked() from None
            raise Silent from None
        if isinstance(read, RepriseError):
            raise read
        return read

    def hang_up(self) -> None:
        """Ends the stream."""
        self._hung_up.set()
        self.wake()

    def wake(self) -> None:
        """Ends the stream; whoever waits for its next message is told."""
        with fork_gate.inside():
            self._call.cancel()

    def _interrupt(self) -> None:
        """Ends the stream because the process forks. It is opened again afterwards, as after any other break."""
        self._interrupted = True
        self._call.cancel()
        with contextlib.suppress(queue.Full):  # then there is enough to read until this is found out
            self._read.put_nowait(_forked())

    def _work(self) -> None:
        with fork_gate.inside(self._interrupt):
            try:
                for message in self._call:
                    self._put(message)
                self._put(None)
            except grpc.RpcError as failed:
                # What was cut off by the caller is no failure of the server.
                self._put(Closed() if self._ending.is_set() else self._runtime.error_of(self._server, failed))

    def _put(self, read: Any) -> None:
        while not self._hung_up.is_set() and not self._interrupted:
            try:
                self._read.put(read, timeout=0.1)
                return
            except queue.Full:
                continue


def _forked() -> RepriseError:
    return RepriseError("The process was forked.", code=grpc.StatusCode.CANCELLED)
