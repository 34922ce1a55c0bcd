"""One try's request on its way to a host: its head, and its body after it as it comes from the client."""

from collections.abc import Callable

from podlab.mock.kernel import Task
from podlab.mock.programs.envoy.http1 import chunk
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.streams import Deadline, Stream
from podlab.mock.programs.envoy.uploads import Upload


class Sending:
    """A request that is being sent.

    Args:
        manager: Whose it is.
        upload: Its body, None when it has none.
        chunked: How the body is framed.
        on_sent: Called when all was sent.
    """

    def __init__(self, manager: Manager, upload: Upload | None, chunked: bool, on_sent: Callable[[], None]) -> None:
        self._manager = manager
        self._upload = upload
        self._chunked = chunked
        self._on_sent = on_sent
        self._task: Task | None = None

    @property
    def done(self) -> bool:
        """Whether nothing is left to be sent."""
        return self._task is None or self._task.done

    def stop(self) -> None:
        """Sends no more."""
        if self._task is not None and not self._task.done:
            self._task.cancel()

    async def begin(self, stream: Stream, head: bytes, deadline: Deadline) -> None:
        """Sends the head and what is there of the body; the rest follows by itself. Raises OSError, Late."""
        upload = self._upload
        if upload is not None and not upload.whole:
            await stream.send(head, deadline)
            self._task = self._manager.spawn(self._follow(stream, upload), "upload")
            return
        body = upload.read(0) if upload is not None else b""
        await stream.send(head + self._framed(body) + self._end(), deadline)
        self._on_sent()

    def _framed(self, data: bytes) -> bytes:
        return chunk(data) if self._chunked and data else data

    def _end(self) -> bytes:
        return chunk(b"") if self._chunked else b""

    async def _follow(self, stream: Stream, upload: Upload) -> None:
        at = 0
        try:
            while upload.failure is None:
                piece = upload.read(at)
                if piece:
                    at += len(piece)
                    await stream.send(self._framed(piece))
                    upload.sent(at)
                elif upload.whole:
                    await stream.send(self._end())
                    self._on_sent()
                    stream.endpoint.readers.wake_all()  # whoever waits for the answer has another deadline now
                    return
                else:
                    await upload.changed.wait()
        except OSError:  # whoever waits for the answer finds out
            return
