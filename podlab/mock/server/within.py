"""Where pods find the API server: at the node's address, port 6443. Nothing is made, nor loaded, before one connects."""

from typing import Final

from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Listener, Network
from podlab.mock.machine.network.addresses import ANY6
from podlab.mock.server.edge import API

PORT: Final = 6443
BACKLOG: Final = 128


def serve_pods(kernel: Kernel, network: Network, api: API) -> None:
    """Serves the pods of a mock from now on."""
    kernel.spawn(_accept(kernel, network.node.listen((ANY6, PORT), BACKLOG), api), name="kube-apiserver")


async def _accept(kernel: Kernel, listener: Listener, api: API) -> None:
    endpoint = await listener.accept()
    from podlab.mock.server.podserver import PodServer

    server = PodServer(kernel, api)
    while True:
        server.take(endpoint)
        endpoint = await listener.accept()
