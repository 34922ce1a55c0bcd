"""Words: quotes, expansions and patterns, nested in one another."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

T = TypeVar("T")
NAMES = ("a", "b", "c", "e", "n", "u", "v", "_x1")
SPECIAL = ("@", "*", "#", "?", "-", "1", "2", "3", "9", "10", "0")
LITERALS = (
    *("a", "b", "foo", "*", "?", "[ab]", "[!a]", "~", "~root", "-n", "a=b", "/", "..", ":", "{", "}", r"\*", r"\ ", r"\\"),
    *(
        "x:y",
        "%",
        "#",
        "a#b",
        "[",
        "]",
        "!",
        "^",
        "=",
        "+",
        ",",
        ".",
        "@",
        r"\a",
        "\\\n",
        r"\"",
        r"\'",
        r"\$",
        "1",
        "10",
        "\xc3\xa9",
        "\xe9x",
    ),
    *("/etc/p*", "/e*c/passwd", "a:~:b", "v=~", "{a,b}", "$", "a b", "''", '""'),
)
TEXTS = (
    "a",
    "b c",
    " x",
    "y ",
    "*",
    "?",
    "a  b",
    "'",
    "}",
    "{",
    ":",
    "/",
    "#",
    "%",
    r"\\",
    r"\$",
    r"\"",
    r"\a",
    r"\`",
    "\\\n",
    "\xc3\xa9",
    "~",
    "[a]",
    "\n",
    "!",
)
IFSES = (
    "IFS=:",
    "IFS=",
    "IFS=' :'",
    "unset IFS",
    "IFS=x",
    "IFS='\n'",
    "IFS=' \t\n'",
    "IFS='*'",
    "IFS=ab",
    "IFS=', '",
    "IFS='\\'",
    "IFS=1",
    "IFS=-",
)

NUMBERS = (
    *[
        "1",
        "0",
        "2",
        "7",
        "0x10",
        "010",
        "a",
        "n",
        "u",
        "$n",
        "${n}",
        "-1",
        "16#ff",
        "2#101",
        "64#_",
        "n++",
        "--n",
        "!n",
        "~n",
        "9223372036854775807",
        "-9223372036854775808",
        "0xffffffffffffffff",
        "v",
        "08",
        "$u",
        "e",
        "+n",
        "1.5",
        "0x",
        "36#zZ",
    ],
    "1 2",
    "",
)


def pick(r: Random, *options: T) -> T:
    """One of several."""
    return options[r.randrange(len(options))]


def several(r: Random, make: Callable[[], str], least: int, most: int, glue: str = "") -> str:
    """A few of one kind, joined."""
    return glue.join(make() for _ in range(r.randint(least, most)))


def name(r: Random) -> str:
    """A variable or a special parameter."""
    return pick(r, *NAMES) if r.random() < 0.65 else pick(r, *SPECIAL)


def word(r: Random, depth: int = 3) -> str:
    """A word of a command."""
    return several(r, lambda: atom(r, depth), 1, 1 if r.random() < 0.5 else 3)


def words(r: Random, depth: int = 3, most: int = 4) -> str:
    """Words of a command."""
    return several(r, lambda: word(r, depth), 0, most, " ")


def atom(r: Random, depth: int) -> str:
    """A part of a word."""
    kind = r.random()
    if depth <= 0 or kind < 0.2:
        return pick(r, *LITERALS)
    if kind < 0.27:
        return pick(r, "'a b'", "'*'", "'$a'", "'\\'", "''", "'\"'", "'~'", "'a\nb'", "$'a\\tb'", "$'\\x41\\n'", "$'\\''", "'}'")
    if kind < 0.5:
        return f'"{several(r, lambda: quoted(r, depth - 1), 0, 3)}"'
    return expansion(r, depth, in_quotes=False)


def quoted(r: Random, depth: int) -> str:
    """A part of a text in double quotes."""
    if depth <= 0 or r.random() < 0.4:
        return pick(r, *TEXTS)
    return expansion(r, depth, in_quotes=True)


def expansion(r: Random, depth: int, in_quotes: bool) -> str:
    """Something that begins with a dollar sign or a backquote."""
    kind = r.random()
    if kind < 0.3:
        return f"${name(r)}"
    if kind < 0.78:
        return braces(r, depth, in_quotes)
    if kind < 0.86:
        return f"$(({arithmetic(r, 2)}))"
    inner = pick(r, "echo", "show", "printf '%s\\n'", "printf %s") + f" {words(r, depth - 1, 2)}"
    if kind < 0.96:
        return f"$({inner})"
    return "`" + inner.replace("\\", "\\\\").replace("`", "\\`").replace('"', '\\"' if in_quotes else '"') + "`"


def operand(r: Random, depth: int, in_quotes: bool) -> str:
    """What stands after the operator in braces."""
    if in_quotes:
        return several(r, lambda: quoted(r, depth - 1) if r.random() < 0.85 else f'"{quoted(r, depth - 1)}"', 0, 3)
    return several(r, lambda: atom(r, depth - 1) if r.random() < 0.85 else " ", 0, 3)


def pattern(r: Random, depth: int = 1) -> str:
    """A pattern."""
    return several(r, lambda: pattern_part(r, depth), 0 if r.random() < 0.1 else 1, 3)


def pattern_part(r: Random, depth: int) -> str:
    """A part of a pattern."""
    if r.random() < 0.25 and depth > 0:
        return atom(r, depth - 1)
    return pick(
        r,
        *(
            "a",
            "b",
            "x",
            "*",
            "?",
            "a*",
            "*b",
            "[a-c]",
            "[!a]",
            "[^b]",
            "[[:alpha:]]",
            "[[:space:]]",
            "[]a]",
            "[!]]",
            "[a-]",
            "'*'",
        ),
        *(
            r"\*",
            r"\?",
            r"\[",
            "$c",
            '"$c"',
            "/",
            "#",
            "%",
            " ".strip(),
            "[a\\]]",
            "[\\a]",
            "[",
            "]",
            "[[:digit:]x]",
            "[z-a]",
            r"\\",
            "\xc3\xa9",
            "[:a]",
        ),
        *('"[a]"', "[$a]", "['a']", "[[:bad:]]", "**", "?*", ".", "y", "[[:upper:]]", "[a", "\\a", "1"),
    )


def braces(r: Random, depth: int, in_quotes: bool) -> str:
    """`${...}` with whatever may stand in it."""
    kind = r.random()
    if kind < 0.4:
        operator = pick(r, "-", ":-", "+", ":+", "=", ":=", "?", ":?") if r.random() < 0.8 else pick(r, "-", ":-")
        return f"${{{name(r)}{operator}{operand(r, depth, in_quotes)}}}"
    if kind < 0.6:
        return f"${{{name(r)}{pick(r, '#', '##', '%', '%%')}{pattern(r, depth - 1)}}}"
    if kind < 0.72:
        replaced = pick(r, "", f"/{operand(r, depth - 1, in_quotes)}", "/x", "/")
        return f"${{{name(r)}{pick(r, '/', '//', '/', '//', '/#', '/%')}{pattern(r, depth - 1)}{replaced}}}"
    if kind < 0.82:
        offset = pick(r, "0", "1", "2", " -1", " -2", "9", "n", "$n", "1+1", "(1)", "", "-1", "a", "1?2", "#")
        length = pick(r, "", ":1", ":0", ":-1", ":2", ": -1", ":9", ":n", ":", ":-9", ":1:2")
        return f"${{{name(r)}:{offset}{length}}}"
    if kind < 0.9:
        return f"${{#{name(r)}}}"
    if kind < 0.97:
        return f"${{{name(r)}}}"
    return pick(
        r,
        "${!a}",
        "${}",
        "${a b}",
        "${-a}",
        "${#}",
        "${##}",
        "${#-}",
        "${#?}",
        "${##a}",
        "${%a}",
        "${a[1]}",
        "${a^}",
        "${a@Q}",
        "${a:}",
        "${#a:-x}",
        "${1a}",
        "${:-x}",
        "${#@}",
        "${#*}",
        "${a!}",
        "${*:1}",
        "${@:1:2}",
        "${@#?}",
        "${*%?}",
        "${@/1/x}",
    )


def arithmetic(r: Random, depth: int) -> str:
    """An expression."""
    kind = r.random()
    if depth <= 0 or kind < 0.25:
        return pick(r, *NUMBERS)
    if kind < 0.7:
        operator: str = pick(r, *"+-*/%<>&^|,", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "**", "**", "+", "*", "-")
        return arithmetic(r, depth - 1) + pick(r, "", " ") + operator + pick(r, "", " ") + arithmetic(r, depth - 1)
    if kind < 0.8:
        return f"({arithmetic(r, depth - 1)})"
    if kind < 0.88:
        return f"{arithmetic(r, depth - 1)}?{arithmetic(r, depth - 1)}:{arithmetic(r, depth - 1)}"
    if kind < 0.96:
        assignment = pick(r, "=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^=")
        return pick(r, "n", "a", "u", "1", "n+1") + assignment + arithmetic(r, depth - 1)
    return pick(r, "-", "+", "!", "~", "- -", "++", "--") + arithmetic(r, depth - 1)
