"""The operators of the format language: what each shows of a request or a connection."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.programs.envoy.matching import header_of
from podlab.mock.programs.envoy.request import LONG_FLAGS, Info, Operator, Value
from podlab.mock.programs.envoy.schema import ConfigError
from podlab.mock.programs.envoy.tls_operators import TLS_OPERATORS, TLS_TIMES


def _between(start: str, end: str) -> Operator:
    def shown(info: Info) -> Value:
        return None if (span := info.between(start, end)) is None else span // MILLISECOND

    return shown


def _host(address: str) -> str:
    return address.rpartition(":")[0]


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _pair(pair: tuple[str, int]) -> str:
    return f"{pair[0]}:{pair[1]}"


OPERATORS: Final[dict[str, Operator]] = {
    **TLS_OPERATORS,
    "PROTOCOL": lambda info: f"HTTP/{info.head.version}" if info.head else None,
    "RESPONSE_CODE": lambda info: info.status,
    "RESPONSE_FLAGS": lambda info: ",".join(info.flags) or "-",
    "RESPONSE_FLAGS_LONG": lambda info: ",".join(LONG_FLAGS[flag] for flag in info.flags) or "-",
    "BYTES_RECEIVED": lambda info: info.bytes_received,
    "BYTES_SENT": lambda info: info.bytes_sent,
    "DURATION": lambda info: info.duration_ms,
    "REQUEST_DURATION": _between("DS_RX_BEG", "DS_RX_END"),
    "REQUEST_TX_DURATION": _between("DS_RX_BEG", "US_TX_END"),
    "RESPONSE_DURATION": _between("DS_RX_BEG", "US_RX_BEG"),
    "RESPONSE_TX_DURATION": _between("US_RX_BEG", "DS_TX_END"),
    "UPSTREAM_HOST": lambda info: info.upstream,
    "UPSTREAM_HOST_NAME": lambda info: info.upstream_name or info.upstream,
    "UPSTREAM_HOST_NAME_WITHOUT_PORT": lambda info: info.upstream_name or _host(info.upstream),
    "UPSTREAM_REMOTE_ADDRESS": lambda info: info.upstream if info.upstream_local else None,
    "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": lambda info: _host(info.upstream) if info.upstream_local else None,
    "UPSTREAM_CLUSTER": lambda info: info.cluster_label,
    "UPSTREAM_CLUSTER_RAW": lambda info: info.cluster,
    "UPSTREAM_REMOTE_PORT": lambda info: _port(info.upstream) if info.upstream_local else None,
    "UPSTREAM_HOSTS_ATTEMPTED": lambda info: ",".join(address for address, _ in info.tried),
    "UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT": lambda info: ",".join(_host(address) for address, _ in info.tried),
    "UPSTREAM_HOST_NAMES_ATTEMPTED": lambda info: ",".join(name or address for address, name in info.tried),
    "UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT": lambda info: ",".join(name or _host(address) for address, name in info.tried),
    "UPSTREAM_LOCAL_ADDRESS": lambda info: info.upstream_local,
    "UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT": lambda info: _host(info.upstream_local),
    "UPSTREAM_LOCAL_PORT": lambda info: _port(info.upstream_local) if info.upstream_local else None,
    "UPSTREAM_PROTOCOL": lambda info: "HTTP/1.1" if info.head and info.upstream_local else None,
    "UPSTREAM_TRANSPORT_FAILURE_REASON": lambda info: info.transport_failure,
    "UPSTREAM_REQUEST_ATTEMPT_COUNT": lambda info: info.attempts,
    "DOWNSTREAM_REMOTE_ADDRESS": lambda info: info.remote,
    "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT": lambda info: _host(info.remote),
    "DOWNSTREAM_REMOTE_PORT": lambda info: _port(info.remote),
    "DOWNSTREAM_DIRECT_LOCAL_ADDRESS": lambda info: _pair(info.stream.endpoint.local),
    "DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT": lambda info: info.stream.endpoint.local[0],
    "DOWNSTREAM_DIRECT_LOCAL_PORT": lambda info: info.stream.endpoint.local[1],
    "DOWNSTREAM_DIRECT_REMOTE_PORT": lambda info: info.stream.endpoint.peer[1],
    "DOWNSTREAM_DIRECT_REMOTE_ADDRESS": lambda info: _pair(info.stream.endpoint.peer),
    "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT": lambda info: info.stream.endpoint.peer[0],
    "DOWNSTREAM_LOCAL_ADDRESS": lambda info: _pair(info.stream.endpoint.local),
    "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT": lambda info: info.stream.endpoint.local[0],
    "DOWNSTREAM_LOCAL_PORT": lambda info: info.stream.endpoint.local[1],
    "DOWNSTREAM_TRANSPORT_FAILURE_REASON": lambda info: info.downstream_failure,
    "FILTER_CHAIN_NAME": lambda info: info.stream.chain,
    "LISTENER_NAME": lambda info: info.stream.listener,
    "ROUTE_NAME": lambda info: info.route,
    "CONNECTION_TERMINATION_DETAILS": lambda info: info.termination,
    "ACCESS_LOG_TYPE": lambda info: "DownstreamEnd" if info.head or info.status else "TcpConnectionEnd",
}
"""Operators that take neither a parameter nor a length."""


def _at(clock: Callable[[Info], int | None]) -> Callable[[str | None], Operator]:
    def made(style: str | None) -> Operator:
        return lambda info: _moment(at, style) if (at := clock(info)) is not None else None

    return made


def _moment(at: int, style: str | None) -> str:
    moment = datetime.fromtimestamp(at // SECOND, UTC)
    if not style:
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % SECOND // MILLISECOND:03d}Z"
    digits = f"{at % SECOND:09d}"
    text = re.sub(r"%([1-9]?)f", lambda found: digits[: int(found[1] or 9)], style)
    return moment.strftime(re.sub(r"%E?s", str(at // SECOND), text))


def _names(words: str | None, command: str) -> list[str]:
    if not words:
        raise ConfigError(f"{command} requires parameters")
    names = words.lower().split("?")
    if len(names) > 2:
        raise ConfigError(f"More than 1 alternative header specified in token: {words}")
    if any(re.search(r"[\s()<>@,;\\\"/\[\]={}]", name) for name in names):
        raise ConfigError("Invalid header configuration. Format string contains invalid characters.")
    return names


def _request_header(words: str | None) -> Operator:
    names = _names(words, "REQ")

    def shown(info: Info) -> Value:
        found = (header_of(info.head, name) for name in names) if info.head is not None else iter(())
        return next((value for value in found if value is not None), None)

    return shown


def _response_header(words: str | None) -> Operator:
    names = _names(words, "RESP")

    def shown(info: Info) -> Value:
        if names[0] == ":status":
            return str(info.status)
        return next((value for name in names if (value := info.response.get(name)) is not None), None)

    return shown


def _path(words: str | None) -> Operator:
    query, _, which = (words or "WQ:PATH").partition(":")
    if query not in ("WQ", "NQ", ""):
        raise ConfigError(f"Invalid PATH option: '{query}', only 'WQ'/'NQ' are allowed")
    if which not in ("PATH", "ORIG", "ORIG_OR_PATH", ""):
        raise ConfigError(f"Invalid PATH option: '{which}', only 'ORIG'/'PATH'/'ORIG_OR_PATH' are allowed")
    names = {"ORIG": ["x-envoy-original-path"], "PATH": [":path"]}.get(which, ["x-envoy-original-path", ":path"])

    def shown(info: Info) -> Value:
        found = (header_of(info.head, name) for name in names) if info.head is not None else iter(())
        value = next((value for value in found if value is not None), None)
        return value.partition("?")[0] if value is not None and query == "NQ" else value

    return shown


def _query_parameter(words: str | None) -> Operator:
    if not words:
        raise ConfigError("QUERY_PARAM requires parameters")

    def shown(info: Info) -> Value:
        query = info.head.path.partition("?")[2] if info.head is not None else ""
        return next((value for name, value in parse_qsl(query, keep_blank_values=True) if name == words), None)

    return shown


def _details(words: str | None) -> Operator:
    return lambda info: info.details.replace(" ", "_")


_UNITS: Final = {"ms": MILLISECOND, "us": 1000, "ns": 1}
_POINTS: Final = ("DS_RX_BEG", "DS_RX_END", "US_TX_BEG", "US_TX_END", "US_RX_BEG", "US_RX_END", "DS_TX_BEG", "DS_TX_END")


def _common_duration(words: str | None) -> Operator:
    if not words:
        raise ConfigError("COMMON_DURATION requires parameters")
    parts = [*words.split(":"), *["ms"] * (words.count(":") == 1)]
    if len(parts) != 3:
        raise ConfigError(f"Invalid common duration configuration: {words}.")
    start, end, unit = parts
    if unit not in _UNITS:
        raise ConfigError(f"Invalid common duration precision: {unit}.")
    if start not in _POINTS or end not in _POINTS:
        raise ConfigError(f"podlab models the points of time {', '.join(_POINTS)} of COMMON_DURATION, not '{words}'")

    def shown(info: Info) -> Value:
        return None if (span := info.between(start, end)) is None else span // _UNITS[unit]

    return shown


WITH_PARAMETER: Final[dict[str, Callable[[str | None], Operator]]] = {
    "REQ": _request_header, "REQUEST_HEADER": _request_header, "RESP": _response_header, "RESPONSE_HEADER": _response_header,
    "START_TIME": _at(lambda info: info.started_wall_ns),
    "EMIT_TIME": _at(lambda info: info.started_wall_ns + info.ended_ns - info.started_ns),
    **{name: _at(clock) for name, clock in TLS_TIMES.items()},
    "RESPONSE_CODE_DETAILS": _details, "PATH": _path, "QUERY_PARAM": _query_parameter, "COMMON_DURATION": _common_duration,
}  # fmt: skip
WITH_LENGTH: Final = ("REQ", "REQUEST_HEADER", "RESP", "RESPONSE_HEADER", "PATH", "QUERY_PARAM")
_NOT_MODELLED: Final = """
BYTES_RETRANSMITTED CEL CLUSTER_METADATA COALESCE CONNECTION_ID CUSTOM_FLAGS DOWNSTREAM_CX_RTT
DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT DOWNSTREAM_DETECTED_CLOSE_TYPE
DOWNSTREAM_DIRECT_LOCAL_ADDRESS_ENDPOINT_ID DOWNSTREAM_HANDSHAKE_DURATION DOWNSTREAM_HEADER_BYTES_RECEIVED
DOWNSTREAM_HEADER_BYTES_SENT DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID DOWNSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_LOCAL_OTHERNAME_SAN
DOWNSTREAM_PEER_CERT DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_1 DOWNSTREAM_PEER_CHAIN_FINGERPRINTS_256 DOWNSTREAM_PEER_CHAIN_SERIALS
DOWNSTREAM_PEER_ISSUER_FINGERPRINT_256 DOWNSTREAM_PEER_ISSUER_SERIAL DOWNSTREAM_PEER_OTHERNAME_SAN DOWNSTREAM_TLS_CIPHER
DOWNSTREAM_TLS_GROUP DOWNSTREAM_TLS_SESSION_ID DOWNSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT DYNAMIC_METADATA
EMIT_TIME_LOCAL ENVIRONMENT FILTER_STATE GRPC_STATUS GRPC_STATUS_NUMBER HOSTNAME LOCAL_REPLY_BODY METADATA QUERY_PARAMS
REQUEST_HEADERS_BYTES RESPONSE_HEADERS_BYTES RESPONSE_TRAILER RESPONSE_TRAILERS_BYTES ROUTE_RESOLUTION_COUNT
ROUTE_RESOLUTION_TIME_US SPAN_ID START_TIME_LOCAL STREAM_ID STREAM_INFO_REQ TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT TRACE_ID
TRAILER UNIQUE_ID UPSTREAM_CONNECTION_ID UPSTREAM_CONNECTION_IDS_ATTEMPTED UPSTREAM_CONNECTION_POOL_READY_DURATION
UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT UPSTREAM_DETECTED_CLOSE_TYPE
UPSTREAM_FILTER_STATE UPSTREAM_HEADER_BYTES_RECEIVED UPSTREAM_HEADER_BYTES_SENT UPSTREAM_LOCAL_CLOSE_REASON UPSTREAM_METADATA
UPSTREAM_PEER_CERT UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID UPSTREAM_SERVER_NAME UPSTREAM_TLS_CIPHER UPSTREAM_TLS_GROUP
UPSTREAM_TLS_SESSION_ID UPSTREAM_WIRE_BYTES_RECEIVED UPSTREAM_WIRE_BYTES_SENT VIRTUAL_CLUSTER_NAME
"""
NOT_MODELLED: Final = frozenset(_NOT_MODELLED.split())
"""Operators that Envoy has beyond these."""
