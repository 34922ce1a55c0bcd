"""Container engines that kind and minikube stand on: is Docker or Podman there, does it answer, has it room enough?"""

import ipaddress
import json
import os
import platform
import shutil
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podlab.clusters import tools
from podlab.clusters.mends import RAISE_INOTIFY, mend_for
from podlab.errors import ToolError

GIB = 1024**3
MEMORY_BYTES = 2 * GIB
DISK_BYTES = 6 * GIB
ENGINES = ("docker", "podman")
CONTROLLERS = ("cpu", "memory", "pids")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
INOTIFY = Path("/proc/sys/fs/inotify/max_user_instances")
FEW_INSTANCES = 256
DELEGATED = "systemd-run --scope --user -p Delegate=yes podlab up --on kind"
MINIKUBE_NETWORK = "192.168.49.0/24"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that answers.

    Attributes:
        name: `docker` or `podman`.
        version: of its server.
        cpus: how many it may use.
        memory_bytes: how much it may use.
        cgroup_version: 1 or 2.
        rootless: does it run without root's rights?
        architecture: of its images, in Docker's words, such as `amd64`; empty if it does not say.
        root: the folder that its images are in; empty if it does not say.
        lacks: cgroup controllers that it was not given, of those that a cluster needs.
        windows: does it run Windows' containers?
    """

    name: str
    version: str
    cpus: int
    memory_bytes: int
    cgroup_version: int
    rootless: bool
    architecture: str = ""
    root: str = ""
    lacks: tuple[str, ...] = ()
    windows: bool = False


def find_engine() -> tuple[Engine | None, list[tuple[str, str]]]:
    """The first engine that answers, or why none does: what is wrong and how to mend it, for each."""
    problems = []
    for name in ENGINES:
        if tools.find(name) is None:
            continue
        engine, problem = _ask(name)
        if engine:
            return engine, []
        problems.append(problem)
    return None, problems or [
        ("neither Docker nor Podman is installed", "install Docker (docs.docker.com/get-docker) or Podman (podman.io)")
    ]


def obstacles(tool: str, advice: str) -> list[tuple[str, str]]:
    """What is in the way of a cluster with `tool` on this machine, each with a mend; empty if nothing is."""
    found = [] if tools.find(tool) else [(f"{tool} is not installed", advice)]
    engine, problems = find_engine()
    found += problems
    if engine:
        found += shortages(engine)
    return found


def shortages(engine: Engine) -> list[tuple[str, str]]:
    """What the engine has too little of."""
    found = []
    if engine.memory_bytes < MEMORY_BYTES:
        has = f"{engine.name} may use {engine.memory_bytes / GIB:.1f} GiB of memory, a cluster wants {MEMORY_BYTES / GIB:.0f} GiB"
        found.append((has, "give it more in Docker Desktop's settings (Resources), or close what takes memory"))
    if engine.cpus < 2:
        found.append((f"{engine.name} may use {engine.cpus} processor, a cluster wants 2", "give it more in its settings"))
    free_bytes = shutil.disk_usage(engine.root if engine.root and os.path.isdir(engine.root) else Path.home()).free
    if free_bytes < DISK_BYTES:
        found.append(
            (
                f"{free_bytes / GIB:.1f} GiB of disk are free, a cluster wants {DISK_BYTES / GIB:.0f} GiB",
                f"make room, for example with `{engine.name} system prune`",
            )
        )
    if engine.rootless and engine.cgroup_version == 1:
        found.append(
            (
                f"{engine.name} runs without root's rights on cgroups version 1",
                "switch the machine to cgroups version 2, or run the engine as root",
            )
        )
    if engine.lacks:
        found.append(
            (
                f"{engine.name} may not share out {' and '.join(engine.lacks)} (cgroup controllers are not delegated to you)",
                f"start it so: `{DELEGATED}`, or see kind.sigs.k8s.io/docs/user/rootless",
            )
        )
    if engine.windows:
        found.append(("docker runs Windows' containers", "choose `Switch to Linux containers` in Docker Desktop's menu"))
    return found


def want_enough(engine: Engine, tool: str) -> None:
    """Do not begin what cannot end well.

    Raises:
        ToolError: the engine has too little of something.
    """
    lacking = shortages(engine)
    if lacking:
        problems, mends = zip(*lacking, strict=True)
        raise ToolError(f"{tool} would not get far: {'; '.join(problems)}.", "; ".join(mends))


def notes(engine: Engine) -> list[str]:
    """What is worth knowing though it is in nobody's way."""
    memory = f"{engine.memory_bytes / GIB:.1f} GiB"
    said = [f"{engine.name} {engine.version}, {engine.cpus} processors, {memory}, cgroups v{engine.cgroup_version}"]
    if engine.cgroup_version == 1:
        said.append("cgroups v1 are on their way out: Kubernetes 1.35 and later do not start on them unless told to")
    release = platform.release()
    if "microsoft-standard" in release:
        said.append("this is WSL 2: what a cluster may use is set in `.wslconfig` on the Windows side (memory=, processors=)")
    elif release.endswith("Microsoft"):
        said.append("this is WSL 1, where no container engine runs: `wsl --set-version DISTRIBUTION 2` makes it WSL 2")
    if os.environ.get("DOCKER_HOST", "").startswith(("tcp://", "ssh://")):
        said.append(
            f"the engine runs on another machine ({os.environ['DOCKER_HOST']}): the cluster's API may not be reached from here"
        )
    return said + _few_inotify_instances()


