"""Runs a script in the mock, and in a real busybox in a scratch root."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import ContainerConfig, Sink
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.node import Machine
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import FILES, root_directory

BUSYBOX = Path(os.environ.get("PODLAB_BUSYBOX", "/bin/busybox"))
"""The real busybox to compare with; 1.37 is what the images hold."""

ENVIRONMENT = {"HOME": "/root", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
LIMIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Played:
    """What a script printed, and its exit status (128 + signal when a signal ended it)."""

    stdout: str
    stderr: str
    status: int


START = "cd /work; exec </dev/null; sh ./script.sh; exit $?"
"""What the first process of either world does: the script is its child, number 2."""


def play_in_mock(script: bytes, memory_bytes: int | None = 128 << 20, limit_seconds: int = LIMIT_SECONDS) -> Played:
    """Runs `sh ./script.sh` in a fresh container of the mock, as root, in /work."""
    kernel = Kernel()
    machine = Machine(kernel, {"busybox": busybox})
    root = root_directory(kernel)
    work = Directory(root.fs)
    root.link("work", work)
    work.link("script.sh", File(root.fs, 0o644, content=script))
    config = ContainerConfig("test", root, ["/bin/sh", "-c", START], dict(ENVIRONMENT), hostname="box", memory_bytes=memory_bytes)
    container = machine.create(config)
    output: dict[int, bytearray] = {1: bytearray(), 2: bytearray()}
    container.start(None, Sink(output[1].extend), Sink(output[2].extend))
    kernel.run_until(limit_seconds * SECOND, condition=lambda: container.exit_code is not None)
    if machine.crashes:
        raise machine.crashes[0][1]
    if container.exit_code is None:
        raise TimeoutError(f"not ended after {limit_seconds} simulated seconds")
    return Played(_text(output[1]), _text(output[2]), container.exit_code)


def _text(data: bytes | bytearray) -> str:
    return bytes(data).decode("utf-8", "surrogateescape")


def make_root(root: Path) -> None:
    """Makes a root directory for the real busybox, like that of the image."""
    for name in ("bin", "dev/pts", "etc", "proc", "root", "tmp", "work", "usr/bin", "usr/sbin", "home"):
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    shutil.copy(BUSYBOX, root / "bin/busybox")
    listed = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True)
    for name in listed.stdout.split():
        if name != "busybox":
            os.link(root / "bin/busybox", root / "bin" / name)
    _fill_etc(root)
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        os.mknod(root / "dev" / name, 0o666 | 0o020000, os.makedev(1, minor))
        (root / "dev" / name).chmod(0o666)
    os.mknod(root / "dev/tty", 0o666 | 0o020000, os.makedev(5, 0))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        (root / "dev" / name).symlink_to(f"/proc/self/fd/{number}")
    (root / "dev/fd").symlink_to("/proc/self/fd")
    (root / "dev/ptmx").symlink_to("pts/ptmx")


def _fill_etc(root: Path) -> None:
    """Makes /etc anew, as it is in the image."""
    shutil.rmtree(root / "etc", ignore_errors=True)
    (root / "etc").mkdir()
    for path, (mode, text) in FILES.items():
        (root / path.lstrip("/")).write_text(text)
        (root / path.lstrip("/")).chmod(mode)


HELD_BACK = (
    "linux_immutable sys_admin sys_nice sys_time sys_boot sys_module "
    "sys_rawio sys_resource sys_tty_config sys_pacct syslog net_admin"
)
"""Capabilities that root in a container does not have."""
WITHOUT = ",".join(f"-{name}" for name in HELD_BACK.split())
ENTER = f"""
hostname box
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$1/dev/pts"
exec unshare --pid --fork --kill-child --mount-proc="$1/proc" setpriv --bounding-set {WITHOUT} chroot "$1" /bin/sh -c "$2"
"""


def can_play_in_busybox() -> bool:
    """Whether there is a real busybox here, and the right to give it a root of its own."""
    return BUSYBOX.exists() and os.geteuid() == 0 and shutil.which("unshare") is not None and shutil.which("setpriv") is not None


UNTOUCHED = ("env", "--default-signal")
"""No signal is ignored from the start, as it is where the tests run in the background of a script: a shell could not trap it."""


def play_in_busybox(root: Path, script: bytes, timeout_seconds: float = 30) -> Played:
    """Runs the script in the real busybox, in `root`, whose /work is made anew."""
    shutil.rmtree(root / "work")
    shutil.rmtree(root / "tmp")
    _fill_etc(root)
    (root / "work").mkdir()
    (root / "tmp").mkdir()
    (root / "tmp").chmod(0o1777)
    (root / "work/script.sh").write_bytes(script)
    done = subprocess.run(
        [*UNTOUCHED, "unshare", "--mount", "--uts", "--ipc", "/bin/sh", "-c", ENTER, "sh", str(root), START],
        capture_output=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        timeout=timeout_seconds,
        check=False,
        start_new_session=True,  # `kill 0` reaches the whole process group
    )
    return Played(_text(done.stdout), _text(done.stderr), done.returncode)


EACH = """
exec </dev/null; number=0
while [ -e /scripts/$number ]; do
    cd /; rm -rf /tmp /work /root; mkdir /work /root; mkdir -m 1777 /tmp
    cp /scripts/$number /work/script.sh; cd /work
    OLDPWD=/work setsid timeout -s KILL LIMIT sh ./script.sh >/scripts/$number.out 2>/scripts/$number.err
    echo $? >/scripts/$number.status; number=$((number + 1))
done
"""
"""Plays one script after the other, much faster than each in namespaces of its own."""
KILLED = 137


def play_all_in_busybox(root: Path, scripts: list[bytes], limit_seconds: int = 6) -> list[Played | None]:
    """Runs many scripts in the real busybox, one after the other; None for one that is killed.

    They share `root`, but for /work, /tmp and /root, and process numbers go on.
    """
    shelf = root / "scripts"
    shelf.mkdir()
    for number, script in enumerate(scripts):
        (shelf / str(number)).write_bytes(script)
    subprocess.run(
        [
            *UNTOUCHED,
            "unshare",
            "--mount",
            "--uts",
            "/bin/sh",
            "-c",
            ENTER,
            "sh",
            str(root),
            EACH.replace("LIMIT", str(limit_seconds)),
        ],
        capture_output=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        timeout=60 + 2 * limit_seconds * len(scripts),
        check=False,
        start_new_session=True,
    )
    played = [_read_played(shelf / str(number)) for number in range(len(scripts))]
    shutil.rmtree(shelf)
    return played


def _read_played(path: Path) -> Played | None:
    try:
        status = int(path.with_suffix(".status").read_text())
        stdout, stderr = path.with_suffix(".out").read_bytes(), path.with_suffix(".err").read_bytes()
    except (OSError, ValueError):  # the script itself did away with it
        return None
    return None if status == KILLED else Played(_text(stdout), _text(stderr), status)
