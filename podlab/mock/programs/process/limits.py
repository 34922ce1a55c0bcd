"""chpst and softlimit: programs that run with other limits, owners and streams."""

from typing import Final

from podlab.mock.machine.scheduling import set_nice
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.owners import parse_group
from podlab.mock.programs.numbers import INT_MAX, ULLONG_MAX, signed, unsigned
from podlab.mock.programs.process.identities import become, read_environment
from podlab.mock.programs.process.running import execute
from podlab.mock.programs.process.wrappers import enter_root
from podlab.mock.programs.users import Accounts, User, read_accounts

_LIMITS: Final = {
    "a": ("as",), "c": ("core",), "d": ("data",), "f": ("fsize",), "l": ("memlock",), "o": ("nofile",), "p": ("nproc",),
    "r": ("rss",), "s": ("stack",), "t": ("cpu",), "m": ("data", "stack", "memlock", "as"),
}  # fmt: skip
"""Letters of options, and the limits that each sets."""


def _set_limits(call: Call) -> None:
    limits = call.proc.rlimits
    for letter, text in call.options.given:
        for name in _LIMITS.get(letter, ()):
            _, hard = limits.get(name, (ULLONG_MAX, ULLONG_MAX))
            limits[name] = (min(unsigned(text, 0, INT_MAX), hard), hard)


def _user(call: Call, accounts: Accounts, text: str) -> tuple[User, bool]:
    """The user that `USER[:GROUP]` means, with that group's number, and whether a group was named. Dies of unknown ones."""
    name, colon, group = text.partition(":")
    user = accounts.user(name)
    if user is None:
        if not name.isdigit():
            call.die(f"unknown user/group {text}")
        user = User(name, int(name), int(name), "", "")
    if not colon:
        return user, False
    found = accounts.group(group)
    if found is None and not group.isdigit():
        call.die(f"unknown user/group {text}")
    return User(user.name, user.uid, parse_group(group, accounts), user.home, user.shell), True


@applet("chpst", "+a:c:d:f:l:m:o:p:r:s:t:u:U:e:n:/:012vP", operands=(1, None))
async def chpst(call: Call) -> int:
    """Changes the state of its process and runs a program in it."""
    options, proc = call.options, call.proc
    accounts = await read_accounts(proc)
    user = _user(call, accounts, options.get("u") or "") if "u" in options else None
    if (text := options.get("U")) is not None:
        shown, _ = _user(call, accounts, text)
        proc.env.update({"GID": str(shown.gid), "UID": str(shown.uid)})
    if (folder := options.get("e")) is not None:
        await read_environment(call, folder)
    if (root := options.get("/")) is not None:
        enter_root(call, root)
    if "P" in options:
        proc.setsid()
    if (change := options.get("n")) is not None:
        try:
            set_nice(proc, proc, proc.scheduling.nice + signed(change, -INT_MAX, INT_MAX))
        except OSError:
            call.die("nice: Operation not permitted")  # the C library's word for it
    _set_limits(call)
    if user is not None:
        become(proc, accounts, user[0], with_groups=False)
    for stream in (0, 1, 2):
        if str(stream) in options and stream in proc.fds:
            proc.close(stream)
    return await execute(call, call.operands)


@applet("softlimit", "+a:c:d:f:l:m:o:p:r:s:t:", operands=(1, None))
async def softlimit(call: Call) -> int:
    """Runs a program with lower limits."""
    _set_limits(call)
    return await execute(call, call.operands)
