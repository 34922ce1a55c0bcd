"""Opening a WebSocket with a kubeconfig's TLS, credentials and proxy."""

import ssl
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from podlab.errors import Obj

if TYPE_CHECKING:
    from podlab.lab.transport import Connection


def open_websocket(
    connection: "Connection", url: str, headers: Mapping[str, str], subprotocols: Sequence[str], timeout_seconds: float
) -> Any:
    """Open a WebSocket to the API server.

    Args:
        connection: where, and who asks.
        url: the whole URL, with http or https.
        headers: more headers.
        subprotocols: those that the client speaks, the best first.
        timeout_seconds: longest silence, in real time.

    Returns:
        A `websocket.WebSocket`.

    Raises:
        APIError: the server refuses, in its own words.
        ClusterError: it does not answer.
    """
    import websocket

    from podlab.lab.transport import CONNECT_SECONDS, error_of

    lines = [f"{name}: {value}" for name, value in {**connection.credentials(), **headers}.items()]
    socket = websocket.WebSocket(sslopt=_tls(connection.configuration), skip_utf8_validation=True)
    socket.settimeout(CONNECT_SECONDS)
    try:
        socket.connect(
            "ws" + url.removeprefix("http"), header=lines, subprotocols=[*subprotocols], **_proxy(connection.configuration)
        )
    except websocket.WebSocketBadStatusException as error:
        raise error_of(error.status_code, error.resp_body or b"") from None
    except (websocket.WebSocketException, OSError) as error:
        raise connection.gone(error) from None
    socket.settimeout(timeout_seconds)
    return socket


def _tls(configuration: Any) -> Obj:
    if not configuration.verify_ssl:
        options: Obj = {"cert_reqs": ssl.CERT_NONE, "check_hostname": False}
    else:
        options = {"cert_reqs": ssl.CERT_REQUIRED}
        if configuration.ssl_ca_cert:
            options["ca_certs"] = configuration.ssl_ca_cert
        if configuration.assert_hostname is not None:
            options["check_hostname"] = configuration.assert_hostname
    given = {
        "certfile": configuration.cert_file,
        "keyfile": configuration.key_file,
        "server_hostname": configuration.tls_server_name,
    }
    return options | {name: value for name, value in given.items() if value}


def _proxy(configuration: Any) -> Obj:
    from urllib.parse import urlsplit

    if not configuration.proxy:
        return {"http_no_proxy": ["*"]}
    proxy = urlsplit(configuration.proxy)
    return {"http_proxy_host": proxy.hostname, "http_proxy_port": proxy.port, "proxy_type": "http"}
