"""What a container is made of: its pod's spec, its image and its volumes, turned into a request to the runtime."""

import errno
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from podlab.mock.api.defaulting.resources import pod_resources
from podlab.mock.api.quantity import Quantity
from podlab.mock.kubelet.environment import ConfigError, Environment
from podlab.mock.kubelet.expansion import expand
from podlab.mock.kubelet.oom import oom_score_adj
from podlab.mock.kubelet.runtime.container import ContainerRequest
from podlab.mock.kubelet.runtime.sandbox import Sandbox
from podlab.mock.kubelet.users import container_user
from podlab.mock.kubelet.volumes.manager import Volume
from podlab.mock.machine.container import ContainerConfig
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode, Symlink
from podlab.mock.machine.mounts import Mount
from podlab.mock.machine.namespaces import PidNamespace
from podlab.mock.machine.signals import NUMBERS, SIGTERM
from podlab.mock.programs.images import Image

Obj = dict[str, Any]

MAX_LINKS: Final = 40
DEFAULT_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(slots=True)
class PodFiles:
    """Files that all containers of a pod share: /etc/hosts and its like, and /dev/shm."""

    fs: FileSystem
    hosts: File
    resolv_conf: File
    hostname: File
    shm: Directory

    def mounts(self) -> list[Mount]:
        """Where they are mounted."""
        return [
            Mount("/etc/hosts", self.hosts, source="/dev/vda1"),
            Mount("/etc/hostname", self.hostname, source="/dev/vda1"),
            Mount("/etc/resolv.conf", self.resolv_conf, source="/dev/vda1"),
            Mount("/dev/shm", self.shm, source="shm"),
        ]

    def free(self) -> None:
        """Gives back what they hold."""
        for fs in (self.fs, self.shm.fs):
            fs.reserve(-fs.used_bytes)


def pod_files(fs: FileSystem, shm: FileSystem, hosts: str, resolv_conf: str, hostname: str) -> PodFiles:
    """Makes a pod's shared files."""
    texts = (hosts, resolv_conf, f"{hostname}\n")
    first, second, third = (File(fs, 0o644, content=text.encode()) for text in texts)
    return PodFiles(fs, first, second, third, Directory(shm, 0o1777))


@dataclass(slots=True)
class ConfigInput:
    """What a container's request is made from.

    Attributes:
        environment: Of the container, without the image's.
        volumes: The pod's, by name.
        memory_bytes: Of the node.
        target: The process namespace of the container that an ephemeral one looks into.
    """

    pod: Obj
    container: Obj
    image: Image
    attempt: int
    sandbox: Sandbox
    files: PodFiles
    environment: Environment
    volumes: Mapping[str, Volume]
    memory_bytes: int
    target: PidNamespace | None = None


def container_request(made_from: ConfigInput) -> ContainerRequest:
    """The request for a container. Raises ConfigError."""
    pod, container, image = made_from.pod, made_from.container, made_from.image
    user, home = container_user(pod, container, image.user, image.root)
    message_file = File(made_from.files.fs, 0o666)
    stop, stop_name = _stop_signal(container)
    config = ContainerConfig(
        name=f"{pod['metadata']['namespace']}/{pod['metadata']['name']}/{container['name']}",
        image_root=image.root,
        argv=_argv(container, image, made_from.environment),
        env=_environment(made_from, home),
        cwd=container.get("workingDir") or image.working_dir or "/",
        uid=user.uid,
        gid=user.gid,
        groups=user.groups,
        mounts=_mounts(made_from, message_file),
        net=made_from.sandbox.net,
        uts=made_from.sandbox.uts,
        ipc=made_from.sandbox.ipc,
        pid_namespace=made_from.target or made_from.sandbox.processes,
        read_only_root=bool((container.get("securityContext") or {}).get("readOnlyRootFilesystem")),
        memory_bytes=_limit(pod, container, "memory", lambda amount: amount.value),
        cpu_millicores=_limit(pod, container, "cpu", lambda amount: amount.millis),
        oom_score_adj=oom_score_adj(pod, container, made_from.memory_bytes),
        tty=bool(container.get("tty")),
    )
    return ContainerRequest(
        name=container["name"],
        attempt=made_from.attempt,
        image=image.name,
        image_id=image.digest,
        named_image=container["image"],
        config=config,
        user=user,
        stdin=bool(container.get("stdin")),
        stdin_once=bool(container.get("stdinOnce")),
        tty=bool(container.get("tty")),
        stop_signal=stop,
        stop_signal_name=stop_name,
        message_file=message_file,
        fallback_to_logs=container.get("terminationMessagePolicy") == "FallbackToLogsOnError",
    )


