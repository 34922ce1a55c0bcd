"""Which of the machine's processors a process may use, where the real output depends on the host's."""

from tests.shell.playing import play_in_mock


def output(script: str) -> str:
    played = play_in_mock(script.encode())
    assert played.stderr == ""
    return played.stdout


def test_taskset_bounds_what_nproc_counts_but_not_all_there_are() -> None:
    assert output("nproc; taskset 6 nproc; taskset 6 nproc --all; taskset -c 0-3:2 nproc") == "4\n2\n4\n2\n"


def test_taskset_shows_masks_and_lists() -> None:
    assert output("taskset d sh -c 'taskset -p $$; taskset -cp $$'").splitlines() == [
        "pid 3's current affinity mask: d",
        "pid 3's current affinity list: 0,2-3",
    ]


def test_a_process_runs_on_a_processor_that_it_may_use() -> None:
    assert (
        output("taskset -c 2 cut -d' ' -f39 /proc/self/stat; taskset -p 8 $$ >/dev/null; cut -d' ' -f39 /proc/$$/stat")
        == "2\n3\n"
    )
