"""Performs effects by awaiting: channels, streams and tasks of `AsyncClient`."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import grpc

from .core import Core
from .effects import Compute, Effect, HangUp, Next, Op, Open, Silent, Sleep, Spawn, Unary
from .errors import Closed, RepriseError, error_of_call
from .options import ClientOptions
from .sync_runtime import BACKGROUND_MAX, Channels
from .target import channel_credentials, channel_options
from .wire import Method

T = TypeVar("T")
_log = logging.getLogger("reprise")


def async_channel(options: ClientOptions) -> Callable[[str], grpc.aio.Channel]:
    """Returns what opens a channel to a target."""

    def make(target: str) -> grpc.aio.Channel:
        settings = channel_options(options.tls)
        if options.tls is None:
            return grpc.aio.insecure_channel(target, options=settings)
        return grpc.aio.secure_channel(target, channel_credentials(options.tls), options=settings)

    return make


class AsyncRuntime:
    """Channels and tasks of one client in one event loop."""

    def __init__(self, targets: Sequence[str], core: Core) -> None:
        self._core = core
        self._channels = Channels(targets, async_channel(core.options))
        self._background = 0
        # Tasks are held here: the event loop itself holds them only weakly.
        self._tasks: set[asyncio.Task[Any]] = set()
        self.closed = False

    async def run(self, operation: Op[T]) -> T:
        """Performs an operation and returns its result."""
        if self.closed:
            raise Closed
        try:
            effect = operation.send(None)
            while True:
                try:
                    outcome = await self._perform(effect)
                except BaseException as error:
                    effect = operation.throw(error)
                else:
                    effect = operation.send(outcome)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            operation.close()

    def follow(self, operation: Callable[[], Op[Any]], name: str) -> asyncio.Task[Any]:
        """Performs an operation in a task of its own, until it ends or the client is closed."""
        task = asyncio.create_task(self._quietly(operation), name=f"reprise-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Ends all calls and streams."""
        self.closed = True
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        # Before the tasks are waited for: a read that has just begun may not notice that it was cancelled, but it ends
        # with its channel.
        for channel in self._channels.take_all():
            await channel.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _perform(self, effect: Effect) -> Any:
        match effect:
            case Unary(method, request, timeout, metadata):
                return await self._unary(method, request, timeout, metadata)
            case Compute(function):
                computed = function()
                return await computed if inspect.isawaitable(computed) else computed
            case Sleep(seconds):
                await asyncio.sleep(seconds)
            case Spawn(operation):
                return self._spawn(operation)
            case Open(method, request):
                server = self._channels.current()
                start = self._channels.callable_for(server, method, stream=True)
                return AsyncStream(self, server, start(request, metadata=await self._metadata()))
            case Next(handle, timeout):
                return await handle.next(timeout)
            case HangUp(handle):
                handle.hang_up()
        return None

    async def _unary(
        self, method: Method[Any, Any], request: Any, timeout: float, traced: tuple[tuple[str, str], ...]
    ) -> Any:
        if self.closed:
            raise Closed
        server = self._channels.current()
        try:
            call = self._channels.callable_for(server, method)
            return await call(request, timeout=timeout, metadata=(*(await self._metadata()), *traced))
        except grpc.aio.AioRpcError as failed:
            raise self.error_of(server, failed) from failed
        except (grpc.aio.UsageError, asyncio.CancelledError) as ended:
            # gRPC cancels what is on its way when its channel is closed: that is no cancellation of this task.
            if self.closed and not _is_cancelled(asyncio.current_task()):
                raise Closed from ended
            raise

    def error_of(self, server: int, failed: grpc.aio.AioRpcError) -> RepriseError:
        """Returns what a failure means, and goes on to another server where that helps."""
        if self.closed:
            return Closed()
        error = error_of_call(failed)
        self._channels.failed(server, error)
        return error

    async def _metadata(self) -> tuple[tuple[str, str], ...]:
        credential = self._core.options.credential
        origin = ("reprise-origin", self._core.origin)
        if credential is None:
            return (origin,)
        text = credential if isinstance(credential, str) else credential()
        if inspect.isawaitable(text):
            text = await text
        return (origin, ("authorization", f"Bearer {text}"))

    def _spawn(self, operation: Callable[[], Op[Any]]) -> bool:
        if self._background >= BACKGROUND_MAX or self.closed:
            return False
        self._background += 1
        task = self.follow(operation, "background")

        def ended(_task: asyncio.Task[Any]) -> None:
            self._background -= 1

        task.add_done_callback(ended)
        return True

    async def _quietly(self, operation: Callable[[], Op[Any]]) -> None:
        try:
            await self.run(operation())
        except Closed:
            pass
        except Exception:
            _log.warning("Work in the background failed.", exc_info=True)


class AsyncStream:
    """A stream whose next message can be waited for in time."""

    def __init__(self, runtime: AsyncRuntime, server: int, call: Any) -> None:
        self._runtime = runtime
        self._server = server
        self._call = call

    async def next(self, timeout: float) -> Any:
        """Returns the next message, or None at a good end."""
        try:
            message = await asyncio.wait_for(self._call.read(), timeout)
        except asyncio.TimeoutError:
            raise Silent from None
        except grpc.aio.AioRpcError as failed:
            raise self._runtime.error_of(self._server, failed) from failed
        except asyncio.CancelledError:
            self.hang_up()
            if self._runtime.closed and not _is_cancelled(asyncio.current_task()):
                raise Closed from None
            raise
        return None if message is grpc.aio.EOF else message

    def hang_up(self) -> None:
        """Ends the stream."""
        with contextlib.suppress(Exception):
            self._call.cancel()


def _is_cancelled(task: asyncio.Task[Any] | None) -> bool:
    """Tells whether somebody cancelled the task. Before Python 3.11 nobody knows: assume that."""
    cancelling = getattr(task, "cancelling", None)
    return True if cancelling is None else bool(cancelling())
