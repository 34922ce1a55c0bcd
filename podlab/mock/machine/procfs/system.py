"""What /proc tells of the whole machine, and /sys."""

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.procfs.nodes import Text, tree

if TYPE_CHECKING:
    from podlab.mock.machine.namespaces import Cgroup

RELEASE: Final = "6.12.0-podlab"
VERSION: Final = "#1 SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026"
ARCHITECTURE: Final = "x86_64"
FILE_SYSTEMS: Final = "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\tdevpts\n"
FILE_SYSTEMS_MORE: Final = "\text4\nnodev\toverlay\nnodev\tmqueue\n"
CONTROLLERS: Final = "cpuset cpu io memory hugetlb pids rdma misc"
FLAGS: Final = "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm"
CPU_PERIOD_US: Final = 100_000


def _running(proc: ProcessCore) -> int:
    return max(1, sum(1 for each in proc.machine.cgroup.processes.values() if each.kernel.current is each.task))


def _load(proc: ProcessCore) -> str:
    group = proc.machine.cgroup
    return f"0.00 0.00 0.00 {_running(proc)}/{len(group.processes)} {proc.pid_namespace.last_pid}\n"


def _uptime(proc: ProcessCore) -> str:
    now = proc.kernel.now_ns
    idle = now * proc.machine.processors - proc.machine.cgroup.cpu_ns
    return f"{now // SECOND}.{now % SECOND // 10_000_000:02} {idle // SECOND}.{idle % SECOND // 10_000_000:02}\n"


def _meminfo(proc: ProcessCore) -> str:
    total = proc.machine.ram_bytes // 1024
    used = (1_500_000_000 + proc.machine.cgroup.memory_used) // 1024
    cached = proc.machine.disk.used_bytes // 1024 + 800_000
    sizes = {
        "MemTotal": total,
        "MemFree": total - used - cached,
        "MemAvailable": total - used,
        "Buffers": 40_000,
        "Cached": cached,
        "SwapCached": 0,
        "Active": used // 2,
        "Inactive": cached,
        "SwapTotal": 0,
        "SwapFree": 0,
        "Dirty": 0,
        "Writeback": 0,
        "AnonPages": used,
        "Mapped": 200_000,
        "Shmem": 2_000,
        "Slab": 100_000,
        "SReclaimable": 60_000,
        "SUnreclaim": 40_000,
        "CommitLimit": total // 2,
        "Committed_AS": used,
        "HugePages_Total": None,
        "Hugepagesize": 2048,
    }
    return "".join(
        f"{name + ':':<15} {size:8} kB\n" if size is not None else f"{name + ':':<15} {0:8}\n" for name, size in sizes.items()
    )


def _cpuinfo(proc: ProcessCore) -> str:
    count = proc.machine.processors
    lines = []
    for index in range(count):
        fields = {
            "processor": index,
            "vendor_id": "GenuineIntel",
            "cpu family": 6,
            "model": 85,
            "model name": "podlab simulated processor",
            "stepping": 7,
            "cpu MHz": "2500.000",
            "cache size": "36608 KB",
            "physical id": 0,
            "siblings": count,
            "core id": index,
            "cpu cores": count,
            "fpu": "yes",
            "flags": FLAGS,
            "bogomips": "5000.00",
        }
        lines += [f"{name}{chr(9) * (2 if len(name) < 8 else 1)}: {value}" for name, value in fields.items()]
        lines.append("")
    return "\n".join(lines) + "\n"


def _stat(proc: ProcessCore) -> str:
    machine = proc.machine
    user, all_ticks = machine.cgroup.cpu_ns // 10_000_000, proc.kernel.now_ns // 10_000_000
    count = machine.processors
    lines = [f"cpu  {user} 0 0 {max(0, all_ticks * count - user)} 0 0 0 0 0 0"]
    lines += [f"cpu{index} {user // count} 0 0 {max(0, all_ticks - user // count)} 0 0 0 0 0 0" for index in range(count)]
    lines += [
        f"intr {sum(_timer_interrupts(proc))}",
        f"ctxt {proc.kernel.now_ns // 1_000_000}",
        f"btime {proc.kernel.boot_epoch_ns // SECOND}",
        f"processes {proc.pid_namespace.last_pid}",
        f"procs_running {_running(proc)}",
        "procs_blocked 0",
    ]
    return "\n".join(lines) + "\n"


