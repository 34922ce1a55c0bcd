"""/proc/PID/mounts and mountinfo: what is mounted where."""

from typing import TYPE_CHECKING

from podlab.mock.machine.mounts import Mount

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process


def _escaped(path: str) -> str:
    return path.replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012")


def _ordered(process: "Process") -> list[Mount]:
    """The mounts, a directory before what is mounted in it."""
    return sorted(process.mounts.mounts.values(), key=lambda mount: mount.path != "/")


def _flags(mount: Mount) -> str:
    mode = "ro" if mount.read_only else "rw"
    options = [option for option in mount.options.split(",") if option and "=" not in option]
    return ",".join([mode, *(options or ["relatime"])])


def _super_options(mount: Mount) -> str:
    options = [option for option in mount.options.split(",") if "=" in option]
    if mount.fs.kind == "tmpfs" and not options and mount.fs.size_bytes is not None:
        options = [f"size={mount.fs.size_bytes // 1024}k"]
    return ",".join(["rw", *options])


def mounts(process: "Process") -> str:
    """Lines of device, path, type, options, as /proc/mounts has them."""
    lines = []
    for mount in _ordered(process):
        options = ",".join([_flags(mount), *_super_options(mount).split(",")[1:]])
        lines.append(f"{_escaped(mount.source)} {_escaped(mount.path)} {mount.fs.kind} {options} 0 0\n")
    return "".join(lines)


def mountinfo(process: "Process") -> str:
    """Lines as in proc_pid_mountinfo(5)."""
    ordered = _ordered(process)
    numbers = {mount.path: 600 + index for index, mount in enumerate(ordered)}
    lines = []
    for mount in ordered:
        above = process.mounts.mount_of(mount.path.rpartition("/")[0] or "/")
        parent = numbers[above.path] if mount.path != "/" else 500
        lines.append(
            f"{numbers[mount.path]} {parent} 0:{numbers[mount.path] - 550} / {_escaped(mount.path)} {_flags(mount)} - "
            f"{mount.fs.kind} {_escaped(mount.source)} {_super_options(mount)}\n"
        )
    return "".join(lines)
