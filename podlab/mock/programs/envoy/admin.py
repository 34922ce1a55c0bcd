"""The admin interface: what the proxy shows of itself, and the few things that can be told it."""

import json
import re
from collections.abc import Callable, Collection
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import re2

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.cluster_views import describe, status_of
from podlab.mock.programs.envoy.dumping import DumpError
from podlab.mock.programs.envoy.http1 import Codec, Ended, ProtocolError, encode, status_line
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.matching import pattern
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.streams import Late, Stream

if TYPE_CHECKING:
    from podlab.mock.programs.envoy.server import Server

Answer = tuple[int, str, str]
TEXT: Final = "text/plain; charset=UTF-8"
PLAIN: Final = "text/plain"
UNGUESSED: Final = "text/plain that says twice that nobody is to guess"
"""What most refusals of /config_dump are."""
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
                headers = Headers([("x-content-type-options", "nosniff")] if kind == UNGUESSED else [])
                headers.add("content-type", PLAIN if kind == UNGUESSED else kind)
                headers.add("cache-control", "no-cache, max-age=0")
                headers.add("x-content-type-options", "nosniff")
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
        if path not in _paths():
            return 404, TEXT, f"invalid path. {_help()}"
        if _paths()[path] and head.method != "POST":
            return 405, TEXT, f"Method {head.method} not allowed, POST required."
        handler = HANDLERS.get(path)
        if handler is None:
            return 501, TEXT, f"podlab does not model {path} of the admin interface\n"
        return handler(self, query)

    def _ready(self, query: dict[str, str]) -> Answer:
        state = self._server.state
        return (200 if state == "LIVE" else 503), TEXT, f"{state}\n"

    def _stats(self, query: dict[str, str]) -> Answer:
        stats = self._server.refreshed_stats()
        used_only = "usedonly" in query
        kinds: dict[str, Collection[str]] = {
            "Counters": stats.counters,
            "Gauges": stats.gauges,
            "Histograms": stats.histograms,
            "TextReadouts": (),
        }
        chosen = query.get("type", "All")
        if chosen not in kinds and chosen != "All":
            return 400, TEXT, "invalid &type= param"
        try:
            matches = _matcher(query.get("filter", ""), "invert_filter" in query)
        except re2.error as error:
            return 400, TEXT, f"Invalid re2 regex: {_why(error)}"

        def wanted(name: str) -> bool:
            return matches(name) and (chosen == "All" or name in kinds[chosen])

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
        try:
            matches = _matcher(query.get("filter", ""))
        except re2.error:
            return 400, TEXT, "Invalid re2 regex"
        shown = [cluster for cluster in self._server.clusters.values() if matches(cluster.name)]
        if query.get("format") == "json":
            return 200, JSON, _pretty({"cluster_statuses": [status_of(cluster) for cluster in shown]})
        return 200, TEXT, "".join(line + "\n" for cluster in shown for line in describe(cluster))

    def _listeners(self, query: dict[str, str]) -> Answer:
        shown = self._server.listeners
        if query.get("format") == "json":
            statuses = [
                {"name": one.name, "local_address": {"socket_address": {"address": one.address[0], "port_value": one.address[1]}}}
                for one in shown
            ]
            return 200, JSON, _pretty({"listener_statuses": statuses})
        return 200, TEXT, "".join(f"{one.name}::{one.address[0]}:{one.address[1]}\n" for one in shown)

    def _config_dump(self, query: dict[str, str]) -> Answer:
        expression = query.get("name_regex", "")
        try:
            return 200, JSON, _pretty(self._server.dump.show(query, _matcher(expression, whole=True)))
        except DumpError as error:
            return error.status, UNGUESSED, str(error)
        except re2.error as error:
            return 400, PLAIN, f"INVALID_ARGUMENT: Error while parsing name_regex from {expression}: {_why(error)}"

    def _certs(self, query: dict[str, str]) -> Answer:
        return 200, JSON, _pretty({"certificates": self._server.certificates()})

    def _runtime(self, query: dict[str, str]) -> Answer:
        return 200, JSON, _pretty({"entries": {}, "layers": []})

    def _server_info(self, query: dict[str, str]) -> Answer:
        return 200, JSON, _pretty(self._server.info())

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


@cache
def _help() -> str:
    return (files(__package__) / "admin_help.txt").read_text()


@cache
def _paths() -> dict[str, bool]:
    """All paths that Envoy has, and whether they ask for POST."""
    return {found[1]: bool(found[2]) for found in re.finditer(r"(?m)^  (/\S*)( \(POST\))?: ", _help())}


Handler = Callable[[Admin, dict[str, str]], Answer]
HANDLERS: Final[dict[str, Handler]] = {
    "/ready": Admin._ready,
    "/stats": Admin._stats,
    "/stats/prometheus": Admin._prometheus,
    "/clusters": Admin._clusters,
    "/listeners": Admin._listeners,
    "/config_dump": Admin._config_dump,
    "/server_info": Admin._server_info,
    "/help": Admin._show_help,
    "/hot_restart_version": Admin._restart_version,
    "/certs": Admin._certs,
    "/runtime": Admin._runtime,
    "/drain_listeners": Admin._drain,
    "/healthcheck/fail": Admin._fail,
    "/healthcheck/ok": Admin._mend,
    "/reset_counters": Admin._reset,
    "/quitquitquit": Admin._quit,
}
UNREAD: Final = {
    "/stats": ("histogram_buckets", "hidden"),
    "/stats/prometheus": ("histogram_buckets", "hidden", "text_readouts"),
    "/config_dump": ("include_eds",),
}
"""Parameters that the real one heeds; others it passes over, and so does this one."""


def _matcher(expression: str, inverted: bool = False, whole: bool = False) -> Callable[[str], bool]:
    """Whether a name fits an expression, an empty one all. Raises re2.error."""
    if not expression:
        return lambda _: True
    compiled = pattern(expression)
    find = compiled.fullmatch if whole else compiled.search
    return lambda name: (find(name) is not None) != inverted


def _why(error: re2.error) -> str:
    why = error.args[0] if error.args else ""
    return why.decode() if isinstance(why, bytes) else str(why)


def _pretty(value: Obj) -> str:
    return (json.dumps(value, indent=1) if value else "{}") + "\n"


def uptime(ns: int) -> str:
    """A time as /server_info shows it."""
    return f"{ns // SECOND}s"
