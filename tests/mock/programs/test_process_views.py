"""Programs that look at other processes: pstree, pwdx, fuser, lsof, killall5, top."""

from tests.shell.playing import play_in_mock


def output(script: str) -> str:
    played = play_in_mock(script.encode())
    assert played.stderr == ""
    return played.stdout


def test_pstree_draws_children_and_counts_those_alike() -> None:
    assert output("sleep 9 & sleep 9 & (sleep 9; :) & sleep 0.1; pstree $$") == ("sh-+-pstree\n   |-sh---sleep\n   `-2*[sleep]\n")
    assert output("sleep 9 & sleep 0.1; pstree -p $!").startswith("sleep(")


def test_pwdx_names_the_directory() -> None:
    assert output("cd /tmp; pwdx $$ | sed 's/[0-9]*//'") == ": /tmp\n"


def test_fuser_finds_who_has_a_file_open_and_ends_them() -> None:
    script = "echo x >/tmp/f; (exec 5</tmp/f; exec sleep 100) & p=$!; sleep 0.1; [ $(fuser /tmp/f) = $p ] && echo found; "
    assert output(script + "fuser -k -s /tmp/f; wait $p 2>/dev/null; echo $?; fuser /tmp/f; echo $?") == "found\n137\n1\n"


def test_lsof_lists_descriptors() -> None:
    assert "\t7\t/tmp/f\n" in output("exec 7>/tmp/f; lsof")


def test_killall5_spares_its_own_session() -> None:
    script = "sleep 100 & own=$!; setsid sleep 100 & sleep 0.2; killall5 -9; echo $?; sleep 0.1; "
    assert output(script + "kill -0 $own && echo spared; ps | grep -c '[s]leep'") == "0\nspared\n1\n"


def test_top_shows_who_computes_first() -> None:
    second = output("while :; do :; done & sleep 1; top -b -n 2 -d 1; kill $!").split("Mem: ")[2]
    summary, load, heading, *rows = second.splitlines()[1:]
    assert summary.startswith("CPU: ")
    assert load.startswith("Load average: ")
    assert heading.split()[:3] == ["PID", "PPID", "USER"]
    busiest = rows[0].split()
    assert int(busiest[6].rstrip("%")) > 0
    assert busiest[7:] == ["sh", "./script.sh"]


def test_fuser_with_m_finds_who_uses_any_file_of_the_file_system() -> None:
    script = "echo x >/tmp/f; echo y >/tmp/g; sleep 100 </tmp/g & sleep 0.1; fuser /tmp/f; echo $?; "
    assert output(script + 'case " $(fuser -m /tmp/f) " in *" $! "*) echo found;; esac') == "1\nfound\n"
