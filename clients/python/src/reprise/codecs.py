"""Codecs: values to bytes and a content type, and back. What is read is decoded by its content type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from .errors import CodecError


class Codec(Protocol):
    """Turns values into bytes and back. Write your own with these three names."""

    @property
    def content_type(self) -> str:
        """The content type that is stored with the bytes, at most 255 bytes."""
        ...

    def encode(self, value: Any) -> bytes:
        """Returns the bytes of a value. Raises `CodecError` for a value that this codec can't give back as it was."""
        ...

    def decode(self, data: bytes) -> Any:
        """Returns the value of bytes. Raises `CodecError` if they are not what this codec makes."""
        ...


class JsonCodec:
    """JSON as UTF-8 without spaces, `application/json`: the default.

    A value that JSON would change is refused, never guessed: NaN and infinities, tuples (they would come back as
    lists), mappings with keys that are no text (they would come back as text), bytes, dates.
    """

    content_type: Final = "application/json"

    def encode(self, value: Any) -> bytes:
        """Returns the JSON text of a value as UTF-8."""
        try:
            _refuse_what_json_changes(value)
            return _ENCODER.encode(value).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise CodecError(f"The value is not JSON: {_without_value(error)}") from error

    def decode(self, data: bytes) -> Any:
        """Returns the value of a JSON text."""
        try:
            return _DECODER.decode(data.decode())
        except (ValueError, RecursionError) as error:
            raise CodecError("The bytes are not JSON.") from error


class RawCodec:
    """Bytes as they are, `application/octet-stream`. Takes anything with a buffer, gives `bytes`."""

    content_type: Final = "application/octet-stream"

    def encode(self, value: Any) -> bytes:
        """Returns the bytes of bytes, a bytearray or a memoryview."""
        if isinstance(value, bytes):
            return value
        if isinstance(value, (bytearray, memoryview)):
            return bytes(value)
        raise CodecError(f"The raw codec takes bytes, not {type(value).__name__}.")

    def decode(self, data: bytes) -> bytes:
        """Returns the bytes themselves."""
        return data


class TextCodec:
    """Text as UTF-8, `text/plain`: what counters are stored as. Never chosen for what is written, unless by you."""

    content_type: Final = "text/plain"

    def encode(self, value: Any) -> bytes:
        """Returns the UTF-8 of a text."""
        if not isinstance(value, str):
            raise CodecError(f"The text codec takes text, not {type(value).__name__}.")
        try:
            return value.encode()
        except UnicodeEncodeError as error:
            raise CodecError("The text has no UTF-8.") from error

    def decode(self, data: bytes) -> str:
        """Returns the text of UTF-8."""
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise CodecError("The bytes are not UTF-8.") from error


class MsgpackCodec:
    """MessagePack, `application/msgpack`.

    Needs the extra `msgpack`. Tuples are refused: they would come back as lists.
    """

    content_type: Final = "application/msgpack"

    def __init__(self) -> None:
        self._msgpack = _needed("msgpack")

    def encode(self, value: Any) -> bytes:
        """Returns the MessagePack of a value."""
        try:
            packed: bytes = self._msgpack.packb(value, use_bin_type=True, strict_types=True)
        except (TypeError, ValueError, OverflowError) as error:
            raise CodecError(f"The value is not MessagePack: {_without_value(error)}") from error
        return packed

    def decode(self, data: bytes) -> Any:
        """Returns the value of MessagePack bytes."""
        try:
            return self._msgpack.unpackb(data, raw=False, strict_map_key=False)
        except Exception as error:  # the library raises five unrelated kinds
            raise CodecError("The bytes are not MessagePack.") from error


