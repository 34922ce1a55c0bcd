"""The interactive shell, key by key: what busybox sends to the terminal for each."""

import pytest

from tests.mock.shell.container import Typist


@pytest.fixture
def typist() -> Typist:
    """Somebody at a fresh shell."""
    return Typist()


def test_prompt_shows_directory_and_root(typist: Typist) -> None:
    assert typist.screen == b"/ # "
    assert typist.type("cd /tmp\r").endswith("/tmp # ")
    assert typist.type("cd\r").endswith("~ # ")


def test_command_is_echoed_and_run(typist: Typist) -> None:
    assert typist.type("echo hi\r") == "echo hi\r\nhi\r\n/ # "


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (["abc", "\x7f"], "\b\x1b[J"),
        (["abc", "\x1b[D"], "\b"),
        (["ab", "\x1b[D", "X"], "Xb\b"),
        (["abc", "\x01"], "\b\b\b"),
        (["abcdef", "\x01"], "\x1b[6D"),
        (["abc", "\x01", "\x05"], "abc"),
        (["abc", "\x15"], "\r/ # \x1b[J"),
        (["one two", "\x17"], "\b\x1b[J" * 3),
        (["abc", "\x02", "\x0b"], "\x1b[J"),
        (["abc", "\x02", "\x04"], "\x1b[J"),
        (["abc", "\x0c"], "\x1b[H\x1b[J\r/ # abc\x1b[J"),
        (["abc", "\x03"], "^C\r\n\r\n/ # "),
        (["\x1b[A"], "\a\a"),
        (["ec", "\t"], "\r/ # echo \x1b[J"),
        (["cd /t", "\t"], "\r/ # cd /tmp/\x1b[J"),
    ],
)
def test_editing_keys(typist: Typist, keys: list[str], shown: str) -> None:
    for key in keys[:-1]:
        typist.type(key)
    assert typist.type(keys[-1]) == shown


def test_what_is_typed_ahead_is_for_the_program_that_reads_next(typist: Typist) -> None:
    assert "abc\r\n" in typist.type("head -n 1\rabc\r").partition("head -n 1\r\n")[2]
    assert typist.type("echo $?\r").endswith("0\r\n/ # ")


def test_history_comes_back(typist: Typist) -> None:
    typist.type("echo one\r")
    typist.type("echo two\r")
    assert typist.type("\x1b[A") == "\r/ # echo two\x1b[J"
    assert typist.type("\x1b[A") == "\r/ # echo one\x1b[J"
    assert typist.type("\x1b[B") == "\r/ # echo two\x1b[J"
    assert typist.type("\r").startswith("\r\ntwo\r\n")
    assert typist.type("history\r").splitlines()[1:3] == ["   0 echo one", "   1 echo two"]


def test_history_is_kept_in_the_home_directory(typist: Typist) -> None:
    typist.type("echo kept\r")
    assert "echo kept\r\ncat ~/.ash_history\r\n" in typist.type("cat ~/.ash_history\r")


def test_search_goes_back_in_the_history(typist: Typist) -> None:
    typist.type("echo needle\r")
    typist.type("true\r")
    typist.type("\x12")
    assert typist.type("need").endswith("(reverse-i-search)'need': echo needle\x1b[J\x1b[6D")
    assert "\r\nneedle\r\n" in typist.type("\r")


def test_commands_go_on_over_lines(typist: Typist) -> None:
    assert typist.type("for i in 1 2\r").endswith("> ")
    assert typist.type("do echo $i\r").endswith("> ")
    assert typist.type("done\r").endswith("\r\n1\r\n2\r\n/ # ")


def test_errors_do_not_end_it(typist: Typist) -> None:
    assert typist.type("if fi\r").endswith('\r\nsh: syntax error: unexpected "fi"\r\n/ # ')
    assert typist.type("echo ${x?gone}\r").endswith("\r\nsh: x: gone\r\n/ # ")
    assert typist.type("cd /nosuch\r").endswith("sh: cd: can't cd to /nosuch: No such file or directory\r\n/ # ")
    assert typist.type("echo $?\r").endswith("\r\n2\r\n/ # ")


def test_interrupt_ends_the_command_in_the_foreground(typist: Typist) -> None:
    typist.type("sleep 100\r")
    assert typist.type("\x03") == "^C\r\n/ # "
    assert typist.type("echo $?\r").endswith("\r\n130\r\n/ # ")
    typist.type("while :; do :; done\r")
    assert typist.type("\x03").endswith("^C\r\n/ # ")


def test_jobs_are_stopped_and_started(typist: Typist) -> None:
    typist.type("sleep 100\r")
    assert typist.type("\x1a") == "^Z[1]+  Stopped                    sleep 100\r\n/ # "
    assert typist.type("bg\r").endswith("\r\n[1] sleep 100\r\n/ # ")
    assert typist.type("jobs\r").endswith("\r\n[1]+  Running                    sleep 100\r\n/ # ")
    assert typist.type("kill %1\r").endswith("[1]+  Terminated                 sleep 100\r\n/ # ")


