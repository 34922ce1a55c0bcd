"""Run a command in a container, over the API's websocket: standard input, output, errors and the exit code kept apart.

The protocol is `v5.channel.k8s.io` (`v4` with older servers, which cannot be told that the input has ended): each message
begins with a channel's number, 0 to 2 for the three streams, 3 for the final Status, 255 for "this channel is closed".
"""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from podlab.errors import ClusterError, PodlabError, api_error
from podlab.lab.api import API, Target
from podlab.lab.transport import Connection
from podlab.lab.wait import FIRST

WITNESS = {"Podlab-Programs": "image"}
"""Asks the mock to run a command by the image's own programs; a real cluster ignores it."""
STDIN, STDOUT, STDERR, STATUS, CLOSE = 0, 1, 2, 3, 255
V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
PIECE_BYTES = 32 * 1024

Output = Callable[[int, bytes], None]


class ExecFailed(PodlabError):
    """A command ended with an exit code other than 0, and `check=True` was asked for."""


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command ended.

    Attributes:
        stdout: what it wrote to its standard output; undecodable bytes replaced.
        stderr: what it wrote to its standard error.
        exit_code: 0 for success.
    """

    stdout: str
    stderr: str
    exit_code: int

    def __repr__(self) -> str:
        end = [f"command terminated with exit code {self.exit_code}"] if self.exit_code else []
        return "\n".join(filter(None, [self.stdout.rstrip("\n"), self.stderr.rstrip("\n"), *end]))


def run(
    api: API,
    pod: Target,
    command: str | Sequence[str],
    container: str | None = None,
    stdin: str | bytes | None = None,
    on_output: Output | None = None,
    timeout_seconds: float = 60.0,
    witness: bool = False,
) -> ExecResult:
    """Run a command in a running container.

    Args:
        api: where.
        pod: the pod.
        command: arguments, or a text for the container's `sh -c`.
        container: its name; needed where the pod has several.
        stdin: what the command reads; None gives it no standard input.
        on_output: is called with (1 or 2, bytes) as the output comes.
        timeout_seconds: longest silence of the command, in real time.
        witness: on the mock, whatever the container has put in the place of its programs, the image's are run, and /proc and /sys
            are the kernel's.

    Raises:
        APIError: the server cannot run it; in its own words.
        ClusterError: the cluster does not answer.
    """
    api.allow(pod)
    words = ["sh", "-c", command] if isinstance(command, str) else list(command)
    query = {"command": words, "container": container, "stdin": stdin is not None, "stdout": True, "stderr": True}
    headers = {**FIRST, **WITNESS} if witness else FIRST
    socket = api.connection.websocket(api.connection.url(pod.path("exec"), query), headers, [V5, V4], timeout_seconds)
    parts: dict[int, list[bytes]] = {STDOUT: [], STDERR: [], STATUS: []}
    try:
        if stdin is not None:
            _feed(socket, stdin.encode() if isinstance(stdin, str) else stdin)
        for channel, data in _messages(api.connection, socket):
            if channel in parts:
                parts[channel].append(data)
            if on_output and channel in (STDOUT, STDERR):
                on_output(channel, data)
    finally:
        socket.shutdown()  # after the close frame there is nothing left to say
    out, err = (b"".join(parts[channel]).decode("utf-8", "replace") for channel in (STDOUT, STDERR))
    return ExecResult(out, err, _exit_code(b"".join(parts[STATUS])))


def _feed(socket: Any, data: bytes) -> None:
    """Send a command's input while its output is read: one that answers as it reads would else wait for us, and we for it."""
    if socket.getsubprotocol() != V5:
        raise PodlabError(
            "This cluster speaks an older exec protocol, which cannot tell a command that its input has ended.",
            "leave out `stdin`, and let the command read a file or a here-document.",
        )
    threading.Thread(target=_send, args=(socket, data), name="podlab-stdin", daemon=True).start()


def _send(socket: Any, data: bytes) -> None:
    import websocket

    with suppress(websocket.WebSocketException, OSError):  # the command has ended without reading it all
        for start in range(0, len(data), PIECE_BYTES):
            socket.send_binary(bytes([STDIN]) + data[start : start + PIECE_BYTES])
        socket.send_binary(bytes([CLOSE, STDIN]))


def _messages(connection: Connection, socket: Any) -> Iterator[tuple[int, bytes]]:
    import websocket

    while True:
        try:
            opcode, data = socket.recv_data()
        except websocket.WebSocketTimeoutException:
            raise PodlabError(
                f"The command has been silent for {socket.gettimeout():g} s; podlab stopped waiting for it.",
                "give `timeout_seconds=...`, or let the command end by itself (`timeout 5 ...`).",
            ) from None
        except websocket.WebSocketConnectionClosedException:
            return
        except (websocket.WebSocketException, OSError) as error:
            raise connection.gone(error) from None
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return
        if data:
            yield data[0], data[1:]


def _exit_code(data: bytes) -> int:
    """The exit code that the final Status tells.

    Raises:
        APIError: the command did not run.
        ClusterError: the stream ended without a Status.
    """
    if not data:
        raise ClusterError("The connection to the command broke before it ended.", "the pod may have been deleted; try again.")
    status = json.loads(data)
    if status.get("status") == "Success":
        return 0
    for cause in (status.get("details") or {}).get("causes") or []:
        if cause.get("reason") == "ExitCode":
            return int(cause["message"])
    raise api_error(status)
