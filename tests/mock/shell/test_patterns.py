"""Patterns: what they match, and that nothing makes them slow."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.shell.encoding import protect
from podlab.mock.shell.patterns import compile_pattern, has_meta


@pytest.mark.parametrize(
    ("pattern", "matching", "failing"),
    [
        ("abc", ["abc"], ["ab", "abcd", ""]),
        ("*", ["", "a", ".x", "a/b"], []),
        ("a*c", ["ac", "abc", "abcc"], ["ab", "bac"]),
        ("?", ["a", "*"], ["", "ab"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "x"]),
        ("[!a-c]", ["d"], ["a"]),
        ("[^a]", ["b"], ["a"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[a-]", ["a", "-"], ["b"]),
        ("[[:digit:][:upper:]]", ["1", "Z"], ["a"]),
        ("[[:nosuch:]]", [], ["a", ":"]),
        (r"\*", ["*"], ["a"]),
        (r"[\]]", ["]"], ["\\"]),
        ("[a", ["[a"], ["a"]),
        ("a[", ["a["], ["a"]),
        ("[z-a]", [], ["z", "a"]),
        ("*a*b", ["ab", "xaxb", "aabb"], ["ba", "abx"]),
    ],
)
def test_matches(pattern: str, matching: list[str], failing: list[str]) -> None:
    compiled = compile_pattern(pattern)
    assert [text for text in matching if not compiled.matches(text)] == []
    assert [text for text in failing if compiled.matches(text)] == []


def test_quoted_characters_stand_for_themselves() -> None:
    assert compile_pattern("a" + protect("*")).matches("a*")
    assert not compile_pattern("a" + protect("*")).matches("ab")


@pytest.mark.parametrize(
    ("text", "meta"), [("abc", False), ("a*", True), ("[a", False), ("[a]", True), (r"\*", False), ("a?", True), ("a[b*", True)]
)
def test_what_may_be_a_pattern(text: str, meta: bool) -> None:
    assert has_meta(text) is meta


_TEXT = st.text("ab.", max_size=8)
_PATTERN = st.text("ab.*?", max_size=6)


@given(_PATTERN, _TEXT)
def test_agrees_with_fnmatch(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).matches(text) == fnmatch.fnmatchcase(text, pattern)


@given(_PATTERN, _TEXT)
def test_prefixes_and_suffixes_agree_with_trying_all(pattern: str, text: str) -> None:
    compiled = compile_pattern(pattern)
    prefixes = [end for end in range(len(text) + 1) if compiled.matches(text[:end])]
    suffixes = [start for start in range(len(text) + 1) if compiled.matches(text[start:])]
    assert compiled.prefix_end(text, longest=False) == (prefixes[0] if prefixes else -1)
    assert compiled.prefix_end(text, longest=True) == (prefixes[-1] if prefixes else -1)
    assert compiled.suffix_start(text, longest=False) == (suffixes[-1] if suffixes else -1)
    assert compiled.suffix_start(text, longest=True) == (suffixes[0] if suffixes else -1)


def test_a_hostile_pattern_is_not_slow() -> None:
    compiled = compile_pattern("*a" * 500 + "*b")
    assert not compiled.matches("a" * 20_000)
