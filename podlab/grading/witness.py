"""Looking into a container that may not want to be seen: commands of checks, run by programs that it has no hand in.

A submission owns its containers. It may overwrite /bin/ls, mount a folder over /bin, set PATH. On the mock a witness brings the
image's programs along, and sees /proc and /sys as the kernel made them. A real cluster's exec knows no such thing: there, what
the pod's spec tells is looked at first, the shell is asked for by its place, and looks for programs in the image's folders alone.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from podlab.errors import Obj
from podlab.grading.results import Unmet
from podlab.lab import Lab
from podlab.lab.exec import ExecResult
from podlab.simulation import InProcessConnection

PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELL: Final = f"PATH={PATH}; unset ENV IFS; export PATH; "
FOLDERS: Final = ("/bin", "/sbin", "/usr", "/lib", "/lib64", "/proc", "/sys")
"""Where programs, what they are linked with, and what the kernel says of processes are found."""
LOADER: Final = "LD_"


def look(lab: Lab, pod: Obj, command: str | Sequence[str], container: str | None = None) -> ExecResult:
    """Runs a command in a container.

    Raises:
        APIError: It cannot be run there.
        Unmet: On a real cluster: the container's spec puts something in the place of its image's programs.
    """
    name = pod["metadata"]["name"]
    if isinstance(lab.api.connection, InProcessConnection):
        return lab.exec(name, command, container, witness=True)
    for doubt in doubts(lab.get(f"pod/{name}"), container):
        raise Unmet("a container with its image's own programs, which a check can trust", doubt)
    script, words = (command, []) if isinstance(command, str) else ('exec "$@"', list(command))
    return lab.exec(name, ["/bin/sh", "-c", SHELL + script, "sh", *words], container)


def doubts(pod: Obj, container: str | None) -> Iterator[str]:
    """By what in a pod's spec a container (each, if none is named) may run other programs than those of its image."""
    spec = pod["spec"]
    for one in [*spec["containers"], *(spec.get("initContainers") or [])]:
        if container not in (None, one["name"]):
            continue
        for mount in one.get("volumeMounts") or []:
            path = mount["mountPath"].rstrip("/") or "/"
            if any(f"{path}/".startswith(f"{folder}/") or folder.startswith(path.rstrip("/") + "/") for folder in FOLDERS):
                yield f"{one['name']} mounts {mount['name']} at {path}"
        for variable in one.get("env") or []:
            if variable["name"].startswith(LOADER):
                yield f"{one['name']} sets {variable['name']}"
