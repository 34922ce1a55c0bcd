"""Scripts that nobody wrote: made by hypothesis, run in the mock and in a real busybox of the images' version.

A long run, for which one asks:

    PODLAB_RANDOM_SCRIPTS=1000 PODLAB_BUSYBOX=/path/to/busybox-1.37 pytest tests/shell/test_random_scripts.py

What is left out on purpose: racing processes, and what busybox does to `${name//pattern/}` with an empty pattern or nested
braces (it loses text).
"""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from tests.shell.playing import BUSYBOX, can_play_in_busybox, make_root, play_in_busybox, play_in_mock

COUNT = int(os.environ.get("PODLAB_RANDOM_SCRIPTS", "0"))
PROLOGUE = """\
show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
cd /tmp; a='x y' b=abcabc c='*'; set -- '1 1' '' b
"""

NAMES = st.sampled_from(["a", "b", "c", "unset", "1", "2", "3", "@", "*", "#", "?"])
LITERALS = st.sampled_from(["a", "b", "foo", "*", "?", "[ab]", "~", "-n", "a=b", "/", "..", ":", "{", "}", r"\*", r"\ ", r"\\"])
QUOTED = st.sampled_from(["''", "'a b'", "'*'", "'$a'", '""', '"a  b"', '"$a"', '"$@"', '"$*"', '"x$@y"', '"\\$a"', '"`echo q`"'])
PLAIN = NAMES.map(lambda name: f"${name}")
ARITHMETIC = st.sampled_from(["1+2", "a=3", "$#*2", "1?2:3", "${#b}", "7/2", "-1", "x++", "2**5", "0x1f&7"]).map(
    lambda e: f"$(({e}))"
)
PATTERNS = st.sampled_from(["", "a", "*", "?", "a*", "*b", "[a-b]", "[!a]", "x*y", "'*'", r"\*", "$c", '"$c"'])


