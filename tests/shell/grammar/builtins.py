"""Builtins with whatever they may be given."""

from pathlib import Path
from random import Random

from tests.shell.grammar.words import pattern, pick, several, word

OPERANDS = (
    "a",
    "''",
    "1",
    "-n",
    "!",
    "'('",
    "')'",
    "=",
    "-a",
    "-o",
    "10",
    "x1",
    "'1 '",
    "/etc",
    "o",
    "-f",
    "0x1",
    "-1",
    "$a",
    '"$a"',
    "]",
    "==",
    "-z",
)
DIRECTIVES = (
    *(
        "%s\\n",
        "%5s|%-5s|",
        "%d %d\\n",
        "%x",
        "%c",
        "%b\\n",
        "%.2s",
        "a%%b\\n",
        "%05d\\n",
        "%s %s\\n",
        "%*d|",
        "%-*s|",
        "%.*s|",
        "%q",
        "%i",
        "%o %X %#x %#o",
    ),
    *(
        "\\x41\\101\\e",
        "%+d % d\\n",
        "%e %g %.3f\\n",
        "%u",
        "%",
        "%z",
        "%5",
        "\\c no",
        "%s\\c",
        "%ld %lld",
        "%b%b",
        "\\0101",
        "%.0d",
        "%s",
        "\\",
        "\\q",
        "%%%",
        "%hd",
        "%5c|",
        "%'d",
    ),
)
OPERATORS = ("=", "!=", "==", "<", ">", "-eq", "-ne", "-lt", "-ge", "-gt", "-le", "-a", "-o", "-nt", "-ot", "-ef", "=~")
UNARY = ("-n", "-z", "-f", "-d", "-e", "-s", "-t", "!", "-h", "-r", "-x", "-v", "-p", "-q", "-L", "-S")
READY_MADE = (Path(__file__).with_name("builtins.txt")).read_text(encoding="utf-8").splitlines()
COMMANDS = (
    *("ls", "cd", "if", "show", "nope", "/bin/ls", "[", ":", "./script.sh", "function", "[[", "echo", "{", "!", "''"),
    *("../x", "test", "time", "set", "."),
)
NUMBERS = ("1", "-1", "0x1f", "010", "'\"a'", '"\'b"', "1x", "x", "''", "99999999999999999999", "1.5", "+3", "' 4'", "08")


def builtin(r: Random) -> str:
    """A call of a builtin."""
    return pick(r, *BUILTINS)(r)


def _operand(r: Random) -> str:
    return pick(r, *OPERANDS) if r.random() < 0.8 else word(r, 1)


def _test(r: Random) -> str:
    if r.random() < 0.3:
        return f"[[ {_bare_test(r)} ]]; echo $?"
    left, right, operator, unary = _operand(r), _operand(r), pick(r, *OPERATORS), pick(r, *UNARY)
    inner = pick(
        r,
        left,
        f"{unary} {left}",
        f"{left} '{operator}' {right}",
        f"! {left} '{operator}' {right}",
        f"{unary} {left} {pick(r, '-a', '-o')} {right} '{operator}' {_operand(r)}",
        several(r, lambda: _operand(r), 0, 5, " "),
        f"'(' {left} '{operator}' {right} ')'",
    )
    return pick(r, f"[ {inner} ]; echo $?", f"test {inner}; echo $?", f"[ {inner}; echo $?")


def _bare_test(r: Random) -> str:
    return pick(
        r,
        f"{_operand(r)} {pick(r, '=', '==', '!=')} {pattern(r) or 'a'}",
        f"{_operand(r)} {pick(r, '&&', '||')} {_operand(r)}",
        f"a =~ {pattern(r) or 'a'}",
        f"-n {word(r, 1)}",
        f"! -z {_operand(r)}",
        f"( {_operand(r)} )",
    )


def _printf(r: Random) -> str:
    arguments = several(r, lambda: pick(r, *NUMBERS, "abc", "\xc3\xa9", "'a\\tb'", "'\\0101'", "'x\\cy'", word(r, 1)), 0, 4, " ")
    return f"printf '{several(r, lambda: pick(r, *DIRECTIVES), 1, 2)}' {arguments}; echo \" $?\""


def _echo(r: Random) -> str:
    flags = pick(r, "", "-n", "-e", "-ne", "-en", "-E", "-eE", "-x", "--", "-e -n", "-nx", "-")
    texts = several(
        r,
        lambda: pick(
            r,
            "'a\\tb'",
            "'\\0101\\101'",
            "'x\\cy'",
            "'\\x41g'",
            "'\\e[0m'",
            "'\\\\'",
            "'\\'",
            "a",
            "'\\q'",
            "'\\n'",
            "'\\x'",
            "'\\u00e9'",
            "'\\1'",
            "\xc3\xa9",
        ),
        0,
        3,
        " ",
    )
    return f"echo {flags} {texts}"


