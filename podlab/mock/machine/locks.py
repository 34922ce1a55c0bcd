"""Advisory locks on whole files, as flock(2) takes them: they belong to open file descriptions, and go with them."""

import errno

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.core import ProcessCore
from podlab.mock.machine.descriptors import OpenFile
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Inode


class FileLock:
    """Who holds an inode's lock: descriptions, each with whether it shares it."""

    def __init__(self, inode: Inode) -> None:
        self.changed = WaitQueue(inode.fs.kernel)
        self._inode = inode
        self._holders: dict[OpenFile, bool] = {}

    def take(self, file: OpenFile, shared: bool) -> bool:
        """Gives a description the lock, in place of the one that it holds. False while others are in the way."""
        others = [holds_shared for holder, holds_shared in self._holders.items() if holder is not file]
        if others and not (shared and all(others)):
            return False
        self._holders[file] = shared
        file.lock = self
        self.changed.wake_all()
        return True

    def release(self, file: OpenFile) -> None:
        """Gives the lock back, if the description holds it."""
        if self._holders.pop(file, None) is not None:
            file.lock = None
            self.changed.wake_all()
            if not self._holders:
                self._inode.fs.locks.pop(self._inode, None)


async def flock(proc: ProcessCore, file: OpenFile, shared: bool, wait: bool = True) -> None:
    """Locks what a description refers to. Raises EWOULDBLOCK when it may not wait, EBADF where there is nothing to lock."""
    if file.inode is None:
        raise unix_error(errno.EBADF)
    locks = file.inode.fs.locks
    while not (lock := locks.setdefault(file.inode, FileLock(file.inode))).take(file, shared):
        if not wait:
            raise unix_error(errno.EWOULDBLOCK)
        lock.release(file)  # a lock that is changed is given back first
        await proc.block(lock.changed)


def unlock(file: OpenFile) -> None:
    """Gives back the lock that a description holds, if any."""
    if file.lock is not None:
        file.lock.release(file)
