r"""Writes a tree as a pattern for Python's `re` or for RE2, and says which of them can stand in for POSIX matching.

`re` matches the first way that it finds, POSIX the longest. They agree when nothing but single bytes (or alternatives of one
length) is
repeated: then a match that takes bytes as early as it can leaves the most for what follows. `re` may also take time that grows
with a power of the text's length, one for each repetition without end. RE2 does what POSIX wants, in linear time, but knows no
backreferences, and of the words' edges only `\b` and `\B`.
"""

from typing import Final

from podlab.mock.programs.regex.nodes import (
    ALL_BYTES,
    WORD,
    At,
    Backreference,
    Bytes,
    Choice,
    Group,
    Node,
    Repeat,
    Sequence,
)

RE2_MAX_REPEAT: Final = 1000
FEW_OPTIONS: Final = 4

_PLACES_RE: Final = {
    At.BEGIN: r"\A",
    At.END: r"\Z",
    At.WORD_BEGIN: r"\b(?=\w)",
    At.WORD_END: r"\b(?<=\w)",
    At.WORD_EDGE: r"\b",
    At.NOT_WORD_EDGE: r"(?!\b)",
}
_PLACES_RE2: Final = {
    At.BEGIN: r"\A",
    At.END: r"\z",
    At.WORD_BEGIN: r"\b",
    At.WORD_END: r"\b",
    At.WORD_EDGE: r"\b",
    At.NOT_WORD_EDGE: r"\B",
}


def emit(node: Node, for_re2: bool) -> str:
    """The pattern, in Latin-1."""
    match node:
        case Bytes(mask):
            return _emit_set(mask)
        case At():
            return (_PLACES_RE2 if for_re2 else _PLACES_RE)[node]
        case Sequence(items):
            return "".join(emit(item, for_re2) for item in items)
        case Choice(items):
            return "(?:" + "|".join(emit(item, for_re2) for item in _longest_first(items)) + ")"
        case Group(_, item):
            return f"({emit(item, for_re2)})"
        case Repeat(item, least, most):
            return f"(?:{emit(item, for_re2)}){_emit_count(least, most)}"
    raise TypeError(node)


def _emit_count(least: int, most: int | None) -> str:
    if most is None:
        return {0: "*", 1: "+"}.get(least) or f"{{{least},}}"
    return "?" if (least, most) == (0, 1) else f"{{{least},{most}}}"


def _emit_set(mask: int) -> str:
    if mask == ALL_BYTES:
        return "[\\x00-\\xff]"
    if mask.bit_count() == 1:
        byte = mask.bit_length() - 1
        return chr(byte) if byte == 32 or (byte < 128 and chr(byte).isalnum()) else f"\\x{byte:02x}"
    if mask == 0:
        return "[^\\x00-\\xff]"
    negated = mask.bit_count() > 128
    parts = []
    for low, high in _ranges(ALL_BYTES & ~mask if negated else mask):
        parts.append(f"\\x{low:02x}" if low == high else f"\\x{low:02x}-\\x{high:02x}")
    return f"[{'^' if negated else ''}{''.join(parts)}]"


def _ranges(mask: int) -> list[tuple[int, int]]:
    ranges = []
    low = 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        low += skip
        length = (~mask & (mask + 1)).bit_length() - 1
        ranges.append((low, low + length - 1))
        mask >>= length
        low += length
    return ranges


