"""Exec and attach: a container's streams joined to a client, over WebSocket channels or SPDY streams."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.errors import APIError, InternalError
from podlab.mock.api.node import ExecAnswer, ExecSession
from podlab.mock.server.answers import Socket
from podlab.mock.server.channels import CLOSE, ERROR, RESIZE, STDERR, STDIN, STDOUT, ChannelProtocol
from podlab.mock.server.intake import Intake
from podlab.mock.server.spdy import StreamOpened
from podlab.mock.server.tunnel import SpdyConversation
from podlab.mock.server.waits import Kind, Wait

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dialect:
    """In which words the end of an exec is told.

    The API server translates `v5` for the kubelet, and tells what it has heard from there in words of its own; older protocols
    bring the kubelet's words to the client as they are.

    Attributes:
        command: what runs; empty for an attach.
        translated: `v5` is spoken.
    """

    command: tuple[str, ...]
    translated: bool

    def ended(self, exit_code: int | None, message: str) -> Obj:
        """The ``Status`` of a command that ended, or (without a code) could not be started."""
        if exit_code is None:
            return self._failure(message)
        if exit_code == 0:
            return {"metadata": {}, "status": "Success"}
        code = f"command terminated with exit code {exit_code}"
        heard = code if self.translated else f"error executing command [{' '.join(self.command)}], exit code {exit_code}"
        return {
            "metadata": {},
            "status": "Failure",
            "message": f"command terminated with non-zero exit code: {heard}",
            "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": str(exit_code)}]},
        }

    def refused(self, message: str) -> Obj:
        """The ``Status`` of a command that the kubelet did not take on."""
        return _internal(f"unable to upgrade connection: {message}")

    def _failure(self, message: str) -> Obj:
        status = _internal(message)
        return _internal(status["message"]) if self.translated else status


def _internal(message: str) -> Obj:
    status = InternalError(message).status
    return {key: value for key, value in status.items() if key not in ("kind", "apiVersion")}


class Exec:
    """What the two forms share: the session, its end, and what a client may do to it.

    Args:
        answer: what the API found to be wanted.
        open_session: starts the command, or joins the container.
        dialect: in which words its end is told.
        wait: what it lets time do.
    """

    def __init__(self, answer: ExecAnswer, open_session: Callable[[], ExecSession], dialect: Dialect, wait: Wait) -> None:
        self.answer = answer
        self._open_session = open_session
        self._dialect = dialect
        self._wait = wait
        self._session: ExecSession | None = None
        self._intake: Intake | None = None
        self._over = False

    def send(self, channel: int, data: bytes) -> None:
        """Sends output to the client. To be overridden."""
        raise NotImplementedError

    def finish(self, status: Obj) -> None:
        """Tells the client how it ended, and ends the connection. To be overridden."""
        raise NotImplementedError

    def open(self, socket: Socket) -> None:
        """Begins to carry its streams."""
        try:
            session = self._session = self._open_session()
        except APIError as error:
            self._end(self._dialect.refused(error.message))
            return
        self._intake = Intake(socket, lambda: session.stdin_waiting, self._held_up)
        session.on_stdin_read(self._intake.check)
        session.on_output(self._output)
        session.on_exit(self._exit)

    def _output(self, channel: int, data: bytes) -> None:
        if not self._over:
            self._wait.output()
            self.send(channel, data)

    def _exit(self, exit_code: int | None, message: str) -> None:
        self._session = None
        self._end(self._dialect.ended(exit_code, message))

    def _end(self, status: Obj) -> None:
        if not self._over:
            self._over = True
            self.finish(status)
            self._wait.close()

    def stdin(self, data: bytes) -> None:
        """The client types."""
        if self._session is not None and self._intake is not None and self.answer.stdin and data:
            self._session.stdin_write(data)
            self._intake.check()

    def _held_up(self, held: bool) -> None:
        """The command has to read before there can be more input: it may take the time that it needs for that."""
        if self._wait.kind is (Kind.INPUT if held else Kind.RESULT):
            self._wait.become(Kind.RESULT if held else Kind.INPUT)

    def stdin_ended(self) -> None:
        """The client has no more input: from here on it waits for the answer alone."""
        if self._session is not None and self.answer.stdin:
            self._session.stdin_close()
        if not self.answer.tty:
            self._wait.become({Kind.INPUT: Kind.RESULT, Kind.TALK: Kind.ANSWER}.get(self._wait.kind, self._wait.kind))

    def resize(self, size: Any) -> None:
        """The client's terminal has another size, ``{"Width": columns, "Height": rows}``."""
        if self._session is None or not self.answer.tty or not isinstance(size, dict):
            return
        width, height = size.get("Width"), size.get("Height")
        if isinstance(width, int) and isinstance(height, int) and 0 <= width < 1 << 16 and 0 <= height < 1 << 16:
            self._session.resize(width, height)

    def pause(self, paused: bool) -> None:
        """The client reads too slowly, or reads again."""
        if self._session is not None:
            self._session.pause_output(paused)

    def lost(self) -> None:
        """The connection is gone."""
        self._over = True
        session, self._session = self._session, None
        if session is not None:
            session.close()
        self._wait.close()


