"""Copying of files and trees, for cp, mv and install."""

import errno
import stat as st
from dataclasses import dataclass

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_WRONLY
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.files import Stat
from podlab.mock.programs.applet import Call
from podlab.mock.programs.files.asking import confirmed
from podlab.mock.programs.files.paths import join
from podlab.mock.shell.trampoline import Call as Deep

CHUNK = 65_536


@dataclass(slots=True)
class CopyOptions:
    """How to copy: the options of cp by name. `follow_first` holds for what was named on the command line alone."""

    recursive: bool = False
    follow: bool = False
    follow_first: bool = False
    preserve: bool = False
    interactive: bool = False
    no_overwrite: bool = False
    hard_link: bool = False
    symbolic_link: bool = False
    update: bool = False
    verbose: bool = False
    remove_first: bool = False


class Copier:
    """Copies; remembers the directories that it made (not to copy them into themselves) and files with several names."""

    def __init__(self, call: Call, options: CopyOptions) -> None:
        self.call = call
        self.proc = call.proc
        self.options = options
        self._made: set[tuple[int, int]] = set()
        self._copied: dict[tuple[int, int], str] = {}

    async def copy(self, source: str, target: str, first: bool = True) -> bool:
        """Copies `source` to the path `target` itself. Returns False, after saying why, when something failed."""
        options = self.options
        follow = options.follow or (first and options.follow_first)
        await self.proc.cpu(3_000)
        try:
            here = (self.proc.stat if follow else self.proc.lstat)(source)
        except OSError as error:
            if options.hard_link or options.symbolic_link:
                return await self._make_link(source, target)
            await self.call.warn_of(f"can't stat '{source}'", error)
            return False
        try:
            there = self.proc.lstat(target)
        except OSError as error:
            if error.errno != errno.ENOENT:
                await self.call.warn_of(f"can't stat '{target}'", error)
                return False
            there = None
        if there is not None and (here.dev, here.ino) == (there.dev, there.ino):
            await self.call.warn(f"'{source}' and '{target}' are the same file")
            return False
        if st.S_ISDIR(here.mode):
            return await self._copy_directory(source, here, target, there)
        if there is not None and ((options.update and here.mtime_ns <= there.mtime_ns) or options.no_overwrite):
            return True
        if options.hard_link or options.symbolic_link:
            return await self._make_link(source, target)
        if st.S_ISREG(here.mode) or (not options.recursive and not (st.S_ISLNK(here.mode) and not follow)):
            return await self._copy_file(source, here, target, follow)
        return await self._copy_special(source, here, target, there is not None)

    # --- directories ---

    async def _copy_directory(self, source: str, here: Stat, target: str, there: Stat | None) -> bool:
        if not self.options.recursive:
            await self.call.warn(f"omitting directory '{source}'")
            return False
        if (here.dev, here.ino) in self._made:
            await self.call.warn(f"recursion detected, omitting directory '{source}'")
            return False
        if there is not None and not st.S_ISDIR(there.mode):
            await self.call.warn(f"target '{target}' is not a directory")
            return False
        if there is None:
            try:
                self.proc.mkdir(target, here.mode & 0o7777 | 0o700)
                there = self.proc.lstat(target)
            except OSError as error:
                await self.call.warn_of(f"can't create directory '{target}'", error)
                return False
            made = True
        else:
            made = False
        self._made.add((there.dev, there.ino))
        try:
            names = self.proc.listdir(source)
        except OSError as error:
            await self.call.warn_of(f"can't open '{source}'", error)
            return False
        done = True
        for name in names:
            done &= await Deep(self.copy(join(source, name), join(target, name), first=False))
        await self.proc.cpu(2_000)
        if made:
            self.proc.chmod(target, here.mode & 0o7777 & ~self.proc.umask)
        await self._preserve(source, here, target)
        return done

    # --- files ---

    async def _copy_file(self, source: str, here: Stat, target: str, follow: bool) -> bool:
        key = (here.dev, here.ino)
        if not follow:
            if key in self._copied:
                return await self._link(self._copied[key], target, self.proc.link)
            self._copied[key] = target
        fd = await self._open_source(source)
        if fd < 0:
            return False
        mode = here.mode & 0o7777 if st.S_ISREG(here.mode) else 0o666
        try:
            into, skipped = await self._create(target, mode)
            if into < 0:
                return skipped
            done = await self._transfer(fd, into)
            self.proc.close(into)
        finally:
            self.proc.close(fd)
        if st.S_ISREG(here.mode):
            await self._preserve(source, here, target)
        return done

    async def _open_source(self, source: str) -> int:
        try:
            return await self.proc.open(source)
        except OSError as error:
            await self.call.warn_of(f"can't open '{source}'", error)
            return -1

    async def _create(self, target: str, mode: int) -> tuple[int, bool]:
        """Makes the new file: its descriptor, or -1 and whether that is well."""
        try:
            return await self.proc.open(target, O_WRONLY | O_CREAT | O_EXCL, mode), True
        except OSError as error:
            answer = await self._ask_and_unlink(target, error)
            if answer is not None:
                return -1, answer
        try:
            return await self.proc.open(target, O_WRONLY | O_CREAT | O_EXCL, mode), True
        except OSError as error:
            await self.call.warn_of(f"can't open '{target}'", error)
            return -1, False

    async def _transfer(self, fd: int, into: int) -> bool:
        while True:
            try:
                data = await self.proc.read(fd, CHUNK)
            except OSError as error:
                await self.call.warn_of("read error", error)
                return False
            if not data:
                return True
            await self.proc.cpu(len(data))
            try:
                await self.proc.write(into, data)
            except OSError as error:
                await self.call.warn_of("write error", error)
                return False

    async def _ask_and_unlink(self, target: str, error: OSError) -> bool | None:
        """Takes away what is in the way. None: try again; else whether to go on as if it had worked."""
        if self.options.interactive and not await confirmed(self.call, f"overwrite '{target}'"):
            return True
        try:
            self.proc.unlink(target)
        except OSError:
            await self.call.warn_of(f"can't create '{target}'", error)
            return False
        return None

    # --- links and special files ---

    async def _make_link(self, source: str, target: str) -> bool:
        return await self._link(source, target, self.proc.symlink if self.options.symbolic_link else self.proc.link)

    async def _link(self, source: str, target: str, function: "object") -> bool:
        assert callable(function)
        try:
            function(source, target)
        except OSError as error:
            answer = await self._ask_and_unlink(target, error)
            if answer is not None:
                return answer
            try:
                function(source, target)
            except OSError as again:
                await self.call.warn_of(f"can't create link '{target}'", again)
                return False
        return True

    async def _copy_special(self, source: str, here: Stat, target: str, exists: bool) -> bool:
        if exists:
            answer = await self._ask_and_unlink(target, unix_error(errno.EEXIST))
            if answer is not None:
                return answer
        try:
            if st.S_ISLNK(here.mode):
                text = self.proc.readlink(source)
                self.proc.symlink(text, target)
                if self.options.preserve:
                    self.proc.chown(target, here.uid, here.gid, follow=False)
                return True
            if not st.S_ISFIFO(here.mode):
                raise unix_error(errno.EPERM)
            self.proc.mkfifo(target, here.mode & 0o7777)
        except OSError as error:
            what = f"can't create symlink '{target}' to '{source}'" if st.S_ISLNK(here.mode) else f"can't create '{target}'"
            await self.call.warn_of(what, error)
            return False
        await self._preserve(source, here, target)
        return True

    async def _preserve(self, source: str, here: Stat, target: str) -> None:
        """Gives the copy what -p wants, and tells of it with -v."""
        if self.options.preserve:
            mode = here.mode & 0o7777
            try:
                self.proc.utime(target, here.atime_ns, here.mtime_ns)
            except OSError as error:
                await self.call.warn_of(f"can't preserve times of '{target}'", error)
            try:
                self.proc.chown(target, here.uid, here.gid)
            except OSError as error:
                mode &= 0o1777
                await self.call.warn_of(f"can't preserve ownership of '{target}'", error)
            try:
                self.proc.chmod(target, mode)
            except OSError as error:
                await self.call.warn_of(f"can't preserve permissions of '{target}'", error)
        if self.options.verbose:
            await self.call.out.write_text(f"'{source}' -> '{target}'\n")
