"""Which applets there are, and which module holds each.

Modules are imported when an applet is first run, so that a mock starts quickly.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from podlab.mock.programs.net import MODULES as NETWORK

_NAMES: Final = """
[ [[ acpid add-shell addgroup adduser adjtimex ar arch arp arping ascii ash awk base32 base64 basename bc beep blkdiscard
blkid blockdev bootchartd brctl bunzip2 bzcat bzip2 cal cat chat chattr chgrp chmod chown chpasswd chpst chroot chrt chvt
cksum clear cmp comm conspy cp cpio crc32 crond crontab cryptpw cttyhack cut date dc dd deallocvt delgroup deluser depmod
devmem df dhcprelay diff dirname dmesg dnsd dnsdomainname dos2unix dpkg dpkg-deb du dumpkmap dumpleases echo ed egrep eject
env envdir envuidgid ether-wake expand expr factor fakeidentd fallocate false fatattr fbset fbsplash fdflush fdformat fdisk
fgconsole fgrep find findfs flock fold free freeramdisk fsck fsck.minix fsfreeze fstrim fsync ftpd ftpget ftpput fuser
getfattr getopt getty grep groups gunzip gzip halt hd hdparm head hexdump hexedit hostid hostname httpd hush hwclock
i2cdetect i2cdump i2cget i2cset i2ctransfer id ifconfig ifdown ifenslave ifplugd ifup inetd init insmod install ionice
iostat ip ipaddr ipcalc ipcrm ipcs iplink ipneigh iproute iprule iptunnel kbd_mode kill killall killall5 klogd last less
link linux32 linux64 linuxrc ln loadfont loadkmap logger login logname logread losetup lpd lpq lpr ls lsattr lsmod lsof
lspci lsscsi lsusb lzcat lzma lzop makedevs makemime man md5sum mdev mesg microcom mim mkdir mkdosfs mke2fs mkfifo mkfs.ext2
mkfs.minix mkfs.vfat mknod mkpasswd mkswap mktemp modinfo modprobe more mount mountpoint mpstat mt mv nameif nanddump
nandwrite nbd-client nc netstat nice nl nmeter nohup nologin nproc nsenter nslookup ntpd od openvt partprobe passwd paste
patch pgrep pidof ping ping6 pipe_progress pivot_root pkill pmap popmaildir poweroff powertop printenv printf ps pscan
pstree pwd pwdx raidautorun rdate rdev readahead readlink readprofile realpath reboot reformime remove-shell renice reset
resize resume rev rm rmdir rmmod route rpm rpm2cpio rtcwake run-init run-parts runlevel runsv runsvdir rx script
scriptreplay sed seedrng sendmail seq setarch setconsole setfattr setfont setkeycodes setlogcons setpriv setserial setsid
setuidgid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep smemcap softlimit sort split ssl_client
start-stop-daemon stat strings stty su sulogin sum sv svc svlogd svok swapoff swapon switch_root sync sysctl syslogd tac
tail tar taskset tcpsvd tee telnet telnetd test tftp tftpd time timeout top touch tr traceroute traceroute6 tree true
truncate ts tsort tty ttysize tunctl ubiattach ubidetach ubimkvol ubirename ubirmvol ubirsvol ubiupdatevol udhcpc udhcpc6
udhcpd udpsvd uevent umount uname unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime users usleep uudecode
uuencode vconfig vi vlock volname w wall watch watchdog wc wget which who whoami whois xargs xxd xz xzcat yes zcat zcip
"""
APPLETS: Final = tuple(_NAMES.split())
"""All that `busybox --list` of Docker's image names, in its order. What no module below holds is refused by name (`refused`)."""

_MODULES: Final = {
    "archive.ar": "ar",
    "archive.compress": "bunzip2 bzcat bzip2 gunzip gzip lzcat lzma unlzma unxz xz xzcat zcat",
    "archive.cpio": "cpio",
    "archive.tar": "tar",
    "archive.unzip": "unzip",
    "awk.applet": "awk",
    "calc.bc": "bc",
    "calc.dc": "dc",
    "editors.ed": "ed",
    "editors.hexedit": "hexedit",
    "editors.vi.applet": "vi",
    "files.attributes": "chattr getfattr lsattr setfattr",
    "files.contents": "fallocate fsync readahead shred tree",
    "files.cp_mv": "cp mv",
    "files.dd": "dd",
    "files.find.applet": "find",
    "files.install": "install",
    "files.linking": "link ln readlink realpath",
    "files.ls": "ls",
    "files.making": "mkdir mkfifo mknod mktemp touch truncate",
    "files.names": "basename dirname pwd which",
    "files.owners": "chgrp chmod chown",
    "files.removing": "rm rmdir unlink",
    "files.stat": "stat",
    "mail.popmaildir": "popmaildir",
    "mail.reformime": "reformime",
    "mail.sendmail": "sendmail",
    "pagers.less": "less",
    "pagers.more": "more",
    "process.conditions": "[ [[ false test true",
    "process.daemons": "start-stop-daemon",
    "process.iostat": "iostat",
    "process.mpstat": "mpstat",
    "process.nmeter": "nmeter",
    "process.privileges": "nsenter setpriv unshare",
    "process.flock": "flock",
    "process.identities": "envdir envuidgid setuidgid su",
    "process.limits": "chpst softlimit",
    "process.personality": "linux32 linux64 setarch",
    "process.mim": "mim",
    "process.ps": "ps",
    "process.runparts": "run-parts",
    "process.scheduling": "chrt ionice renice taskset",
    "process.smaps": "pmap",
    "process.signals": "kill killall pgrep pidof pkill",
    "process.top": "top",
    "process.waiting": "sleep usleep",
    "process.fuser": "fuser",
    "process.views": "killall5 lsof pstree pwdx",
    "process.watch": "watch",
    "process.timing": "time",
    "process.wrappers": "chroot nice nohup setsid timeout",
    "process.xargs": "xargs",
    "runit.runsv": "runsv",
    "runit.runsvdir": "runsvdir",
    "runit.sv": "sv svc svok",
    "runit.svlogd": "svlogd",
    "sed.applet": "sed",
    "system.accounts": "addgroup adduser delgroup deluser",
    "system.calendar": "cal",
    "system.crond": "crond",
    "system.crontab": "crontab",
    "system.crypt": "chpasswd cryptpw mkpasswd passwd",
    "system.odds": "add-shell ascii man pipe_progress remove-shell resize runlevel volname wall",
    "system.date": "date",
    "system.environment": "env printenv",
    "system.identity": "arch groups hostid id logname nproc tty uname whoami",
    "system.ipcs": "ipcrm ipcs",
    "system.logger": "logger",
    "system.logread": "logread",
    "system.logins": "dmesg last mesg nologin ttysize users w who",
    "system.script": "script",
    "system.stty": "stty",
    "system.sysctl": "sysctl",
    "system.syslogd": "syslogd",
    "system.mounting": "mount umount",
    "system.usage": "clear df du free mountpoint reset sync uptime",
    "text.cat": "cat rev tac",
    "text.checksums": "cksum crc32 md5sum sha1sum sha256sum sha3sum sha512sum sum",
    "text.comparing": "cmp comm",
    "text.converting": "dos2unix ts unix2dos uudecode uuencode",
    "text.cut": "cut",
    "text.diff": "diff",
    "text.encoding": "base32 base64",
    "text.expr": "expr",
    "text.getopt": "getopt",
    "text.grep": "grep egrep fgrep",
    "text.head": "head",
    "text.hexdump": "hd hexdump",
    "text.layout": "expand fold nl paste unexpand",
    "text.makemime": "makemime",
    "text.od": "od",
    "text.patch": "patch",
    "text.pieces": "factor shuf split strings",
    "text.printing": "echo printf",
    "text.scriptreplay": "scriptreplay",
    "text.seq": "seq yes",
    "text.sort": "sort",
    "text.tail": "tail",
    "text.tee": "tee",
    "text.tr": "tr",
    "text.tsort": "tsort",
    "text.uniq": "uniq",
    "text.wc": "wc",
    "text.xxd": "xxd",
}


def _module_of() -> dict[str, str]:
    modules = {}
    for module, names in {**_MODULES, **{f"net.{module}": names for module, names in NETWORK.items()}}.items():
        for name in names.split():
            modules[name] = f"podlab.mock.programs.{module}"
    return modules


MODULE_OF: Final[Mapping[str, str]] = MappingProxyType(_module_of())
"""Applet name to the module that declares it (`applet.applet`)."""
