"""The cluster's DNS: names of services and pods, by the rules of Kubernetes' DNS specification as CoreDNS answers them.

Answers are made from the caches when they are asked for. There is no way out of the cluster: other names do not exist.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from podlab.mock.api.client import Client
from podlab.mock.clientgo.workqueue import ErrorHandler, raise_failure
from podlab.mock.controllers.base import Controller, Key
from podlab.mock.controllers.endpointslices import SERVICE_NAME, SLICES
from podlab.mock.kernel import Kernel
from podlab.mock.machine.network import DnsAnswer, DnsRecord, Network
from podlab.mock.machine.network.dns import NOERROR, NXDOMAIN

Obj = dict[str, Any]

ZONE: Final = "cluster.local"
REVERSE: Final = "in-addr.arpa"
TTL: Final = 30
SOA_TTL: Final = 5
SERIAL_BASE: Final = 1_700_000_000
VERSION: Final = "1.1.0"
_DASHED: Final = re.compile(r"\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}")


class ClusterDNS(Controller):
    """Answers the network's questions."""

    name = "coredns"

    def __init__(
        self,
        kernel: Kernel,
        make_client: Callable[[str], Client],
        on_failure: ErrorHandler = raise_failure,
        *,
        network: Network,
    ) -> None:
        super().__init__(kernel, make_client, on_failure)
        self._services = self.watch("services", _nothing)
        self._slices = self.watch(SLICES, _nothing)
        self._namespaces = self.watch("namespaces", _nothing)
        network.dns = self.answer

    def reconcile(self, key: Key) -> None:
        """There is nothing to reconcile: every question is answered from the caches."""

    def answer(self, name: str, kind: str) -> DnsAnswer:
        """The answer to a question about a name (lower case, without the last dot)."""
        if name == ZONE or name.endswith("." + ZONE):
            exists, records = self._forward(name, kind)
        elif name.endswith("." + REVERSE):
            exists, records = self._reverse(name, kind)
        else:
            return DnsAnswer(NXDOMAIN, authoritative=False)
        if records:
            return DnsAnswer(NOERROR, records)
        return DnsAnswer(NOERROR if exists else NXDOMAIN, authority=[_soa()])

    # --- names ---

    def _forward(self, name: str, kind: str) -> tuple[bool, list[DnsRecord]]:
        """Does a name of the zone exist, and the records of that type."""
        labels = name.removesuffix(ZONE).rstrip(".").split(".")
        match labels:
            case [""]:
                return True, [_soa()] if kind in ("SOA", "ANY") else []
            case ["dns-version"]:
                return True, _records(name, kind, "TXT", [VERSION])
            case ["svc"] | ["pod"]:
                return True, []
            case [namespace, "svc"] | [namespace, "pod"]:
                return self._namespaces.get("", namespace) is not None, []
            case [address, namespace, "pod"]:
                return self._pod(name, kind, address, namespace)
            case [service, namespace, "svc"]:
                return self._service(name, kind, service, namespace)
            case [host, service, namespace, "svc"]:
                return self._endpoint(name, kind, host, service, namespace)
            case [port, protocol, service, namespace, "svc"]:
                return self._port(name, kind, port, protocol, service, namespace)
        return False, []

    def _pod(self, name: str, kind: str, address: str, namespace: str) -> tuple[bool, list[DnsRecord]]:
        if not _DASHED.fullmatch(address) or self._namespaces.get("", namespace) is None:
            return False, []
        return True, _records(name, kind, "A", [address.replace("-", ".")])

    def _service(self, name: str, kind: str, service: str, namespace: str) -> tuple[bool, list[DnsRecord]]:
        found = self._services.get(namespace, service)
        if found is None:
            return False, []
        spec = found["spec"]
        if spec.get("type") == "ExternalName":
            return True, self._alias(name, kind, spec.get("externalName", ""))
        if kind == "SRV":
            return True, self._srv(name, found, None, None)
        if spec.get("clusterIP") != "None":
            return True, _records(name, kind, "A", spec.get("clusterIPs") or [spec.get("clusterIP", "")])
        addresses = [address for _, address, _ in self._endpoints(found)]
        return True, _records(name, kind, "A", list(dict.fromkeys(addresses)))

    def _alias(self, name: str, kind: str, target: str) -> list[DnsRecord]:
        records = [DnsRecord(name, "CNAME", target, TTL)]
        if kind != "CNAME" and target.endswith("." + ZONE):
            records += self.answer(target, kind).records
        return records

    def _endpoint(self, name: str, kind: str, host: str, service: str, namespace: str) -> tuple[bool, list[DnsRecord]]:
        """One pod behind a headless service, by its host name or its address."""
        found = self._services.get(namespace, service)
        if found is None:
            return False, []
        if host.startswith("_"):
            return any(_matches(None, host, port) for port in found["spec"].get("ports") or ()), []
        if found["spec"].get("clusterIP") != "None":
            return False, []
        addresses = [address for known, address, _ in self._endpoints(found) if known == host]
        return bool(addresses), _records(name, kind, "A", list(dict.fromkeys(addresses)))

    def _port(self, name: str, kind: str, port: str, protocol: str, service: str, namespace: str) -> tuple[bool, list[DnsRecord]]:
        found = self._services.get(namespace, service)
        if found is None:
            return False, []
        records = self._srv(name, found, port, protocol)
        return bool(records), records if kind in ("SRV", "ANY") else []

    def _srv(self, name: str, service: Obj, port: str | None, protocol: str | None) -> list[DnsRecord]:
        meta, spec = service["metadata"], service["spec"]
        domain = f"{meta['name']}.{meta['namespace']}.svc.{ZONE}"
        records = []
        if spec.get("clusterIP") != "None":
            for known in spec.get("ports") or ():
                if _matches(port, protocol, known):
                    records.append(DnsRecord(name, "SRV", f"0 100 {known['port']} {domain}", TTL))
            return records
        for host, _, ports in self._endpoints(service):
            for known in ports:
                if _matches(port, protocol, known):
                    records.append(DnsRecord(name, "SRV", f"0 100 {known['port']} {host}.{domain}", TTL))
        return list(dict.fromkeys(records))

    def _endpoints(self, service: Obj) -> Iterator[tuple[str, str, list[Obj]]]:
        """Host name (or address with dashes), address and ports of each endpoint that is ready."""
        meta = service["metadata"]
        for each in self._slices.objects.values():
            labels = each["metadata"].get("labels") or {}
            if each["metadata"]["namespace"] != meta["namespace"] or labels.get(SERVICE_NAME) != meta["name"]:
                continue
            for endpoint in each.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready", True):
                    for address in endpoint["addresses"]:
                        host = endpoint.get("hostname") or address.replace(".", "-")
                        yield host, address, each.get("ports") or []

    # --- addresses ---

    def _reverse(self, name: str, kind: str) -> tuple[bool, list[DnsRecord]]:
        address = ".".join(reversed(name.removesuffix("." + REVERSE).split(".")))
        targets = []
        for service in self._services.objects.values():
            meta, spec = service["metadata"], service["spec"]
            domain = f"{meta['name']}.{meta['namespace']}.svc.{ZONE}"
            if address in (spec.get("clusterIPs") or ()) and spec.get("clusterIP") != "None":
                targets.append(domain)
            elif spec.get("clusterIP") == "None":
                targets += [f"{host}.{domain}" for host, known, _ in self._endpoints(service) if known == address]
        return bool(targets), _records(name, kind, "PTR", targets)


def _nothing(obj: Obj) -> list[Key]:
    return []


def _records(name: str, asked: str, kind: str, data: list[str]) -> list[DnsRecord]:
    return [DnsRecord(name, kind, each, TTL) for each in data] if asked in (kind, "ANY") else []


def _matches(port: str | None, protocol: str | None, known: Obj) -> bool:
    """Is this the port of ``_http._tcp``? Without a name, any port is."""
    if protocol is not None and protocol != f"_{known.get('protocol', 'TCP').lower()}":
        return False
    return port is None or port == f"_{known.get('name', '')}"


def _soa() -> DnsRecord:
    data = f"ns.dns.{ZONE} hostmaster.{ZONE} {SERIAL_BASE} 7200 1800 86400 {SOA_TTL}"
    return DnsRecord(ZONE, "SOA", data, SOA_TTL)
