"""The file system of Docker's official `busybox` image (the glibc variant of 1.37.0)."""

import calendar
from typing import Final

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.inodes import Directory, File, FileSystem, Inode, Symlink
from podlab.mock.machine.node import program_file
from podlab.mock.programs.catalogue import APPLETS

IMAGE_BYTES: Final = 4_261_550
BINARY_BYTES: Final = 1_119_808
BUILT: Final = (2024, 9, 26, 21, 31, 42)
"""When the image's files were made, UTC: the date in busybox's banner."""

PASSWD: Final = """\
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
GROUP: Final = """\
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
adm:x:4:
tty:x:5:
disk:x:6:
lp:x:7:
mail:x:8:
kmem:x:9:
wheel:x:10:root
cdrom:x:11:
dialout:x:18:
floppy:x:19:
video:x:28:
audio:x:29:
tape:x:32:
www-data:x:33:
operator:x:37:
utmp:x:43:
plugdev:x:46:
staff:x:50:
lock:x:54:
netdev:x:82:
users:x:100:
nobody:x:65534:
"""
SHADOW: Final = "".join(
    f"{line.split(':')[0]}:{'' if line.startswith('root:') else '*'}:::::::\n" for line in PASSWD.splitlines()
)
NSSWITCH: Final = """\
# /etc/nsswitch.conf

passwd:         files
group:          files
shadow:         files
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
"""

DIRECTORIES: Final = {
    "/bin": 0o755,
    "/dev": 0o755,
    "/etc": 0o755,
    "/etc/network": 0o755,
    "/etc/network/if-down.d": 0o755,
    "/etc/network/if-post-down.d": 0o755,
    "/etc/network/if-pre-up.d": 0o755,
    "/etc/network/if-up.d": 0o755,
    "/home": 0o755,
    "/lib": 0o755,
    "/proc": 0o555,
    "/root": 0o700,
    "/sys": 0o555,
    "/tmp": 0o1777,
    "/usr": 0o755,
    "/usr/bin": 0o755,
    "/usr/sbin": 0o755,
    "/var": 0o755,
    "/var/spool": 0o755,
    "/var/spool/mail": 0o755,
    "/var/www": 0o755,
}
OWNERS: Final = {"/home": 65534, "/usr/sbin": 1, "/var/spool/mail": 8, "/var/www": 33}
FILES: Final = {
    "/etc/group": (0o644, GROUP),
    "/etc/localtime": (0o644, "TZif2" + "\0" * 43 + "\nUTC0\n"),
    "/etc/nsswitch.conf": (0o644, NSSWITCH),
    "/etc/passwd": (0o644, PASSWD),
    "/etc/shadow": (0o640, SHADOW),
}


def root_directory(kernel: Kernel) -> Directory:
    """A fresh root directory of the image, with all applets as hard links of /bin/busybox."""
    fs = FileSystem(kernel, "overlay")
    root = Directory(fs)
    for path, mode in DIRECTORIES.items():
        owner = OWNERS.get(path, 0)
        _enter(root, path, Directory(fs, mode, owner, owner))
    for path, (mode, text) in FILES.items():
        _enter(root, path, File(fs, mode, content=text.encode()))
    busybox = program_file(fs, "busybox")
    busybox.truncate(BINARY_BYTES)
    programs = root.lookup("bin")
    assert isinstance(programs, Directory)
    for name in ("busybox", *APPLETS):
        programs.link(name, busybox)
    busybox.nlink = len(APPLETS) + 1
    _enter(root, "/usr/bin/env", Symlink(fs, "../../bin/env"))
    _enter(root, "/lib64", Symlink(fs, "lib"))
    _date(root, calendar.timegm((*BUILT, 0, 0, 0)) * SECOND - kernel.boot_epoch_ns)
    return root


def _enter(root: Directory, path: str, inode: Inode) -> None:
    here = root
    *folders, name = path.strip("/").split("/")
    for folder in folders:
        child = here.lookup(folder)
        assert isinstance(child, Directory)
        here = child
    here.link(name, inode)


def _date(inode: Inode, offset_ns: int) -> None:
    inode.atime_ns = inode.mtime_ns = inode.ctime_ns = offset_ns
    if isinstance(inode, Directory):
        for child in dict.fromkeys(child for _, child in inode.items()):  # all applets are one file
            _date(child, offset_ns)
