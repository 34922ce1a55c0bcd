"""Commands: simple and compound ones, redirections, here-documents, functions."""

from random import Random

from tests.shell.grammar.builtins import builtin
from tests.shell.grammar.words import IFSES, TEXTS, arithmetic, pattern, pick, quoted, several, word, words


def command(r: Random, depth: int = 2) -> str:
    """A command, on one line or several."""
    if depth <= 0 or r.random() < 0.45:
        return simple(r)
    make = pick(
        r,
        conditional,
        loop,
        loop,
        choice,
        group,
        group,
        listed,
        listed,
        piped,
        function,
        substituted,
        redirected,
        redirected,
        document,
        failing,
    )
    return make(r, depth - 1)


def commands(r: Random, depth: int, most: int = 3) -> str:
    """Commands, one after the other."""
    return several(r, lambda: command(r, depth), 1, most, pick(r, "\n", "\n", "; ") if depth < 1 else "\n")


def simple(r: Random) -> str:
    """A simple command."""
    kind = r.random()
    if kind < 0.3:
        return f"show {words(r)}"
    if kind < 0.4:
        return f"{pick(r, *'abcnv')}={word(r)}"
    if kind < 0.47:
        return f"set -- {words(r)}"
    if kind < 0.53:
        return pick(r, *IFSES)
    if kind < 0.57:
        return f"{pick(r, *IFSES)}; show {words(r)}"
    if kind < 0.63:
        return pick(
            r,
            "true",
            "false",
            ":",
            "(exit 3)",
            "unset a",
            "unset b c",
            "shift",
            "echo $?",
            "set -f",
            "set +f",
            "echo $LINENO",
            'show "$_"',
            "echo $-",
        )
    if kind < 0.68:
        return f'a={word(r, 2)} b={word(r, 1)} show {words(r, 1)} "$a"'
    if kind < 0.72:
        return f"echo $(({arithmetic(r, 3)}))"
    return builtin(r)


def condition(r: Random) -> str:
    """What is tested."""
    return pick(
        r,
        "true",
        "false",
        '[ "$a" = x ]',
        "[ $# -gt 1 ]",
        "! false",
        "! true",
        "(exit 2)",
        "false || true",
        "x=1",
        "x=$(false)",
        "f",
        "read v",
        simple(r),
    )


def conditional(r: Random, depth: int) -> str:
    """`if`."""
    other = pick(r, "", f"elif {condition(r)}\nthen {command(r, depth)}\n") + pick(r, "", f"else {command(r, depth)}\n")
    return f"if {condition(r)}\nthen {command(r, depth)}\n{other}fi"


def loop(r: Random, depth: int) -> str:
    """`for`, `while`, `until`: each ends after a few turns."""
    body = several(r, lambda: command(r, depth), 1, 2, "\n")
    leave = pick(
        r,
        "",
        "",
        "break",
        "continue",
        "break 2",
        "continue 2",
        "return 3",
        "break 9",
        "continue 0",
        "break x",
        "$n",
        "break; echo no",
        "exit 4",
        "true && break",
        "false || continue",
    )
    kind = r.random()
    if kind < 0.5:
        listed = pick(r, f"in {words(r, 2)}", "", "in 1 2", 'in "$@"', "in $a", "in")
        return f"for each {listed}\ndo {body}\n{leave}\ndone"
    if kind < 0.8:
        return f"k=0; while [ $((k+=1)) -le {r.randint(0, 3)} ]\ndo {body}\n{leave}\ndone"
    return f"k=0; until [ $((k+=1)) -gt {r.randint(0, 3)} ] || {condition(r)}\ndo {body}\n{leave}\ndone"


def choice(r: Random, depth: int) -> str:
    """`case`."""
    arms = several(r, lambda: _arm(r, depth), 0, 3, "\n")
    last = pick(r, "", "*) echo other\n", "*) echo other;;\n", "'') echo empty;;\n")
    return f"case {word(r)} in\n{arms}\n{last}esac"


def _arm(r: Random, depth: int) -> str:
    patterns = several(r, lambda: pattern(r) or "a", 1, 2, "|")
    body = "echo yes" if r.random() < 0.5 else command(r, depth)
    return f"{pick(r, '', '(')}{patterns}) {body} {pick(r, ';;', ';;', '; ;;')}"


def group(r: Random, depth: int) -> str:
    """Commands in braces or parentheses."""
    body = commands(r, depth, 2)
    return pick(r, f"( {body}\n)", f"{{ {body}\n}}", f"( {body}\n) 2>&1", f"({body}\n)")


def listed(r: Random, depth: int) -> str:
    """`&&`, `||`, `!`."""
    first = pick(r, condition(r), command(r, depth))
    return (
        f"{pick(r, '', '', '! ')}{first} {pick(r, '&&', '||')} {command(r, depth)}"
        if "\n" not in first
        else f"{first}\n{command(r, depth)}"
    )


def piped(r: Random, depth: int) -> str:
    """A pipeline, all of whose output comes from its end."""
    first = command(r, depth)
    first = f"{{ {first}\n}}" if "\n" in first or ";" in first else first
    reader = pick(
        r,
        "cat",
        'while read -r l; do show "$l"; done',
        "tr a-c A-C",
        "{ cat; exit 3; }",
        "sed s/^/=/",
        "cat | cat",
        '(read a b; show "$a" "$b")',
    )
    return f"{pick(r, '', '! ')}{first} 2>&1 | {reader}\necho $?"


