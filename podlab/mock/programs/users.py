"""Users and groups as /etc/passwd and /etc/group of the container name them."""

from dataclasses import dataclass

from podlab.mock.machine.process import Process
from podlab.mock.programs.streams import to_text


@dataclass(frozen=True, slots=True)
class User:
    """A line of /etc/passwd."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str


@dataclass(frozen=True, slots=True)
class Group:
    """A line of /etc/group."""

    name: str
    gid: int
    members: tuple[str, ...]


class Accounts:
    """All users and groups. Made by `read_accounts`."""

    def __init__(self, users: list[User], groups: list[Group]) -> None:
        self.users = users
        self.groups = groups
        self._user_names = {user.uid: user.name for user in reversed(users)}
        self._group_names = {group.gid: group.name for group in reversed(groups)}

    def user_name(self, uid: int) -> str:
        """The name of a user, or the number when there is none."""
        return self._user_names.get(uid, str(uid))

    def group_name(self, gid: int) -> str:
        """The name of a group, or the number when there is none."""
        return self._group_names.get(gid, str(gid))

    def known_user(self, uid: int) -> str | None:
        """The name of a user, or None."""
        return self._user_names.get(uid)

    def known_group(self, gid: int) -> str | None:
        """The name of a group, or None."""
        return self._group_names.get(gid)

    def user(self, name: str) -> User | None:
        """The user of that name."""
        return next((user for user in self.users if user.name == name), None)

    def user_of(self, uid: int) -> User | None:
        """The user of that number."""
        return next((user for user in self.users if user.uid == uid), None)

    def group(self, name: str) -> Group | None:
        """The group of that name."""
        return next((group for group in self.groups if group.name == name), None)

    def groups_of(self, name: str, gid: int) -> list[int]:
        """The groups of a user whose first one is `gid`, as getgrouplist(3) gives them."""
        return [gid, *(group.gid for group in self.groups if name in group.members and group.gid != gid)]


async def read_file(proc: Process, path: str) -> bytes:
    """All of a small file; empty when it cannot be read."""
    try:
        fd = await proc.open(path)
    except OSError:
        return b""
    try:
        return await proc.read_all(fd)
    except OSError:
        return b""
    finally:
        proc.close(fd)


async def read_accounts(proc: Process) -> Accounts:
    """Reads /etc/passwd and /etc/group; lines that are none are left out."""
    users = []
    for line in to_text(await read_file(proc, "/etc/passwd")).splitlines():
        fields = line.split(":")
        if len(fields) == 7 and fields[2].isdigit() and fields[3].isdigit():
            users.append(User(fields[0], int(fields[2]), int(fields[3]), fields[5], fields[6]))
    groups = []
    for line in to_text(await read_file(proc, "/etc/group")).splitlines():
        fields = line.split(":")
        if len(fields) == 4 and fields[2].isdigit():
            groups.append(Group(fields[0], int(fields[2]), tuple(filter(None, fields[3].split(",")))))
    return Accounts(users, groups)
