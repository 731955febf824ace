"""Codecs: what comes back, what is refused, and what others wrote."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from servers import Server

from reprise import Client, CodecError, JsonCodec, MsgpackCodec, NumpyCodec, RawCodec, TextCodec
from reprise.codecs import codec_named, codecs_for


@pytest.mark.parametrize("value", [None, 0, 1.5, "", "ü€😀", [], {}, [1, [2, {"a": None}]], 2**70, True])
@pytest.mark.parametrize("codec", [JsonCodec(), MsgpackCodec()])
def test_values_come_back_as_they_were(codec: Any, value: object) -> None:
    if isinstance(codec, MsgpackCodec) and value == 2**70:
        with pytest.raises(CodecError):
            codec.encode(value)
        return
    again = codec.decode(codec.encode(value))
    assert again == value
    assert type(again) is type(value)


def test_json_is_compact_utf_8() -> None:
    assert JsonCodec().encode({"ü": [1, 2]}) == '{"ü":[1,2]}'.encode()


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        [float("inf")],
        {1: "a"},
        {"a": {None: 1}},
        (1, 2),
        [{"a": (1,)}],
        b"bytes",
        {1, 2},
        datetime.date(2026, 1, 1),
        object(),
        "\ud800",
        nested(100_000),
    ],
)
def test_what_json_would_change_is_refused_without_telling_it(value: object) -> None:
    with pytest.raises(CodecError):
        JsonCodec().encode(value)


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b'{"a":}'])
def test_what_is_not_json_is_a_typed_error(data: bytes) -> None:
    with pytest.raises(CodecError):
        JsonCodec().decode(data)


def test_raw_takes_buffers_and_nothing_else() -> None:
    codec = RawCodec()
    assert codec.encode(b"a") == codec.encode(bytearray(b"a")) == codec.encode(memoryview(b"a")) == b"a"
    for bad in ("text", 1, None):
        with pytest.raises(CodecError):
            codec.encode(bad)


def test_text_is_utf_8() -> None:
    assert TextCodec().decode(TextCodec().encode("ü")) == "ü"
    for bad in (1, "\ud800"):
        with pytest.raises(CodecError):
            TextCodec().encode(bad)
    with pytest.raises(CodecError):
        TextCodec().decode(b"\xff")


@pytest.mark.parametrize("value", [(1, 2), object(), {"a": datetime.date(2026, 1, 1)}])
def test_what_msgpack_would_change_is_refused(value: object) -> None:
    with pytest.raises(CodecError):
        MsgpackCodec().encode(value)


ARRAYS = [
    np.arange(12, dtype=np.float32).reshape(3, 4),
    np.asfortranarray(np.arange(12, dtype=np.int64).reshape(3, 4)),
    np.arange(24).reshape(2, 3, 4)[:, ::2, 1:],
    np.array(3.5),
    np.empty((0, 5), np.uint8),
    np.array([True, False]),
    np.array(["a", "bcd"]),
    np.array([1 + 2j]),
    np.array(["2026-01-01"], dtype="datetime64[D]"),
    np.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", ">f8")]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_an_array_comes_back_as_it_was(array: Any) -> None:
    codec = NumpyCodec()
    again = codec.decode(codec.encode(array))
    assert again.dtype == array.dtype
    assert again.shape == array.shape
    assert np.array_equal(again, array)
    assert not again.flags.writeable


def test_decoding_an_array_copies_nothing() -> None:
    data = NumpyCodec().encode(np.arange(1000))
    again = NumpyCodec().decode(data)
    address = np.frombuffer(data, np.uint8).__array_interface__["data"][0]
    assert address < again.__array_interface__["data"][0] < address + len(data)


def test_other_programs_read_the_array() -> None:
    import io

    array = np.arange(6).reshape(2, 3)
    assert np.array_equal(np.load(io.BytesIO(NumpyCodec().encode(array))), array)
    file = io.BytesIO()
    np.save(file, array)
    assert np.array_equal(NumpyCodec().decode(file.getvalue()), array)


def test_arrays_of_objects_are_refused_in_both_directions() -> None:
    import io

    for bad in (np.array([object()]), [1, 2], None):
        with pytest.raises(CodecError):
            NumpyCodec().encode(bad)
    file = io.BytesIO()
    np.save(file, np.array([object]), allow_pickle=True)
    with pytest.raises(CodecError):
        NumpyCodec().decode(file.getvalue())
    for data in (b"", b"\x93NUMPY", NumpyCodec().encode(np.arange(9))[:-5]):
        with pytest.raises(CodecError):
            NumpyCodec().decode(data)


def test_what_is_read_is_decoded_by_its_content_type() -> None:
    codecs = codecs_for("raw")
    assert codecs.decode(b"[1]", "application/json; charset=utf-8") == [1]
    assert codecs.decode(b"[1]", "") == b"[1]"
    assert codecs_for("json").decode(b"[1]", "") == [1]
    assert codecs.decode(MsgpackCodec().encode([1]), "application/msgpack") == [1]
    assert codecs.decode(NumpyCodec().encode(np.arange(2)), "application/x-npy").tolist() == [0, 1]
    with pytest.raises(CodecError, match="image/png"):
        codecs.decode(b"x", "image/png")
    assert codecs.decode(b"x", "image/png", unknown_as_bytes=True) == b"x"


def test_a_codec_of_ones_own_is_used(server: Server, key: str) -> None:
    class Reversed:
        content_type = "application/x-reversed"

        def encode(self, value: Any) -> bytes:
            return bytes(reversed(value))

        def decode(self, data: bytes) -> Any:
            return bytes(reversed(data))

    with Client(server.target, codec=Reversed(), deadline=20) as client, Client(server.target, deadline=20) as other:
        client.set(key, b"abc")
        assert client.get(key).value == b"abc"
        with pytest.raises(CodecError):
            other.get(key)
        assert other.get(key, unknown_as_bytes=True).value == b"cba"
        client.set(key, [1], codec="json")
        assert client.get(key).value == [1]
    with pytest.raises(ValueError, match="no codec"):
        codec_named("pickle")
