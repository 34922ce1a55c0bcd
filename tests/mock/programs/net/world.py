"""A pod in which the scripts run: a container of busybox' image with an address, hosts, a resolver's file and a name server."""

import re
from pathlib import Path

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.inodes import File
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.network import DnsAnswer, DnsRecord
from podlab.mock.machine.node import Machine
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.images import ImageRegistry
from tests.mock.programs.net import peers

SCRIPTS = Path(__file__).parent / "scripts"
POD = "10.244.0.5"
NAME_SERVER = "10.96.0.10"
HOSTS = f"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n{POD}\tweb\n"
RESOLV = f"nameserver {NAME_SERVER}\nsearch default.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n"
SOA = DnsRecord("cluster.local", "SOA", "ns.dns.cluster.local hostmaster.cluster.local 1785312000 7200 1800 86400 30")
ZONES: dict[str, dict[str, list[str]]] = {
    "web.default.svc.cluster.local": {"A": ["10.96.0.20"]},
    "multi.default.svc.cluster.local": {"A": ["10.244.0.5", "10.244.0.6"]},
    "_http._tcp.web.default.svc.cluster.local": {"SRV": ["0 100 80 web.default.svc.cluster.local"]},
    "20.0.96.10.in-addr.arpa": {"PTR": ["web.default.svc.cluster.local"]},
    "5.0.244.10.in-addr.arpa": {"PTR": ["10-244-0-5.web.default.svc.cluster.local", "other.default.svc.cluster.local"]},
    "only6.test": {"AAAA": ["::5"]},
    peers.NAME: {"A": [peers.ADDRESS]},
    "example.com": {
        "A": ["93.184.216.34"],
        "AAAA": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
        "MX": ["10 mail.example.com"],
        "TXT": ["v=spf1 -all"],
        "NS": ["a.iana-servers.net"],
        "SOA": ["ns.icann.org noc.dns.icann.org 2024 7200 3600 1209600 3600"],
    },
}
RCODES = {"fail.test": 2, "refused.test": 5, "empty.test": 0}
_BUILT = re.compile(r"\(20\d\d-\d\d-\d\d [0-9:]* UTC\)")
_PORT = re.compile(r"((?:127\.0\.0\.\d|::1|10\.244\.0\.5)\]?):(?:3[2-9]\d{3}|[45]\d{4}|60\d{3})\b")
_DATE = re.compile(r"\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT")
_ETAG = re.compile(r'ETag: "[0-9a-f]+')
_VARIABLES = re.compile(r"^(?:SHLVL|OLDPWD|_)=.*\n", re.M)


def answer(name: str, qtype: str) -> DnsAnswer:
    """What the name server says."""
    authoritative = name.endswith(("cluster.local", "in-addr.arpa"))
    if name == "cname.test":
        records = [DnsRecord("example.com", qtype, data) for data in ZONES["example.com"].get(qtype, [])]
        return DnsAnswer(records=[DnsRecord(name, "CNAME", "example.com"), *records], authoritative=False)
    if name in RCODES:
        return DnsAnswer(RCODES[name], authoritative=False)
    if name not in ZONES:
        return DnsAnswer(3, authority=[SOA], authoritative=authoritative)
    kinds = ZONES[name] if qtype == "ANY" else [qtype]
    records = [DnsRecord(name, kind, data) for kind in kinds for data in ZONES[name].get(kind, [])]
    return DnsAnswer(0, records, authoritative=authoritative)


def normalized(text: str) -> str:
    """Output without what differs from run to run: dates, ephemeral ports, the depth of shells."""
    for pattern, replacement in (
        (_BUILT, "(BUILT)"),
        (_PORT, r"\1:PORT"),
        (_DATE, "DATE"),
        (_ETAG, 'ETag: "TIME'),
        (_VARIABLES, ""),
    ):
        text = pattern.sub(replacement, text)
    return re.sub(r"REMOTE_PORT=\d+", "REMOTE_PORT=PORT", text)


class Pod:
    """A running script and what it prints."""

    def __init__(self, script: str) -> None:
        self.kernel = Kernel()
        self.machine = Machine(self.kernel, {"busybox": busybox})
        self.machine.network.dns = answer
        if peers.NAME in script or peers.ADDRESS in script:
            peers.attach(self.machine.network)
        image = ImageRegistry(self.kernel).lookup("busybox:1.37")
        assert image is not None
        volume = self.machine.volume_fs()
        files = {"/etc/hosts": HOSTS, "/etc/resolv.conf": RESOLV, "/tmp/script": script}
        mounts = [Mount(path, File(volume, content=text.encode(errors="surrogateescape"))) for path, text in files.items()]
        config = ContainerConfig(
            "pod",
            image.root,
            ["/bin/sh", "-c", "exec 2>&1; . /tmp/script"],
            {"PATH": "/bin", "HOME": "/root"},
            mounts=mounts,
            net=self.machine.network.namespace(POD),
            hostname="web",
        )
        self.container: Container = self.machine.create(config)
        self.output = bytearray()
        sink = Sink(self.output.extend)
        self.container.start(None, sink, sink)

    def run(self, seconds: int = 600) -> str:
        """Runs it to its end. Returns what it printed."""
        ended = self.kernel.run_until(seconds * SECOND, lambda: self.container.exit_code is not None)
        assert ended, f"still running after {seconds} s: {self.output[-2000:]!r}"
        if self.machine.crashes:
            raise self.machine.crashes[0][1]
        return self.output.decode(errors="surrogateescape")
