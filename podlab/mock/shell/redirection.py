"""Redirections: opening what they name, moving descriptors, and putting them back."""

import errno
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.shell.encoding import to_bytes, to_machine
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.syntax import HereDocument, Redirect, RedirectKind

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_PIPE_BUF: Final = 4096
_FIRST_SAVED: Final = 10
_FLAGS: Final = {
    RedirectKind.READ: O_RDONLY,
    RedirectKind.READ_WRITE: O_RDWR | O_CREAT,
    RedirectKind.WRITE: O_WRONLY | O_CREAT | O_TRUNC,
    RedirectKind.BOTH: O_WRONLY | O_CREAT | O_TRUNC,
    RedirectKind.CLOBBER: O_WRONLY | O_CREAT | O_TRUNC,
    RedirectKind.APPEND: O_WRONLY | O_CREAT | O_APPEND,
}


def error_words(number: int, missing: str) -> str:
    """An error's words; where the file (or its directory) is missing, ash has its own."""
    return missing if number in (errno.ENOENT, errno.ENOTDIR) else strerror(number)


@dataclass(frozen=True, slots=True)
class Target:
    """A redirection whose word has been expanded: to a path, to a descriptor, or (both None) to nothing, which closes."""

    kind: RedirectKind
    fd: int
    path: str | None = None
    source: int | None = None
    document: HereDocument | None = None


@dataclass(slots=True)
class Frame:
    """What redirections replaced: for each descriptor where it was saved, or None when it was closed."""

    saved: dict[int, int | None] = field(default_factory=dict)


async def expand_targets(shell: "Shell", redirects: tuple[Redirect, ...]) -> list[Target]:
    """Expands the words of redirections."""
    targets: list[Target] = []
    for redirect in redirects:
        kind, fd = redirect.kind, redirect.fd
        if redirect.target is None:
            targets.append(Target(kind, fd, document=redirect.document))
            continue
        text = await shell.expander.text(redirect.target)
        if redirect.target.source == "-" and kind in (RedirectKind.DUP_IN, RedirectKind.DUP_OUT):
            targets.append(Target(kind, fd))
        elif kind not in (RedirectKind.DUP_IN, RedirectKind.DUP_OUT):
            targets.append(Target(kind, fd, path=text))
        elif not text or (text.isdigit() and text.isascii()):
            number = int(text or "-1") & 0xFFFFFFFF  # an int, whatever it wraps to
            if number > 0x7FFFFFFF:
                raise ShellError("syntax error: bad fd number", line=shell.input_line)
            targets.append(Target(kind, fd, source=number))
        elif fd != 1:
            raise ShellError("redir error")
        else:
            targets.append(Target(RedirectKind.BOTH, fd, path=text))
    return targets


async def redirect(shell: "Shell", targets: list[Target], frame: Frame | None) -> None:
    """Carries out redirections; what they replace is saved in `frame` (or, without one, lost)."""
    process = shell.process
    for target in targets:
        fd = target.fd
        if target.path is None and target.document is None:
            if target.source == fd:
                continue
            _save(shell, fd, target.source, frame)
            if target.source is None:
                if fd in process.fds:
                    process.close(fd)
                continue
            _duplicate(shell, target.source, fd, frame)
            continue
        opened = await _open(shell, target)
        if opened == fd:
            if frame is not None:
                frame.saved.setdefault(fd, None)
            if target.kind is RedirectKind.BOTH and fd == 1:
                _save(shell, 2, 1, frame)
                process.dup2(1, 2)
            continue
        _save(shell, fd, opened, frame)
        _move(process, opened, fd)
        process.close(opened)
        if target.kind is RedirectKind.BOTH and fd == 1:
            _save(shell, 2, 1, frame)
            process.dup2(1, 2)


def _duplicate(shell: "Shell", source: int, fd: int, frame: Frame | None) -> None:
    """Makes `fd` a copy of `source`."""
    if shell.is_own_descriptor(source) or (frame is not None and source in frame.saved.values()):
        raise ShellError(f"{source}: {strerror(errno.EBADF)}")
    _move(shell.process, source, fd)


