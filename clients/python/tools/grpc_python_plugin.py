"""A protoc plugin that makes `*_pb2_grpc.py` with the generator inside grpcio-tools.

buf runs plugins as programs, and that generator is none of its own: it is built into `grpc_tools.protoc`. So this reads
what a plugin is asked on stdin, asks `grpc_tools.protoc` for the same files, and answers on stdout.
"""

import sys
import tempfile
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from grpc_tools import protoc


def answer(request: plugin_pb2.CodeGeneratorRequest) -> plugin_pb2.CodeGeneratorResponse:
    """Returns the generated files; `error` tells where the generator failed."""
    with tempfile.TemporaryDirectory() as folder:
        descriptors = Path(folder, "descriptors.binpb")
        descriptors.write_bytes(descriptor_pb2.FileDescriptorSet(file=request.proto_file).SerializeToString())
        out = Path(folder, "out")
        out.mkdir()
        options = ["protoc", f"--descriptor_set_in={descriptors}", f"--grpc_python_out={out}"]
        code = protoc.main([*options, *request.file_to_generate])
        response = plugin_pb2.CodeGeneratorResponse(
            supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
        )
        if code != 0:
            response.error = f"grpc_tools.protoc ended with {code}"
        for file in sorted(out.rglob("*.py")):
            response.file.add(name=str(file.relative_to(out)), content=file.read_text())
        return response


if __name__ == "__main__":
    asked = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    sys.stdout.buffer.write(answer(asked).SerializeToString())
