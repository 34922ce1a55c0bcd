"""The cases on draining: who is asked to leave, which listeners stop and when, and what the admin interface says meanwhile."""

from typing import Any

from tests.envoy.cases import ROUTE, Case, http
from tests.envoy.log_cases import TCP_LOGGED
from tests.envoy.playing import Together
from tests.envoy.wire import encode

NOW, SOON = ("--drain-strategy", "immediate"), ("--drain-time-s", "2")
PLAIN = http(ROUTE)
LEAVING = encode("/slow/0.6") + encode(("GET", "/name", {"connection": "close"}))
"""Two requests on one connection, of which the first takes its time."""


def admin(path: str, method: str = "POST") -> tuple[str, bytes]:
    """A request to the admin interface."""
    return "ADMIN", f"{method} {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()


def drain(query: str = "") -> tuple[str, bytes]:
    """Begins to drain."""
    return admin(f"/drain_listeners{query}")


def directed(direction: str) -> str:
    """A listener for what comes in, or goes out."""
    return PLAIN.replace("  - name: ingress\n", f"  - name: ingress\n    traffic_direction: {direction}\n")


def meanwhile(step: Any) -> Together:
    """What happens while a connection is in use."""
    return Together([(0.0, LEAVING), (0.2, step)])


SHOWN = [admin("/ready", "GET"), admin("/listeners", "GET")]
FAIL, MEND = admin("/healthcheck/fail"), admin("/healthcheck/ok")
ASKED = ["/name", "/name"]
MODIFIED = PLAIN.replace("  - name: ingress\n", "  - name: ingress\n    drain_type: MODIFY_ONLY\n")

CASES: dict[str, Case] = {
    "drained": Case(PLAIN, [drain(), *SHOWN, "/name", drain()]),
    "drained-gracefully": Case(PLAIN, [drain("?graceful"), *SHOWN, *ASKED]),
    "drained-gracefully-to-the-end": Case(PLAIN, [drain("?graceful"), 3.5, *SHOWN, "/name"], options=SOON),
    "drained-without-end": Case(PLAIN, [drain("?graceful&skip_exit"), 3.5, *SHOWN, *ASKED], options=SOON),
    "drained-never-stopped": Case(PLAIN, [drain("?skip_exit"), *ASKED]),
    "drained-at-once": Case(PLAIN, [drain("?graceful"), *ASKED, drain(), "/name"], options=NOW),
    "inbound-drained": Case(directed("INBOUND"), [drain("?inboundonly"), *SHOWN, "/name"]),
    "inbound-asked-to-leave": Case(directed("INBOUND"), [drain("?graceful&inboundonly"), *ASKED], options=NOW),
    "inbound-drained-in-time": Case(directed("INBOUND"), [drain("?graceful&inboundonly"), 3.5, "/name"], options=SOON),
    "outbound-not-drained": Case(directed("OUTBOUND"), [drain("?inboundonly"), *SHOWN, "/name"]),
    "outbound-not-asked-to-leave": Case(directed("OUTBOUND"), [drain("?graceful&inboundonly"), *ASKED], options=NOW),
    "outbound-drained-with-all": Case(
        directed("OUTBOUND"), [drain("?graceful&inboundonly"), drain("?graceful"), *ASKED], options=NOW
    ),
    "direction-unknown": Case(PLAIN, [drain("?graceful&inboundonly"), 3.5, "/name"], options=SOON),
    "health-failed": Case(PLAIN, [FAIL, *SHOWN, *ASKED, MEND, *SHOWN, *ASKED]),
    "health-failed-modified-alone": Case(MODIFIED, [FAIL, *SHOWN, *ASKED]),
    "drained-modified-alone": Case(MODIFIED, [drain("?graceful"), *ASKED], options=NOW),
    "drained-meanwhile": Case(PLAIN, [meanwhile(drain())]),
    "drained-gracefully-meanwhile": Case(PLAIN, [meanwhile(drain("?graceful"))], options=NOW),
    "health-failed-meanwhile": Case(PLAIN, [meanwhile(FAIL)]),
    "quit": Case(PLAIN, [admin("/quitquitquit"), 1, "/name"]),
    "quit-meanwhile-tcp": Case(TCP_LOGGED, [Together([(0.0, "/slow/0.6"), (0.2, admin("/quitquitquit"))])]),
    "quit-meanwhile": Case(PLAIN, [Together([(0.0, "/slow/0.6"), (0.2, admin("/quitquitquit"))])]),
    "methods": Case(
        PLAIN,
        [
            *(
                admin(path, "GET")
                for path in ("/drain_listeners", "/healthcheck/fail", "/healthcheck/ok", "/quitquitquit", "/reset_counters")
            ),
            *(admin("/ready", method) for method in ("POST", "PUT")),
            admin("/drain_listeners", "DELETE"),
        ],
    ),
    "counters-reset": Case(PLAIN, [*ASKED, admin("/reset_counters"), "/status/404"]),
}
