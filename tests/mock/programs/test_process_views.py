"""Programs that look at other processes: pstree, pwdx, fuser, lsof, killall5, top."""

import re

from podlab.mock.kernel import Kernel
from podlab.mock.machine.container import ContainerConfig, Sink
from podlab.mock.machine.node import Machine
from podlab.mock.machine.process import Process
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import root_directory
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
    assert float(busiest[7]) > 20
    assert busiest[8:] == ["sh", "./script.sh"]


def test_fuser_with_m_finds_who_uses_any_file_of_the_file_system() -> None:
    script = "echo x >/tmp/f; echo y >/tmp/g; sleep 100 </tmp/g & sleep 0.1; fuser /tmp/f; echo $?; "
    assert output(script + 'case " $(fuser -m /tmp/f) " in *" $! "*) echo found;; esac') == "1\nfound\n"


def test_sizes_of_mappings_add_up_to_what_status_says() -> None:
    script = "x=$(head -c 300000 /dev/zero | tr '\\0' a); cat /proc/$$/smaps /proc/$$/status"
    sums = {"Size": 0, "Rss": 0, "VmSize": 0, "VmRSS": 0}
    for line in output(script).splitlines():
        name, _, rest = line.partition(":")
        if name in sums:
            sums[name] += int(rest.split()[0])
    assert sums["Size"] == sums["VmSize"] > 4000
    assert sums["Rss"] == sums["VmRSS"] > 1000


def test_free_and_top_say_what_meminfo_says() -> None:
    text = output("cat /proc/meminfo; free; top -bn1")
    total = re.search(r"MemTotal: +(\d+)", text)
    free = re.search(r"MemFree: +(\d+)", text)
    assert total
    assert free
    assert re.search(rf"Mem: +{total[1]} +\d+ +\d+", text)
    assert f"Mem: {int(total[1]) - int(free[1])}K used, {free[1]}K free" in text


def test_pmap_adds_up_what_a_process_has_mapped() -> None:
    shown = output("sleep 9 & pmap $!; pmap -q $! | wc -l; pmap 999; echo $?")
    sizes = [int(line.split()[1].rstrip("K")) for line in shown.splitlines() if line[:1] == "0"]
    assert f"mapped: {sum(sizes)}K" in shown
    assert shown.endswith("999: [?]\n42\n")


def test_ps_and_top_show_the_threads_of_a_program_that_has_some() -> None:
    async def threaded(proc: Process) -> int:
        proc.name_threads("worker_0", "a name too long to be shown")
        return await busybox(proc)

    kernel = Kernel()
    machine = Machine(kernel, {"busybox": threaded})
    root = root_directory(kernel)
    script = "ps -T; top -H -b -n 1; cat /proc/3/status /proc/$$/task/3/stat; ls /proc/1/task; ls /proc | grep '^3$'"
    container = machine.create(ContainerConfig("test", root, ["sh", "-c", script], {"PATH": "/bin"}))
    shown = bytearray()
    container.start(None, Sink(shown.extend), Sink(shown.extend))
    kernel.run_until(condition=lambda: container.exit_code is not None)
    text = shown.decode()
    assert "    1 root     sh -c " in text
    assert "    2 root     {worker_0} sh -c " in text
    assert "    3 root     {a name too long} sh -c " in text
    assert re.search(r"^ +2 +0 root +S .*\{worker_0\} sh -c", text, re.MULTILINE)
    assert "Name:\ta name too long\n" in text
    assert "Tgid:\t1\n" in text
    assert "Threads:\t3\n" in text
    assert "\n3 (a name too long) S " in text
    assert text.endswith("\n1\n2\n3\n")
