"""Small parts: encoding, field splitting, globbing, escapes, regular expressions, the trampoline, reading bit by bit."""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.shell.encoding import (
    count_characters,
    from_bytes,
    from_machine,
    quote_for_trace,
    single_quote,
    to_bytes,
    to_machine,
)
from podlab.mock.shell.escapes import dollar_quote, echo_escapes
from podlab.mock.shell.fields import Region, split_fields
from podlab.mock.shell.globbing import expand_pattern
from podlab.mock.shell.parser import Parser
from podlab.mock.shell.randomness import RandomNumbers
from podlab.mock.shell.reader import Command, StreamReader, StringReader
from podlab.mock.shell.regex import extended_regex
from podlab.mock.shell.syntax import Simple
from podlab.mock.shell.trampoline import Call, run


@given(st.binary(max_size=30))
def test_bytes_survive_the_way_to_the_machine_and_back(data: bytes) -> None:
    text = from_bytes(data)
    assert from_machine(to_machine(text)) == text
    assert to_bytes(text) == data


def test_characters_are_counted_as_utf_8() -> None:
    assert count_characters(from_machine("aé€")) == 3
    assert count_characters("\xff\xfe") == 2


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\0"), max_size=20))
def test_quoted_text_is_read_back_as_it_was(text: str) -> None:
    node = Parser(f"x {single_quote(text)}").command()
    assert isinstance(node, Simple)
    assert [word.constant for word in node.words] == ["x", text]


def test_a_trace_quotes_only_what_needs_it() -> None:
    assert quote_for_trace("a-b/c.d:e") == "a-b/c.d:e"
    assert quote_for_trace("a b") == "'a b'"
    assert quote_for_trace("") == ""


@pytest.mark.parametrize(
    ("text", "ifs", "fields"),
    [
        (" a  b ", " \t\n", ["a", "b"]),
        ("a:b::c:", ":", ["a", "b", "", "c"]),
        (" a : b ", " :", ["a", "b"]),
        ("a b", "", ["a b"]),
        ("", ":", []),
        (":", ":", [""]),
    ],
)
def test_splitting(text: str, ifs: str, fields: list[str]) -> None:
    assert split_fields(text, [Region(0, len(text), only_nul=False)], ifs) == fields


def test_only_regions_are_split() -> None:
    assert split_fields("a b c d", [Region(4, 7, only_nul=False)], " ") == ["a b c", "d"]


def test_parameters_are_split_at_their_joints() -> None:
    assert split_fields("a b\0\0c", [Region(0, 6, only_nul=True)], " ") == ["a b", "", "c"]


TREE = {".": ["b", "a", ".h", "d"], "d/": ["x1", "x2"], "/": ["bin"]}


def glob(pattern: str) -> list[str]:
    def names(path: str) -> list[str]:
        if path not in TREE:
            raise FileNotFoundError
        return TREE[path]

    search = expand_pattern(pattern, names, lambda path: path in ("d/x1", "d/x2", "d/"))
    while True:
        try:
            next(search)
        except StopIteration as end:
            return list(end.value)


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("*", ["a", "b", "d"]),
        (".*", [".", "..", ".h"]),
        ("d/x*", ["d/x1", "d/x2"]),
        ("*/x1", ["d/x1"]),
        ("*/", ["d/"]),
        ("/b*", ["/bin"]),
        ("z*", []),
        ("d//x?", []),
        ("[ab]", ["a", "b"]),
    ],
)
def test_globbing(pattern: str, paths: list[str]) -> None:
    assert glob(pattern) == paths


@pytest.mark.parametrize(
    ("text", "expected"),
    [(r"a\tb", ("a\tb", False)), (r"\0101\101\x41", ("AAA", False)), (r"a\cb", ("a", True)), (r"\q\\", ("\\q\\", False))],
)
def test_echo_escapes(text: str, expected: tuple[str, bool]) -> None:
    assert echo_escapes(text) == expected


def test_dollar_quotes_drop_nul_and_keep_what_they_do_not_know() -> None:
    assert dollar_quote(r"a\0b\e\z\"") == 'ab\\e\\z"'


