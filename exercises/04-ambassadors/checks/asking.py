"""How the checks of chapter 4 ask.

Applications are asked from where they are, in the container `app`; what came of it is read at the other end, where the checks'
own services are.
"""

from pathlib import Path
from typing import Any

from podlab.grading import Run

Obj = dict[str, Any]

HERE = Path(__file__).resolve().parent
DNS_SECONDS = 12
"""Longer than an Envoy trusts a name's address."""


def given(name: str) -> str:
    """What an exercise presupposes, which stands in a file of its name beside this one."""
    return (HERE / f"{name}.yaml").read_text(encoding="utf-8")


def shell(run: Run, pod: str, command: str, container: str = "") -> str:
    """What a command prints in one of the checks' own pods."""
    return run.lab.exec(pod, command, container or None).stdout


def beside(run: Run, pod: Obj, port: int) -> None:
    """Expects that it is not the application that listens at a port of its pod."""
    who = run.listening(pod, port)
    saw = seen(run, pod["metadata"]["name"], f"{', '.join(who) or 'nobody'} listens there")
    run.expect(f"a container beside app on port {port}", who and "app" not in who, saw)


def seen(run: Run, name: str, what: str) -> str:
    """What was seen; and where a container does not run, that, and what it wrote last: Envoy says why it ended."""
    pod = run.pod(name)
    said = []
    for status in pod["status"].get("containerStatuses") or []:
        if status["restartCount"] or "running" not in (status.get("state") or {}):
            log = run.log(pod, status["name"]) or run.log(pod, status["name"], previous=True)
            said += [line[:700] for line in log.strip().splitlines()[-1:]]
    return "; ".join([what, run.state(name), *said] if said else [what])
