"""One mock: a kernel, a store, an API, a node with its kubelet, and the controllers, wired together without sockets.

cluster = Cluster(seed=1)
cluster.client.create("pods", "default", pod)
cluster.run_until(lambda: phase(cluster) == "Running", seconds=30)
cluster.close()
"""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.addons import install
from podlab.mock.api.bootstrap import bootstrap
from podlab.mock.api.client import Client
from podlab.mock.api.server import APIServer
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.manager import ControllerManager
from podlab.mock.kernel import DEFAULT_EPOCH_NS, MILLISECOND, SECOND, Kernel
from podlab.mock.kubelet.kubelet import Kubelet
from podlab.mock.kubelet.latencies import LATENCIES, Latencies
from podlab.mock.kubelet.node_object import HOST_IP, PROCESSORS, node_lease, node_object, node_status
from podlab.mock.kubelet.runtime.sandbox import PAUSE, pause
from podlab.mock.machine.node import MEMORY_BYTES, Machine
from podlab.mock.programs import programs
from podlab.mock.programs.images import ImageRegistry
from podlab.mock.store import Store

Obj = dict[str, Any]

NODE_NAME: Final = "node1"
DNS_ADDRESS: Final = "10.96.0.10"
MAX_PODS: Final = 110
POD_MEMORY_BYTES: Final = 2 << 20
"""What a pod's processes may really hold, on average, on a node that takes more pods than usual."""
SETTLE_NS: Final = 100 * MILLISECOND
"""How long a new mock runs by itself, until service accounts and the like are there."""


class Cluster:
    """A Kubernetes in one object.

    Args:
        seed: Of all that is random; the same seed and the same calls give the same trace.
        epoch_ns: Unix time (ns) of the mock's boot.
        latencies: How long things take on the node.
        max_pods: How many pods the node takes.
        on_failure: Gets ``(controller, key, exception)`` when a controller fails otherwise than the API lets it.

    Attributes:
        kernel, store, api, machine, network, kubelet, controllers: The parts.
        client: The API for whoever holds the cluster.
    """

    def __init__(
        self,
        seed: int = 0,
        epoch_ns: int = DEFAULT_EPOCH_NS,
        latencies: Latencies = LATENCIES,
        max_pods: int = MAX_PODS,
        on_failure: ErrorHandler = raise_failure,
    ) -> None:
        self.kernel = Kernel(seed, epoch_ns)
        self.store = Store()
        self.api = APIServer(self.kernel, self.store)
        self.client = Client(self.api.verbs, "podlab")
        bootstrap(self.api.verbs)
        install(self.make_client("kubectl"), DNS_ADDRESS)
        memory_bytes = max(MEMORY_BYTES, max_pods * POD_MEMORY_BYTES)
        self.machine = Machine(self.kernel, {**programs(), PAUSE: pause}, memory_bytes=memory_bytes)
        self.machine.processors = PROCESSORS
        self.network = network = self.machine.network
        network.attach(network.node, HOST_IP)
        node = self._register_node(max_pods)
        images = ImageRegistry(self.kernel)
        self.kubelet = Kubelet(self.kernel, self.make_client("kubelet"), self.machine, images, node, DNS_ADDRESS, latencies)
        self.api.connector.node = self.kubelet.agent
        self.controllers = ControllerManager(self.kernel, self.make_client, network, on_failure)
        self.kernel.run_until(self.kernel.now_ns + SETTLE_NS)

    def make_client(self, component: str) -> Client:
        """The API for a component of that name."""
        return Client(self.api.verbs, component)

    def run_until(self, condition: Callable[[], bool] | None = None, seconds: float | None = None) -> bool:
        """Lets time pass until ``condition()`` holds, or so many simulated seconds have passed.

        Returns:
            Whether the condition holds (True without one).

        Raises:
            Deadlock: Without ``seconds``, when nothing is left to happen.
        """
        deadline = None if seconds is None else self.kernel.now_ns + int(seconds * SECOND)
        return self.kernel.run_until(deadline, condition)

    def close(self) -> None:
        """Ends it; nothing of it is to be used afterwards."""
        self.controllers.close()
        self.kubelet.close()
        self.kernel.close()

    def _register_node(self, max_pods: int) -> Obj:
        client = self.make_client("kubelet")
        node = client.create("nodes", "", node_object(NODE_NAME))
        node = client.update_status("nodes", {**node, "status": node_status(self.kernel, NODE_NAME, max_pods)})
        # New nodes are tainted as not ready until a controller has seen that they are; this one is from the beginning.
        node = client.patch("nodes", "", NODE_NAME, {"spec": {"taints": None}})
        client.create("leases.coordination.k8s.io", "kube-node-lease", node_lease(self.kernel, node))
        return node
