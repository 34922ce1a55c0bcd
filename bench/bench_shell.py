"""How fast the simulated shell and its programs are, beside the real busybox where there is one.

    python bench/bench_shell.py [--busybox /bin/busybox] [--seconds 0.5]

Each script runs in a container of the mock and in the real busybox, with a count that makes it take about so many seconds; the
time of a script that does nothing is taken off. A ratio of 20 means: the real one is 20 times as fast.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

SCRIPTS = {
    "turns of an empty loop": ("turns", "i=0; while [ $i -lt {n} ]; do i=$((i+1)); done", 1),
    "turns with expansions": (
        "turns",
        'i=0; w="some words"; while [ $i -lt {n} ]; do i=$((i+1)); set -- $w ${{w%% *}} "${{#w}}"; case $1 in s*) :;; esac; done',
        1,
    ),
    "functions called": ("calls", "f() {{ local x=$1; return 0; }}; i=0; while [ $i -lt {n} ]; do i=$((i+1)); f $i; done", 1),
    "commands run": ("commands", "i=0; while [ $i -lt {n} ]; do i=$((i+1)); true_; done", 1),
    "substitutions made": ("substitutions", "i=0; while [ $i -lt {n} ]; do i=$((i+1)); x=$(echo $i); done", 1),
    "pipelines run": ("pipelines", "i=0; while [ $i -lt {n} ]; do i=$((i+1)); echo $i | cat >/dev/null; done", 1),
    "bytes through a pipeline": ("MB", 'b=$(({n} * 65536)); [ "$(head -c $b /dev/zero | cat | wc -c)" -eq $b ]', 65536e-6),
    "lines through awk": ("lines", "seq {n} | awk '{{ s += $1; n[$1 % 10]++ }} END {{ exit n[3] == 0 }}'", 1),
    "lines through sed": ("lines", "seq {n} | sed -e 's/1/one/g' -e '/5$/d' | tail -n 1 | grep -q .", 1),
    "lines through grep": ("lines", "seq {n} | grep -c '[0-4]$' >/dev/null", 1),
    "lines through sort": ("lines", "seq {n} | sort -rn | uniq | head -n 1 | grep -q {n}", 1),
}
"""What is measured: its unit, the script for a count ``n``, and how many units one of ``n`` is."""

CONTAINERS, MINUTES = 4, 10
TICK = "while true; do echo a line; sleep 1; done"


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the simulated shell beside the real busybox.")
    parser.add_argument("--busybox", default=shutil.which("busybox"), help="the real one (default: on PATH)")
    parser.add_argument("--seconds", type=float, default=0.5, help="how long each script is to run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        real = real_runner(options.busybox, folder) if options.busybox else None
        print(f"{'':28} {'the mock':>18} {'busybox':>22} {'ratio':>7}")
        for name, (unit, script, scale) in SCRIPTS.items():
            mine = rate(run_in_mock, script, options.seconds) * scale
            theirs = rate(real, script, options.seconds) * scale if real else 0.0
            beside = f"{theirs:12.0f} {unit}/s {theirs / mine:7.2g}" if real else ""
            print(f"{name:28} {mine:10.0f} {unit}/s {beside:>30}", flush=True)
    print(f"{CONTAINERS} containers that log each second, {MINUTES} minutes: {idle_minutes():.2f} s")


def rate(run: Callable[[str], float], script: str, seconds: float) -> float:
    """How many of ``n`` a second, from a run that takes about so long."""
    run(script.format(n=20))  # what is imported at first use is no part of it
    nothing, count = run(":"), 20
    while True:
        took = run(script.format(n=count)) - nothing
        if took >= seconds / 2:
            return count / took
        assert count < 1e9, f"this does nothing: {script}"
        count = int(count * min(20, max(2, seconds / max(took, 1e-3))))


def run_in_mock(script: str) -> float:
    """Seconds of wall time for a script in a container of the mock."""
    from podlab.mock.kernel import Kernel
    from podlab.mock.machine.container import ContainerConfig, Sink
    from podlab.mock.machine.node import Machine
    from podlab.mock.programs.busybox import busybox
    from podlab.mock.programs.busybox_image import root_directory

    kernel = Kernel()
    machine = Machine(kernel, {"busybox": busybox})
    said = bytearray()
    environment = {"PATH": "/bin", "HOME": "/root"}
    config = ContainerConfig("bench", root_directory(kernel), ["sh", "-c", script.replace("true_", "/bin/true")], environment)
    container = machine.create(config)
    started = time.perf_counter()
    container.start(None, Sink(said.extend), Sink(said.extend))
    kernel.run_until(condition=lambda: container.exit_code is not None)
    took = time.perf_counter() - started
    assert container.exit_code == 0, said.decode()
    return took


def real_runner(busybox: str, folder: str) -> Callable[[str], float]:
    """Runs scripts in the real busybox, with its applets in a folder of their own."""
    subprocess.run([busybox, "--install", "-s", folder], check=True)

    def run(script: str) -> float:
        started = time.perf_counter()
        words = [busybox, "sh", "-c", script.replace("true_", os.path.join(folder, "true"))]
        subprocess.run(words, check=True, env={"PATH": folder}, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    return run


def idle_minutes() -> float:
    """Seconds of wall time for some minutes of containers that do next to nothing."""
    from podlab.mock.kernel import SECOND, Kernel
    from podlab.mock.machine.container import ContainerConfig, Sink
    from podlab.mock.machine.node import Machine
    from podlab.mock.programs.busybox import busybox
    from podlab.mock.programs.busybox_image import root_directory

    kernel = Kernel()
    machine = Machine(kernel, {"busybox": busybox})
    for number in range(CONTAINERS):
        config = ContainerConfig(f"tick-{number}", root_directory(kernel), ["sh", "-c", TICK], {"PATH": "/bin"})
        machine.create(config).start(None, Sink(len), Sink(len))
    started = time.perf_counter()
    kernel.run_until(MINUTES * 60 * SECOND)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
