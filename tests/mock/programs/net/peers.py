"""Servers that the scripts speak to under TLS: the same ones for the real busybox (Python's `ssl`) and in the mock's network."""

import datetime
import ipaddress
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Endpoint, Network
from podlab.mock.programs.tls import TlsSide

ADDRESS = "10.244.0.9"
NAME = "tls.test"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.I)


@dataclass(frozen=True)
class Peer:
    """A server.

    Attributes:
        answer: What it says to a request; None: the request itself, as a page.
        plain: What it says at once instead, without TLS; empty: it closes the connection.
        ciphers, versions: What it accepts.
        elliptic: Whether its key is.
        notifies: Whether it says under TLS that it ends.
        asks: Whether it asks for a client's certificate, without which it goes on.
    """

    answer: bytes | None = None
    plain: bytes | None = None
    ciphers: str = "DEFAULT"
    versions: tuple[ssl.TLSVersion, ssl.TLSVersion] = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    elliptic: bool = False
    notifies: bool = True
    asks: bool = False


def _moved(location: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nX-First: a\r\nLocation: {location}\r\nX-Last: b\r\nContent-Length: 3\r\n\r\nabc".encode()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
PEERS = {
    443: Peer(),
    4430: Peer(OK + b"Content-Length: 5\r\n\r\nhello"),
    4431: Peer(_moved("/again")),
    4432: Peer(_moved("https://tls.test:4430/there")),
    4433: Peer(_moved("http://127.0.0.1:8080/plain")),
    4434: Peer(b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnope\n"),
    4435: Peer(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n world\n\r\n0\r\n\r\n"),
    4436: Peer(OK + b"Content-Length: 50\r\n\r\nhello"),
    4437: Peer(OK + b"\r\nno length\n", notifies=False),
    4438: Peer(versions=(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3)),
    4439: Peer(ciphers="ECDHE-RSA-AES256-GCM-SHA384", versions=(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)),
    4440: Peer(plain=b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    4441: Peer(plain=b""),
    4442: Peer(plain=b"\x16\x03\x03"),
    4443: Peer(elliptic=True),
    4444: Peer(asks=True),
    4445: Peer(OK + b"Content-Length: 100000\r\n\r\n" + b"0123456789" * 10_000),
    4446: Peer(plain=b"\x15\x03\x03\x00\x02\x02\x70"),
    4447: Peer(plain=b"\x15\x03\x01\x00\x02\x02\x46"),
    4448: Peer(plain=b"\x17\x03\x03\x00\x03abc"),
    4449: Peer(b"HTTP/1.1 200 OK\r\n\r\n", notifies=False),
    4450: Peer(b""),
}


@cache
def _certificate(elliptic: bool) -> bytes:
    """A certificate and its key, PEM."""
    key = ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address(ADDRESS))])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(start).not_valid_after(start.replace(year=2070)).add_extension(names, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    return certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _whole(request: bytes) -> bool:
    """Whether all of a request has come."""
    head, end, body = request.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


def _answer(peer: Peer, request: bytes) -> bytes:
    if peer.answer is not None:
        return peer.answer
    return OK + f"Content-Length: {len(request)}\r\n\r\n".encode() + request


# --- for the real busybox ---


def serve() -> None:
    """Serves all of them, each connection on a thread of its own; never returns."""
    threads = []
    for port, peer in PEERS.items():
        listener = socket.create_server((ADDRESS, port))
        threads.append(threading.Thread(target=_accept, args=(listener, peer)))
        threads[-1].start()
    threads[0].join()


def _accept(listener: socket.socket, peer: Peer) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(_certificate(peer.elliptic))
        context.load_cert_chain(file.name)
    context.minimum_version, context.maximum_version = peer.versions
    context.set_ciphers(peer.ciphers)
    context.verify_mode = ssl.CERT_OPTIONAL if peer.asks else ssl.CERT_NONE
    while True:
        threading.Thread(target=_serve, args=(listener.accept()[0], peer, context)).start()


def _serve(connection: socket.socket, peer: Peer, context: ssl.SSLContext) -> None:
    with connection:
        if peer.plain is not None:
            connection.recv(4096)
            connection.sendall(peer.plain)
            return
        try:
            wrapped = context.wrap_socket(connection, server_side=True)
        except OSError:
            return
        request = b""
        while not _whole(request) and (data := wrapped.recv(4096)):
            request += data
        wrapped.sendall(_answer(peer, request))
        if peer.notifies:
            wrapped.setblocking(False)
            with suppress(OSError, ValueError):
                wrapped.unwrap()
        wrapped.close()


# --- in the mock ---


def attach(network: Network) -> None:
    """Puts all of them into a network."""
    namespace = network.namespace(ADDRESS)
    for port, peer in PEERS.items():
        listener = namespace.listen((ADDRESS, port))

        async def accept(listener: object = listener, peer: Peer = peer) -> None:
            while True:
                endpoint = await listener.accept()  # type: ignore[attr-defined]
                network.kernel.spawn(_serve_there(network.kernel, endpoint, peer), name="peer")

        network.kernel.spawn(accept(), name="peer")


@cache
def _context(peer: Peer) -> SSL.Context:
    numbers = {ssl.TLSVersion.TLSv1_2: SSL.TLS1_2_VERSION, ssl.TLSVersion.TLSv1_3: SSL.TLS1_3_VERSION}
    context = SSL.Context(SSL.TLS_METHOD)
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(_certificate(peer.elliptic))
        context.use_certificate_file(file.name)
        context.use_privatekey_file(file.name)
    context.set_min_proto_version(numbers[peer.versions[0]])
    context.set_max_proto_version(numbers[peer.versions[1]])
    context.set_cipher_list(peer.ciphers.encode())
    if peer.asks:
        context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    return context


async def _serve_there(kernel: Kernel, endpoint: Endpoint, peer: Peer) -> None:
    with suppress(OSError, SSL.Error):
        if peer.plain is not None:
            await endpoint.recv()
            await endpoint.send(peer.plain)
        else:
            await _speak(endpoint, peer)
    endpoint.close()


async def _speak(endpoint: Endpoint, peer: Peer) -> None:
    side = TlsSide(_context(peer), server=True)
    while not await _try(endpoint, side, side.handshake):
        side.feed(await endpoint.recv())
    request = b""
    while not _whole(request):
        data = side.read(4096)
        if data is None:
            came = await endpoint.recv()
            if not came:
                break
            side.feed(came)
        request += data or b""
    if answer := _answer(peer, request):
        side.write(answer)
    if peer.notifies:
        side.end()
    while data := side.output():
        await endpoint.send(data)


async def _try(endpoint: Endpoint, side: TlsSide, step: Callable[[], bool]) -> bool:
    try:
        return step()
    finally:
        while data := side.output():
            await endpoint.send(data)
