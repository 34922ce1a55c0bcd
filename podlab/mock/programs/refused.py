"""The applets of busybox that the mock refuses by name, and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "what they ask for is the node's, which a container may not touch (disks, modules, buses, clocks, power)": """
        acpid adjtimex beep blkdiscard blkid blockdev bootchartd depmod devmem eject fatattr fbset fbsplash fdflush fdformat fdisk
        findfs freeramdisk fsck fsck.minix fsfreeze fstrim halt hdparm hwclock i2cdetect i2cdump i2cget i2cset i2ctransfer init
        insmod linuxrc losetup lsmod lspci lsscsi lsusb makedevs mdev mkdosfs mke2fs mkfs.ext2 mkfs.minix mkfs.vfat mkswap modinfo
        modprobe mt nanddump nandwrite nbd-client partprobe pivot_root poweroff powertop raidautorun rdev readprofile reboot
        resume rmmod rtcwake run-init seedrng setserial smemcap swapoff swapon switch_root ubiattach ubidetach ubimkvol ubirename
        ubirmvol ubirsvol ubiupdatevol uevent watchdog""",
        "a container has no console, keyboard or line of its own": """
        cttyhack chvt conspy deallocvt dumpkmap fgconsole getty kbd_mode loadfont loadkmap microcom openvt rx setconsole setfont
        setkeycodes setlogcons showkey vlock""",
        "a pod's network is set up by the cluster": """
        arping brctl dhcprelay dumpleases ether-wake ifdown ifenslave ifplugd ifup iptunnel nameif slattach tunctl udhcpc udhcpc6
        udhcpd vconfig zcip""",
        "nobody logs in to a container": "login sulogin",
        "there is no kernel's log to read": "klogd",
        "a protocol that nothing in the cluster speaks": "ntpd",
        "a second shell": "hush",
        "formats without a library": "dpkg dpkg-deb lzop rpm rpm2cpio",
    }
)
"""Reason to names."""
