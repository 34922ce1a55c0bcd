"""Starts all controllers of a cluster, and ends them."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.accounts import RootCertificateController, ServiceAccountController
from podlab.mock.controllers.apiserver import ApiServerEndpoints
from podlab.mock.controllers.autoscaler import HorizontalController
from podlab.mock.controllers.base import Controller
from podlab.mock.controllers.clusterdns import ClusterDNS
from podlab.mock.controllers.cronjob import CronJobController
from podlab.mock.controllers.daemonset import DaemonSetController
from podlab.mock.controllers.deployment import DeploymentController
from podlab.mock.controllers.disruption import DisruptionController
from podlab.mock.controllers.endpoints import EndpointsController
from podlab.mock.controllers.endpointslices import EndpointSliceController
from podlab.mock.controllers.garbage import GarbageCollector
from podlab.mock.controllers.job import JobController
from podlab.mock.controllers.kubeproxy import KubeProxy
from podlab.mock.controllers.mirroring import EndpointSliceMirroringController
from podlab.mock.controllers.namespaces import NamespaceController
from podlab.mock.controllers.networkpolicy import NetworkPolicyController
from podlab.mock.controllers.nodes import NodeTaints, PodCollector, TaintEviction
from podlab.mock.controllers.persistentvolume import PersistentVolumeController
from podlab.mock.controllers.protection import ClaimProtection, VolumeProtection
from podlab.mock.controllers.replicaset import ReplicaSetController, ReplicationManager
from podlab.mock.controllers.resourcequota import ResourceQuotaController
from podlab.mock.controllers.scheduler import Scheduler
from podlab.mock.controllers.statefulset import StatefulSetController
from podlab.mock.controllers.volumeclaims import EphemeralVolumeController
from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import Network

CONTROLLERS: Final[tuple[type[Controller], ...]] = (
    NamespaceController,
    ServiceAccountController,
    RootCertificateController,
    Scheduler,
    EndpointsController,
    EndpointSliceController,
    ReplicaSetController,
    ReplicationManager,
    DeploymentController,
    StatefulSetController,
    DaemonSetController,
    JobController,
    CronJobController,
    DisruptionController,
    HorizontalController,
    PersistentVolumeController,
    EphemeralVolumeController,
    ClaimProtection,
    VolumeProtection,
    ResourceQuotaController,
    EndpointSliceMirroringController,
    NodeTaints,
    TaintEviction,
    PodCollector,
)
NETWORKING: Final[tuple[Callable[..., Controller], ...]] = (
    ApiServerEndpoints,
    KubeProxy,
    ClusterDNS,
    NetworkPolicyController,
)
"""Those that keep the network, and are given it."""


class ControllerManager:
    """All controllers, at work until `close`.

    Args:
        make_client: Gives the API to a component of that name.
        network: Where services and DNS are kept.
        on_failure: Gets ``(controller, key, exception)`` of what is no `APIError`.
    """

    def __init__(
        self,
        kernel: Kernel,
        make_client: Callable[[str], Client],
        network: Network,
        on_failure: ErrorHandler = raise_failure,
    ) -> None:
        given: tuple[Any, ...] = (kernel, make_client, on_failure)
        self.controllers = [controller(*given) for controller in CONTROLLERS]
        self.controllers += [controller(*given, network=network) for controller in NETWORKING]
        self.collector = GarbageCollector(kernel, make_client, on_failure)

    def close(self) -> None:
        """Ends all of them."""
        for controller in self.controllers:
            controller.close()
        self.collector.close()