def proxy_notes(network: str = MINIKUBE_NETWORK) -> list[str]:
    """What a proxy needs to be told, where one is set and the cluster has an address in `network`."""
    if "https" not in urllib.request.getproxies():
        return []
    address = str(ipaddress.ip_network(network)[2])
    exempt = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    if network in exempt or urllib.request.proxy_bypass(address):
        return []
    return [f"a proxy is set (HTTPS_PROXY), which would be asked for the cluster: add {network} to NO_PROXY"]


def _few_inotify_instances() -> list[str]:
    try:
        instances = int(INOTIFY.read_text("ascii"))
    except (OSError, ValueError):
        return []
    if instances >= FEW_INSTANCES:
        return []
    return [f"few files can be watched here ({instances} inotify instances); if the cluster does not come up: {RAISE_INOTIFY}"]


def _ask(name: str) -> tuple[Engine | None, tuple[str, str]]:
    try:
        outcome = tools.run([name, "info", "--format", "{{json .}}"])
        info = json.loads(outcome.stdout) if outcome.ok else {}
    except ToolError as error:
        return None, (error.message, error.hint or f"restart {name}")
    except ValueError:
        info = {}
    engine = _docker(info) if name == "docker" else _podman(info)
    if engine:
        return engine, ("", "")
    lines = [*info.get("ServerErrors", []), *reversed(outcome.output.splitlines())]
    said = next((line for line in lines if line.strip()), "no answer")
    return None, (f"{name} does not answer: {said.strip()[:200]}", mend_for(said) or f"start {name}")


def _docker(info: dict[str, Any]) -> Engine | None:
    if not info.get("ServerVersion"):
        return None
    options = info.get("SecurityOptions") or []
    architecture = str(info.get("Architecture") or "")
    return Engine(
        "docker",
        str(info["ServerVersion"]),
        _number(info.get("NCPU")),
        _number(info.get("MemTotal")),
        1 if info.get("CgroupVersion") == "1" else 2,
        any("rootless" in str(option) for option in options),
        ARCHITECTURES.get(architecture, architecture),
        str(info.get("DockerRootDir") or ""),
        windows=info.get("OSType") == "windows",
    )


def _podman(info: dict[str, Any]) -> Engine | None:
    host, version = info.get("host"), info.get("version")
    if not isinstance(host, dict) or not isinstance(version, dict):
        return None
    rootless = bool((host.get("security") or {}).get("rootless"))
    controllers = host.get("cgroupControllers")
    lacks = tuple(name for name in CONTROLLERS if name not in controllers) if rootless and isinstance(controllers, list) else ()
    return Engine(
        "podman",
        str(version.get("Version")),
        _number(host.get("cpus")),
        _number(host.get("memTotal")),
        1 if host.get("cgroupVersion") == "v1" else 2,
        rootless,
        str(host.get("arch") or ""),
        str((info.get("store") or {}).get("graphRoot") or ""),
        lacks,
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
