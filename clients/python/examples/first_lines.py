"""The first lines with a cache: set, get, invalidate.

Run it with PYTHONPATH=examples; REPRISE_TARGET names the server, 127.0.0.1:7171 if it is not set.
"""

from services.cache import CacheManager

cache = CacheManager(backend="redis")
cache.set("spotify:user:123", {"top_tracks": ["a", "b"]}, ttl=3600)
data = cache.get("spotify:user:123")
cache.invalidate("spotify:user:123")

print(data, cache.get("spotify:user:123"))
