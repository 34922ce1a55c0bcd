"""What applets say to words that are no numbers, and to numbers too great, where they take one.

python -m tests.shell.numeric      records what the real busybox ($PODLAB_BUSYBOX) answers in `numeric.json`
"""

import json
import re
import tempfile
from functools import cache
from pathlib import Path

from tests.shell.playing import BUSYBOX, make_root, play_in_busybox

RECORDED = Path(__file__).parent / "numeric.json"
VALUES = ("-1", "x", "''", "99999999999", "99999999999999999999", "+5", "0x10", "5k", "' 5'", "1.5", "0", "007")
CALLS = tuple(
    call.strip()
    for call in """
    head -n {} f | head -c {} f | tail -n {} f | tail -c {} f | tail -s {} -n1 f | nl -w {} f | nl -i {} f | nl -v {} f
    cut -c {} f | fold -w {} f | expand -t {} f | unexpand -t {} f | uniq -f {} f | uniq -s {} f | uniq -w {} f
    split -l {} f | split -a {} f | strings -n {} f | base64 -w {} f | base32 -w {} f | shuf -n {} g | sha3sum -a {} f
    od -N {} f | od -j {} f | od -w{} f | xxd -l {} f | xxd -s {} f | xxd -c {} f | xxd -g {} f
    hexdump -n {} f | hexdump -s {} f | grep -m {} o f | grep -A {} two f | grep -C {} o f | diff -U {} f g | cmp -n {} f g
    xargs -n {} <f | xargs -P {} echo <g | xargs -s {} <f | dd bs={} count=1 if=f status=none | dd skip={} if=f status=none
    du -d {} e | cal {} | cal {} 2024 | ls -w {} | nproc --all --ignore={} >n | ionice -n {} true | pgrep -P {} x
    pgrep -s {} x | pidof -o {} x | kill -l {} | cryptpw -P {} x >n | run-parts -u {} e | timeout {} true | usleep {}x
    find e -maxdepth {} | find e -mtime {} | find e -mmin {} | find e -size {} | shred -n {}x t | shred -s {} t
    ipcalc -n {} | chown {} f | setsid {} | install -m {} f t; stat -c %a t | pwdx {} | softlimit -o {} echo | chpst -m {}x echo
    nslookup -port={}x a | find e -perm -{} | chrt {}x true | mknod x c {}x 1 | mknod x c 1 {}x | factor {}
    nc -w {} | ping -c {} | pstree {}x
    """.replace("\n", "|").split("|")
    if call.strip()
)
"""`|` and ends of lines part them."""
LEFT_OUT = frozenset(
    {
        "fold -w -1 f",  # busybox complains of what it made of -1: '-w1'
        "hexdump -s 007 f",  # busybox takes its last line for a repeated one
        "shred -s 99999999999 t",  # does not end soon
        "softlimit -o 0 echo", "softlimit -o 007 echo",  # what may still be opened depends on the C library
    }
)  # fmt: skip
_USAGE = re.compile(r"BusyBox v1\.\d+\.\d+ .*", re.DOTALL)
_SCRIPT = r"""mkdir w; cd w; ulimit -c 0
ask() {
    rm -rf ../w/*; printf 'one two\nthree\tfour\nfive\n' >f; echo six >g; mkdir e; echo 1 >e/a; echo >t
    (eval "timeout 20 $1") </dev/null >/tmp/out 2>/tmp/err
    echo "=== $1: $?"; cat /tmp/out; echo "--- errors"; cat /tmp/err
}
"""


def script() -> bytes:
    """Makes all calls."""
    calls = [call.format(value) for call in CALLS for value in VALUES if call.format(value) not in LEFT_OUT]
    return (_SCRIPT + "".join("ask '{}'\n".format(call.replace("'", "'\\''")) for call in calls)).encode()


def answers(printed: str) -> dict[str, str]:
    """By the call, what the script printed; usage texts, which other tests compare, are left out."""
    found = {}
    for part in printed.split("=== ")[1:]:
        call, _, answer = part.partition(": ")
        found[call] = _USAGE.sub("(usage)\n", answer)
    return found


@cache
def recorded() -> dict[str, str]:
    """By the call, what the real busybox answered."""
    found: dict[str, str] = json.loads(RECORDED.read_text())
    return found


def main() -> None:
    """Records."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        make_root(root)
        found = answers(play_in_busybox(root, script(), 120).stdout)
    RECORDED.write_text(json.dumps(found, indent=1) + "\n")
    print(f"recorded with {BUSYBOX}")


if __name__ == "__main__":
    main()