def _timer_interrupts(proc: ProcessCore) -> list[int]:
    """What each processor's timer has interrupted: 250 times a busy second, and ten times an idle one."""
    count = proc.machine.processors
    each = proc.machine.cgroup.cpu_ns // count * 250 // SECOND + proc.kernel.now_ns * 10 // SECOND
    return [each] * count


def _interrupts(proc: ProcessCore) -> str:
    counts = _timer_interrupts(proc)
    heads = "".join(f"CPU{index:<8d}" for index in range(len(counts)))
    return f"            {heads}\n LOC: {''.join(f'{count:10d} ' for count in counts)}  Local timer interrupts\n"


def _soft_interrupts(proc: ProcessCore) -> str:
    counts = _timer_interrupts(proc)
    lines = ["                    " + "".join(f"CPU{index:<8d}" for index in range(len(counts)))]
    for name in ("HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"):
        shown = counts if name == "TIMER" else [0] * len(counts)
        lines.append(f"{name:>12}:" + "".join(f"{count:11d}" for count in shown))
    return "\n".join(lines) + "\n"


def _disks(proc: ProcessCore) -> str:
    """The node's disk: what is written goes there at once, what is read was in memory."""
    disk = proc.machine.disk
    return f" 254       0 vda 0 0 0 0 {disk.writes} 0 {disk.written_bytes // 512} 0 0 0 0 0 0 0 0 0 0\n"


def _open_files(proc: ProcessCore) -> str:
    opened = {id(file) for process in proc.machine.cgroup.processes.values() for file in process.fds.values()}
    return f"{len(opened)}\t0\t9223372036854775807\n"


def _uuid(proc: ProcessCore) -> str:
    return f"{uuid.UUID(bytes=proc.kernel.random('uuid').randbytes(16), version=4)}\n"


def _boot_id(proc: ProcessCore) -> str:
    return f"{uuid.uuid5(uuid.NAMESPACE_OID, f'podlab/{proc.kernel.seed}')}\n"


def _cgroups(proc: ProcessCore) -> str:
    lines = [f"{name}\t0\t{len(proc.machine.cgroup.processes)}\t1" for name in CONTROLLERS.split()]
    return "#subsys_name\thierarchy\tnum_cgroups\tenabled\n" + "\n".join(lines) + "\n"


def constant(text: str) -> Text:
    """A text that never changes."""
    return lambda proc: text


