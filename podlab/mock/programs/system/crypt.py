"""cryptpw, mkpasswd, passwd, chpasswd: passwords, encrypted and changed."""

import errno
from typing import Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.programs import crypts
from podlab.mock.programs.accountfiles import PASSWD, SHADOW, Fields, change, today
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.crypts import TooManyRounds
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.passwords import ALPHABET
from podlab.mock.programs.process.wrappers import enter_root
from podlab.mock.programs.streams import Reader, to_text
from podlab.mock.programs.users import read_accounts, read_file

_SCHEMES: Final = {"des": ("", 2), "md5": ("$1$", 8), "sha256": ("$5$", 16), "sha512": ("$6$", 16)}
"""What a salt of each scheme begins with, and how many letters busybox makes of it."""
_LONG_ENOUGH: Final = {1: 12, 2: 10, 3: 8, 4: 6}
"""How many characters a password needs, by how many kinds of them it has."""
_SHORTEST: Final = 6


def crypt(call: Call, password: str, salt: str) -> str:
    """As crypt(3). Ends the applet where a salt asks for too many rounds."""
    try:
        return crypts.crypt(password, salt)
    except TooManyRounds as error:
        call.refuse(str(error))


def _scheme(name: str) -> tuple[str, int]:
    """What a scheme's salts begin with, and their letters; busybox takes a name that it does not know for md5."""
    return _SCHEMES.get(name.lower(), _SCHEMES["des" if name[:1] in ("d", "D") else "md5"])


def fresh_salt(call: Call, scheme: str) -> str:
    """A salt of a scheme."""
    start, size = _scheme(scheme)
    chance = call.proc.kernel.random("salts")
    return start + "".join(chance.choice(ALPHABET) for _ in range(size))


@applet("cryptpw mkpasswd", "sP:S:m:a:", long_options={"password-fd": "P", "salt": "S", "method": "m"}, operands=(0, 2))
async def cryptpw(call: Call) -> int:
    """Prints an encrypted password."""
    options = call.options
    fd = unsigned(options.get("P", "0"), 0, INT_MAX)
    if fd not in call.proc.fds and (fd or not call.operands):
        call.die_of("can't duplicate file descriptor", unix_error(errno.EBADF))
    scheme = options.get("m") or options.get("a") or "des"
    salt = options.get("S") or (call.operands[1] if len(call.operands) > 1 else None)
    start, _ = _scheme(scheme)
    salt = start + salt if salt is not None else fresh_salt(call, scheme)
    if call.operands:
        password = call.operands[0]
    else:
        reader = Reader(call.proc, fd)
        if call.proc.isatty(fd):
            await call.error("Password: ")
        line = await reader.line()
        if not line:
            return 0
        password = to_text(line.rstrip(b"\r\n"))
    await call.out.write_text(crypt(call, password, salt) + "\n")
    return 0


async def _store(call: Call, name: str, password: str) -> None:
    """Puts an encrypted password where the user's is: into shadow, or passwd."""

    def shadow(fields: Fields) -> Fields:
        return [name, password, today(call.proc), *fields[3:]] if fields[0] == name else fields

    def passwd(fields: Fields) -> Fields:
        return [name, password, *fields[2:]] if fields[0] == name else fields

    lines = to_text(await read_file(call.proc, SHADOW)).splitlines()
    if any(line.split(":")[0] == name for line in lines):
        await change(call.proc, SHADOW, shadow)
    else:
        await change(call.proc, PASSWD, passwd)


async def _stored(call: Call, name: str) -> str:
    for path in (SHADOW, PASSWD):
        for line in to_text(await read_file(call.proc, path)).splitlines():
            fields = line.split(":")
            if fields[0] == name and len(fields) > 1:
                return fields[1]
    return ""


@applet("chpasswd", "emc:R:", long_options={"encrypted": "e", "md5": "m", "crypt-method": "c", "root": "R"})
async def chpasswd(call: Call) -> int:
    """Changes the passwords that its input names."""
    options = call.options
    if call.proc.uid != 0:
        call.die("permission denied (are you root?)")
    if "e" in options and options.any("mc"):
        call.usage()
    if (root := options.get("R")) is not None:
        enter_root(call, root)
    scheme = "md5" if "m" in options else options.get("c") or "des"
    while line := await call.stdin.line():
        name, colon, password = to_text(line.rstrip(b"\n")).partition(":")
        if not colon:
            call.die("missing new password")
        if (await read_accounts(call.proc)).user(name) is None:
            call.die(f"unknown user {name}")
        await _store(call, name, password if "e" in options else crypt(call, password, fresh_salt(call, scheme)))
        await call.error(f"{call.name}: password for '{name}' changed\n")
    return 0


@applet("passwd", "a:dlu")
async def passwd(call: Call) -> int:
    """Changes, empties, locks or unlocks a user's password."""
    options, proc = call.options, call.proc
    accounts = await read_accounts(proc)
    own = accounts.user_of(proc.uid)
    if proc.uid != 0:
        call.die("must be suid to work properly")
    if own is None:
        call.die(f"unknown uid {proc.uid}")
    if options.any("dlu") and not call.operands:
        call.usage()
    name = call.operands[0] if call.operands else own.name
    if accounts.user(name) is None:
        call.die(f"unknown user {name}")
    if not options.any("dlu"):
        return await change_password(call, name, call.name)
    old = await _stored(call, name)
    if options.any("lu") and old.startswith("!") == ("l" in options):
        call.die(f"password for {name} is already {'' if 'l' in options else 'un'}locked")
    new = "!" + old if "l" in options else old[1:] if "u" in options else ""
    await _store(call, name, new)
    await call.error(f"{call.name}: password for {name} changed by {own.name}\n")
    return 0


async def change_password(call: Call, name: str, program: str) -> int:
    """Asks twice for a new password, and stores it."""
    await call.out.write_text(f"Changing password for {name}\n")
    first = await _ask(call, "New password: ")
    if first is not None and (fault := _fault(first)):
        await call.out.write_text(f"Bad password: {fault}\n")
    again = await _ask(call, "Retype password: ") if first is not None else None
    if first is None or again != first:
        if again is not None:
            await call.out.write(b"Passwords don't match\n")
        await call.out.flush()
        await call.error(f"{program}: password for {name} is unchanged\n")
        return 1
    await _store(call, name, crypt(call, first, fresh_salt(call, call.options.get("a") or "des")))
    await call.out.flush()
    user = (await read_accounts(call.proc)).user_name(call.proc.uid)
    await call.error(f"{program}: password for {name} changed by {user}\n")
    return 0


async def _ask(call: Call, prompt: str) -> str | None:
    """What somebody answers; None when there is nobody."""
    await call.out.write_text(prompt)
    await call.out.flush()
    line = await call.stdin.line()
    await call.out.write(b"\n")
    return to_text(line.rstrip(b"\n")) if line else None


def _fault(password: str) -> str:
    """Why a password is bad, or nothing."""
    if len(password) < _SHORTEST:
        return "too short"
    kinds = {"lower" if char.islower() else "upper" if char.isupper() else "digit" if char.isdigit() else "" for char in password}
    return "too weak" if len(password) < _LONG_ENOUGH[len(kinds)] else ""
