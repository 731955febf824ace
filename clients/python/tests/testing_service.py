"""The TestService of a server in testing mode: faults, broken streams, and what was called."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import grpc
import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc
from servers import ROOT

_FILE = "reprise/testing/v1/test_service.proto"
_SERVICE = "reprise.testing.v1.TestService"


@functools.cache
def _messages() -> dict[str, Any]:
    """Returns the service's messages by name, made from its proto file: users of the client have no need of them."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "set")
        well_known = Path(grpc_tools.__file__).parent / "_proto"
        arguments = ["protoc", f"-I{ROOT / 'proto'}", f"-I{well_known}", "--include_imports"]
        assert protoc.main([*arguments, f"--descriptor_set_out={made}", _FILE]) == 0
        files = descriptor_pb2.FileDescriptorSet.FromString(made.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessages(list(files.file), pool=pool)


class TestService:
    """Calls of one server's TestService."""

    __test__ = False

    def __init__(self, target: str) -> None:
        self._channel = grpc.insecure_channel(target)

    def fail(self, method: str, namespace: str = "default", *, calls: int = 0, **effect: Any) -> None:
        """Lets calls of a method fail: by `failure`, `delay`, `silence` or `cut`. 0 calls: until `clear`."""
        fault = {"method": method, "namespace": namespace, "calls": calls, **effect}
        self._call("InjectFault", fault=fault)

    def clear(self) -> None:
        """Takes all faults back."""
        self._call("ClearFaults")

    def break_streams(self) -> int:
        """Cuts the connections of all streams that are open. Returns how many there were."""
        broken: int = self._call("BreakStreams", cut={}).broken
        return broken

    def calls(self, method: str = "") -> list[Any]:
        """Returns the newest calls."""
        return list(self._call("ListCalls", method=method).calls)

    def close(self) -> None:
        self._channel.close()

    def _call(self, name: str, **fields: Any) -> Any:
        messages = _messages()
        request = messages[f"reprise.testing.v1.{name}Request"](**fields)
        made = self._channel.unary_unary(
            f"/{_SERVICE}/{name}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=messages[f"reprise.testing.v1.{name}Response"].FromString,
        )
        return made(request, timeout=30, wait_for_ready=True)