def _move(process: Process, source: int, fd: int) -> None:
    try:
        process.dup2(source, fd)
    except OSError as error:
        raise ShellError(f"dup2({source},{fd}): {strerror(error.errno or 0)}") from None


def _save(shell: "Shell", fd: int, avoid: int | None, frame: Frame | None) -> None:
    """Keeps a copy of what `fd` is, before it becomes something else."""
    shell.move_own_descriptor(fd)
    if frame is None:
        return
    process = shell.process
    lowest = max(_FIRST_SAVED, (avoid if avoid is not None else 0) + 1)
    for other, saved in frame.saved.items():
        if saved == fd:
            frame.saved[other] = process.dup(fd, lowest, cloexec=True)
            return
    if fd in frame.saved:
        return
    try:
        frame.saved[fd] = process.dup(fd, lowest, cloexec=True) if fd in process.fds else None
    except OSError as error:
        raise ShellError(f"fcntl({fd},F_DUPFD,{lowest}): {strerror(error.errno or 0)}") from None
    if fd == shell.trace_fd:
        shell.trace_fd = frame.saved[fd] or fd


class Redirecting:
    """A context in which redirections are in force; when it is left they are undone, or kept if `keep` was set.

    When the process becomes another program or dies, its descriptors are left alone.
    """

    __slots__ = ("frame", "keep", "shell")

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.frame = Frame()
        self.keep = False

    def __enter__(self) -> "Redirecting":
        self.shell.frames.append(self.frame)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, Exception):
            self.shell.frames.pop()
            (keep if self.keep and kind is None else restore)(self.shell, self.frame)


def restore_inherited(shell: "Shell") -> None:
    """Undoes, in a subshell, the redirections that were in force where it was forked (as ash does before the EXIT trap)."""
    while shell.inherited_frames:
        restore(shell, shell.inherited_frames.pop())


def restore(shell: "Shell", frame: Frame) -> None:
    """Undoes redirections."""
    process = shell.process
    for fd, saved in frame.saved.items():
        if saved is None:
            if fd in process.fds:
                process.close(fd)
        elif saved in process.fds:
            process.dup2(saved, fd)
            process.close(saved)
    frame.saved.clear()


def keep(shell: "Shell", frame: Frame) -> None:
    """Makes redirections permanent: what they replaced is closed for good (`exec >file`)."""
    for saved in frame.saved.values():
        if saved is not None:
            shell.process.close(saved)
    frame.saved.clear()


async def _open(shell: "Shell", target: Target) -> int:
    if target.document is not None:
        return await _here_document(shell, target.document)
    assert target.path is not None
    path = to_machine(target.path)
    kind = target.kind
    try:
        if shell.options.noclobber and kind in (RedirectKind.WRITE, RedirectKind.BOTH):
            return await _open_new(shell, path)
        return await shell.process.open(path, _FLAGS[kind], 0o666)
    except OSError as error:
        number = error.errno or 0
        if number == errno.EINTR:
            await shell.after_interruption()
        if kind is RedirectKind.READ:
            raise ShellError(f"can't open {target.path}: {error_words(number, 'no such file')}") from None
        raise ShellError(f"can't create {target.path}: {error_words(number, 'nonexistent directory')}") from None


async def _open_new(shell: "Shell", path: str) -> int:
    """Opens a file to be written under `set -C`: an ordinary file must not exist yet."""
    process = shell.process
    try:
        mode = process.stat(path).mode
    except OSError:
        return await process.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o666)
    if stat.S_ISREG(mode):
        raise OSError(errno.EEXIST, strerror(errno.EEXIST))
    return await process.open(path, O_WRONLY, 0o666)


async def _here_document(shell: "Shell", document: HereDocument) -> int:
    """A pipe from which the document can be read; a long one is written by a process of its own."""
    process = shell.process
    assert document.body is not None
    data = to_bytes(await shell.expander.here_document(document.body))
    reader, writer = process.pipe()
    if len(data) <= _PIPE_BUF:
        await process.write(writer, data)
    else:
        shell.fork_writer(reader, writer, data)
    process.close(writer)
    return reader
