"""The Envoys that the checks of `mtls` bring: one that knocks at b with each certificate, and impostors in b's place."""

import json
from typing import Any

from .asking import Obj

TYPE = "type.googleapis.com/envoy.extensions."
KNOCKERS = {"a-tls": 9001, "stranger-a": 9002, "c-tls": 9003, "": 9004}
"""With which certificate the checks knock at b, and at which port of their own Envoy they do."""


def _address(port: int, host: str = "127.0.0.1") -> Obj:
    return {"socket_address": {"address": host, "port_value": port}}


def _listener(port: int, route: Obj, host: str = "127.0.0.1", **chain: Any) -> Obj:
    router = {"name": "router", "typed_config": {"@type": TYPE + "filters.http.router.v3.Router"}}
    manager = {
        "@type": TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "http",
        "http_filters": [router],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **route}]}]},
    }
    return {"address": _address(port, host), "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}], **chain}]}


def _tls(side: str, secret: str) -> Obj:
    folder = f"/secrets/{secret}"
    pair = {"certificate_chain": {"filename": f"{folder}/tls.crt"}, "private_key": {"filename": f"{folder}/tls.key"}}
    common: Obj = {"tls_params": {"tls_maximum_protocol_version": "TLSv1_3"}} | ({"tls_certificates": [pair]} if secret else {})
    return {
        "name": "tls",
        "typed_config": {"@type": f"{TYPE}transport_sockets.tls.v3.{side}TlsContext", "common_tls_context": common},
    }


def knocker() -> Obj:
    """The configuration of an Envoy that knocks at b with each certificate, at a port for each."""
    listeners, clusters = [], []
    for secret, port in KNOCKERS.items():
        name = secret or "nobody"
        listeners.append(_listener(port, {"route": {"cluster": name}}))
        place = {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(8443, "b")}}]}]}
        clusters.append(
            {"name": name, "type": "STRICT_DNS", "load_assignment": place, "transport_socket": _tls("Upstream", secret)}
        )
    return {"static_resources": {"listeners": listeners, "clusters": clusters}}


def impostor(secret: str, word: str) -> Obj:
    """The configuration of an Envoy that says it is b, with somebody's certificate; as b, it asks for one of the shop's."""
    socket = _tls("Downstream", secret)
    socket["typed_config"]["require_client_certificate"] = True
    socket["typed_config"]["common_tls_context"]["validation_context"] = {"trusted_ca": {"filename": "/secrets/c-tls/ca.crt"}}
    answer = {"direct_response": {"status": 200, "body": {"inline_string": f"false books, {word} with {secret}\n"}}}
    return {"static_resources": {"listeners": [_listener(8443, answer, "0.0.0.0", transport_socket=socket)]}}


def envoy_pod(name: str, config: Obj, secrets: list[str], label: str = "none") -> list[Obj]:
    """A pod of the checks' own with that Envoy, and an application beside it."""
    meta = {"name": name, "labels": {"podlab.dev/grader": "asker", "podlab.dev/plays": label}}
    mounts = [{"name": secret, "mountPath": f"/secrets/{secret}"} for secret in secrets]
    envoy = {
        "name": "envoy", "image": "envoyproxy/envoy:v1.40.0", "command": ["envoy", "-c", "/config/envoy.yaml"],
        "volumeMounts": [{"name": "config", "mountPath": "/config"}, *mounts],
    }  # fmt: skip
    volumes = [{"name": "config", "configMap": {"name": name}}, *({"name": s, "secret": {"secretName": s}} for s in secrets)]
    app = {"name": "app", "image": "busybox:1.37", "command": ["sleep", "360000"]}
    spec = {"terminationGracePeriodSeconds": 0, "containers": [app, envoy], "volumes": volumes}
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"envoy.yaml": json.dumps(config)}}
    return [settings, {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}]