def test_finished_jobs_are_told_of_before_a_prompt(typist: Typist) -> None:
    typist.type("sleep 1 &\r")
    typist.box.run(2)
    assert typist.type("\r").endswith("[1]+  Done                       sleep 1\r\n/ # ")


def test_exit_warns_of_stopped_jobs_once(typist: Typist) -> None:
    typist.type("sleep 100\r")
    typist.type("\x1a")
    assert "You have stopped jobs.\r\n" in typist.type("exit\r")
    typist.type("exit 3\r")
    assert typist.ended
    assert typist.process.exit_code == 3


def test_end_of_file_ends_it(typist: Typist) -> None:
    assert typist.type("\x04") == "\r\n"
    assert typist.ended


def test_background_readers_are_stopped(typist: Typist) -> None:
    typist.type("cat &\r")
    assert typist.type("\r") == "\r\n[1]+  Stopped (tty input)        cat\r\n/ # "


def test_read_is_quiet_when_asked(typist: Typist) -> None:
    typist.type('read -s x; echo "<$x>"\r')
    assert typist.type("secret\r") == "<secret>\r\n/ # "
    typist.type('read -n 2 y; echo "<$y>"\r')
    assert typist.type("ab") == "ab<ab>\r\n/ # "


def test_trap_runs_at_the_prompt(typist: Typist) -> None:
    typist.type("trap 'echo trapped' INT\r")
    assert typist.type("\x03") == "^C\r\ntrapped\r\n/ # "


def test_prompts_are_expanded(typist: Typist) -> None:
    assert typist.type("PS1='$((1+1)):\\u@\\h:\\W\\$ '\r").endswith("\r\n2:root@box:# ")


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        (r"\u@\h \H \w \W \$ ", "root@box box /usr/bin bin # "),
        (r"[\j\!\#\s\V\d\l\E\q]", "[j!#sVdlEq]"),
        (r"\x41\101\e[1mB\e[0m> ", "AA\x1b[1mB\x1b[0m> "),
        (r"\[\[x\]\]y ", "[x]y "),
        (r"a\\b\v|", "a\b\v|"),
        ("x\\", "x"),
        (r"\t \T \@ \A|", "00:00 00:00 00:00 00:00|"),
        (r"a\nb> ", "a\r\nb> "),
        ("$(echo hi)`echo q` $? ", "hiq 0 "),
    ],
)
def test_escapes_in_prompts(typist: Typist, prompt: str, shown: str) -> None:
    typist.type("cd /usr/bin\r")
    assert typist.type(f"PS1='{prompt}'\r").endswith(f"'\r\n{shown}")


def test_prompt_shows_what_the_variables_say(typist: Typist) -> None:
    typist.type("PS1='\\w|'\r")
    assert typist.type("HOME=/usr\r").endswith("\r\n/|")
    assert typist.type("cd /usr/bin\r").endswith("\r\n~/bin|")
    assert typist.type("PWD=/zzz\r").endswith("\r\n/zzz|")


def test_only_the_last_line_of_a_prompt_is_shown_again(typist: Typist) -> None:
    typist.type("PS1='a\\nb> '\r")
    typist.type("xyz")
    assert typist.type("\x0c") == "\x1b[H\x1b[J\ra\r\nb> xyz\x1b[J"
    assert typist.type("\x15") == "\rb> \x1b[J"


def test_what_takes_no_room_in_a_prompt_is_not_counted() -> None:
    typist = Typist(columns=20)
    typist.type("PS1='\\[\\e[1m\\]B\\[\\e[0m\\]> '\r")
    assert typist.type("a" * 18) == "a" * 17 + "\r\r\n" + "a"


def test_idle_shell_logs_out(typist: Typist) -> None:
    typist.type("TMOUT=x\r", 100)
    typist.type("TMOUT=3; (exit 5)\r", 2)
    assert typist.type("a", 2) == "a"
    assert typist.type("\x7f", 4).endswith("\atimed out waiting for input: auto-logout\r\n")
    assert [process.exit_code for process in typist.ended] == [5]


def test_mail_is_told_of(typist: Typist) -> None:
    typist.type("MAIL=/tmp/m\r")
    assert "mail" not in typist.type("sleep 1; echo x >/tmp/m\r", 2).partition("\n")[2]
    assert typist.type("sleep 1; echo y >>/tmp/m\r", 2).endswith("\r\nyou have mail\r\n/ # ")
    assert typist.type("\r") == "\r\n/ # "
    typist.type("MAILPATH=/tmp/m:/tmp/n\r")
    assert typist.type("sleep 1; echo y >>/tmp/n\r", 2).endswith("you have mail\r\n/ # ")


def test_interrupt_leaves_the_cursor_where_it_is(typist: Typist) -> None:
    typist.type("abc\x02")
    assert typist.type("\x03") == "^C\r\n\r\n/ # "


def test_long_lines_wrap() -> None:
    typist = Typist(columns=20)
    assert typist.type("a" * 20) == "a" * 16 + "\r\r\n" + "a" * 4
    assert typist.type("\x01") == "\r\x1b[1A\x1b[4C"
