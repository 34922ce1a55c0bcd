"""ipcs and ipcrm: System V objects."""

import errno
import re
from collections.abc import Callable
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.ipc import IpcNamespace, IpcObject, IpcTable, Segment, Semaphores
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, ULLONG_MAX, c_integer, signed, unsigned
from podlab.mock.programs.options import OptionError, parse
from podlab.mock.programs.timezones import parse_zone
from podlab.mock.programs.users import Accounts, read_accounts

FORMATS: Final = "tcplu"
"""Time, creators, processes, limits, sums: the last of them in this order counts."""
LIMITS: Final = {
    "q": "------ Messages: Limits --------\nmax queues system wide = 32000\nmax size of message (bytes) = 8192\n"
    "default max size of queue (bytes) = 16384\n",
    "m": "------ Shared Memory Limits --------\nmax number of segments = 4096\nmax seg size (kbytes) = 18014398509465599\n"
    "max total shared memory (pages) = 18446744073692774399\nmin seg size (bytes) = 1\n",
    "s": "------ Semaphore Limits --------\nmax number of arrays = 32000\nmax semaphores per array = 32000\n"
    "max semaphores system wide = 1024000000\nmax ops per semop call = 500\nsemaphore max value = 32767\n",
}
HEADS: Final = {
    "q": "------ Message Queues --------\n" + "key        msqid      owner      perms      used-bytes   messages    \n",
    "m": "------ Shared Memory Segments --------\n"
    + "key        shmid      owner      perms      bytes      nattch     status      \n",
    "s": "------ Semaphore Arrays --------\n" + "key        semid      owner      perms      nsems     \n",
    "qc": "------ Message Queues: Creators/Owners --------\n"
    + "msqid      perms      cuid       cgid       uid        gid       \n",
    "mc": "------ Shared Memory Segment Creators/Owners --------\n"
    + "shmid      perms      cuid       cgid       uid        gid       \n",
    "sc": "------ Semaphore Arrays Creators/Owners --------\n"
    + "semid      perms      cuid       cgid       uid        gid       \n",
    "qt": "------ Message Queues Send/Recv/Change Times --------\n"
    + "msqid    owner      send                 recv                 change              \n",
    "mt": "------ Shared Memory Attach/Detach/Change Times --------\n"
    + "shmid      owner      attached             detached             changed             \n",
    "st": "------ Shared Memory Operation/Change Times --------\n"
    + "shmid    owner      last-op                    last-changed              \n",
    "qp": "------ Message Queues PIDs --------\n" + "msqid      owner      lspid      lrpid     \n",
    "mp": "------ Shared Memory Creator/Last-op --------\n" + "shmid      owner      cpid       lpid      \n",
    "sp": "",
}
UNSET: Final = "Not set"


@applet("ipcs", "i:aqsmtcplu")
async def ipcs(call: Call) -> int:
    """Shows the objects of the pod."""
    options, out = call.options, call.out
    view = View(call, await read_accounts(call.proc))
    number = options.get("i")
    if number is not None:
        wanted = signed(number, INT_MIN, INT_MAX)
        kind = next((letter for letter in "msq" if letter in options), None)
        if kind is None:
            call.usage()
        await view.show_one(kind, wanted)
        return 0
    form = next((letter for letter in reversed(FORMATS) if letter in options), "")
    all_kinds = "a" in options or not options.any("qms")
    await out.write(b"\n")
    for kind in "qms":
        if all_kinds or kind in options:
            await out.write_text(view.table(kind, form) + "\n")
    return 0


