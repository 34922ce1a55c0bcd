"""Encrypted passwords: the MD5 scheme of crypt(3), and how one is checked."""

import hashlib
from typing import Final

ALPHABET: Final = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ORDER: Final = ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5))


def md5_crypt(password: str, salt: str) -> str:
    """`$1$salt$hash`. `salt` may be a whole encrypted password."""
    salt = salt.removeprefix("$1$").partition("$")[0][:8]
    key, grain = password.encode(errors="surrogateescape"), salt.encode()
    inner = hashlib.md5(key + grain + key, usedforsecurity=False).digest()
    mixed = key + b"$1$" + grain + (inner * (len(key) // 16 + 1))[: len(key)]
    bits = len(key)
    while bits:
        mixed += b"\0" if bits & 1 else key[:1]
        bits >>= 1
    digest = hashlib.md5(mixed, usedforsecurity=False).digest()
    for turn in range(1000):
        text = key if turn & 1 else digest
        text += (grain if turn % 3 else b"") + (key if turn % 7 else b"") + (digest if turn & 1 else key)
        digest = hashlib.md5(text, usedforsecurity=False).digest()
    return (
        f"$1${salt}$"
        + "".join(_letters(digest[a] << 16 | digest[b] << 8 | digest[c], 4) for a, b, c in _ORDER)
        + _letters(digest[11], 2)
    )


def _letters(value: int, count: int) -> str:
    return "".join(ALPHABET[value >> 6 * index & 63] for index in range(count))


def password_matches(password: str, stored: str) -> bool:
    """Whether a password is the stored one, plain or encrypted by the MD5 scheme; `is_modelled` tells of others."""
    if stored.startswith("$1$"):
        return md5_crypt(password, stored) == stored
    return not stored.startswith("$") and password == stored


def is_modelled(stored: str) -> bool:
    """Whether `password_matches` knows the scheme of a stored password."""
    return not stored.startswith(("$", "*")) or stored.startswith("$1$")
