"""What the exercises of chapter 3 are graded by: students and the grader run this very file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from podlab.grading import Rubric, Run

Obj = dict[str, Any]

log = Rubric("log")
JOBS = "/var/log/jobs.log"


WAITED, LONG_JOBS = 20, 90


def _expect_the_jobs(run: Run, lines: list[str], waited: int) -> None:
    """The log of an application that is as it was given: a job a second, of which every fourth fails."""
    done = [f"job {n} {'ok' if n % 4 else 'failed'}" for n in range(waited + 1, len(lines) + 1)]
    given = [f"job {n} had waited" for n in range(1, waited + 1)] + done
    saw = "\n".join([*lines[-5:], f"({len(lines)} lines)"])
    run.expect("the application's jobs as they were given, one a second", lines == given and 5 < len(done) < LONG_JOBS, saw=saw)


@log.check("the pod becomes ready, with a container `logs`", points=1, hint="`%kubectl describe pod jobs` tells what keeps it.")
def _log_ready(run: Run) -> None:
    run.container(run.wait_ready(run.pod("jobs")), "logs")


@log.check("its log is the application's file, from the first line", points=1, hint="`tail -n +1 -F /logs/jobs.log`.")
def _log_prints(run: Run) -> None:
    pod = run.wait_ready(run.pod("jobs"))
    run.advance(12)
    there = run.exec(pod, f"echo job {run.word()} of the check >> {JOBS}; cat {JOBS}", container="app").stdout.splitlines()
    run.expect(f"the application's ten lines and more in {JOBS}", len(there) > 10, saw=f"{len(there)} lines")
    _expect_the_jobs(run, there[:-1], WAITED)
    run.advance(3)
    seen = [line for line in run.log(pod, "logs").splitlines() if line.startswith("job ")]
    missing = next((line for line in there if line not in seen), "")
    run.expect(f"the line {missing!r} in the log of logs", not missing, saw=run.tail(pod, "logs"))
    run.expect("each line once, in the file's order", seen[: len(there)] == there, saw="\n".join([*seen[:12], "..."]))


@log.check("it goes on when the file is moved away", points=1, hint="`tail -F` looks for the file's name again, `-f` does not.")
def _log_rotates(run: Run) -> None:
    pod = run.wait_ready(run.pod("jobs"))
    line = f"a line of the check, {run.word()}"
    run.exec(pod, f"mv {JOBS} {JOBS}.1; sleep 3; echo {line} >> {JOBS}", container="app")
    run.advance(5)
    run.expect("the new file's lines", line in run.log(pod, "logs"), saw=run.tail(pod, "logs"))


@log.check("it cannot change the file", points=1, hint="`readOnly: true` at its volume mount.")
def _log_read_only(run: Run) -> None:
    pod = run.wait_ready(run.pod("jobs"))
    run.expect("a volume that both mount", run.shared_mounts(pod, "logs"), saw="none")
    run.expect("a read-only mount", not run.mounts_writable(pod, "logs"), saw="logs could write there")


health = Rubric("health")
HEALTHZ = "/cgi-bin/healthz"


@health.check("the pod becomes ready", points=1, hint="`%kubectl describe pod beat` tells what keeps it.")
def _health_ready(run: Run) -> None:
    pod = run.wait_ready(run.pod("beat"))
    run.container(pod, "app")


def _ask_health(run: Run, wanted: int, when: str = "") -> None:
    run.expect_status(wanted, run.pod("beat"), HEALTHZ, 8080, when)
    _beside(run, run.pod("beat"), 8080)


def _beside(run: Run, pod: Obj, port: int) -> None:
    who = run.listening(pod, port)
    expected = f"a container beside app on port {port} of {pod['metadata']['name']}"
    run.expect(expected, who and "app" not in who, saw=f"{', '.join(who) or 'nobody'} listens there")


@health.check(
    "while the application is well, the adapter answers 200", points=1, hint="`echo 'Status: 200 OK'; echo; echo fine`."
)
def _health_well(run: Run) -> None:
    run.container(run.wait_ready(run.pod("beat")), "app")
    run.advance(5)
    _ask_health(run, 200)


HANG = "touch /work/stop"
BLOCK = "touch /work/stop; sleep 2; rm -f /work/beat; mkdir /work/beat; rm /work/stop"
"""The application runs on, and can write its file no more: nothing but the file's age tells."""


@health.check("when it hangs, the adapter answers 503", points=1, hint="compare `date -r /work/beat +%s` with `date +%s`.")
def _health_hangs(run: Run) -> None:
    pod = run.wait_ready(run.pod("beat"))
    run.container(pod, "app")
    for make, mend in ((HANG, "rm /work/stop"), (BLOCK, "rmdir /work/beat")):
        _ask_health(run, 200, " while the application is well")
        run.exec(pod, make, container="app")
        try:
            run.advance(10)
            _ask_health(run, 503, f" ten seconds after `{make}`")
        finally:
            run.exec(pod, mend, container="app")
        run.advance(10)


@contextmanager
def _hanging(run: Run) -> Iterator[Obj]:
    """The application hangs until the pod is not ready, and then a good while longer; afterwards it goes on."""
    pod = run.wait_ready(run.pod("beat"))
    run.exec(pod, HANG, container="app")
    try:
        run.wait(pod, "condition=Ready=False", "a pod that is not ready while its application hangs", 45)
        run.advance(60)
        still = [c["status"] for c in run.pod("beat")["status"]["conditions"] if c["type"] == "Ready"]
        run.expect("a pod that stays so", still == ["False"], saw=run.state("beat"))
        yield pod
    finally:
        run.exec(pod, "rm -f /work/stop", container="app")
        run.advance(3)