class NumpyCodec:
    """NumPy arrays in the NPY format, `application/x-npy`. Needs the extra `numpy`.

    Decoding copies nothing: the array looks at the bytes that were received and is read-only. Arrays of Python objects
    are refused in both directions, since reading them would run code.
    """

    content_type: Final = "application/x-npy"

    def __init__(self) -> None:
        self._numpy = _needed("numpy")

    def encode(self, value: Any) -> bytes:
        """Returns the NPY file of an array, with one copy of its data."""
        import io

        np = self._numpy
        if not isinstance(value, np.ndarray) or value.dtype.hasobject:
            raise CodecError("The numpy codec takes arrays whose elements are no Python objects.")
        header = np.lib.format.header_data_from_array_1_0(value)
        array = value if value.flags.c_contiguous or value.flags.f_contiguous else np.ascontiguousarray(value)
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, header)
        # A Fortran array is written by columns: its transpose lies in that order already.
        ordered = array.T if header["fortran_order"] else array
        return b"".join((head.getvalue(), ordered.reshape(-1).view(np.uint8).data if array.size else b""))

    def decode(self, data: bytes) -> Any:
        """Returns a read-only array over the bytes."""
        import io

        np = self._numpy
        head = io.BytesIO(data)
        try:
            version = np.lib.format.read_magic(head)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
            shape, fortran_order, dtype = read(head)
            if dtype.hasobject:
                raise ValueError("objects")
            flat = np.frombuffer(data, dtype=dtype, offset=head.tell()) if 0 not in shape else np.empty(0, dtype)
            array = flat.reshape(shape, order="F" if fortran_order else "C")
        except (ValueError, TypeError, EOFError) as error:
            raise CodecError("The bytes are not an array in the NPY format.") from error
        array.flags.writeable = False
        return array


class Codecs:
    """Finds the codec of a content type."""

    def __init__(self, default: Codec, others: Mapping[str, Codec]) -> None:
        self.default = default
        self._by_type = {**others, default.content_type: default}

    def decode(self, data: bytes, content_type: str, *, unknown_as_bytes: bool = False) -> Any:
        """Returns the value of bytes by their content type; the default codec's where none was stored with them.

        Raises `CodecError` for a content type that no codec has, unless `unknown_as_bytes`.
        """
        codec = self._codec_of(content_type)
        if codec is not None:
            return codec.decode(data)
        if unknown_as_bytes:
            return data
        raise CodecError(f"No codec knows the content type {content_type!r}: ask for bytes with unknown_as_bytes=True.")

    def _codec_of(self, content_type: str) -> Codec | None:
        # Parameters such as charset follow a semicolon.
        base = content_type.partition(";")[0].strip().lower()
        if base == "":
            return self.default
        if base not in self._by_type and base in _ON_DEMAND:
            try:
                self._by_type[base] = codec_named(_ON_DEMAND[base])
            except CodecError:
                return None
        return self._by_type.get(base)


_ON_DEMAND = {"application/msgpack": "msgpack", "application/x-npy": "numpy"}


def codec_named(codec: str | Codec) -> Codec:
    """Returns the codec called `json`, `raw`, `text`, `msgpack` or `numpy`; one of your own is returned as it is."""
    if not isinstance(codec, str):
        return codec
    makers: dict[str, Callable[[], Codec]] = {
        "json": JsonCodec,
        "raw": RawCodec,
        "text": TextCodec,
        "msgpack": MsgpackCodec,
        "numpy": NumpyCodec,
    }
    if codec not in makers:
        raise ValueError(f"There is no codec {codec!r}: choose one of {', '.join(makers)}.")
    return makers[codec]()


def codecs_for(default: str | Codec) -> Codecs:
    """Returns all codecs, with this one for what is written."""
    known: tuple[Codec, ...] = (JsonCodec(), RawCodec(), TextCodec())
    return Codecs(codec_named(default), {codec.content_type: codec for codec in known})


def _refuse_what_json_changes(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a mapping has a key of type {type(key).__name__}")
            if isinstance(item, (dict, list, tuple)):
                _refuse_what_json_changes(item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list, tuple)):
                _refuse_what_json_changes(item)
    elif isinstance(value, tuple):
        raise TypeError("a tuple would come back as a list")


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


# Made once: json.loads and json.dumps would make them anew for each value.
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _without_value(error: Exception) -> str:
    """Says what is wrong without telling the value, which some messages of the standard library contain."""
    return str(error) if isinstance(error, TypeError) else type(error).__name__


def _needed(module: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise CodecError(f"This codec needs the extra: pip install 'reprise[{module}]'.") from error
