"""One client's connection to an HTTP connection manager: its requests, one after the other, through filters and router."""

from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import Task
from podlab.mock.programs.envoy.answering import Answerer
from podlab.mock.programs.envoy.draining import CLOSE_AFTER_NS
from podlab.mock.programs.envoy.http1 import Codec, Ended, ProtocolError
from podlab.mock.programs.envoy.http_messages import REASONS, Head, Headers, Refused, Response
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.paths import read_target
from podlab.mock.programs.envoy.replies import direct_response, local_reply, redirect
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.router import Exchange
from podlab.mock.programs.envoy.routes import Choice
from podlab.mock.programs.envoy.streams import Abandoned, Late, Stream
from podlab.mock.programs.envoy.uploads import Upload

NEVER_NS: Final = 1 << 62
COST_NS: Final = 100_000
"""What a request costs the proxy's processor."""


class HttpConnection:
    """One client's connection."""

    def __init__(self, manager: Manager, stream: Stream, asks_to_leave: Callable[[], bool]) -> None:
        self._manager = manager
        self._stream = stream
        self._codec = Codec(stream, manager.max_head_bytes, manager.max_headers)
        self._answerer = Answerer(manager, stream)
        self._asks_to_leave = asks_to_leave
        self._closes_at_ns: int | None = None
        self._receiving: Task | None = None

    async def serve(self) -> None:
        """Serves the connection until it ends."""
        manager = self._manager
        started = manager.kernel.now_ns
        manager.opened(self._stream)
        local = True
        try:
            while await self._one():
                pass
            local = not self._stream.gone
            if local:
                await self._stream.shutdown_write()
        except (OSError, Abandoned, Ended):
            local = False
        finally:
            self._stream.close()
            manager.closed(self._stream, started, local)

    async def _one(self) -> bool:
        """One request. Returns whether another may follow."""
        manager = self._manager
        try:
            await self._codec.begin(min(manager.kernel.now_ns + manager.idle_ns, self._closes_at_ns or NEVER_NS))
        except Late:
            if self._closes_at_ns is not None:
                return False
            manager.count("downstream_cx_idle_timeout")  # the client is left some time to see it
            self._closes_at_ns = manager.kernel.now_ns + manager.config.get("drain_timeout", CLOSE_AFTER_NS)
            return True
        except Ended:
            return False
        info = Info(
            self._stream, manager.kernel.now_ns, manager.kernel.wall_ns, remote="{}:{}".format(*self._stream.endpoint.peer)
        )
        info.mark("DS_RX_BEG")
        manager.begun(info)
        try:
            return await self._exchange(info)
        except (Abandoned, Ended):
            info.head = info.head or Head("1.1", Headers())
            info.details, info.flags = "downstream_remote_disconnect", ["DC"]
            manager.count("downstream_rq_rx_reset", "downstream_cx_destroy_active_rq", "downstream_cx_destroy_remote_active_rq")
            raise Abandoned from None
        finally:
            if self._receiving is not None and not self._receiving.done:
                self._receiving.cancel()
            manager.ended(info)

    async def _exchange(self, info: Info) -> bool:
        manager = self._manager
        try:
            head = await self._read_head(info)
            keep = head.keeps_alive
            response = await self._respond(info, head)
        except Refused as refused:
            keep = False
            response = local_reply(info, refused.status, refused.body, refused.details, refused.flag)
        if "DS_RX_END" not in info.times:  # what is left of the request is not waited for
            manager.count("downstream_rq_rx_reset")
            keep = False
        if self._closes_at_ns is None and self._asks_to_leave():
            self._closes_at_ns = manager.kernel.now_ns + manager.config.get("drain_timeout", CLOSE_AFTER_NS)
            manager.count("downstream_cx_drain_close")
        if self._receiving is not None and not self._receiving.done and not response.stream:
            self._receiving.cancel()
        sent = await self._answerer.send(info, response, keep and self._closes_at_ns is None)
        return sent and keep and (self._closes_at_ns is None or manager.kernel.now_ns < self._closes_at_ns)

    # --- reading ---

    async def _read_head(self, info: Info) -> Head:
        manager = self._manager
        limit = manager.config.get("request_headers_timeout", 0)
        nothing = Head("1.1", Headers())
        try:
            head = await self._codec.request_head(manager.kernel.now_ns + (limit or manager.stream_idle_ns or manager.idle_ns))
        except Late:
            info.head = nothing
            manager.count("downstream_rq_header_timeout" if limit else "downstream_rq_idle_timeout")
            if limit:
                raise Refused(408, "request header timeout", "request_header_timeout") from None
            raise Refused(408, "stream timeout", "stream_idle_timeout", "SI") from None
        except ProtocolError as error:
            info.head = nothing
            manager.count("downstream_cx_protocol_error")
            raise Refused(error.status, REASONS[error.status], error.details, "DPE") from None
        options = manager.config.get("http_protocol_options", {})
        if head.version != "1.1" and not (head.version == "1.0" and options.get("accept_http_10")):
            info.head = nothing
            raise Refused(426, REASONS[426], "low_version", "DPE")
        if head.version == "1.0" and head.headers.get("host") is None and options.get("default_host_for_http_10"):
            head.headers.items.insert(0, ("host", options["default_host_for_http_10"]))
        info.head = head
        if not head.has_body and not self._upgrade(head) and head.method != "CONNECT":
            info.mark("DS_RX_END")
        return head

    # --- answering ---

    async def _respond(self, info: Info, head: Head) -> Response:
        manager = self._manager
        await manager.kernel.sleep(COST_NS)
        if head.headers.get("host") is None:
            raise Refused(400, "", "missing_host_header")
        refused = read_target(head, manager.config, self._stream.endpoint.local[1])
        if refused is not None:
            if refused[0] == 404:
                return local_reply(info, 404, "", refused[1])
            manager.count("downstream_rq_failed_path_normalization")
            raise Refused(refused[0], "", refused[1])
        await self._go_on(info, head)
        upgrade = self._upgrade(head)
        if head.method == "CONNECT":
            head.path = ""
        manager.edge.prepare(info)
        choice = manager.routes.find(head)
        info.cluster = info.cluster_label = choice.cluster if choice is not None else ""
        if info.cluster in self._manager.clusters:
            info.cluster_label = self._manager.clusters[info.cluster].label
        if upgrade:
            raise Refused(403, "", "upgrade_failed")
        response = await self._filter(info, head, choice)
        if response is None:
            manager.count("rq_total")
            response = await self._act(info, choice)
        self._answered(head, choice, response)
        return response

    async def _go_on(self, info: Info, head: Head) -> None:
        """Tells a client that waits with its body to send it."""
        if (head.headers.get("expect") or "").lower() == "100-continue":
            await self._stream.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._manager.count_response(100)
            info.status = 100
            head.headers.remove("expect")

    def _upgrade(self, head: Head) -> bool:
        """Whether another protocol is asked for. An upgrade to HTTP/2 is not heard."""
        wanted = head.headers.get("upgrade")
        if wanted is None or "upgrade" not in (head.headers.get("connection") or "").lower():
            return False
        if wanted.lower() == "h2c":
            head.headers.remove("http2-settings")
            return False
        return True

    async def _filter(self, info: Info, head: Head, choice: Choice | None) -> Response | None:
        overrides = choice.overrides if choice is not None else {}
        for name, one in self._manager.filters:
            active = overrides.get(name, one)
            if active is None:
                continue
            response = await active.apply(info, head)
            if response is not None:
                if choice is not None:
                    self._change(info, choice, response)
                return response
            if self._stream.gone:
                raise Abandoned
        return None

    def _answered(self, head: Head, choice: Choice | None, response: Response) -> None:
        overrides = choice.overrides if choice is not None else {}
        for name, one in reversed(self._manager.filters):
            active = overrides.get(name, one)
            if active is not None:
                active.answered(head, response)

    def _change(self, info: Info, choice: Choice, response: Response) -> None:
        """What routes add comes before what Envoy says of a body of its own; of its own status they know nothing."""
        headers = response.headers
        own = [item for item in headers.items if response.stream is None and item[0] in ("content-length", "content-type")]
        headers.items = [item for item in headers.items if item not in own]
        info.status, info.response = response.status if info.upstream_answered else 0, headers
        choice.change_response(headers, info)
        headers.items += own

    async def _act(self, info: Info, choice: Choice | None) -> Response:
        manager = self._manager
        if choice is None:
            manager.count("no_route")
            return local_reply(info, 404, "", "route_not_found", "NR")
        route = choice.route
        info.route = route.get("name", "")
        if "direct_response" in route:
            manager.count("rq_direct_response")
            response = direct_response(info, route)
        elif "redirect" in route:
            manager.count("rq_direct_response")
            response = redirect(info, route)
        else:
            response = await self._route(info, choice)
            if "NC" in info.flags:
                manager.count("no_cluster")
        self._change(info, choice, response)
        if choice.host.get("include_attempt_count_in_response") and info.attempts:
            response.headers.set("x-envoy-attempt-count", str(info.attempts))
        return response

    async def _route(self, info: Info, choice: Choice) -> Response:
        """Sends the request on; its body goes after it as it comes."""
        if "DS_RX_END" in info.times or info.head is None:
            return await Exchange(info, choice, self._manager, None).run()
        upload = Upload(self._codec, info, info.head, self._manager)
        self._receiving = self._manager.spawn(upload.receive(), "upload")
        try:
            return await Exchange(info, choice, self._manager, upload).run()
        except Abandoned:
            if isinstance(upload.failure, Refused):
                raise upload.failure from None
            raise