@health.check("and the pod is not ready then", points=1, hint="a `readinessProbe` with `httpGet` that asks the adapter.")
def _health_probe(run: Run) -> None:
    with _hanging(run):
        state = run.state("beat")
        run.expect("containers that were not restarted", "restart" not in state, saw=state)


@health.check("when it goes on, the pod is ready again", points=1, hint="the file's age is looked at for each request.")
def _health_again(run: Run) -> None:
    with _hanging(run) as pod:
        pass
    run.wait_ready(pod, 45)


metrics = Rubric("metrics")


def _numbers(run: Run) -> dict[str, float]:
    answer = run.expect_status(200, run.wait_ready(run.pod("counted")), "/cgi-bin/metrics", 9090)
    lines = re.finditer(r'^jobs_total\{outcome="(ok|failed)"\} (\d+(?:\.\d+)?)\s*$', answer.text, re.M)
    told = {line[1]: float(line[2]) for line in lines}
    run.expect("a number for ok and one for failed", len(told) == 2, saw=answer.text or "an empty answer")
    return told


def _counted(run: Run) -> dict[str, int]:
    text = run.exec(run.pod("counted"), "cat /var/log/jobs.log", container="app").stdout
    return {outcome: len(re.findall(rf"job \d+ {outcome}$", text, re.M)) for outcome in ("ok", "failed")}


def _true(run: Run) -> None:
    before, told, after = _counted(run), _numbers(run), _counted(run)
    holds = all(before[k] <= told.get(k, -1) <= after[k] for k in before)
    expected, saw = (f"ok {counts['ok']:g} and failed {counts['failed']:g}" for counts in (before, told))
    run.expect(f"{expected}, as in the log", holds, saw=saw)


@metrics.check(
    "port 9090 answers /cgi-bin/metrics with two numbers", points=1, hint='the line is `jobs_total{outcome="ok"} NUMBER`.'
)
def _metrics_there(run: Run) -> None:
    run.wait_ready(run.pod("counted"))
    run.advance(5)
    _numbers(run)


@metrics.check("the numbers are those of the log", points=1, hint="`grep -c ' ok$' FILE` counts lines.")
def _metrics_true(run: Run) -> None:
    pod = run.wait_ready(run.pod("counted"))
    run.advance(9)
    _true(run)
    _expect_the_jobs(run, run.exec(pod, ["cat", JOBS], container="app").stdout.splitlines(), 0)


@metrics.check("and still are when more was done", points=1, hint="count when you are asked, not when you start.")
def _metrics_later(run: Run) -> None:
    pod = run.wait_ready(run.pod("counted"))
    run.exec(pod, "for i in 1 2 3 4 5; do echo job 9 failed >> /var/log/jobs.log; done", container="app")
    run.advance(12)
    _true(run)


@metrics.check("a container beside the application tells them", points=1, hint="the application's container stays as it is.")
def _metrics_beside(run: Run) -> None:
    _beside(run, run.wait_ready(run.pod("counted")), 9090)


same = Rubric("same")


ILL = {
    "alpha": "rm -f /state/alpha; ln -s /proc/uptime /state/alpha",  # its loop can write no UP there any more
    "beta": "echo running=0 > /s/status",
}


def _ask_same(run: Run, name: str, wanted: int) -> None:
    run.wait(run.pod(name), "{.status.phase}=Running", "a running pod")
    run.container(run.pod(name), "app")
    run.expect_status(wanted, run.pod(name), HEALTHZ, 8080, f" from {name}")


def _fall_ill(run: Run, name: str) -> None:
    _ask_same(run, name, 200)
    run.exec(run.pod(name), ILL[name], container="app")
    run.advance(3)
    _ask_same(run, name, 503)


@same.check("alpha answers 200 while it is well", points=1, hint="`grep -q UP /state/alpha` tells by its exit code.")
def _same_alpha(run: Run) -> None:
    pod = run.wait_ready(run.pod("alpha"))
    run.advance(3)
    _ask_same(run, "alpha", 200)
    run.exec(pod, "echo not yet > /state/alpha", container="app")
    run.advance(3)
    state = run.exec(pod, "cat /state/alpha", container="app").stdout.strip()
    run.expect("the application as it was given, which writes UP each second", state == "UP", saw=state)


@same.check(
    "beta answers 200 while it is well", points=1, hint="`wget -q -O - http://localhost:7000/status | grep -q running=1`."
)
def _same_beta(run: Run) -> None:
    run.wait_ready(run.pod("beta"))
    run.advance(3)
    _ask_same(run, "beta", 200)


@same.check("alpha answers 503 when it is not", points=1, hint="`echo 'Status: 503 Service Unavailable'`, in the other case.")
def _same_alpha_ill(run: Run) -> None:
    _fall_ill(run, "alpha")


@same.check("beta answers 503 when it is not", points=1, hint="`echo 'Status: 503 Service Unavailable'`, in the other case.")
def _same_beta_ill(run: Run) -> None:
    _fall_ill(run, "beta")


@same.check(
    "in each pod a container of its own answers", points=2, hint="the adapter is a container beside `app`, which stays as it is."
)
def _same_apart(run: Run) -> None:
    for name in ("alpha", "beta"):
        _beside(run, run.wait(run.pod(name), "{.status.phase}=Running", "a running pod"), 8080)
