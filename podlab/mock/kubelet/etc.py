"""The files of /etc that the kubelet writes for each pod: hosts, resolv.conf, hostname."""

from typing import Any, Final

Obj = dict[str, Any]

CLUSTER_DOMAIN: Final = "cluster.local"
HOSTS: Final = """\
# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
"""
NODE_HOSTS: Final = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
ALIASES: Final = "\n# Entries added by HostAliases.\n"
HOSTNAME_MAX: Final = 63


def hostname(pod: Obj) -> str:
    """The host name of a pod, cut to 63 characters."""
    spec = pod["spec"]
    if override := spec.get("hostnameOverride"):
        return str(override)
    name: str = spec.get("hostname") or pod["metadata"]["name"]
    short = name[:HOSTNAME_MAX].rstrip("-.")
    if spec.get("setHostnameAsFQDN") and (domain := subdomain(pod)):
        return f"{short}.{domain}"
    return short


def subdomain(pod: Obj) -> str:
    """The domain that a pod with ``spec.subdomain`` stands in; empty without one."""
    name = pod["spec"].get("subdomain")
    return f"{name}.{pod['metadata']['namespace']}.svc.{CLUSTER_DOMAIN}" if name else ""


def hosts(pod: Obj, ip: str, node_name: str) -> str:
    """/etc/hosts."""
    spec = pod["spec"]
    if spec.get("hostNetwork"):
        text = f"# Kubernetes-managed hosts file (host network).\n{NODE_HOSTS}127.0.1.1\t{node_name}\n"
    else:
        name = hostname(pod)
        domain = subdomain(pod)
        names = f"{name}.{domain}\t{name}" if domain and not name.endswith(domain) else name
        text = f"{HOSTS}{ip}\t{names}\n"
    aliases = spec.get("hostAliases") or ()
    if aliases:
        text += ALIASES + "".join(f"{each['ip']}\t{chr(9).join(each.get('hostnames') or ())}\n" for each in aliases)
    return text


def resolv_conf(pod: Obj, dns_address: str) -> str:
    """/etc/resolv.conf, by ``dnsPolicy`` and ``dnsConfig``."""
    spec = pod["spec"]
    namespace = pod["metadata"]["namespace"]
    policy = spec.get("dnsPolicy", "ClusterFirst")
    searches: list[str] = []
    servers: list[str] = []
    options: dict[str, str | None] = {}
    if policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not spec.get("hostNetwork")):
        searches = [f"{namespace}.svc.{CLUSTER_DOMAIN}", f"svc.{CLUSTER_DOMAIN}", CLUSTER_DOMAIN]
        servers, options = [dns_address], {"ndots": "5"}
    config = spec.get("dnsConfig") or {}
    servers = _merged(servers, config.get("nameservers"))
    searches = _merged(searches, config.get("searches"))
    options.update({each["name"]: each.get("value") for each in config.get("options") or ()})
    lines = []
    if searches:
        lines.append("search " + " ".join(searches))
    lines += [f"nameserver {server}" for server in servers]
    if options:
        words = [name if value is None else f"{name}:{value}" for name, value in options.items()]
        lines.append("options " + " ".join(words))
    return "".join(line + "\n" for line in lines)


def _merged(first: list[str], more: list[str] | None) -> list[str]:
    return list(dict.fromkeys([*first, *(more or ())]))
