"""What the HTTP connection manager does to the headers of a request: whom it believes, and what it tells the next one."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from random import Random
from typing import Final
from urllib.parse import quote
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from podlab.mock.programs.envoy.http_messages import Headers
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import ConfigError, Obj
from podlab.mock.programs.envoy.tls_stream import TlsStream, alternative_names, names_of

_UNTRUSTED: Final = """
x-envoy-expected-rq-timeout-ms x-envoy-force-trace x-envoy-hedge-on-per-try-timeout x-envoy-ip-tags x-envoy-max-retries
x-envoy-original-url x-envoy-retry-grpc-on x-envoy-retry-on x-envoy-upstream-alt-stat-name
x-envoy-upstream-rq-per-try-timeout-ms x-envoy-upstream-rq-timeout-alt-response x-envoy-upstream-rq-timeout-ms
x-envoy-upstream-stream-duration-ms
"""
UNTRUSTED: Final = frozenset(_UNTRUSTED.split())
"""Headers that only the inside may send."""
AT_THE_EDGE: Final = UNTRUSTED | {
    "x-envoy-decorator-operation",
    "x-envoy-downstream-service-cluster",
    "x-envoy-original-host",
    "x-envoy-original-path",
}
"""What one that the world speaks to takes away besides."""
HOP_BY_HOP: Final = frozenset(["connection", "keep-alive", "proxy-connection", "upgrade", "te"])


class Edge:
    """The rules of one HTTP connection manager."""

    def __init__(self, config: Obj, pod_ip: str, random: Random) -> None:
        self._config = config
        self._pod_ip = pod_ip
        self._random = random
        self._hops: int = config.get("xff_num_trusted_hops", 0)
        self._inside = [_network(one) for one in config.get("internal_address_config", {}).get("cidr_ranges", [])]

    def prepare(self, info: Info) -> None:
        """Changes the headers of a request."""
        assert info.head is not None
        headers = info.head.headers
        self._drop_hops(headers)
        headers.remove("x-envoy-internal")
        at_edge = bool(self._config.get("use_remote_address"))
        alone = self._trust_connection(headers, info) if at_edge else self._trust_headers(headers, info)
        info.internal = alone and self._is_inside(info.remote.rpartition(":")[0])
        known = headers.get("x-request-id") is not None
        if info.internal:
            headers.set("x-envoy-internal", "true")
        else:
            dropped = AT_THE_EDGE if at_edge else UNTRUSTED
            headers.items = [item for item in headers.items if item[0] not in dropped]
            if at_edge:
                headers.set("x-envoy-external-address", info.remote.rpartition(":")[0])
                known = known and self._config.get("preserve_external_request_id", False)
        self._show_certificate(headers, info)
        if self._config.get("via"):
            headers.add("via", self._config["via"])
        if not known and self._config.get("generate_request_id", True):
            headers.set("x-request-id", str(UUID(int=self._random.getrandbits(128), version=4)))

    def _drop_hops(self, headers: Headers) -> None:
        """What counts for one connection alone, with what `Connection` names."""
        dropped = HOP_BY_HOP
        options = headers.get("connection")
        if options is not None:
            dropped = HOP_BY_HOP.union(word.strip().lower() for word in options.split(","))
        trailers = "trailers" in [word.strip().lower() for word in (headers.get("te") or "").split(",")]
        headers.items = [item for item in headers.items if item[0] not in dropped]
        if trailers:
            headers.add("te", "trailers")

    def _trust_connection(self, headers: Headers, info: Info) -> bool:
        """With `use_remote_address`. Returns whether the request came straight from its client."""
        config = self._config
        endpoint = info.stream.endpoint
        before = headers.get("x-forwarded-for")
        if self._hops:
            found = _from_end(before, self._hops - 1)
            info.remote = f"{found}:0" if found else info.remote
        if not config.get("skip_xff_append"):
            peer = endpoint.peer[0]
            shown = self._pod_ip if peer.startswith("127.") and self._pod_ip else peer
            headers.set("x-forwarded-for", f"{before},{shown}" if before else shown)
        if not self._hops or headers.get("x-forwarded-proto") is None:
            headers.set("x-forwarded-proto", "https" if info.stream.encrypted else "http")
        if config.get("append_x_forwarded_port"):
            headers.set("x-forwarded-port", str(endpoint.local[1]))
        return before is None

    def _trust_headers(self, headers: Headers, info: Info) -> bool:
        found = _from_end(headers.get("x-forwarded-for"), self._hops)
        info.remote = f"{found}:0" if found else info.remote
        if headers.get("x-forwarded-proto") is None:
            headers.add("x-forwarded-proto", "https" if info.stream.encrypted else "http")
        if self._config.get("append_x_forwarded_port") and headers.get("x-forwarded-port") is None:
            headers.add("x-forwarded-port", str(info.stream.endpoint.local[1]))
        return found != "" and "," not in (headers.get("x-forwarded-for") or "")

    def _is_inside(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._inside)

    # --- x-forwarded-client-cert ---

    def _show_certificate(self, headers: Headers, info: Info) -> None:
        mode = self._config.get("forward_client_cert_details", "SANITIZE")
        stream = info.stream
        peer = stream.peer if isinstance(stream, TlsStream) else None
        if mode == "ALWAYS_FORWARD_ONLY":
            return
        if peer is None or mode == "SANITIZE":
            headers.remove("x-forwarded-client-cert")
            return
        if mode == "FORWARD_ONLY":
            return
        assert isinstance(stream, TlsStream)
        element = self._element(peer, stream.own)
        before = headers.get("x-forwarded-client-cert") if mode == "APPEND_FORWARD" else None
        headers.set("x-forwarded-client-cert", f"{before},{element}" if before else element)

    def _element(self, peer: x509.Certificate, own: x509.Certificate | None) -> str:
        details = self._config.get("set_current_client_cert_details", {})
        parts = [f"By={name}" for name in (alternative_names(own, "URI") if own is not None else [])]
        parts.append(f"Hash={peer.fingerprint(SHA256()).hex()}")
        if details.get("cert"):
            parts.append(f'Cert="{quote(peer.public_bytes(Encoding.PEM).decode(), safe="")}"')
        if details.get("subject"):
            parts.append(f'Subject="{names_of(peer, "subject")}"')
        if details.get("uri"):
            parts += [f"URI={name}" for name in alternative_names(peer, "URI")] or ["URI="]
        if details.get("dns"):
            parts += [f"DNS={name}" for name in alternative_names(peer, "DNS")]
        return ";".join(parts)


def _from_end(forwarded: str | None, hops: int) -> str:
    words = [word.strip() for word in (forwarded or "").split(",")]
    return words[-1 - hops] if forwarded and len(words) > hops else ""


def _network(config: Obj) -> IPv4Network | IPv6Network:
    try:
        return ip_network((config["address_prefix"], config.get("prefix_len", 0)), strict=False)
    except ValueError:
        raise ConfigError(f"malformed IP address: {config['address_prefix']}") from None
