"""Encrypted passwords of all schemes of crypt(3), and those of SHA: `$5$` and `$6$`, as Ulrich Drepper specified them."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from podlab.mock.programs.descrypt import des_crypt
from podlab.mock.programs.passwords import ALPHABET, md5_crypt

_ROUNDS: Final = re.compile(r"rounds=(\d+)\$")
_LEAST, _MOST, _USUAL = 1000, 999_999_999, 5000
HIGHEST_ROUNDS: Final = 50_000
"""More are refused: they would hold the whole mock up."""


Hash = Callable[[bytes], "hashlib._Hash"]


class TooManyRounds(Exception):
    """The salt asks for more rounds than the mock runs."""


def crypt(password: str, salt: str) -> str:
    """A password by the scheme of its salt, which may be a whole encrypted password. Raises `TooManyRounds`."""
    for kind in ("5", "6"):
        if salt.startswith(f"${kind}$"):
            return sha_crypt(password, salt, kind)
    return md5_crypt(password, salt) if salt.startswith("$1$") else des_crypt(password, salt)


def sha_crypt(password: str, salt: str, kind: str) -> str:
    """`$5$salt$hash` or `$6$salt$hash`.

    Args:
        password: As it was typed.
        salt: Up to 16 characters, `rounds=N$` before them, or a whole encrypted password.
        kind: `5` for SHA-256, `6` for SHA-512.

    Raises:
        TooManyRounds: More than `HIGHEST_ROUNDS`.
    """
    salt = salt.removeprefix(f"${kind}$")
    match = _ROUNDS.match(salt)
    rounds = max(_LEAST, min(int(match[1]), _MOST)) if match else _USUAL
    if rounds > HIGHEST_ROUNDS:
        raise TooManyRounds(f"{rounds} rounds of a password")
    salt = salt[match.end() if match else 0 :].partition("$")[0][:16]
    key, grain = password.encode(errors="surrogateescape"), salt.encode()
    new = hashlib.sha256 if kind == "5" else hashlib.sha512
    digest = _mixed(new(_beginning(key, grain, new)).digest(), key, grain, rounds, new)
    prefix = f"${kind}$" + (f"rounds={rounds}$" if match else "")
    return f"{prefix}{salt}${_letters_of(digest)}"


def _repeated(block: bytes, size: int) -> bytes:
    return (block * (size // len(block) + 1))[:size]


def _beginning(key: bytes, grain: bytes, new: Hash) -> bytes:
    inner = new(key + grain + key).digest()
    text = key + grain + _repeated(inner, len(key))
    bits = len(key)
    while bits:
        text += inner if bits & 1 else key
        bits >>= 1
    return text


def _mixed(digest: bytes, key: bytes, grain: bytes, rounds: int, new: Hash) -> bytes:
    p = _repeated(new(key * len(key)).digest(), len(key)) if key else b""
    s = _repeated(new(grain * (16 + digest[0])).digest(), len(grain)) if grain else b""
    for turn in range(rounds):
        text = p if turn & 1 else digest
        text += (s if turn % 3 else b"") + (p if turn % 7 else b"") + (digest if turn & 1 else p)
        digest = new(text).digest()
    return digest


def _letters_of(digest: bytes) -> str:
    """The digest in crypt's letters: three bytes at a time, in an order of its own."""
    size = len(digest)
    third = size // 3
    out = []
    triple = (0, third, 2 * third)
    for _ in range(third):
        a, b, c = triple
        value = digest[a] << 16 | digest[b] << 8 | digest[c]
        out.append("".join(ALPHABET[value >> 6 * place & 63] for place in range(4)))
        triple = (b + 1, c + 1, a + 1) if size == 64 else (c + 1, a + 1, b + 1)
    value, letters = (digest[63], 2) if size == 64 else (digest[31] << 8 | digest[30], 3)
    return "".join(out) + "".join(ALPHABET[value >> 6 * place & 63] for place in range(letters))
