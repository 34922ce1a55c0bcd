"""Where pods find the API server: at the node's address, port 6443. Nothing is made, nor loaded, before one connects."""

from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Endpoint, Network
from podlab.mock.machine.network.addresses import ANY6
from podlab.mock.server.edge import API

if TYPE_CHECKING:
    from podlab.mock.server.podserver import PodServer

PORT: Final = 6443


def serve_pods(kernel: Kernel, network: Network, api: API) -> None:
    """Serves the pods of a mock from now on."""
    servers: list[PodServer] = []

    def connected(endpoint: Endpoint) -> None:
        if not servers:
            from podlab.mock.server.podserver import PodServer

            servers.append(PodServer(kernel, api))
        servers[0].take(endpoint)

    network.node.listen((ANY6, PORT)).on_connection = connected