LINES = (
    "a",
    "b",
    " ",
    ":",
    "\t",
    "\\\\",
    "\\ ",
    "x y",
    "\\:",
    "::",
    "*",
    "\\\n",
    "\xc3\xa9",
    "'",
    '"',
    "a:b",
    " : ",
    "$a",
    "\\a",
)


def _read(r: Random) -> str:
    text = several(r, lambda: pick(r, *LINES), 0, 6)
    flags = pick(
        r,
        "",
        "-r ",
        "-r ",
        "-n 3 ",
        "-n0 ",
        "-d : ",
        "-d '' ",
        "-r -d b ",
        "-s ",
        "-t 1 ",
        "-u 0 ",
        "-u 3 ",
        "-p q ",
        "-n1 -r ",
        "-N 2 ",
        "-x ",
        "-t x ",
        "-n x ",
        "-t 0 ",
        "-t 0.5 ",
        "-a x ",
        "-rn2 ",
        "-d ab ",
        "-u9 ",
    )
    ifs = pick(r, "", "", "IFS=: ", "IFS= ", "IFS=' :' ", "IFS='\t' ", "IFS=x ", "IFS='\\' ", "IFS=ab ", "IFS=': ' ")
    names = pick(r, "", "p", "p q", "p q s", "p p", "1x", "p 2 q", "p q s t w", "-- p q")
    close = pick(r, f"<<'E'\n{text}\nE\n", f"<<'E'\n{text}\nE\n", f"<<'E'\n{text}\nmore \nE\n")
    return f'unset p q s REPLY\n{ifs}read {flags}{names} {close}show $? "$p" "$q" "$s" "$REPLY"'


def _getopts(r: Random) -> str:
    options = pick(r, "ab:c", ":ab:c", "a", "", ":", "a:b:", "ab", "-a", "a::", ":a:")
    given = several(
        r,
        lambda: pick(
            r, "-a", "-b", "-b x", "-ab", "-abx", "-c", "-x", "--", "-", "y", "-a -b", "'-'", "-bx", "-ca", "''", "--a", "-a:"
        ),
        0,
        4,
        " ",
    )
    given = pick(r, "", given, given)
    show = '"$o/$OPTIND/$OPTARG"'
    return f"OPTIND=1; while getopts '{options}' o {given}; do echo {show}; done; echo $? $o $OPTIND \"${{OPTARG-none}}\""


def _ready_made(r: Random) -> str:
    """A line of builtins.txt, in which ␤ stands for the end of a line, @WORD@ and @NAME@ for what is to be put in."""
    line = pick(r, *READY_MADE).replace("␤", "\n")
    while "@WORD@" in line:
        line = line.replace("@WORD@", word(r, 2), 1)
    return line.replace("@NAME@", pick(r, *COMMANDS))


def _eval(r: Random) -> str:
    inner = pick(
        r,
        "show $a",
        "a=1; exit 3",
        "return 4",
        "break",
        "false",
        "if",
        "echo 'x",
        "'",
        "echo $LINENO\necho $LINENO",
        'set -- x; show "$@"',
        "f() { echo f; }",
        "",
        " ",
        "$(",
        "done",
        "x=`",
        "${a",
        "(",
        "echo \\",
        "# c",
        "fi; echo",
    )
    quotes = "'" + inner.replace("'", "'\\''") + "'"
    return pick(
        r,
        f"eval {quotes}; echo $?",
        f"printf '%s\\n' {quotes} >i; . ./i; echo $?",
        f"(eval {quotes}); echo $?",
        f"eval {quotes} || echo or",
        f'printf %s {quotes} >i; . ./i 1 2; show "$@"',
        f"sh -c {quotes} x y; echo $?",
        f"command eval {quotes}; echo $?",
        f"printf '%s\\n' {quotes} | sh; echo $?",
        f"printf '%s\\n' {quotes} | sh -s 1 2; echo $?",
        f"trap {quotes} USR1; kill -USR1 $$; echo $?",
        f"sh -ec {quotes}; echo $?",
        f"sh -xc {quotes}; echo $?",
    )


BUILTINS = (_test, _test, _printf, _echo, *[_read] * 3, _getopts, _eval, *[_ready_made] * 8)
