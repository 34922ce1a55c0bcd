"""Random sequences of file operations, on the simulated machine and on a real directory: the same results, the same errors."""

import errno
import os
import stat as st
import sys
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as hs

from podlab.mock.kernel import Kernel
from podlab.mock.machine.container import ContainerConfig, Sink
from podlab.mock.machine.descriptors import (
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
)
from podlab.mock.machine.inodes import Directory, FileSystem
from podlab.mock.machine.node import Machine, program_file
from podlab.mock.machine.process import Process

Step = tuple[str, tuple[Any, ...]]

NAMES = ["a", "b", "a/a", "a/b", "b/a", "a/a/b", "a/", "b/", "a/.", "a/..", ".", "a/../b", "a/b/../..", "./b", "b//a", "", "c/x"]
paths = hs.sampled_from(NAMES)
modes = hs.sampled_from([0o644, 0o600, 0o755, 0o700, 0o400, 0o000, 0o1777, 0o2755])
flags = hs.sampled_from(
    [
        O_RDONLY,
        O_WRONLY | O_CREAT,
        O_RDWR | O_CREAT | O_TRUNC,
        O_WRONLY | O_APPEND | O_CREAT,
        O_WRONLY | O_CREAT | O_EXCL,
        O_RDWR,
        O_RDONLY | O_NOFOLLOW,
        O_RDONLY | O_DIRECTORY,
        O_WRONLY | O_TRUNC,
    ]
)
data = hs.sampled_from([b"", b"x", b"hello", b"0123456789" * 7, b"\0" * 5000])
offsets = hs.sampled_from([0, 1, 7, 4096, 70_000])
fds = hs.integers(0, 2)
steps = hs.one_of(
    hs.tuples(hs.just("mkdir"), hs.tuples(paths, modes)),
    hs.tuples(hs.just("rmdir"), hs.tuples(paths)),
    hs.tuples(hs.just("unlink"), hs.tuples(paths)),
    hs.tuples(hs.just("rename"), hs.tuples(paths, paths)),
    hs.tuples(hs.just("link"), hs.tuples(paths, paths)),
    hs.tuples(hs.just("symlink"), hs.tuples(paths, paths)),
    hs.tuples(hs.just("readlink"), hs.tuples(paths)),
    hs.tuples(hs.just("open"), hs.tuples(paths, flags, modes)),
    hs.tuples(hs.just("close"), hs.tuples(fds)),
    hs.tuples(hs.just("read"), hs.tuples(fds, hs.sampled_from([1, 10, 100_000]))),
    hs.tuples(hs.just("write"), hs.tuples(fds, data)),
    hs.tuples(hs.just("seek"), hs.tuples(fds, offsets, hs.integers(0, 2))),
    hs.tuples(hs.just("ftruncate"), hs.tuples(fds, offsets)),
    hs.tuples(hs.just("truncate"), hs.tuples(paths, offsets)),
    hs.tuples(hs.just("stat"), hs.tuples(paths)),
    hs.tuples(hs.just("lstat"), hs.tuples(paths)),
    hs.tuples(hs.just("fstat"), hs.tuples(fds)),
    hs.tuples(hs.just("listdir"), hs.tuples(paths)),
    hs.tuples(hs.just("chmod"), hs.tuples(paths, modes)),
    hs.tuples(hs.just("access"), hs.tuples(paths, hs.sampled_from([0, 1, 2, 4, 6]))),
    hs.tuples(hs.just("umask"), hs.tuples(hs.sampled_from([0, 0o22, 0o77]))),
    hs.tuples(hs.just("chdir"), hs.tuples(paths)),
)


def _shown(found: Any) -> tuple[int, ...]:
    """What of a stat can be compared: type and permissions, links of files, size of files."""
    kind = st.S_IFMT(found[0])
    return (found[0], found[1] if kind != st.S_IFDIR else -1, found[2] if kind != st.S_IFDIR else -1)


class Real:
    """A real directory."""

    def __init__(self, folder: str) -> None:
        self.fds: list[int] = []
        os.chdir(folder)
        os.umask(0o22)

    def do(self, name: str, arguments: tuple[Any, ...]) -> Any:
        match name:
            case "open":
                self.fds.append(os.open(*arguments))
                return "opened"
            case "close":
                return os.close(self.fds.pop(arguments[0]))
            case "read":
                return os.read(self.fds[arguments[0]], arguments[1])
            case "write":
                return os.write(self.fds[arguments[0]], arguments[1])
            case "seek":
                if st.S_ISDIR(os.fstat(self.fds[arguments[0]]).st_mode):
                    return "a directory"
                return os.lseek(self.fds[arguments[0]], *arguments[1:])
            case "ftruncate":
                return os.ftruncate(self.fds[arguments[0]], arguments[1])
            case "stat" | "lstat":
                found = getattr(os, name)(*arguments)
                return _shown((found.st_mode, found.st_nlink, found.st_size))
            case "fstat":
                found = os.fstat(self.fds[arguments[0]])
                return _shown((found.st_mode, found.st_nlink, found.st_size))
            case "listdir":
                return sorted(os.listdir(arguments[0] or "\0"))
            case "access":
                return os.access(*arguments, effective_ids=False)
            case "umask":
                os.umask(arguments[0])
                return None
            case "link":
                return os.link(*arguments, follow_symlinks=False)
        return getattr(os, name)(*arguments)

    def finish(self) -> None:
        for fd in self.fds:
            os.close(fd)