def braces(operand: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """`${...}` with an operand."""
    defaults = st.tuples(NAMES, st.sampled_from(["-", ":-", "+", ":+"]), operand)
    trims = st.tuples(st.sampled_from(["a", "b", "c", "1"]), st.sampled_from(["#", "##", "%", "%%"]), PATTERNS)
    slices = st.tuples(st.sampled_from(["a", "b", "1"]), st.just(":"), st.sampled_from(["0", "1", "1:2", " -2", "0:-1", "9"]))
    lengths = st.sampled_from(["a", "b", "unset", "1", "@"]).map(lambda name: ("#", name, ""))
    return st.one_of(defaults, trims, slices, lengths).map(lambda parts: "${" + "".join(parts) + "}")


WORDS = st.recursive(
    st.one_of(LITERALS, QUOTED, PLAIN, ARITHMETIC),
    lambda inner: st.one_of(
        braces(st.lists(inner, max_size=2).map("".join)),
        braces(inner).map(lambda text: f'"{text}"' if "'" not in text else text),
        inner.map(lambda word: f"$(show {word})"),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=6,
)
ARGUMENTS = st.lists(WORDS, max_size=4).map(" ".join)
TESTS = st.sampled_from(["true", "false", '[ "$a" = x ]', "[ $# -gt 1 ]", "! false", "(exit 2)", "false || true", "x=1"])
LINES = st.lists(st.sampled_from(["a", "b", " ", ":", "\t", "\\\\", "\\ ", "x y", "\\:", "::", "*"]), max_size=6).map("".join)
FIELDS = st.sampled_from(["", "p", "p q", "p q p"])
DIRECTIVES = ["%s\\n", "%5s|%-5s|", "%d %d\\n", "%x", "%c", "%b\\n", "%.2s", "a%%b\\n", "%05d\\n", "%s %s\\n"]
SUBJECTS = st.sampled_from(["abcabc", "'a b'", "''", "a*b", "'[a]'", "aXbXc", "'x\\y'", "..", "'a/b/c'", "-n", "'('", "'!'"])
OPERATORS = st.sampled_from(
    ["+", "-", "*", "/", "%", "<<", ">>", "<", "==", "!=", "&", "^", "|", "&&", "||", ",", "=", "+=", "*=", "**", "?"]
)
EXPRESSIONS = st.recursive(
    st.sampled_from(["1", "a", "0x10", "010", "b", "u", "-1", "7", "~a", "!a", "a++", "--a", "2#101", "$a", "08"]),
    lambda inner: st.one_of(
        st.tuples(inner, OPERATORS, inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}" if t[1] != "?" else f"{t[0]} ? {t[2]} : 5"),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"- {text}"),
    ),
    max_leaves=5,
)
SIMPLE = st.one_of(
    ARGUMENTS.map(lambda words: f"show {words}"),
    st.tuples(st.sampled_from("abx"), WORDS).map(lambda pair: f"{pair[0]}={pair[1]}"),
    ARGUMENTS.map(lambda words: f"set -- {words}"),
    st.sampled_from(
        ["IFS=:", "IFS=", "IFS=' :'", "unset IFS", "unset a", "shift", "echo $?", "false", "set -f", "set +f", "return 4"]
    ),
    st.tuples(WORDS, PATTERNS).map(lambda pair: f"case {pair[0]} in {pair[1] or 'z'}) echo yes;; *) echo no;; esac"),
    WORDS.map(lambda word: f"cat <<E\n{word}\nE\n"),
    st.tuples(WORDS, WORDS).map(lambda pair: f"cat <<-E\n\t{pair[0]}\n\t\t{pair[1]} \\\n more\n\tE\n"),
    st.tuples(LINES, st.sampled_from(["", "-r "]), FIELDS).map(
        lambda t: f'read {t[1]}{t[2]} <<\'E\'\n{t[0]}\nE\nshow $? "$p" "$q" "$REPLY"'
    ),
    st.tuples(LINES, WORDS).map(lambda t: f"for each in $(cat <<'E'\n{t[0]}\nE\n) {t[1]}; do show \"$each\"; done"),
    EXPRESSIONS.map(lambda text: f'a=3; (echo $(({text}))); echo "$?"'),
    st.tuples(SUBJECTS, PATTERNS, st.sampled_from(["#", "##", "%", "%%", "/", "//"])).map(
        lambda t: f'v={t[0]}; show "${{v{t[2]}{t[1]}}}" ${{v{t[2]}{t[1]}}}'
    ),
    st.tuples(SUBJECTS, st.sampled_from(["=", "!=", "<", "-a", "-o"]), SUBJECTS).map(
        lambda t: f"[ {t[0]} '{t[1]}' {t[2]} ]; echo $?"
    ),
    st.tuples(st.sampled_from(DIRECTIVES), ARGUMENTS).map(lambda t: f"printf '{t[0]}' {t[1]} 2>/dev/null; echo $?"),
)
COMMANDS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.tuples(TESTS, inner, inner).map(lambda t: f"if {t[0]}\nthen {t[1]}\nelse {t[2]}\nfi"),
        st.tuples(ARGUMENTS, inner).map(lambda t: f"for each in {t[0]}\ndo {t[1]}\ndone"),
        st.tuples(inner, inner).map(lambda t: f"( {t[0]}\n{t[1]}\n)"),
        st.tuples(inner, inner).map(lambda t: f"{{ {t[0]}\n{t[1]}\n}} 2>&1"),
        st.tuples(inner, st.sampled_from(["break", "continue", "return", "set -e", "exit 3"])).map(
            lambda t: f"f() {{ for i in 1 2\ndo {t[0]}\n{t[1]}\ndone\n}}\nf; echo $?"
        ),
        inner.map(lambda command: f'x=$({command}\n)\nshow "$x"'),
        inner.map(lambda command: f"{command}\ntrap 'echo end $?' EXIT"),
    ),
    max_leaves=5,
)
SCRIPTS = st.lists(COMMANDS, min_size=1, max_size=4).map(lambda commands: PROLOGUE + "\n".join(commands) + "\n")


def _is_the_images_version() -> bool:
    return (
        can_play_in_busybox()
        and "BusyBox v1.37." in subprocess.run([BUSYBOX], capture_output=True, text=True, check=False).stdout
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root directory with the real busybox in it."""
    path = tmp_path_factory.mktemp("busybox") / "root"
    make_root(path)
    return path


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif(not COUNT or not _is_the_images_version(), reason="a long run, on request, with busybox 1.37")
@settings(max_examples=COUNT or 1, deadline=None, suppress_health_check=list(HealthCheck))
@given(script=SCRIPTS)
def test_random_script_does_the_same(script: str, root: Path) -> None:
    try:
        real = play_in_busybox(root, script.encode())
    except subprocess.TimeoutExpired:  # `c='*'; echo ${v//$c}` never ends there
        reject()
    if "<<E" in script and "syntax error" in real.stdout + real.stderr:
        reject()  # after such an error in a here-document's `$(...)`, ash runs the rest of the script in the child as well
    assert play_in_mock(script.encode()) == real
