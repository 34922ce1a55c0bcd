"""The objects that pods refer to, as the kubelet reads them: ConfigMaps, Secrets, tokens."""

from collections.abc import Iterator
from typing import Any

from podlab.mock.api.client import Client, Informer

Obj = dict[str, Any]


class ApiObjects:
    """Reads objects from informers, and asks the API for tokens."""

    def __init__(self, client: Client, config_maps: Informer, secrets: Informer) -> None:
        self._client = client
        self._config_maps = config_maps
        self._secrets = secrets

    def config_map(self, namespace: str, name: str) -> Obj | None:
        """A ConfigMap, or None."""
        return self._config_maps.get(namespace, name)

    def secret(self, namespace: str, name: str) -> Obj | None:
        """A Secret, or None."""
        return self._secrets.get(namespace, name)

    def token(self, pod: Obj, audience: str, seconds: int) -> str:
        """A token of the pod's service account, bound to the pod."""
        meta = pod["metadata"]
        bound = {"kind": "Pod", "apiVersion": "v1", "name": meta["name"], "uid": meta["uid"]}
        request: Obj = {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {},
            "spec": {"audiences": [audience] if audience else [], "expirationSeconds": seconds, "boundObjectRef": bound},
        }
        account = pod["spec"].get("serviceAccountName") or "default"
        answer = self._client.create("serviceaccounts", meta["namespace"], request, "token", account)
        return str(answer["status"]["token"])


def referred(spec: Obj) -> Iterator[tuple[str, str]]:
    """The ConfigMaps and Secrets that a pod's volumes are made from: ``("configmaps", "app-config")``."""
    for volume in spec.get("volumes") or ():
        sources = [volume, *((volume.get("projected") or {}).get("sources") or ())]
        for source in sources:
            if "configMap" in source:
                yield "configmaps", source["configMap"].get("name", "")
            if "secret" in source:
                yield "secrets", source["secret"].get("secretName") or source["secret"].get("name", "")
