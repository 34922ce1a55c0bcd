"""The admin interface: what the proxy shows of itself, and the few things that can be told it."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import re2

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.cluster_views import describe, status_of
from podlab.mock.programs.envoy.http1 import Codec, Ended, ProtocolError, encode, status_line
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.matching import pattern
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.streams import Late, Stream

if TYPE_CHECKING:
    from podlab.mock.programs.envoy.server import Server

Answer = tuple[int, str, str]
TEXT: Final = "text/plain; charset=UTF-8"
JSON: Final = "application/json"


class Admin:
    """The admin interface of one server."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        stats = server.stats
        stats.declare("http.admin.", "downstream_cx_total downstream_rq_total downstream_rq_completed")

    async def serve(self, stream: Stream) -> None:
        """Serves one connection."""
        codec = Codec(stream)
        try:
            while True:
                head = await codec.request_head()
                async for _ in codec.body(head):
                    pass
                self._server.stats.add("http.admin.downstream_rq_total")
                status, kind, text = self._answer(head)
                headers = Headers(
                    [("content-type", kind), ("cache-control", "no-cache, max-age=0"), ("x-content-type-options", "nosniff")]
                )
                headers.add("date", self._server.date())
                headers.add("server", "envoy")
                keep = head.keeps_alive and head.version == "1.1"
                if not keep:
                    headers.add("connection", "close")
                body = text.encode()
                if head.version == "1.1":
                    headers.add("transfer-encoding", "chunked")
                    body = (f"{len(body):x}\r\n".encode() + body + b"\r\n" if body else b"") + b"0\r\n\r\n"
                await stream.send(encode(status_line(status), headers) + (b"" if head.method == "HEAD" else body))
                if not keep:
                    await stream.shutdown_write()
                    return
        except (OSError, Ended, ProtocolError, Late):
            return
        finally:
            stream.close()

    def _answer(self, head: Head) -> Answer:
        path, _, text = head.path.partition("?")
        query = {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}
        for parameter in UNREAD.get(path, ()):
            if parameter in query:
                return 501, TEXT, f"podlab does not model the parameter {parameter} of {path}\n"
        handler = GET.get(path)
        if handler is not None:
            return handler(self, query)
        handler = POST.get(path)
        if handler is None:
            if path in NOT_MODELLED:
                return 501, TEXT, f"podlab does not model {path} of the admin interface\n"
            return 404, TEXT, f"invalid path. {_help()}"
        if head.method != "POST":
            return 405, TEXT, f"Method {head.method} not allowed, POST required."
        return handler(self, query)

    def _ready(self, query: dict[str, str]) -> Answer:
        state = self._server.state
        return (200 if state == "LIVE" else 503), TEXT, f"{state}\n"

    def _wanted(self, query: dict[str, str]) -> Callable[[str], bool]:
        if "filter" not in query:
            return lambda _: True
        compiled, inverted = pattern(query["filter"]), "invert_filter" in query
        return lambda name: (compiled.search(name) is not None) != inverted

    def _stats(self, query: dict[str, str]) -> Answer:
        stats = self._server.refreshed_stats()
        used_only = "usedonly" in query
        try:
            wanted = self._wanted(query)
        except re2.error as error:
            why = error.args[0] if error.args else ""
            return 400, TEXT, f"Invalid re2 regex: {why.decode() if isinstance(why, bytes) else why}"
        kind = query.get("format", "text")
        if kind == "json":
            return 200, JSON, json.dumps(stats.json(wanted, used_only), separators=(",", ":"))
        if kind == "prometheus":
            return 200, TEXT, stats.prometheus(wanted, used_only)
        if kind in ("html", "active-html"):
            return 501, TEXT, f"podlab does not model the format {kind} of /stats\n"
        if kind != "text":
            return 400, TEXT, "usage: /stats?format=(html|active-html|json|prometheus|text)\n\n"
        return 200, TEXT, stats.text(wanted, used_only)

    def _prometheus(self, query: dict[str, str]) -> Answer:
        return self._stats({**query, "format": "prometheus"})

    def _clusters(self, query: dict[str, str]) -> Answer:
        self._server.refreshed_stats()
        if query.get("format") == "json":
            statuses = [status_of(cluster) for cluster in self._server.clusters.values()]
            return 200, JSON, json.dumps({"cluster_statuses": statuses}, indent=1) + "\n"
        return 200, TEXT, "".join(line + "\n" for cluster in self._server.clusters.values() for line in describe(cluster))

    def _listeners(self, query: dict[str, str]) -> Answer:
        shown = self._server.listeners
        if query.get("format") == "json":
            statuses = [
                {"name": one.name, "local_address": {"socket_address": {"address": one.address[0], "port_value": one.address[1]}}}
                for one in shown
            ]
            return 200, JSON, json.dumps({"listener_statuses": statuses}, indent=1) + "\n"
        return 200, TEXT, "".join(f"{one.name}::{one.address[0]}:{one.address[1]}\n" for one in shown)

    def _config_dump(self, query: dict[str, str]) -> Answer:
        return 200, JSON, json.dumps(self._server.config_dump(), indent=1) + "\n"

    def _server_info(self, query: dict[str, str]) -> Answer:
        return 200, JSON, json.dumps(self._server.info(), indent=1) + "\n"

    def _show_help(self, query: dict[str, str]) -> Answer:
        return 200, TEXT, _help()

    def _restart_version(self, query: dict[str, str]) -> Answer:
        return 200, TEXT, "disabled"

    def _drain(self, query: dict[str, str]) -> Answer:
        self._server.drain("graceful" in query, "inboundonly" in query, "skip_exit" in query)
        return 200, TEXT, "OK\n"

    def _fail(self, query: dict[str, str]) -> Answer:
        self._server.drains.failing = True
        return 200, TEXT, "OK\n"

    def _mend(self, query: dict[str, str]) -> Answer:
        self._server.drains.failing = False
        return 200, TEXT, "OK\n"

    def _reset(self, query: dict[str, str]) -> Answer:
        self._server.stats.reset_counters()
        return 200, TEXT, "OK\n"

    def _quit(self, query: dict[str, str]) -> Answer:
        self._server.stop()
        return 200, TEXT, "OK\n"


