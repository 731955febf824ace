"""Durations: seconds or `timedelta` in Python, `google.protobuf.Duration` on the wire."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TypeAlias

from google.protobuf.duration_pb2 import Duration as WireDuration

Duration: TypeAlias = "int | float | timedelta"
"""Seconds as a number, or a `timedelta`."""


def seconds_of(duration: Duration) -> float:
    """Returns the seconds of a duration. `ValueError` if it is not finite, `TypeError` if it is none."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if isinstance(duration, bool) or not isinstance(duration, (int, float)):
        raise TypeError(f"A duration is seconds or a timedelta, not {type(duration).__name__}.")
    if not math.isfinite(duration):
        raise ValueError("A duration must be finite.")
    return float(duration)


def to_wire(duration: Duration) -> WireDuration:
    """Returns the duration as it is sent, to the nanosecond."""
    nanos = round(seconds_of(duration) * 1_000_000_000)
    # Both parts have the sign of the whole: truncated towards zero, not rounded down.
    seconds = int(math.copysign(abs(nanos) // 1_000_000_000, nanos))
    return WireDuration(seconds=seconds, nanos=nanos - seconds * 1_000_000_000)


def from_wire(duration: WireDuration) -> float:
    """Returns the seconds of a duration that was received."""
    return duration.seconds + duration.nanos / 1_000_000_000
