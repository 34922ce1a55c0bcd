"""Records what a real busybox answers to the scripts beside this file.

`record.py BUSYBOX [NAME]` (as root, on Linux, for `unshare`). `nc_plain` is recorded from a busybox that has the small nc:
Debian's busybox-static.

Each script runs in a fresh root and in fresh namespaces, with an address of a pod, the hosts and resolver files of one, and a
name server that answers as the one of the tests does. What it prints is kept, normalized, in `scripts/NAME.out`.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from podlab.mock.machine.network.dns import decode, encode_answer
from tests.mock.programs.net import peers
from tests.mock.programs.net.world import HOSTS, NAME_SERVER, POD, RESOLV, SCRIPTS, answer, normalized

HOST = "web"
DEVICES = {"null": 3, "zero": 5, "full": 7, "urandom": 9}


def make_root(busybox: Path, root: Path) -> None:
    """Lays out a root directory with busybox and the files of a pod."""
    for name in ("bin", "etc", "tmp", "proc", "dev/pts", "root"):
        (root / name).mkdir(parents=True)
    (root / "dev/ptmx").symlink_to("pts/ptmx")
    shutil.copy(busybox, root / "bin" / "busybox")
    for name in subprocess.run([busybox, "--list"], check=True, capture_output=True, text=True).stdout.split():
        if name != "busybox":
            (root / "bin" / name).symlink_to("busybox")
    for name, minor in DEVICES.items():
        os.mknod(root / "dev" / name, 0o020666, os.makedev(1, minor))
    (root / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (root / "etc/shadow").write_text("root::10933:0:99999:7:::\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "etc/nsswitch.conf").write_text("hosts: files dns\n")
    (root / "etc/hosts").write_text(HOSTS)
    (root / "etc/resolv.conf").write_text(RESOLV)


def serve_names() -> None:
    """Answers as the tests' name server, for ever."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((NAME_SERVER, 53))
    while True:
        data, source = server.recvfrom(4096)
        query = decode(data)
        server.sendto(encode_answer(query.id, query.name, query.type, answer(query.name.lower(), query.type)), source)


def inside(root: Path) -> int:
    """What happens within the new namespaces."""
    addresses = [f"addr add {address}/32 dev lo" for address in (NAME_SERVER, POD, peers.ADDRESS)]
    for command in ("link set lo up", *addresses):
        subprocess.run([root / "bin/busybox", "ip", *command.split()], check=True)
    socket.sethostname(HOST)
    children = []
    for serve in (serve_names, peers.serve):
        children.append(os.fork())
        if children[-1] == 0:
            serve()
    time.sleep(0.5)
    terminals = ["mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666,mode=0620,gid=5", "devpts", root / "dev/pts"]
    subprocess.run(terminals, check=True)
    os.chroot(root)
    os.chdir("/")
    code = subprocess.run(
        ["/bin/sh", "-c", "exec 2>&1; . /tmp/script"], env={"PATH": "/bin", "HOME": "/root"}, stdin=subprocess.DEVNULL
    )
    for child in children:
        os.kill(child, 9)
    return code.returncode


def record(busybox: Path, script: Path) -> None:
    """Runs one script and keeps what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)  # others than root live in it, too
        make_root(busybox, root)
        shutil.copy(script, root / "tmp/script")
        new = ["unshare", "-n", "-u", "-m", "-p", "-f", f"--mount-proc={root}/proc"]
        command = ["setpriv", "--bounding-set", "-sys_time", *new, sys.executable, "-m", __spec__.name]
        ran = subprocess.run([*command, "--inside", folder], capture_output=True, timeout=300)
        script.with_suffix(".out").write_bytes(
            normalized(ran.stdout.decode(errors="surrogateescape")).encode(errors="surrogateescape")
        )
        if ran.stderr:
            sys.stderr.write(ran.stderr.decode())


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        sys.exit(inside(Path(sys.argv[2])))
    for each in sorted(SCRIPTS.glob(f"{sys.argv[2] if len(sys.argv) > 2 else '*'}.sh")):
        print(each.stem)
        record(Path(sys.argv[1]), each)
