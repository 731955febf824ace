"""When a failed call is tried again, and how long to wait first. Pure but for the budget, which counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import grpc

from .errors import Closed, RepriseError

TRIES_MAX = 3
"""Tries of one call, the first included."""
BACKOFF_FIRST_S = 0.025
"""Bound of the first wait; it doubles with each try."""
BACKOFF_MAX_S = 1.0
"""Bound of every wait."""
BUDGET_MAX = 10.0
"""Retries that can be saved up."""
BUDGET_EARNED_PER_CALL = 0.1
"""What each call adds to the budget: at most a tenth of all calls are retries for long."""

_RETRIED_REASONS = frozenset({"OVERLOADED", "REQUEST_IDS_FULL"})
_NOBODYS_WORD = frozenset({grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED})


class RetryBudget:
    """Keeps retries from multiplying the load of a server in trouble."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._saved = BUDGET_MAX

    def earn(self) -> None:
        """Notes a call."""
        with self._lock:
            self._saved = min(BUDGET_MAX, self._saved + BUDGET_EARNED_PER_CALL)

    def spend(self) -> bool:
        """Takes one retry; False if none is left."""
        with self._lock:
            if self._saved < 1:
                return False
            self._saved -= 1
            return True


def may_retry(error: RepriseError) -> bool:
    """Tells whether trying again may help, and does no harm with the same request id."""
    if isinstance(error, Closed):
        return False
    if error.code is grpc.StatusCode.UNAVAILABLE:
        return True
    # The server's own errors all have a reason. One of these codes without any is a stream that ended without a status.
    return error.reason in _RETRIED_REASONS or (error.reason == "" and error.code in _NOBODYS_WORD)


def wait_before_retry(
    error: RepriseError, tries: int, remaining: float, budget: RetryBudget, random: Callable[[], float]
) -> float | None:
    """Returns how many seconds to wait before the next try, or None where the call has failed.

    Full jitter from 25 ms doubling to 1 s, never sooner than the server asks for, never beyond the deadline.
    """
    if tries >= TRIES_MAX or not may_retry(error):
        return None
    bound = min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** (tries - 1))
    wait = (error.retry_after or 0.0) + random() * bound
    return wait if wait < remaining and budget.spend() else None