class Simulated:
    """The same calls of a simulated process."""

    def __init__(self, proc: Process) -> None:
        self.proc = proc
        self.fds: list[int] = []

    async def do(self, name: str, arguments: tuple[Any, ...]) -> Any:
        proc = self.proc
        match name:
            case "open":
                self.fds.append(await proc.open(*arguments))
                return "opened"
            case "close":
                return proc.close(self.fds.pop(arguments[0]))
            case "read":
                return await proc.read(self.fds[arguments[0]], arguments[1])
            case "write":
                return await proc.write(self.fds[arguments[0]], arguments[1])
            case "seek":
                if st.S_ISDIR(proc.fstat(self.fds[arguments[0]]).mode):
                    return "a directory"
                return proc.lseek(self.fds[arguments[0]], *arguments[1:])
            case "ftruncate":
                return proc.ftruncate(self.fds[arguments[0]], arguments[1])
            case "stat" | "lstat":
                found = getattr(proc, name)(*arguments)
                return _shown((found.mode, found.nlink, found.size))
            case "fstat":
                found = proc.fstat(self.fds[arguments[0]])
                return _shown((found.mode, found.nlink, found.size))
            case "listdir":
                return sorted(proc.listdir(arguments[0]))
            case "access":
                try:
                    proc.access(*arguments)
                except OSError:
                    return False
                return True
            case "umask":
                proc.umask = arguments[0]
                return None
        return getattr(proc, name)(*arguments)


def outcome(error: BaseException) -> str:
    if isinstance(error, IndexError):
        return "no such descriptor"
    if isinstance(error, ValueError):
        return "ENOENT"
    assert isinstance(error, OSError), error
    return errno.errorcode[error.errno or 0]


def really(sequence: list[Step], uid: int) -> list[Any]:
    """Plays in a child, so that owner, umask and directory are its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            results = []
            try:
                if uid:
                    os.setgroups([])
                    os.setgid(uid)
                    os.setuid(uid)
                real = Real(folder)
                for name, arguments in sequence:
                    try:
                        results.append(real.do(name, arguments))
                    except (OSError, IndexError, ValueError) as error:
                        results.append(outcome(error))
                os.write(writer, repr(results).encode())
            finally:
                os._exit(0)
        os.close(writer)
        text = b""
        while piece := os.read(reader, 1 << 20):
            text += piece
        os.close(reader)
        os.waitpid(child, 0)
        for top, folders, _ in os.walk(folder):
            for each in folders:
                os.chmod(os.path.join(top, each), 0o700, follow_symlinks=True) if not os.path.islink(
                    os.path.join(top, each)
                ) else None
        return eval(text)  # type: ignore[no-any-return]


def simulate(sequence: list[Step], uid: int) -> list[Any]:
    results: list[Any] = []

    async def main(proc: Process) -> int:
        proc.mkdir("/tmp/work")
        proc.chmod("/tmp/work", 0o777)
        proc.chdir("/tmp/work")
        proc.uid = proc.gid = uid
        simulated = Simulated(proc)
        for name, arguments in sequence:
            try:
                results.append(await simulated.do(name, arguments))
            except (OSError, IndexError, ValueError) as error:
                results.append(outcome(error))
        return 0

    run(main)
    return results


def run(main: Callable[[Process], Awaitable[int]]) -> None:
    kernel = Kernel()
    machine = Machine(kernel, {"main": main})
    fs = FileSystem(kernel, "image")
    root, folder = Directory(fs), Directory(fs)
    root.link("bin", folder)
    root.link("tmp", Directory(fs, 0o1777))
    folder.link("main", program_file(fs, "main"))
    container = machine.create(ContainerConfig("test", root, ["main"], {"PATH": "/bin"}))
    sink = Sink(lambda _: None)
    container.start(None, sink, sink)
    kernel.run_until(condition=lambda: container.exit_code is not None)
    if machine.crashes:
        raise machine.crashes[0][1]
    kernel.close()


@pytest.mark.skipif(sys.platform != "linux", reason="compares with Linux")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hs.lists(steps, max_size=25))
def test_root_gets_what_linux_gives(sequence: list[Step]) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root")
    assert simulate(sequence, 0) == really(sequence, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="compares with Linux")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hs.lists(steps, max_size=25))
def test_user_gets_what_linux_gives(sequence: list[Step]) -> None:
    uid = 1000 if os.geteuid() == 0 else 0
    assert simulate(sequence, uid or os.geteuid()) == really(sequence, uid)
