"""The cache of an application: the one place that knows where it comes from."""

from reprise import CacheManager

__all__ = ["CacheManager"]
