"""tar: archives of files, made, listed and unpacked."""

import stat as st
import tarfile
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.archive.formats import KINDS, LONGEST_MAGIC, Damaged, kind_of
from podlab.mock.programs.archive.members import Members, WrongArchive
from podlab.mock.programs.archive.source import Source
from podlab.mock.programs.archive.tarmaking import create
from podlab.mock.programs.archive.taroptions import NO_PERMISSIONS, NUMERIC, OVERWRITE, Wish, enter, make_parents, read_wish
from podlab.mock.programs.process.running import exec_shell
from podlab.mock.programs.users import Accounts, read_accounts

_MEMBER_NS: Final = 3000
_MODES: Final = {
    tarfile.DIRTYPE: st.S_IFDIR,
    tarfile.SYMTYPE: st.S_IFLNK,
    tarfile.FIFOTYPE: st.S_IFIFO,
    tarfile.CHRTYPE: st.S_IFCHR,
}


@applet("tar", None)
async def tar(call: Call) -> int:
    """Makes (-c), unpacks (-x) or lists (-t) an archive."""
    wish = await read_wish(call)
    if wish.mode == "c":
        return await create(call, wish)
    source = await _open(call, wish)
    if wish.folder:
        enter(call, wish.folder)
    try:
        return await Unpacker(call, wish, Members(source), await read_accounts(call.proc)).run()
    except WrongArchive as error:
        call.die(str(error))


async def _open(call: Call, wish: Wish) -> Source:
    """What the archive holds, made whole when it is compressed."""
    reader = await call.open_or_die(wish.file)
    packed = Source(call.proc, reader.read)
    head = await packed.begin(LONGEST_MAGIC)
    kind = KINDS[wish.packing] if wish.packing else kind_of(head)
    if kind is None:
        return packed
    if kind.demands_magic and not head.startswith(kind.magic):
        await call.warn("invalid magic")
        call.die("short read")
    parts = kind.unpack(packed)

    async def fetch() -> bytes:
        try:
            return await anext(parts, b"")
        except Damaged as damaged:
            await call.warn(str(damaged))
            return b""

    return Source(call.proc, fetch)