def _help() -> str:
    commands = {**GET, **POST}
    lines = [f"  {name}{' (POST)' * (name in POST)}: {WORDS[name]}\n" for name in sorted(commands)]
    return "admin commands are:\n" + "".join(lines)


Handler = Callable[[Admin, dict[str, str]], Answer]
GET: Final[dict[str, Handler]] = {
    "/ready": Admin._ready,
    "/stats": Admin._stats,
    "/stats/prometheus": Admin._prometheus,
    "/clusters": Admin._clusters,
    "/listeners": Admin._listeners,
    "/config_dump": Admin._config_dump,
    "/server_info": Admin._server_info,
    "/help": Admin._show_help,
    "/hot_restart_version": Admin._restart_version,
}
POST: Final[dict[str, Handler]] = {
    "/drain_listeners": Admin._drain,
    "/healthcheck/fail": Admin._fail,
    "/healthcheck/ok": Admin._mend,
    "/reset_counters": Admin._reset,
    "/quitquitquit": Admin._quit,
}
UNREAD: Final = {
    "/stats": ("type", "histogram_buckets", "hidden", "pretty"),
    "/stats/prometheus": ("type", "histogram_buckets", "hidden", "text_readouts"),
    "/clusters": ("filter",),
    "/config_dump": ("resource", "mask", "name_regex", "include_eds"),
}
"""Parameters that the real one heeds; others it passes over, and so does this one."""
WORDS: Final = {
    "/clusters": "upstream cluster status",
    "/config_dump": "dump current Envoy configs",
    "/drain_listeners": "drain listeners",
    "/healthcheck/fail": "cause the server to fail health checks",
    "/healthcheck/ok": "cause the server to pass health checks",
    "/help": "print out list of admin commands",
    "/hot_restart_version": "print the hot restart compatibility version",
    "/listeners": "print listener info",
    "/quitquitquit": "exit the server",
    "/ready": "print server state, return 200 if LIVE, otherwise return 503",
    "/reset_counters": "reset all counters to zero",
    "/server_info": "print server version/status information",
    "/stats": "print server stats",
    "/stats/prometheus": "print server stats in prometheus format",
}
NOT_MODELLED: Final = frozenset(
    [
        "/",
        "/allocprofiler",
        "/certs",
        "/contention",
        "/cpuprofiler",
        "/heap_dump",
        "/heapprofiler",
        "/init_dump",
        "/logging",
        "/memory",
        "/memory/tcmalloc",
        "/peak_heap_dump",
        "/reopen_logs",
        "/runtime",
        "/runtime_modify",
        "/stats/recentlookups",
    ]
)


def uptime(ns: int) -> str:
    """A time as /server_info shows it."""
    return f"{ns // SECOND}s"


def named(config: Obj, kind: str) -> Obj:
    """A part of /config_dump."""
    return {"@type": f"type.googleapis.com/envoy.admin.v3.{kind}", **config}
