"""Arrays, and the order in which `for (k in a)` goes through one: that of busybox' hash table, which scripts can see."""

from typing import Final

from podlab.mock.programs.awk.values import UNSET, Value

FIRST_SIZE: Final = 61
SIZES: Final = (251, 1021, 4093, 16_381, 65_521)
LOAD: Final = 8


class Array(dict[str, Value]):
    """An array: an element that is asked for is there from then on."""

    def __missing__(self, key: str) -> Value:
        self[key] = UNSET
        return UNSET


def _hash(key: str) -> int:
    value = 0
    for char in key:
        value = (ord(char) + 63 * value) & 0xFFFFFFFF
    return value


def keys(array: Array) -> list[str]:
    """The keys, as busybox' table has them: by bucket, and in a bucket the last one first; growing turns the buckets over."""
    size = FIRST_SIZE
    buckets: list[list[str]] = [[] for _ in range(size)]
    growth = 0
    hashes = {}
    for count, key in enumerate(array, 1):
        hashes[key] = _hash(key)
        if count > size * LOAD and growth < len(SIZES):
            size = SIZES[growth]
            growth += 1
            old, buckets = buckets, [[] for _ in range(size)]
            for bucket in old:
                for moved in reversed(bucket):
                    buckets[hashes[moved] % size].append(moved)
        buckets[hashes[key] % size].append(key)
    return [key for bucket in buckets for key in reversed(bucket)]