def function(r: Random, depth: int) -> str:
    """A function and calls of it."""
    body = commands(r, depth, 2)
    end = pick(r, "", "return 5", "return", "return x", "exit 6", "return 300", "return -1")
    head = pick(r, "f() {", "f() {", "f()\n{", "function f {", "function f() {", "f() (")
    tail = ")" if head.endswith("(") else "}"
    extra = pick(r, "", "local a=1 b\n", "local a\nlocal IFS=:\n", "local -\nset -f\n", "local n=$n\n")
    after = pick(r, "", " 2>&1", " >&2", " </dev/null")
    call = pick(r, "f", "f 1 2", f"f {words(r, 1)}", 'v=$(f); show "$v"', "f || echo or", "x=1 f")
    return f"{head} {extra}{body}\n{end}\n{tail}{after}\n{call}\necho $?"


def substituted(r: Random, depth: int) -> str:
    """A command in a substitution."""
    body = command(r, depth)
    return pick(
        r, f'v=$({body}\n)\nshow "$v" $?', f"show $({body}\n)", f'show "$({body}\n)" $?', f"x=1$({body}\n)2 y=$? true; echo $?"
    )


def redirection(r: Random) -> str:
    """A redirection."""
    return pick(
        r,
        *(
            ">o",
            ">>o",
            "2>&1",
            ">&2",
            "2>o",
            ">o 2>&1",
            "2>&1 >o",
            "<o",
            "<i",
            "<none",
            "3>o",
            ">&3",
            "3>&1",
            "3>&-",
            ">&-",
            "2>&-",
            "<&-",
            "3<&0",
            "<>o",
            "1<>o",
        ),
        *(
            "&>o",
            ">|o",
            "9>&1",
            ">&9",
            "2>/dev/null",
            "<<<x",
            ">$u",
            '>"$a"',
            ">&$n",
            ">& x",
            "<&x",
            ">dir",
            "</dev/null",
            "3<<E\nhere $a\nE\n",
            "0>&1",
            "10>o",
            "2>&1 3>&2",
            ">o >p",
        ),
    )


def redirected(r: Random, depth: int) -> str:
    """A command with redirections, of the shell itself perhaps."""
    kind = r.random()
    body = command(r, depth) if kind > 0.5 else simple(r)
    if kind < 0.2:
        return f"exec {several(r, lambda: redirection(r), 1, 2, ' ')}\n{body}"
    body = f"{{ {body}\n}}" if "\n" in body or ";" in body or kind > 0.7 else body
    look = pick(r, "", "", "\ncat o", "\necho o2 >&2", "\nexec 3>&-", "\ncat o p <&3")
    return f"{body} {several(r, lambda: redirection(r), 1, 2, ' ')}{look}"


def document(r: Random, depth: int) -> str:
    """A here-document."""
    quote = pick(r, "E", "E", "E", "'E'", r"\E", '"E"', "-E", "-'E'", 'E""')
    body = several(r, lambda: line(r, depth), 0, 3)
    reader = pick(
        r,
        "cat",
        "cat",
        'while read a b; do show "$a" "$b"; done',
        'read -r l m; show "$l" "$m"',
        'read l; show "$l"',
        "{ read x; cat; }",
        "cat | tr a-c A-C",
        "f() { cat; }; f",
        "cat - o",
    )
    if quote.startswith("-"):
        body = "".join(f"\t{each}" for each in body.splitlines(keepends=True))
        end = pick(r, "\tE", "E", "\t\tE")
    else:
        end = "E"
    # the operator comes after the command that reads: a list takes it in its last command
    text = f"{reader} <<{quote}\n{body}{end}\n" if "|" not in reader else f"cat <<{quote} | tr a-c A-C\n{body}{end}\n"
    return pick(r, text, text, f'v=$({text})\nshow "$v"', f"if true; then {text}fi", f"( {text})", f"cat <<O\n$({text})\nO\n")


def line(r: Random, depth: int) -> str:
    """A line of a here-document."""
    parts = several(r, lambda: quoted(r, 2) if r.random() < 0.6 else pick(r, *TEXTS, "E", '"', "'", "\t"), 0, 3)
    return parts + "\n"


def failing(r: Random, depth: int) -> str:
    """Options that make commands fail, and traps that tell of it."""
    body = commands(r, depth, 2)
    option = pick(r, "-e", "-u", "-x", "-eu", "-ex", "-o pipefail", "-e -o pipefail", "-v", "-n", "-C", "-f", "-a", "-fC")
    after = pick(r, "", "", "\nset +exu", "\nfalse", "\nfalse | true", "\necho $?")
    trap = pick(
        r,
        "",
        "",
        "trap 'echo end $?' EXIT\n",
        "trap 'echo end; false' EXIT\n",
        "trap 'echo usr $?' USR1\n(kill -USR1 $$)\n",
        "trap 'exit 7' EXIT\n",
        "PS4='+$n>'\n",
        "PS4='[$LINENO] '\n",
    )
    text = f"{trap}set {option}\n{body}{after}"
    return pick(
        r,
        text,
        f"( {text}\n)\necho $?",
        f"if ( {text}\n); then echo t; fi",
        f'v=$({text}\n)\nshow "$v" $?',
        f"{{ {text}\n}} || echo or",
        f"g() {{ {text}\n}}\ng; echo $?",
        f"! ( {text}\n)",
    )