class ChannelExec(Exec):
    """Over the channels of a WebSocket."""

    def __init__(
        self, answer: ExecAnswer, open_session: Callable[[], ExecSession], dialect: Dialect, wait: Wait, protocol: ChannelProtocol
    ) -> None:
        super().__init__(answer, open_session, dialect, wait)
        self._protocol = protocol
        self._socket: Socket | None = None

    def start(self, socket: Socket) -> None:
        """Greets the client with an empty message, as the real server does, and starts."""
        self._socket = socket
        greeting = STDOUT if self.answer.stdout else STDERR if self.answer.stderr else ERROR
        socket.send(self._protocol.message(greeting, b""))
        self.open(socket)

    def receive(self, message: bytes | str) -> None:
        """Takes input, a terminal's size, or the end of the input; what goes to other channels is ignored."""
        channel, data = self._protocol.parse(message) or (ERROR, b"")
        if channel == STDIN:
            self.stdin(data)
        elif channel == RESIZE:
            self.resize(_json(data))
        elif channel == CLOSE and self._protocol.closes and data == bytes((STDIN,)):
            self.stdin_ended()

    def send(self, channel: int, data: bytes) -> None:
        """Sends output in messages of its channel."""
        if self._socket is not None:
            for message in self._protocol.messages(channel, data):
                self._socket.send(message)

    def finish(self, status: Obj) -> None:
        """Sends the ``Status`` (or, in old protocols, the text of a failure) and closes."""
        if self._socket is None:
            return
        if self._protocol.status:
            self._socket.send(self._protocol.message(ERROR, json.dumps(status, separators=(",", ":")).encode()))
        elif status["status"] != "Success":
            self._socket.send(self._protocol.message(ERROR, status["message"].encode()))
        self._socket.close()


_TYPES: Final = {"stdin": STDIN, "stdout": STDOUT, "stderr": STDERR, "error": ERROR, "resize": RESIZE}


class SpdyExec(SpdyConversation, Exec):
    """Over SPDY streams, which the client opens one by one; the command starts when all are there."""

    def __init__(
        self, answer: ExecAnswer, open_session: Callable[[], ExecSession], dialect: Dialect, wait: Wait, version: str
    ) -> None:
        SpdyConversation.__init__(self)
        Exec.__init__(self, answer, open_session, dialect, wait)
        self._with_status = version.startswith("v4.")
        self._streams: dict[int, int] = {}  # channel -> stream
        self._channels: dict[int, int] = {}
        wanted = {STDIN: answer.stdin, STDOUT: answer.stdout, STDERR: answer.stderr and not answer.tty, ERROR: True}
        wanted[RESIZE] = answer.tty and not version.startswith(("channel.", "v2."))
        self._missing = {channel for channel, is_wanted in wanted.items() if is_wanted}
        self._sizes = b""

    def opened(self, event: StreamOpened) -> None:
        """Takes a stream of a known type, and starts when it was the last."""
        channel = _TYPES.get(event.headers.get("streamtype", ""))
        if channel is None or channel in self._streams:
            self.reset(event.stream)
            return
        self._streams[channel], self._channels[event.stream] = event.stream, channel
        self.reply(event.stream)
        if channel in self._missing:
            self._missing.discard(channel)
            if not self._missing and self._socket is not None:
                self.open(self._socket)

    def data(self, stream: int, data: bytes, fin: bool) -> None:
        """Takes input or a terminal's size."""
        channel = self._channels.get(stream)
        if channel == STDIN:
            self.stdin(data)
            if fin:
                self.stdin_ended()
        elif channel == RESIZE:
            *lines, self._sizes = (self._sizes + data)[-1024:].split(b"\n")
            for line in lines:
                self.resize(_json(line))

    def send(self, channel: int, data: bytes) -> None:
        """Sends output on its stream."""
        if channel in self._streams:
            self.write(self._streams[channel], data)

    def finish(self, status: Obj) -> None:
        """Ends the streams, the one for errors last and with the ``Status`` (or the text of a failure)."""
        for channel in (STDOUT, STDERR):
            if channel in self._streams:
                self.write(self._streams[channel], b"", fin=True)
        if self._with_status:
            text = json.dumps(status, separators=(",", ":"))
        else:
            text = "" if status["status"] == "Success" else status["message"]
        if ERROR in self._streams:
            self.write(self._streams[ERROR], text.encode(), fin=True)
        self.end()


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None
