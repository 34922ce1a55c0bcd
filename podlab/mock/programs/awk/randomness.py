"""random(3) of the C library, which rand of awk draws on: the same seed gives the same numbers."""

from typing import Final

MASK: Final = 0xFFFFFFFF


class Random:
    """The additive feedback generator of glibc."""

    def __init__(self, seed: int) -> None:
        word = seed & MASK or 1
        if word >> 31:
            word -= 1 << 32
        state = [word & MASK]
        for _ in range(30):
            high = int(word / 127_773)
            word = 16_807 * (word - high * 127_773) - 2836 * high
            if word < 0:
                word += 2_147_483_647
            state.append(word)
        self._state = state
        self._at = 3
        for _ in range(310):
            self.next()

    def next(self) -> int:
        """The next number, 31 bits."""
        state, at = self._state, self._at
        value = (state[at] + state[at - 3]) & MASK if at >= 3 else (state[at] + state[at + 28]) & MASK
        state[at] = value
        self._at = (at + 1) % 31
        return value >> 1

    def fraction(self) -> float:
        """A number from 0 to 1, as busybox makes it of three."""
        low = (self.next() << 16 ^ self.next()) & MASK
        return float(self.next() << 32 | low) / float(1 << 63)
