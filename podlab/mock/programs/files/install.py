"""install: copies that get their owner and permissions at once."""

import stat as st
from contextlib import suppress
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.copying import Copier, CopyOptions
from podlab.mock.programs.files.making import make_directory
from podlab.mock.programs.files.paths import join, last_component, parent
from podlab.mock.programs.modes import parse_mode
from podlab.mock.programs.users import read_accounts

_LONG: Final = {
    "directory": "d",
    "preserve-timestamps": "p",
    "strip": "s",
    "group": "g",
    "mode": "m",
    "owner": "o",
    "target-directory": "t",
    "verbose": "v",
}


class _Installer:
    """What an installed file is to be."""

    def __init__(self, call: Call, mode: int, uid: int, gid: int) -> None:
        self.call = call
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.code = 0

    async def finish(self, path: str) -> None:
        """Gives a file its permissions and owner."""
        proc = self.call.proc
        try:
            proc.chmod(path, self.mode)
        except OSError as error:
            await self._complain(f"can't change permissions of {path}", error)
        if self.uid >= 0 or self.gid >= 0:
            try:
                proc.chown(path, self.uid, self.gid)
            except OSError as error:
                await self._complain(f"can't change ownership of {path}", error)

    async def _complain(self, what: str, error: OSError) -> None:
        await self.call.warn(f"{what}: {strerror(error.errno or 0)}")
        self.code = 1

    async def directories(self) -> None:
        """-d: makes directories, with those above them."""
        for path in self.call.operands:
            if await make_directory(self.call, path, 0o755, parents=True):
                await self.finish(path)
            else:
                self.code = 1

    async def file(self, source: str, target: str, copier: Copier) -> None:
        """Copies one file."""
        if self._is_directory(source):
            await self.call.warn(f"omitting directory '{source}'")
            self.code = 1
            return
        if not self._is_same(source, target):
            with suppress(OSError):
                self.call.proc.unlink(target)
        if not await copier.copy(source, target):
            self.code = 1
            return
        if "s" in self.call.options:  # the image has no such program
            await self.call.warn("strip: No such file or directory")
            self.code = 1
        await self.finish(target)

    def _is_directory(self, path: str) -> bool:
        try:
            return st.S_ISDIR(self.call.proc.stat(path).mode)
        except OSError:
            return False

    def _is_same(self, source: str, target: str) -> bool:
        try:
            first, second = self.call.proc.stat(source), self.call.proc.stat(target)
        except OSError:
            return False
        return (first.dev, first.ino) == (second.dev, second.ino)


async def _installer(call: Call) -> _Installer:
    accounts = await read_accounts(call.proc)
    uid = gid = -1
    mode = 0o755
    if (text := call.options.get("m")) is not None:
        parsed = parse_mode(text, 0o755, call.proc.umask)
        mode = 0o7777 if parsed is None else parsed  # what is no mode is all bits to busybox, as -1 is
    if (owner := call.options.get("o")) is not None:
        user = accounts.user(owner)
        if user is None and not owner.isdigit():
            call.die(f"unknown user {owner}")
        uid = user.uid if user is not None else int(owner)
    if (name := call.options.get("g")) is not None:
        group = accounts.group(name)
        if group is None and not name.isdigit():
            call.die(f"unknown group {name}")
        gid = group.gid if group is not None else int(name)
    return _Installer(call, mode, uid, gid)


@applet("install", "cvbDdpsg:m:o:t:", long_options=_LONG, operands=(1, None))
async def install(call: Call) -> int:
    """Copies files, or makes directories."""
    installer = await _installer(call)
    if "d" in call.options:
        await installer.directories()
        return installer.code
    sources = list(call.operands)
    target = call.options.get("t")
    into = target is not None
    if target is None:
        target = sources.pop()
        if not sources:
            call.usage()
        into = installer._is_directory(target)
    if "D" in call.options:
        await make_directory(call, target if into and "t" in call.options else parent(target), 0o755, parents=True)
    options = CopyOptions(follow=True, preserve="p" in call.options, verbose="v" in call.options)
    for source in sources:
        path = join(target, last_component(source)) if into else target
        await installer.file(source, path, Copier(call, options))
    return installer.code
