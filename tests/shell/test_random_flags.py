"""Flags that nobody combined: hypothesis' choice of them, on its files, in the mock and in a real busybox of the images' version.

A long run, for which one asks:

    PODLAB_RANDOM_FLAGS=300 PODLAB_BUSYBOX=/path/to/busybox-1.37 pytest tests/shell/test_random_flags.py

What is left out on purpose: `sort` by more than one type, and `-h` of negative numbers, where busybox' order is not one.
"""

import os
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shell.playing import can_play_in_busybox, make_root, play_in_busybox, play_in_mock

COUNT = int(os.environ.get("PODLAB_RANDOM_FLAGS", "0"))

FLAGS: Final = {
    name: {flag: values.split("|") if values else [] for flag, _, values in (word.partition("=") for word in words.split())}
    for name, words in {
        "sort": "r u f b d s z k=1|2|1,1|2n|1.2|2,2r t=:|a",
        "sort -n": "r u s k=1|2,2 t=:",
        "sort -V": "r u",
        "uniq": "c d u i f=1|2|3 s=1|2|8 w=1|2|8",
        "cut -f": "f=1|2|1,3|2-|-2|3,1|1-2 d=:|a s O==|::",
        "cut -c": "c=1|2|1,3|2-|-2|3,1|1-2",
        "head": "n=0|1|3|7 c=0|1|7|-1 q v",
        "tail": "n=0|1|2|7|+2 c=0|1|7|+2 q v",
        "wc": "l w c m L",
        "od": "c x b d o a i s l v A=d|o|x|n N=1|3|8 j=1|2 t=x1|d2|u4|o8|c|a w=8|16",
        "hexdump": "C b c d o x v n=1|3|8 s=1|2",
        "xxd": "p g=1|2|3|8 c=1|3|8 l=1|8 s=1|2 o=1|8",
        "grep -e": "e=a|o*|^$|[0-9]|b. i v n c o w x F E h H l L m=1|2 A=1|2 B=1 C=1|2",
        "nl": "b=a|t|n i=1|2 s=: v=1|2 w=1|3",
        "fold": "w=1|3|8 s b",
        "cat": "n b v t e A",
        "paste": "d=,|:,",
        "diff": "u q s b w B i a T U=0|1|3",
        "cmp": "l s n=1|2|3",
        "unexpand": "a",
        "expand": "i t=1|3|8",
    }.items()
}
"""By applet (and the flag that it needs), its flags and their values."""

WORDS: Final = ["a", "b", "B", "10", "9", "1.5", "x y", "foo", "Foo", "a:b:c", "1K", "Mar", "", "  z", "é", "a\tb", "..", "0x1f"]
FILES: Final = st.tuples(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map("\n".join), st.sampled_from(["", "\n"])
).map("".join)


@st.composite
def commands(draw: st.DrawFn) -> str:
    """A call of an applet with some of its flags."""
    name = draw(st.sampled_from(sorted(FLAGS)))
    applet, _, needed = name.partition(" -")
    flags = FLAGS[name]
    chosen = draw(st.lists(st.sampled_from(sorted(flags)), max_size=3, unique=True))
    if needed and needed not in chosen:
        chosen.append(needed)
    words = [f"-{flag} '{draw(st.sampled_from(flags[flag]))}'" if flags.get(flag) else f"-{flag}" for flag in chosen]
    pairs = ["f g", "g f"] if applet in ("diff", "cmp") else ["f"] if applet in ("xxd", "uniq") else ["f", "g", "f g", "- <f"]
    return f"{applet} {' '.join(words)} {draw(st.sampled_from(pairs))}"


@pytest.mark.skipif(not COUNT or not can_play_in_busybox(), reason="a long run, on request, with busybox 1.37")
def test_random_flags_do_what_they_do_in_busybox(tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("busybox") / "root"
    make_root(root)

    @settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FILES, FILES, st.lists(commands(), min_size=3, max_size=8))
    def compare(first: str, second: str, calls: list[str]) -> None:
        script = f"printf %s '{first}' >f; printf %s '{second}' >g; touch -d '2020-01-01 00:00:00' f g\n"
        script += "".join(f"{call} | tr '\\0' @; echo $?\n" for call in calls)
        assert play_in_mock(script.encode()) == play_in_busybox(root, script.encode()), script

    compare()