KERNEL: Final[Mapping[str, Text]] = {
    "domainname": lambda proc: f"{proc.uts.domain}\n",
    "hostname": lambda proc: f"{proc.uts.hostname}\n",
    "osrelease": constant(f"{RELEASE}\n"),
    "ostype": constant("Linux\n"),
    "pid_max": constant("4194304\n"),
    "threads-max": constant("127404\n"),
    "version": constant(f"{VERSION}\n"),
    "ngroups_max": constant("65536\n"),
    "cap_last_cap": constant("40\n"),
}
RANDOM: Final[Mapping[str, Text]] = {
    "boot_id": _boot_id,
    "entropy_avail": constant("256\n"),
    "poolsize": constant("256\n"),
    "uuid": _uuid,
}
IPV4: Final[Mapping[str, Text]] = {
    "ip_forward": constant("1\n"),
    "ip_local_port_range": constant("32768\t60999\n"),
    "ip_unprivileged_port_start": constant("0\n"),
    "ping_group_range": constant("0\t2147483647\n"),
    "tcp_syn_retries": constant("6\n"),
}
SYSCTL: Final[Mapping[str, object]] = {
    "fs": {
        "file-nr": _open_files,
        "file-max": constant("9223372036854775807\n"),
        "nr_open": constant("1048576\n"),
        "pipe-max-size": constant("1048576\n"),
    },
    "kernel": {**KERNEL, "random": RANDOM},
    "net": {"core": {"somaxconn": constant("4096\n")}, "ipv4": IPV4},
    "vm": {"overcommit_memory": constant("1\n"), "swappiness": constant("60\n"), "max_map_count": constant("262144\n")},
}
TEXTS: Final[Mapping[str, Text]] = {
    "cgroups": _cgroups,
    "cmdline": constant("BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro quiet\n"),
    "cpuinfo": _cpuinfo,
    "diskstats": _disks,
    "interrupts": _interrupts,
    "softirqs": _soft_interrupts,
    "devices": constant("Character devices:\n  1 mem\n  5 /dev/tty\n136 pts\n\nBlock devices:\n254 virtblk\n"),
    "filesystems": constant(FILE_SYSTEMS + FILE_SYSTEMS_MORE),
    "loadavg": _load,
    "meminfo": _meminfo,
    "partitions": constant("major minor  #blocks  name\n\n 254        0   67108864 vda\n"),
    "stat": _stat,
    "swaps": constant("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
    "uptime": _uptime,
    "version": constant(f"Linux version {RELEASE} (podlab@podlab) (simulated) {VERSION}\n"),
}


def sysctl_directory(fs: FileSystem) -> Directory:
    """/proc/sys."""
    return tree(fs, "sys", lambda: SYSCTL)


def sys_directory(fs: FileSystem) -> Directory:
    """/sys, as little of it as scripts look at."""

    def interface(name: str) -> Mapping[str, object]:
        def address(proc: ProcessCore) -> str:
            return f"{proc.net.eth0.hardware if name == 'eth0' else '00:00:00:00:00:00'}\n"

        return {"address": address, "mtu": constant("1500\n" if name == "eth0" else "65536\n"), "operstate": constant("up\n")}

    return tree(
        fs,
        "/sys",
        lambda: {
            "class": {"net": {"eth0": interface("eth0"), "lo": interface("lo")}},
            "devices": {"system": {"cpu": {"online": _online, "possible": _online, "present": _online}}},
            "fs": {"cgroup": {}},
            "kernel": {"mm": {"transparent_hugepage": {"enabled": constant("always [madvise] never\n")}}},
        },
    )


def _online(proc: ProcessCore) -> str:
    return f"0-{proc.machine.processors - 1}\n"


def cgroup_directory(fs: FileSystem, group: "Cgroup") -> Directory:
    """/sys/fs/cgroup of a container: version 2, its own group as the root."""
    return tree(fs, "/sys/fs/cgroup", lambda: _cgroup_files(group))


def _cgroup_files(group: "Cgroup") -> Mapping[str, Text]:
    def number(value: Callable[[], int | None]) -> Text:
        def text(proc: ProcessCore) -> str:
            found = value()
            return "max\n" if found is None else f"{found}\n"

        return text

    def quota(proc: ProcessCore) -> str:
        limit = group.cpu_millicores
        return f"{'max' if limit is None else limit * CPU_PERIOD_US // 1000} {CPU_PERIOD_US}\n"

    def members(proc: ProcessCore) -> str:
        return "".join(f"{each.pid}\n" for each in group.processes.values() if each.pid_namespace is proc.pid_namespace)

    def events(proc: ProcessCore) -> str:
        killed = int(group.oom_killed)
        return f"low 0\nhigh 0\nmax {killed}\noom {killed}\noom_kill {killed}\noom_group_kill {killed}\n"

    return {
        "cgroup.controllers": constant(CONTROLLERS + "\n"),
        "cgroup.events": lambda proc: "populated 1\nfrozen 0\n",
        "cgroup.procs": members,
        "cgroup.threads": members,
        "cgroup.type": constant("domain\n"),
        "cpu.max": quota,
        "cpu.stat": lambda proc: f"usage_usec {group.cpu_ns // 1000}\nuser_usec {group.cpu_ns // 1000}\nsystem_usec 0\n",
        "cpu.weight": number(lambda: group.cpu_weight),
        "memory.current": number(lambda: group.memory_used),
        "memory.events": events,
        "memory.high": constant("max\n"),
        "memory.low": constant("0\n"),
        "memory.max": number(lambda: group.memory_bytes),
        "memory.min": constant("0\n"),
        "memory.peak": number(lambda: group.memory_peak),
        "memory.stat": lambda proc: f"anon {group.memory_used}\nfile 0\nkernel 0\n",
        "memory.swap.max": constant("0\n"),
        "pids.current": number(lambda: len(group.processes)),
        "pids.max": number(lambda: group.pids),
    }
