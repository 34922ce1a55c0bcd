"""What every applet says to arguments that it does not know, to none, and to more than it takes.

python -m tests.shell.arguments      records what the real busybox ($PODLAB_BUSYBOX) answers in `arguments.json`
"""

import json
import re
import tempfile
from functools import cache
from pathlib import Path

from podlab.mock.programs.catalogue import APPLETS
from podlab.mock.programs.refused import REASONS
from tests.shell.playing import BUSYBOX, make_root, play_in_busybox

RECORDED = Path(__file__).parent / "arguments.json"
REFUSED = frozenset(name for names in REASONS.values() for name in names.split())
WAYS = {"long": "--zz", "short": "-Z", "odd": "-~", "help": "--help", "none": "", "many": "a b c d e f g h i j"}
"""How an applet is called; nothing has one of these names."""
_DEPENDS = {
    "the moment, chance, or how much there is": {
        "none": "cal date dd df dmesg env free iostat last logread makemime mktemp mpstat nmeter nproc printenv ps pstree "
        "top uptime who w",
        "many": "free iostat makemime mpstat nproc uptime watch",
        "short": "ps",
        "*": "lsof mount",
    },
    "the network": {
        "none": "arp ifconfig ip ipaddr iplink ipneigh iproute iprule netstat route",
        "many": "ftpget ftpput nc netstat nslookup ping ping6 pscan ssl_client telnet tftp traceroute traceroute6 wget whois",
    },
    "words that no ip of the mock reads, since it changes nothing": {"many": "ip ipaddr iplink ipneigh iproute iprule"},
    "when it is ended: by itself it does not end": {
        "none": "crond dnsd fakeidentd httpd inetd syslogd telnetd yes",
        "many": "crond fakeidentd inetd runsv runsvdir svlogd telnetd yes",
        "long": "yes", "short": "yes", "odd": "yes",
    },
    "the other processes": {"none": "killall5"},
    "a terminal": {"none": "resize", "many": "resize", "long": "resize", "short": "resize", "odd": "resize"},
}  # fmt: skip
"""By what its answer depends on, which applets are not called which way; `*`: in none but to show their usage."""
_SCRIPT = """cd /work; mkdir empty; cd empty
ask() { timeout 20 $1 </dev/null >/tmp/out 2>/tmp/err; echo "=== $1: $?"; cat /tmp/out; echo "--- errors"; cat /tmp/err; }
"""
_BANNER = re.compile(r"BusyBox v1\.\d+\.\d+ \(.*?\) multi-call binary\.\n\n")


def ways(name: str) -> list[str]:
    """In which ways an applet is called."""
    if name in REFUSED:
        return ["help"]
    left_out = {
        way for each in _DEPENDS.values() for way, names in each.items() if name in names.split() for way in (way, *way.split())
    }
    return [way for way in WAYS if way not in left_out and ("*" not in left_out or way == "help")]


def script(name: str) -> bytes:
    """Calls an applet in all its ways."""
    calls = [f"{name} {WAYS[way]}".strip() for way in ways(name)]
    return (_SCRIPT + "".join(f"ask '{call}'\n" for call in calls)).encode()


def answers(name: str, printed: str) -> dict[str, str]:
    """By the call, what a script printed; usage texts other than the one of --help, and the date of the build, are left out."""
    found = {}
    for part in _BANNER.sub("(banner)\n", printed).split("=== ")[1:]:
        call, _, answer = part.partition(": ")
        found[call] = answer
    usage = found[f"{name} --help"].partition("(banner)\n")[2]
    for call, answer in found.items():
        if usage and not call.endswith(" --help"):
            found[call] = answer.replace(usage, "(usage)\n")
    return found


@cache
def recorded() -> dict[str, dict[str, str]]:
    """By applet and call, what the real busybox answered."""
    found: dict[str, dict[str, str]] = json.loads(RECORDED.read_text())
    return found


def main() -> None:
    """Records."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        make_root(root)
        found = {name: answers(name, play_in_busybox(root, script(name), 120).stdout) for name in APPLETS}
    RECORDED.write_text(json.dumps(found, indent=1) + "\n")
    print(f"recorded with {BUSYBOX}")


if __name__ == "__main__":
    main()
