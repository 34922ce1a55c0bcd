"""Arenas: clusters in which nothing is, one for each manifest that is graded."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from podlab.errors import APIError, ClusterError, Forbidden, Obj
from podlab.grading.bounded import Bounded
from podlab.lab import Lab
from podlab.lab.transport import Connection, error_of
from podlab.simulation import InProcessConnection

if TYPE_CHECKING:
    from podlab.grading.evaluate import Arena

NAMESPACE = "default"
PREFIX = "podlab-grade"
NOWHERE = "podlab-grade-nowhere"
BASELINE = {"pod-security.kubernetes.io/enforce": "baseline"}
GUARDS: list[Obj] = [
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "podlab-guard"},
        "spec": {
            "podSelector": {},
            "policyTypes": ["Egress"],
            "egress": [
                {"to": [{"podSelector": {}}]},
                {"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]},
            ],
        },
    },
    {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "podlab-guard"},
        "spec": {"hard": {"pods": "60", "services.loadbalancers": "0", "services.nodeports": "0", "persistentvolumeclaims": "4"}},
    },
]
"""What a submission's pods may do on a cluster that others use too: reach each other and names, and be so many."""


class ArenaLab(Lab):
    """A `Lab` over a mock in this process."""

    client: Bounded

    @property
    def bound_reached(self) -> str:
        """Which of the grader's bounds its cluster has reached, in words; empty while none."""
        return self.client.reached


@contextmanager
def arena(seed: int = 0) -> Iterator[Lab]:
    """A fresh mock in virtual time: the same manifest gives the same run, byte for byte."""
    from podlab.mock.cluster import Cluster

    cluster = Cluster(seed)
    try:
        client = Bounded(cluster)
        lab = ArenaLab.over(InProcessConnection(client), NAMESPACE, name="the grader's cluster")
        assert isinstance(lab, ArenaLab)
        lab.client = client
        yield lab
    finally:
        cluster.close()


class WitnessedConnection(Connection):
    """A connection that remembers when the cluster did not answer, or refused: what a check then found is nobody's fault."""

    lost: ClusterError | None = None
    refused: APIError | None = None

    def send(self, *args: Any, **options: Any) -> Any:
        """As a connection does."""
        try:
            answer = super().send(*args, **options)
        except ClusterError as error:
            self.lost = error
            raise
        if answer.status in (401, 403, 501):
            self._note(error_of(answer.status, answer.data or answer.read()))
        return answer

    def websocket(self, *args: Any, **options: Any) -> Any:
        """As a connection does."""
        try:
            return super().websocket(*args, **options)
        except APIError as error:
            self._note(error)
            raise

    def _note(self, error: APIError) -> None:
        """Remembers what podlab may not do. What a student's pod may not be (Pod Security, a quota) is the student's affair."""
        if not isinstance(error, Forbidden) or " cannot " in str(error):
            self.refused = self.refused or error


def refusal(lab: Lab) -> str:
    """What a real cluster has not let podlab do so far, in its words; empty where there is nothing."""
    connection = lab.api.connection
    return str(connection.refused or "") if isinstance(connection, WitnessedConnection) else ""


def is_simulated(lab: Lab) -> bool:
    """Whether this is the grader's own mock, in which hours take no time."""
    return isinstance(lab.api.connection, InProcessConnection)


@contextmanager
def cluster_arena(kubeconfig: str, context: str) -> Iterator[Lab]:
    """A namespace of its own on a real cluster, removed at the end. Nothing is written outside of it; no pod is privileged.

    Raises:
        ClusterError: The cluster does not let podlab grade, or went away while it was in use, so that nothing is known of the
            manifest.
    """
    connection = WitnessedConnection(kubeconfig, context or None)
    cluster = Lab.over(connection, NOWHERE, confined=True, name=context or kubeconfig)
    with closing(connection), ExitStack() as stack:
        try:
            lab = stack.enter_context(cluster.session(PREFIX))
            namespace = cluster.api.target(f"namespace/{lab.namespace}").path()
            labels = {"metadata": {"labels": BASELINE}}
            connection.json("PATCH", namespace, body=labels, content_type="application/merge-patch+json")
            lab.apply(GUARDS)
        except APIError as error:
            raise ClusterError(
                f"podlab cannot grade on {cluster.name}: {error}",
                f"`podlab doctor --on {context or 'CONTEXT'}` names what is missing.",
            ) from None
        yield lab
        stack.close()
        if connection.lost is not None:
            raise connection.lost


def arena_on(where: Mapping[str, str]) -> "Arena":
    """Where manifests are applied: on the mock, or, with `kubeconfig` and `context`, on a real cluster."""
    if not where:
        return arena
    return partial(cluster_arena, where["kubeconfig"], where.get("context", ""))
