"""Random talk over one connection, simulated and on a real loopback: the same data, the same ends, the same errors."""

import contextlib
import errno
import socket
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs

from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Endpoint, Network

Step = tuple[str, int, int]

steps = hs.lists(
    hs.one_of(
        hs.tuples(hs.just("send"), hs.integers(0, 1), hs.sampled_from([1, 5, 900])),
        hs.tuples(hs.just("recv"), hs.integers(0, 1), hs.sampled_from([1, 3, 4000])),
        hs.tuples(hs.just("shutdown_write"), hs.integers(0, 1), hs.just(0)),
        hs.tuples(hs.just("shutdown_read"), hs.integers(0, 1), hs.just(0)),
        hs.tuples(hs.just("close"), hs.integers(0, 1), hs.just(0)),
        hs.tuples(hs.just("abort"), hs.integers(0, 1), hs.just(0)),
    ),
    max_size=14,
)


def simulated(sequence: list[Step]) -> list[Any]:
    kernel = Kernel()
    network = Network(kernel)
    listener = network.node.listen(("127.0.0.1", 80))
    attempt = network.start_connect(network.node, ("127.0.0.1", 80))
    sides: list[Endpoint | None] = [attempt.endpoint, listener.try_accept()]
    results: list[Any] = []
    for name, side, count in sequence:
        endpoint = sides[side]
        if endpoint is None:
            continue
        try:
            match name:
                case "send":
                    results.append(endpoint.try_send(b"x" * count))
                case "recv":
                    data = endpoint.try_recv(count)
                    results.append("would block" if data is None else data)
                case "close" | "abort":
                    getattr(endpoint, name)()
                    sides[side] = None
                case _:
                    getattr(endpoint, name)()
        except OSError as error:
            results.append(errno.errorcode[error.errno or 0])
    return results


def real(sequence: list[Step]) -> list[Any]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        sides: list[socket.socket | None] = [client, server.accept()[0]]
    results: list[Any] = []
    for name, side, count in sequence:
        end = sides[side]
        if end is None:
            continue
        try:
            match name:
                case "send":
                    results.append(end.send(b"x" * count))
                case "recv":
                    results.append(end.recv(count, socket.MSG_DONTWAIT))
                case "shutdown_write" | "shutdown_read":
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_WR if name == "shutdown_write" else socket.SHUT_RD)
                case "abort":
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    end.close()
                    sides[side] = None
                case "close":
                    end.close()
                    sides[side] = None
        except BlockingIOError:
            results.append("would block")
        except OSError as error:
            results.append(errno.errorcode[error.errno or 0])
    for each in sides:
        if each is not None:
            each.close()
    return results


@pytest.mark.skipif(sys.platform != "linux", reason="compares with Linux")
@settings(max_examples=200, deadline=None)
@given(steps)
def test_connection_behaves_as_linux_has_it(sequence: list[Step]) -> None:
    assert simulated(sequence) == real(sequence)