def _argv(container: Obj, image: Image, environment: Environment) -> list[str]:
    command = [expand(word, environment) for word in container.get("command") or ()]
    args = [expand(word, environment) for word in container.get("args") or ()]
    if not command:
        command = list(image.entrypoint)
        args = args or list(image.cmd)
    argv = command + args
    if not argv:
        raise ConfigError(
            f'failed to generate container "{container["name"]}" spec: failed to generate spec: no command specified'
        )
    return argv


def _environment(made_from: ConfigInput, home: str) -> Environment:
    environment = {"PATH": DEFAULT_PATH, **made_from.image.env}
    environment["HOSTNAME"] = made_from.sandbox.uts.hostname
    if made_from.container.get("tty"):
        environment["TERM"] = "xterm"
    environment.update(made_from.environment)
    environment.setdefault("HOME", home)
    return environment


def _limit(pod: Obj, container: Obj, resource: str, read: Any) -> int | None:
    """A container's limit: its own, or that of the pod as a whole."""
    limits = [((holder.get("resources") or {}).get("limits") or {}) for holder in (container, pod["spec"])]
    text = next((each[resource] for each in limits if resource in each), None)
    if text is None:
        return None
    amount = int(read(Quantity.parse(text)))
    return amount or None


def memory_limit(spec: Obj) -> int | None:
    """The bytes that a pod may take as a whole: its own limit, or the sum when each of its containers has one."""
    holders = [*(spec.get("initContainers") or ()), *spec["containers"]]
    stated = "memory" in ((spec.get("resources") or {}).get("limits") or {})
    if not stated and not all("memory" in ((each.get("resources") or {}).get("limits") or {}) for each in holders):
        return None
    return pod_resources(spec, "limits")["memory"].value or None


def _stop_signal(container: Obj) -> tuple[int, str]:
    name = (container.get("lifecycle") or {}).get("stopSignal") or ""
    if not name:
        return SIGTERM, ""
    number = NUMBERS.get(name.removeprefix("SIG"))
    if number is None:
        raise ConfigError(f"podlab does not model the stop signal {name}")
    return number, name


def _mounts(made_from: ConfigInput, message_file: File) -> list[Mount]:
    container = made_from.container
    taken = {mount["mountPath"].rstrip("/") or "/" for mount in container.get("volumeMounts") or ()}
    mounts = [mount for mount in made_from.files.mounts() if mount.path not in taken]
    path = container.get("terminationMessagePath") or "/dev/termination-log"
    mounts.append(Mount(path, message_file, source="/dev/vda1"))
    for wanted in container.get("volumeMounts") or ():
        volume = made_from.volumes.get(wanted["name"])
        if volume is None:
            raise ConfigError(f'cannot find volume "{wanted["name"]}" to mount into container "{container["name"]}"')
        root = _sub_path(made_from, wanted, volume)
        target = wanted["mountPath"].rstrip("/") or "/"
        target = target if target.startswith("/") else f"/{target}"
        mounts.append(Mount(target, root, bool(wanted.get("readOnly")) or volume.read_only, volume.source))
    return mounts


def _sub_path(made_from: ConfigInput, wanted: Obj, volume: Volume) -> Inode:
    path = wanted.get("subPath") or expand(wanted.get("subPathExpr") or "", made_from.environment)
    if not path:
        return volume.root
    try:
        found = _walk(volume.root, path)
    except OSError as error:
        name = made_from.container["name"]
        raise ConfigError(f'failed to prepare subPath for volumeMount "{wanted["name"]}" of container "{name}"') from error
    if isinstance(found, File):
        found.open_count += 1  # what is mounted keeps its bytes when the volume has a newer file of that name
    return found


def _walk(root: Inode, path: str) -> Inode:
    """What stands at a path below a volume's root; directories are made with its mode, links are followed inside."""
    here: list[Inode] = [root]
    todo = path.split("/")[::-1]
    links = 0
    while todo:
        name = todo.pop()
        folder = here[-1]
        if name in ("", "."):
            continue
        if not isinstance(folder, Directory) or (name == ".." and len(here) == 1):
            raise OSError(errno.ENOTDIR, "not a directory")
        if name == "..":
            here.pop()
            continue
        child = folder.lookup(name)
        if isinstance(child, Symlink):
            links += 1
            if links > MAX_LINKS or child.target.startswith("/"):
                raise OSError(errno.ELOOP, "too many links")
            todo.extend(child.target.split("/")[::-1])
            continue
        if child is None:
            child = Directory(folder.fs, root.mode & 0o7777, gid=folder.gid if folder.mode & stat.S_ISGID else 0)
            folder.link(name, child)
        here.append(child)
    return here[-1]


@dataclass(frozen=True, slots=True)
class PodNetwork:
    """A pod's addresses: its own (none before its sandbox is made) and the node's."""

    host_ip: str
    pod_ips: tuple[str, ...] = field(default=())

    def facts(self) -> dict[str, list[str]]:
        """As the downward API asks for them."""
        return {"hostIPs": [self.host_ip], "podIPs": list(self.pod_ips)}
