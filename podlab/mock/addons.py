"""What an installer of Kubernetes puts into a new cluster beside its own parts: a default storage class, and the DNS' service."""

from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.controllers.persistentvolume import DEFAULT_CLASS, PROVISIONER

Obj = dict[str, Any]

STORAGE_CLASS: Final[Obj] = {
    "kind": "StorageClass",
    "apiVersion": "storage.k8s.io/v1",
    "metadata": {"name": "standard", "annotations": {DEFAULT_CLASS: "true"}},
    "provisioner": PROVISIONER,
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "WaitForFirstConsumer",
}


def dns_service(address: str) -> Obj:
    """The service of the cluster's DNS, which answers at this address. No pods stand behind it: the mock itself answers."""
    labels = {"k8s-app": "kube-dns", "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
    return {
        "kind": "Service",
        "apiVersion": "v1",
        "metadata": {
            "name": "kube-dns",
            "namespace": "kube-system",
            "labels": labels,
            "annotations": {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"},
        },
        "spec": {
            "clusterIP": address,
            "selector": {"k8s-app": "kube-dns"},
            "ports": [
                {"name": "dns", "port": 53, "protocol": "UDP"},
                {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
                {"name": "metrics", "port": 9153, "protocol": "TCP"},
            ],
        },
    }


def install(client: Client, dns_address: str) -> None:
    """Makes them."""
    client.create("storageclasses.storage.k8s.io", "", STORAGE_CLASS)
    client.create("services", "kube-system", dns_service(dns_address))