class View:
    """What is shown of a namespace."""

    def __init__(self, call: Call, accounts: Accounts) -> None:
        self.call = call
        self.accounts = accounts
        self.ipc: IpcNamespace = call.proc.container.ipc

    def table(self, kind: str, form: str) -> str:
        """All objects of a kind."""
        if form == "l":
            return LIMITS[kind]
        if form == "u":
            return self._sums(kind)
        rows: dict[str, Callable[[IpcObject], str]] = {"m": self._segment_row, "s": self._semaphore_row}
        if kind == "q" or (kind, form) == ("s", "p"):
            return HEADS[kind + form]
        tables: dict[str, IpcTable[Segment] | IpcTable[Semaphores]] = {"m": self.ipc.segments, "s": self.ipc.semaphores}
        row = (
            self._creator_row
            if form == "c"
            else self._time_row
            if form == "t"
            else self._process_row
            if form == "p"
            else rows[kind]
        )
        return HEADS[kind + form] + "".join(f"{row(each)}\n" for each in tables[kind])

    def _sums(self, kind: str) -> str:
        if kind == "q":
            return "------ Messages: Status --------\nallocated queues = 0\nused headers = 0\nused space = 0 bytes\n"
        if kind == "s":
            count = sum(len(each.values) for each in self.ipc.semaphores)
            return f"------ Semaphore Status --------\nused arrays = {len(self.ipc.semaphores)}\nallocated semaphores = {count}\n"
        pages = sum(each.pages for each in self.ipc.segments)
        return (
            f"------ Shared Memory Status --------\nsegments allocated {len(self.ipc.segments)}\npages allocated {pages}\n"
            f"pages resident  {pages}\npages swapped   0\nSwap performance: 0 attempts\t0 successes\n"
        )

    def _owner(self, what: IpcObject) -> str:
        return f"{self.accounts.user_name(what.uid)[:10]:<10}"

    def _creator_row(self, what: IpcObject) -> str:
        user, group = self.accounts.user_name(what.uid), self.accounts.group_name(what.gid)
        return f"{what.number:<10d} {what.mode & 0o777:<10o} {user:<10} {group:<10} {user:<10} {group:<10}"

    def _time(self, ns: int) -> str:
        """As ctime(3) has it, without its newline."""
        if not ns:
            return UNSET
        return strftime("%a %b %e %H:%M:%S %Y", local_time(ns // SECOND, parse_zone(self.call.proc.env.get("TZ"))))

    def _short_time(self, ns: int) -> str:
        text = self._time(ns)
        return f"{text[4:20] if ns else text:<20}"

    def _time_row(self, what: IpcObject) -> str:
        if isinstance(what, Segment):
            times = " ".join(self._short_time(ns) for ns in (what.used_ns, what.left_ns, what.changed_ns))
            return f"{what.number:<10d} {self._owner(what)} {times}"
        return f"{what.number:<8d} {self._owner(what)}  {self._time(what.used_ns):<26} {self._time(what.changed_ns):<26}"

    def _process_row(self, what: IpcObject) -> str:
        return f"{what.number:<10d} {self._owner(what)} {what.creator:<10d} {what.user:<10d}"

    def _segment_row(self, what: IpcObject) -> str:
        assert isinstance(what, Segment)
        return (
            f"0x{what.key:08x} {what.number:<10d} {self._owner(what)} {what.mode & 0o777:<10o} {what.size:<10d}"
            f" {what.attached:<10d} {'dest' if what.destroyed else '':<6} {'':<6}"
        )

    def _semaphore_row(self, what: IpcObject) -> str:
        assert isinstance(what, Semaphores)
        owner = f"{self.accounts.user_name(what.uid)[:9]:<10}"
        return f"0x{what.key:08x} {what.number:<10d} {owner} {what.mode & 0o777:<10o} {len(what.values):<10d}"

    # --- one ---

    async def show_one(self, kind: str, number: int) -> None:
        """All about one object; says so when there is none."""
        segment = self.ipc.segments.of_number(number) if kind == "m" else None
        array = self.ipc.semaphores.of_number(number) if kind == "s" else None
        if segment is not None:
            await self.call.out.write_text(self._segment(segment))
        elif array is not None:
            await self.call.out.write_text(self._array(array))
        else:
            await self.call.warn(f"{ {'m': 'shm', 's': 'sem', 'q': 'msg'}[kind] }ctl: {strerror(errno.EINVAL)}")

    def _segment(self, what: Segment) -> str:
        return (
            f"\nShared memory Segment shmid={what.number}\nuid={what.uid}\tgid={what.gid}\tcuid={what.uid}\tcgid={what.gid}\n"
            f"mode=0{what.mode:o}\taccess_perms=0{what.mode & 0o777:o}\n"
            f"bytes={what.size}\tlpid={what.user}\tcpid={what.creator}\tnattch={what.attached}\n"
            f"att_time={self._time(what.used_ns):<26}\ndet_time={self._time(what.left_ns):<26}\n"
            f"change_time={self._time(what.changed_ns):<26}\n\n"
        )

    def _array(self, what: Semaphores) -> str:
        head = (
            f"\nSemaphore Array semid={what.number}\nuid={what.uid}\t gid={what.gid}\t cuid={what.uid}\t cgid={what.gid}\n"
            f"mode=0{what.mode:o}, access_perms=0{what.mode & 0o777:o}\nnsems = {len(what.values)}\n"
            f"otime = {self._time(what.used_ns):<26}\nctime = {self._time(what.changed_ns):<26}\n"
            f"{'semnum':<10} {'value':<10} {'ncount':<10} {'zcount':<10} {'pid':<10}\n"
        )
        rows = (
            f"{place:<10d} {value:<10d} {0:<10d} {0:<10d} {what.users[place]:<10d}\n" for place, value in enumerate(what.values)
        )
        return head + "".join(rows) + "\n"


# --- ipcrm ---

OLD_NAMES: Final = {"shm": "m", "sem": "s", "msg": "q"}


def _remove(ipc: IpcNamespace, kind: str, number: int) -> bool:
    """Removes an object by its id. Returns whether there was one."""
    if kind == "m" and (segment := ipc.segments.of_number(number)) is not None:
        ipc.segments.remove(segment)
        return True
    if kind == "s" and (array := ipc.semaphores.of_number(number)) is not None:
        ipc.semaphores.remove(array)
        return True
    return False


def _number_of(ipc: IpcNamespace, kind: str, key: int) -> int | None:
    found: IpcObject | None = ipc.segments.get(key) if kind == "m" else ipc.semaphores.get(key) if kind == "s" else None
    return None if found is None else found.number


@applet("ipcrm", None)
async def ipcrm(call: Call) -> int:
    """Removes objects. Returns how many could not be."""
    words = list(call.operands)
    if not words:
        return 0
    if words[0] in OLD_NAMES:
        return await _remove_ids(call, OLD_NAMES[words[0]], words[1:])
    try:
        options, rest = parse("q:m:s:Q:M:S:", None, words)
    except OptionError as error:
        await call.error(f"{call.proc.argv[0]}: {error}\n")
        call.usage()
    errors = 0
    for letter, text in options.given:
        errors += await _remove_one(call, letter, text)
    if rest:
        call.usage()
    return errors


async def _remove_ids(call: Call, kind: str, words: list[str]) -> int:
    """The old way: `ipcrm shm ID...`."""
    if not words:
        call.usage()
    errors = 0
    for word in words:
        if not re.fullmatch(r"[0-9]+", word) or int(word) > INT_MAX:
            await call.warn(f"invalid id: {word}")
            errors += 1
        elif not _remove(call.proc.container.ipc, kind, int(word)):
            await call.warn(f"can't remove id {word}: {strerror(errno.EINVAL)}")
            errors += 1
    if errors:
        return 1
    await call.out.write_text("resource(s) deleted\n")
    return 0


async def _remove_one(call: Call, letter: str, text: str) -> int:
    """An option. Returns 1, after saying so, when there was nothing to remove."""
    ipc, kind = call.proc.container.ipc, letter.lower()
    if letter == kind:
        if _remove(ipc, kind, unsigned(text, 0, ULLONG_MAX)):
            return 0
        await call.warn(f"invalid id ({text})")
        return 1
    unsigned(text, 0, ULLONG_MAX, base=0)
    key = c_integer(text) & 0xFFFF_FFFF
    if key == 0:
        await call.warn(f"illegal key ({text})")
        return 1
    number = _number_of(ipc, kind, key)
    if number is None or not _remove(ipc, kind, number):
        await call.warn(f"invalid key ({text})")
        return 1
    return 0