class Unpacker:
    """Goes through an archive's members."""

    def __init__(self, call: Call, wish: Wish, members: Members, accounts: Accounts) -> None:
        self.call = call
        self.wish = wish
        self.members = members
        self.accounts = accounts
        self._seen: set[str] = set()
        self._told: set[str] = set()

    async def run(self) -> int:
        """Lists or unpacks what was asked for."""
        wish, call = self.wish, self.call
        while (info := await self.members.following()) is not None:
            name = info.name.rstrip("/")
            if not self._wanted(name) or wish.excludes(name):
                continue
            await call.proc.cpu(_MEMBER_NS)
            info.name = name
            if wish.strip and not self._strip(info):
                continue
            if wish.mode == "t":
                await call.out.write_text(_listed(info, wish))
                continue
            if "v" in wish.flags:
                shown = info.name + ("/" if info.isdir() else "") + "\n"
                await (call.error if "O" in wish.flags else call.out.write_text)(shown)
            await self._extract(info)
        missing = [name for name in wish.names if name not in self._seen]
        for name in missing:
            await call.warn(f"{name}: not found in archive")
        return int(bool(missing))

    def _wanted(self, name: str) -> bool:
        if not self.wish.chosen:
            return True
        found = [wanted for wanted in self.wish.names if name == wanted or name.startswith(wanted + "/")]
        self._seen.update(found)
        return bool(found)

    def _strip(self, info: tarfile.TarInfo) -> bool:
        """Takes components from the front of a name; False when nothing is left."""
        info.name = "/".join(info.name.split("/")[self.wish.strip :])
        if info.islnk():
            info.linkname = "/".join(info.linkname.split("/")[self.wish.strip :])
        return bool(info.name)

    async def _extract(self, info: tarfile.TarInfo) -> None:
        wish, call = self.wish, self.call
        path = await self._safe(info.name)
        if not path:
            return
        if "O" in wish.flags:
            async for part in self.members.content():
                await call.out.write(part)
        elif wish.command is not None:
            if info.isreg():
                await self._pipe(wish.command, info)
        elif await self._make(info, path):
            self._dress(info, path)

    async def _safe(self, path: str) -> str:
        bare = path.lstrip("/")
        if bare != path and "/" not in self._told:
            self._told.add("/")
            await self.call.warn("removing leading '/' from member names")
        if ".." in bare.split("/"):
            self.call.die(f"name with '..' encountered: '{bare}'")
        return bare

    async def _make(self, info: tarfile.TarInfo, path: str) -> bool:
        """Makes a file in the place of one that is there. False when the old one is left."""
        proc, wish, call = self.call.proc, self.wish, self.call
        make_parents(proc, path)
        if info.isdir():
            with suppress(FileExistsError):
                proc.mkdir(path, 0o755)
            return True
        if "k" not in wish.flags and OVERWRITE not in wish.flags:
            with suppress(FileNotFoundError, IsADirectoryError, PermissionError):
                proc.unlink(path)
        try:
            if info.issym():
                proc.symlink(info.linkname, path)
            elif info.islnk():
                proc.link(info.linkname, path)
            elif info.isfifo():
                proc.mkfifo(path)
            else:
                fd = await proc.open(path, O_WRONLY | O_CREAT | (O_TRUNC if OVERWRITE in wish.flags else O_EXCL), 0o600)
                async for part in self.members.content():
                    await proc.write(fd, part)
                proc.close(fd)
        except OSError as error:
            what = (
                f"can't create {'sym' if info.issym() else 'hard'}link '{path}' to '{info.linkname}'"
                if info.issym() or info.islnk()
                else f"can't open '{path}'"
            )
            call.die(f"{what}: {strerror(error.errno or 0)}")
        return not info.islnk()

    def _dress(self, info: tarfile.TarInfo, path: str) -> None:
        """Gives a file its owner, permissions and time."""
        proc, flags = self.call.proc, self.wish.flags
        owned = "o" not in flags and proc.uid == 0
        if owned:
            user, group = (None, None) if NUMERIC in flags else (self.accounts.user(info.uname), self.accounts.group(info.gname))
            proc.chown(path, user.uid if user else info.uid, group.gid if group else info.gid, follow=False)
        if info.issym():
            return
        mode = info.mode & 0o7777
        proc.chmod(path, _as_created(mode & ~proc.umask, info.isdir(), owned) if NO_PERMISSIONS in flags else mode)
        if "m" not in flags:
            proc.utime(path, int(info.mtime) * 10**9, int(info.mtime) * 10**9)

    async def _pipe(self, command: str, info: tarfile.TarInfo) -> None:
        """Runs a shell's command with a member as its input."""
        call, proc = self.call, self.call.proc
        reading, writing = proc.pipe()

        async def body(child: Process) -> int:
            child.dup2(reading, 0)
            child.close(reading)
            child.close(writing)
            child.env.update({
                "TAR_FILETYPE": "f", "TAR_MODE": f"{info.mode:03o}", "TAR_FILENAME": info.name, "TAR_REALNAME": info.name,
                "TAR_UNAME": info.uname, "TAR_GNAME": info.gname, "TAR_SIZE": str(info.size), "TAR_UID": str(info.uid),
                "TAR_GID": str(info.gid),
            })  # fmt: skip
            await exec_shell(child, command)
            return 1

        await call.out.flush()
        child = proc.fork(body)
        proc.close(reading)
        async for part in self.members.content():
            await proc.write(writing, part)
        proc.close(writing)
        await proc.waitpid(child.pid)


def _listed(info: tarfile.TarInfo, wish: Wish) -> str:
    name = info.name + ("/" if info.isdir() else "")
    if "v" not in wish.flags:
        return name + "\n"
    mode = _MODES.get(info.type, st.S_IFREG) | info.mode
    owner = f"{info.uname or info.uid}/{info.gname or info.gid}"
    moment = datetime.fromtimestamp(info.mtime, UTC).strftime("%Y-%m-%d %H:%M:%S")
    link = f" -> {info.linkname}" if info.linkname else ""
    return f"{st.filemode(mode)} {owner} {info.size:9d} {moment} {name}{link}\n"


def _as_created(mode: int, folder: bool, owned: bool) -> int:
    """What the kernel leaves of permissions: a directory gets no set-ID bits, a file loses them to a new owner."""
    if folder:
        return mode & ~0o6000
    if not owned:
        return mode
    return mode & ~(0o6000 if mode & 0o010 else 0o4000)
