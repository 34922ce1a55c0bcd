"""NetworkPolicies: which connections between pods are let through (the NetworkPolicy's documentation).

What is not is dropped, as by the real plugins.

A pod that no policy selects accepts and sends everything; one that is selected, only what some policy allows. Answers follow
their connections.
"""

import ipaddress
from typing import Any

from podlab.mock.api.selectors import from_label_selector, matches_labels
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.machine.network import Network
from podlab.mock.machine.network.namespace import NetworkNamespace

Obj = dict[str, Any]


class NetworkPolicyController(Controller):
    """Is asked by the network for each new connection; holds no state but the caches of what there is."""

    name = "network-policy"

    def __init__(self, *args: Any, network: Network) -> None:
        super().__init__(*args)
        self.policies = self.watch("networkpolicies.networking.k8s.io", lambda _: [])
        self.pods = self.watch("pods", lambda _: [])
        self.namespaces = self.watch("namespaces", lambda _: [])
        network.allowed = self.allowed

    def reconcile(self, key: Key) -> None:
        """There is nothing to reconcile: every question is answered from the caches."""

    def allowed(self, source: NetworkNamespace, ip: str, port: int, protocol: str) -> bool:
        """Whether a connection from a namespace to an address may be made."""
        if not self.policies.objects:
            return True
        sender, receiver = self._pod_at(source.address or ""), self._pod_at(ip)
        if sender is not None and not self._passes("Egress", sender, receiver, ip, port, protocol, receiver):
            return False
        return receiver is None or self._passes("Ingress", receiver, sender, source.address or "", port, protocol, receiver)

    def _pod_at(self, ip: str) -> Obj | None:
        for pod in self.pods.objects.values():
            status = pod.get("status") or {}
            if (
                status.get("podIP") == ip
                and status.get("phase") not in ("Succeeded", "Failed")
                and not pod["spec"].get("hostNetwork")
            ):
                return pod
        return None

    def _passes(self, kind: str, pod: Obj, peer: Obj | None, peer_ip: str, port: int, protocol: str, target: Obj | None) -> bool:
        """Whether the policies that select `pod` for this direction allow the peer."""
        namespace = pod["metadata"]["namespace"]
        selecting = [
            policy
            for (place, _), policy in self.policies.objects.items()
            if place == namespace
            and kind in _types(policy)
            and matches_labels(from_label_selector(policy["spec"].get("podSelector") or {}), pod["metadata"].get("labels"))
        ]
        if not selecting:
            return True
        side = "from" if kind == "Ingress" else "to"
        return any(
            _port_allowed(rule.get("ports"), port, protocol, target) and self._peer_allowed(rule.get(side), policy, peer, peer_ip)
            for policy in selecting
            for rule in policy["spec"].get(kind.lower()) or ()
        )

    def _peer_allowed(self, peers: list[Obj] | None, policy: Obj, peer: Obj | None, ip: str) -> bool:
        return not peers or any(self._is_peer(one, policy, peer, ip) for one in peers)

    def _is_peer(self, wanted: Obj, policy: Obj, peer: Obj | None, ip: str) -> bool:
        block = wanted.get("ipBlock")
        if block:
            address = ipaddress.ip_address(ip)
            inside = address in ipaddress.ip_network(block["cidr"], strict=False)
            return inside and not any(address in ipaddress.ip_network(cidr, strict=False) for cidr in block.get("except") or ())
        if peer is None:
            return False
        meta = peer["metadata"]
        if "namespaceSelector" in wanted:
            namespace = self.namespaces.get("", meta["namespace"])
            labels = namespace["metadata"].get("labels") if namespace is not None else None
            if not matches_labels(from_label_selector(wanted["namespaceSelector"]), labels):
                return False
        elif meta["namespace"] != policy["metadata"]["namespace"]:
            return False
        return matches_labels(from_label_selector(wanted.get("podSelector") or {}), meta.get("labels"))


def _types(policy: Obj) -> list[str]:
    found: list[str] = policy["spec"].get("policyTypes") or ["Ingress", *(["Egress"] if policy["spec"].get("egress") else [])]
    return found


def _port_allowed(ports: list[Obj] | None, port: int, protocol: str, target: Obj | None) -> bool:
    if not ports:
        return True
    for one in ports:
        if one.get("protocol", "TCP").lower() != protocol.lower():
            continue
        wanted = one.get("port")
        if isinstance(wanted, str):
            containers = (target or {}).get("spec", {}).get("containers") or ()
            named = {p["containerPort"] for c in containers for p in c.get("ports") or () if p.get("name") == wanted}
            if port in named:
                return True
        elif wanted is None or int(wanted) <= port <= int(one.get("endPort") or wanted):
            return True
    return False