def _longest_first(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """Alternatives of known lengths in falling order, so that `re` tries the longest first."""
    lengths = [fixed_length(item) for item in items]
    if None in lengths:
        return items
    order = sorted(range(len(items)), key=lambda index: -(lengths[index] or 0))
    return tuple(items[index] for index in order)


def fixed_length(node: Node) -> int | None:
    """How many bytes it matches, when that is always the same number."""
    match node:
        case Bytes():
            return 1
        case At():
            return 0
        case Group(_, item):
            return fixed_length(item)
        case Repeat(item, least, most) if least == most:
            length = fixed_length(item)
            return None if length is None else length * least
        case Sequence(items):
            return _sum([fixed_length(item) for item in items])
        case Choice(items):
            lengths = {fixed_length(item) for item in items}
            return lengths.pop() if len(lengths) == 1 else None
    return None


def _sum(lengths: list[int | None]) -> int | None:
    total = 0
    for length in lengths:
        if length is None:
            return None
        total += length
    return total


def is_plain(node: Node) -> bool:
    """Whether `re` finds the longest match of it too."""
    if isinstance(node, Choice) and all(_is_rigid(item) for item in node.items):
        return True
    return _is_plain(node)


def _is_rigid(node: Node) -> bool:
    """Whether it matches in one way and one length only."""
    match node:
        case Bytes() | At():
            return True
        case Sequence(items):
            return all(_is_rigid(item) for item in items)
        case Repeat(Bytes(), least, most):
            return least == most
    return False


def _is_plain(node: Node) -> bool:
    match node:
        case Bytes() | At():
            return True
        case Group(_, item):
            return _is_plain(item)
        case Sequence(items):
            return all(_is_plain(item) for item in items)
        case Repeat(item):
            return isinstance(item, Bytes)
        case Choice(items):
            return fixed_length(node) is not None and all(_is_plain(item) for item in items)
    return False


def power(node: Node) -> int:
    """With which power of the text's length the time of `re` may grow, beyond the first.

    That is one for each repetition of no fixed length, and one for each few optional bytes.
    """
    repeats, options = _variable_repeats(node)
    return repeats + options // FEW_OPTIONS


def _variable_repeats(node: Node) -> tuple[int, int]:
    match node:
        case Group(_, item):
            return _variable_repeats(item)
        case Sequence(items) | Choice(items):
            counts = [_variable_repeats(item) for item in items]
            return sum(count[0] for count in counts), sum(count[1] for count in counts)
        case Repeat(_, least, most) if least != most:
            return (0, 1) if most == 1 else (1, 0)
    return (0, 0)


def has_word_edges(node: Node) -> bool:
    """Whether it asks for the edges of words."""
    match node:
        case Group(_, item) | Repeat(item):
            return has_word_edges(item)
        case Sequence(items) | Choice(items):
            return any(has_word_edges(item) for item in items)
    return isinstance(node, At) and node not in (At.BEGIN, At.END)


def looks_back(node: Node) -> bool:
    """Whether what stands before a place counts: for the text's beginning, and the edges of words."""
    match node:
        case Group(_, item) | Repeat(item):
            return looks_back(item)
        case Sequence(items) | Choice(items):
            return any(looks_back(item) for item in items)
    return isinstance(node, At) and node is not At.END


def fits_re2(node: Node) -> bool:
    """Whether RE2 can say it."""
    match node:
        case Backreference():
            return False
        case Group(_, item):
            return fits_re2(item)
        case Repeat(item, least, most):
            return max(least, most or 0) <= RE2_MAX_REPEAT and fits_re2(item)
        case Choice(items):
            return all(fits_re2(item) for item in items)
        case Sequence(items):
            return all(fits_re2(item) for item in items) and _word_edges_fit(items)
    return node not in (At.WORD_BEGIN, At.WORD_END)


def _word_edges_fit(items: tuple[Node, ...]) -> bool:
    r"""Whether `\b` says each `\<` (what follows begins with a word's character) and `\>` (what precedes ends with one)."""
    for index, item in enumerate(items):
        if item is At.WORD_BEGIN and not (index + 1 < len(items) and _edge_is_word(items[index + 1], 0)):
            return False
        if item is At.WORD_END and not (index > 0 and _edge_is_word(items[index - 1], -1)):
            return False
    return True


def _edge_is_word(node: Node, edge: int) -> bool:
    match node:
        case Bytes(mask):
            return mask & ~WORD == 0
        case Group(_, item):
            return _edge_is_word(item, edge)
        case Repeat(item, least):
            return least > 0 and _edge_is_word(item, edge)
        case Choice(items):
            return all(_edge_is_word(item, edge) for item in items)
        case Sequence(items):
            return bool(items) and _edge_is_word(items[edge], edge)
    return False
