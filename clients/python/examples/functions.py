"""In place of functools.cache and of dogpile.cache regions: the same line above a function, shared by all processes.

@functools.cache                                     @cached(client, ttl=60)
def load_user(user_id): ...                          def load_user(user_id): ...

@region.cache_on_arguments(expiration_time=60)       the same; thousands of callers still compute once
"""

from __future__ import annotations

import os
from typing import Any

from reprise import NEGATIVE, Client, cached

client = Client(os.environ.get("REPRISE_TARGET", "127.0.0.1:7171"), deadline=20)
calls = 0


@cached(client, ttl=60, negative_ttl=10, key="user:{user_id}", tags=["users", "team:{team}"])
def load_user(user_id: int, team: str = "none") -> Any:
    """Loads a user from where it takes long; there is none with a negative number."""
    global calls
    calls += 1
    return {"id": user_id, "team": team} if user_id >= 0 else NEGATIVE


def main() -> None:
    """Loads users twice, and once more after their team was invalidated."""
    client.invalidate_tags(["users"])
    for _ in range(2):
        print(load_user(7, team="red"), load_user(-1))
    print(f"computed {calls} times")
    client.invalidate_tags(["team:red"])
    print(load_user(7, team="red"), f"computed {calls} times")
    client.close()


if __name__ == "__main__":
    main()
