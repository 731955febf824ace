"""How a near cache proves how fresh it is (rule 1). Pure: times are given, nothing is asked here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Awaited:
    head: str
    stands_at: float
    """Everything acknowledged before this moment is before the head. Monotonic seconds."""


class Proof:
    """Follows the heads that a server tells, and the moment up to which the stream has told everything."""

    def __init__(self, max_lag: float) -> None:
        self._max_lag = max_lag
        self._awaited: _Awaited | None = None
        self.proven = float("-inf")
        """The stream has told everything that was acknowledged before this moment. Monotonic seconds."""
        self.count = 0
        """How many proofs there were."""

    @property
    def awaited_head(self) -> str:
        """The head to ask about; empty where none is awaited."""
        return self._awaited.head if self._awaited is not None else ""

    def answered(self, asked_about: str, *, sent_at: float, head: str, age: float, covered: bool, now: float) -> None:
        """Notes an answer of GetHead that was sent at `sent_at` and asked about a head."""
        awaited = self._awaited
        # An answer about another head than the awaited one proves nothing: it was sent before a Reset.
        if awaited is not None and covered and asked_about == awaited.head:
            self.proven = max(self.proven, awaited.stands_at)
            self.count += 1
            awaited = None
        if awaited is not None and now - awaited.stands_at > self._max_lag:
            awaited = None
        self._awaited = awaited if awaited is not None else _Awaited(head, sent_at - age)

    def reset(self) -> None:
        """Forgets what was proven: the stream may have missed something."""
        self._awaited = None
        self.proven = float("-inf")
