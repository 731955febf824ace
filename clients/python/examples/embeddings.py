"""Embeddings, cached in batches: one call reads all, the model computes only what is missing, one call keeps it.

Each vector carries the tag of its model, so that a new version of the model makes all of them go at once. Deliberate:
the model is a small deterministic stand-in, so that the example runs anywhere. Needs the extra `numpy`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from reprise import Client

DIMENSIONS = 64


class Model:
    """Turns texts into vectors of length one: equal texts into equal vectors."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Any:
        """Returns one row for each text."""
        self.embedded += len(texts)
        rows = [np.random.default_rng(self._seed(text)).standard_normal(DIMENSIONS) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)

    def _seed(self, text: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.version} {text}".encode()).digest()[:8], "big")


class CachedModel:
    """A model that computes each text once, for all processes that use the cache."""

    def __init__(self, client: Client, model: Model, ttl: float = 3600) -> None:
        self._client = client
        self._model = model
        self._ttl = ttl

    @property
    def tag(self) -> str:
        """What all vectors of this model carry."""
        return f"model:{self._model.version}"

    def embed(self, texts: Sequence[str]) -> Any:
        """Returns one row for each text, computed only where the cache has none."""
        if not texts:
            return np.empty((0, DIMENSIONS), np.float32)
        keys = [self._key(text) for text in texts]
        found = self._client.get_many(keys)
        missing = list(dict.fromkeys(text for text, key in zip(texts, keys, strict=True) if not found[key]))
        computed = dict(zip(missing, self._model.embed(missing), strict=True)) if missing else {}
        if computed:
            vectors = {self._key(text): vector for text, vector in computed.items()}
            self._client.set_many(vectors, ttl=self._ttl, tags=[self.tag])
        # What was read looks at the bytes as they were received: only stacking copies.
        return np.stack([computed[t] if t in computed else found[k].value for t, k in zip(texts, keys, strict=True)])

    def forget(self) -> None:
        """Forgets all vectors of this model."""
        self._client.invalidate_tags([self.tag])

    def _key(self, text: str) -> str:
        return f"embedding:{self._model.version}:{hashlib.sha256(text.encode()).hexdigest()}"


def main() -> None:
    """Embeds the same sentences twice, and once more after the model's vectors were invalidated."""
    model = Model("toy-1")
    sentences = [f"sentence {number}" for number in range(1000)]
    with Client(os.environ.get("REPRISE_TARGET", "127.0.0.1:7171"), codec="numpy", deadline=20) as client:
        cached = CachedModel(client, model)
        cached.forget()
        first = cached.embed(sentences)
        again = cached.embed(sentences)
        print(f"{len(again)} vectors, {model.embedded} computed, equal: {bool((first == again).all())}")
        cached.forget()
        cached.embed(sentences[:10])
        print(f"after the invalidation {model.embedded} computed")


if __name__ == "__main__":
    main()
