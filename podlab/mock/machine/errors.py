"""Errors of the simulated Linux: `OSError` with Linux' own numbers and words, whatever the host is.

The host's `errno` differs between platforms (ECONNREFUSED is 111 on Linux and 61 on macOS), and so do its words. The mock uses
the host's *names* from the `errno` module and prints Linux' words for them, as glibc's strerror does.
"""

import errno
from typing import Final

_WORDS: Final = {
    "EPERM": "Operation not permitted",
    "ENOENT": "No such file or directory",
    "ESRCH": "No such process",
    "EINTR": "Interrupted system call",
    "EIO": "Input/output error",
    "ENXIO": "No such device or address",
    "E2BIG": "Argument list too long",
    "ENOEXEC": "Exec format error",
    "EBADF": "Bad file descriptor",
    "ECHILD": "No child processes",
    "EAGAIN": "Resource temporarily unavailable",
    "ENOMEM": "Cannot allocate memory",
    "EACCES": "Permission denied",
    "EBUSY": "Device or resource busy",
    "EEXIST": "File exists",
    "EXDEV": "Invalid cross-device link",
    "ENODEV": "No such device",
    "ENOTDIR": "Not a directory",
    "EISDIR": "Is a directory",
    "EINVAL": "Invalid argument",
    "ENFILE": "Too many open files in system",
    "EMFILE": "Too many open files",
    "ENOTTY": "Inappropriate ioctl for device",
    "ETXTBSY": "Text file busy",
    "EFBIG": "File too large",
    "ENOSPC": "No space left on device",
    "ESPIPE": "Illegal seek",
    "EROFS": "Read-only file system",
    "EMLINK": "Too many links",
    "EPIPE": "Broken pipe",
    "EDOM": "Numerical argument out of domain",
    "ENODATA": "No data available",
    "ERANGE": "Numerical result out of range",
    "ENAMETOOLONG": "File name too long",
    "ENOSYS": "Function not implemented",
    "ENOTEMPTY": "Directory not empty",
    "ELOOP": "Too many levels of symbolic links",
    "ENOTSOCK": "Socket operation on non-socket",
    "EDESTADDRREQ": "Destination address required",
    "EMSGSIZE": "Message too long",
    "EPROTONOSUPPORT": "Protocol not supported",
    "ESOCKTNOSUPPORT": "Socket type not supported",
    "EOPNOTSUPP": "Operation not supported",
    "EAFNOSUPPORT": "Address family not supported by protocol",
    "EADDRINUSE": "Address already in use",
    "EADDRNOTAVAIL": "Cannot assign requested address",
    "ENETUNREACH": "Network is unreachable",
    "ECONNABORTED": "Software caused connection abort",
    "ECONNRESET": "Connection reset by peer",
    "ENOBUFS": "No buffer space available",
    "EISCONN": "Transport endpoint is already connected",
    "ENOTCONN": "Transport endpoint is not connected",
    "ETIMEDOUT": "Connection timed out",
    "ECONNREFUSED": "Connection refused",
    "EHOSTUNREACH": "No route to host",
    "EINPROGRESS": "Operation now in progress",
    "EDQUOT": "Disk quota exceeded",
}

WORDS: Final = {getattr(errno, name): text for name, text in _WORDS.items() if hasattr(errno, name)}
"""Linux' words for each error number of the host."""


def strerror(number: int) -> str:
    """Linux' words for an error number."""
    return WORDS.get(number, f"Unknown error {number}")


def unix_error(number: int, path: str | None = None) -> OSError:
    """An OSError of that number with Linux' words; `path` is the file that it is about."""
    return OSError(number, strerror(number), path) if path is not None else OSError(number, strerror(number))
