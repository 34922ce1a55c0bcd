"""Answers on their way to the client: the headers that Envoy sets, the framing, the body as it comes."""

from contextlib import aclosing
from email.utils import formatdate

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.programs.envoy.http1 import Ended, ProtocolError, chunk, encode, status_line
from podlab.mock.programs.envoy.http_messages import Headers, Response
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.streams import Late, Stream


class Answerer:
    """Sends the answers of one connection."""

    def __init__(self, manager: Manager, stream: Stream) -> None:
        self._manager = manager
        self._stream = stream

    async def send(self, info: Info, response: Response, keep: bool) -> bool:
        """Sends an answer. Returns whether it was sent whole, so that the connection may go on."""
        assert info.head is not None
        headers = response.headers
        info.status, info.response = response.status, headers
        bodiless = info.head.method == "HEAD" or response.status in (204, 304)
        self._set_headers(info, headers)
        old = info.head.version == "1.0"
        headers.remove("connection")
        if not keep:
            headers.add("connection", "close")
        elif old:
            headers.add("connection", "keep-alive")
        chunked = self._frame(response, bodiless, old)
        self._manager.count_response(response.status)
        first = status_line(response.status, info.head.version)
        info.mark("DS_TX_BEG")
        await self._stream.send(encode(first, headers) + (b"" if bodiless else response.body))
        info.bytes_sent = 0 if bodiless else len(response.body)
        if response.stream is not None and not await self._send_stream(info, response, chunked):
            return False
        info.mark("DS_TX_END")
        return True

    def _set_headers(self, info: Info, headers: Headers) -> None:
        config = self._manager.config
        if headers.get("date") is None:
            headers.add("date", _date(self._manager.kernel))
        transformation = config.get("server_header_transformation", "OVERWRITE")
        if transformation == "OVERWRITE" or (transformation == "APPEND_IF_ABSENT" and headers.get("server") is None):
            headers.set("server", config.get("server_name") or "envoy")
        if config.get("via"):
            headers.add("via", config["via"])
        if config.get("always_set_request_id_in_response") and info.head is not None:
            headers.set("x-request-id", info.head.headers.get("x-request-id") or "")

    def _frame(self, response: Response, bodiless: bool, old: bool) -> bool:
        """Says how long the body is. Returns whether it goes in chunks."""
        headers = response.headers
        if headers.get("content-length") is not None or response.status in (204, 304):
            return False
        if response.stream is None and not bodiless:
            headers.add("content-length", str(len(response.body)))
            return False
        if not old:
            headers.add("transfer-encoding", "chunked")
        return not bodiless and not old

    async def _send_stream(self, info: Info, response: Response, chunked: bool) -> bool:
        assert response.stream is not None
        try:
            async with aclosing(response.stream) as pieces:  # type: ignore[type-var]
                async for piece in pieces:
                    info.bytes_sent += len(piece)
                    await self._stream.send(chunk(piece) if chunked else piece)
        except (Ended, Late, ProtocolError) as error:
            late = isinstance(error, Late)
            info.flag("UT" if late else "UPE")
            info.details = "response_timeout" if late else "upstream_reset_after_response_started{protocol_error}"
            self._manager.count("downstream_rq_rx_reset")
            return False
        if chunked:
            await self._stream.send(chunk(b""))
        return True


def _date(kernel: Kernel) -> str:
    return formatdate((kernel.epoch_ns + kernel.now_ns) // SECOND, usegmt=True)
