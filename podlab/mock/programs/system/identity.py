"""id, whoami, groups, uname, arch, nproc, hostid, logname and tty: who and where one is."""

from typing import Final

from podlab.mock.machine.core import PER_LINUX32
from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.system import ARCHITECTURE, RELEASE, VERSION
from podlab.mock.machine.scheduling import allowed_processors
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.users import read_accounts


def _one(call: Call) -> str:
    """Which single thing id is to print: u, g or G, or empty. Shows usage for a wrong mixture."""
    kinds = [letter for letter in "ugG" if letter in call.options]
    if len(kinds) > 1 or (not kinds and call.options.any("nr")):
        call.usage()
    return kinds[0] if kinds else ""


@applet("id", "ugGnr", operands=(0, 1))
async def id_(call: Call) -> int:
    """Prints user and group numbers and names."""
    kind = _one(call)
    accounts = await read_accounts(call.proc)
    proc = call.proc
    uid, gid = proc.uid, proc.gid
    groups = list(dict.fromkeys([gid, *proc.groups])) if proc.groups else []
    if call.operands:
        user = accounts.user(call.operands[0])
        if user is None:
            call.die(f"unknown user {call.operands[0]}")
        uid, gid = user.uid, user.gid
        groups = accounts.groups_of(user.name, gid)
    if kind:
        numbers = {"u": [uid], "g": [gid], "G": groups or [gid]}[kind]
        name_of = accounts.user_name if kind == "u" else accounts.group_name
        shown = [name_of(number) if "n" in call.options else str(number) for number in numbers]
        await call.out.write_text(" ".join(shown) + "\n")
        return 0

    def pair(number: int, name: str | None) -> str:
        return f"{number}({name})" if name is not None else str(number)

    text = f"uid={pair(uid, accounts.known_user(uid))} gid={pair(gid, accounts.known_group(gid))}"
    if groups:
        text += " groups=" + ",".join(pair(group, accounts.known_group(group)) for group in groups)
    await call.out.write_text(text + "\n")
    return 0


@applet("groups")
async def groups(call: Call) -> int:
    """Prints the groups of a user."""
    accounts = await read_accounts(call.proc)
    gids = list(dict.fromkeys([call.proc.gid, *call.proc.groups]))
    if call.operands:
        user = accounts.user(call.operands[0])
        if user is None:
            call.die(f"unknown user {call.operands[0]}")
        gids = accounts.groups_of(user.name, user.gid)
    await call.out.write_text(" ".join(accounts.group_name(gid) for gid in gids) + "\n")
    return 0


@applet("whoami", None, operands=(0, 0))
async def whoami(call: Call) -> int:
    """Prints the user's name."""
    name = (await read_accounts(call.proc)).known_user(call.proc.uid)
    if name is None:
        call.die(f"unknown uid {call.proc.uid}")
    await call.out.write_text(name + "\n")
    return 0


@applet("logname", None, operands=(0, 0))
async def logname(call: Call) -> int:
    """Fails: nobody logs in to a container."""
    call.die("getlogin: No such device or address" if not call.proc.isatty(0) else "getlogin: No such file or directory")


UNAME_FIELDS: Final = "snrvmpio"
UNKNOWN: Final = "unknown"


@applet("uname", "snrvmpioa", operands=(0, 0))
async def uname(call: Call) -> int:
    """Prints the system's name."""
    values = ("Linux", call.proc.uts.hostname, RELEASE, VERSION, _architecture(call.proc), UNKNOWN, UNKNOWN, "GNU/Linux")
    if "a" in call.options:
        wanted = [value for value in values if value != UNKNOWN]
    else:
        wanted = [value for letter, value in zip(UNAME_FIELDS, values, strict=True) if letter in call.options] or ["Linux"]
    await call.out.write_text(" ".join(wanted) + "\n")
    return 0


def _architecture(proc: Process) -> str:
    """The machine, as a process sees it: one of 32 bits where its personality says so."""
    return "i686" if proc.personality == PER_LINUX32 else ARCHITECTURE


@applet("arch", None)
async def arch(call: Call) -> int:
    """Prints the architecture."""
    await call.out.write_text(_architecture(call.proc) + "\n")
    return 0


@applet("nproc", "ai:", long_options={"all": "a", "ignore": "i"})
async def nproc(call: Call) -> int:
    """Prints the number of processors."""
    count = call.proc.machine.processors if "a" in call.options else allowed_processors(call.proc).bit_count()
    await call.out.write(b"%d\n" % max(count - unsigned(call.options.get("i", "0"), 0, INT_MAX), 1))
    return 0


@applet("hostid", None, operands=(0, 0))
async def hostid(call: Call) -> int:
    """Prints a number made from the host's address."""
    addresses = await call.proc.hosts(call.proc.uts.hostname)
    parts = [int(part) for part in addresses[0].split(".")] if addresses and addresses[0].count(".") == 3 else [0] * 4
    await call.out.write_text("".join(f"{parts[index]:02x}" for index in (1, 0, 3, 2)) + "\n")
    return 0


@applet("tty", "s", error_code=2)
async def tty(call: Call) -> int:
    """Prints the terminal's name."""
    if call.operands:
        await call.warn("ignoring all arguments")
    name = call.proc.ttyname(0) if call.proc.isatty(0) else None
    if "s" not in call.options:
        await call.out.write_text((name or "not a tty") + "\n")
    return 1 if name is None else 0
