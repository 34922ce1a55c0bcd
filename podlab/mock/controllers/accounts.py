"""What every namespace gets: the service account ``default`` and the certificate of the API, for the pods' tokens."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.api.errors import AlreadyExists, APIError, Forbidden, NotFound
from podlab.mock.api.pki import CA_CERTIFICATE
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.kernel import Kernel

Obj = dict[str, Any]

ACCOUNT: Final = "default"
ROOT_CA: Final = "kube-root-ca.crt"
DESCRIPTION: Final = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal "
    "service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
)


class NamespaceDefaults(Controller):
    """Keeps one object of a name in every namespace."""

    resource = ""
    object_name = ""

    def __init__(self, kernel: Kernel, make_client: Callable[[str], Client], on_failure: ErrorHandler = raise_failure) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._namespaces = self.watch("namespaces")
        self._objects = self.watch(self.resource, self._concerned)

    def _concerned(self, obj: Obj) -> list[Key]:
        meta = obj["metadata"]
        return [("", meta["namespace"])] if meta["name"] == self.object_name else []

    def make(self, namespace: str) -> Obj:
        """The object."""
        raise NotImplementedError

    def repair(self, found: Obj) -> None:
        """Sets right what somebody changed."""

    def reconcile(self, key: Key) -> None:
        """Makes the object where it is missing."""
        namespace = self._namespaces.get(*key)
        if namespace is None or namespace["metadata"].get("deletionTimestamp") is not None:
            return
        found = self._objects.get(key[1], self.object_name)
        if found is not None:
            self.repair(found)
            return
        try:
            self.client.create(self.resource, key[1], self.make(key[1]))
        except (AlreadyExists, NotFound, Forbidden) as error:
            _ignore(error)


def _ignore(error: APIError) -> None:
    """The namespace has gone, or somebody was faster."""


class ServiceAccountController(NamespaceDefaults):
    """``default`` in every namespace."""

    name = "service-account-controller"
    resource = "serviceaccounts"
    object_name = ACCOUNT

    def make(self, namespace: str) -> Obj:
        """The account."""
        return {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": ACCOUNT, "namespace": namespace}}


class RootCertificateController(NamespaceDefaults):
    """``kube-root-ca.crt`` in every namespace."""

    name = "root-ca-certificate-publisher"
    resource = "configmaps"
    object_name = ROOT_CA

    def make(self, namespace: str) -> Obj:
        """The ConfigMap."""
        meta = {"name": ROOT_CA, "namespace": namespace, "annotations": {"kubernetes.io/description": DESCRIPTION}}
        return {"kind": "ConfigMap", "apiVersion": "v1", "metadata": meta, "data": {"ca.crt": CA_CERTIFICATE}}

    def repair(self, found: Obj) -> None:
        """Only this controller says what stands in it."""
        if found.get("data") != {"ca.crt": CA_CERTIFICATE} and found["metadata"].get("deletionTimestamp") is None:
            self.client.update("configmaps", {**found, "data": {"ca.crt": CA_CERTIFICATE}})
