"""Container logs as the API serves them: which container's log is meant, and which of its lines."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from podlab.mock.api.errors import BadRequest
from podlab.mock.api.node import LogOptions
from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.kubelet.runtime.containerd import Containerd
from podlab.mock.kubelet.runtime.log import ContainerLog
from podlab.mock.kubelet.runtime.types import ContainerNotFound, Stream

Obj = dict[str, Any]

WAITING_WORDS = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}


def log_container(pod_name: str, status: Obj, name: str, previous: bool) -> str:
    """The id (with its scheme) of the container whose log is asked for. Raises BadRequest in the kubelet's words."""
    shown = _find(status, name)
    if shown is None:
        raise BadRequest(f'container "{name}" in pod "{pod_name}" is not available')
    state, last = shown.get("state") or {}, (shown.get("lastState") or {}).get("terminated") or {}
    if previous:
        if not last.get("containerID"):
            raise BadRequest(f'previous terminated container "{name}" in pod "{pod_name}" not found')
        return str(last["containerID"])
    if "running" in state:
        return str(shown["containerID"])
    found = (state.get("terminated") or {}).get("containerID") or last.get("containerID")
    if found:
        return str(found)
    if "terminated" in state or last:
        raise BadRequest(f'container "{name}" in pod "{pod_name}" is terminated')
    reason = (state.get("waiting") or {}).get("reason", "")
    if "waiting" not in state:
        raise BadRequest(f'container "{name}" in pod "{pod_name}" is waiting to start - no logs yet')
    raise BadRequest(f'container "{name}" in pod "{pod_name}" is waiting to start: {WAITING_WORDS.get(reason, reason)}')


def _find(status: Obj, name: str) -> Obj | None:
    for key in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        for each in status.get(key) or ():
            if each["name"] == name:
                found: Obj = each
                return found
    return None


class LostLog:
    """The log of a container that the runtime has removed: the kubelet says so, in the place of its lines."""

    def __init__(self, container_id: str) -> None:
        self._text = f"unable to retrieve container logs for {container_id}".encode()
        self.on_data: Callable[[], None] | None = None

    @property
    def ended(self) -> bool:
        """Has it been read?"""
        return not self._text

    def read_available(self) -> bytes:
        """Takes the text."""
        text, self._text = self._text, b""
        return text

    def close(self) -> None:
        """The reader has gone."""


class LogReader:
    """Lines of a container's log for one reader (`podlab.mock.api.node.LogStream`)."""

    def __init__(self, kernel: Kernel, log: ContainerLog, options: LogOptions) -> None:
        self._kernel = kernel
        self._log = log
        self._options = options
        self._stream: Stream | None = {"Stdout": "stdout", "Stderr": "stderr"}.get(options.stream)  # type: ignore[assignment]
        self._left = options.limit_bytes
        self._next = log.first
        if options.since_time is not None:
            self._next = log.since(options.since_time.offset_ns)
        if options.tail_lines is not None:
            self._next = log.tail(options.tail_lines, self._stream, self._next)
        self.on_data: Callable[[], None] | None = None
        if options.follow:
            log.listeners.append(self._tell)

    @property
    def ended(self) -> bool:
        """Nothing is left to read, and nothing will come."""
        if self._left == 0:
            return True
        return self._next >= self._log.end and (self._log.ended or not self._options.follow)

    def read_available(self) -> bytes:
        """Takes what is there now."""
        parts = []
        self._next = max(self._next, self._log.first)
        while self._next < self._log.end and self._left != 0:
            time_ns, stream, text = self._log.line(self._next)
            self._next += 1
            if self._stream is None or stream == self._stream:
                parts.append(self._limited(self._stamped(time_ns, text)))
        return b"".join(parts)

    def close(self) -> None:
        """The reader has gone."""
        if self._tell in self._log.listeners:
            self._log.listeners.remove(self._tell)
        self.on_data = None

    def _stamped(self, time_ns: int, text: bytes) -> bytes:
        if not self._options.timestamps:
            return text
        seconds, rest = divmod(self._kernel.epoch_ns + time_ns, SECOND)
        moment = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{moment}.{rest:09d}Z ".encode() + text

    def _limited(self, text: bytes) -> bytes:
        if self._left is None:
            return text
        text = text[: self._left]
        self._left -= len(text)
        return text

    def _tell(self) -> None:
        if self.on_data is not None:
            self.on_data()


def open_log(kernel: Kernel, runtime: Containerd, container_id: str, options: LogOptions) -> LogReader | LostLog:
    """The log of a container by its id with scheme."""
    try:
        container = runtime.find(container_id.partition("://")[2])
    except ContainerNotFound:
        return LostLog(container_id)
    return LogReader(kernel, container.log, options)
