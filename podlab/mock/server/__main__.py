"""`python -m podlab.mock.server`: one mock as a process.

It binds a port on loopback, says in its state folder where it is, and serves until it is told to stop (SIGTERM, SIGINT, or
`POST /podlab/shutdown`). What happens goes to standard error, a line each.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import secrets
import signal
import sys
import time
from pathlib import Path

from podlab.mock.cluster import Cluster
from podlab.mock.server.certificate import keep_certificate, public_part, server_context
from podlab.mock.server.collector import tune
from podlab.mock.server.server import Server
from podlab.mock.server.state import State, StateFolder
from podlab.mock.server.waits import Pace
from podlab.mock.server.warming import warm

log = logging.getLogger("podlab.mock.server")

GC_THRESHOLDS = (50_000, 20, 50)
"""The store holds hundreds of thousands of dicts that live long; with the defaults, most of the time goes into visiting them."""

OWNER_SECONDS = 1.0
"""How often to look whether the mock's owner is still there."""


def parse(argv: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="python -m podlab.mock.server", description="A Kubernetes in one process, on loopback.")
    parser.add_argument("--state-dir", type=Path, required=True, help="where to write kubeconfig and state.json")
    parser.add_argument("--pace", type=Pace, choices=list(Pace), default=Pace.LIVE, help="how time passes (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--seed", type=int, default=0, help="seed of everything random in the mock (default: %(default)s)")
    parser.add_argument("--tls-cert", type=Path, help="certificate to serve with (default: one made for loopback)")
    parser.add_argument("--tls-key", type=Path, help="the certificate's key (default: in the same file)")
    parser.add_argument("--client-ca", type=Path, help="certificates of this authority name users")
    parser.add_argument("--owner", type=int, metavar="PID", help="end when this process has ended")
    options = parser.parse_args(argv)
    if options.tls_key and not options.tls_cert:
        parser.error("--tls-key needs --tls-cert")
    return options


async def serve(options: argparse.Namespace) -> None:
    """Serves until it is told to stop."""
    from podlab import __version__

    started, token = time.time(), secrets.token_urlsafe(32)
    folder = StateFolder(options.state_dir.absolute())
    certificate = options.tls_cert or keep_certificate(folder.path)
    tls = server_context(certificate, options.tls_key, options.client_ca)
    server = Server(Cluster(options.seed, time.time_ns()), options.pace, token, tls)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    _on_signals(server)
    tune()
    url = await server.start(options.port)
    state = State(os.getpid(), url, str(folder.kubeconfig), started, options.pace, options.seed, __version__)
    folder.publish(state, token, public_part(certificate.read_bytes()))
    owner = asyncio.create_task(_stop_after(options.owner, server.stopping)) if options.owner else None
    warming = asyncio.create_task(warm())
    log.info("answering at %s (%s pace, seed %d, process %d)", url, options.pace, options.seed, state.pid)
    try:
        await server.stopping.wait()
    finally:
        warming.cancel()
        if owner:
            owner.cancel()
        folder.retract(state.pid)
        await server.stop()
    log.info("stopped")


async def _stop_after(owner: int, stopping: asyncio.Event) -> None:
    """Stops the mock when the process that it was started for has ended."""
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(owner)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(OWNER_SECONDS)
    log.info("process %d has ended, and the mock with it", owner)
    stopping.set()


def _on_signals(server: Server) -> None:
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: object) -> None:
        loop.call_soon_threadsafe(server.stopping.set)

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def main(argv: list[str] | None = None) -> int:
    """Runs the mock. Returns the process's exit code."""
    options = parse(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    try:
        asyncio.run(serve(options))
    except OSError as error:
        print(f"the mock cannot start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
