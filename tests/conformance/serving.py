"""A mock to play on: a server in a thread of this process, in virtual pace, with a kubeconfig of its own."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from podlab.mock.cluster import Cluster
from podlab.mock.kernel import MILLISECOND
from podlab.mock.server.certificate import keep_certificate, public_part, server_context
from podlab.mock.server.server import Server
from podlab.mock.server.state import State, StateFolder
from podlab.mock.server.waits import Pace

TOKEN: Final = "conformance"
START_NS: Final = 100 * MILLISECOND
"""How long kubectl takes to start, for the mock."""


@contextmanager
def serving(folder: Path, seed: int = 0) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Serves a new mock.

    Gives the path of its kubeconfig, in the folder, and how to let the time pass that kubectl takes to start.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    state, certificate = StateFolder(folder), keep_certificate(folder)
    cluster = Cluster(seed, epoch_ns=time.time_ns())  # kubectl computes ages by its own clock
    server = Server(cluster, Pace.VIRTUAL, TOKEN, server_context(certificate, None, None))
    url = asyncio.run_coroutine_threadsafe(server.start(), loop).result()
    facts = State(os.getpid(), url, str(state.kubeconfig), time.time(), Pace.VIRTUAL, seed, "conformance")
    state.publish(facts, TOKEN, public_part(certificate.read_bytes()))

    async def start_kubectl() -> None:
        cluster.kernel.run_until(cluster.kernel.now_ns + START_NS)

    try:
        yield state.kubeconfig, lambda: asyncio.run_coroutine_threadsafe(start_kubectl(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        cluster.close()
