"""Capabilities of a process: those of a container that asks for none, and what it may do with them (capabilities(7))."""

import errno
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import unix_error

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore

NAMES: Final = (
    "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
    "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot",
    "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod",
    "lease",
    "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read",
)  # fmt: skip
"""By number, as far as busybox knows them; the kernel has three more."""
LAST: Final = 40
BOUNDING: Final = 0xA80425FB
"""What containerd lets a container have."""


@dataclass(frozen=True, slots=True)
class Privileges:
    """What children inherit, besides the user.

    Attributes:
        inheritable, ambient: One bit a capability.
        no_new: Whether programs give no more rights than there are (no_new_privs).
    """

    inheritable: int = 0
    ambient: int = 0
    no_new: bool = False


def permitted(proc: "ProcessCore") -> int:
    """What a process may do: all of it as root, nothing as anybody else."""
    return BOUNDING if proc.uid == 0 else 0


def ambient(proc: "ProcessCore") -> int:
    """What it passes on to every program."""
    return proc.privileges.ambient & permitted(proc)


def set_inheritable(proc: "ProcessCore", mask: int) -> None:
    """As capset(2). Raises OSError EPERM for what the process neither has nor had."""
    allowed = proc.privileges.inheritable | (BOUNDING if proc.uid == 0 else 0)
    if mask & ~allowed:
        raise unix_error(errno.EPERM)
    proc.privileges = replace(proc.privileges, inheritable=mask, ambient=proc.privileges.ambient & mask)


def set_ambient(proc: "ProcessCore", number: int, on: bool) -> None:
    """Raises or lowers one. Raises OSError EPERM for what is not both permitted and inheritable."""
    bit = 1 << number
    if on and not permitted(proc) & proc.privileges.inheritable & bit:
        raise unix_error(errno.EPERM)
    mask = proc.privileges.ambient
    proc.privileges = replace(proc.privileges, ambient=mask | bit if on else mask & ~bit)
