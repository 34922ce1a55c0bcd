"""The oldest scheme of crypt(3): 25 times DES over a block of zeros, with the password as key and the salt stirred into E."""

from typing import Final

from podlab.mock.programs.passwords import ALPHABET

Bits = list[int]

_IP: Final = [bit for first in (58, 60, 62, 64, 57, 59, 61, 63) for bit in range(first, 0, -8)]
_PC1: Final = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
    63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
]  # fmt: skip
_PC2: Final = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
]  # fmt: skip
_SHIFTS: Final = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1]
_E: Final = [(4 * block + place) % 32 or 32 for block in range(8) for place in range(6)]
_P: Final = [
    16,
    7,
    20,
    21,
    29,
    12,
    28,
    17,
    1,
    15,
    23,
    26,
    5,
    18,
    31,
    10,
    2,
    8,
    24,
    14,
    32,
    27,
    3,
    9,
    19,
    13,
    30,
    6,
    22,
    11,
    4,
    25,
]
_FP: Final = [column + step for step in range(0, -8, -1) for column in (40, 8, 48, 16, 56, 24, 64, 32)]
_BOXES: Final = [
    (14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
     4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13),
    (15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
     0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9),
    (10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
     13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12),
    (7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
     10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14),
    (2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
     4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3),
    (12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
     9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13),
    (4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
     1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12),
    (13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
     7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11),
]  # fmt: skip


def _keys(password: str) -> list[Bits]:
    raw = password.encode(errors="surrogateescape")[:8].ljust(8, b"\0")
    key = [byte >> place & 1 for byte in raw for place in (6, 5, 4, 3, 2, 1, 0, 7)]
    halves = [key[at - 1] for at in _PC1]
    left, right = halves[:28], halves[28:]
    keys = []
    for shift in _SHIFTS:
        left, right = left[shift:] + left[:shift], right[shift:] + right[:shift]
        both = left + right
        keys.append([both[at - 1] for at in _PC2])
    return keys


def _round(right: Bits, key: Bits, expansion: list[int]) -> Bits:
    mixed = [right[at - 1] ^ bit for at, bit in zip(expansion, key, strict=True)]
    out: Bits = []
    for box, at in zip(_BOXES, range(0, 48, 6), strict=True):
        a, b, c, d, e, f = mixed[at : at + 6]
        value = box[(a << 1 | f) << 4 | b << 3 | c << 2 | d << 1 | e]
        out += [value >> place & 1 for place in (3, 2, 1, 0)]
    return [out[at - 1] for at in _P]


def des_crypt(password: str, salt: str) -> str:
    """The salt's two letters and eleven of the hash; only the password's first eight bytes count."""
    salt = salt[:2]
    expansion = list(_E)
    for place, letter in enumerate(salt):
        value = max(ALPHABET.find(letter), 0)
        for bit in range(6):
            if value >> bit & 1:
                at = 6 * place + bit
                expansion[at], expansion[at + 24] = expansion[at + 24], expansion[at]
    keys = _keys(password)
    block: Bits = [0] * 64
    for _ in range(25):
        block = [block[at - 1] for at in _IP]
        left, right = block[:32], block[32:]
        for key in keys:
            left, right = right, [a ^ b for a, b in zip(left, _round(right, key, expansion), strict=True)]
        both = right + left
        block = [both[at - 1] for at in _FP]
    bits = [*block, 0, 0]
    letters = (bits[at : at + 6] for at in range(0, 66, 6))
    return salt + "".join(ALPHABET[sum(bit << 5 - place for place, bit in enumerate(six))] for six in letters)
