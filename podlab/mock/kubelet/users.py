"""Who a container runs as: its security context, its pod's, its image's user, and the image's /etc/passwd and /etc/group."""

from typing import Any, Final

from podlab.mock.kubelet.environment import ConfigError
from podlab.mock.kubelet.runtime.types import User
from podlab.mock.machine.inodes import Directory, File

Obj = dict[str, Any]

TABLE_MAX: Final = 1 << 20


def pod_format(pod: Obj) -> str:
    """A pod as the kubelet names it in messages: ``name_namespace(uid)``."""
    meta = pod["metadata"]
    return f"{meta['name']}_{meta['namespace']}({meta.get('uid', '')})"


def container_user(pod: Obj, container: Obj, image_user: str, root: Directory) -> tuple[User, str]:
    """Who the container's first process is, and its home directory. Raises ConfigError (``runAsNonRoot``)."""
    pod_context = pod["spec"].get("securityContext") or {}
    context = {**pod_context, **(container.get("securityContext") or {})}
    accounts = Accounts(root)
    name, _, image_group = image_user.partition(":")
    wanted = context.get("runAsUser")
    uid = accounts.uid(name) if wanted is None else int(wanted)
    if context.get("runAsNonRoot"):
        _check_not_root(pod, container, context, uid, name)
    if uid is None:
        raise ConfigError(f"unable to find user {name}: no matching entries in passwd file")
    gid = context.get("runAsGroup")
    if gid is None:
        gid = accounts.gid(image_group) if image_group and wanted is None else accounts.primary_group(uid)
    strict = pod_context.get("supplementalGroupsPolicy") == "Strict"
    groups = [int(gid), *(() if strict else accounts.groups(uid))]
    if pod_context.get("fsGroup") is not None:
        groups.append(int(pod_context["fsGroup"]))
    groups += [int(group) for group in pod_context.get("supplementalGroups") or ()]
    return User(uid, int(gid), tuple(dict.fromkeys(groups))), accounts.home(uid)


def _check_not_root(pod: Obj, container: Obj, context: Obj, uid: int | None, name: str) -> None:
    where = f'(pod: "{pod_format(pod)}", container: {container["name"]})'
    if context.get("runAsUser") == 0:
        raise ConfigError(f"container's runAsUser breaks non-root policy {where}")
    if context.get("runAsUser") is not None:
        return
    if name and not name.isdigit():
        raise ConfigError(
            f"container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {where}"
        )
    if uid == 0:
        raise ConfigError(f"container has runAsNonRoot and image will run as root {where}")


class Accounts:
    """/etc/passwd and /etc/group of an image."""

    def __init__(self, root: Directory) -> None:
        self._users = _table(root, "passwd")
        self._groups = _table(root, "group")

    def uid(self, name: str) -> int | None:
        """The number of a user by name or number; root for ``""``."""
        if not name:
            return 0
        if name.isdigit():
            return int(name)
        return next((int(row[2]) for row in self._users if row[0] == name), None)

    def gid(self, name: str) -> int:
        """The number of a group by name or number."""
        return int(name) if name.isdigit() else next((int(row[2]) for row in self._groups if row[0] == name), 0)

    def primary_group(self, uid: int) -> int:
        """The group of a user; 0 for one that is not listed."""
        return next((int(row[3]) for row in self._users if row[2] == str(uid)), 0)

    def groups(self, uid: int) -> list[int]:
        """The further groups that list a user."""
        names = {row[0] for row in self._users if row[2] == str(uid)}
        return [int(row[2]) for row in self._groups if names & set(row[3].split(","))]

    def home(self, uid: int) -> str:
        """The home directory of a user; ``/`` for one that is not listed."""
        return next((row[5] for row in self._users if row[2] == str(uid)), "/") or "/"


def _table(root: Directory, name: str) -> list[list[str]]:
    folder = root.lookup("etc")
    file = folder.lookup(name) if isinstance(folder, Directory) else None
    if not isinstance(file, File):
        return []
    lines = file.read(0, TABLE_MAX).decode(errors="replace").splitlines()
    width = 6 if name == "passwd" else 4
    rows = [line.split(":") for line in lines]
    return [row for row in rows if len(row) >= width and row[2].isdigit()]
