"""Access logs: which entries are written, and files that are written in batches, as Envoy writes them."""

from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import Kernel
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_WRONLY
from podlab.mock.machine.process import Process
from podlab.mock.programs.envoy.formatting import DEFAULT_FORMAT, Formatter, compile_format, compile_json
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.matching import matches_header
from podlab.mock.programs.envoy.request import LONG_FLAGS, Info
from podlab.mock.programs.envoy.schema import ConfigError, Obj

FLUSH_SIZE: Final = 64 * 1024
Condition = Callable[[Info], bool]
_COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    "EQ": lambda value, other: value == other,
    "GE": lambda value, other: value >= other,
    "LE": lambda value, other: value <= other,
    "NE": lambda value, other: value != other,
}


def _comparison(config: Obj, read: Callable[[Info], int]) -> Condition:
    comparison = config["comparison"]
    compare, other = _COMPARE[comparison.get("op", "EQ")], comparison["value"].get("default_value", 0)
    return lambda info: compare(read(info), other)


def _header(config: Obj) -> Condition:
    matcher, nothing = config["header"], Head("1.1", Headers())
    return lambda info: matches_header(matcher, info.head or nothing)


def _flags(config: Obj) -> Condition:
    wanted = config.get("flags", [])
    for flag in wanted:
        if flag not in LONG_FLAGS:
            raise ConfigError(f"podlab does not model the response flag '{flag}'")
    return lambda info: any(flag in wanted for flag in info.flags) if wanted else bool(info.flags)


def _all(config: Obj) -> Condition:
    parts = [make_condition(one) for one in config["filters"]]
    return lambda info: all(part(info) for part in parts)


def _any(config: Obj) -> Condition:
    parts = [make_condition(one) for one in config["filters"]]
    return lambda info: any(part(info) for part in parts)


_CONDITIONS: Final[dict[str, Callable[[Obj], Condition]]] = {
    "status_code_filter": lambda config: _comparison(config, lambda info: info.status),
    "duration_filter": lambda config: _comparison(config, lambda info: info.duration_ms),
    "header_filter": _header,
    "response_flag_filter": _flags,
    "and_filter": _all,
    "or_filter": _any,
    "not_health_check_filter": lambda _: lambda info: True,  # no request here is one that the health check filter marks
}


def make_condition(config: Obj) -> Condition:
    """Which entries an AccessLogFilter lets through. Raises ConfigError."""
    return next((make(config[name]) for name, make in _CONDITIONS.items() if name in config), lambda info: True)


def make_formatter(config: Obj, texts: dict[str, bytes]) -> Formatter:
    """The format of an access logger's configuration. Raises ConfigError."""
    log_format = config.get("log_format", {})
    omit = log_format.get("omit_empty_values", False)
    if "json_format" in log_format:
        return compile_json(log_format["json_format"], omit)
    source = log_format.get("text_format_source", {})
    text = texts[source["filename"]].decode() if "filename" in source else source.get("inline_string")
    if text is None:
        text = log_format.get("text_format", config.get("format") or DEFAULT_FORMAT)
    return compile_format(text, "" if omit else "-")


class LogFile:
    """A file that entries are written to: the first at once, then every `flush_ns`, or when much has come together."""

    def __init__(self, proc: Process, fd: int, flush_ns: int) -> None:
        self._proc = proc
        self._fd = fd
        self._flush_ns = flush_ns
        self._buffer = bytearray()
        self._flushing = False

    def write(self, text: str) -> None:
        """Adds an entry."""
        self._buffer += text.encode("utf-8", "surrogateescape")
        if not self._flushing:
            self._flushing = True
            self._proc.thread(self._flush(), "access-log")

    async def _flush(self) -> None:
        while self._buffer:
            data = bytes(self._buffer)
            self._buffer.clear()
            try:
                while data:
                    data = data[await self._proc.write(self._fd, data) :]
            except OSError:
                break
            deadline = self._proc.kernel.now_ns + self._flush_ns
            while self._proc.kernel.now_ns < deadline and len(self._buffer) < FLUSH_SIZE:
                await self._proc.kernel.sleep(min(self._flush_ns, deadline - self._proc.kernel.now_ns))
        self._flushing = False

    async def close(self) -> None:
        """Writes what is left, as Envoy does when it ends."""
        if self._buffer:
            await self._proc.write(self._fd, bytes(self._buffer))
            self._buffer.clear()


class AccessLogger:
    """All access logs of one listener or filter."""

    def __init__(self, kernel: Kernel, sinks: list[tuple[LogFile, Condition, Formatter]]) -> None:
        self._kernel = kernel
        self._sinks = sinks

    def log(self, info: Info) -> None:
        """Writes an entry to each."""
        info.ended_ns = self._kernel.now_ns
        for file, wanted, formatter in self._sinks:
            if wanted(info):
                file.write(formatter(info))


class LogFiles:
    """Opens each log file once."""

    def __init__(self, proc: Process, flush_ns: int) -> None:
        self._proc = proc
        self._flush_ns = flush_ns
        self.files: dict[str, LogFile] = {}

    async def logger(self, configs: list[Obj], texts: dict[str, bytes]) -> AccessLogger:
        """The logs of a list of configurations. Raises ConfigError."""
        sinks = []
        for config in configs:
            typed = config.get("typed_config", {})
            kind = typed.get("@type", "").rpartition(".")[2]
            path = {"StdoutAccessLog": "/dev/stdout", "StderrAccessLog": "/dev/stderr"}.get(kind) or typed.get("path", "")
            sinks.append((await self._open(path), make_condition(config.get("filter", {})), make_formatter(typed, texts)))
        return AccessLogger(self._proc.kernel, sinks)

    async def _open(self, path: str) -> LogFile:
        if path not in self.files:
            descriptors = {"/dev/stdout": 1, "/dev/stderr": 2}
            fd = descriptors.get(path)
            if fd is None:
                try:
                    fd = await self._proc.open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
                except OSError as error:
                    raise ConfigError(f"unable to open file '{path}': {error.strerror}") from None
            self.files[path] = LogFile(self._proc, fd, self._flush_ns)
        return self.files[path]
