"""Where servers are, and how a channel to one of them is made."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import grpc

from .options import ClientOptions, Tls, pem_bytes

MESSAGE_BYTES_MAX = 16 * 1024 * 1024
"""The server's limit in both directions."""

KEEPALIVE_AFTER_S = 10.0
"""A connection with an open call that is silent for so long is asked whether it lives."""
KEEPALIVE_TIMEOUT_S = 5.0
"""How long the answer may take: so a half-open connection is found within 15 s."""

_CHANNEL_OPTIONS: list[tuple[str, Any]] = [
    ("grpc.max_send_message_length", MESSAGE_BYTES_MAX),
    ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
    # Retries are the client's own: a transparent wrapper knows neither reasons nor request ids.
    ("grpc.enable_retries", 0),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    # How long one attempt to connect may take, whatever the name says.
    ("grpc.min_reconnect_backoff_ms", 5_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Each client has connections of its own: closing one ends nothing of another.
    ("grpc.use_local_subchannel_pool", 1),
    # A cache is not reached through a proxy for web pages.
    ("grpc.enable_http_proxy", 0),
]


def targets_of(target: str | Sequence[str]) -> tuple[str, ...]:
    """Returns the addresses of a target. `ValueError` if one is not `HOST:PORT`."""
    targets = (target,) if isinstance(target, str) else tuple(target)
    if not targets:
        raise ValueError("A target is HOST:PORT, or a list with at least one.")
    for one in targets:
        host, _, port = one.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError(f"A target is HOST:PORT, not {one!r}.")
    return targets


def check_security(targets: Sequence[str], options: ClientOptions) -> None:
    """Raises `ValueError` where a plain connection would leave the machine without anybody having said so."""
    remote = [target for target in targets if not _is_loopback(target)]
    if options.tls is not None or not remote:
        return
    if options.credential is not None:
        raise ValueError("A credential is never sent over a plain connection to another machine: give tls.")
    if not options.insecure:
        raise ValueError(f"{remote[0]} is another machine: give tls, or insecure=True for a plain connection.")


def channel_options(tls: Tls | None) -> list[tuple[str, Any]]:
    """Returns the options of every channel."""
    options = [
        *_CHANNEL_OPTIONS,
        ("grpc.keepalive_time_ms", round(KEEPALIVE_AFTER_S * 1000)),
        ("grpc.keepalive_timeout_ms", round(KEEPALIVE_TIMEOUT_S * 1000)),
        # Without this one an answer may take a minute, whatever the other says.
        ("grpc.http2.ping_timeout_ms", round(KEEPALIVE_TIMEOUT_S * 1000)),
    ]
    if tls is not None and tls.server_name is not None:
        options.append(("grpc.ssl_target_name_override", tls.server_name))
    return options


def channel_credentials(tls: Tls) -> grpc.ChannelCredentials:
    """Returns the credentials of a TLS channel. `ValueError` if a certificate comes without its key."""
    if (tls.cert is None) != (tls.key is None):
        raise ValueError("cert and key belong together.")
    return grpc.ssl_channel_credentials(pem_bytes(tls.ca), pem_bytes(tls.key), pem_bytes(tls.cert))


def _is_loopback(target: str) -> bool:
    host = target.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
