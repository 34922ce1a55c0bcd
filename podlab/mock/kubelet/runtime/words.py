"""The runtime's own words for what cannot be started, as runc and containerd say them."""

import errno

from podlab.mock.machine.errors import strerror

_RUNC_PREFIX = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
    "unable to start container process: "
)
CREATE_PREFIX = f"{_RUNC_PREFIX}error during container init: "
TOO_LITTLE_MEMORY = f"{_RUNC_PREFIX}container init was OOM-killed (memory limit too low?)"
LEAST_MEMORY = 4 << 20
"""Bytes of memory with which runc still starts a container; with three MiB it does not."""
EXEC_PREFIX = "OCI runtime exec failed: exec failed: unable to start container process: "


def start_failure(command: str, error: OSError) -> str:
    """Why a container's first process could not be started."""
    return CREATE_PREFIX + exec_words(command, error)


def exec_failure(exec_id: str, command: str, error: OSError) -> str:
    """Why a command could not be started in a running container."""
    return f'failed to exec in container: failed to start exec "{exec_id}": {EXEC_PREFIX}{exec_words(command, error)}'


def exec_words(command: str, error: OSError) -> str:
    """What Go's exec says of a command that was not found or cannot be run."""
    number = error.errno or errno.EIO
    words = strerror(number).lower()
    if number == errno.ENOENT and "/" not in command:
        return f'exec: "{command}": executable file not found in $PATH'
    if number in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
        return f'exec: "{command}": stat {command}: {words}'
    if number == errno.ENOEXEC:
        return f"exec {command}: {words}"
    if number == errno.EISDIR:
        return f'exec: "{command}": is a directory'
    return f'exec: "{command}": {words}'
