"""Decoders of leaves: strings, numbers, bytes, quantities, times.

Each gives None for null and for what it cannot take.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.decoding.report import Decoder, HardError, Report, kind_name
from podlab.mock.api.decoding.text import Number
from podlab.mock.api.decoding.times import parse_time
from podlab.mock.api.quantity import FORMAT_WRONG, QuantityError, canonical
from podlab.mock.api.schema import Scalar
from podlab.mock.kernel import MicroTime, Time

_INT_LIMITS: Final = {"int32": 2**31, "int64": 2**63}
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]")


def _decode_string(type_: Scalar) -> Decoder:
    go = type_.go

    def decode(value: Any, report: Report) -> Any:
        if type(value) is str:
            return value
        if value is not None:
            report.mismatch(value, go)
        return None

    return decode


def _decode_bool(type_: Scalar) -> Decoder:
    def decode(value: Any, report: Report) -> Any:
        if value is True or value is False:
            return value
        if value is not None:
            report.mismatch(value, type_.go)
        return None

    return decode


def _decode_int(type_: Scalar) -> Decoder:
    limit, go = _INT_LIMITS[type_.kind], type_.go

    def decode(value: Any, report: Report) -> Any:
        if type(value) is int:
            if -limit <= value < limit:
                return value
            report.keep(report.unmarshal_error(f"number {value}", go))
        elif isinstance(value, Number):
            report.keep(report.unmarshal_error(f"number {value.text}", go))
        elif value is not None:
            report.mismatch(value, go)
        return None

    return decode


def _decode_float(type_: Scalar) -> Decoder:
    def decode(value: Any, report: Report) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return plain(value)
        if value is not None:
            report.mismatch(value, type_.go)
        return None

    return decode


def _decode_bytes(type_: Scalar) -> Decoder:
    """Base64 in a string, or (Go takes it) a list of numbers; what comes out is base64 again."""

    def decode(value: Any, report: Report) -> Any:
        if isinstance(value, str):
            wrong = bad_base64(value)
            if wrong is not None:
                report.keep(f"illegal base64 data at input byte {wrong}")
                return None
            return base64.b64encode(base64.b64decode(value)).decode()
        if isinstance(value, list):
            return base64.b64encode(bytes(_byte(item, report) for item in value)).decode()
        if value is not None:
            report.mismatch(value, type_.go)
        return None

    return decode


def _byte(item: Any, report: Report) -> int:
    if isinstance(item, int) and not isinstance(item, bool):
        if 0 <= item < 256:
            return item
        report.keep(report.unmarshal_error(f"number {item}", "uint8"))
    elif isinstance(item, Number):
        report.keep(report.unmarshal_error(f"number {item.text}", "uint8"))
    elif item is not None:
        report.mismatch(item, "uint8")
    return 0


def bad_base64(text: str) -> int | None:
    """Where Go's ``base64.StdEncoding`` stops reading, or None if it reads it all. Line ends are skipped."""
    try:
        data = text.encode()
        base64.b64decode(data, validate=True)
        return None
    except (binascii.Error, ValueError):
        return _first_bad_byte(text.encode())


def _first_bad_byte(data: bytes) -> int | None:
    group, place = 0, 0
    while place < len(data):
        byte = data[place]
        place += 1
        if byte in b"\r\n":
            continue
        if byte == ord("="):
            return _bad_padding(data, place, group)
        if not chr(byte).isascii() or not _BASE64.match(chr(byte)):
            return place - 1
        group = (group + 1) % 4
    return place - group if group else None


def _bad_padding(data: bytes, place: int, group: int) -> int | None:
    if group < 2:
        return place - 1
    rest = [(i, byte) for i, byte in enumerate(data[place:], place) if byte not in b"\r\n"]
    if group == 2:
        if not rest:
            return len(data)
        if rest[0][1] != ord("="):
            return rest[0][0]
        rest = rest[1:]
    return rest[0][0] if rest else None


def _decode_quantity(type_: Scalar) -> Decoder:
    def decode(value: Any, report: Report) -> Any:
        if type(value) is str:
            text = value.strip(" \t\n\v\f\r")
        elif value is None:
            return None
        elif isinstance(value, Number):
            text = value.text
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            text = repr(value)  # a float comes from a patch, which was read without knowing types
        else:
            raise HardError(FORMAT_WRONG)
        try:
            return canonical(text)
        except QuantityError as error:
            raise HardError(str(error)) from None

    return decode


def _decode_int_or_string(type_: Scalar) -> Decoder:
    def decode(value: Any, report: Report) -> Any:
        if type(value) is str or (type(value) is int and -(2**31) <= value < 2**31):
            return value
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            raise HardError(report.unmarshal_error(f"number {value}", "int32"))
        if isinstance(value, Number):
            raise HardError(report.unmarshal_error(f"number {value.text}", "int32"))
        raise HardError(report.unmarshal_error(kind_name(value), "int32"))

    return decode


def _decode_time(type_: Scalar) -> Decoder:
    micro = type_.kind == "microtime"
    make: type[Time] = MicroTime if micro else Time

    def decode(value: Any, report: Report) -> Any:
        if isinstance(value, Time):
            return value
        if isinstance(value, str):
            try:
                return make(parse_time(value, micro) - report.epoch_ns)
            except ValueError as error:
                raise HardError(str(error)) from None
        if value is not None:
            raise HardError(report.unmarshal_error(kind_name(value), "string"))
        return None

    return decode


def _decode_any(type_: Scalar) -> Decoder:
    return lambda value, report: plain(value)


def plain(value: Any) -> Any:
    """Untyped JSON: a whole number written with a point or exponent stays a float."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Number) else value


LEAVES: Final[dict[str, Callable[[Scalar], Decoder]]] = {
    "string": _decode_string,
    "int32": _decode_int,
    "int64": _decode_int,
    "float64": _decode_float,
    "bool": _decode_bool,
    "bytes": _decode_bytes,
    "quantity": _decode_quantity,
    "intorstring": _decode_int_or_string,
    "time": _decode_time,
    "microtime": _decode_time,
    "any": _decode_any,
}