@pytest.mark.parametrize(
    ("regex", "matching", "failing"),
    [
        ("^a.c$", ["abc"], ["abcd"]),
        ("(a|b)+", ["xb"], ["c"]),
        ("a{2,3}", ["aa"], ["a"]),
        ("[[:digit:]]", ["a1"], ["a"]),
        (r"[\]", ["\\"], ["a"]),
        (r"a\.b", ["a.b"], ["axb"]),
        ("a+?", ["", "a"], []),
        ("a}", ["a}"], ["a"]),
    ],
)
def test_regular_expressions(regex: str, matching: list[str], failing: list[str]) -> None:
    compiled = extended_regex(regex)
    assert compiled is not None
    assert all(map(compiled.search, matching))
    assert not any(map(compiled.search, failing))


@pytest.mark.parametrize("regex", ["*", "(", "a\\", "[a", "(?i)a"])
def test_what_is_no_regular_expression(regex: str) -> None:
    assert extended_regex(regex) is None


def test_random_numbers_are_those_of_busybox() -> None:
    numbers = RandomNumbers(lambda: 5)
    assert [numbers.next() for _ in range(3)] == [3710, 1948, 21657]
    numbers.seed(0)
    assert [numbers.next() for _ in range(2)] == [3240, 22231]


def test_the_trampoline_does_not_nest() -> None:
    pauses: list[bool] = []

    async def pause() -> None:
        pauses.append(True)

    async def down(depth: int) -> int:
        return depth if depth == 0 else 1 + await Call(down(depth - 1))

    async def main() -> int:
        return int(await run(down(50_000), pause))

    assert asyncio.run(main()) == 50_000
    assert pauses


def test_the_trampoline_lets_others_run_while_an_error_goes_up() -> None:
    closed: list[int] = []
    seen: list[int] = []

    async def pause() -> None:
        seen.append(len(closed))
        await asyncio.sleep(0)

    async def down(depth: int) -> None:
        try:
            if depth == 0:
                raise ValueError("deep")
            await Call(down(depth - 1))
        finally:
            closed.append(depth)

    async def main() -> None:
        await run(down(5_000), pause)

    with pytest.raises(ValueError, match="deep"):
        asyncio.run(main())
    assert closed == list(range(5_001))
    assert max(after - before for before, after in pairwise([0, *seen, len(closed)])) < 500


def test_the_trampoline_passes_errors_up() -> None:
    async def fail() -> None:
        raise ValueError("deep")

    async def middle() -> str:
        try:
            await Call(fail())
        except ValueError as error:
            return str(error)
        return ""

    async def main() -> str:
        return str(await run(middle(), partial(asyncio.sleep, 0)))

    assert asyncio.run(main()) == "deep"


SCRIPT = "a=1; echo $a\nif true\nthen\n  cat <<E\nx $(echo 'E\n')\nE\nfi # c\n\nf() {\n:\n}\necho \"a\nb\" &&\n  echo c\n"


def commands(reader: StreamReader | StringReader) -> Iterator[Command]:
    while True:
        try:
            reader.next().send(None)
        except StopIteration as stop:
            if stop.value is None:
                return
            yield stop.value


@given(st.lists(st.integers(1, len(SCRIPT)), max_size=12))
def test_a_text_that_comes_bit_by_bit_is_the_same_text(cuts: list[int]) -> None:
    ends = [0, *sorted(set(cuts)), len(SCRIPT)]
    bits = [to_bytes(SCRIPT[a:b]) for a, b in pairwise(ends) if a != b]

    async def more(_begun: bool) -> bytes:
        return bits.pop(0) if bits else b""

    whole = [command.node for command in commands(StringReader(SCRIPT, 1, {}))]
    assert [command.node for command in commands(StreamReader(more, {}))] == whole


def test_strings_are_parsed_once() -> None:
    first, second = (list(commands(StringReader("echo once; echo more\n", 1, {}))) for _ in range(2))
    assert first[0].node is second[0].node
